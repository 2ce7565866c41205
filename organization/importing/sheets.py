"""Reads an uploaded workbook cell by cell. Everything odd becomes a Vietnamese sentence with row and column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO, Any

from openpyxl.utils import get_column_letter

from core import clock
from core.fields import DATE_FORMATS
from core.vietnamese import fold, format_date, normalize
from core.workbooks import is_blank, opened
from core.workflow import Refused
from organization.models import ImportBatch

ROW_LIMIT = 5_000
HEADER_SEARCH = 15
EARLIEST = date(1950, 1, 1)
DATA_SHEET = "Dữ liệu"
GUIDE_SHEET = "Hướng dẫn"
LISTS_SHEET = "Danh mục"


@dataclass(frozen=True)
class Column:
    """A column of the template; ``kind`` is text, date or number. ``also`` are other headings it is known by."""

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    max_length: int = 200
    note: str = ""
    width: int = 18
    also: tuple[str, ...] = ()

    @property
    def titles(self) -> list[str]:
        return [fold(title) for title in (self.label, *self.also)]


COLUMNS: dict[str, tuple[Column, ...]] = {
    ImportBatch.Kind.UNITS: (
        Column(
            "code",
            "Mã đơn vị",
            required=True,
            max_length=40,
            note="Chữ thường không dấu, số, gạch nối; không đổi.",
        ),
        Column("name", "Tên đơn vị", required=True, width=44),
        Column("short_name", "Tên ngắn", required=True, max_length=60, width=24),
        Column("kind", "Loại", required=True, max_length=100, note="Chọn trong danh sách.", width=22),
        Column("parent_code", "Thuộc (mã)", max_length=40, note="Mã đơn vị cấp trên; để trống chỉ với Sở."),
        Column(
            "order", "Thứ tự", kind="number", note="Số nguyên; số nhỏ đứng trước trong danh sách.", width=10
        ),
        Column("opened_on", "Ngày thành lập", kind="date", required=True, note="Ngày/tháng/năm."),
    ),
    ImportBatch.Kind.PEOPLE: (
        Column(
            "code",
            "Mã cán bộ",
            required=True,
            max_length=20,
            note="Mỗi người một mã, không đổi khi nhập lại.",
        ),
        Column("full_name", "Họ và tên", required=True, max_length=140, width=30),
        Column("gender", "Giới tính", max_length=10, note="Nam hoặc Nữ.", width=10),
        Column("born_on", "Ngày sinh", kind="date", note="Ngày/tháng/năm."),
        Column("email", "Thư điện tử", max_length=254, width=30),
        Column("employment", "Loại lao động", required=True, max_length=40, note="Chọn trong danh sách."),
        Column("joined_on", "Ngày vào cơ quan", kind="date", required=True, note="Ngày/tháng/năm."),
        Column("unit_code", "Mã đơn vị", required=True, max_length=40, note="Mã đơn vị đang hoạt động."),
        Column("post", "Chức vụ", required=True, max_length=100, note="Chọn trong danh sách.", width=26),
        Column(
            "started_on",
            "Từ ngày",
            kind="date",
            note="Ngày bắt đầu vị trí. Bắt buộc khi đơn vị hoặc chức vụ khác với dữ liệu đang có.",
        ),
        Column("left_on", "Ngày thôi việc", kind="date", note="Chỉ ghi khi người này thôi việc."),
    ),
}


@dataclass
class SheetRow:
    """One filled row: its number in the workbook, what was read, and what is wrong with its cells."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass
class Sheet:
    rows: list[SheetRow]
    present: frozenset[str]
    notes: list[str]


def read_sheet(source: IO[bytes], kind: str) -> Sheet:
    """The rows of the workbook's data sheet; raises ``Refused`` when the file as a whole cannot be used."""
    return read_table(source, COLUMNS[kind])


def read_table(source: IO[bytes], columns: Sequence[Column]) -> Sheet:
    """The same for a sheet of another floor."""
    with opened(source, DATA_SHEET, [GUIDE_SHEET, LISTS_SHEET]) as (rows, notes):
        return _read_rows(rows, columns, notes)


