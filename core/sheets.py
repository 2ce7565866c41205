"""Excel sheets: what a list shows, as a file. Text stays text, numbers stay numbers, formulas never happen."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter.worksheet import Worksheet

from core import clock
from core.vietnamese import fold, format_moment

if TYPE_CHECKING:
    from core.listing import Column

CELL = {"border": 1, "font_name": "Times New Roman", "valign": "top"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_response(title: str, columns: Sequence["Column"], rows: Iterable[Any]) -> HttpResponse:
    return file_response(write_sheet(title, columns, rows), file_name(title, "xlsx"), XLSX)


def file_response(content: bytes, name: str, mime: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, " ".join(name.split())) or ""
    return response


def file_name(title: str, extension: str) -> str:
    """An ASCII name with the day, safe in every header and on every disk."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in fold(title)).split()
    return f"{'-'.join(words)[:80]}-{clock.today():%Y%m%d}.{extension}"


class TextSheet(Worksheet):
    """A sheet on which typed text is text: xlsxwriter copies what stands between <r> and </r> as it is."""

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        text = f"{string} " if string.startswith("<r>") and string.endswith("</r>") else string
        return super()._write_string(row, col, text, cell_format)


class _LongSheet(TextSheet):
    """Keeps one row in memory and each text once, where xlsxwriter offers only one of the two.

    Lists repeat units, posts and states: a repeated text is a short number, in the file and to write.
    """

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        if row > self.previous_row:
            self._write_single_row(row)
        self.constant_memory = False
        written = super()._write_string(row, col, string, cell_format)
        self.constant_memory = True
        return written

    def _write_single_row(self, current_row_num: int = 0) -> None:
        self.constant_memory = False
        super()._write_single_row(current_row_num)
        self.constant_memory = True


def write_sheet(title: str, columns: Sequence["Column"], rows: Iterable[Any]) -> bytes:
    """Title, moment of export, header row, rows. Memory stays flat however many rows there are."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Danh sách", _LongSheet)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 0)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.write_string(
            0, 0, title, book.add_format({"bold": True, "font_size": 14, "font_name": "Times New Roman"})
        )
        sheet.write_string(1, 0, f"Xuất lúc {format_moment(clock.now())}")
        head = book.add_format(
            {
                "bold": True,
                "border": 1,
                "bg_color": "#E8EEF7",
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "font_name": "Times New Roman",
            }
        )
        for index, column in enumerate(columns):
            sheet.write_string(3, index, column.label, head)
        formats = cell_formats(book)
        fixed = {
            places: {**formats, "number": fixed_format(book, places)}
            for places in {column.places for column in columns if column.places}
        }
        of_column = [fixed.get(column.places or 0, formats) for column in columns]
        for number, row in enumerate(rows, start=4):
            for index, column in enumerate(columns):
                write_cell(sheet, number, index, column.value(row), of_column[index])
    return target.getvalue()


def cell_formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "text": book.add_format({**CELL, "text_wrap": True}),
        "date": book.add_format({**CELL, "num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({**CELL, "num_format": "dd/mm/yyyy hh:mm"}),
        "number": book.add_format({**CELL, "num_format": "#,##0.####"}),
        "whole": book.add_format({**CELL, "num_format": "#,##0"}),
    }


def fixed_format(book: xlsxwriter.Workbook, places: int) -> Any:
    """Decimals as the page shows them; the cell itself keeps the exact number."""
    return book.add_format({**CELL, "num_format": f"#,##0.{'0' * places}"})


def write_cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    """``write_string`` keeps "=1+1" a text, so no cell can become a formula."""
    if type(value) is str and value:  # nearly every cell
        sheet.write_string(row, column, value[:32_767], formats["text"])
    elif value is None or value == "":
        sheet.write_blank(row, column, None, formats["text"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "Có" if value else "Không", formats["text"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["whole"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), formats["number"])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001
    else:
        sheet.write_string(row, column, str(value)[:32_767], formats["text"])
