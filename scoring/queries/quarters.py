"""Achievements of a quarter: whoever is registered and has reported nothing since the quarter before ended owes one."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Period, Registration, Stage
from campaigns.queries import OpenCalendar
from core import clock
from core.agenda import Task
from scoring.models import Achievement


class Quarter(NamedTuple):
    """``since`` is the day after the last day of the quarter before."""

    year: int
    quarter: str
    since: date
    due_on: date


class Missing(NamedTuple):
    """A quarter of which nothing was reported by a person, or by a unit."""

    quarter: Quarter
    person: int | None
    unit: int
    unit_name: str


def quarters_asked_for(calendar: OpenCalendar, day: date) -> list[Quarter]:
    """Of every open movement the quarter that ends next, and the one that has just ended; a late report counts for
    both."""
    found: list[Quarter] = []
    for year, rows in calendar.quarters.items():
        spans, since = list[Quarter](), date.min
        for quarter, due_on in rows:
            spans.append(Quarter(year, quarter, since, due_on))
            since = due_on + timedelta(days=1)
        found += [one for one in spans if one.due_on < day][-1:]
        found += [one for one in spans if one.due_on >= day][:1]
    return found


def missing(calendar: OpenCalendar, day: date, *, whose: Q | None = None) -> Iterable[Missing]:
    """By everybody registered, or by those whom ``whose`` names; two questions, and none without quarters.

    Nobody owes a quarter that ended before he was registered, nor any once his unit's achievements are taken no more.
    """
    asked = quarters_asked_for(calendar, day)
    if not asked:
        return
    years = {one.year for one in asked}
    registered = Registration.objects.filter(
        whose or Q(), state=Registration.State.APPROVED, campaign_year__in=years
    )
    reported = Achievement.objects.filter(whose or Q(), campaign_year__in=years, submitted_at__isnull=False)
    reported = reported.exclude(state=Achievement.State.DRAFT)  # submitted once, and withdrawn
    facts = ("campaign_year", "person", "unit")
    latest: dict[tuple[int, int | None, int | None], date] = {}
    for year, person, unit, when in reported.order_by().values_list(*facts).annotate(Max("submitted_at")):
        key = (year, person, None if person else unit)
        latest[key] = max(latest.get(key, date.min), timezone.localdate(when))
    names = ("unit__short_name", "created_at")
    for year, person, unit, name, since in registered.order_by("pk").values_list(*facts, *names):
        if day > (calendar.last_day(year, Stage.ACHIEVEMENTS, unit) or date.max):
            continue
        last = latest.get((year, person, None if person else unit), date.min)
        for one in asked:
            is_his = one.year == year and one.due_on >= timezone.localdate(since)
            if is_his and (last == date.min or last < one.since):
                yield Missing(one, person, unit, name)


def quarter_task(calendar: OpenCalendar, one: Missing) -> Task:
    words = Period(one.quarter.quarter).label
    whose = "" if one.person else f" của {one.unit_name}"
    return Task(
        f"Chưa nộp thành tích {words[0].lower()}{words[1:]}{whose}",
        calendar.names[one.quarter.year],
        f"{reverse('scoring:achievement_list_of', args=['cua-toi'])}?nam={one.quarter.year}#{one.quarter.quarter}",
        "Nộp thành tích",
        due=one.quarter.due_on,
    )


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """One's own, and those of the units one heads."""
    acting = user.acting
    if not acting.person_id or not calendar.quarters:
        return []
    whose = Q(person=acting.person_id) | Q(person__isnull=True, unit__in=acting.headed)
    return [quarter_task(calendar, one) for one in missing(calendar, clock.today(), whose=whose)]
