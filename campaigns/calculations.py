"""Checks on calendars, bands and sums, days of rounds, rounding at publication. Pure, without Django."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

COLOURS = {
    "green": "Xanh lá",
    "teal": "Xanh ngọc",
    "blue": "Xanh dương",
    "yellow": "Vàng",
    "red": "Đỏ",
}


def deadline_problems(year: int, deadlines: Sequence[tuple[str, date]], today: date) -> list[str]:
    """What is wrong with a year's calendar, given as (name of stage, last day) in the order of the stages.

    A day may lie in the year or the one after it; an extension reaches at most a year from today.
    """
    found = []
    first, last = date(year, 1, 1), max(date(year + 1, 12, 31), shift_year(today, 1))
    for stage, due in deadlines:
        if not first <= due <= last:
            found.append(
                f"{stage}: ngày {due:%d/%m/%Y} nằm ngoài khoảng {first:%d/%m/%Y} – {last:%d/%m/%Y} của năm {year}."
            )
    for (earlier, before), (later, after) in zip(deadlines, deadlines[1:], strict=False):
        if after < before:
            found.append(f"{later} ({after:%d/%m/%Y}) phải không sớm hơn {earlier} ({before:%d/%m/%Y}).")
    return found


def band_problems(recipient: str, bands: Sequence[tuple[str, Decimal, str]]) -> list[str]:
    """What is wrong with the classes of one recipient, given as (name, lower bound, colour), highest first."""
    if not bands:
        return [f"{recipient}: chưa có mức xếp loại nào."]
    found = []
    names = [name.strip().casefold() for name, _, _ in bands]
    if len(set(names)) < len(names):
        found.append(f"{recipient}: hai mức xếp loại không được trùng tên.")
    for (upper, high, _), (lower, low, _) in zip(bands, bands[1:], strict=False):
        if low >= high:
            found.append(f"{recipient}: mức “{lower}” phải thấp hơn mức “{upper}”.")
    if any(bound < 0 for _, bound, _ in bands):
        found.append(f"{recipient}: điểm không được âm.")
    if bands[-1][1] != 0:
        found.append(f"{recipient}: mức thấp nhất phải bắt đầu từ 0 điểm để ai cũng được xếp loại.")
    found += [
        f"{recipient}: mức “{name}” có màu lạ “{colour}”."
        for name, _, colour in bands
        if colour not in COLOURS
    ]
    return found


def sums(leaves: Iterable[tuple[str, Decimal]], recipients: Sequence[str]) -> Mapping[str, Decimal]:
    """The total maximum of each recipient over leaves given as (applies to, maximum); "both" counts for every one."""
    total = dict.fromkeys(recipients, Decimal(0))
    for applies_to, maximum in leaves:
        for recipient in recipients:
            if applies_to in (recipient, "both"):
                total[recipient] += maximum
    return total


def shift_year(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def shift_months(day: date, months: int) -> date:
    """The same day some months later; the last day of a month stays the last one, the 31st becomes the 30th."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_last else min(day.day, last))


_GATE = re.compile(r"\s*(?P<code>[^<>=\s]{1,20})\s*(?P<op>>=|>)\s*(?P<bound>[0-9]+(?:[.,][0-9]+)?)\s*%?\s*")


def gates_of(text: str) -> list[dict[str, str]]:
    """Conditions of a class as a person writes them: "1.2 >= 100; 3.1 > 80", the percent that a criterion must reach.

    Raises ``ValueError`` with a Vietnamese sentence.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        read = _GATE.fullmatch(part)
        if read is None:
            raise ValueError(
                f"Không hiểu điều kiện “{part}”. Ghi mã tiêu chí, >= hoặc >, rồi số %, ví dụ 1.2 >= 100."
            )
        found.append({**read.groupdict(), "bound": read["bound"].replace(",", ".")})
    return found


def gates_in_words(gates: Sequence[Mapping[str, str]]) -> str:
    """The same conditions as they are written."""
    return "; ".join(f"{one['code']} {one['op']} {one['bound'].replace('.', ',')}" for one in gates)


# The first month of a part of the year and how many months it has, and what it is called in a sentence.
_PERIODS = {
    "year": (1, 12, ""),
    "h1": (1, 6, "6 tháng đầu"),
    "h2": (7, 6, "6 tháng cuối"),
    **{f"q{n}": (3 * n - 2, 3, f"quý {name}") for n, name in enumerate(("I", "II", "III", "IV"), start=1)},
    **{f"m{n:02d}": (n, 1, f"tháng {n}") for n in range(1, 13)},
}


def days_of(year: int, period: str) -> tuple[date, date]:
    """The first and the last day of a part of a year."""
    month, count, _ = _PERIODS[period]
    last = month + count - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


def months_of(period: str) -> int:
    """How many months a part of a year has."""
    return _PERIODS[period][1]


def period_after(year: int, period: str) -> tuple[int, str]:
    """The part of a year, equally long, that follows: after December comes January of the next year."""
    alike = [name for name in _PERIODS if months_of(name) == months_of(period)]
    place = alike.index(period) + 1
    return (year, alike[place]) if place < len(alike) else (year + 1, alike[0])


def periods_around(period: str) -> list[str]:
    """The part of a year itself and the longer ones that it lies in, the shortest first: month, quarter, half, year."""
    first, count, _ = _PERIODS[period]
    around = [
        (length, name)
        for name, (begin, length, _) in _PERIODS.items()
        if begin <= first and first + count <= begin + length
    ]
    return [name for _, name in sorted(around)]


def months_between(earlier: tuple[int, str], later: tuple[int, str]) -> int:
    """How many months the end of one round lies after the end of another, each given as (year, period)."""
    (before, was), (after, now) = earlier, later
    ends = {period: month + count for period, (month, count, _) in _PERIODS.items()}
    return (after - before) * 12 + ends[now] - ends[was]


def time_in_words(year: int, period: str) -> str:
    """For example “quý I năm 2025”, “6 tháng đầu năm 2025”, for the whole year “năm 2025”."""
    return f"{_PERIODS[period][2]} năm {year}".strip()


class Rounding(StrEnum):
    """How a published figure is rounded."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [
            (cls.HALF_UP, "Từ 5 trở lên thì làm tròn lên"),
            (cls.HALF_EVEN, "Đúng 5 thì làm tròn về chữ số chẵn"),
            (cls.DOWN, "Cắt bỏ phần thừa"),
        ]


_MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
}


def published(value: Decimal, places: int, rounding: str) -> Decimal:
    """A figure as it is published; nothing is rounded before."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=_MODES[Rounding(rounding)])
