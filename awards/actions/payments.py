"""What the Office notes of bonus money that was really paid, line by line of a list; and that a note was wrong."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import rules
from django.db import IntegrityError, transaction

from awards.eligibility.rulebook import RuleError
from awards.models import Honour, Payment
from awards.queries.bonus import Decision, bonus_list
from core import clock
from core.journal import record, record_many
from core.vietnamese import format_date, format_decimal, normalize
from core.workflow import AlreadyDone, Refused, lock

PERMISSION = "awards.pay_bonus"


@transaction.atomic
def pay(
    decision: Decision,
    amounts: Mapping[int, Decimal],
    *,
    on: date,
    voucher: str,
    by: Any,
    note: str = "",
) -> list[Payment]:
    """Lines of a decision's list, by honour, were paid on a day under a voucher. Another sum than the list has needs a
    note; nobody notes what he received himself."""
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở ghi chi tiền thưởng.")
    if not amounts:
        raise Refused("Hãy ghi số tiền đã chi của ít nhất một dòng.")
    if not (voucher := normalize(voucher)):
        raise Refused("Hãy ghi số chứng từ chi.")
    if on > clock.today():
        raise Refused("Ngày chi không được sau hôm nay.")
    if on < decision.day:
        raise Refused(f"Ngày chi phải từ ngày quyết định ({format_date(decision.day)}) trở đi.")
    honours = Honour.objects.filter(pk__in=amounts).order_by("pk").select_for_update()
    known, note = {one.pk: one for one in honours}, normalize(note)
    _refuse_second(known, on, voucher, by)
    due = _due(decision)
    for pk, amount in amounts.items():
        _check(known.get(pk), due.get(pk), amount, note, by)
    try:
        with transaction.atomic():
            made = Payment.objects.bulk_create(
                Payment(honour=known[pk], amount=amount, paid_on=on, voucher=voucher, note=note, noted_by=by)
                for pk, amount in amounts.items()
            )
    except IntegrityError as error:
        raise Refused("Một dòng vừa được người khác ghi đã chi. Hãy tải lại trang.") from error
    record_many(made, "pay", by=by, label="Ghi đã chi tiền thưởng", each=lambda one: {"comment": _said(one)})
    return made


@transaction.atomic
def undo(payment: Payment, *, reason: str, by: Any) -> None:
    """It was noted wrongly: the line is to be paid again. What was noted stays, with the reason."""
    lock(payment)
    honour = payment.honour
    lock(honour)
    if not rules.has_perm(PERMISSION, by, honour):
        raise Refused("Chỉ Văn phòng Sở bỏ ghi chi tiền thưởng, không phải của chính mình.")
    if payment.undone_at:
        raise AlreadyDone("Khoản chi này đã được bỏ ghi.")
    if honour.cancelled_on:
        raise Refused(
            "Khen thưởng này đã bị hủy, khoản phải thu hồi tính theo khoản chi này: hãy ghi ở trang thu hồi."
        )
    if not (reason := normalize(reason)):
        raise Refused("Hãy ghi lý do bỏ ghi.")
    payment.undone_at, payment.undo_reason = clock.now(), reason
    payment.save(update_fields=["undone_at", "undo_reason"])
    record(
        payment,
        "undo",
        by=by,
        label="Bỏ ghi đã chi tiền thưởng",
        comment=f"{_said(payment)}\nLý do: {reason}",
    )


def _due(decision: Decision) -> dict[int, Decimal]:
    try:
        rows = bonus_list(decision).money.rows
    except RuleError as error:
        raise Refused(f"Không tính được danh sách chi: {error}") from error
    return {row.item.key: row.sum for row in rows if row.is_paid}


def _refuse_second(honours: Mapping[int, Honour], on: date, voucher: str, by: Any) -> None:
    known = list(Payment.objects.in_force().filter(honour__in=honours).select_related("honour"))
    if (
        known
        and len(known) == len(honours)
        and {(one.paid_on, one.voucher, one.noted_by_id) for one in known} == {(on, voucher, by.pk)}
    ):
        raise AlreadyDone("Bạn đã ghi chi các dòng này rồi.")
    if known:
        raise Refused(*(f"{one.honour.name_then}: đã ghi chi. {_said(one)}" for one in known))


def _check(honour: Honour | None, due: Decimal | None, amount: Decimal, note: str, by: Any) -> None:
    if honour is None or due is None:
        raise Refused("Một dòng không còn trong danh sách chi của quyết định này. Hãy tải lại trang.")
    if not rules.has_perm(PERMISSION, by, honour):
        raise Refused("Bạn không ghi chi tiền thưởng của chính mình. Hãy nhờ người khác của Văn phòng Sở.")
    if amount <= 0 or amount != int(amount):
        raise Refused(f"{honour.name_then}: số tiền đã chi phải là số đồng lớn hơn 0.")
    if amount != due and not note:
        raise Refused(
            f"{honour.name_then}: số tiền đã chi khác danh sách ({format_decimal(due)} đồng); hãy ghi lý do."
        )


def _said(one: Payment) -> str:
    told = f"{format_decimal(one.amount)} đồng, ngày {format_date(one.paid_on)}, {one.voucher}."
    return f"{told} {one.note}".strip()
