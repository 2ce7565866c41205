"""Somebody is held between the beginning of the vote on him and its count: counted, kept, and not concluded."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import ballots, council, voting
from awards.calculations.votes import Count
from awards.models import CouncilSession, Hold, Review
from core.journal import history_of
from core.workflow import Refused
from organization.models import User
from tests.awards.council.builders import SEATS, codes_of, item_of, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER

SAID = (
    "Tạm dừng xét khen thưởng từ ngày 05/01/2025, đến khi có kết luận. Phiếu đã bỏ được giữ nguyên, chưa dùng để kết"
    " luận."
)


def hold(cast: dict[str, User]) -> Hold:
    return Hold.objects.create(
        person=cast["clerk"].person,  # type: ignore[attr-defined]
        reason="inspection",
        paper="12/TTr",
        started_on=date(2025, 1, 5),
        placed_by=cast["office"],
    )


@pytest.mark.parametrize("way", ["papers", "electronic"])
def test_the_votes_are_kept_and_the_dossier_is_put_off(
    way: str,
    session: CouncilSession,
    review: Review,
    cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:
    office, teller = cast["office"], user_of(cast, "appraiser")
    items = [item_of(session, FIGHTER), item_of(session, COLLECTIVE)]
    box = voting.open_votes(session, items, way, by=office)
    rounds = [item.rounds.get() for item in items]
    if box:
        codes = codes_of(box, cast, "appraiser", "stranger_head")
        ballots.open_box(box, by=office)
        for part in SEATS:
            ballots.cast(box, {one.pk: "for" for one in rounds}, by=user_of(cast, part))
        hold(cast)
        ballots.count_box(box, codes, {}, by=teller)
        page = client_of(office).get(reverse("awards:ballot_box", args=[box.pk])).content.decode()
        assert f"Để lại: {SAID}" in page
        assert page.count("<strong>Đạt.</strong>") == 1
    else:
        hold(cast)
        voting.count_rounds(session, {one.pk: Count(5, 5, 5, 0) for one in rounds}, by=teller, versions={})
    mine, other = item_of(session, FIGHTER), item_of(session, COLLECTIVE)
    assert (mine.deferral, other.deferral) == (SAID, "")
    one = mine.rounds.get()
    assert (one.state, one.in_favour, one.against) == ("counted", 5, 0)
    assert history_of(session)[0].comment == SAID
    for left in session.items.filter(rounds__isnull=True):
        voting.defer(left, by=office, reason="Hết giờ")
    council.close_session(session, by=office)
    outcomes = dict(review.nominations.values_list("award__code", "outcome"))
    assert (outcomes[FIGHTER], outcomes[COLLECTIVE]) == ("deferred", "passed")


def test_once_the_hold_ends_the_votes_that_were_cast_conclude(
    session: CouncilSession, review: Review, cast: dict[str, User]
) -> None:
    office, item = cast["office"], item_of(session, FIGHTER)
    voting.open_votes(session, [item], "papers", by=office)
    placed = hold(cast)
    five = {item.rounds.get().pk: Count(5, 5, 5, 0)}
    voting.count_rounds(session, five, by=user_of(cast, "appraiser"), versions={})
    for left in session.items.filter(rounds__isnull=True):
        voting.defer(left, by=office, reason="Hết giờ")
    item.refresh_from_db()
    voting.take_up(item, by=office)
    with pytest.raises(Refused, match="đang tạm dừng xét khen thưởng"):
        council.close_session(session, by=office)
    placed.delete()
    council.close_session(session, by=office)
    assert review.nominations.get(award__code=FIGHTER).outcome == "passed"
