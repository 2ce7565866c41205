"""Reading workbooks: everything odd ends in a sentence with row and column, and nothing else."""

import re
import time
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from core.workflow import Refused
from organization.importing import COLUMNS, read_sheet, template
from organization.models import ImportBatch, User
from tests.organization.workbooks import PEOPLE, UNITS, person, saved, workbook


def _faults(row: list[Any]) -> list[str]:
    return read_sheet(workbook([PEOPLE, row]), "people").rows[0].faults


def _refusal(source: BytesIO, kind: str = "people") -> str:
    with pytest.raises(Refused) as refusal:
        read_sheet(source, kind)
    return " ".join(refusal.value.reasons)


def test_cells_are_read_as_they_look() -> None:
    sheet = read_sheet(
        workbook(
            [
                PEOPLE,
                person(
                    born_on=datetime(1990, 9, 2),  # noqa: DTZ001
                    joined_on=date(2020, 5, 4),
                    started_on="02/09/2025",
                    code=17.0,
                ),  # noqa: DTZ001
                [None] * 11,
                person(full_name="  Nguye\u0302\u0303n   Thi\u0323 A\u0301nh \u00a0", email=" "),
            ]
        ),
        "people",
    )
    first, second = sheet.rows
    assert first.values["code"] == "17"
    assert first.values["born_on"] == date(1990, 9, 2)
    assert first.values["started_on"] == date(2025, 9, 2)
    assert (second.number, second.values["full_name"], second.values["email"]) == (4, "Nguyễn Thị Ánh", None)
    assert not first.faults
    assert not second.faults


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"born_on": "sinh năm 1990"}, "Ô D2 (“Ngày sinh”): “sinh năm 1990” không phải ngày"),
        ({"born_on": "31/02/1990"}, "“31/02/1990” không phải ngày"),
        ({"born_on": "13/25/1990"}, "không phải ngày"),
        ({"born_on": 33000}, "Ô D2 (“Ngày sinh”): cần ngày dạng ngày/tháng/năm, đang là “33000”"),
        ({"born_on": True}, "cần ngày"),
        ({"born_on": "01/01/1949"}, "nằm ngoài khoảng 01/01/1950"),
        ({"joined_on": timezone.localdate() + timedelta(days=400)}, "nằm ngoài khoảng"),
        ({"full_name": "=A1&B1"}, "Ô B2 (“Họ và tên”): là công thức"),
        ({"full_name": "#N/A"}, "lỗi #N/A"),
        ({"full_name": "  "}, "Ô B2 (“Họ và tên”): còn trống"),
        ({"code": "C" * 21}, "dài 21 ký tự, tối đa 20"),
        ({"code": 1.5}, "đang là số 1.5"),
        ({"full_name": datetime(2020, 1, 1)}, "cần chữ, đang là ngày 01/01/2020"),  # noqa: DTZ001
    ],
)
def test_a_bad_cell_is_named_with_its_place(changes: dict[str, Any], sentence: str) -> None:
    (fault,) = _faults(person(**changes))
    assert sentence in fault


def test_the_heading_may_stand_lower_and_in_another_order() -> None:
    order = [1, 0, *range(2, 11)]
    swapped = [[row[index] for index in order] for row in (PEOPLE, person())]
    sheet = read_sheet(workbook([["DANH SÁCH CÁN BỘ"], *swapped], before=2), "people")
    assert sheet.rows[0].number == 5
    assert sheet.rows[0].values["code"] == "CB900"


def test_optional_columns_may_be_left_out_and_strange_ones_are_told() -> None:
    heads = [head for head in PEOPLE if head.endswith("*")]
    row = [value for head, value in zip(PEOPLE, person(), strict=True) if head.endswith("*")]
    sheet = read_sheet(workbook([[*heads, "Ghi chú"], [*row, "x"]]), "people")
    assert "email" not in sheet.present
    assert sheet.notes == ["Không dùng đến cột “Ghi chú” (cột G)."]


