"""What waits for a person in the campaigns."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from campaigns.models import Campaign, CampaignYear, Registration, Stage
from campaigns.queries.calendar import OpenCalendar
from core import clock
from core.agenda import Task
from core.prepared import Prepared, Slot, Slots
from organization import roles
from organization.models import Acting, AskedBy, Unit

STATES = Registration.State


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """Own and the unit's registration, registrations to decide, and for the Office what a campaign still needs."""
    tasks = [*_own_tasks(user, calendar), *_decisions(user, calendar)]
    return [*tasks, *_office_tasks()] if user.acting.is_(roles.OFFICE) else tasks


def registers(acting: Acting) -> bool:
    """Nobody in the Sở scores its head."""
    return bool(acting.person_id and acting.unit_id) and not acting.heads_the_agency


def _own_tasks(user: Any, calendar: OpenCalendar) -> list[Task]:
    acting = user.acting
    if not registers(acting):
        return []
    today = clock.today()  # a year whose results are due takes no registration any more
    years = [pk for pk in calendar.movements if calendar.due.get((pk, Stage.PUBLICATION), date.max) >= today]
    rows = {
        (year, None if person else unit): state
        for year, person, unit, state in OWN_REGISTRATIONS.ask(user, years=years)
    }
    units = Unit.objects.scored().open().filter(pk=acting.unit_id) if acting.heads(acting.unit_id) else []
    targets: list[tuple[str, str, int | None]] = [("toi", "Đăng ký thi đua của tôi", None)]
    targets += [("don-vi", f"Đăng ký thi đua của {unit.short_name}", unit.pk) for unit in units]
    return [
        task
        for year in years
        for whose, title, unit_id in targets
        if (
            task := own_task(
                calendar,
                year,
                whose,
                title,
                rows.get((year, unit_id), STATES.NOT_SENT),
                unit_id or acting.unit_id,
            )
        )
    ]


def own_task(
    calendar: OpenCalendar, year: int, whose: str, title: str, state: str, unit: int | None
) -> Task | None:
    """``unit`` is where he works, or whose registration it is."""
    words = {
        STATES.NOT_SENT: (title, "Đăng ký"),
        STATES.RETURNED: (f"{title} bị trả lại", "Sửa lại"),
        STATES.WAITING: (f"{title} đang chờ duyệt", "Xem"),
    }
    if state not in words:
        return None
    due = calendar.last_day(year, Stage.REGISTRATION, unit)
    href = form_at(year, whose)
    return Task(
        words[STATES(state)][0],
        calendar.names[year],
        href,
        words[STATES(state)][1],
        due=due,
        is_waiting_for_me=state != STATES.WAITING,
    )


@cache
def form_at(year: int, whose: str) -> str:
    return reverse("campaigns:registration_edit", args=[year, whose])


def _decisions(user: Any, calendar: OpenCalendar) -> list[Task]:
    counts: dict[int, dict[int, int]] = {}
    for year, unit, count in REGISTRATIONS_TO_DECIDE.ask(user, years=calendar.names):
        counts.setdefault(year, {})[unit] = count
    return [decision_task(calendar, year, counts[year]) for year in calendar.names if year in counts]


def decision_task(calendar: OpenCalendar, year: int, counts: Mapping[int, int]) -> Task:
    """``counts`` says how many of each unit wait; the first of the units says until when."""
    return Task(
        "Duyệt đăng ký thi đua",
        calendar.names[year],
        f"{reverse('campaigns:registration_bulk')}?nam={year}",
        "Duyệt",
        due=calendar.first_due(year, Stage.REGISTRATION, counts),
        count=sum(counts.values()),
    )


def _registrations_of(user: Any) -> QuerySet:
    mine = Q(person_id=user.acting.person_id) | Q(person__isnull=True, unit_id__in=user.acting.headed)
    found = Registration.objects.filter(mine, campaign_year__in=Slots("years")).order_by()
    return found.values_list("campaign_year", "person", "unit", "state")


def _registrations_for(user: Any) -> QuerySet:
    waiting = Registration.objects.waiting_for(user).filter(campaign_year__in=Slots("years"))
    return waiting.order_by().values_list("campaign_year", "unit").annotate(Count("pk"))


OWN_REGISTRATIONS, REGISTRATIONS_TO_DECIDE = AskedBy(_registrations_of), AskedBy(_registrations_for)


def _planned() -> QuerySet:
    launched = CampaignYear.objects.filter(campaign__state=Campaign.State.LAUNCHED)
    planned = launched.filter(state=CampaignYear.State.PLANNED, year__lte=Slot("year"))
    return planned.values_list("pk", "campaign__short_name", "year")


DRAFTS = Prepared(lambda: Campaign.objects.filter(state=Campaign.State.DRAFT).values_list("pk", "short_name"))
PLANNED_YEARS = Prepared(_planned)


def _office_tasks() -> list[Task]:
    tasks = [
        Task(
            "Chuẩn bị phát động phong trào",
            name,
            reverse("campaigns:campaign_readiness", args=[pk]),
            "Xem",
        )
        for pk, name in DRAFTS.ask()
    ]
    return tasks + [
        Task(
            "Mở năm thi đua",
            f"{name} – năm {year}",
            reverse("campaigns:year_detail", args=[pk]),
            "Mở năm",
        )
        for pk, name, year in PLANNED_YEARS.ask(year=clock.today().year)
    ]
