"""What went up and is asked about must lead somewhere: refused, one line refused, emptied, or withdrawn."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from awards import actions
from awards.actions import decisions
from awards.actions.holds import place_hold
from awards.models import Award, Decision, Review
from awards.queries.decisions import decidable, undecided, waiting
from core.journal import history_of
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review

LETTER = {"letter_number": "77/TTr-SNV", "letter_date": date(2025, 2, 1)}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    review = carried_review(office, cast["clerk"], units["cchc"])
    Award.objects.filter(code=FIGHTER).update(level="tinh")
    laborer = review.nominations.get(award__code=LABORER)
    decisions.drop(laborer, reason="Giám đốc không đồng ý", by=office)
    return review


@pytest.fixture
def queried(review: Review, office: User, clerk: User) -> Decision:
    """One candidate, sent up, asked about, and held meanwhile: it cannot go up again."""
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    decisions.send_up(decision, LETTER, by=office)
    decisions.query(decision, by=office, comment="Bổ sung báo cáo")
    place_hold(
        reason="inspection", paper="12/TTr", started_on=date(2025, 2, 3), by=office, person=clerk.person
    )
    with pytest.raises(Refused, match="tạm dừng"):
        decisions.send_up(decision, LETTER, by=office)
    return decision


def test_what_is_asked_about_may_be_refused(queried: Decision, review: Review, office: User) -> None:
    decisions.refuse(queried, by=office, comment="Công văn 9/UBND")
    assert queried.state == Decision.State.REFUSED
    actions.move_review(review, "close_review", by=office)
    assert review.state == Review.State.CLOSED


def test_one_line_of_what_is_asked_about_may_be_refused(queried: Decision, office: User) -> None:
    entry = queried.entries.get()
    decisions.refuse_one(entry, reason="Chưa đủ phạm vi", by=office)
    entry.refresh_from_db()
    assert (entry.refusal, entry.is_in_force) == ("Chưa đủ phạm vi", False)


@pytest.mark.parametrize("state", ["sent", "queried"])
def test_a_file_is_withdrawn_with_a_reason(
    queried: Decision, review: Review, office: User, clerk: User, state: str
) -> None:
    Decision.objects.filter(pk=queried.pk).update(state=state)
    with pytest.raises(Refused, match="lý do rút hồ sơ"):
        decisions.withdraw_file(queried, by=office, comment=" ")
    with pytest.raises(Refused, match="không có quyền"):
        decisions.withdraw_file(queried, by=clerk, comment="Rút")
    decisions.withdraw_file(queried, by=office, comment="Người được đề nghị bị kiểm tra")
    assert queried.state == Decision.State.DRAFT
    assert history_of(queried)[0].comment == "Người được đề nghị bị kiểm tra"
    with pytest.raises(Refused, match="hãy trình trước"):
        decisions.issue(queried, {"number": "41", "signed_on": date(2025, 2, 10)}, by=office)
    decisions.remove(queried, by=office)
    fighter = review.nominations.get(award__code=FIGHTER)
    decisions.drop(fighter, reason="Đang bị kiểm tra", by=office)
    assert list(undecided(review)) == []


def test_a_refusal_that_was_noted_before_is_taken_back_in_the_draft(queried: Decision, office: User) -> None:
    entry = queried.entries.get()
    decisions.refuse_one(entry, reason="Chưa đủ phạm vi", by=office)
    decisions.withdraw_file(queried, by=office, comment="Lập lại")
    decisions.take_back_refusal(entry, by=office)
    entry.refresh_from_db()
    assert (entry.refusal, entry.is_in_force) == ("", True)


def test_the_last_line_is_taken_off_on_the_page(
    queried: Decision, review: Review, office: User, client_of: Callable[[User], Client]
) -> None:
    client, address = client_of(office), f"/khen-thuong/quyet-dinh/{queried.pk}/"
    page = client.get(address).content.decode()
    assert "Rút hồ sơ đã trình" in page
    assert "Cấp trên không khen…" in page
    assert client.post(f"{address}sua/", DECISION_HEAD)["Location"] == address
    assert not queried.entries.exists()
    assert decidable(review, "tinh").count() == 1
    assert "chưa có ai" in client.get(address).content.decode()
    client.post(f"{address}chuyen/withdraw_file/", {"comment": "Rút toàn bộ"})
    queried.refresh_from_db()
    assert queried.state == Decision.State.DRAFT
    listed = f"/khen-thuong/binh-xet/{review.pk}/quyet-dinh/lap/tinh/"
    assert client.post(listed, DECISION_HEAD).status_code == 422
