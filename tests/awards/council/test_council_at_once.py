"""The council under many hands: one closes, one counts, everybody's envelope arrives, nobody votes after the count."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awards.actions import ballots, council, voting
from awards.actions.handovers import hand_over
from awards.calculations.votes import Count
from awards.models import (
    Ballot,
    BallotBox,
    CouncilMember,
    CouncilSession,
    Envelope,
    Handover,
    Review,
    VoteRound,
)
from core.models import Entry
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.council.builders import (
    DAY,
    SEATS,
    codes_of,
    item_of,
    members,
    opened,
    review_at_council,
    user_of,
)
from tests.awards.seasons import COLLECTIVE, FIGHTER
from tests.cast import build_cast
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


@pytest.fixture
def review(cast: dict[str, User]) -> Review:
    return review_at_council(cast, {unit.code: unit for unit in Unit.objects.all()})


@pytest.fixture
def session(review: Review, cast: dict[str, User]) -> CouncilSession:
    return opened(review, cast)


def won(results: list[Any]) -> int:
    for one in results:
        assert not isinstance(one, Exception) or isinstance(one, Refused), one
    return sum(not isinstance(one, Exception) for one in results)


def fresh(session: CouncilSession) -> CouncilSession:
    return CouncilSession.objects.get(pk=session.pk)


def test_a_session_is_closed_once(session: CouncilSession, review: Review, cast: dict[str, User]) -> None:
    for item in session.items.all():
        voting.defer(item, by=cast["office"], reason="Hết giờ")
    office = cast["office"]
    results = race(lambda _: council.close_session(fresh(session), by=office), AT_ONCE)
    assert won(results) == 1
    assert sum(isinstance(one, AlreadyDone) for one in results) == AT_ONCE - 1
    assert Entry.objects.filter(verb="conclude").count() == review.nominations.count()


def test_two_tellers_write_different_numbers(session: CouncilSession, cast: dict[str, User]) -> None:
    item = item_of(session, FIGHTER)
    voting.open_votes(session, [item], "papers", by=cast["office"])
    pk = item.rounds.get().pk
    tellers = [user_of(cast, part) for part in ("appraiser", "stranger_head")]

    def act(number: int) -> None:
        count = Count(5, 5, number, 5 - number)
        voting.count_rounds(fresh(session), {pk: count}, by=tellers[number % 2], versions={pk: 1})

    results = race(act, 5)
    assert won(results) == 1
    [winner] = [number for number, one in enumerate(results) if not isinstance(one, Exception)]
    assert VoteRound.objects.get().in_favour == winner


def test_a_vote_is_begun_once(session: CouncilSession, cast: dict[str, User]) -> None:
    item, office = item_of(session, COLLECTIVE), cast["office"]
    results = race(lambda _: voting.open_votes(fresh(session), [item], "hands", by=office), AT_ONCE)
    assert (won(results), VoteRound.objects.count()) == (1, 1)


def test_everybody_votes_at_the_same_moment(session: CouncilSession, cast: dict[str, User]) -> None:
    box = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert box is not None
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    pk, one = box.pk, box.rounds.get().pk
    users = [user_of(cast, part) for part in SEATS]
    results = race(lambda at: ballots.cast(BallotBox.objects.get(pk=pk), {one: "for"}, by=users[at % 5]), 10)
    assert (won(results), Envelope.objects.count()) == (10, 5)

    def count_or_vote(at: int) -> None:
        if at < 2:
            teller = users[3 + at]
            ballots.count_box(BallotBox.objects.get(pk=pk), codes, {}, by=teller)
        else:
            ballots.cast(BallotBox.objects.get(pk=pk), {one: "against"}, by=users[at % 5])

    results = race(count_or_vote, AT_ONCE)
    won(results)
    assert sum(not isinstance(one, Exception) for one in results[:2]) == 1
    assert (Envelope.objects.count(), Ballot.objects.count()) == (0, 5)
    voted_again = sum(not isinstance(one, Exception) for one in results[2:])
    assert Ballot.objects.filter(choice="against").count() == voted_again
    assert VoteRound.objects.get().collected == 5


def test_two_sessions_do_not_take_the_same_dossier(review: Review, cast: dict[str, User]) -> None:
    race(lambda _: council.plan_session(Review.objects.get(pk=review.pk), DAY, by=cast["office"]), 3)
    taken = [item.nomination_id for one in CouncilSession.objects.all() for item in one.items.all()]
    assert len(taken) == len(set(taken)) == review.nominations.count()


def test_two_hand_the_record_over_at_the_same_moment(session: CouncilSession, cast: dict[str, User]) -> None:
    sitting, office = members(session, cast), cast["office"]
    council.set_roster(session, {one.pk: (one.seat, False) for one in sitting.values()}, by=office)
    takers = [sitting["appraiser"], sitting["stranger_head"]]

    def act(at: int) -> None:
        taker = takers[at % 2]
        hand_over(fresh(session), "records", taker, giver=sitting["office"], by=office, reason="Họp gấp")

    results = race(act, 4)
    assert won(results) == 1
    assert Handover.objects.count() == 1
    assert CouncilMember.objects.get(duty="records") == Handover.objects.get().taker
