"""Whoever is stopped is marked wherever somebody composes, reads or verifies a list; why, only for whom it concerns."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import proposals
from awards.actions.holds import place_hold
from awards.models import Nomination
from core import clock
from organization.models import Unit, User
from tests.awards.seasons import LABORER, begin, open_review, propose, qualify

pytestmark = pytest.mark.django_db
PAPER = "Thông báo 15/TB-TTr"


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def nomination(cast: dict[str, User], units: dict[str, Unit]) -> Nomination:
    review = open_review(cast["office"])
    for part in ("clerk", "colleague"):
        qualify(review, cast[part], cast["office"])
    proposal = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]
    propose(proposal, LABORER, cast["colleague"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    mine = propose(proposal, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    person, day = cast["clerk"].person, clock.today()  # type: ignore[attr-defined]
    place_hold(person=person, reason="complaint", paper=PAPER, started_on=day, by=cast["office"])
    return mine


def test_every_page_of_the_list_marks_him(
    nomination: Nomination, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    proposal = nomination.proposal
    own = [("proposal_detail", proposal.pk), ("proposal_choose", proposal.pk)]
    for name, pk in own:
        page = client_of(cast["colleague"]).get(reverse(f"awards:{name}", args=[pk])).content.decode()
        assert page.count("Tạm dừng xét khen thưởng từ ngày 06/01/2025") == 1, name
        assert PAPER not in page, name
        assert "đến khi có kết luận" in page, name
        page = client_of(cast["clerk"]).get(reverse(f"awards:{name}", args=[pk])).content.decode()
        assert PAPER in page, name

    proposals.submit(proposal, by=cast["head"])
    office = client_of(cast["office"])
    dossier = office.get(reverse("awards:dossier", args=[nomination.pk])).content.decode()
    assert "Đang tạm dừng." in dossier
    assert PAPER in dossier
    whole = office.get(reverse("awards:whole_list", args=[proposal.review_id])).content.decode()
    assert whole.count("Tạm dừng xét") == 1
