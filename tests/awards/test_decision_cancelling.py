"""Cancelling a decision: who may note the paper, from which day, and what of it is said beforehand."""

from datetime import date

import pytest

from awards.actions import decisions, recoveries, register
from awards.models import Decision, Honour, Recovery, Review
from awards.queries.decisions import waiting
from core.journal import history_of
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
CANCELLED = {"on": date(2025, 3, 1), "number": "50/QĐ-SNV"}


def issued(review: Review, office: User) -> Decision:
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, PAPER, by=office)
    return decision


def test_the_office_notes_the_cancelling_of_the_decision_it_is_on_itself(
    office: User, units: dict[str, Unit]
) -> None:
    """The list of the year holds nearly all of Văn phòng Sở: otherwise nobody could note it."""
    decision = issued(carried_review(office, office, units["vp"]), office)
    decisions.cancel(decision, **CANCELLED, by=office, comment="Kê khai sai")  # type: ignore[arg-type]
    assert (decision.state, Honour.objects.in_force().count()) == ("cancelled", 0)
    line = history_of(decision).filter(verb="cancel").get()
    assert line.comment == "Kê khai sai\nNgười ghi có tên trong danh sách kèm theo quyết định này."
    gift = Recovery.objects.filter(kind="gift").first()
    with pytest.raises(Refused):  # what he has to give back himself, somebody else notes
        recoveries.recover(gift, on=date(2025, 3, 5), paper="Biên bản 1", by=office)  # type: ignore[arg-type]


def test_of_somebody_else_the_journal_says_nothing_more(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    decision = issued(carried_review(office, cast["clerk"], units["cchc"]), office)
    decisions.cancel(decision, **CANCELLED, by=office, comment="Kê khai sai")  # type: ignore[arg-type]
    assert history_of(decision).filter(verb="cancel").get().comment == "Kê khai sai"


def test_his_own_single_honour_somebody_else_of_the_office_cancels(
    office: User, second_office: User, units: dict[str, Unit]
) -> None:
    issued(carried_review(office, office, units["vp"]), office)
    honour = Honour.objects.first()
    assert honour
    with pytest.raises(Refused, match="của chính mình"):
        register.cancel(honour, **CANCELLED, reason="Kê khai sai", by=office)  # type: ignore[arg-type]
    register.cancel(honour, **CANCELLED, reason="Kê khai sai", by=second_office)  # type: ignore[arg-type]
    assert honour.cancelled_on == date(2025, 3, 1)