def _read_rows(filled: Iterable[tuple[int, list[Any]]], columns: Sequence[Column], notes: list[str]) -> Sheet:
    places: dict[str, int] | None = None
    rows: list[SheetRow] = []
    best: list[str] = []
    for number, cells in filled:
        if places is None:
            titles = [_title(cell.value) for cell in cells]
            found = _match(titles, columns)
            if len(found) >= 3:
                places = _check_header(titles, found, columns, notes)
            elif number > HEADER_SEARCH or len(rows) > HEADER_SEARCH:
                break
            else:
                best = best or titles
            continue
        if len(rows) == ROW_LIMIT:
            raise Refused(f"Tệp có hơn {ROW_LIMIT:,} dòng. Hãy chia thành nhiều tệp.".replace(",", "."))
        rows.append(_read_row(number, cells, columns, places))
    if places is None:
        if not best:
            raise Refused("Tệp Excel không có dữ liệu.")
        wanted = ", ".join(f"“{column.label}”" for column in columns if column.required)
        raise Refused(
            f"Không thấy dòng tiêu đề ở {HEADER_SEARCH} dòng đầu. Cần các cột: {wanted}. Hãy dùng tệp mẫu."
        )
    if not rows:
        raise Refused("Tệp chỉ có dòng tiêu đề, chưa có dòng dữ liệu nào.")
    return Sheet(rows, frozenset(places), notes)


def _title(value: Any) -> str:
    return normalize(str(value)).replace("\n", " ").strip(" *:") if value is not None else ""


def _match(titles: list[str], columns: Sequence[Column]) -> dict[str, int]:
    folded = [fold(title) for title in titles]
    return {
        column.key: folded.index(title)
        for column in columns
        for title in reversed(column.titles)
        if title in folded
    }


def _check_header(
    titles: list[str], found: dict[str, int], columns: Sequence[Column], notes: list[str]
) -> dict[str, int]:
    known = {title for column in columns for title in column.titles}
    folded = [fold(title) for title in titles]
    strange = [
        f"“{title}” (cột {get_column_letter(index + 1)})"
        for index, title in enumerate(titles)
        if title and fold(title) not in known
    ]
    doubled = [column.label for column in columns if sum(folded.count(title) for title in column.titles) > 1]
    missing = [column.label for column in columns if column.required and column.key not in found]
    faults = []
    if missing:
        hint = f" Tệp có cột lạ: {', '.join(strange[:5])}; có thể tên cột đã bị sửa." if strange else ""
        faults.append(f"Thiếu cột {', '.join(f'“{label}”' for label in missing)}.{hint} Hãy dùng tệp mẫu.")
    if doubled:
        faults.append(
            f"Cột {', '.join(f'“{label}”' for label in doubled)} xuất hiện nhiều lần. Hãy bỏ cột thừa."
        )
    if faults:
        raise Refused(*faults)
    if strange:
        notes.append(f"Không dùng đến cột {', '.join(strange[:5])}.")
    return found


def _read_row(number: int, cells: list[Any], columns: Sequence[Column], places: dict[str, int]) -> SheetRow:
    row = SheetRow(number)
    for column in columns:
        if column.key not in places:
            continue
        cell = cells[places[column.key]] if places[column.key] < len(cells) else None
        value = cell.value if cell is not None else None
        place = f"Ô {get_column_letter(places[column.key] + 1)}{number} (“{column.label}”)"
        try:
            row.values[column.key] = _value(value, getattr(cell, "data_type", "n"), column)
        except ValueError as error:
            row.faults.append(f"{place}: {error}")
    return row


def _value(value: Any, data_type: str, column: Column) -> Any:
    if data_type == "f":
        raise ValueError("là công thức. Hãy chép rồi dán dạng giá trị.")
    if data_type == "e":
        raise ValueError(f"có lỗi {value} của Excel.")
    if is_blank(value):
        if column.required:
            raise ValueError("còn trống.")
        return None
    if column.kind == "date":
        return _date(value)
    if column.kind == "number":
        return _number(value)
    return _text(value, column.max_length)


def _text(value: Any, max_length: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"cần chữ, đang là {_shown(value)}.")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"cần chữ, đang là số {value}.")
    text = " ".join(normalize(str(int(value)) if isinstance(value, float) else str(value)).split())
    if len(text) > max_length:
        raise ValueError(f"dài {len(text)} ký tự, tối đa {max_length}.")
    return text


def _number(value: Any) -> int:
    text = normalize(str(value))
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or int(text) > 32_000:
        raise ValueError(f"cần số nguyên từ 0 đến 32000, đang là {_shown(value)}.")
    return int(text)


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str):
        day = _date_of_text(normalize(value).removesuffix(" 00:00:00"))
    else:
        raise ValueError(f"cần ngày dạng ngày/tháng/năm, đang là {_shown(value)}.")
    latest = clock.today() + timedelta(days=366)
    if not EARLIEST <= day <= latest:
        raise ValueError(f"ngày {format_date(day)} nằm ngoài khoảng 01/01/1950 đến {format_date(latest)}.")
    return day


def _date_of_text(text: str) -> date:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
    raise ValueError(f"“{text[:40]}” không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 02/09/2025.")


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"ngày {format_date(value)}"
    return f"“{str(value)[:40]}”"
