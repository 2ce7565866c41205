"""Two open rounds are two matters, though a page of both is one: no deadline and no delay swallows the other's."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from campaigns.models import CampaignYear, Deadline
from core import clock
from emulation_portal.agenda import tasks_of
from emulation_portal.reminding import reference
from emulation_portal.views.bell import as_calendar
from organization.models import User
from tests.cast import build_campaign_year, fresh
from tests.reminding.test_notices import send
from tests.reminding.test_planning import DUE, PLANS, moment, told


@pytest.fixture
def years(campaign_year: CampaignYear) -> tuple[CampaignYear, CampaignYear]:
    reference.load(PLANS)
    other = build_campaign_year(year=2024)
    Deadline.objects.all().delete()
    for year, due in ((campaign_year, DUE), (other, date(2025, 12, 16))):
        for stage in ("registration", "approval"):
            Deadline.objects.create(campaign_year=year, stage=stage, due_on=due)
    return campaign_year, other


def test_the_calendar_holds_both_deadlines(
    years: tuple[CampaignYear, CampaignYear], clerk: User, head: User, client_of: Any
) -> None:
    with clock.at(moment(date(2025, 12, 10))):
        for year in years:
            send(year, clerk)
        feed: Any = Calendar.from_ical(as_calendar(tasks_of(fresh(head))))
        events = [one for one in feed.walk("VEVENT") if "duyet" in str(one["url"])]
        assert {str(one["dtstart"].dt) for one in events} == {"2025-12-15", "2025-12-16"}
        assert len({str(one["uid"]) for one in events}) == 2
        for year in years:
            page = client_of(head).get(reverse("campaigns:registration_bulk"), {"nam": year.pk})
            assert [one.campaign_year for one in page.context["rows"]] == [year]
        assert page.context["total"] == 1
        everything = client_of(head).get(reverse("campaigns:registration_bulk"))
        assert everything.context["total"] == 2


def test_above_hear_of_the_delay_in_each_round(
    years: tuple[CampaignYear, CampaignYear], clerk: User, head: User
) -> None:
    with clock.at(moment(date(2025, 12, 10))):
        for year in years:
            send(year, clerk)
    Deadline.objects.all().update(due_on=DUE)
    found = told(date(2025, 12, 18))["director"]  # three working days late with deciding
    rounds = {line.item.owed.round_id for line in found.copies if line.item.owed.stage == "approval"}
    assert rounds == {year.pk for year in years}
