"""A sheet of a year's ratings: the workbook with the people in it, and what becomes of each row. Writes nothing."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import IO, Any

from awards.importing.known import KnownPeople, Unknown, plain
from awards.models import AnnualRating, HistoryImport
from awards.queries.ratings import last_day_of
from core.attachments import path_of
from organization.importing import Column, SheetRow, read_table, write_template
from organization.models import Person, Posting

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
NAMES = dict(AnnualRating.Grade.choices)
SHORT = {"xuat sac": "excellent", "tot": "good", "khong hoan thanh": "failed"}
GRADES = {plain(name): code for code, name in NAMES.items()} | SHORT | {code: code for code in NAMES}
COLUMNS = (
    Column(
        "code", "Mã cán bộ", max_length=40, note="Nên ghi; bắt buộc khi nhiều người cùng tên.", also=("Mã",)
    ),
    Column("name", "Họ và tên", width=28, also=("Họ tên", "Tên")),
    Column("post", "Chức vụ", note="Chỉ để đọc.", width=20),
    Column("unit", "Đơn vị", note="Chỉ để đọc.", width=30),
    Column("grade", "Xếp loại", note="Chọn trong danh sách. Để trống: giữ nguyên.", width=32),
    Column("basis", "Căn cứ", note="Số, ngày văn bản kết quả xếp loại.", width=34),
)
LABELS = {column.key: column.label for column in COLUMNS}
RULES = (
    "Mỗi người một dòng. Nhập lại tệp đã sửa: dòng khác thì cập nhật, dòng giống thì giữ nguyên.",
    "Ô xếp loại để trống không xóa xếp loại đã có.",
)


def ratings_template(year: int, unit_id: int | None = None) -> bytes:
    """With the people of the unit (or of all units) on the last day of the year, and what is written of them."""
    places = Posting.objects.on(last_day_of(year)).select_related("person", "post", "unit")
    places = places if unit_id is None else places.filter(unit=unit_id)
    known = {
        pk: (grade, basis)
        for pk, grade, basis in AnnualRating.objects.filter(year=year, person__isnull=False).values_list(
            "person_id", "grade", "basis"
        )
    }
    rows = []
    for one in places.order_by("unit__order", "post__order", "person__sort_key"):
        grade, basis = known.get(one.person_id, ("", ""))
        rows.append(
            [one.person.code, one.person.full_name, one.post.name, one.unit.name, NAMES.get(grade, ""), basis]
        )
    return write_template(COLUMNS, {"grade": list(NAMES.values())}, RULES, rows)


@dataclass
class RatingRow:
    """One row of the sheet: what becomes of it, why not, and the facts of the rating."""

    number: int
    name: str
    outcome: str = UNCHANGED
    before: str = ""
    after: str = ""
    faults: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class RatingPlan:
    rows: list[RatingRow]
    notes: list[str]

    @cached_property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in (CREATED, CHANGED, UNCHANGED, REFUSED)}

    @cached_property
    def digest(self) -> str:
        """The same for the same outcome: what was confirmed is what is written."""
        content = [
            [row.number, row.name, row.outcome, row.before, row.after, row.faults, row.facts.get("basis", "")]
            for row in self.rows
        ]
        return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def plan_of_ratings(one: HistoryImport, *, own: int | None) -> RatingPlan:
    """Reads the stored workbook again and compares it with the ratings as they are now."""
    with path_of(one.file).open("rb") as source:
        return plan_of_ratings_file(source, year=one.year or 0, own=own)


def plan_of_ratings_file(source: IO[bytes], *, year: int, own: int | None) -> RatingPlan:
    """``own`` is the person who imports: nobody rates himself."""
    sheet = read_table(source, COLUMNS)
    reader = _Reader(year, own)
    return RatingPlan([reader.read(row) for row in sheet.rows], sheet.notes)


class _Reader:
    """What the portal knows of the year, read once; then one row after the other."""

    def __init__(self, year: int, own: int | None) -> None:
        self.year, self.own = year, own
        self.known = KnownPeople()
        self.seen: dict[int, int] = {}
        places = Posting.objects.on(last_day_of(year)).select_related("unit")
        self.units = {one.person_id: one.unit for one in places}
        self.present = {
            one.person_id: one for one in AnnualRating.objects.filter(year=year, person__isnull=False)
        }

    def read(self, row: SheetRow) -> RatingRow:
        code, name = self._text(row, "code"), self._text(row, "name")
        made = RatingRow(row.number, name or code, faults=list(row.faults))
        person = self._person(made, code, name)
        grade = self._grade(made, self._text(row, "grade"))
        if person and not made.faults:
            self._compare(made, person, grade, self._text(row, "basis"))
        if made.faults:
            made.outcome, made.facts = REFUSED, {}
        return made

    def _text(self, row: SheetRow, key: str) -> str:
        return str(row.values.get(key) or "")

    def _fault(self, made: RatingRow, key: str, sentence: str) -> None:
        made.faults.append(f"Dòng {made.number}, cột “{LABELS[key]}”: {sentence}")

    def _person(self, made: RatingRow, code: str, name: str) -> Person | None:
        if not code and not name:
            self._fault(made, "code", "ghi mã cán bộ hoặc họ và tên.")
            return None
        try:
            person = self.known.person(code, name)
        except Unknown as error:
            self._fault(made, "code" if code else "name", str(error))
            return None
        made.name = person.full_name
        if person.pk in self.seen:
            self._fault(made, "code", f"trùng với dòng {self.seen[person.pk]} của tệp.")
        self.seen.setdefault(person.pk, made.number)
        if person.pk not in self.units:
            self._fault(made, "code", f"{person.full_name} không công tác tại Sở vào cuối năm {self.year}.")
        return person

    def _grade(self, made: RatingRow, text: str) -> str:
        if not text:
            return ""
        grade = GRADES.get(plain(text), "")
        if not grade:
            self._fault(made, "grade", f"không có mức “{text}”. Các mức: {', '.join(NAMES.values())}.")
        return grade

    def _compare(self, made: RatingRow, person: Person, grade: str, basis: str) -> None:
        present = self.present.get(person.pk)
        before = present.grade if present else ""
        made.before, made.after = NAMES.get(before, ""), NAMES.get(grade or before, "")
        rebased = bool(present and basis and basis != present.basis)
        if not grade or (grade == before and not rebased):
            return
        if person.pk == self.own:
            self._fault(
                made, "grade", "bạn không tự nhập xếp loại của chính mình; nhờ người khác nhập dòng này."
            )
            return
        made.outcome = CHANGED if present else CREATED
        made.facts = {
            "person": person,
            "unit": self.units[person.pk],
            "year": self.year,
            "grade": grade,
            "before": before,
            "basis": basis,
        }
