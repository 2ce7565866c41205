"""A sheet as a workbook to fill in offline: open cells for what this user may write, everything else locked."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from campaigns.methods import Field, bounds, describe
from campaigns.models import Criterion
from core.sheets import XLSX, TextSheet, file_name, file_response
from core.vietnamese import format_decimal
from scoring.importing.offline import (
    CODE,
    COMPUTED,
    DATA_SHEET,
    ID,
    INPUT,
    LISTS_SHEET,
    LONGEST_TEXT,
    MARK,
    SCORE,
    SELF,
    TEXT,
    asked,
    entered,
    key_of,
    takes_score,
)
from scoring.models import Line, Scorecard
from scoring.queries.sheets import headings_of

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
OPEN, SHUT, HEADING = "#FFFBE6", "#F4F6FA", "#E8EEF7"
HEAD_ROW = 3
WANTED = "Số liệu cần nhập"
WIDTHS = {CODE: 8, "Nội dung": 48, "Cách chấm": 40, WANTED: 34, **dict.fromkeys(TEXT.values(), 48)}
USUAL_WIDTH = 13
LINE_HEIGHT, HIGHEST_ROW = 16.0, 409.0
INSTRUCTION = (
    "Chỉ điền các ô nền vàng. Không thêm, xóa, đổi chỗ dòng và cột; không dùng công thức. "
    "Điền xong, lưu lại rồi tải tệp lên từ trang phiếu: cổng cho xem trước rồi mới ghi."
)
ALLOWED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
}


class _Book:
    """The workbook while it is written. Choices stand on a sheet of their own, each list once."""

    def __init__(self, book: xlsxwriter.Workbook, inputs: int, column: str) -> None:
        self.book, self.column = book, column
        self.sheet = book.add_worksheet(DATA_SHEET, TextSheet)
        self.lists = book.add_worksheet(LISTS_SHEET, TextSheet)
        self.lists.hide()
        self.lists.protect()
        self.sources: dict[tuple[str, ...], str] = {}
        self.formats: dict[tuple[Any, ...], Any] = {}
        self.texts: dict[int, dict[str, str]] = {}
        before = ["Tự chấm", "Thủ trưởng duyệt"] if column != SELF else []
        fixed = [ID, MARK, CODE, "Nội dung", "Điểm tối đa", "Cách chấm", *before]
        self.inputs = [f"{INPUT} {place}" for place in range(1, inputs + 1)]
        wanted = [WANTED, *self.inputs] if inputs else []
        self.columns = [*fixed, *wanted, SCORE[column], TEXT[column]]
        self.place = {name: at for at, name in enumerate(self.columns)}

    def style(self, **facts: Any) -> Any:
        key = tuple(sorted(facts.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**FONT, **facts})
        return self.formats[key]

    def text(self, row: int, column: str, text: str, **facts: Any) -> None:
        self.texts.setdefault(row, {})[column] = text
        self.sheet.write_string(row, self.place[column], text, self.style(border=1, **facts))

    def height(self, row: int) -> float:
        """As high as the texts of the row need: not every program fits rows by itself."""
        lines = 1
        for column, text in self.texts.pop(row, {}).items():
            room = WIDTHS.get(column, USUAL_WIDTH)
            lines = max(lines, sum(-(-len(part) // room) or 1 for part in text.split("\n")))
        return min(LINE_HEIGHT * lines + 3, HIGHEST_ROW)

    def points(self, row: int, column: str, value: Decimal | None, **facts: Any) -> None:
        style = self.style(border=1, num_format="#,##0.00##", **facts)
        if value is None:
            self.sheet.write_blank(row, self.place[column], None, style)
        else:
            self.sheet.write_number(row, self.place[column], float(value), style)

    def list_of(self, labels: tuple[str, ...]) -> str:
        if labels not in self.sources:
            at = len(self.sources)
            for row, label in enumerate(labels):
                self.lists.write_string(row, at, label)
            letter = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
            self.sources[labels] = f"='{LISTS_SHEET}'!{letter}$1:{letter}${len(labels)}"
        return self.sources[labels]


def offline_file(
    sheet: Scorecard, column: str, lines: Sequence[Line], may_fill: Collection[int]
) -> HttpResponse:
    """``may_fill`` are the lines whose cells are open."""
    title = f"Phiếu chấm điểm {sheet.campaign_year.when} – {sheet}"
    most = max([0, *(len(asked(line, column)) for line in lines if line.pk in may_fill)])
    target = BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        book = _Book(workbook, most, column)
        _head(book, sheet, title)
        row = HEAD_ROW
        for node in _in_order(sheet, lines):
            row += 1
            if isinstance(node, Criterion):
                _heading(book, row, node)
            else:
                _line(book, row, node, node.pk in may_fill)
            book.sheet.set_row(row, book.height(row))
        _set_up(book)
    return file_response(target.getvalue(), file_name(f"{title} điền ngoại tuyến", "xlsx"), XLSX)


def _in_order(sheet: Scorecard, lines: Sequence[Line]) -> list[Criterion | Line]:
    nodes: list[Criterion | Line] = [*headings_of(sheet), *lines]
    return sorted(nodes, key=lambda one: (one if isinstance(one, Criterion) else one.criterion).position)


def _head(book: _Book, sheet: Scorecard, title: str) -> None:
    """The first hidden cell says whose file this is."""
    write = book.sheet
    write.write_string(0, 0, key_of(sheet, book.column))
    write.write_string(
        0, 2, title, book.book.add_format({**FONT, "text_wrap": False, "bold": True, "font_size": 14})
    )
    write.merge_range(1, 2, 1, len(book.columns) - 1, "", book.style(italic=True))
    write.write_string(1, 2, INSTRUCTION, book.style(italic=True))
    write.set_row(1, 34)
    head = book.style(bold=True, border=1, align="center", valign="vcenter", bg_color=HEADING)
    for at, name in enumerate(book.columns):
        write.write_string(HEAD_ROW, at, name, head)
    write.set_row(HEAD_ROW, 34)


def _heading(book: _Book, row: int, criterion: Criterion) -> None:
    for name in book.columns[2:]:
        text = {CODE: criterion.code, "Nội dung": criterion.name}.get(name, "")
        book.text(row, name, text, bold=True, bg_color=HEADING)


def _line(book: _Book, row: int, line: Line, is_open: bool) -> None:
    criterion = line.criterion
    said = entered(line, book.column)
    if is_open:
        book.sheet.write_number(row, book.place[ID], line.pk)
        book.sheet.write_string(row, book.place[MARK], said.digest)
    book.text(row, CODE, criterion.code)
    book.text(row, "Nội dung", criterion.name)
    book.points(row, "Điểm tối đa", criterion.max_score)
    book.text(row, "Cách chấm", describe(criterion.method, criterion.params))
    if book.column != SELF:
        book.points(row, "Tự chấm", line.self_score)
        book.points(row, "Thủ trưởng duyệt", line.approved_score)
    _inputs(book, row, line, dict(said.inputs), is_open)
    _score(book, row, line, said.points, is_open)
    words = "Không áp dụng" if line.is_excluded and not is_open else said.text
    book.text(row, TEXT[book.column], words, num_format="@", **_look(is_open))
    if is_open:
        _rule(book, row, TEXT[book.column], {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT})


def _inputs(book: _Book, row: int, line: Line, given: dict[str, str], is_open: bool) -> None:
    wanted = asked(line, book.column)
    labels = [
        f"{place}) {one.label}{f' ({one.measure})' if one.measure else ''}"
        for place, one in enumerate(wanted, 1)
    ]
    if book.inputs:
        book.text(row, WANTED, "\n".join(labels))
    for place, name in enumerate(book.inputs):
        one = wanted[place] if place < len(wanted) else None
        look = _look(is_open and one is not None)
        value = given.get(one.name, "") if one else ""
        if one and one.choices:
            book.text(row, name, dict(one.choices).get(value, ""), **look)
        elif value:
            book.sheet.write_number(row, book.place[name], float(value), book.style(border=1, **look))
        else:
            book.sheet.write_blank(row, book.place[name], None, book.style(border=1, **look))
        if one and is_open:
            _rule(book, row, name, _input_rule(book, one))


def _input_rule(book: _Book, one: Field) -> dict[str, Any]:
    if one.choices:
        source = book.list_of(tuple(label for _, label in one.choices))
        rule: dict[str, Any] = {
            "validate": "list",
            "source": source,
            "error_message": "Hãy chọn một mức trong danh sách.",
        }
    else:
        limits = {"criteria": "between", "minimum": -(10**11), "maximum": 10**11}
        rule = {"validate": "decimal", **limits, "error_message": "Ô này cần một số."}
    return {**rule, "input_title": WANTED, "input_message": one.label[:255]}


def _score(book: _Book, row: int, line: Line, value: Decimal | None, is_open: bool) -> None:
    name = SCORE[book.column]
    if not takes_score(line, book.column):
        book.text(row, name, COMPUTED, align="center", **_look(False))
        return
    book.points(row, name, value, **_look(is_open))
    if is_open:
        criterion = line.criterion
        most, least, _ = bounds(criterion.method, criterion.params, criterion.max_score)
        words = f"Điểm từ {format_decimal(least)} đến {format_decimal(most)}."
        limits = {"criteria": "between", "minimum": float(least), "maximum": float(most)}
        _rule(
            book, row, name, {"validate": "decimal", **limits, "error_message": words, "input_message": words}
        )


def _rule(book: _Book, row: int, column: str, rule: dict[str, Any]) -> None:
    place = book.place[column]
    book.sheet.data_validation(row, place, row, place, {"error_title": "Xem lại ô này", **rule})


def _look(is_open: bool) -> dict[str, Any]:
    return {"locked": False, "bg_color": OPEN} if is_open else {"bg_color": SHUT}


def _set_up(book: _Book) -> None:
    for at, name in enumerate(book.columns):
        if name in (ID, MARK):
            book.sheet.set_column(at, at, 2, None, {"hidden": True})
        else:
            book.sheet.set_column(at, at, WIDTHS.get(name, USUAL_WIDTH))
    book.sheet.freeze_panes(HEAD_ROW + 1, book.place["Nội dung"] + 1)
    book.sheet.protect("", ALLOWED)
    book.sheet.set_landscape()
    book.sheet.set_paper(9)
    book.sheet.fit_to_pages(1, 0)
    book.sheet.repeat_rows(HEAD_ROW)
