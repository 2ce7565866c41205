"""Reads a table of published results: an Excel or CSV file with one row a unit."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from typing import IO, Any

from campaigns.importing.rows import number_of
from core.vietnamese import fold, normalize
from core.workbooks import opened
from core.workflow import Refused
from scoring.calculations import PublishedRow

DATA_SHEET = "Kết quả"
ROW_LIMIT = 5_000
LARGEST_FILE = 5 * 1024 * 1024
COLUMNS = {
    "unit": ("Đơn vị", "Tên đơn vị"),
    "applicable_max": ("Điểm tối đa áp dụng", "Điểm tối đa"),
    "score": ("Điểm đạt", "Điểm đạt được", "Điểm"),
    "index": ("Chỉ số", "Chỉ số (%)"),
    "rank": ("Xếp hạng", "Hạng", "Thứ hạng"),
    "band": ("Xếp loại", "Loại"),
}
LIMITS = {"applicable_max": Decimal(99_999), "score": Decimal(99_999), "index": Decimal(999)}


@dataclass
class Table:
    """The rows in the order of the file, what forbids using it, and what should be known of it."""

    rows: list[PublishedRow] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_results(source: IO[bytes], name: str) -> Table:
    """Raises ``Refused`` when the file as a whole cannot be used."""
    if name.lower().endswith(".csv"):
        return _read(_csv_rows(source), [])
    with opened(source, DATA_SHEET) as (rows, notes):
        return _read(((number, [cell.value for cell in cells]) for number, cells in rows), notes)


def _csv_rows(source: IO[bytes]) -> Iterator[tuple[int, list[Any]]]:
    content = source.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused("Tệp CSV quá lớn.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("Tệp CSV phải lưu theo bảng mã UTF-8.") from error
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(StringIO(text), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in cells):
                yield number, list(cells)
    except csv.Error as error:
        raise Refused(f"Không đọc được tệp CSV: {error}.") from error


def _read(rows: Iterable[tuple[int, list[Any]]], notes: list[str]) -> Table:
    table = Table(warnings=list(notes))
    places: dict[str, int] = {}
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not places:
            places = _header(cells)
            if not places and number > 20:
                break
            continue
        row = _Row(number, cells, places, table)
        if not row.unit:
            if any(str(cell or "").strip() for cell in cells):
                table.refusals.append(f"Dòng {number}, cột “Đơn vị”: còn trống.")
            continue
        if fold(row.unit) in seen:
            table.refusals.append(f"Dòng {number}: “{row.unit}” đã có ở dòng {seen[fold(row.unit)]}.")
        seen[fold(row.unit)] = number
        table.rows.append(row.read())
        if len(table.rows) > ROW_LIMIT:
            raise Refused(f"Tệp có hơn {ROW_LIMIT} đơn vị.")
    if not places:
        raise Refused("Không thấy dòng tiêu đề có cột “Đơn vị”.")
    if not table.rows and not table.refusals:
        raise Refused("Tệp chưa có đơn vị nào.")
    return table


def _header(cells: list[Any]) -> dict[str, int]:
    titles = [fold(str(cell)).strip(" *:") if cell is not None else "" for cell in cells]
    found = {
        key: titles.index(fold(name))
        for key, names in COLUMNS.items()
        for name in reversed(names)
        if fold(name) in titles
    }
    return found if "unit" in found else {}


class _Row:
    def __init__(self, number: int, cells: list[Any], places: dict[str, int], table: Table) -> None:
        self.number, self.cells, self.places, self.table = number, cells, places, table
        self.unit = " ".join(normalize(str(self._cell("unit") or "")).split())[:200]

    def read(self) -> PublishedRow:
        return PublishedRow(
            self.unit,
            self._number("applicable_max"),
            self._number("score"),
            self._number("index"),
            self._rank(),
            " ".join(normalize(str(self._cell("band") or "")).split())[:60],
        )

    def _cell(self, key: str) -> Any:
        place = self.places.get(key)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def _number(self, key: str) -> Decimal | None:
        value = self._cell(key)
        if value is None or not str(value).strip():
            return None
        if isinstance(value, str):
            value = value.strip().removesuffix("%")
        read = number_of(value)
        if read is None:
            self._refuse(key, f"cần một số, đang là “{str(value)[:40]}”")
        elif read < 0 or read > LIMITS[key] or (key == "applicable_max" and read == 0):
            self._refuse(key, f"số {str(value)[:40]} nằm ngoài khoảng cho phép")
        elif read != round(read, 4):
            return round(read, 4)
        return read

    def _rank(self) -> int | None:
        value = self._cell("rank")
        if value is None or not str(value).strip():
            return None
        read = number_of(value)
        if read is None or read % 1 or not 0 < read < 100_000:
            self._refuse("rank", f"cần số nguyên dương, đang là “{str(value)[:40]}”")
            return None
        return int(read)

    def _refuse(self, key: str, why: str) -> None:
        self.table.refusals.append(f"Dòng {self.number}, cột “{COLUMNS[key][0]}”: {why}.")
