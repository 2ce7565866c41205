"""What the Office notes about recovery (thu hồi): that it came back, that nothing has to, that a note was wrong."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from awards.models import Recovery
from awards.workflow import RECOVERY
from core import clock
from core.vietnamese import format_date, format_decimal, normalize
from core.workflow import Refused, lock

FACTS = ("recovered", "done_on", "paper", "note")


@transaction.atomic
def recover(
    recovery: Recovery,
    *,
    on: date,
    paper: str,
    by: Any,
    recovered: Decimal | None = None,
    note: str = "",
    version: int | None = None,
) -> None:
    """The money or the thing has come back, on a day, by a paper; of money another sum than was due needs a reason."""
    lock(recovery)
    said = [f"Ngày {format_date(on)}, {normalize(paper)}."]
    if recovery.state in RECOVERY.moves["recover"].source:
        _check(recovery, on, normalize(paper), recovered, normalize(note))
        recovery.done_on, recovery.paper, recovery.note = on, normalize(paper), normalize(note)
        recovery.recovered = recovered if recovery.is_money else None
        recovery.save(update_fields=FACTS)
        said += [f"Số tiền: {format_decimal(recovered)} đồng."] if recovered and recovery.is_money else []
        said += [recovery.note]
    _move(recovery, "recover", by=by, comment=" ".join(said).strip(), version=version)


@transaction.atomic
def waive(recovery: Recovery, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Nothing to recover: it was never paid, never handed over, or the law lets it go."""
    lock(recovery)
    if recovery.state in RECOVERY.moves["waive"].source:
        recovery.note = normalize(comment)
        recovery.save(update_fields=["note"])
    _move(recovery, "waive", by=by, comment=normalize(comment), version=version)


@transaction.atomic
def put_back(recovery: Recovery, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """What was noted was wrong: it is out again, and the journal keeps what had been noted."""
    _move(recovery, "put_back", by=by, comment=normalize(comment), version=version)
    recovery.recovered = recovery.done_on = None
    recovery.paper = recovery.note = ""
    recovery.save(update_fields=FACTS)


def _check(recovery: Recovery, on: date, paper: str, recovered: Decimal | None, note: str) -> None:
    if not paper:
        raise Refused("Hãy ghi chứng từ, biên bản thu hồi.")
    cancelled = recovery.honour.cancelled_on
    if on > clock.today():
        raise Refused("Ngày thu hồi không được sau hôm nay.")
    if cancelled and on < cancelled:
        raise Refused(f"Ngày thu hồi phải từ ngày hủy khen thưởng ({format_date(cancelled)}) trở đi.")
    if not recovery.is_money:
        return
    if recovered is None or recovered <= 0 or recovered != int(recovered):
        raise Refused("Hãy ghi số tiền đã thu hồi, tính bằng đồng.")
    if recovery.amount is not None and recovered != recovery.amount and not note:
        due = format_decimal(recovery.amount)
        raise Refused(f"Số tiền thu hồi khác số phải thu hồi ({due} đồng): hãy ghi lý do vào ghi chú.")


def _move(recovery: Recovery, verb: str, *, by: Any, comment: str, version: int | None) -> None:
    RECOVERY.advance(recovery, verb, by=by, comment=comment, version=version)
    recovery.version += 1
    recovery.save(update_fields=["version"])
