"""One achievement is rewarded once: forms of commendation with the same words of merit are asked about."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import decisions, dossiers, register, verifying
from awards.models import Award, Decision, Nomination, Proposal, Review
from awards.queries.repeats import repeats_of, same_merit
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.council.builders import nominate, opened, review_at_council
from tests.awards.seasons import DECISION_HEAD, LABORER, carried_review, open_review, qualify

LETTER, MERIT = "certificate_of_commendation_individual", "certificate_of_merit_individual"
WORDS = "Hoàn thành xuất sắc việc số hóa hồ sơ một cửa năm 2024."
AGAIN = "HOÀN THÀNH xuất sắc việc số hoá hồ sơ “một cửa” năm 2024"
WHY = "Giấy khen cho phần mềm, Bằng khen cho hồ sơ"
LETTER_UP = {"letter_number": "77/TTr-SNV", "letter_date": date(2025, 2, 1)}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (WORDS, AGAIN, True),
        (WORDS, "Hoan thanh xuat sac viec so hoa ho so mot cua nam 2024", True),
        (WORDS, "Hoàn thành xuất sắc việc số hóa toàn bộ hồ sơ một cửa năm 2024", True),
        (WORDS, "Cứu người bị lũ cuốn tại xã Bình Minh", False),
        ("Tốt.", "Tốt", True),
        ("Tốt", "Khá", False),
        ("", "", False),
        (" – ", "…", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    assert same_merit(one, other) is same


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Carried for a title and for two forms, all three in the same words."""
    review = carried_review(office, cast["clerk"], units["cchc"])
    review.nominations.exclude(award__code=LABORER).delete()
    review.nominations.update(merit=WORDS)
    for code, merit in ((LETTER, WORDS), (MERIT, AGAIN)):
        one = nominate(review, review.proposals.get(), code, person=cast["clerk"].person)
        Nomination.objects.filter(pk=one.pk).update(outcome="passed", verdict="exception", merit=merit)
    return review


def of(review: Review, code: str) -> Nomination:
    return review.nominations.get(award__code=code)


def draft(review: Review, level: str, code: str, office: User) -> Decision:
    return decisions.draft(review, level, [of(review, code)], DECISION_HEAD, by=office)


def paper(number: int, **changes: Any) -> dict[str, Any]:
    return {"number": f"{number}/QĐ-SNV", "signed_on": date(2025, 2, 10), **changes}


