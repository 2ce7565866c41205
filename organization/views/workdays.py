"""The calendar of working days of a year: who reads a deadline finds here which days count."""

from calendar import Calendar
from collections.abc import Iterator
from datetime import date
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.fields import YEARS
from core.journal import history_of
from core.models import WorkDay, WorkYear
from core.reminding import workdays
from core.views import perform
from core.workdays import FRIDAY, Workdays
from core.workflow import Refused, Stale
from organization import actions
from organization.forms import WorkDayForm, WorkYearForm
from organization.views.pages import permitted

KEEP = "organization.keep_workdays"


@require_safe
def workdays_now(request: HttpRequest) -> HttpResponse:
    return redirect("organization:workdays_year", clock.today().year)


def workdays_year(request: HttpRequest, year: int) -> HttpResponse:
    """Everybody reads the year; the Office adds a day here."""
    if year not in YEARS:
        raise Http404
    known = WorkYear.objects.filter(year=year).first()
    may_keep = rules.has_perm(KEEP, request.user)
    if request.method == "POST" and not (may_keep and known):
        raise Http404
    form = WorkDayForm(request.POST or None, initial={"version": known.version if known else 0})
    if known and request.method == "POST" and form.is_valid():
        try:
            day = actions.add_work_day(known, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _refuse(form, refusal, known)
        else:
            messages.success(request, f"Đã thêm {day}. Hãy xác nhận lại lịch của năm.")
            return redirect("organization:workdays_year", year)
    context = {"year": year, "known": known, "may_keep": may_keep, "form": form, **_shown(year)}
    if may_keep and known:
        context |= {
            "confirm": WorkYearForm(initial={"version": known.version}),
            "entries": history_of(known)[:20],
        }
    return render(request, "organization/workdays.html", context, status=422 if form.errors else 200)


@require_POST
@permitted(KEEP)
def workdays_open(request: HttpRequest, year: int) -> HttpResponse:
    if year not in YEARS:
        raise Http404
    actions.open_work_year(year, by=request.user)
    return redirect("organization:workdays_year", year)


@require_POST
@permitted(KEEP)
def workdays_confirm(request: HttpRequest, year: int) -> HttpResponse:
    known = get_object_or_404(WorkYear, year=year)
    form = WorkYearForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        perform(
            request,
            lambda: actions.confirm_work_year(known, by=request.user, **facts),
            done=f"Đã xác nhận lịch làm việc năm {year}.",
        )
    else:
        messages.error(request, "Hãy ghi căn cứ xác nhận: số, ngày của thông báo.")
    return redirect("organization:workdays_year", year)


@require_POST
@permitted(KEEP)
def workdays_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(WorkDay, pk=pk)
    known = get_object_or_404(WorkYear, year=found.day.year)
    perform(
        request,
        lambda: actions.remove_work_day(known, found.day, by=request.user),
        done=f"Đã xóa {found}. Hãy xác nhận lại lịch của năm.",
    )
    return redirect("organization:workdays_year", known.year)


def _refuse(form: Any, refusal: Refused, known: WorkYear) -> None:
    form.refuse(refusal)
    if isinstance(refusal, Stale):
        form.data = form.data.copy()
        form.data["version"] = known.version


def _shown(year: int) -> dict[str, Any]:
    days = list(WorkDay.objects.filter(day__year=year).order_by("day"))
    calendar, today = workdays(), clock.today()
    names = {one.day: one.name for one in days}
    return {
        "days": days,
        "months": [(month, list(_weeks(year, month, calendar, names, today))) for month in range(1, 13)],
        "count": calendar.between(date(year - 1, 12, 31), date(year, 12, 31)),
        "today": today,
        "before": reverse("organization:workdays_year", args=[year - 1]) if year - 1 in YEARS else "",
        "after": reverse("organization:workdays_year", args=[year + 1]) if year + 1 in YEARS else "",
    }


def _weeks(
    year: int, month: int, calendar: Workdays, names: dict[date, str], today: date
) -> Iterator[list[dict[str, Any] | None]]:
    for week in Calendar().monthdatescalendar(year, month):
        yield [_cell(day, calendar, names, today) if day.month == month else None for day in week]


def _cell(day: date, calendar: Workdays, names: dict[date, str], today: date) -> dict[str, Any]:
    works, usual = calendar.is_workday(day), day.weekday() <= FRIDAY
    css = (
        ""
        if works and usual
        else "bg-green-lt"
        if works
        else "bg-red-lt"
        if day in names
        else "text-secondary"
    )
    return {"day": day.day, "css": css, "name": names.get(day, ""), "is_today": day == today}
