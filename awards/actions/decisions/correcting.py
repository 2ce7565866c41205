"""A signed paper was noted with a wrong number, day or signer: put right, and carried into the register."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from awards.actions.decisions.parts import OF_PAPER, check_day, demand, save_paper
from awards.actions.register import set_keys
from awards.models import Decision, Honour, Payment
from core.journal import record, record_many
from core.vietnamese import format_date, normalize
from core.workflow import Refused, check_version, lock

TO_HONOURS = {"number": "decision_number", "signed_on": "decided_on", "issuer": "decided_by"}


@transaction.atomic
def correct(
    decision: Decision, values: Mapping[str, Any], *, reason: str, by: Any, version: int | None = None
) -> None:
    """The paper was right and the note of it was not. The list of the bonus follows the new number and day."""
    lock(decision)
    demand(by)
    if decision.state != Decision.State.ISSUED:
        raise Refused("Chỉ sửa được số, ngày, người ký của quyết định đã ban hành.")
    check_version(decision, version)
    if not normalize(reason):
        raise Refused("Hãy ghi lý do sửa.")
    wanted = {name: values[name] for name in OF_PAPER if name in values}
    before = {name: getattr(decision, name) for name in wanted}
    changed = [name for name in wanted if wanted[name] != before[name]]
    if not changed:
        raise Refused("Không có nội dung nào thay đổi.")
    for name in changed:
        setattr(decision, name, wanted[name])
    if not (decision.number and decision.signed_on and decision.issuer):
        raise Refused("Hãy ghi số, ngày ký, cơ quan ban hành quyết định.")
    check_day(decision)
    decision.version += 1
    save_paper(decision, [*changed, "version"])
    said = [f"{_label(name)}: {_shown(before[name])} → {_shown(wanted[name])}" for name in changed]
    comment = "\n".join([*said, f"Lý do: {normalize(reason)}"])
    record(decision, "correct", by=by, label="Sửa số, ngày, người ký", comment=comment)
    _carry(decision, [name for name in changed if name in TO_HONOURS], by, comment)


def _carry(decision: Decision, changed: list[str], by: Any, comment: str) -> None:
    """Into every honour of the decision, the cancelled ones too: they name the paper that gave them."""
    rows = Honour.objects.filter(entry__decision=decision).select_related("award", "person", "unit")
    honours = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if not changed or not honours:
        return
    signed = decision.signed_on
    for one in honours:
        if one.cancelled_on and signed and signed > one.cancelled_on:
            raise Refused(f"{one} đã bị hủy từ ngày {format_date(one.cancelled_on)}, trước ngày ký mới.")
        for name in changed:
            setattr(one, TO_HONOURS[name], getattr(decision, name))
        one.version += 1
        set_keys(one)
    if "signed_on" in changed and signed:
        _refuse_paid_before(honours, signed)
    names = [TO_HONOURS[name] for name in changed]
    try:
        with transaction.atomic():
            Honour.objects.bulk_update(honours, [*names, "version", "search_key", "sort_key"], batch_size=200)
    except IntegrityError as error:
        raise Refused(
            f"Sổ đã có khen thưởng khác theo quyết định {decision.number} của người trong danh sách."
        ) from error
    record_many(honours, "correct", by=by, label="Sửa theo quyết định đã ban hành", comment=comment)


def _refuse_paid_before(honours: list[Honour], signed: date) -> None:
    """No money is paid before the paper that gives it."""
    paid = Payment.objects.in_force().filter(honour__in=honours, paid_on__lt=signed)
    if early := paid.select_related("honour").order_by("paid_on", "pk").first():
        raise Refused(
            f"{early.honour.name_then}: tiền thưởng đã ghi chi ngày {format_date(early.paid_on)} ({early.voucher}),"
            f" trước ngày ký mới {format_date(signed)}; hãy xem lại ngày ký, hoặc bỏ ghi chi trước."
        )


def _label(name: str) -> str:
    return str(Decision._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(value: Any) -> str:
    return format_date(value) if hasattr(value, "year") else str(value or "(trống)")
