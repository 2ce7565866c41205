"""The workbook in which a sheet is filled offline: its layout, and what people wrote into it, line by line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import IO, Any

from campaigns.importing.rows import number_of
from campaigns.methods import Asked, Field, fields, points
from core.vietnamese import fold, normalize
from core.workbooks import is_blank, opened
from core.workflow import Refused
from scoring.models import Line, Scorecard

DATA_SHEET = "Phiếu chấm điểm"
LISTS_SHEET = "Danh mục"
SELF, APPRAISED = "self", "appraised"
ID, MARK, CODE, INPUT = "(dòng)", "(dấu)", "Mã", "Số liệu"
# What the columns to fill in are called.
SCORE = {SELF: "Điểm tự chấm", APPRAISED: "Điểm thẩm định"}
TEXT = {SELF: "Giải trình", APPRAISED: "Lý do sửa"}
COMPUTED = "tự tính"
LONGEST_TEXT = 2000
LARGEST = Decimal(10) ** 11
PLACES = 4
HEADER_SEARCH = 10
FAULTS_SHOWN = 200


@dataclass(frozen=True)
class Entered:
    """What one line says in the column that is filled: the same whether it was read from a file or from the portal."""

    inputs: tuple[tuple[str, str], ...] = ()
    score: str = ""
    text: str = ""

    @property
    def digest(self) -> str:
        said = json.dumps([self.inputs, self.score, self.text], ensure_ascii=False)
        return sha256(said.encode()).hexdigest()[:16]

    @property
    def points(self) -> Decimal | None:
        return Decimal(self.score) if self.score else None


@dataclass
class FilledRow:
    """One line of the file: where it stands, which line it is, what was downloaded (as a digest), what it says now."""

    number: int
    line: int
    base: str
    entered: Entered = field(default_factory=Entered)
    faults: list[str] = field(default_factory=list)


@dataclass
class Filled:
    rows: list[FilledRow]
    notes: list[str]
    faults: list[str]


def key_of(sheet: Scorecard, column: str) -> str:
    return f"phieu:{sheet.pk}:{column}"


def asked(line: Line, column: str) -> list[Field]:
    """The inputs that the line asks for in this column."""
    return fields(line.criterion.method, line.criterion.params) if column == SELF else []


def takes_score(line: Line, column: str) -> bool:
    """Whether the score itself is typed: by the method, or because the inputs do not decide it."""
    criterion = line.criterion
    if column != SELF or criterion.method == "typed":
        return True
    return (
        bool(line.inputs) and points(criterion.method, criterion.params, line.inputs).asked == Asked.UNDECIDED
    )


def entered(line: Line, column: str) -> Entered:
    """What the portal has."""
    given = {one.name: line.inputs.get(one.name) for one in asked(line, column)}
    inputs = tuple((name, str(value)) for name, value in given.items() if value not in (None, ""))
    score = getattr(line, f"{column}_score") if takes_score(line, column) else None
    text = line.note if column == SELF else line.appraised_reason
    return Entered(inputs, "" if score is None else _plain(score), text)


def read_offline(source: IO[bytes], sheet: Scorecard, column: str, lines: Mapping[int, Line]) -> Filled:
    """Every line of the file that is open to the reader; raises ``Refused`` when the file as a whole is not for it."""
    with opened(source, DATA_SHEET, [LISTS_SHEET]) as (rows, notes):
        places = _header(rows, sheet, column)
        filled = Filled([], list(notes), [])
        seen: dict[int, int] = {}
        for number, cells in rows:
            row = _Reader(number, cells, places, column)
            if row.is_line:
                _take(row, lines, seen, filled)
    if not seen:
        raise Refused("Không thấy tiêu chí nào trong tệp. Hãy tải lại tệp từ phiếu này rồi điền.")
    missing = len(lines) - len(set(seen) & set(lines))
    if missing:
        filled.notes.append(f"Tệp thiếu {missing} tiêu chí của phiếu; các tiêu chí đó giữ nguyên.")
    return filled


def _header(rows: Iterator[tuple[int, list[Any]]], sheet: Scorecard, column: str) -> dict[str, int]:
    """Whose file it is, and where each column stands."""
    title, is_ours = "", False
    for number, cells in rows:
        texts = [normalize(str(cell.value)) if cell.value is not None else "" for cell in cells]
        title = title or next((text for text in texts[1:] if text), "")
        is_ours = is_ours or texts[0] == key_of(sheet, column)
        if texts[0].startswith("phieu:") and not is_ours:
            raise Refused(f"Tệp này là của “{title}”, hoặc của cột chấm khác. Hãy tải lại tệp từ phiếu này.")
        if ID in texts:
            found = {text: place for place, text in enumerate(texts) if text}
            missing = {MARK, CODE, SCORE[column], TEXT[column]} - set(found)
            if is_ours and not missing:
                return found
            break
        if number > HEADER_SEARCH:
            break
    raise Refused("Tệp này không phải tệp tải từ phiếu, hoặc các cột đã bị xóa. Hãy tải lại tệp rồi điền.")


def _take(row: "_Reader", lines: Mapping[int, Line], seen: dict[int, int], filled: Filled) -> None:
    line = lines.get(row.line_id)
    if line is None:
        filled.faults.append(
            f"Dòng {row.number}: không có tiêu chí này trong phần bạn được điền lúc này "
            "(bộ tiêu chí đã sửa, dòng bị khóa hoặc thuộc phiếu khác)."
        )
        return
    if line.pk in seen:
        filled.faults.append(f"Dòng {row.number}: lặp lại tiêu chí của dòng {seen[line.pk]}.")
        return
    seen[line.pk] = row.number
    if row.text(CODE) != line.criterion.code:
        filled.faults.append(
            f"Dòng {row.number}: mã “{row.text(CODE)[:40]}” không khớp với tiêu chí {line.criterion.code} của dòng; "
            "các dòng có thể đã bị xáo trộn. Hãy tải lại tệp rồi điền."
        )
        return
    filled.rows.append(row.filled(line))


class _Reader:
    """The cells of one row, judged one by one."""

    def __init__(self, number: int, cells: Sequence[Any], places: Mapping[str, int], column: str) -> None:
        self.number, self.cells, self.places, self.column = number, cells, places, column
        self.faults: list[str] = []

    @property
    def is_line(self) -> bool:
        return not is_blank(self._value(ID))

    @property
    def line_id(self) -> int:
        value = self._value(ID)
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0

    def filled(self, line: Line) -> FilledRow:
        inputs = []
        wanted = asked(line, self.column)
        for place, one in enumerate(wanted, start=1):
            given = self._choice(f"{INPUT} {place}", one) if one.choices else self._number(f"{INPUT} {place}")
            if given:
                inputs.append((one.name, given))
        score = "" if self.text(SCORE[self.column]) == COMPUTED else self._number(SCORE[self.column])
        self._superfluous(line, len(wanted), dict(inputs), score)
        said = Entered(tuple(inputs), score, self._words(TEXT[self.column]))
        return FilledRow(self.number, line.pk, self.text(MARK), said, self.faults)

    def _superfluous(self, line: Line, wanted: int, inputs: dict[str, str], score: str) -> None:
        """What somebody wrote where nothing is asked is told, not passed over."""
        for column, place in self.places.items():
            number = column.removeprefix(f"{INPUT} ")
            if number.isdecimal() and int(number) > wanted and place < len(self.cells) and self.text(column):
                self._fault(
                    column, f"tiêu chí {line.criterion.code} không dùng ô này; hãy xóa số liệu trong ô"
                )
        criterion = line.criterion
        if score and self.column == SELF and criterion.method != "typed":
            decided = points(criterion.method, criterion.params, inputs).asked != Asked.UNDECIDED
            if decided and inputs:
                self._fault(SCORE[SELF], "điểm tự tính theo số liệu; hãy xóa điểm gõ tay trong ô")

    def text(self, column: str) -> str:
        value = self._value(column)
        return "" if value is None else normalize(str(value))

    def _value(self, column: str) -> Any:
        place = self.places.get(column, len(self.cells))
        return self.cells[place].value if place < len(self.cells) else None

    def _given(self, column: str) -> Any:
        """The cell's value; a formula or an error of Excel is a fault and no value."""
        place = self.places.get(column, len(self.cells))
        cell = self.cells[place] if place < len(self.cells) else None
        kind = getattr(cell, "data_type", "n")
        if kind in ("f", "e"):
            words = "là công thức; hãy dán dạng giá trị" if kind == "f" else "có lỗi của Excel"
            self._fault(column, words)
            return None
        return None if cell is None or is_blank(cell.value) else cell.value

    def _number(self, column: str) -> str:
        value = self._given(column)
        if value is None:
            return ""
        found = number_of(value)
        if found is None:
            self._fault(column, f"cần một số, đang là “{str(value)[:40]}”")
        elif abs(found) > LARGEST or found != round(found, PLACES):
            self._fault(column, f"“{str(value)[:40]}” quá lớn hoặc có hơn {PLACES} chữ số thập phân")
        else:
            return _plain(found)
        return ""

    def _choice(self, column: str, one: Field) -> str:
        value = self._given(column)
        if value is None:
            return ""
        labels = {fold(label): kept for kept, label in one.choices}
        if fold(str(value)) not in labels:
            allowed = "; ".join(label for _, label in one.choices)
            self._fault(column, f"“{str(value)[:40]}” không có trong danh sách: {allowed}")
        return labels.get(fold(str(value)), "")

    def _words(self, column: str) -> str:
        value = self._given(column)
        if isinstance(value, datetime | date):
            value = f"{value:%d/%m/%Y}"
        text = "" if value is None else normalize(str(value))
        if len(text) > LONGEST_TEXT:
            self._fault(column, f"dài hơn {LONGEST_TEXT} ký tự")
        return text

    def _fault(self, column: str, words: str) -> None:
        self.faults.append(f"Dòng {self.number}, cột “{column}”: {words}.")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
