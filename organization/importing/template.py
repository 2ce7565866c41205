"""The workbook to fill in: headings, lists to choose from, and a page that explains every column."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from core.sheets import TextSheet
from organization.importing.sheets import COLUMNS, DATA_SHEET, GUIDE_SHEET, LISTS_SHEET, ROW_LIMIT, Column
from organization.models import ImportBatch, Person, Post, Unit, UnitKind

LISTED = 2_000  # rows of the template that carry the lists; Excel copies them on when rows are added
FILLING = (
    f"Ghi dữ liệu vào trang “{DATA_SHEET}”, mỗi dòng một đối tượng, tối đa {ROW_LIMIT} dòng. Không đổi tên cột.",
    "Ngày ghi theo thứ tự ngày/tháng/năm, ví dụ 02/09/2025 là ngày 2 tháng 9.",
)
CODED = (
    "Dòng có mã đã có trong cổng được cập nhật, mã mới được thêm; không dòng nào bị nhân đôi.",
    "Ô không bắt buộc để trống: giữ nguyên dữ liệu đang có.",
)
SAFE = ("Không dùng công thức. Sau khi tải lên, cổng cho xem trước kết quả từng dòng rồi mới ghi.",)


def template(kind: str) -> bytes:
    return write_template(COLUMNS[kind], _choices(kind), CODED)


def write_template(
    columns: tuple[Column, ...],
    choices: Mapping[str, Sequence[str]],
    rules: Sequence[str],
    filled: Sequence[Sequence[str]] = (),
) -> bytes:
    """A workbook with these columns, what may be chosen in them, what its kind of sheet asks for, and rows begun."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet(DATA_SHEET, TextSheet)
        guide = book.add_worksheet(GUIDE_SHEET, TextSheet)
        lists = book.add_worksheet(LISTS_SHEET, TextSheet)
        _write_data(book, sheet, columns)
        for number, row in enumerate(filled, start=1):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
        _write_guide(book, guide, columns, [*FILLING, *rules, *SAFE])
        for index, (key, values) in enumerate(choices.items()):
            lists.write_column(0, index, values)
            _offer(sheet, columns, key, index, len(values))
        lists.set_column(0, 6, 30)
    return target.getvalue()


def _write_data(book: xlsxwriter.Workbook, sheet: Any, columns: tuple[Column, ...]) -> None:
    base = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    head = {
        True: book.add_format({**base, "bg_color": "#FCE8C5"}),
        False: book.add_format({**base, "bg_color": "#E8EEF7"}),
    }
    text, day, number = (book.add_format({"num_format": form}) for form in ("@", "dd/mm/yyyy", "0"))
    for index, column in enumerate(columns):
        form = {"date": day, "number": number}.get(column.kind, text)
        sheet.set_column(index, index, column.width, form)
        sheet.write_string(
            0, index, f"{column.label}{' *' if column.required else ''}", head[column.required]
        )
        if column.note:
            sheet.write_comment(0, index, column.note)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)


def _write_guide(
    book: xlsxwriter.Workbook, sheet: Any, columns: tuple[Column, ...], rules: Sequence[str]
) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 24, wrap)
    sheet.set_column(1, 1, 14, wrap)
    sheet.set_column(2, 2, 80, wrap)
    for number, rule in enumerate(rules):
        sheet.merge_range(number, 0, number, 2, rule, wrap)
    for index, label in enumerate(("Cột", "Bắt buộc", "Cách ghi")):
        sheet.write_string(len(rules) + 1, index, label, bold)
    for number, column in enumerate(columns, start=len(rules) + 2):
        sheet.write_string(number, 0, column.label)
        sheet.write_string(number, 1, "Có" if column.required else "Không")
        sheet.write_string(number, 2, column.note)


def _choices(kind: str) -> dict[str, list[str]]:
    codes = list(Unit.objects.open().order_by("order").values_list("code", flat=True))
    if kind == ImportBatch.Kind.UNITS:
        return {"kind": list(UnitKind.objects.values_list("name", flat=True)), "parent_code": codes}
    return {
        "gender": [str(label) for label in Person.Gender.labels],
        "employment": [str(label) for label in Person.Employment.labels],
        "unit_code": codes,
        "post": list(Post.objects.values_list("name", flat=True)),
    }


def _offer(sheet: Any, columns: tuple[Column, ...], key: str, index: int, count: int) -> None:
    if not count:
        return
    place = next(number for number, column in enumerate(columns) if column.key == key)
    letter = chr(ord("A") + index)
    sheet.data_validation(
        1,
        place,
        LISTED,
        place,
        {
            "validate": "list",
            "source": f"='{LISTS_SHEET}'!${letter}$1:${letter}${count}",
            "error_title": "Ngoài danh sách",
            "error_message": "Hãy chọn một giá trị trong danh sách.",
        },
    )
