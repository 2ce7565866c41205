"""The Office's calendar of working days: days off and swapped days are added and removed, each year is confirmed."""

from datetime import date
from typing import Any

from django.db import transaction

from core.journal import record
from core.models import WorkDay, WorkYear
from core.vietnamese import format_date
from core.workdays import FRIDAY
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.actions.permission import demand

KEEP = "organization.keep_workdays"


@transaction.atomic
def open_work_year(year: int, *, by: Any) -> WorkYear:
    """A year that the reference data does not know yet, empty."""
    demand(KEEP, by)
    made, is_new = WorkYear.objects.get_or_create(year=year)
    if is_new:
        record(made, "opened", by=by, label=f"Lập lịch làm việc năm {year}")
    return made


@transaction.atomic
def add_work_day(year: WorkYear, *, day: date, kind: str, name: str, version: int | None, by: Any) -> WorkDay:
    demand(KEEP, by)
    lock(year)
    check_version(year, version)
    if day.year != year.year:
        raise Refused(f"{format_date(day)} không thuộc năm {year.year}.")
    if kind == WorkDay.Kind.ON and day.weekday() <= FRIDAY:
        raise Refused(f"{format_date(day)} vốn là ngày làm việc trong tuần, không phải ngày làm bù.")
    known = WorkDay.objects.filter(day=day).first()
    if known:
        raise Refused(f"Lịch đã có {known}. Hãy xóa dòng đó trước khi ghi lại.")
    made = WorkDay.objects.create(day=day, kind=kind, name=name)
    _changed(year, "day_added", by, f"Thêm {made.get_kind_display().lower()} {made}")
    return made


@transaction.atomic
def remove_work_day(year: WorkYear, day: date, *, by: Any) -> None:
    demand(KEEP, by)
    lock(year)
    found = WorkDay.objects.filter(day=day, day__year=year.year).first()
    if found is None:
        raise AlreadyDone(f"Lịch không còn ngày {format_date(day)}.")
    found.delete()
    _changed(year, "day_removed", by, f"Xóa {found.get_kind_display().lower()} {found}")


@transaction.atomic
def confirm_work_year(year: WorkYear, *, basis: str, version: int | None, by: Any) -> None:
    """The Office says that the year's calendar is that of the announcement. A later change opens the year again."""
    demand(KEEP, by)
    lock(year)
    if year.is_confirmed:
        raise AlreadyDone(f"{year} đã được xác nhận.")
    check_version(year, version)
    year.is_confirmed, year.basis, year.version = True, basis, year.version + 1
    year.save(update_fields=["is_confirmed", "basis", "version"])
    record(year, "confirmed", by=by, label=f"Xác nhận lịch làm việc năm {year.year}", comment=basis)


def _changed(year: WorkYear, verb: str, by: Any, label: str) -> None:
    year.is_confirmed, year.version = False, year.version + 1
    year.save(update_fields=["is_confirmed", "version"])
    record(year, verb, by=by, label=label)
