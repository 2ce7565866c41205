"""The cells of a scheme's sheet, row by row: one row a node of the table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from openpyxl.utils import get_column_letter

from core.vietnamese import fold, normalize
from core.workbooks import is_blank, opened
from core.workflow import Refused

DATA_SHEET = "Bộ chỉ số"
GUIDE_SHEET = "Cách chấm"
ROW_LIMIT = 5_000
HEADER_SEARCH = 30
# key, heading, compulsory
COLUMNS = (
    ("level", "Cấp", True),
    ("code", "Mã", False),
    ("name", "Nội dung", True),
    ("max", "Điểm tối đa", True),
    ("method", "Cách chấm", False),
    ("params", "Tham số", False),
    ("evidence", "Tài liệu kiểm chứng", False),
    ("in_charge", "Đơn vị phụ trách", False),
    ("note", "Ghi chú", False),
    ("applies_to", "Đối tượng", False),
    ("evidence_required", "Bắt buộc tài liệu", False),
    ("feeds", "Cấp số liệu cho", False),
)
LABELS = {key: label for key, label, _ in COLUMNS}
LENGTHS = {"code": 20, "name": 500}
LONGEST = 32_767  # of a cell in Excel
DEEPEST = 9
LARGEST, PLACES = Decimal(99_999), 4
PARAGRAPHS = ("params", "evidence", "note")
# With their tones: "Công tác…" begins a criterion, "Cộng" a sum.
TOTALS = {"tổng", "cộng", "tổng cộng", "tổng điểm", "tổng số", "tổng số điểm", "tổng điểm tối đa"}
_IN_BRACKETS = re.compile(r"\(.*\)")
_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
_PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_UNCLEAR = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass
class Row:
    """One row: its number in the file, its texts, its numbers, and what is wrong with its cells."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    level: int | None = None
    max: Decimal | None = None
    faults: list[str] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        letter = self.letters.get(key, "")
        return f"Dòng {self.number}, cột {f'{letter} ' if letter else ''}“{LABELS[key]}”"


@dataclass
class Rows:
    """The nodes in order, the stated total if there is a row for it, and notes about the file."""

    nodes: list[Row]
    total: tuple[int, Decimal] | None
    notes: list[str]


def read_rows(source: IO[bytes]) -> Rows:
    """Every row of the sheet; raises ``Refused`` when the file as a whole cannot be used."""
    with opened(source, DATA_SHEET, [GUIDE_SHEET]) as (filled, notes):
        places: dict[str, int] = {}
        rows: list[Row] = []
        total: tuple[int, Decimal] | None = None
        for number, cells in filled:
            if not places:
                places = _header(number, cells)
                continue
            if not rows and _numbers_columns(cells):
                continue
            row = _row(number, cells, places)
            if _is_total(row):
                total = total if row.max is None else (number, row.max)
                notes += row.faults
                continue
            rows.append(row)
            if len(rows) > ROW_LIMIT:
                raise Refused(f"Tệp có hơn {ROW_LIMIT} dòng tiêu chí.")
    if not places:
        raise Refused("Không thấy dòng tiêu đề. Cần các cột “Cấp”, “Nội dung”, “Điểm tối đa”.")
    if not rows:
        raise Refused("Tệp chỉ có dòng tiêu đề, chưa có tiêu chí nào.")
    return Rows(_from_first_level(rows, notes), total, notes)


def _from_first_level(rows: list[Row], notes: list[str]) -> list[Row]:
    """What stands above the first row of level 1 belongs to the head of the table, and is told."""
    first = next((place for place, row in enumerate(rows) if row.level == 1), 0)
    notes += [f"Dòng {row.number}: đứng trước dòng cấp 1 đầu tiên nên bỏ qua." for row in rows[:first]]
    return rows[first:]


def _numbers_columns(cells: list[Any]) -> bool:
    """The row under the headings that counts the columns: 1, 2, 3 or (1), (2), (3)."""
    filled = [normalize(str(cell.value)).strip("()") for cell in cells if not is_blank(cell.value)]
    return len(filled) > 2 and filled == [str(number) for number in range(1, len(filled) + 1)]


def _header(number: int, cells: list[Any]) -> dict[str, int]:
    """Where each column stands, once the row with the headings is reached; titles above it are skipped."""
    titles = [
        " ".join(fold(str(cell.value)).split()).strip(" *:") if cell.value is not None else ""
        for cell in cells
    ]
    found = {key: titles.index(fold(label)) for key, label, _ in COLUMNS if fold(label) in titles}
    if len(found) < 2 or not {"level", "name"} & set(found):
        if number > HEADER_SEARCH:
            raise Refused("Không thấy dòng tiêu đề ở đầu tệp. Cần các cột “Cấp”, “Nội dung”, “Điểm tối đa”.")
        return {}
    missing = [label for key, label, is_required in COLUMNS if is_required and key not in found]
    doubled = [label for _, label, _ in COLUMNS if titles.count(fold(label)) > 1]
    if missing:
        raise Refused(f"Dòng {number}: thiếu cột {', '.join(f'“{label}”' for label in missing)}.")
    if doubled:
        raise Refused(
            f"Dòng {number}: cột {', '.join(f'“{label}”' for label in doubled)} xuất hiện nhiều lần."
        )
    return found


