"""Workbooks for the import stories: good ones, and every kind of bad one."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

PEOPLE = [
    "Mã cán bộ *",
    "Họ và tên *",
    "Giới tính",
    "Ngày sinh",
    "Thư điện tử",
    "Loại lao động *",
    "Ngày vào cơ quan *",
    "Mã đơn vị *",
    "Chức vụ *",
    "Từ ngày",
    "Ngày thôi việc",
]
UNITS = ["Mã đơn vị *", "Tên đơn vị *", "Tên ngắn *", "Loại *", "Thuộc (mã)", "Thứ tự", "Ngày thành lập *"]


def workbook(rows: Sequence[Sequence[Any]], *, title: str = "Dữ liệu", before: int = 0) -> BytesIO:
    """The rows on one sheet, ``before`` empty rows above them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for _ in range(before):
        sheet.append([])
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> BytesIO:
    target = BytesIO()
    book.save(target)
    target.seek(0)
    return target


def person(**changes: Any) -> list[Any]:
    row = {
        "code": "CB900",
        "full_name": "Đào Thị Ánh",
        "gender": "Nữ",
        "born_on": "02/09/1990",
        "email": "anh@snv.example",
        "employment": "Viên chức",
        "joined_on": "04/05/2020",
        "unit_code": "cchc",
        "post": "Chuyên viên",
        "started_on": None,
        "left_on": None,
        **changes,
    }
    return list(row.values())


def unit(**changes: Any) -> list[Any]:
    row = {
        "code": "xdcq",
        "name": "Phòng Xây dựng chính quyền",
        "short_name": "Phòng XDCQ",
        "kind": "phong",
        "parent_code": "so",
        "order": 8,
        "opened_on": "01/03/2016",
        **changes,
    }
    return list(row.values())


def upload(content: BytesIO | bytes, name: str = "danh-sach.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.getvalue())
