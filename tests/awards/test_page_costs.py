"""What the pages of dossiers, proposals and decisions cost: the same for few nominations as for many."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import decisions
from awards.models import Award, Flag, Nomination, Proposal, Review
from awards.queries.decisions import waiting
from core import clock
from organization.models import Person, Unit, User
from tests.awards.seasons import COLLECTIVE, DECISION_HEAD, LABORER, begin, open_review, propose, qualify

Browser = Callable[[User], Client]
Same = Callable[[Client, str, Callable[[], Any]], None]
State = Proposal.State


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
    propose(made, COLLECTIVE, units["cchc"], by=cast["clerk"])
    return made


def grow(proposal: Proposal, cast: dict[str, User]) -> None:
    """Three colleagues more, and somebody of another unit."""
    other = Proposal.objects.create(
        review=proposal.review, unit=Unit.objects.get(code="ttlt"), prepared_by=cast["office"]
    )
    for part in ("colleague", "head", "deputy", "stranger"):
        person: Person = cast[part].person  # type: ignore[attr-defined]
        one = Nomination.objects.create(
            review=proposal.review, award=Award.objects.get(code=LABORER), person=person,
            proposal=other if part == "stranger" else proposal, votes_for=4, votes_against=0,
        )  # fmt: skip
        Flag.objects.create(nomination=one, point="report", text="Bổ sung", raised_by=cast["office"])


def shrink(proposal: Proposal) -> None:
    Nomination.objects.exclude(person__user__username="clerk").filter(person__isnull=False).delete()
    Proposal.objects.exclude(pk=proposal.pk).delete()


@pytest.mark.parametrize(
    ("part", "state"),
    [
        ("clerk", State.DRAFT),
        ("head", State.RETURNED),
        ("office", State.SUBMITTED),
        ("director", State.VERIFIED),
    ],
)
def test_dossier_and_proposal(
    part: str,
    state: State,
    proposal: Proposal,
    cast: dict[str, User],
    client_of: Browser,
    assert_same_queries: Same,
) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(state=state)
    client, rows = client_of(cast[part]), list(proposal.nominations.order_by("pk"))
    pages = [reverse("awards:dossier", args=[one.pk]) for one in rows]
    pages.append(reverse("awards:proposal_detail", args=[proposal.pk]))
    for page in pages:
        assert_same_queries(client, page, lambda: grow(proposal, cast))
        shrink(proposal)


def test_decisions(
    proposal: Proposal, cast: dict[str, User], client_of: Browser, assert_same_queries: Same
) -> None:
    office, review = cast["office"], proposal.review
    Review.objects.filter(pk=review.pk).update(state=Review.State.DECIDING)
    review.refresh_from_db()
    carried = {"verdict": "accepted", "outcome": Nomination.Outcome.PASSED}
    Nomination.objects.update(**carried)
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)

    def more() -> None:
        grow(proposal, cast)
        Nomination.objects.update(**carried)

    def on_the_list() -> None:
        more()
        rows = Nomination.objects.all()
        decision.refresh_from_db()
        decisions.change(decision, rows, DECISION_HEAD, by=office)

    client = client_of(office)
    for name, number in (("decision_list", review.pk), ("decision_change", decision.pk)):
        more()
        assert_same_queries(client, reverse(f"awards:{name}", args=[number]), lambda: shrink(proposal))
    assert_same_queries(client, reverse("awards:decision_detail", args=[decision.pk]), on_the_list)
