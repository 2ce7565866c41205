"""What would become of every row of a sheet of earlier honours. Nothing is written here."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import IO, Any

from awards.eligibility import facts
from awards.importing.columns import COLUMNS, KINDS, LABELS
from awards.importing.known import Key, Known, Unknown, number_key, plain
from awards.models import HistoryImport, Honour
from core import clock
from core.attachments import path_of
from core.vietnamese import format_date
from organization.importing import Sheet, SheetRow, read_table

CREATED, UNCHANGED, REFUSED = "created", "unchanged", "refused"
EARLIEST_YEAR = 1945
OCCASIONS = {plain(key): code for code, name in facts.OCCASIONS.items() for key in (code, name)}
SHORT_KINDS = {"cn": "individual", "tt": "collective"}
COMPARED = ("decided_on", "occasion", "decided_by", "merit")


@dataclass
class HistoryRow:
    """One row of the sheet: what becomes of it, why not, and the facts of the honour."""

    number: int
    name: str
    award: str = ""
    outcome: str = UNCHANGED
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class HistoryPlan:
    rows: list[HistoryRow]
    notes: list[str]

    @cached_property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in (CREATED, UNCHANGED, REFUSED)}

    @cached_property
    def digest(self) -> str:
        """The same for the same outcome: what was confirmed is what is written."""
        content = [
            [
                row.number,
                row.outcome,
                row.name,
                row.faults,
                {key: _plain(one) for key, one in row.facts.items()},
            ]
            for row in self.rows
        ]
        return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def plan_of_import(one: HistoryImport, *, own: int | None) -> HistoryPlan:
    """Reads the stored workbook again and compares it with the register as it is now."""
    with path_of(one.file).open("rb") as source:
        return plan_of_file(source, own=own)


def plan_of_file(source: IO[bytes], *, own: int | None) -> HistoryPlan:
    return plan_history(read_table(source, COLUMNS), own=own)


def plan_history(sheet: Sheet, *, own: int | None) -> HistoryPlan:
    """``own`` is the person who imports: nobody writes of himself."""
    known = Known()
    seen: dict[Key, int] = {}
    return HistoryPlan([_Reader(row, known, seen, own).read() for row in sheet.rows], sheet.notes)


class _Reader:
    """Turns one row into the facts of an honour, or into sentences that say what is wrong and where."""

    def __init__(self, row: SheetRow, known: Known, seen: dict[Key, int], own: int | None) -> None:
        self.values, self.known, self.seen, self.own = row.values, known, seen, own
        self.made = HistoryRow(
            row.number, self._text("name", "person_name", "unit_name"), self._text("award")
        )
        self.made.faults = list(row.faults)

    def read(self) -> HistoryRow:
        made = self.made
        recipient = self._recipient()
        self._days()
        if recipient:
            self._who(recipient)
            self._what(recipient)
        if not made.faults and recipient:
            self._of_that_day()
            self._compare(recipient)
        if made.faults:
            made.outcome, made.facts = REFUSED, {}
        return made

    # --- cells ----------------------------------------------------------------------------------------------
    def _text(self, *keys: str) -> str:
        return next((str(self.values[key]) for key in keys if self.values.get(key)), "")

    def _fault(self, key: str, sentence: str) -> None:
        self.made.faults.append(f"Dòng {self.made.number}, cột “{LABELS[key]}”: {sentence}")

    def _recipient(self) -> str:
        text = plain(self._text("kind"))
        found = next((code for code, name in KINDS.items() if text in (code, plain(name))), "")
        found = found or SHORT_KINDS.get(text, "")
        if text and not found:
            self._fault("kind", f"ghi “Cá nhân” hoặc “Tập thể”, đang là “{self._text('kind')}”.")
        return found

    def _days(self) -> None:
        facts_, day, year = self.made.facts, self.values.get("decided_on"), self.values.get("year")
        if day and day > clock.today():
            self._fault("decided_on", f"ngày {format_date(day)} sau hôm nay.")
        if year is not None and year < EARLIEST_YEAR:
            self._fault("year", f"năm {year} không hợp lệ.")
        elif year is not None and day and year > day.year:
            self._fault("year", f"năm thành tích {year} sau năm của quyết định ({day.year}).")
        facts_.update(
            year=year, decided_on=day, decision_number=self._text("number"), merit=self._text("merit")
        )

    def _who(self, recipient: str) -> None:
        is_person = recipient == "individual"
        code = self._text("code", "person_code" if is_person else "unit_code")
        name = self._text("name", "person_name" if is_person else "unit_name")
        if not code and not name:
            self._fault("name", "ghi mã hoặc tên của người, tập thể được khen.")
            return
        try:
            if is_person:
                self.made.facts["person"] = person = self.known.person(code, name)
                if person.pk == self.own:
                    self._fault(
                        "name", "bạn không tự nhập khen thưởng của chính mình; nhờ người khác nhập dòng này."
                    )
            else:
                self.made.facts["unit"] = unit = self.known.unit(code, name)
                year = self.values.get("year")
                if unit.closed_on and year and year > unit.closed_on.year:
                    self._fault(
                        "year",
                        f"{unit} đã kết thúc hoạt động ngày {format_date(unit.closed_on)}; ghi đơn vị kế thừa.",
                    )
        except Unknown as error:
            self._fault("code" if code else "name", str(error))
        self.made.facts["name_then"] = name

    def _what(self, recipient: str) -> None:
        if text := self._text("award"):
            try:
                self.made.facts["award"] = self.known.award(text, recipient, KINDS)
            except Unknown as error:
                self._fault("award", str(error))
        occasion = self._text("occasion")
        found = (
            OCCASIONS.get(plain(occasion).removeprefix("theo ").removeprefix("khen thuong "))
            if occasion
            else "regular"
        )
        if found is None:
            names = ", ".join(name.capitalize() for name in facts.OCCASIONS.values())
            self._fault("occasion", f"không có loại “{occasion}”. Các loại: {names}.")
        self.made.facts["occasion"] = found

    # --- the day of the decision, the register ---------------------------------------------------------------
    def _of_that_day(self) -> None:
        facts_, day = self.made.facts, self.made.facts["decided_on"]
        facts_["decided_by"] = self._text("decided_by") or facts_["award"].decided_by
        facts_["post_then"] = facts_["unit_then"] = ""
        if unit := facts_.get("unit"):
            facts_["name_then"] = facts_["name_then"] or self.known.name_of_unit(unit, day)
        else:
            person = facts_["person"]
            posting = self.known.posting(person, day)
            facts_["name_then"] = person.full_name
            facts_["post_then"] = self._text("post") or (posting.post.name if posting else "")
            facts_["unit_then"] = self._text("unit")
            worked_in = self.known.unit_called(facts_["unit_then"]) if facts_["unit_then"] else None
            if posting and not facts_["unit_then"]:
                facts_["unit_then"] = self.known.name_of_unit(posting.unit, day)
                worked_in = posting.unit
            facts_["worked_in"] = worked_in
        self.made.name, self.made.award = facts_["name_then"], facts_["award"].name

    def _compare(self, recipient: str) -> None:
        made, facts_ = self.made, self.made.facts
        who = facts_.get("person") or facts_["unit"]
        key: Key = (
            recipient,
            who.pk,
            facts_["award"].pk,
            facts_["year"],
            number_key(facts_["decision_number"]),
        )
        if key in self.seen:
            self._fault("number", f"trùng với dòng {self.seen[key]} của tệp.")
            return
        self.seen[key] = made.number
        present = self.known.honours.get(key)
        made.outcome = UNCHANGED if present else CREATED
        if present:
            made.notes = _differences(present, facts_)


def _differences(present: Honour, wanted: dict[str, Any]) -> list[str]:
    """What the sheet says otherwise than the register; the register stays, and is corrected on its page."""
    if present.cancelled_on:
        return [f"Trong Sổ đã bị hủy từ ngày {format_date(present.cancelled_on)}."]
    differing = [
        str(Honour._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in COMPARED
        if wanted[name] and wanted[name] != getattr(present, name)
    ]
    return (
        [f"Đã có trong Sổ, khác ở: {', '.join(differing)}; muốn sửa thì sửa trong Sổ."] if differing else []
    )


def _plain(value: Any) -> Any:
    return getattr(value, "pk", None) or str(value)
