"""After the end of a review the day of its end holds: what happens later changes no finding of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions import decisions
from awards.actions.holds import place_hold
from awards.eligibility.findings import State
from awards.models import Decision, Review
from awards.queries.decisions import decidable, waiting
from awards.queries.reviews import assessments_of, facts_day, rulebook_of
from core import clock
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, LABORER, carried_review

CLOSED_ON = date(2025, 3, 1)


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    with clock.at(clock.now().replace(year=2025, month=3, day=1, hour=3)):
        review = carried_review(office, cast["clerk"], units["cchc"])
        decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
        decisions.issue(decision, {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}, by=office)
        actions.move_review(review, "close_review", by=office)
    return review


def state_of(review: Review, who: User) -> State:
    rows = assessments_of(review, who.person, rulebook_of(review))
    return next(found.state for award, found in rows if award.code == LABORER)


def hold(who: User, office: User) -> None:
    paper = {"reason": "inspection", "paper": "1/TTr"}
    place_hold(**paper, started_on=clock.today(), by=office, person=who.person)


def test_a_hold_of_today_changes_no_finding_of_a_review_that_has_ended(
    review: Review, office: User, clerk: User, client_of: Callable[[User], Client]
) -> None:
    assert (review.ended_on, facts_day(review)) == (CLOSED_ON, CLOSED_ON)
    assert state_of(review, clerk) is State.MET
    hold(clerk, office)
    assert state_of(review, clerk) is State.MET
    page = reverse("awards:findings", args=[review.pk, "nguoi", clerk.person.pk])
    assert "Tạm dừng xét khen thưởng từ ngày" in client_of(office).get(page).content.decode()


def test_while_it_runs_today_holds(review: Review, office: User, clerk: User) -> None:
    Review.objects.filter(pk=review.pk).update(state=Review.State.DECIDING, ended_on=None)
    review.refresh_from_db()
    assert facts_day(review) == clock.today()
    hold(clerk, office)
    assert state_of(review, clerk) is State.UNMET


def test_what_is_decided_anew_after_the_end_is_decided_by_the_facts_of_that_day(
    review: Review, office: User, clerk: User
) -> None:
    decision = Decision.objects.get()
    decisions.cancel(decision, on=clock.today() - timedelta(days=1), number="50/QĐ", by=office, comment="Sai")
    again = decisions.draft(review, "so", decidable(review), DECISION_HEAD, by=office)
    hold(clerk, office)
    with pytest.raises(Refused, match="tạm dừng"):
        decisions.issue(again, {"number": "60/QĐ-SNV", "signed_on": clock.today()}, by=office)
