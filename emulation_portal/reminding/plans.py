"""The Office changes a reminder plan, after having seen whom it would reach and with which words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core import clock
from core.journal import record
from core.models import ReminderPlan
from core.reminding import workdays
from core.vietnamese import format_date
from core.workdays import Workdays
from core.workflow import check_version, lock
from emulation_portal.reminding.gathering import Gathered, gather
from emulation_portal.reminding.planning import Digest, digests, matter_of, monday_of, planned
from emulation_portal.reminding.sending import text_of, told_this_week
from organization.actions.permission import demand

KEEP = "organization.keep_reminders"
FACTS = ("is_active", "before", "after", "audience", "intro", "head_after", "office_after", "is_compulsory")


@transaction.atomic
def change_plan(plan: ReminderPlan, *, facts: dict[str, Any], version: int | None, by: Any) -> None:
    demand(KEEP, by)
    lock(plan)
    check_version(plan, version)
    changed = {name: facts[name] for name in FACTS if facts[name] != getattr(plan, name)}
    if not changed:
        return
    before = {name: getattr(plan, name) for name in changed}
    for name, value in changed.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.save(update_fields=[*changed, "version"])
    labels = ", ".join(str(ReminderPlan._meta.get_field(name).verbose_name) for name in changed)  # type: ignore[union-attr]
    record(
        plan,
        "changed",
        by=by,
        label=f"Sửa kế hoạch nhắc “{plan.name}”: {labels.lower()}",
        data={"before": before, "after": changed},
    )


@dataclass(frozen=True)
class Preview:
    """The next day on which this plan reminds somebody, exactly whom it reaches then, and what the letter says.

    From what is owed today: who does it until then is not written to. ``owing`` is how many owe it today.
    """

    day: date | None
    owing: int
    told: list[Digest]
    units: dict[int, str]
    shown: Digest | None
    text: str


def preview(plan: ReminderPlan, *, reader: int | None = None, viewer: int | None = None) -> Preview:
    """``reader`` chooses whose letter is shown; the first one's otherwise. The plan need not be saved.

    Of what is hidden from ``viewer``, who looks at it, nothing is counted and nobody named.
    """
    today, calendar = clock.today(), workdays()
    now = _seen_by(viewer, gather(today))
    rows = list(planned(now, {plan.stage: plan}, calendar))
    owing = len({item.owed.user_id for item in rows})
    dues = {item.owed.task.due for item in rows if item.owed.task.due}
    day = next_day(plan, dues, calendar, calendar.on_or_after(today)) if plan.is_active else None
    if day is None:
        return Preview(None, owing, [], {}, None, "")
    then = _seen_by(viewer, gather(day))
    if monday_of(day) == monday_of(today):
        known = told_this_week(day)
    else:  # the letter of that week will have told it
        known = {matter_of(one) for one in then.owed}
    found = digests(then, [plan], calendar, calendar.on_or_before(day - timedelta(days=1)), told=known)
    told = [found[pk] for pk in then.roster.users if pk in found]  # unit by unit, as lists have them
    shown = found.get(reader or 0) or next(iter(told), None)
    return Preview(day, owing, told, now.roster.names, shown, text_of(shown) if shown else "")


def _seen_by(viewer: int | None, gathered: Gathered) -> Gathered:
    gathered.owed = [one for one in gathered.owed if viewer not in one.hidden_from]
    return gathered


def next_day(plan: ReminderPlan, dues: set[date], calendar: Workdays, start: date) -> date | None:
    """The first working day from ``start`` on that the plan means for one of these last days."""
    days = [calendar.add(calendar.on_or_before(due), -count) for due in dues for count in plan.before]
    days += [calendar.add(due, count) for due in dues for count in plan.after]
    return min((day for day in days if day >= start), default=None)


def in_words(plan: ReminderPlan) -> dict[str, str]:
    """The plan as the table of plans shows it."""
    before = [str(count) for count in sorted(plan.before, reverse=True) if count]
    words = [f"{', '.join(before)} ngày"] if before else []
    words += ["ngày hết hạn"] if 0 in plan.before else []
    late = ", ".join(map(str, sorted(plan.after)))
    above = [f"thủ trưởng sau {plan.head_after} ngày"] if plan.head_after else []
    above += [f"Văn phòng Sở sau {plan.office_after} ngày"] if plan.office_after else []
    return {
        "before": " và ".join(words) or "không nhắc",
        "after": f"{late} ngày" if late else "không nhắc",
        "above": ", ".join(above) or "không báo",
    }


def day_in_words(day: date) -> str:
    names = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
    return f"{names[day.weekday()]} {format_date(day)}"
