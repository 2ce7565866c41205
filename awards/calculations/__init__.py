"""What is computed of awards: the rows and sums of a list; bonus money in ``bonus``. Pure: no Django."""

from awards.calculations.lists import (
    COLLECTIVE,
    INDIVIDUAL,
    KINDS,
    AwardRow,
    Count,
    Section,
    lines_of,
    sections,
    totals,
    two_digits,
)

__all__ = [
    "COLLECTIVE",
    "INDIVIDUAL",
    "KINDS",
    "AwardRow",
    "Count",
    "Section",
    "lines_of",
    "sections",
    "totals",
    "two_digits",
]
