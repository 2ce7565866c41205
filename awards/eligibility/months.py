"""Months between two days, as offices count them. Pure, exact."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

TENTH = Decimal("0.1")


def months_between(first: date, after: date) -> Decimal:
    """From the first day to the day before ``after``: 1 January to 1 July are 6; parts of a month in tenths, down."""
    whole = (after.year - first.year) * 12 + after.month - first.month
    if after.day < first.day:
        whole -= 1
    year, month = divmod(first.year * 12 + first.month - 1 + whole, 12)
    length = monthrange(year, month + 1)[1]
    start = date(year, month + 1, min(first.day, length))
    rest = Decimal((after - start).days) / length
    return whole + rest.quantize(TENTH, rounding="ROUND_DOWN")
