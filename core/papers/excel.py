"""A paper as an Excel sheet: numbers as numbers, text as text, set up to be printed."""

from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import Any

import xlsxwriter

from core.papers import (
    BOTTOM_MARGIN,
    COUNTRY,
    LEFT_MARGIN,
    MOTTO,
    RIGHT_MARGIN,
    TOP_MARGIN,
    Cell,
    Column,
    Kind,
    Paper,
    Table,
)
from core.sheets import TextSheet
from core.vietnamese import half_up

LINE_HEIGHT = 15.5
PER_CM = 4.6  # Excel's units of width in a centimetre
LETTERS = 1.25  # letters of this font in a unit, at 11 points, with room for words that do not fit
INCH = 2.54
ROOM_TO_SIGN = 3  # empty rows
LONGEST_CELL, HIGHEST_ROW = 32_767, 409.0


class _Sheet:
    """One worksheet written from top to bottom over the columns of the widest table."""

    def __init__(self, book: xlsxwriter.Workbook, paper: Paper) -> None:
        self.book, self.paper = book, paper
        self.sheet = book.add_worksheet("Phiếu", TextSheet)
        self.row = 0
        self.formats: dict[tuple[Any, ...], Any] = {}
        main = max(paper.tables, key=lambda table: len(table.columns))
        self.widths = main.widths(paper.room)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width * PER_CM)

    @cached_property
    def last(self) -> int:
        return len(self.widths) - 1

    def style(self, **facts: Any) -> Any:
        key = tuple(sorted(facts.items()))
        if key not in self.formats:
            usual = {"font_name": "Times New Roman", "font_size": 13, "valign": "vcenter", "text_wrap": True}
            self.formats[key] = self.book.add_format({**usual, **facts})
        return self.formats[key]

    def across(self, first: int, last: int, text: str, **facts: Any) -> None:
        """A text over several columns; written as a string, so that nothing becomes a formula."""
        style = self.style(**facts)
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", style)
        self.sheet.write_string(self.row, first, text[:LONGEST_CELL], style)

    def characters(self, first: int, last: int, size: float = 11) -> float:
        """How many letters of that size stand beside each other."""
        return sum(self.widths[first : last + 1]) * PER_CM * LETTERS * 11 / size

    def down(self, *needed: tuple[str, float]) -> None:
        """To the next row; this one is as high as its texts need in so many characters a line."""
        lines = max([1, *(_lines(text, room) for text, room in needed)])
        self.sheet.set_row(self.row, min(LINE_HEIGHT * lines + 2, HIGHEST_ROW))
        self.row += 1

    def whole(self, text: str, **facts: Any) -> None:
        self.across(0, self.last, text, **facts)
        self.down((text, self.characters(0, self.last, facts.get("font_size", 13))))


def write(paper: Paper) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = _Sheet(book, paper)
        _head(sheet)
        sheet.whole(paper.title, bold=True, font_size=14, align="center")
        sheet.whole(paper.subtitle, bold=True, font_size=14, align="center")
        if paper.note:
            sheet.whole(f"({paper.note})", italic=True, align="center")
        sheet.down()
        for label, text in paper.facts:
            sheet.whole(f"{label}: {text}")
        main = max(paper.tables, key=lambda table: len(table.columns))
        for table in paper.tables:
            _table(sheet, table, repeated=table is main)
        _signatures(sheet)
        _print_setup(sheet)
    return target.getvalue()


def _head(sheet: _Sheet) -> None:
    head, middle = sheet.paper.head, min(2, max(sheet.last - 1, 0))
    left, right = sheet.characters(0, middle, 14), sheet.characters(middle + 1, sheet.last, 14)
    usual: dict[str, Any] = {"font_size": 12, "align": "center"}
    lines: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
        (head.parent_agency, {}, COUNTRY, {"bold": True}),
        (head.agency, {"bold": True}, MOTTO, {"bold": True, "font_size": 13}),
        (head.number, {"font_size": 13}, head.dated, {"italic": True, "font_size": 13}),
    ]
    for first, facts, second, other in lines:
        sheet.across(0, middle, first, **usual | facts)
        sheet.across(middle + 1, sheet.last, second, **usual | other)
        sheet.down((first, left), (second, right))
    sheet.down()


