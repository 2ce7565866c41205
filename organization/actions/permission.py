"""The question that every act asks first."""

from datetime import date
from typing import Any

import rules
from django.db.models import Model

from core import clock
from core.vietnamese import format_date
from core.workflow import Refused


def demand(permission: str, by: Any, document: Model | None = None) -> None:
    """Refuse unless the actor may; ``by=None`` is the installation itself (demo, timetable)."""
    if by is not None and not rules.has_perm(permission, by, document):
        raise Refused("Bạn không có quyền thực hiện việc này.")


def not_in_future(day: date, what: str) -> None:
    if day > clock.today():
        raise Refused(f"{what} ({format_date(day)}) chưa đến. Hãy ghi vào cổng từ ngày có hiệu lực.")
