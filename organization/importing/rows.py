"""A planned row, and the small questions that units and people have in common."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.vietnamese import fold, format_date
from organization.importing.sheets import SheetRow

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"


@dataclass
class PlannedRow:
    """``changes`` are (column, before, after) for people to read; ``facts`` is what the act will be given."""

    number: int
    code: str
    name: str
    outcome: str = UNCHANGED
    faults: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    target: Any = None
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: SheetRow, name_key: str) -> "PlannedRow":
        return cls(
            number=row.number,
            code=str(row.values.get("code") or ""),
            name=str(row.values.get(name_key) or ""),
            faults=list(row.faults),
        )

    def refuse(self, sentence: str) -> None:
        self.faults.append(sentence)

    def close(self, *, exists: bool) -> None:
        """The outcome follows from faults and changes."""
        if self.faults:
            self.outcome, self.facts, self.changes = REFUSED, {}, []
        elif not exists:
            self.outcome = CREATED
        else:
            self.outcome = CHANGED if self.changes else UNCHANGED


def doubles(rows: Iterable[SheetRow]) -> dict[int, str]:
    """Row numbers whose code stands more than once in the file, with the sentence that says where."""
    places: dict[str, list[int]] = {}
    for row in rows:
        if row.values.get("code"):
            places.setdefault(str(row.values["code"]).casefold(), []).append(row.number)
    return {
        number: f"Mã trùng với dòng {', '.join(str(other) for other in numbers if other != number)}."
        for numbers in places.values()
        if len(numbers) > 1
        for number in numbers
    }


def named(rows: Iterable[Any]) -> dict[str, Any]:
    """Reference rows by code and by name, without diacritics."""
    return {fold(key): row for row in rows for key in (row.code, row.name)}


def shown(value: Any) -> str:
    return (
        format_date(value)
        if hasattr(value, "strftime")
        else str(value if value not in (None, "") else "(trống)")
    )


def is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
