"""What of achievements waits for whom: drafts and what came back for authors, what was handed in for heads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from campaigns.models import Stage
from campaigns.queries import OpenCalendar, last_day_for
from core.agenda import Task
from core.prepared import Slots
from organization.models import AskedBy
from scoring.models import Achievement

State = Achievement.State


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """For heads what waits for their decision, for authors what came back and what was not submitted."""
    if not user.acting.person_id:
        return []
    counts: dict[tuple[int, str], dict[int, int]] = {}
    for year, state, unit, count in TASK_COUNTS.ask(user, years=calendar.names):
        counts.setdefault((year, state), {})[unit] = count
    return [
        task_of_state(calendar, year, state, found)
        for one in calendar.names
        for (year, state), found in counts.items()
        if year == one
    ]


def _task_counts(user: Any) -> QuerySet:
    acting = user.acting
    of_unit = Q(person__isnull=True, unit_id__in=acting.units, prepared_by_id=user.pk)
    mine = Q(person_id=acting.person_id) | of_unit
    waiting = Q(state=State.SUBMITTED, approving_unit_id__in=acting.headed)
    rows = Achievement.objects.filter(Q(mine, state__in=[State.RETURNED, State.DRAFT]) | waiting)
    rows = rows.filter(campaign_year__in=Slots("years")).order_by("state")
    return rows.values_list("campaign_year", "state", "unit").annotate(Count("pk"))


TASK_COUNTS = AskedBy(_task_counts)
TASKS = {
    State.SUBMITTED: ("Thành tích chờ xác nhận", "Xem và xác nhận", "cho-toi", Stage.APPROVAL),
    State.RETURNED: ("Thành tích bị trả lại, cần sửa", "Sửa lại", "cua-toi", Stage.APPROVAL),
    State.DRAFT: ("Bản nháp thành tích chưa nộp", "Viết tiếp", "cua-toi", Stage.ACHIEVEMENTS),
}


def task_of_state(calendar: OpenCalendar, year: int, state: str, counts: Mapping[int, int]) -> Task:
    """``counts`` says how many of each unit there are; the first of the units says until when."""
    words, verb, view, stage = TASKS[State(state)]
    address = reverse("scoring:achievement_list_of", args=[view])
    href = f"{address}?trang-thai={state}&nam={year}"
    return Task(
        words, calendar.names[year], href, verb, calendar.first_due(year, stage, counts), sum(counts.values())
    )


def due_of(achievement: Achievement) -> date | None:
    """Until when it waits for whom its state names, as first pages say it."""
    task = TASKS.get(State(achievement.state))
    return last_day_for(achievement.campaign_year, task[3], achievement.unit_id) if task else None
