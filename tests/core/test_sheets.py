"""Exports: text stays text, numbers stay numbers, names are safe."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from core import clock
from core.listing import Column
from core.sheets import XLSX, file_name, file_response, sheet_response, write_sheet

DANGEROUS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{=1}",
    "http://x.example/",
    "'=1",
]


def cells(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows()]


def one_column(*values: Any) -> list[Any]:
    rows = cells(write_sheet("Danh sách", [Column("Tên", lambda row: row)], values))
    return [row[0] for row in rows[4:]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    [cell] = one_column(text)
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text  # how a sheet spells a carriage return
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", ["<r><t>x</t></r>", "<r><broken</r>", "<r>&</r>", "<b>x</b>"])
def test_no_text_becomes_markup_of_the_file(text: str) -> None:
    [cell] = one_column(text)
    assert cell.value.strip() == text


def test_repeated_texts_stand_in_the_file_once_and_numbers_beside_them() -> None:
    columns = [Column("Đơn vị", lambda row: f"Phòng {row % 3}"), Column("Số", lambda row: row)]
    content = write_sheet("Danh sách", columns, range(3000))
    assert [(one.value, two.value) for one, two in cells(content)[4:]] == [
        (f"Phòng {n % 3}", n) for n in range(3000)
    ]
    with ZipFile(BytesIO(content)) as parts:
        assert parts.read("xl/sharedStrings.xml").count("Phòng 1".encode()) == 1


def test_title_and_headings_are_text_too() -> None:
    rows = cells(write_sheet("=1+1", [Column("=2+2", lambda row: row)], []))
    assert [rows[0][0].data_type, rows[3][0].data_type] == ["s", "s"]
    assert [rows[0][0].value, rows[3][0].value] == ["=1+1", "=2+2"]


def test_values_keep_their_kind() -> None:
    moment = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)
    found = one_column(Decimal("8.25"), 12345, True, date(2026, 9, 2), moment, None, "")
    assert [cell.value for cell in found[:4]] == [8.25, 12345, "Có", datetime(2026, 9, 2)]  # noqa: DTZ001
    assert found[3].number_format == "dd/mm/yyyy"
    assert found[4].value == datetime(2026, 1, 1, 0, 30)  # noqa: DTZ001 - the clock on the wall in Việt Nam
    assert [cell.value for cell in found[5:]] == [None, None]


def test_text_longer_than_a_cell_is_cut_and_control_characters_do_no_harm() -> None:
    [long, odd] = one_column("x" * 40_000, "a\x0bb\x1bc")
    assert len(long.value) == 32_767
    assert odd.value.startswith("a")


def test_the_sheet_says_when_it_was_made() -> None:
    with clock.at(datetime(2025, 12, 31, 17, 30, tzinfo=UTC)):
        rows = cells(write_sheet("Danh sách", [Column("Tên", str)], []))
        assert rows[1][0].value == "Xuất lúc 00:30 01/01/2026"
        assert file_name("Danh sách", "xlsx") == "danh-sach-20260101.xlsx"


@pytest.mark.parametrize(
    "title",
    [
        "Bảng xếp hạng năm 2025",
        "../../x",
        'a"; filename="b.html',
        "a\r\nX: 1",
        "中文",
        "x" * 500,
        "",
        "Đơn vị; rm -rf",
    ],
)
def test_file_names_are_plain(title: str) -> None:
    name = file_name(title, "xlsx")
    assert name.isascii()
    assert all(char.isalnum() or char in "-." for char in name)
    assert len(name) < 110


@pytest.mark.parametrize(
    "name", ['a".xlsx', "a\r\nSet-Cookie: x=1.xlsx", "Danh sách khen thưởng.docx", "a;b.xlsx"]
)
def test_any_name_gives_a_header_of_one_line(name: str) -> None:
    header = file_response(b"x", name, XLSX)["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert not {"\r", "\n"} & set(header)
    assert header.isascii()


def test_a_sheet_is_a_download() -> None:
    response = sheet_response("Danh sách", [Column("Tên", str)], ["An"])
    assert response["Content-Type"] == XLSX
    assert cells(response.content)[4][0].value == "An"
