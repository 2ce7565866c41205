"""Checks on calendars, bands and sums that pages and the loader of reference files share. Pure, without Django."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

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
