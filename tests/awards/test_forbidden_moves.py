"""What no button offers is refused when it is asked for all the same, by the act and by the page: reviews, decisions.

Which buttons there are is said in ``test_reviews`` and ``test_decisions``; here the procedures' own tables are walked.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions import decisions
from awards.models import Decision, Review
from awards.queries.decisions import waiting
from awards.workflow import DECISION, REVIEW
from organization.models import Unit, User
from tests.awards.refusals import not_offered, what_is_wrong, wrong_on_page
from tests.awards.seasons import DECISION_HEAD, carried_review, open_review

REASON = "Có lý do"
LETTER = {"letter_number": "7/TTr", "letter_date": date(2025, 2, 1)}
PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
CANCELLED = {"number": "50/QĐ-SNV", "on": date(2025, 3, 1)}
TYPED: dict[str, dict[str, Any]] = {"send_up": LETTER, "issue": PAPER, "cancel": CANCELLED}


def move_review(review: Review, verb: str, user: User) -> None:
    own = {"open_review": actions.open_review, "take_back": actions.take_back}
    if verb in own:
        own[verb](review, by=user, comment=REASON)
    else:
        actions.move_review(review, verb, by=user, comment=REASON)


def move_decision(decision: Decision, verb: str, user: User) -> None:
    if verb == "cancel":
        decisions.cancel(decision, **CANCELLED, by=user, comment=REASON)
    elif verb in TYPED:
        getattr(decisions, verb)(decision, TYPED[verb], by=user)
    else:
        getattr(decisions, verb)(decision, by=user, comment=REASON)


@pytest.mark.parametrize("state", list(REVIEW.states))
def test_moves_of_a_review(
    state: str, office: User, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    review, wrong = open_review(office), []
    Review.objects.filter(pk=review.pk).update(state=state)
    for part, user in cast.items():
        client = client_of(user)
        for verb in not_offered(REVIEW, Review.objects.get(), user):
            path = reverse("awards:review_move", args=[review.pk, verb])
            told = [
                what_is_wrong(lambda: move_review(Review.objects.get(), verb, user), review),  # noqa: B023
                wrong_on_page(client, path, {"comment": REASON}, review),
            ]
            wrong += [f"{part}, {verb}: {one}" for one in told if one]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", list(DECISION.states))
def test_moves_of_a_decision(
    state: str,
    office: User,
    cast: dict[str, User],
    units: dict[str, Unit],
    client_of: Callable[[User], Client],
) -> None:
    review, wrong = carried_review(office, cast["clerk"], units["cchc"]), []
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    Decision.objects.update(state=state, **LETTER, **PAPER)
    for part, user in cast.items():
        client = client_of(user)
        for verb in not_offered(DECISION, Decision.objects.get(), user):
            name = "awards:decision_act" if verb in TYPED else "awards:decision_move"
            typed = {**DECISION_HEAD, **TYPED.get(verb, {}), "comment": REASON}
            told = [
                what_is_wrong(lambda: move_decision(Decision.objects.get(), verb, user), decision),  # noqa: B023
                wrong_on_page(client, reverse(name, args=[decision.pk, verb]), typed, decision),
            ]
            wrong += [f"{part}, {verb}: {one}" for one in told if one]
    assert not wrong, "\n".join(wrong)
