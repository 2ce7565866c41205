"""The kinds of figures that the province sets, and what each may be. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

EXPECTED = {
    "percent": "tỷ lệ từ 0 đến 100 trong dấu nháy, hoặc để trống nếu không quy định",
    "number": "số nguyên từ 0, hoặc số thập phân trong dấu nháy, hoặc để trống",
    "fraction": "phân số như 2/3, không quá 1",
    "yes_no": "có hoặc không",
    "choice": "một lựa chọn trong danh sách",
    "choices": "các lựa chọn trong danh sách",
    "day": "ngày và tháng như 30/06, hoặc để trống nếu không quy định",
}
MOST = 10**9
LEAP = 2024  # every day of a year occurs in it


def fits(kind: str, value: Any, choices: Collection[str] = ()) -> bool:
    """Whether a setting of this kind may have the value."""
    match kind:
        case "percent":
            return value is None or (_is_decimal(value) and Decimal(value) <= 100)
        case "number":
            return value is None or _is_decimal(value) or (_is_whole(value) and 0 <= value <= MOST)
        case "fraction":
            return isinstance(value, str) and _is_fraction(value)
        case "yes_no":
            return isinstance(value, bool)
        case "choice":
            return isinstance(value, str) and value in choices
        case "choices":
            return isinstance(value, list) and all(one in choices for one in value)
        case "day":
            return value is None or (isinstance(value, str) and day_of(value, LEAP) is not None)
    return False


def day_of(text: str, year: int) -> date | None:
    """30/06 in a year; nothing where there is no such day."""
    found = re.fullmatch(r"([0-9]{2})/([0-9]{2})", text)
    try:
        return date(year, int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def shown(kind: str, value: Any, choices: Mapping[str, str]) -> str:
    """The figure as people write it."""
    if value is None:
        return "Không quy định"
    match kind:
        case "percent":
            return f"{_number(value)}%"
        case "number":
            return _number(value)
        case "yes_no":
            return "Có" if value else "Không"
        case "choice":
            return choices.get(value, str(value))
        case "choices":
            return "; ".join(choices.get(one, str(one)) for one in value) or "Không có loại nào"
    return str(value)


def _number(value: Any) -> str:
    """10000 → 10.000, 12.50 → 12,5."""
    whole, _, decimals = f"{Decimal(str(value)):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{decimals.rstrip('0')}" if decimals.strip("0") else grouped


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", value) is not None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_fraction(value: str) -> bool:
    found = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", value)
    return found is not None and 0 < int(found[1]) <= int(found[2])
