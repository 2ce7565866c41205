"""The first page after sign-in: what waits for me, by deadline."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.queries import open_calendar, open_years
from core import clock
from core.agenda import Task
from emulation_portal.agenda import tasks_of


def home(request: HttpRequest) -> HttpResponse:
    today, user, calendar = clock.today(), request.user, open_calendar()
    tasks = tasks_of(user, calendar)
    mine = [task for task in tasks if task.is_waiting_for_me]
    return render(
        request,
        "home.html",
        {
            "groups": group_by_urgency(mine, today),
            "count": (count := sum(task.count for task in mine)),
            "count_of_tasks": count,  # the bell need not ask again
            "followed": [task for task in tasks if not task.is_waiting_for_me],
            "open_years": open_years(calendar, today),
            "today": today,
        },
    )


def group_by_urgency(tasks: Iterable[Task], today: date) -> list[dict[str, object]]:
    """Overdue, due within a week, later, without a deadline; each by deadline."""
    week = today + timedelta(days=7)
    groups: dict[str, list[Task]] = {
        "Quá hạn": [],
        "Trong 7 ngày tới": [],
        "Còn thời gian": [],
        "Không có hạn": [],
    }
    for task in sorted(tasks, key=lambda task: (task.due or date.max, task.title)):
        if task.due is None:
            groups["Không có hạn"].append(task)
        elif task.due < today:
            groups["Quá hạn"].append(task)
        elif task.due <= week:
            groups["Trong 7 ngày tới"].append(task)
        else:
            groups["Còn thời gian"].append(task)
    return [
        {"name": name, "tasks": found, "late": name == "Quá hạn"} for name, found in groups.items() if found
    ]
