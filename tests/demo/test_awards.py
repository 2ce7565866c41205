"""Every page of awards of the demo office shows something, and what it shows keeps the rules."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from awards.models import (
    Absence,
    AnnualRating,
    Discipline,
    HistoryImport,
    Hold,
    Honour,
    Initiative,
    Nomination,
    Proposal,
    Prospect,
    Review,
    UnitComment,
    VoteRound,
)
from awards.queries.ratings import board_of
from emulation_portal.demo.roster import LOGINS
from organization.models import User

pytestmark = [pytest.mark.usefixtures("demo_office"), pytest.mark.xdist_group("demo")]


def test_everybody_is_rated_and_no_ceiling_is_broken() -> None:
    for year in range(2021, 2026):
        board = board_of(year)
        assert (board.rated, board.rated_collectives) == (board.people, len(board.collectives))
        assert not any(one.over for one in board.ceilings)
    own = AnnualRating.objects.filter(person__user__username="vanphong")
    assert not own.filter(set_by__username="vanphong").exists()  # nobody rates himself


def test_the_register_and_the_initiatives_go_back_for_years() -> None:
    held = Counter(Honour.objects.values_list("award__code", "year"))
    for year in (2021, 2022, 2023):
        assert held["grassroots_emulation_fighter", year] < held["advanced_laborer", year] * 0.15
        assert held["advanced_labor_collective", year] > 5
    assert set(Honour.objects.values_list("occasion", flat=True)) == {"regular", "thematic", "sudden"}
    assert Honour.objects.filter(person__user__username="chuyenvien").exists()
    kinds = Counter(HistoryImport.objects.filter(applied_at__isnull=False).values_list("kind", flat=True))
    assert kinds == {"honours": 2, "ratings": 5}
    assert set(Initiative.objects.values_list("state", flat=True)) == set(Initiative.State.values)
    for kind in (Absence, Discipline, UnitComment):
        assert kind.objects.exists()
    assert Hold.objects.filter(ended_on__isnull=True).exists()
    assert Hold.objects.filter(ended_on__isnull=False).exists()


def test_one_review_is_over_and_one_is_open() -> None:
    states = dict(Review.objects.values_list("year", "state"))
    assert (states[2024], states[2025]) == ("closed", "open")
    finished = Review.objects.get(year=2024)
    assert set(finished.proposals.values_list("state", flat=True)) == {Proposal.State.VERIFIED}
    assert finished.nominations.forwarded().count() == finished.nominations.count() > 60
    assert set(finished.nominations.values_list("outcome", flat=True)) == {"passed", "failed"}
    assert set(VoteRound.objects.values_list("way", flat=True)) == set(VoteRound.Way.values)
    assert set(finished.decisions.values_list("level", "state")) == {("so", "issued"), ("tinh", "issued")}
    given = Honour.objects.filter(year=2024, entry__isnull=False)
    assert given.count() == finished.nominations.filter(outcome="passed").count()
    running = Review.objects.get(year=2025)
    assert set(running.proposals.values_list("state", flat=True)) == set(Proposal.State.values)
    assert Nomination.objects.filter(review=running, verdict="flagged").exists()
    for review in (finished, running):
        assert set(review.prospects.values_list("state", flat=True)) == set(Prospect.State.values)


@pytest.mark.parametrize("username", LOGINS)
def test_every_login_finds_something_of_awards(username: str, client: Client) -> None:
    user = User.objects.get(username=username)
    client.force_login(user)
    for name in ("review_list", "register", "initiative_list"):
        page = client.get(reverse(f"awards:{name}"))
        assert page.status_code == 200
        assert page.context["list"].total, name
    for review in Review.objects.visible_to(user):
        assert client.get(reverse("awards:review_detail", args=[review.pk])).status_code == 200
    if user.person.nominations.exists():
        dossier = user.person.nominations.order_by("pk")[0]
        assert client.get(reverse("awards:dossier", args=[dossier.pk])).status_code == 200
