"""``manage.py bonus --decision ID --format json|table``: what a decision pays, and what it does not.

A decision of the portal is named by its number in the address of its page; one of earlier years, which stands in the
register alone, by what is written on it: ``--number "15/QĐ-SNV"``, with ``--on`` its day and ``--issuer`` who issued it
where there are several. In the JSON ``amount`` is what is paid, ``deducted`` what was taken off for a title that an
earlier decision paid; ``unconfirmed`` and ``unsure_figures`` are the coefficients and the figures (rounding, paying the
difference) that the sums rest on and the Office has not confirmed.
"""

import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from awards.eligibility.rulebook import RuleError
from awards.queries.bonus import BonusList, Decision, bonus_list, decision_of_portal, decisions_numbered
from core.fields import DATE_FORMATS
from core.vietnamese import format_date, format_decimal


class Command(BaseCommand):
    help = "Tính tiền thưởng của một quyết định trong Sổ: hệ số, mức lương cơ sở, tổng theo quỹ và đơn vị."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--decision", type=int, metavar="ID", help="mã của quyết định trên cổng")
        which.add_argument("--number", help="số quyết định, kể cả quyết định chỉ có trong Sổ")
        parser.add_argument("--on", default="", help="ngày quyết định, khi nhiều quyết định cùng số")
        parser.add_argument(
            "--issuer", default="", help="cơ quan ban hành, khi nhiều quyết định cùng số, cùng ngày"
        )
        parser.add_argument("--format", choices=["json", "table"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["decision"] is not None:
            decision = self._of_portal(options["decision"])
        else:
            decision = self._decision(options["number"], options["on"], options["issuer"])
        try:
            one = bonus_list(decision)
        except RuleError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(one), ensure_ascii=False, indent=2))
        else:
            self._table(one)

    def _of_portal(self, pk: int) -> Decision:
        found = decision_of_portal(pk)
        if isinstance(found, str):
            raise CommandError(found)
        return found

    def _decision(self, number: str, on: str, issuer: str) -> Decision:
        found = decisions_numbered(number, _day(on) if on else None, issuer)
        if not found:
            raise CommandError(f"Sổ khen thưởng không có quyết định số {number}.")
        if len(found) > len({one.day for one in found}):
            papers = "; ".join(f"ngày {format_date(one.day)} của {one.issuer}" for one in found)
            raise CommandError(
                f"Có {len(found)} quyết định số {number} ({papers}). Hãy thêm --on NGÀY, --issuer CƠ QUAN."
            )
        if len(found) > 1:
            days = ", ".join(format_date(one.day) for one in found)
            raise CommandError(f"Có {len(found)} quyết định số {number} (ngày {days}). Hãy thêm --on NGÀY.")
        return found[0]

    def _table(self, one: BonusList) -> None:
        money = one.money
        base = format_decimal(money.base) if money.base else "chưa có"
        self.stdout.write(f"{one.decision}, {one.decision.issuer}. Mức lương cơ sở: {base}.")
        for row in money.rows:
            honour = one.honours[row.item.key]
            amount = format_decimal(row.sum)
            said = " ".join(filter(None, [row.reason, row.note]))
            coefficient = format_decimal(row.coefficient) or "–"
            self.stdout.write(
                f"{amount:>14}  {coefficient:>5}  {honour.name_then}, {honour.award.name}  {said}".rstrip()
            )
        for part in [*money.funds, *money.units]:
            self.stdout.write(f"{format_decimal(part.amount):>14}  {part.name}: {part.count} lượt")
        self.stdout.write(f"{format_decimal(money.total):>14}  Tổng số")
        for sentence in one.unconfirmed:
            self.stdout.write(f"Cần Văn phòng Sở xác nhận hệ số: {sentence}")
        for sentence in one.unsure_figures:
            self.stdout.write(f"Cần Văn phòng Sở xác nhận: {sentence}")


def as_json(one: BonusList) -> dict[str, Any]:
    money = one.money
    return {
        "decision": {
            **({"id": one.decision.pk} if one.decision.pk else {}),
            "number": one.decision.number,
            "day": one.decision.day.isoformat(),
            "issuer": one.decision.issuer,
        },
        "base_salary": _number(money.base),
        "rounding": {"mode": money.rounding.mode, "to": _number(money.rounding.to)},
        "honours": [
            {
                "honour": row.item.key,
                "name": one.honours[row.item.key].name_then,
                "unit": row.item.unit,
                "award": row.item.award,
                "year": row.item.year,
                "fund": row.item.fund,
                "coefficient": None if row.coefficient is None else f"{row.coefficient.normalize():f}",
                "base_salary": _number(money.base),
                "amount": _number(row.sum),
                "deducted": _number(row.deducted),
                "paid": row.is_paid,
                "reason": row.reason,
                "note": row.note,
            }
            for row in money.rows
        ],
        "funds": [_sum(part) for part in money.funds],
        "units": [_sum(part) for part in money.units],
        "total": _number(money.total),
        "unconfirmed": list(one.unconfirmed),
        "unsure_figures": list(one.unsure_figures),
    }


def _sum(part: Any) -> dict[str, Any]:
    return {"name": part.name, "count": part.count, "amount": _number(part.amount)}


def _number(value: Any) -> int | None:
    """Đồng have no fractions."""
    return None if value is None else int(value)


def _day(text: str) -> date:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
    raise CommandError(f"“{text}” không phải ngày. Ghi ngày/tháng/năm.")
