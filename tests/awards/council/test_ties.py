"""A tie: the chair's side decides it, where the province says so, in a show of hands and nowhere else."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import council, voting
from awards.actions.handovers import hand_over
from awards.calculations.votes import Count
from awards.models import CouncilSession, Review, VoteRound
from core.journal import history_of
from core.workflow import Refused
from organization.models import User
from tests.awards.council.builders import item_of, members, opened, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER

ClientOf = Callable[[User], Client]
TIE = Count(issued=4, collected=4, in_favour=2, against=2)


def with_the_rule(review: Review, value: bool = True) -> Review:
    known = {"valid_from": None, "is_confirmed": True, "is_of_office": True}
    review.figures = [*review.figures, {**known, "code": "vote-tie-chair", "value": value}]
    review.figures += [{**known, "code": "vote-base", "value": "present"}]
    review.save()
    return review


@pytest.fixture
def four(review: Review, cast: dict[str, User]) -> CouncilSession:
    """Four of five are there, and the share is one of those present."""
    return opened(with_the_rule(review), cast, council_member=("absent", "Ốm"))


def begun(
    session: CouncilSession, cast: dict[str, User], way: str = "hands", code: str = FIGHTER
) -> VoteRound:
    voting.open_votes(session, [item_of(session, code)], way, by=cast["office"])
    return item_of(session, code).rounds.get()


def count(
    session: CouncilSession, one: VoteRound, by: User, side: str = "", numbers: Count = TIE
) -> VoteRound:
    voting.count_rounds(session, {one.pk: numbers}, by=by, versions={}, chair_sides={one.pk: side})
    one.refresh_from_db()
    return one


@pytest.mark.parametrize(("side", "carried"), [("for", True), ("against", False)])
def test_the_side_of_the_chair_decides(
    side: str, carried: bool, four: CouncilSession, cast: dict[str, User]
) -> None:
    one = begun(four, cast)
    with pytest.raises(
        Refused, match=r"số phiếu ngang nhau \(2 – 2\); hãy ghi người chủ trì \(Hoàng Đức Long\)"
    ):
        count(four, one, cast["office"])
    count(four, one, cast["office"], side)
    assert (one.carried, one.chair_side, str(one.chair), one.base) == (carried, side, "Hoàng Đức Long", 4)


def test_where_nothing_is_tied_the_chair_is_one_of_many(four: CouncilSession, cast: dict[str, User]) -> None:
    one = count(four, begun(four, cast), cast["office"], "against", Count(4, 4, 3, 1))
    assert (one.carried, one.chair_side) == (True, "")
    abstained = count(four, begun(four, cast, code=COLLECTIVE), cast["office"], "for", Count(4, 4, 2, 1, 1))
    assert (abstained.carried, abstained.chair_side) == (False, "")


def test_a_correction_keeps_what_the_chair_said_before(four: CouncilSession, cast: dict[str, User]) -> None:
    one = count(four, begun(four, cast), cast["office"], "for")
    voting.recount(one, TIE, by=cast["office"], comment="Ghi nhầm", chair_side="against")
    one.refresh_from_db()
    assert (one.carried, one.chair_side) == (False, "against")
    assert "người chủ trì đồng ý): Ghi nhầm" in one.remark
    assert history_of(one)[0].data["before"]["chair_side"] == "for"


@pytest.mark.parametrize("way", ["papers", "electronic"])
def test_no_secret_ballot_asks_for_the_chair(way: str, four: CouncilSession, cast: dict[str, User]) -> None:
    one = begun(four, cast, way)
    assert one.chair is None
    if way == "papers":
        count(four, one, user_of(cast, "appraiser"), "for")
        assert (one.carried, one.chair_side) == (False, "")


def test_off_unless_the_province_says_so(review: Review, cast: dict[str, User]) -> None:
    session = opened(with_the_rule(review, value=False), cast, council_member=("absent", "Ốm"))
    one = count(session, begun(session, cast), cast["office"], "for")
    assert (one.chair, one.carried, one.chair_side) == (None, False, "")


def test_the_rule_is_pinned_when_the_session_opens(four: CouncilSession, cast: dict[str, User]) -> None:
    assert set(four.items.values_list("chair_decides_tie", flat=True)) == {True}
    review = four.review
    with_the_rule(review, value=False)
    assert begun(four, cast).chair is not None
    council.fix_rules(four)  # as a further session would have it
    assert set(four.items.values_list("chair_decides_tie", flat=True)) == {False}


def test_where_half_is_enough_there_is_no_tie(review: Review, cast: dict[str, User]) -> None:
    known = {"valid_from": None, "is_confirmed": True, "is_of_office": True}
    review.figures = [*review.figures, {**known, "code": "vote-agency-more-than", "value": False}]
    session = opened(with_the_rule(review), cast, council_member=("absent", "Ốm"))
    one = count(session, begun(session, cast), cast["office"])
    assert (one.chair, one.carried, one.chair_side) == (None, True, "")


def test_a_chair_without_a_vote_decides_nothing(four: CouncilSession, cast: dict[str, User]) -> None:
    """Four vote, the chair is not one of them; a vice-chair who took over is asked instead."""
    sitting = members(four, cast)
    council.mark_attendance(four, {sitting["council_member"].pk: ("present", "")}, by=cast["office"])
    voting.step_aside(item_of(four, FIGHTER), sitting["director"], by=cast["office"], reason="Bạn học")
    assert begun(four, cast).chair is None
    hand_over(
        four,
        "presides",
        sitting["council_member"],
        giver=sitting["director"],
        by=cast["office"],
        reason="Họp gấp",
    )
    assert str(begun(four, cast, code=COLLECTIVE).chair) == "Vũ Thị Mai"


def test_the_secretary_writes_it_on_the_page_and_the_minutes_say_so(
    four: CouncilSession, cast: dict[str, User], client_of: ClientOf
) -> None:
    one, office = begun(four, cast), client_of(cast["office"])
    room = office.get(reverse("awards:council_session", args=[four.pk])).content.decode()
    assert "thì theo bên có người chủ trì; phiếu giấy, phiếu kín thì không" in room
    address = reverse("awards:council_count", args=[four.pk])
    assert "Nếu số phiếu ngang nhau: người chủ trì (Hoàng Đức Long)" in office.get(address).content.decode()
    form = {f"in_favour_{one.pk}": 2, f"against_{one.pk}": 2}
    answer = office.post(address, form)
    assert (answer.status_code, "hãy ghi người chủ trì" in answer.content.decode()) == (422, True)
    assert office.post(address, {**form, f"chair_{one.pk}": "for"}).status_code == 302
    minutes = office.get(reverse("awards:council_minutes", args=[four.pk])).content.decode()
    assert "Số phiếu ngang nhau: theo bên có người chủ trì (Hoàng Đức Long đồng ý)." in minutes
    assert "Phát ra" not in minutes  # a show of hands has no papers

    box = voting.open_votes(four, [item_of(four, COLLECTIVE)], "electronic", by=cast["office"])
    assert box is not None
    text = office.get(reverse("awards:ballot_box", args=[box.pk])).content.decode()
    assert "phiếu kín không cho biết ý kiến của người chủ trì" in text
