"""A signed paper whose number, day or signer was noted wrongly; decisions made anew after the end of a review; days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from awards.actions import decisions, register
from awards.models import CouncilSession, Decision, Honour, Review
from awards.queries.bonus import decision_of_portal
from awards.queries.bonus import decisions as bonus_decisions
from awards.queries.decisions import decidable, left_by_level, waiting
from core import clock
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
RIGHT = {"number": "14/QĐ-SNV", "signed_on": date(2025, 2, 12), "signer_name": "Lê Văn Cường"}
CANCELLED = {"on": date(2025, 3, 1), "number": "50/QĐ-SNV"}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return carried_review(office, cast["clerk"], units["cchc"])


@pytest.fixture
def issued(review: Review, office: User) -> Decision:
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, PAPER, by=office)
    return decision


# --- a wrong note ---------------------------------------------------------------------------------------
def test_number_day_and_signer_are_put_right_and_the_register_follows(issued: Decision, office: User) -> None:
    with pytest.raises(Refused, match="lý do sửa"):
        decisions.correct(issued, RIGHT, reason="", by=office)
    issued.refresh_from_db()
    with pytest.raises(Stale):
        decisions.correct(issued, RIGHT, reason="Gõ nhầm", by=office, version=1)
    decisions.correct(issued, RIGHT, reason="Gõ nhầm số", by=office, version=2)
    assert set(Honour.objects.values_list("decision_number", "decided_on", "version")) == {
        ("14/QĐ-SNV", date(2025, 2, 12), 2)
    }
    [line] = history_of(issued).filter(verb="correct")
    assert "Số quyết định: 41/QĐ-SNV → 14/QĐ-SNV" in line.comment
    assert "Ngày ký: 10/02/2025 → 12/02/2025" in line.comment
    assert "Lý do: Gõ nhầm số" in line.comment
    assert "14/QĐ-SNV" in str(history_of(Honour.objects.first()).first().comment)  # type: ignore[arg-type,union-attr]
    [paid] = bonus_decisions()
    assert (paid.number, paid.day, paid.count) == ("14/QĐ-SNV", date(2025, 2, 12), 2)
    assert str(decision_of_portal(issued.pk)) == "Quyết định 14/QĐ-SNV ngày 12/02/2025"
    assert Honour.objects.filter(search_key__contains="14/qd-snv").count() == 2


def test_what_is_not_issued_or_would_be_out_of_order_is_not_corrected(
    issued: Decision, office: User, clerk: User
) -> None:
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        decisions.correct(issued, RIGHT, reason="Nhầm", by=clerk)
    with pytest.raises(Refused, match="không được sau hôm nay"):
        decisions.correct(issued, {"signed_on": date(2999, 1, 1)}, reason="Nhầm", by=office)
    issued.refresh_from_db()
    honour = Honour.objects.get(award__code=FIGHTER)
    register.cancel(honour, on=date(2025, 2, 11), number="9/QĐ", reason="Sai", by=office)
    with pytest.raises(Refused, match="trước ngày ký mới"):
        decisions.correct(issued, RIGHT, reason="Nhầm", by=office)
    issued.refresh_from_db()
    decisions.cancel(issued, **CANCELLED, by=office, comment="Kê khai sai")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="đã ban hành"):
        decisions.correct(issued, RIGHT, reason="Nhầm", by=office)


def test_the_page_of_correcting(issued: Decision, office: User, clerk: User, client_of: Any) -> None:
    client, address = client_of(office), reverse("awards:decision_correct", args=[issued.pk])
    assert client_of(clerk).get(address).status_code == 404
    assert "41/QĐ-SNV" in client.get(address).content.decode()
    typed = {"number": "14/QĐ-SNV", "signed_on": "12/02/2025", "issuer": "Giám đốc Sở Nội vụ", "version": "1"}
    stale = client.post(address, {**typed, "reason": "Gõ nhầm"})
    assert stale.status_code == 422
    assert 'name="version" value="2"' in stale.content.decode()  # and so it can be saved the next time
    assert client.post(address, {**typed, "reason": "Gõ nhầm", "version": "2"}).status_code == 302
    assert Decision.objects.get().number == "14/QĐ-SNV"


# --- after the end --------------------------------------------------------------------------------------
def test_what_was_cancelled_is_decided_anew_after_the_review_has_ended(
    issued: Decision, office: User, client_of: Any
) -> None:
    """Complaints are taken for months after it; what they bring down must not stay down for good."""
    review = issued.review
    Review.objects.filter(pk=review.pk).update(state="closed")
    review.refresh_from_db()
    assert not decidable(review).exists()
    register.cancel(Honour.objects.get(award__code=FIGHTER), **CANCELLED, reason="Sai", by=office)  # type: ignore[arg-type]
    assert [(one.waiting, one.again) for one in left_by_level(review)] == [(0, 1)]
    page = client_of(office).get(reverse("awards:decision_list", args=[review.pk])).content.decode()
    assert "1 trường hợp có thể xét lại" in page
    again = decisions.draft(review, "so", decidable(review), DECISION_HEAD, by=office)
    [honour] = decisions.issue(again, {"number": "60/QĐ-SNV", "signed_on": date(2025, 3, 10)}, by=office)
    assert (honour.award.code, honour.decision_number) == (FIGHTER, "60/QĐ-SNV")


# --- days -----------------------------------------------------------------------------------------------
def test_a_decision_is_signed_after_what_comes_before_it(review: Review, office: User) -> None:
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    session = CouncilSession.objects.create(
        review=review, number=1, held_on=date(2025, 2, 14), starts_at="08:00", place="P1", state="closed",
        prepared_by=office,
    )  # fmt: skip
    session.items.create(nomination=review.nominations.first())
    with pytest.raises(Refused, match="trước phiên họp Hội đồng thứ 1"):
        decisions.issue(decision, PAPER, by=office)
    with pytest.raises(Refused, match="trước văn bản mở đợt"):
        decisions.issue(decision, {**PAPER, "signed_on": date(2024, 3, 1)}, by=office)
    decisions.issue(decision, {**PAPER, "signed_on": date(2025, 2, 14)}, by=office)
    with pytest.raises(Refused, match="từ ngày ký"):
        decisions.cancel(decision, on=date(2025, 2, 13), number="5/QĐ", by=office, comment="Sai")
    decision.refresh_from_db()
    with pytest.raises(Refused, match="không được sau hôm nay"):
        decisions.cancel(
            decision, on=clock.today() + timedelta(days=1), number="5/QĐ", by=office, comment="Sai"
        )


def test_a_letter_that_goes_up_has_a_day_that_has_come(review: Review, office: User) -> None:
    review.nominations.first().award.__class__.objects.update(level="tinh")  # type: ignore[union-attr]
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    with pytest.raises(Refused, match="Ngày tờ trình không được sau hôm nay"):
        decisions.send_up(decision, {"letter_number": "7", "letter_date": date(2999, 1, 1)}, by=office)
    decision.refresh_from_db()
    decisions.send_up(decision, {"letter_number": "7", "letter_date": date(2025, 2, 11)}, by=office)
    with pytest.raises(Refused, match="trước ngày tờ trình"):
        decisions.issue(decision, PAPER, by=office)
