"""A scheme as an Excel file that imports to the same scheme, and the template to fill in."""

from io import BytesIO
from itertools import product
from typing import Any

import xlsxwriter

from campaigns.importing.rows import COLUMNS, DATA_SHEET, GUIDE_SHEET
from campaigns.methods import EXAMPLES, GROUPS, METHODS, Group, Method
from campaigns.methods.text import to_text
from campaigns.models import AppliesTo, CriteriaSet, Criterion
from campaigns.queries.feeding import WITH_SCHEME, feeds_of
from core.sheets import CELL, TextSheet

WIDTHS = {
    "level": 6,
    "code": 9,
    "name": 60,
    "max": 10,
    "method": 26,
    "params": 44,
    "evidence": 36,
    "in_charge": 18,
    "note": 36,
    "applies_to": 14,
    "evidence_required": 12,
    "feeds": 26,
}


def scheme_file(criteria_set: CriteriaSet | None) -> bytes:
    """The table in order, one row a node; without a set the template with its headings alone."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet(DATA_SHEET, TextSheet)
        title = criteria_set.title if criteria_set else "Bộ chỉ số"
        _head(book, sheet, title)
        if criteria_set and criteria_set.frame:
            said = f"Dòng nền xám thuộc khung “{criteria_set.frame}”: không sửa, không bỏ, không đổi thứ tự."
            sheet.write_string(1, 0, said, book.add_format({"italic": True, "font_name": "Times New Roman"}))
        if criteria_set:
            _rows(book, sheet, criteria_set)
        _guide(book, book.add_worksheet(GUIDE_SHEET, TextSheet))
    return target.getvalue()


def _head(book: xlsxwriter.Workbook, sheet: Any, title: str) -> None:
    bold = {"bold": True, "font_name": "Times New Roman"}
    head = book.add_format(
        {
            **bold,
            "border": 1,
            "bg_color": "#E8EEF7",
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    sheet.write_string(0, 0, title, book.add_format({**bold, "font_size": 14}))
    for index, (key, label, _) in enumerate(COLUMNS):
        sheet.set_column(index, index, WIDTHS[key])
        sheet.write_string(2, index, label, head)
    sheet.freeze_panes(3, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _rows(book: xlsxwriter.Workbook, sheet: Any, criteria_set: CriteriaSet) -> None:
    formats = {
        (is_leaf, is_number, is_of_frame): book.add_format(
            {
                **CELL,
                "text_wrap": True,
                "bold": not is_leaf,
                **({"num_format": "#,##0.####"} if is_number else {}),
                **({"bg_color": "#EDEDED"} if is_of_frame else {}),
            }
        )
        for is_leaf, is_number, is_of_frame in product((True, False), repeat=3)
    }
    rows = criteria_set.criteria.select_related("in_charge", WITH_SCHEME).order_by("position")
    criteria = list(rows)
    feeds = feeds_of(criteria)
    for row, one in enumerate(criteria, start=3):
        for index, (key, _, _) in enumerate(COLUMNS):
            value = feeds.get(one.pk, "") if key == "feeds" else _cell(key, one)
            if key in ("level", "max") and value != "":
                sheet.write_number(
                    row, index, float(value), formats[one.is_leaf, key == "max", one.is_of_frame]
                )
            else:
                sheet.write_string(row, index, str(value), formats[one.is_leaf, False, one.is_of_frame])


def _cell(key: str, one: Criterion) -> Any:
    rule = METHODS.get(one.method) or GROUPS.get(one.method)
    values = {
        "level": one.level,
        "code": one.code,
        "name": one.name,
        "max": one.max_score if one.max_score else "",
        "method": rule.name if rule else "",
        "params": to_text(rule, one.params) if rule else "",
        "evidence": one.evidence,
        "in_charge": one.in_charge.code if one.in_charge else "",
        "note": one.guidance,
        "applies_to": AppliesTo(one.applies_to).label if one.is_leaf else "",
        "evidence_required": "x" if one.evidence_required else "",
    }
    return values[key]


def _guide(book: xlsxwriter.Workbook, sheet: Any) -> None:
    """Every method, what it is for, and an example of its parameters as the column wants them."""
    wrap = book.add_format({**CELL, "text_wrap": True})
    bold = book.add_format({**CELL, "bold": True})
    for index, (label, width) in enumerate(
        [("Cách chấm", 34), ("Mã", 24), ("Dùng khi", 60), ("Tham số, ví dụ", 50)]
    ):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, label, bold)
    rules: list[Method | Group] = [*METHODS.values(), *GROUPS.values()]
    for row, one in enumerate(rules, start=1):
        example = to_text(one, EXAMPLES[one.id])
        for index, text in enumerate((one.name, one.id, one.summary, example)):
            sheet.write_string(row, index, text, wrap)
