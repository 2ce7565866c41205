"""What waits for one person, from every app: the first page, the bell and the calendar feed say the same."""

from typing import Any

from awards.queries import tasks_of as award_tasks
from campaigns.queries import OpenCalendar, open_calendar
from campaigns.queries import tasks_of as campaign_tasks
from core.agenda import Task
from organization.queries import tasks_of as organization_tasks
from scoring.queries import tasks_of as scoring_tasks


def tasks_of(user: Any, calendar: OpenCalendar | None = None) -> list[Task]:
    calendar = calendar or open_calendar()
    return [
        *organization_tasks(user),
        *campaign_tasks(user, calendar),
        *scoring_tasks(user, calendar),
        *award_tasks(user),
    ]


def waiting_for(user: Any) -> list[Task]:
    return [task for task in tasks_of(user) if task.is_waiting_for_me]