def _row(number: int, cells: list[Any], places: dict[str, int]) -> Row:
    row = Row(number, letters={key: get_column_letter(place + 1) for key, place in places.items()})
    for key, place in places.items():
        cell = cells[place] if place < len(cells) else None
        value, kind = (cell.value, getattr(cell, "data_type", "n")) if cell is not None else (None, "n")
        if kind in ("f", "e"):
            words = "là công thức; hãy dán dạng giá trị" if kind == "f" else f"có lỗi {value} của Excel"
            row.faults.append(f"{row.place(key)}: {words}.")
        elif is_blank(value):
            row.texts[key] = ""
        elif key == "level":
            row.level = _level(row, value)
        elif key == "max":
            row.max = _points(row, value)
        else:
            row.texts[key] = _text(row, key, value)
    return row


def _level(row: Row, value: Any) -> int | None:
    text = normalize(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))
    if _says_total(text):
        row.texts["level"] = text  # a merged cell across the row
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= DEEPEST:
        row.faults.append(f"{row.place('level')}: cần số nguyên từ 1 đến {DEEPEST}, đang là “{text[:40]}”.")
        return None
    return int(text)


def _points(row: Row, value: Any) -> Decimal | None:
    points = number_of(value)
    if isinstance(value, str) and _UNCLEAR.fullmatch(normalize(value)):
        whole, part = normalize(value).split(".")
        row.faults.append(
            f"{row.place('max')}: “{whole}.{part}” có thể là {whole}{part} hoặc {whole},{part}; hãy ghi một trong hai."
        )
        return None
    if points is None:
        row.faults.append(f"{row.place('max')}: cần một số, đang là “{str(value)[:40]}”.")
        return None
    if points < 0 or points > LARGEST:
        row.faults.append(f"{row.place('max')}: điểm phải từ 0 đến {LARGEST:f}.")
        return None
    if points != round(points, PLACES):
        row.faults.append(f"{row.place('max')}: có nhiều nhất {PLACES} chữ số thập phân.")
        return None
    return points.normalize()


def number_of(value: Any) -> Decimal | None:
    """A number as Excel or a person writes it: 0.5, "0,5", "1.234,5"; what is no number is None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float):
        # What Excel computed as 0.30000000000000004 was meant as 0.3.
        near = Decimal(str(round(value, PLACES + 2)))
        return near if abs(near - Decimal(value)) < Decimal("1e-9") else Decimal(str(value))
    text = normalize(str(value)).replace("\u00a0", "").replace(" ", "")
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


def _text(row: Row, key: str, value: Any) -> str:
    """Paragraphs stay as they were typed; everything else is one line."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        # Excel makes a day of a code like 1-1 or 2/3.
        row.faults.append(
            f"{row.place(key)}: cần chữ, đang là “{value}”; hãy định dạng ô là Text rồi ghi lại."
        )
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = normalize(str(value))
    text = text if key in PARAGRAPHS else " ".join(text.split())
    if len(text) > LENGTHS.get(key, LONGEST):
        row.faults.append(f"{row.place(key)}: dài {len(text)} ký tự, tối đa {LENGTHS.get(key, LONGEST)}.")
    return text


def _is_total(row: Row) -> bool:
    """Only a row that says nothing but "total": a criterion whose level was forgotten must not vanish."""
    words = [text for key in ("level", "code", "name") if (text := row.texts.get(key))]
    return row.level is None and len(words) == 1 and _says_total(words[0])


def _says_total(text: str) -> bool:
    return " ".join(_IN_BRACKETS.sub("", text.casefold()).strip(" :.").split()) in TOTALS


def problems_of_levels(rows: Iterable[Row]) -> list[str]:
    """The first row begins at level 1, and no row jumps over a level."""
    found, before = [], 0
    for row in rows:
        if row.level is None:
            if not any("“Cấp”" in fault for fault in row.faults):
                found.append(f"{row.place('level')}: còn trống.")
            continue
        if row.level > before + 1:
            wanted = "phải bắt đầu từ cấp 1" if before == 0 else f"nhảy từ cấp {before} sang cấp {row.level}"
            found.append(f"{row.place('level')}: {wanted}.")
        before = row.level
    return found
