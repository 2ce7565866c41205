"""Bonus money: coefficient × base salary of the day, what is paid and what is not, sums. Exact, and pure: no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

MODES = {"up": ROUND_CEILING, "half_up": ROUND_HALF_UP, "down": ROUND_FLOOR}
AGENCY, PROVINCE = "agency", "province"
FUNDS = {
    AGENCY: "Quỹ thi đua, khen thưởng của Sở",
    PROVINCE: "Quỹ thi đua, khen thưởng của tỉnh",
}


@dataclass(frozen=True)
class Rounding:
    """How the product is rounded, and to how many đồng."""

    mode: str = "up"
    to: Decimal = Decimal(10_000)

    def apply(self, amount: Decimal) -> Decimal:
        return (amount / self.to).to_integral_value(rounding=MODES[self.mode]) * self.to


@dataclass(frozen=True)
class Item:
    """An honour as far as money asks: ``who`` names the person or the unit, ``is_asked`` that its decision is the one
    to be paid; the others are there to be compared. ``paper`` is how its decision is called, ``given`` what it paid by
    the figures of its own day."""

    key: int
    award: str
    name: str
    is_title: bool
    recipient: str
    who: int
    year: int
    decided_on: date
    fund: str = AGENCY
    unit: str = ""
    is_asked: bool = True
    is_cancelled: bool = False
    paper: str = ""
    given: Decimal | None = None


@dataclass(frozen=True)
class Paid:
    """What is paid for an honour, or why nothing is; ``amount`` is what it would be worth, ``deducted`` what earlier
    decisions gave for the same period."""

    item: Item
    coefficient: Decimal | None
    amount: Decimal
    is_paid: bool
    reason: str = ""
    note: str = ""
    deducted: Decimal = Decimal(0)

    @property
    def sum(self) -> Decimal:
        return self.amount - self.deducted if self.is_paid else Decimal(0)


@dataclass(frozen=True)
class Sum:
    name: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Bonus:
    """Everything to be paid for one decision."""

    base: Decimal | None
    rounding: Rounding
    rows: tuple[Paid, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.sum for row in self.rows), Decimal(0))

    @property
    def funds(self) -> list[Sum]:
        return [one for fund, name in FUNDS.items() if (one := _sum(name, self.of_fund(fund))).count]

    @property
    def units(self) -> list[Sum]:
        names = dict.fromkeys(row.item.unit for row in self.rows)
        sums = [_sum(name, [row for row in self.rows if row.item.unit == name]) for name in names]
        return [one for one in sums if one.count]

    def of_fund(self, fund: str) -> list[Paid]:
        return [row for row in self.rows if row.item.fund == fund]


def base_on(day: date, salaries: Iterable[tuple[date, Decimal]]) -> Decimal | None:
    """The base salary in force on a day, from (first day, amount)."""
    begun = [(first, amount) for first, amount in salaries if first <= day]
    return max(begun)[1] if begun else None


def bonus(
    items: Sequence[Item],
    coefficients: Mapping[str, Decimal],
    base: Decimal | None,
    rounding: Rounding,
    *,
    only_difference: bool = False,
) -> Bonus:
    """The money of the asked honours. Of several titles for one period only the highest is paid; forms of commendation
    are paid beside a title; what a person receives has nothing to do with what his unit receives.

    ``only_difference``: what an earlier decision gave for a lower title of the period is taken off the higher one.
    """
    rows = (_paid(item, items, coefficients, base, rounding) for item in items if item.is_asked)
    return Bonus(base, rounding, tuple(_less(row, items) if only_difference else row for row in rows))


def _less(row: Paid, items: Sequence[Item]) -> Paid:
    """Earlier decisions together gave as much as the highest of their titles."""
    item = row.item
    known = [
        (one.given, one)
        for one in items
        if row.is_paid and _same_period(item, one) and one.decided_on < item.decided_on and one.given
    ]
    if not known:
        return row
    given, best = max(known, key=lambda pair: (pair[0], pair[1].key))
    told = f"{best.name} của cùng năm {item.year} theo {best.paper or 'quyết định trước'}"
    if given >= row.amount:
        return replace(row, is_paid=False, reason=f"Đã chi bằng hoặc cao hơn cho {told}.", note="")
    note = f"Mức {_dots(row.amount)} đồng, trừ {_dots(given)} đồng tính chi cho {told}; chi phần chênh lệch."
    return replace(row, deducted=given, note=note)


def _dots(amount: Decimal) -> str:
    return f"{int(amount):,}".replace(",", ".")


def _paid(
    item: Item,
    items: Sequence[Item],
    coefficients: Mapping[str, Decimal],
    base: Decimal | None,
    rounding: Rounding,
) -> Paid:
    coefficient = coefficients.get(item.award)
    if coefficient is None:
        return Paid(item, None, Decimal(0), False, "Quy định của ngày quyết định không có hệ số.")
    if base is None:
        return Paid(item, coefficient, Decimal(0), False, "Chưa có mức lương cơ sở của ngày quyết định.")
    amount = rounding.apply(coefficient * base)
    if item.is_cancelled:
        return Paid(item, coefficient, amount, False, "Khen thưởng đã bị hủy; nếu đã chi thì phải thu hồi.")
    others = [one for one in items if _same_period(item, one)]
    higher = [one for one in others if one.decided_on <= item.decided_on and _beats(one, item, coefficients)]
    if higher:
        best = max(higher, key=lambda one: coefficients[one.award])
        return Paid(
            item, coefficient, amount, False, f"Cùng năm {item.year} chi theo danh hiệu cao hơn: {best.name}."
        )
    return Paid(item, coefficient, amount, True, note=_note(item, others))


def _same_period(item: Item, other: Item) -> bool:
    """Another title in force of the same person or unit for the same year."""
    return (
        item.is_title
        and other.is_title
        and other.key != item.key
        and not other.is_cancelled
        and (other.recipient, other.who, other.year) == (item.recipient, item.who, item.year)
    )


def _beats(one: Item, item: Item, coefficients: Mapping[str, Decimal]) -> bool:
    """Of equals the earlier row is paid."""
    theirs = coefficients.get(one.award)
    if theirs is None:
        return False
    return (theirs, -one.decided_on.toordinal(), -one.key) > (
        coefficients[item.award],
        -item.decided_on.toordinal(),
        -item.key,
    )


def _note(item: Item, others: Sequence[Item]) -> str:
    """What another decision may have paid already for the same period."""
    before = [one.name for one in others if one.decided_on < item.decided_on]
    after = [one.name for one in others if one.decided_on > item.decided_on]
    said = [
        f"Quyết định trước đã công nhận {name} của năm {item.year}: đối chiếu phần đã chi." for name in before
    ]
    said += [f"Quyết định sau công nhận {name} của năm {item.year}: đối chiếu phần đã chi." for name in after]
    return " ".join(said)


def _sum(name: str, rows: Sequence[Paid]) -> Sum:
    paid = [row for row in rows if row.is_paid]
    return Sum(name, len(paid), sum((row.sum for row in paid), Decimal(0)))


DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ")


def in_words(amount: Decimal) -> str:
    """ "1230000" as "một triệu hai trăm ba mươi nghìn đồng", as papers about money repeat their sum."""
    rest, parts = int(amount), []
    for name in GROUPS:
        rest, group = divmod(rest, 1000)
        if group:
            parts.append(f"{_group(group, whole=rest > 0)} {name}".strip())
        if not rest:
            break
    return f"{' '.join(reversed(parts)) or 'không'} đồng"


def _group(number: int, *, whole: bool) -> str:
    """Three digits; ``whole`` when greater groups stand before them, so that zeros are spoken."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    said = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens == 0 and units:
        said += ["linh"] if said else []
    elif tens == 1:
        said.append("mười")
    elif tens:
        said.append(f"{DIGITS[tens]} mươi")
    if units == 1 and tens > 1:
        said.append("mốt")
    elif units == 5 and tens:
        said.append("lăm")
    elif units:
        said.append(DIGITS[units])
    return " ".join(said)
