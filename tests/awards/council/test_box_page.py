"""The page of a ballot box asks no more for more dossiers, whoever looks and however far the vote is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import ballots, voting
from awards.models import Ballot, BallotBox, CouncilSession, Nomination, Proposal, VoteRound
from organization.models import Post, Unit, User
from tests.awards.builders import hire
from tests.awards.council.builders import codes_of, item_of, nominate, user_of
from tests.awards.seasons import FIGHTER, LABORER

VOTERS = ("director", "council_member", "office", "appraiser", "stranger_head")


@pytest.mark.parametrize("state", ["prepared", "open", "counted"])
def test_the_box_asks_no_more_for_more_dossiers(
    state: str,
    session: CouncilSession,
    cast: dict[str, User],
    units: dict[str, Unit],
    client_of: Callable[[User], Client],
    assert_same_queries: Callable[..., Any],
) -> None:
    box = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert box is not None
    as_far_as(box, state, cast)

    def grow() -> None:
        for _ in range(2):
            one_more(box, units["cchc"])

    address = reverse("awards:ballot_box", args=[box.pk])
    for part in ("office", "council_member", "appraiser"):
        assert_same_queries(client_of(user_of(cast, part)), address, grow)
    assert box.rounds.count() == 7


def as_far_as(box: BallotBox, state: str, cast: dict[str, User]) -> None:
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    if state == "prepared":
        return
    ballots.open_box(box, by=cast["office"])
    if state == "counted":
        only = box.rounds.get()
        for part in VOTERS:
            ballots.cast(box, {only.pk: "for"}, by=user_of(cast, part))
        ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))


def one_more(box: BallotBox, unit: Unit) -> None:
    """A further dossier in the box, as far as the first."""
    letters = "ABCDEĐGHIKLMN"
    name = f"Lê Văn {letters[Nomination.objects.count()]}a"
    person = hire(name, unit, Post.objects.get(code="chuyen-vien"))
    nomination = nominate(box.session.review, Proposal.objects.get(), LABORER, person=person)
    item = box.session.items.create(nomination=nomination, percent="50", is_more_than=True, base="members")
    first = box.rounds.order_by("pk").first()
    assert first is not None
    ballots_of_first = list(first.ballots.all())
    one = VoteRound.objects.get(pk=first.pk)
    one.pk, one._state.adding, one.item, one.number = None, True, item, 1
    one.save()
    one.present.set(first.present.all())
    for ballot in ballots_of_first:
        Ballot.objects.create(round=one, choice=ballot.choice, receipt=f"{one.pk}{ballot.receipt}"[:12])
