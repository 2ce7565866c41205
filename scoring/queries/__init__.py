"""Questions about achievements and score sheets."""

from typing import Any

from campaigns.queries import OpenCalendar
from core.agenda import Task
from scoring.queries import achievement_tasks, quarters, rows, sheets, versions


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """What waits for this user on the scoring floor."""
    return [
        *achievement_tasks.tasks_of(user, calendar),
        *quarters.tasks_of(user, calendar),
        *sheets.tasks_of(user, calendar),
        *rows.tasks_of(user, calendar),
        *versions.tasks_of(user),
    ]