def _table(sheet: _Sheet, table: Table, *, repeated: bool) -> None:
    """A table with fewer columns than the widest one spreads the column that grows over those left free."""
    sheet.down()
    if table.caption:
        sheet.whole(table.caption, bold=True)
    spans = _spans(table, sheet.last)
    head: dict[str, Any] = {"font_size": 12, "bold": True, "align": "center", "border": 1}
    for (first, last), column in zip(spans, table.columns, strict=True):
        sheet.across(first, last, column.label, **head)
    sheet.down(
        *(
            (column.label, sheet.characters(*span, 13))
            for span, column in zip(spans, table.columns, strict=True)
        )
    )
    if repeated:
        sheet.sheet.repeat_rows(sheet.row - 1)
        sheet.sheet.freeze_panes(sheet.row, 0)
    for row, texts in zip(table.rows, table.texts, strict=True):
        facts = {
            "border": 1,
            "font_size": 11,
            "valign": "top",
            "bold": row.kind in (Kind.HEADING, Kind.TOTAL),
            "italic": row.kind == Kind.ASIDE,
        }
        for span, column, cell, text in zip(spans, table.columns, row.cells, texts, strict=True):
            _cell(sheet, span, column, cell, text, facts)
        sheet.down(*((text, sheet.characters(*span)) for span, text in zip(spans, texts, strict=True)))


def _cell(
    sheet: _Sheet, span: tuple[int, int], column: Column, cell: Cell, text: str, facts: dict[str, Any]
) -> None:
    if cell is None or isinstance(cell, str):
        sheet.across(*span, text, align=str(column.align), **facts)
        return
    sheet.across(*span, "", align=str(column.align), num_format=_number_format(column, cell), **facts)
    style = sheet.style(align=str(column.align), num_format=_number_format(column, cell), **facts)
    sheet.sheet.write_number(sheet.row, span[0], float(cell), style)


def _number_format(column: Column, cell: Decimal | int) -> str:
    """As many decimals as are shown; the cell itself keeps the exact number."""
    places = column.places
    if not column.is_fixed:
        seen = half_up(Decimal(cell), column.places).normalize().as_tuple().exponent
        places = max(-int(seen), 0)
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _spans(table: Table, last: int) -> list[tuple[int, int]]:
    """Which columns of the sheet each column of a table takes: what is too many goes to the first one that grows."""
    spare = last + 1 - len(table.columns)
    growing = next((place for place, column in enumerate(table.columns) if column.grows), 0)
    spans, at = [], 0
    for place, _ in enumerate(table.columns):
        wide = 1 + (spare if place == growing else 0)
        spans.append((at, at + wide - 1))
        at += wide
    return spans


def _signatures(sheet: _Sheet) -> None:
    sheet.down()
    count = min(len(sheet.paper.signatures), sheet.last + 1)
    edges = _shares(sheet.widths, count)
    signatures = sheet.paper.signatures[:count]
    lines: list[tuple[list[str], dict[str, Any]]] = [
        ([one.title for one in signatures], {"bold": True, "font_size": 12}),
        ([one.how for one in signatures], {"italic": True, "font_size": 12}),
        *([([], {})] * ROOM_TO_SIGN),
        ([one.name for one in signatures], {"bold": True}),
    ]
    for texts, facts in lines:
        for (first, last), text in zip(edges, texts, strict=False):
            sheet.across(first, last, text, align="center", **facts)
        sheet.down(*((text, sheet.characters(*edge, 13)) for edge, text in zip(edges, texts, strict=False)))


def _shares(widths: list[float], count: int) -> list[tuple[int, int]]:
    """The columns in ``count`` groups of about the same width, each with at least one."""
    groups, first, whole = [], 0, sum(widths)
    for part in range(1, count + 1):
        last = max(first, len(widths) - 1 - (count - part) if part < count else len(widths) - 1)
        if part < count:
            reached = [at for at in range(first, last + 1) if sum(widths[: at + 1]) >= whole * part / count]
            last = reached[0] if reached else last
        groups.append((first, last))
        first = last + 1
    return groups


def _print_setup(sheet: _Sheet) -> None:
    """A4, the width on one page, the page number centred in the top margin from the second page on."""
    page = sheet.sheet
    page.set_paper(9)
    if sheet.paper.is_landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(
        left=LEFT_MARGIN / INCH, right=RIGHT_MARGIN / INCH, top=TOP_MARGIN / INCH, bottom=BOTTOM_MARGIN / INCH
    )
    page.set_header('&C&"Times New Roman,Regular"&13&P', {"margin": 1 / INCH})
    page.center_horizontally()
    page.set_landscape() if sheet.paper.is_landscape else page.set_portrait()


def _lines(text: str, room: float) -> int:
    """How many lines a text takes: merged cells do not grow by themselves."""
    return sum(max(1, -(-len(part) // max(int(room), 1))) for part in text.split("\n"))
