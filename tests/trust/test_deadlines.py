"""A deadline is the whole of its last day in Việt Nam: 23:59:59 is in time, 00:00:00 is late, on any server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.actions import registrations
from campaigns.models import CampaignYear, Deadline, Registration
from core import clock
from core.journal import history_of
from organization.models import Appointment, User
from tests.cast import fresh

DUE = datetime(2025, 12, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LAST_SECOND = DUE.replace(hour=23, minute=59, second=59)
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


@pytest.fixture
def due(campaign_year: CampaignYear) -> CampaignYear:
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=DUE.date())
    return campaign_year


def register(year: CampaignYear, by: User) -> Registration:
    made = registrations.start(year, by=by)
    registrations.save(made, by=by, pledge="Hoàn thành nhiệm vụ.", items=[])
    return registrations.submit(made, by=by)


@pytest.mark.parametrize("zone", [lambda moment: moment, in_utc])
@pytest.mark.parametrize(("moment", "late"), [(LAST_SECOND, False), (MIDNIGHT, True)])
def test_a_registration_is_late_from_midnight_on(
    due: CampaignYear, clerk: User, zone: Callable[[datetime], datetime], moment: datetime, late: bool
) -> None:
    with clock.at(zone(moment)):
        made = register(due, clerk)
        line = history_of(made).filter(verb="submit").get()
    assert bool(line.data.get("late")) is late
    assert ("Nộp muộn" in line.comment) is late


def test_the_year_is_that_of_viet_nam(due: CampaignYear) -> None:
    new_year = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)
    with clock.at(new_year):
        assert (clock.today().year, clock.today().day) == (2026, 1)


@pytest.mark.parametrize(("moment", "holds"), [(LAST_SECOND, True), (MIDNIGHT, False)])
def test_a_role_is_held_through_its_last_day(
    cast: dict[str, User], client_of: Callable[[User], Client], moment: datetime, holds: bool
) -> None:
    technician = cast["technician"]
    Appointment.objects.filter(person=technician.person).update(ended_on=DUE.date())
    with clock.at(in_utc(moment)):
        assert fresh(technician).acting.is_("technician") is holds
        answer = client_of(technician).get(reverse("organization:account_list"))
        assert (answer.status_code == 200) is holds


def test_the_first_page_counts_days_in_viet_nam(
    due: CampaignYear, clerk: User, client_of: Callable[[User], Client]
) -> None:
    for moment, shown in ((LAST_SECOND, "15/12/2025"), (MIDNIGHT, "16/12/2025")):
        with clock.at(in_utc(moment)):
            html: Any = client_of(clerk).get("/").content.decode()
            assert f"Hôm nay {shown}" in html
