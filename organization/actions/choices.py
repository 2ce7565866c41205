"""What a person chooses for himself: how often he is reminded, and his private calendar link."""

import secrets
from typing import Any

from django.db import transaction

from core.journal import record
from core.workflow import Refused, lock
from organization.models import User


@transaction.atomic
def choose_digest(user: User, *, choice: str, by: Any) -> None:
    _own(user, by)
    if choice not in User.Digest.values:
        raise Refused("Hãy chọn một cách nhận thư nhắc trong danh sách.")
    if user.digest != choice:
        user.digest = choice
        user.save(update_fields=["digest"])
        record(user, "digest_chosen", by=by, label=f"Chọn nhận thư nhắc: {User.Digest(choice).label}"[:200])


@transaction.atomic
def renew_calendar(user: User, *, by: Any) -> None:
    """A new address nobody can guess; the one before is dead from now on."""
    _own(user, by)
    label = "Đổi địa chỉ lịch riêng" if user.calendar_key else "Bật địa chỉ lịch riêng"
    user.calendar_key = secrets.token_urlsafe(32)
    user.save(update_fields=["calendar_key"])
    record(user, "calendar_renewed", by=by, label=label)


@transaction.atomic
def stop_calendar(user: User, *, by: Any) -> None:
    _own(user, by)
    if user.calendar_key:
        user.calendar_key = None
        user.save(update_fields=["calendar_key"])
        record(user, "calendar_stopped", by=by, label="Tắt địa chỉ lịch riêng")


def _own(user: User, by: Any) -> None:
    if user.pk != by.pk:
        raise Refused("Chỉ chủ tài khoản đổi được lựa chọn này.")
    lock(user)
