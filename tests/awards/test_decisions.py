"""From the council's conclusion to the register: drafted, sent up, signed, cancelled."""

from datetime import date, timedelta
from typing import Any

import pytest

from awards.actions import decisions, set_figure
from awards.models import Award, BasisUse, Decision, Hold, Honour, Review, Setting
from awards.queries.decisions import undecided, waiting
from awards.queries.sending import sending_of
from awards.workflow import DECISION
from core import clock
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD as HEAD
from tests.awards.seasons import FIGHTER, LABORER, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """The council has carried the clerk for both titles; how it came to that is the business of other stories."""
    return carried_review(office, cast["clerk"], units["cchc"])


def drafted(review: Review, office: User) -> Decision:
    return decisions.draft(review, "so", waiting(review), HEAD, by=office)


def test_the_signed_decision_enters_the_register_and_spends_what_it_rests_on(
    review: Review, office: User, clerk: User
) -> None:
    assert list(undecided(review)) == [
        "Còn 2 trường hợp Hội đồng đề nghị chưa có trong quyết định, tờ trình nào."
    ]
    decision = drafted(review, office)
    assert not waiting(review).exists()
    honours = decisions.issue(decision, PAPER, by=office, version=1)

    assert [(one.award.code, one.year, one.decision_number) for one in honours] == [
        (LABORER, 2024, "41/QĐ-SNV"),
        (FIGHTER, 2024, "41/QĐ-SNV"),
    ]
    assert honours[1].name_then == clerk.person.full_name  # type: ignore[attr-defined]
    assert honours[1].occasion == "regular"
    assert list(undecided(review)) == []
    letters = Letter.objects.filter(kind="awards/congratulation", recipient=clerk)
    assert letters.count() == 2
    told = Letter.objects.get(kind="awards/decision_issued")
    assert (told.recipient.username, "41/QĐ-SNV" in told.body) == ("head", True)  # type: ignore[union-attr]
    assert "Nguyễn Văn An" not in told.body
    with pytest.raises(AlreadyDone):
        decisions.issue(decision, PAPER, by=office)
    assert Honour.objects.count() == 2


def test_without_number_or_with_a_day_to_come_nothing_is_written(review: Review, office: User) -> None:
    decision = drafted(review, office)
    for wrong in (
        {"signed_on": date(2025, 2, 10)},
        {**PAPER, "signed_on": date(2999, 1, 1)},
        {"number": "1"},
    ):
        with pytest.raises(Refused):
            decisions.issue(decision, wrong, by=office)
        decision.refresh_from_db()
        assert (decision.state, decision.number) == ("draft", "")
    assert not Honour.objects.exists()


def test_who_is_under_verification_stops_the_decision(review: Review, office: User, clerk: User) -> None:
    decision = drafted(review, office)
    Hold.objects.create(
        person=clerk.person, reason="inspection", paper="12/TTr", started_on=date(2025, 1, 5), placed_by=office  # type: ignore[attr-defined]
    )  # fmt: skip
    with pytest.raises(Refused, match="đang tạm dừng xét khen thưởng"):
        decisions.issue(decision, PAPER, by=office)
    assert not Honour.objects.exists()


def test_what_the_province_decides_goes_up_first(review: Review, office: User) -> None:
    Award.objects.filter(code=FIGHTER).update(level="tinh")
    decision = decisions.draft(review, "tinh", waiting(review, "tinh"), HEAD, by=office)
    with pytest.raises(Refused, match="hãy trình trước"):
        decisions.issue(decision, PAPER, by=office)
    with pytest.raises(Refused, match="số và ngày tờ trình"):
        decisions.send_up(decision, {}, by=office)
    letter = {"letter_number": "77/TTr-SNV", "letter_date": date(2025, 2, 1)}
    decision.refresh_from_db()
    decisions.send_up(decision, letter, by=office)
    decisions.query(decision, by=office, comment="Bổ sung giấy chứng nhận sáng kiến")
    decisions.send_up(decision, letter, by=office)
    assert list(undecided(review))[1].endswith("đã trình cấp trên, chưa có kết quả.")
    [honour] = decisions.issue(decision, {**PAPER, "issuer": "Chủ tịch UBND tỉnh"}, by=office)
    assert (honour.award.code, honour.decided_by) == (FIGHTER, "Chủ tịch UBND tỉnh")


def test_what_the_province_leaves_out_gets_no_honour(review: Review, office: User) -> None:
    Award.objects.update(level="tinh")
    decision = decisions.draft(review, "tinh", waiting(review), HEAD, by=office)
    decisions.send_up(decision, {"letter_number": "7", "letter_date": date(2025, 2, 1)}, by=office)
    one = decision.entries.get(nomination__award__code=FIGHTER)
    decisions.refuse_one(one, reason="Chưa đủ phạm vi ảnh hưởng", by=office)
    with pytest.raises(AlreadyDone):
        decisions.refuse_one(one, reason="Chưa đủ", by=office)
    honours = decisions.issue(decision, PAPER, by=office)
    assert [honour.award.code for honour in honours] == [LABORER]


def test_a_cancelled_decision_frees_what_it_had_spent(review: Review, office: User) -> None:
    decision = drafted(review, office)
    decisions.issue(decision, PAPER, by=office)
    spent = BasisUse.objects.count()
    decisions.cancel(decision, on=date(2025, 3, 1), number="50/QĐ-SNV", by=office, comment="Kê khai sai")
    assert not Honour.objects.in_force().exists()
    assert BasisUse.objects.count() == spent
    assert not BasisUse.objects.in_force().exists()
    assert Letter.objects.filter(kind="awards/decision_cancelled").count() == 2
    with pytest.raises(AlreadyDone):
        decisions.cancel(decision, on=date(2025, 3, 1), number="50/QĐ-SNV", by=office, comment="Lần nữa")


