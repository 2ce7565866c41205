"""Reads an uploaded workbook cell by cell. Everything odd becomes a Vietnamese sentence with row and column."""

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO, Any

import openpyxl
from openpyxl.utils import get_column_letter

from core import clock
from core.fields import DATE_FORMATS
from core.vietnamese import fold, format_date, normalize
from core.workflow import Refused
from organization.models import ImportBatch

ROW_LIMIT = 5_000
COLUMN_LIMIT = 60
HEADER_SEARCH = 15
# Rows looked at, empty ones included: a stray cell at the sheet's far end must not cost a minute.
SCAN_LIMIT = 20_000
UNPACKED_LIMIT = 20 * 1024 * 1024
TAG_LIMIT = 800_000  # twice what 5,000 full rows need; a parser takes about a second for them
DOCTYPE = re.compile(rb"<!doctype", re.IGNORECASE)
EARLIEST = date(1950, 1, 1)
DATA_SHEET = "Dữ liệu"


@dataclass(frozen=True)
class Column:
    """A column of the template; ``kind`` is text, date or number."""

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    max_length: int = 200
    note: str = ""
    width: int = 18


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
    columns = COLUMNS[kind]
    _check_archive(source)
    with warnings.catch_warnings():
        # openpyxl warns of every feature it leaves out; none of them matters here.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(source, read_only=True, keep_links=False)
        except Exception as error:  # whatever a broken workbook makes the library raise
            raise Refused(
                "Không mở được tệp Excel. Hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi tải lên."
            ) from error
        try:
            sheet, notes = _data_sheet(book)
            return _read_rows(_cells(sheet), columns, notes)
        except Refused:
            raise
        except Exception as error:  # as above: the sheet's own part is read only now
            raise Refused("Tệp Excel bị hỏng nên không đọc hết được. Hãy lưu lại tệp rồi tải lên.") from error
        finally:
            book.close()
            source.seek(0)


def _check_archive(source: IO[bytes]) -> None:
    """Before any parser: no bomb, no document type declaration wherever it hides, no more cells than people fill."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
                raise Refused("Tệp Excel quá lớn sau khi giải nén. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    text = archive.read(entry).replace(b"\0", b"")  # UTF-16 becomes readable here
                    if DOCTYPE.search(text):
                        raise Refused("Tệp Excel có khai báo không được phép (DOCTYPE) nên không được nhận.")
                    if text.count(b"<") > TAG_LIMIT:
                        raise Refused("Trang tính có quá nhiều ô. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused("Tệp này không phải tệp Excel .xlsx. Hãy dùng tệp mẫu của cổng.") from error
    finally:
        source.seek(0)


def _data_sheet(book: Any) -> tuple[Any, list[str]]:
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Refused("Mọi trang tính trong tệp đều bị ẩn. Hãy bỏ ẩn trang có dữ liệu.")
    named = next((sheet for sheet in sheets if fold(sheet.title) == fold(DATA_SHEET)), None)
    if named is not None and named not in visible:
        raise Refused(f"Trang tính “{DATA_SHEET}” đang bị ẩn. Hãy bỏ ẩn rồi tải lên lại.")
    chosen = named or visible[0]
    notes = (
        [] if named or len(visible) == 1 else [f"Chỉ đọc trang tính đầu tiên: “{normalize(chosen.title)}”."]
    )
    return chosen, notes


def _cells(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Filled rows with their numbers. The declared size of the sheet is not believed where it is small."""
    if (sheet.max_row or 0) > SCAN_LIMIT:
        raise Refused(
            f"Trang tính kéo dài đến dòng {sheet.max_row}. Hãy xóa các dòng thừa ở cuối hoặc dùng tệp mẫu."
        )
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_row=SCAN_LIMIT, max_col=COLUMN_LIMIT), start=1):
        row = list(cells)
        if any(not _is_blank(cell.value) for cell in row):
            yield number, row


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
        column.key: folded.index(fold(column.label)) for column in columns if fold(column.label) in folded
    }


def _check_header(
    titles: list[str], found: dict[str, int], columns: Sequence[Column], notes: list[str]
) -> dict[str, int]:
    known = {fold(column.label) for column in columns}
    folded = [fold(title) for title in titles]
    strange = [
        f"“{title}” (cột {get_column_letter(index + 1)})"
        for index, title in enumerate(titles)
        if title and fold(title) not in known
    ]
    doubled = [column.label for column in columns if folded.count(fold(column.label)) > 1]
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
    if _is_blank(value):
        if column.required:
            raise ValueError("còn trống.")
        return None
    if column.kind == "date":
        return _date(value)
    if column.kind == "number":
        return _number(value)
    return _text(value, column.max_length)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not normalize(value))


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
