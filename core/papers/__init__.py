"""An office paper with tables (Decree 30/2020): described once, written as Word, PDF and Excel."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from core.vietnamese import format_decimal, half_up, normalize

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
DOTS = "…………"
# A4 and the margins of Decree 30/2020, in cm.
SHORT, LONG = 21.0, 29.7
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 3.0, 1.5, 2.0, 2.0
CROWDED = 1.06  # how far columns may be squeezed before the paper is turned
SHORTEST = 8  # rows of a table that is not broken

Cell = str | Decimal | int | None


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Kind(StrEnum):
    """What a row of a table is."""

    HEADING = "heading"
    LINE = "line"
    ASIDE = "aside"  # stands in the table and does not count
    TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """``width`` in cm; one that ``grows`` takes its share of the room that is left.

    Numbers have at most ``places`` decimals, or exactly so many where ``is_fixed``.
    """

    label: str
    width: float
    align: Align = Align.LEFT
    grows: bool = False
    places: int = 2
    is_fixed: bool = False

    def shown(self, cell: Cell) -> str:
        """A cell as people read it."""
        if cell is None:
            return ""
        if isinstance(cell, str):
            return normalize(cell)
        value = half_up(Decimal(cell), self.places)
        return format_decimal(value, self.places if self.is_fixed else None)


@dataclass(frozen=True)
class Row:
    """One row; ``level`` is the depth of its heading in the table."""

    cells: tuple[Cell, ...]
    kind: Kind = Kind.LINE
    level: int = 1


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""

    @property
    def is_short(self) -> bool:
        """Short enough to stand on one page with the signatures below it."""
        return len(self.rows) <= SHORTEST

    @property
    def natural_width(self) -> float:
        return sum(column.width for column in self.columns)

    def widths(self, room: float) -> list[float]:
        """The columns laid out over ``room``: what is left or missing is shared by those that grow."""
        growing = sum(column.width for column in self.columns if column.grows)
        spare = room - self.natural_width
        return [
            column.width + (spare * column.width / growing if column.grows else 0) for column in self.columns
        ]

    @property
    def texts(self) -> list[list[str]]:
        return [
            [column.shown(cell) for column, cell in zip(self.columns, row.cells, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Head:
    """The block above the title; what is not known is left to be written by hand."""

    parent_agency: str
    agency: str
    number: str
    dated: str


@dataclass(frozen=True)
class Signature:
    """Who signs, how, and the name where it is known."""

    title: str
    how: str = "(Ký, ghi rõ họ tên)"
    name: str = ""


@dataclass(frozen=True)
class Paper:
    head: Head
    title: str
    subtitle: str
    note: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    signatures: tuple[Signature, ...]

    @property
    def is_landscape(self) -> bool:
        upright = SHORT - LEFT_MARGIN - RIGHT_MARGIN
        return any(table.natural_width > upright * CROWDED for table in self.tables)

    @property
    def room(self) -> float:
        """The width between the margins, in cm."""
        return (LONG if self.is_landscape else SHORT) - LEFT_MARGIN - RIGHT_MARGIN


Writer = Callable[[Paper], bytes]


def kept_together(rows: tuple[Row, ...]) -> list[int]:
    """The places of headings that must not stand last on a page."""
    return [place for place, (row, _) in enumerate(pairwise(rows)) if row.kind == Kind.HEADING]