def test_wrong_headings_are_refused_with_names() -> None:
    missing = _refusal(workbook([[head for head in PEOPLE if head != "Chức vụ *"], person()]))
    assert "Thiếu cột “Chức vụ”" in missing
    renamed = _refusal(workbook([["Mã số", *PEOPLE[1:]], person()]))
    assert "Thiếu cột “Mã cán bộ”" in renamed
    assert "“Mã số” (cột A)" in renamed
    assert "xuất hiện nhiều lần" in _refusal(workbook([[*PEOPLE, "Chức vụ"], person()]))
    assert "Không thấy dòng tiêu đề" in _refusal(workbook([person(), person()]))
    assert "Không thấy dòng tiêu đề" in _refusal(workbook([UNITS, person()]))


def test_empty_files_are_refused() -> None:
    assert "không có dữ liệu" in _refusal(workbook([]))
    assert "chưa có dòng dữ liệu nào" in _refusal(workbook([PEOPLE]))
    assert "chưa có dòng dữ liệu nào" in _refusal(workbook([PEOPLE, [" "] * 11, [None] * 11]))


def test_a_hidden_sheet_is_not_read() -> None:
    book = openpyxl.load_workbook(workbook([PEOPLE, person()]))
    other = book.create_sheet("Khác")
    book["Dữ liệu"].sheet_state = "hidden"
    assert "“Dữ liệu” đang bị ẩn" in _refusal(saved(book))
    book["Dữ liệu"].title = "Cũ"
    other.append(PEOPLE)
    other.append(person(code="CB901"))
    assert read_sheet(saved(book), "people").rows[0].values["code"] == "CB901"


def test_too_many_rows_are_refused() -> None:
    assert "hơn 5.000 dòng" in _refusal(workbook([PEOPLE, *([person()] * 5001)]))


@pytest.mark.parametrize("declared", [True, False])
def test_a_huge_sparse_sheet_costs_little(declared: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Dữ liệu"
    sheet.append(PEOPLE)
    sheet.append(person())
    sheet.cell(row=2, column=16_384, value="xa")
    sheet.cell(row=1_048_576, column=1, value="xa")
    source = saved(book)
    if not declared:
        with zipfile.ZipFile(source) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml")
        source = _changed(source, "xl/worksheets/sheet1.xml", re.sub(rb"<dimension[^>]*/>", b"", xml))
    started = time.perf_counter()
    if declared:
        assert "kéo dài đến dòng 1048576" in _refusal(source)
    else:
        assert [row.number for row in read_sheet(source, "people").rows] == [2]
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    "content", [b"", b"khong phai excel", b"PK\x03\x04 hong", b"\xd0\xcf\x11\xe0" + b"0" * 600]
)
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    assert "Excel" in _refusal(BytesIO(content))


def _changed(source: BytesIO, part: str, content: bytes) -> BytesIO:
    target = BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == part else old.read(entry))
    return target


def test_bombs_and_entities_are_refused_before_any_parser() -> None:
    bomb = _changed(workbook([PEOPLE, person()]), "xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert "quá lớn sau khi giải nén" in _refusal(bomb)
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    assert "DOCTYPE" in _refusal(_changed(workbook([PEOPLE, person()]), "xl/worksheets/sheet1.xml", entities))
    broken = _changed(
        workbook([PEOPLE, person()]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"
    )
    assert "Excel" in _refusal(broken)


@pytest.mark.parametrize("kind", ["units", "people"])
def test_the_template_is_read_back_by_the_portal(kind: str, cast: dict[str, User]) -> None:
    book = openpyxl.load_workbook(BytesIO(template(kind)))
    assert book.sheetnames == ["Dữ liệu", "Hướng dẫn", "Danh mục"]
    assert book["Dữ liệu"].data_validations.count >= 2
    row = {"units": ["a", "A", "A", "phong", "so", 1, "01/01/2020"], "people": person()}[kind]
    for index, value in enumerate(row, start=1):
        book["Dữ liệu"].cell(row=2, column=index, value=value)
    sheet = read_sheet(saved(book), kind)
    assert sheet.present == {column.key for column in COLUMNS[ImportBatch.Kind(kind)]}
    assert not sheet.rows[0].faults
