"""What no button offers is refused when it is asked for all the same: votes of the council and the secret ballot's box.

Which buttons there are is said in ``test_voting`` and ``test_ballots``; here the procedures' own tables are walked.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import ballots, tellers, voting
from awards.calculations.votes import Count
from awards.models import Ballot, BallotBox, CouncilSession, Envelope, VoteRound
from awards.workflow import BOX, ROUND
from organization.models import User
from tests.awards.council.builders import SEATS, codes_of, item_of, user_of
from tests.awards.refusals import not_offered, what_is_wrong, wrong_on_page
from tests.awards.seasons import COLLECTIVE, FIGHTER

REASON = "Có lý do"
ALL_FIVE = Count(issued=5, collected=5, in_favour=5, against=0)


def move_round(one: VoteRound, verb: str, user: User) -> None:
    if verb == "count":
        voting.count_rounds(one.item.session, {one.pk: ALL_FIVE}, by=user, versions={})
    elif verb == "recount":
        voting.recount(one, ALL_FIVE, by=user, comment=REASON)
    else:
        getattr(voting, verb)(one, by=user, comment=REASON)


def page_of_round(one: VoteRound, verb: str) -> str:
    if verb == "count":
        return reverse("awards:council_count", args=[one.item.session_id])
    return reverse(f"awards:round_{verb}", args=[one.pk])


def move_box(box: BallotBox, verb: str, user: User, codes: Sequence[str]) -> None:
    if verb == "count_box":
        ballots.count_box(box, codes, {}, by=user)
    elif verb == "replace_teller":
        members = list(box.session.members.all())
        gone = next(one for one in members if one.is_teller)
        there = next(one for one in tellers.takers(members))
        tellers.replace_teller(box, gone, there, by=user, reason=REASON)
    else:
        getattr(ballots, verb)(box, by=user, comment=REASON)


@pytest.mark.parametrize("way", ["hands", "papers"])
@pytest.mark.parametrize("state", list(ROUND.states))
def test_moves_of_a_vote(
    state: str,
    way: str,
    session: CouncilSession,
    cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:
    item, wrong = item_of(session, FIGHTER), []
    voting.open_votes(session, [item], way, by=cast["office"])
    VoteRound.objects.update(state=state, base=5, carried=True)
    one = VoteRound.objects.get()
    for part in cast:
        user = user_of(cast, part)
        client = client_of(user)
        for verb in not_offered(ROUND, VoteRound.objects.get(), user):
            told = [
                what_is_wrong(lambda: move_round(VoteRound.objects.get(), verb, user), one),  # noqa: B023
                wrong_on_page(client, page_of_round(one, verb), {"comment": REASON, "reason": REASON}, one),
            ]
            wrong += [f"{part}, {verb}: {said}" for said in told if said]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", list(BOX.states))
def test_moves_of_a_box(
    state: str, session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    """Everybody has voted and both codes are right: nothing but the state and the role stands in the way."""
    items, wrong = [item_of(session, FIGHTER), item_of(session, COLLECTIVE)], []
    box = voting.open_votes(session, items, "electronic", by=cast["office"])
    assert box is not None
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    choices = dict.fromkeys(box.rounds.values_list("pk", flat=True), Ballot.Choice.IN_FAVOUR)
    for part in SEATS:
        ballots.cast(box, choices, by=user_of(cast, part))
    sealed = Envelope.objects.count()
    BallotBox.objects.update(state=state)
    for part in cast:
        user = user_of(cast, part)
        client = client_of(user)
        for verb in not_offered(BOX, BallotBox.objects.get(), user):
            typed: dict[str, Any] = {"comment": REASON}
            name, given = "awards:box_move", [box.pk, verb]
            if verb == "count_box":
                name, given = "awards:box_count", [box.pk]
                typed = {"secret_first": codes[0], "secret_second": codes[1]}
            told = [
                what_is_wrong(lambda: move_box(BallotBox.objects.get(), verb, user, codes), box),  # noqa: B023
                wrong_on_page(client, reverse(name, args=given), typed, box),
            ]
            wrong += [f"{part}, {verb}: {said}" for said in told if said]
    assert not wrong, "\n".join(wrong)
    assert Envelope.objects.count() == sealed
