"""Questions about achievements and score sheets."""

from typing import Any

from core.agenda import Task
from scoring.queries import achievements, sheets, versions


def tasks_of(user: Any) -> list[Task]:
    """What waits for this user on the scoring floor."""
    return [*achievements.tasks_of(user), *sheets.tasks_of(user), *versions.tasks_of(user)]
