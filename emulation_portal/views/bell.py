"""The bell in the head of every page, fetched after the page; and the same deadlines as a calendar feed."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from core import clock
from core.agenda import Task
from core.limits import is_too_often, seconds_left
from core.workdays import at_in_words, before_in_words
from emulation_portal.agenda import waiting_for
from organization.models import User


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    count = sum(task.count for task in waiting_for(request.user))
    return render(request, "reminders/bell.html", {"count": count})


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The deadlines of whoever holds this address: days and links, nothing of any dossier."""
    user = User.objects.filter(calendar_key=key, is_active=True).select_related("person").first()
    if user is None:
        raise Http404
    if is_too_often("feed", user.pk, limit=settings.LIMITS_PER_MINUTE.get("feed", 0)):
        answer = HttpResponse("Đọc lịch quá nhiều lần.", content_type="text/plain; charset=utf-8", status=429)
        answer["Retry-After"] = str(seconds_left())
        return answer
    return HttpResponse(as_calendar(waiting_for(user)), content_type="text/calendar; charset=utf-8")


def as_calendar(tasks: list[Task]) -> bytes:
    calendar: Any = Calendar()
    calendar.add("prodid", "-//Cong Thi dua//vi")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Hạn việc thi đua")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for task in tasks:
        if task.due:
            calendar.add_component(_event(task, task.due))
    return bytes(calendar.to_ical())


def _event(task: Task, due: date) -> Event:
    link = f"{settings.SITE_URL}{task.href}"
    event: Any = Event()
    which = (
        f"{task.href} {task.verb} {task.title}"  # what two rounds have in common is told apart by its link
    )
    event.add("uid", f"{sha256(which.encode()).hexdigest()[:32]}@thidua")
    event.add("dtstamp", clock.now())
    if task.at:  # how long a meeting takes nobody knows
        event.add("dtstart", timezone.make_aware(datetime.combine(due, task.at)))
        words = at_in_words(due, task.at)
    else:
        event.add("dtstart", due)
        event.add("dtend", due + timedelta(days=1))
        words = before_in_words(due, settings.CLOSING_HOUR)
    event.add("summary", f"{'Họp' if task.at else 'Hạn'} thi đua: {task.verb}")
    event.add("description", f"{words.capitalize()}\n{link}")
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    return event