def test_two_people_note_it_at_the_same_moment(review: Review, office: User) -> None:
    decision = drafted(review, office)
    decisions.change(decision, waiting(review), {**HEAD, "title": "Khác"}, by=office, version=1)
    with pytest.raises(Stale):
        decisions.issue(Decision.objects.get(), PAPER, by=office, version=1)


def test_matrix_of_roles_states_and_moves(review: Review, office: User, cast: dict[str, User]) -> None:
    decision = drafted(review, office)
    of_office: dict[str, set[str]] = {
        "draft": {"send_up", "issue"},
        "sent": {"query", "issue", "refuse", "withdraw_file"},
        "queried": {"send_up", "refuse", "withdraw_file"},
        "issued": {"cancel"},
    }
    whole: dict[str, Any] = {**PAPER, "letter_number": "7", "letter_date": date(2025, 2, 1)}
    for state in Decision.State.values:
        Decision.objects.filter(pk=decision.pk).update(state=state, **whole)
        decision.refresh_from_db()
        for part, user in cast.items():
            allowed = of_office.get(state, set()) if part == "office" else set()
            if part == "director":
                allowed = of_office.get(state, set()) & {"issue"}
            seen = {move.verb for move in DECISION.available(decision, user)}
            assert seen == allowed, (part, state)


def test_the_pages_from_the_draft_to_the_register(
    review: Review, office: User, clerk: User, stranger: User, client_of: Any
) -> None:
    client = client_of(office)
    listed = client.get(f"/khen-thuong/binh-xet/{review.pk}/quyet-dinh/").content.decode()
    assert "2 trường hợp Hội đồng đề nghị chưa có trong quyết định" in listed
    draft_at = f"/khen-thuong/binh-xet/{review.pk}/quyet-dinh/lap/so/"
    assert client.post(draft_at, {"title": ""}).status_code == 422
    chosen = list(waiting(review).values_list("pk", flat=True))
    made = client.post(draft_at, {**HEAD, "nominations": chosen})
    decision = Decision.objects.get()
    address = f"/khen-thuong/quyet-dinh/{decision.pk}/"
    assert made["Location"] == address
    for user, status in ((clerk, 404), (stranger, 404), (office, 200)):
        assert client_of(user).get(address).status_code == status

    refused = client.post(
        f"{address}viec/issue/",
        {"number": "41/QĐ-SNV", "signed_on": f"{clock.today() + timedelta(days=1):%d/%m/%Y}", "issuer": "X"},
    )
    assert refused.status_code == 422
    assert "Ngày ký không được sau hôm nay." in refused.content.decode()
    signed = {**HEAD, "number": "41/QĐ-SNV", "signed_on": "10/02/2025", "version": 1}
    assert client.post(f"{address}viec/issue/", signed).status_code == 302
    page = client_of(clerk).get(address).content.decode()
    assert "Quyết định 41/QĐ-SNV" in page
    assert clerk.display_name in page
    cancelled = client.post(
        f"{address}viec/cancel/", {"number": "50/QĐ", "on": "01/03/2025", "comment": "Kê khai sai"}
    )
    assert cancelled["Location"] == address
    assert "Hủy theo" in client.get(address).content.decode()


def test_a_letter_of_the_province_is_noted_on_the_page(review: Review, office: User, client_of: Any) -> None:
    Award.objects.update(level="tinh")
    decision = decisions.draft(review, "tinh", waiting(review), HEAD, by=office)
    client, address = client_of(office), f"/khen-thuong/quyet-dinh/{decision.pk}/"
    assert (
        client.post(
            f"{address}viec/send_up/", {"letter_number": "7", "letter_date": "01/02/2025"}
        ).status_code
        == 302
    )
    entry = decision.entries.first()
    client.post(f"/khen-thuong/quyet-dinh/dong/{entry.pk}/khong-khen/", {"reason": "Chưa đủ hồ sơ"})  # type: ignore[union-attr]
    page = client.get(address).content.decode()
    assert "Cấp trên không khen: Chưa đủ hồ sơ" in page
    client.post(f"{address}chuyen/query/", {"comment": "Bổ sung báo cáo"})
    assert Decision.objects.get().state == "queried"
    assert client.get(f"{address}sua/").status_code == 200


def test_in_how_many_sets_and_until_when_it_goes_up(review: Review, office: User) -> None:
    provincial = Award.objects.get(code="provincial_emulation_fighter")
    review.nominations.filter(award__code=FIGHTER).update(award=provincial)
    decision = decisions.draft(review, "tinh", waiting(review, "tinh"), HEAD, by=office)
    entries = list(decision.entries.select_related("nomination__award"))
    [told] = sending_of(decision, entries)
    assert told.startswith("01 bộ hồ sơ (chờ Văn phòng Sở xác nhận): ")
    setting = Setting.objects.get(code="until-province")
    set_figure(setting, value="28/02", valid_from=None, basis="Quy chế", is_confirmed=True, by=office)
    [told] = sending_of(decision, entries)
    assert told.startswith("01 bộ hồ sơ, trình đến hết ngày 28/02/2025 (chờ Văn phòng Sở xác nhận): ")
    Decision.objects.filter(pk=decision.pk).update(level="so")
    decision.refresh_from_db()
    assert sending_of(decision, entries) == []  # what the Director decides himself goes nowhere
