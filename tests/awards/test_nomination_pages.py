"""The pages of a proposal and its dossiers: for the right people, what was typed kept, queries that do not grow."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from awards.actions import proposals, verifying
from awards.models import Award, Honour, Nomination, Proposal, Review
from core import clock
from organization.models import Unit, User
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER, begin, open_review, propose, qualify
from tests.trust.corpus import PDF
from tests.trust.routes import finish

Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(office: User) -> Review:
    return open_review(office)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    qualify(review, cast["clerk"], cast["office"])
    made = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]
    propose(made, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    return made


def at(name: str, *args: Any) -> str:
    return reverse(f"awards:{name}", args=args)


def text(page: Any) -> str:
    return page.content.decode()


def test_a_unit_goes_from_the_review_to_its_signed_proposal(
    review: Review, units: dict[str, Unit], cast: dict[str, User], client_of: Browser
) -> None:
    qualify(review, cast["clerk"], cast["office"])
    client, unit = client_of(cast["clerk"]), units["cchc"]
    page = client.get(at("review_detail", review.pk))
    assert at("proposal_begin", review.pk, unit.pk) in text(page)
    assert at("proposal_begin", review.pk, units["ttlt"].pk) not in text(page)
    client.post(at("proposal_begin", review.pk, unit.pk))
    proposal = Proposal.objects.get(review=review, unit=unit)
    assert client.post(at("proposal_begin", review.pk, units["ttlt"].pk)).status_code == 404

    sent = {
        "letter_number": "15/TTr", "letter_date": "04/01/2025", "met_on": "03/01/2025", "place": "Tầng 2",
        "chair": cast["head"].person.pk, "secretary": cast["clerk"].person.pk, "members": "4", "present": "4",
        "absent": "", "course": "Thảo luận, bỏ phiếu.", "reason": "", "version": proposal.version,
        "minutes": SimpleUploadedFile("Biên bản.pdf", PDF),
    }  # fmt: skip
    assert client.post(at("proposal_minutes", proposal.pk), sent).status_code == 302
    award = Award.objects.get(code=LABORER)
    chosen = {"kind": "person", "subject": cast["clerk"].person.pk, "award": award.pk}
    client.post(at("proposal_choose", proposal.pk), chosen)
    [one] = proposal.nominations.all()
    proposal.refresh_from_db()
    votes = {f"for_{one.pk}": "4", f"against_{one.pk}": "0", "version": proposal.version}
    assert client.post(at("proposal_votes", proposal.pk), votes).status_code == 302
    report = {"merit": "Hoàn thành xuất sắc", "section_nhiem-vu": "Tham mưu", "version": one.version + 1}
    assert client.post(at("dossier_report", one.pk), report).status_code == 302

    head = client_of(cast["head"])
    page = text(head.get(at("proposal_detail", proposal.pk)))
    assert "Ký trình" in page
    proposal.refresh_from_db()
    head.post(at("proposal_move", proposal.pk, "submit"), {"version": proposal.version})
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.SUBMITTED
    page = text(head.get(at("dossier", one.pk)))
    assert "Như lúc trình" in page
    assert "Hoàn thành xuất sắc" in page


def test_what_was_typed_stays_and_is_told_what_is_wrong(
    proposal: Proposal, clerk: User, client_of: Browser
) -> None:
    client, [one] = client_of(clerk), proposal.nominations.all()
    page = client.post(
        at("proposal_minutes", proposal.pk), {"members": "3", "present": "4", "place": "Hội trường lớn"}
    )
    assert page.status_code == 422
    assert "Không được nhiều hơn số người của đơn vị." in text(page)
    assert "Hội trường lớn" in text(page)
    page = client.post(at("proposal_votes", proposal.pk), {f"for_{one.pk}": "5", f"against_{one.pk}": "0"})
    assert page.status_code == 422
    assert "nhiều hơn số người có mặt (4)" in text(page)
    page = client.post(at("dossier_report", one.pk), {"merit": "Tóm tắt khác", "version": 1})
    assert page.status_code == 422
    assert "Tóm tắt khác" in text(page)
    again = client.post(at("dossier_report", one.pk), {"merit": "Tóm tắt khác", "version": _version(page)})
    assert again.status_code == 302
    page = client.post(at("dossier_paper_add", one.pk), {"title": "Không tệp"})
    assert page.status_code == 422
    assert "Hãy chọn tệp." in text(page)


def _version(page: Any) -> Any:
    return page.context["form"]["version"].value()


def test_strangers_find_nothing_and_a_candidate_finds_his_own(
    proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    [one] = proposal.nominations.all()
    pages = [
        at("proposal_detail", proposal.pk),
        at("proposal_minutes", proposal.pk),
        at("proposal_minutes_file", proposal.pk),
        at("proposal_votes", proposal.pk),
        at("proposal_choose", proposal.pk),
        at("dossier", one.pk),
        at("dossier_report", one.pk),
    ]
    for part in ("stranger", "stranger_head", "office", "council_member", "technician"):  # still a draft
        client = client_of(cast[part])
        assert {client.get(page).status_code for page in pages} == {404}, part
    assert {finish(client_of(cast["head"]).get(page)).status_code for page in pages} == {200}
    proposals.submit(proposal, by=cast["head"])
    office = client_of(cast["office"])
    assert [finish(office.get(page)).status_code for page in pages] == [200, 404, 200, 404, 404, 200, 404]
    assert client_of(cast["council_member"]).get(pages[0]).status_code == 404
    verifying.judge_dossier(one, "accepted", by=cast["office"])
    verifying.verify(proposal, by=cast["office"])
    assert client_of(cast["council_member"]).get(pages[0]).status_code == 200
    assert client_of(cast["director"]).get(pages[5]).status_code == 200
    assert client_of(cast["stranger"]).get(pages[5]).status_code == 404


def test_why_somebody_qualifies_is_not_for_every_colleague(
    proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    [one] = proposal.nominations.all()
    fact = "Năm 2024 hoàn thành xuất sắc nhiệm vụ."
    for part, told in {"clerk": True, "head": True, "colleague": False}.items():
        page = text(client_of(cast[part]).get(at("dossier", one.pk)))
        assert (fact in page) == told, part


def test_nor_why_the_office_judged_so(proposal: Proposal, cast: dict[str, User], client_of: Browser) -> None:
    proposals.submit(proposal, by=cast["head"])
    [one] = proposal.nominations.all()
    reason = "Bị khiển trách ngày 03/5/2024 (QĐ 12)"
    verifying.judge_dossier(one, "rejected", reason=reason, by=cast["office"])
    pages = [at("dossier", one.pk), at("proposal_detail", proposal.pk)]
    for part, told in {"clerk": True, "head": True, "office": True, "colleague": False}.items():
        shown = [text(client_of(cast[part]).get(page)) for page in pages]
        assert [reason in page for page in shown] == [told, told], part
        assert all("Không đủ điều kiện" in page for page in shown)


def test_the_office_verifies_on_the_page(
    proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    proposals.submit(proposal, by=cast["head"])
    [one] = proposal.nominations.all()
    client = client_of(cast["office"])
    page = client.post(at("dossier_verdict", one.pk), {"verdict": "rejected", "reason": ""})
    assert page.status_code == 422
    assert "Hãy ghi lý do của kết luận này." in text(page)
    page = client.post(at("dossier_flag", one.pk), {"point": "papers", "text": ""})
    assert page.status_code == 422
    client.post(at("dossier_flag", one.pk), {"point": "papers", "text": "Bổ sung giấy chứng nhận"})
    proposal.refresh_from_db()
    client.post(
        at("proposal_move", proposal.pk, "return_proposal"),
        {"comment": "Bổ sung", "version": proposal.version},
    )
    writer = client_of(cast["clerk"])
    assert "Bổ sung giấy chứng nhận" in text(writer.get(at("dossier", one.pk)))
    assert (
        writer.post(
            at("dossier_paper_add", one.pk),
            {
                "paper": "initiative_certificate",
                "title": "Giấy chứng nhận",
                "file": SimpleUploadedFile("a.pdf", PDF),
            },
        ).status_code
        == 302
    )
    paper, flag = one.papers.get(), one.flags.get()
    assert finish(writer.get(at("dossier_paper", paper.pk))).status_code == 200
    assert client_of(cast["stranger"]).get(at("dossier_paper", paper.pk)).status_code == 404
    assert client_of(cast["stranger"]).post(at("dossier_answer", flag.pk), {"answer": "x"}).status_code == 404
    writer.post(at("dossier_answer", flag.pk), {"answer": "Đã gửi kèm"})
    flag.refresh_from_db()
    assert flag.answer == "Đã gửi kèm"
    writer.post(at("dossier_paper_remove", paper.pk))
    assert not one.papers.exists()
    writer.post(at("dossier_withdraw", one.pk), {"comment": "Tự nguyện rút"})
    one.refresh_from_db()
    assert one.withdrawal_reason == "Tự nguyện rút"


def test_the_whole_list_with_filters_excel_and_a_reason(
    proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    proposals.submit(proposal, by=cast["head"])
    review, client = proposal.review, client_of(cast["office"])
    page = client.get(at("whole_list", review.pk))
    assert [str(row.subject) for row in page.context["list"].page] == ["Nguyễn Văn An"]
    assert "Đơn vị chưa có đề nghị nào" in text(page)
    sheet = client.get(at("whole_list", review.pk), {"xuat": "xlsx"})
    assert "spreadsheetml" in sheet["Content-Type"]
    other = Award.objects.get(code=FIGHTER).pk
    assert list(client.get(at("whole_list", review.pk), {"danh-hieu": other}).context["list"].page) == []
    client.post(at("whole_list_reason", review.pk), {"reason": "Thống nhất", "version": review.version})
    review.refresh_from_db()
    assert review.list_reason == "Thống nhất"
    for part in ("head", "clerk", "technician"):
        assert client_of(cast[part]).get(at("whole_list", review.pk)).status_code == 404
    assert client_of(cast["head"]).post(at("whole_list_reason", review.pk)).status_code == 404


def test_queries_do_not_grow(
    proposal: Proposal,
    cast: dict[str, User],
    clerk: User,
    units: dict[str, Unit],
    client_of: Browser,
    assert_same_queries: Callable[..., None],
) -> None:
    propose(proposal, COLLECTIVE, units["cchc"], by=clerk)

    def grow() -> None:
        for part in ("colleague", "head", "deputy"):
            propose(proposal, LABORER, cast[part].person, by=clerk)  # type: ignore[attr-defined]

    def shrink() -> None:
        Nomination.objects.filter(
            person__in=[cast[p].person for p in ("colleague", "head", "deputy")]
        ).delete()  # type: ignore[attr-defined]

    client = client_of(clerk)
    for name in ("proposal_detail", "proposal_choose", "proposal_votes"):
        assert_same_queries(client, at(name, proposal.pk), grow)
        shrink()
    assert_same_queries(client, at("review_detail", proposal.review_id), grow)
    shrink()
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.SUBMITTED)

    def more() -> None:
        Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.DRAFT)
        grow()
        Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.SUBMITTED)

    assert_same_queries(client_of(cast["office"]), at("whole_list", proposal.review_id), more)


def test_what_else_the_year_rewards_him_with_stands_beside_the_dossier(
    proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    """One achievement is rewarded once: whether it is the same, who verifies has to see."""
    clerk, [mine] = cast["clerk"], proposal.nominations.all()
    assert "Khen thưởng khác của năm" not in text(client_of(clerk).get(at("dossier", mine.pk)))
    propose(proposal, FIGHTER, clerk.person, by=clerk)  # type: ignore[attr-defined]
    given = Award.objects.exclude(code__in=(LABORER, FIGHTER)).filter(recipient="individual")[0]
    facts = {
        "name_then": "Nguyễn Văn An",
        "decision_number": "88/QĐ-SNV",
        "decided_on": "2024-07-01",
        "merit": "Khác",
    }
    Honour.objects.create(person=clerk.person, award=given, year=2024, occasion="thematic", **facts)  # type: ignore[misc]
    page = text(client_of(clerk).get(at("dossier", mine.pk)))
    assert "Khen thưởng khác của năm 2024" in page
    assert page.count("Cùng lời ghi thành tích") == 1  # the fighter's line says the same words
    assert "88/QĐ-SNV ngày 01/07/2024" in page
