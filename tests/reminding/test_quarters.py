"""Achievements of the quarter: who is registered and reports nothing is reminded, who has reported is left alone."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.actions.campaigns import set_deadlines
from campaigns.actions.rounds import take_over
from campaigns.models import CampaignYear, Deadline, Extension, Registration
from campaigns.queries import open_calendar
from core import clock
from core.journal import history_of
from core.workflow import Refused
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import gather
from emulation_portal.reminding.pressing import owing_in
from organization.models import User
from scoring.models import Achievement
from scoring.queries.quarters import tasks_of
from tests.reminding.test_planning import PLANS

ClientOf = Callable[[User], Client]
YEAR = 2025
QUARTERS = {
    "q1": date(YEAR, 3, 31), "q2": date(YEAR, 6, 30), "q3": date(YEAR, 9, 30), "q4": None,
}  # fmt: skip


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{YEAR}-{day}T09:00+07:00")


@pytest.fixture
def quarters(campaign_year: CampaignYear, office: User) -> CampaignYear:
    """Three quarters with a last day, the year itself to 25/11."""
    Deadline.objects.filter(campaign_year=campaign_year, stage="achievements").update(
        due_on=date(YEAR, 11, 25)
    )
    later = campaign_year.deadlines.exclude(stage__in=["registration", "achievements"])
    later.update(due_on=date(YEAR, 12, 15))
    campaign_year.deadlines.filter(stage="registration").update(due_on=date(YEAR, 2, 28))
    days = {one.stage: one.due_on for one in campaign_year.deadlines.all()}
    set_deadlines(campaign_year, by=office, deadlines=days, quarters=QUARTERS)
    return campaign_year


def register(year: CampaignYear, user: User, **changes: Any) -> None:
    unit = user.person.postings.get().unit  # type: ignore[union-attr]
    facts = {"person": user.person, "unit": unit, "unit_name": unit.name, "state": "approved"}
    facts["created_at"] = moment("02-20")
    Registration.objects.update_or_create(
        campaign_year=year, person=facts["person"], defaults={**facts, **changes}
    )


def report(year: CampaignYear, user: User, day: str) -> None:
    unit = user.person.postings.get().unit  # type: ignore[union-attr]
    Achievement.objects.create(
        campaign_year=year, unit=unit, person=user.person, prepared_by=user, title="Một cửa số",
        state="submitted", submitted_at=moment(day), approving_unit=unit,
    )  # fmt: skip


def owed(user: User, day: str) -> list[tuple[str, date | None]]:
    """On the first page, and the same in the reminders."""
    with clock.at(moment(day)):
        tasks = tasks_of(user, open_calendar())
        gathered = [
            one.task
            for one in gather().owed
            if one.user_id == user.pk and "Chưa nộp thành tích" in one.task.title
        ]
        assert gathered == tasks
    return [(one.title, one.due) for one in tasks]


def test_who_is_registered_owes_the_quarter_until_he_reports(quarters: CampaignYear, clerk: User) -> None:
    assert owed(clerk, "03-20") == []  # not registered yet
    register(quarters, clerk)
    assert owed(clerk, "03-20") == [("Chưa nộp thành tích quý I", date(YEAR, 3, 31))]
    report(quarters, clerk, "03-25")
    assert owed(clerk, "03-26") == []
    assert owed(clerk, "04-02") == [("Chưa nộp thành tích quý II", date(YEAR, 6, 30))]


def test_a_quarter_that_is_over_stays_owed_until_something_comes(quarters: CampaignYear, clerk: User) -> None:
    register(quarters, clerk)
    assert [title for title, _ in owed(clerk, "04-10")] == [
        "Chưa nộp thành tích quý I",
        "Chưa nộp thành tích quý II",
    ]
    report(quarters, clerk, "04-10")  # late for the first, in time for the second
    assert owed(clerk, "04-11") == []
    assert [title for title, _ in owed(clerk, "07-01")] == ["Chưa nộp thành tích quý III"]


def test_after_the_years_last_day_nothing_is_owed(quarters: CampaignYear, clerk: User) -> None:
    register(quarters, clerk)
    assert [title for title, _ in owed(clerk, "11-25")] == ["Chưa nộp thành tích quý III"]
    assert owed(clerk, "11-26") == []


def test_a_unit_reports_through_its_head(quarters: CampaignYear, clerk: User, head: User) -> None:
    register(quarters, head, state="not_sent")
    unit = head.person.postings.get().unit  # type: ignore[union-attr]
    Registration.objects.create(
        campaign_year=quarters,
        unit=unit,
        unit_name=unit.name,
        state="approved",
        prepared_by=head,
        created_at=moment("02-20"),
    )
    assert owed(head, "03-20") == [(f"Chưa nộp thành tích quý I của {unit.short_name}", date(YEAR, 3, 31))]
    assert owed(clerk, "03-20") == []


def test_the_office_sets_the_days_with_the_calendar(
    campaign_year: CampaignYear, office: User, clerk: User, client_of: ClientOf
) -> None:
    address = reverse("campaigns:deadlines_change", args=[campaign_year.pk])
    browser = client_of(office)
    page = browser.get(address)
    assert "Thành tích quý I" in page.content.decode()
    values = {
        name: field.initial.strftime("%d/%m/%Y")
        if hasattr(field.initial, "strftime")
        else field.initial or ""
        for name, field in page.context["form"].fields.items()
    }
    first = f"31/03/{campaign_year.year}"
    assert browser.post(address, {**values, "q1": first}).status_code == 302
    assert [str(one) for one in campaign_year.quarter_deadlines.all()] == [f"Quý I: {first}"]
    assert f"Thành tích Quý I: chưa có → {first}" in history_of(campaign_year)[0].comment
    assert (
        f"Quý I: hết ngày {first}"
        in client_of(clerk).get(reverse("campaigns:year_detail", args=[campaign_year.pk])).content.decode()
    )
    values["version"] = campaign_year.__class__.objects.get(pk=campaign_year.pk).version
    wrong = browser.post(address, {**values, "q1": first, "q2": f"01/02/{campaign_year.year}"})
    assert wrong.status_code == 422
    assert "phải không sớm hơn" in wrong.content.decode()
    assert campaign_year.quarter_deadlines.count() == 1
    assert browser.post(address, {**values, "q1": ""}).status_code == 302
    assert not campaign_year.quarter_deadlines.exists()


def test_they_lie_before_the_years_last_day(campaign_year: CampaignYear, office: User) -> None:
    days = {one.stage: one.due_on for one in campaign_year.deadlines.all()}
    late = {"q4": date(campaign_year.year + 1, 12, 31)}
    with pytest.raises(Refused, match="phải không sớm hơn"):
        set_deadlines(campaign_year, by=office, deadlines=days, quarters=late)


def test_who_registers_later_owes_nothing_of_before(quarters: CampaignYear, clerk: User) -> None:
    register(quarters, clerk, created_at=moment("04-10"))
    assert [title for title, _ in owed(clerk, "04-11")] == ["Chưa nộp thành tích quý II"]


def test_what_was_withdrawn_reports_nothing_and_more_time_counts(
    quarters: CampaignYear, office: User, clerk: User
) -> None:
    register(quarters, clerk)
    report(quarters, clerk, "09-20")
    Achievement.objects.update(state="draft")
    assert [title for title, _ in owed(clerk, "09-21")][-1] == "Chưa nộp thành tích quý III"
    unit = clerk.person.postings.get().unit  # type: ignore[union-attr]
    assert owed(clerk, "11-26") == []
    Extension.objects.create(
        campaign_year=quarters, stage="achievements", unit=unit, until=date(YEAR, 12, 10), reason="Bão",
        given_by=office,
    )  # fmt: skip
    assert [title for title, _ in owed(clerk, "11-26")] == ["Chưa nộp thành tích quý III"]


def test_the_next_year_takes_the_quarters_over(quarters: CampaignYear) -> None:
    made = CampaignYear.objects.create(campaign=quarters.campaign, year=YEAR + 1)
    take_over(quarters, made)
    assert [str(one) for one in made.quarter_deadlines.all()] == [
        f"Quý I: 31/03/{YEAR + 1}", f"Quý II: 30/06/{YEAR + 1}", f"Quý III: 30/09/{YEAR + 1}",
    ]  # fmt: skip


def test_one_who_is_late_keeps_nobody_from_being_pressed_for_the_next_quarter(
    quarters: CampaignYear, office: User, clerk: User, colleague: User
) -> None:
    """The clerk owes the first quarter still; both owe the second one, of which this is the last day."""
    reference.load(PLANS)
    register(quarters, clerk)
    register(quarters, colleague)
    report(quarters, colleague, "03-20")
    with clock.at(moment("06-30")):
        _, found = owing_in(quarters)
        [owing] = [one for one in found if one.plan.stage == "achievements"]
        due = {one.user.username: len(one.items) for one in owing.everybody}
        assert due == {"clerk": 2, "colleague": 1}
