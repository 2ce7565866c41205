"""A year with a catalogue, conditions and published results."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from awards import actions
from awards.actions import initiatives
from awards.models import Award, AwardEntry, AwardList, Initiative
from campaigns.models import CampaignYear
from organization import roles
from organization.models import Appointment, Person, Unit, User
from tests.awards.builders import build_catalogue, publish_people, publish_units
from tests.awards.initiatives import facts
from tests.cast import SINCE, fresh


@pytest.fixture
def awards(campaign_year: CampaignYear) -> dict[str, Award]:
    return build_catalogue(campaign_year)


@pytest.fixture
def second_office(cast: dict[str, User]) -> User:
    """Somebody else of Văn phòng Sở with the Office's role: nobody acts on a row about himself."""
    Appointment.objects.create(person=cast["office_head"].person, role=roles.OFFICE, started_on=SINCE)
    return fresh(cast["office_head"])


@pytest.fixture
def published(campaign_year: CampaignYear, awards: dict[str, Award], cast: dict[str, User]) -> CampaignYear:
    """Two units and four people reach 90; one unit reaches 95."""
    by = cast["office"]
    publish_units(campaign_year, {"cchc": "96.25", "vp": "91", "tccb": "89.99"}, by=by)
    scores = {
        "clerk": "95.75",
        "colleague": "89.5",
        "head": "93",
        "deputy": "82",
        "office": "90",
        "stranger": "97.5",
    }
    publish_people(campaign_year, {cast[part]: score for part, score in scores.items()}, by=by)
    return campaign_year


@pytest.fixture
def award_list(published: CampaignYear, office: User) -> AwardList:
    return actions.compute(published, by=office)


@pytest.fixture
def entry_of(award_list: AwardList) -> Callable[[Person], AwardEntry]:
    def find(person: Person) -> AwardEntry:
        return award_list.entries.get(scorecard__person=person)

    return find


@pytest.fixture
def settled(award_list: AwardList, office: User) -> AwardList:
    actions.settle(award_list, by=office)
    return award_list


@pytest.fixture
def draft(cast: dict[str, User], units: dict[str, Unit]) -> Initiative:
    """Written by the clerk, who shares it with his colleague."""
    shares = [(cast["clerk"].person, Decimal(60)), (cast["colleague"].person, Decimal(40))]
    return initiatives.start(facts(units["cchc"]), shares, by=cast["clerk"])