# --- when it is verified --------------------------------------------------------------------------------
@pytest.fixture
def submitted(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Proposal:
    review, person = open_review(office), cast["clerk"].person
    proposal = Proposal.objects.create(
        review=review, unit=units["cchc"], prepared_by=cast["clerk"], state="submitted"
    )
    for code, merit in ((LABORER, WORDS), (LETTER, WORDS), (MERIT, AGAIN)):
        one = nominate(review, proposal, code, person=person)
        Nomination.objects.filter(pk=one.pk).update(verdict="pending", merit=merit)
    return proposal


def test_it_is_verified_with_a_reason_or_sent_back(submitted: Proposal, office: User, clerk: User) -> None:
    letter = of(submitted.review, LETTER)
    for verdict in ("exception", "accepted"):
        with pytest.raises(Refused, match="trùng hoặc gần trùng|chưa đủ điều kiện"):
            verifying.judge_dossier(letter, verdict, by=office, reason="Trình riêng")
    verifying.flag_point(letter, "report", "Viết lại thành tích", by=office)
    verifying.judge_dossier(letter, "rejected", by=office, reason="Cùng một thành tích")
    letter.refresh_from_db()
    verifying.judge_dossier(letter, "exception", by=office, reason="Trình riêng", distinct=WHY)
    letter.refresh_from_db()
    assert (letter.verdict, letter.distinct_because) == ("exception", WHY)
    assert f"Không trùng thành tích: {WHY}" in history_of(letter)[0].comment
    with pytest.raises(AlreadyDone):
        verifying.judge_dossier(letter, "exception", by=office, reason="Trình riêng")
    title = of(submitted.review, LABORER)
    verifying.judge_dossier(title, "exception", by=office, reason="Danh hiệu đứng cạnh hình thức")
    Proposal.objects.update(state="draft")
    letter.refresh_from_db()
    dossiers.write_report(letter, {}, "Cứu người bị lũ cuốn", by=clerk)
    letter.refresh_from_db()
    assert letter.distinct_because == ""


def test_none_of_them_is_accepted_with_the_rest(submitted: Proposal, office: User, clerk: User) -> None:
    qualify(submitted.review, clerk, office)
    letter = of(submitted.review, LETTER)
    verifying.accept_rest(submitted, by=office, reason="Theo biên bản")
    assert set(submitted.nominations.filter(verdict="pending").values_list("award__code", flat=True)) >= {
        LETTER,
        MERIT,
    }
    submitted.nominations.filter(award__code=MERIT).update(merit="Cứu người bị lũ cuốn")
    verifying.accept_rest(submitted, by=office, reason="Theo biên bản")
    letter.refresh_from_db()
    assert letter.verdict == "accepted"


def test_the_dossier_asks(submitted: Proposal, office: User, client_of: Callable[[User], Client]) -> None:
    letter, client = of(submitted.review, LETTER), client_of(office)
    address = reverse("awards:dossier", args=[letter.pk])
    page = client.get(address).content.decode()
    assert "Lời ghi thành tích trùng hoặc gần trùng với:" in page
    assert page.count("Cùng lời ghi thành tích") == 2
    act, said = reverse("awards:dossier_verdict", args=[letter.pk]), {"verdict": "exception", "reason": "Có"}
    refused = client.post(act, said)
    assert refused.status_code == 422
    assert "hãy trả lại đơn vị" in refused.content.decode()
    assert client.post(act, {**said, "distinct": WHY}).status_code == 302
    assert WHY in client.get(address).content.decode()
    other = reverse("awards:dossier", args=[of(submitted.review, LABORER).pk])
    assert "trùng hoặc gần trùng với" not in client.get(other).content.decode()


def test_the_council_reads_the_reason(
    cast: dict[str, User], units: dict[str, Unit], client_of: Callable[[User], Client]
) -> None:
    review = review_at_council(cast, units)
    letter = nominate(review, review.proposals.get(), LETTER, person=cast["clerk"].person)
    Nomination.objects.filter(pk=letter.pk).update(distinct_because=WHY)
    session = opened(review, cast)
    page = client_of(cast["council_member"]).get(reverse("awards:council_session", args=[session.pk]))
    assert WHY in page.content.decode()


# --- when it is decided -----------------------------------------------------------------------------------
def test_nothing_is_signed_or_sent_up_before_somebody_has_told_them_apart(
    review: Review, office: User, clerk: User
) -> None:
    own = draft(review, "so", LETTER, office)
    with pytest.raises(Refused, match="trùng hoặc gần trùng với Bằng khen"):
        decisions.issue(own, paper(41), by=office)
    entry = own.entries.get()
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        decisions.tell_apart(entry, reason=WHY, by=clerk)
    decisions.tell_apart(entry, reason=WHY, by=office)
    with pytest.raises(AlreadyDone):
        decisions.tell_apart(entry, reason=WHY, by=office)
    for document in (own, of(review, LETTER)):
        assert (history_of(document)[0].verb, history_of(document)[0].comment) == ("tell_apart", WHY)
    decisions.issue(own, paper(41), by=office)
    with pytest.raises(Refused, match="chưa trình, chưa ký"):
        decisions.tell_apart(entry, reason="Khác", by=office)

    up = draft(review, "tinh", MERIT, office)
    with pytest.raises(Refused, match="quyết định 41/QĐ-SNV"):
        decisions.send_up(up, LETTER_UP, by=office)
    decisions.tell_apart(up.entries.get(), reason=WHY, by=office)
    decisions.send_up(up, LETTER_UP, by=office)


def test_other_words_in_the_decision_need_no_reason(review: Review, office: User) -> None:
    own = draft(review, "so", LETTER, office)
    decisions.write_merits(own, {own.entries.get().pk: "Cứu người bị lũ cuốn tại xã Bình Minh"}, by=office)
    decisions.issue(own, paper(41), by=office)


def test_a_title_may_stand_beside_a_form(review: Review, office: User) -> None:
    decision = draft(review, "so", LABORER, office)
    decisions.issue(decision, paper(41), by=office)
    Decision.objects.filter(pk=decision.pk).update(state="draft")
    with pytest.raises(Refused, match="không cần ghi lý do"):
        decisions.tell_apart(decision.entries.get(), reason=WHY, by=office)


def test_what_the_register_has_of_the_year_counts(review: Review, office: User, clerk: User) -> None:
    of(review, MERIT).delete()
    letter = of(review, LETTER)
    assert repeats_of([letter]) == {}
    facts = {"decision_number": "9/QĐ-UBND", "decided_on": date(2024, 12, 1), "decided_by": "UBND tỉnh"}
    award = Award.objects.get(code=MERIT)
    given = register.enter(
        person=clerk.person, award=award, year=2024, occasion="thematic", merit=AGAIN, by=office, **facts
    )
    assert repeats_of([letter]) == {letter.pk: [f"{award} (quyết định 9/QĐ-UBND ngày 01/12/2024)"]}
    cancelled = {"on": date(2025, 1, 2), "number": "1/QĐ", "reason": "Sai"}
    register.cancel(given, **cancelled, by=office)
    assert repeats_of([letter]) == {}


def test_what_is_decided_anew_is_proposed_again_and_what_never_came_through_is_not(
    review: Review, office: User
) -> None:
    letter, merit = of(review, LETTER), of(review, MERIT)
    own = draft(review, "so", LETTER, office)
    decisions.tell_apart(own.entries.get(), reason=WHY, by=office)
    decisions.issue(own, paper(41), by=office)
    decisions.cancel(own, on=date(2025, 3, 1), number="50/QĐ", by=office, comment="Sai")
    assert repeats_of([merit]) == {}
    draft(review, "so", LETTER, office)
    assert repeats_of([merit]) == {merit.pk: [f"{letter.award} (đang đề nghị, {review})"]}
    Review.objects.filter(pk=review.pk).update(state="stopped")
    assert repeats_of([merit]) == {}


def test_the_decision_asks(
    review: Review, office: User, clerk: User, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    own = draft(review, "so", LETTER, office)
    client, address = client_of(office), reverse("awards:decision_detail", args=[own.pk])
    act = reverse("awards:entry_reason", args=[own.entries.get().pk, "khong-trung"])
    page = client.get(address).content.decode()
    assert act in page
    assert "Chưa ký, chưa trình được" in page
    assert client_of(clerk).post(act, {"reason": WHY}).status_code == 404
    client.post(act, {"reason": WHY})
    page = client.get(address).content.decode()
    assert f"Không trùng thành tích:</strong> {WHY}" in page
    assert "Chưa ký, chưa trình được" not in page
    decisions.issue(own, paper(41), by=office)
    dossier = reverse("awards:dossier", args=[of(review, LETTER).pk])
    for page in (address, dossier):  # public now, but not why somebody was doubted
        assert WHY in client.get(page).content.decode()
        shown = client_of(cast["colleague"]).get(page)
        assert shown.status_code == 200
        assert WHY not in shown.content.decode()
    assert client.post(reverse("awards:entry_reason", args=[own.entries.get().pk, "khac"])).status_code == 404
