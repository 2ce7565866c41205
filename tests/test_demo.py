"""The demo office: built through the acts of the portal, whole, and the same at every run."""

from collections import Counter

import pytest
from django.core.management import call_command

from awards.models import AwardEntry, AwardList
from campaigns.models import CampaignYear, Registration
from core.models import Entry
from emulation_portal.demo.roster import LOGINS, people
from organization import roles
from organization.models import Person, Posting, Unit, User
from scoring.models import Achievement, Publication, Scorecard


@pytest.fixture
def office(db: None) -> None:
    call_command("load_reference", verbosity=0)
    call_command("demo")


def test_the_roster_is_the_same_at_every_run() -> None:
    assert list(people()) == list(people())
    assert len({plan.full_name for plan in people()}) == len(list(people()))


@pytest.mark.usefixtures("office")
def test_the_office_stands_with_something_in_every_state() -> None:
    running = CampaignYear.objects.get(year=2025)
    assert Person.objects.count() == 92
    assert User.objects.filter(is_demo=False).count() == 0
    assert _roles() == {
        "giamdoc": {roles.HEAD},
        "vanphong": {roles.OFFICE},
        "quantri": {roles.TECHNICIAN},
        "thanhtra": {roles.INSPECTOR},
        "uyvien": {roles.HEAD, roles.COUNCIL, roles.APPRAISER},
        "truongphong": {roles.HEAD},
        "chuyenvien": set(),
    }
    assert Unit.objects.filter(closed_on__isnull=False).count() == 1
    assert Posting.objects.filter(ended_on__isnull=False).exists()
    assert set(CampaignYear.objects.values_list("year", "state")) == {
        (2022, "closed"),
        (2023, "closed"),
        (2024, "open"),
        (2025, "open"),
    }
    assert _states(Registration.objects.filter(campaign_year=running)) == set(Registration.State.values)
    assert _states(Achievement.objects.filter(campaign_year=running)) == set(Achievement.State.values)
    assert _states(Scorecard.objects.all()) == set(Scorecard.State.values)
    assert Publication.objects.in_force().count() == 4
    assert Counter(AwardList.objects.values_list("state", flat=True)) == {"settled": 2, "draft": 1}
    assert AwardEntry.objects.filter(award_list__campaign_year__year=2024).exists()
    assert Entry.objects.filter(at__year=2022).exists()


def _states(rows: object) -> set[str]:
    return set(rows.values_list("state", flat=True))  # type: ignore[attr-defined]


def _roles() -> dict[str, set[str]]:
    return {name: set(User.objects.get(username=name).acting.roles) for name in LOGINS}
