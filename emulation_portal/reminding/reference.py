"""Loads the reminder plans from ``reference/reminders.yaml``."""

from pathlib import Path

from core.models import ReminderPlan
from core.reference import Change, ReferenceError, read, records, upsert
from emulation_portal.reminding.planning import FARTHEST

FACTS = ("name", "before", "after", "audience", "intro", "head_after", "office_after")


def load(path: Path) -> list[Change]:
    """A plan that the Office has changed is left as the Office has it."""
    changes = []
    for order, item in enumerate(records(read(path), "plans", required=("stage", "name")), start=1):
        for name in ("before", "after"):
            days = item.get(name, [])
            if not isinstance(days, list) or not all(
                type(one) is int and 0 <= one <= FARTHEST for one in days
            ):
                raise ReferenceError.at(
                    item, f"{name}: phải là danh sách số ngày làm việc từ 0 đến {FARTHEST}."
                )
        known = ReminderPlan.objects.filter(stage=item["stage"]).first()
        if known and known.version > 1:
            changes.append(Change("unchanged", f"kế hoạch nhắc {known.stage} (Văn phòng Sở giữ)"))
            continue
        values = {name: item[name] for name in FACTS if name in item}
        values |= {
            "order": order,
            "is_compulsory": item.get("compulsory", False),
            "is_active": item.get("active", True),
        }
        changes.append(upsert(ReminderPlan, key={"stage": item["stage"]}, values=values, source=item)[1])
    return changes
