"""What would become of every row of a sheet, compared with the present database. Nothing is written here."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from core.attachments import path_of
from organization.importing.people import plan_people
from organization.importing.rows import CHANGED, CREATED, REFUSED, UNCHANGED, PlannedRow
from organization.importing.sheets import Sheet, read_sheet
from organization.importing.units import plan_units
from organization.models import ImportBatch


@dataclass
class Plan:
    rows: list[PlannedRow]
    notes: list[str]

    @cached_property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in (CREATED, CHANGED, UNCHANGED, REFUSED)}

    @cached_property
    def digest(self) -> str:
        """The same for the same outcome: what was confirmed is what is written."""
        content = [
            [
                row.number,
                row.outcome,
                row.code,
                row.name,
                row.faults,
                row.changes,
                str(sorted(row.facts.items(), key=str)),
            ]
            for row in self.rows
        ]
        return sha256(json.dumps(content, ensure_ascii=False, default=str).encode()).hexdigest()


def plan_of(batch: ImportBatch) -> Plan:
    """Reads the stored workbook again and compares it with the database as it is now."""
    with path_of(batch.file).open("rb") as source:
        sheet = read_sheet(source, batch.kind)
    return plan_sheet(sheet, batch.kind)


def plan_sheet(sheet: Sheet, kind: str) -> Plan:
    return Plan((plan_units if kind == ImportBatch.Kind.UNITS else plan_people)(sheet), sheet.notes)
