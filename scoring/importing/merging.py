"""A filled file beside what the portal has now, line by line: what is new, what is old, where both were changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from scoring.importing.offline import Entered, Filled, FilledRow, entered
from scoring.models import Line


class Outcome(StrEnum):
    SAME = "same"  # not changed in the file
    TAKEN = "taken"  # changed in the file alone
    CONFLICT = "conflict"  # changed in the file and, otherwise, on the portal
    FAULTY = "faulty"


@dataclass
class Merged:
    """One line: what the file says, what the portal says, and what becomes of it."""

    line: Line
    number: int
    base: str
    mine: Entered
    theirs: Entered
    outcome: Outcome
    faults: list[str] = field(default_factory=list)
    result: Any = None  # the score that follows, for the reader


@dataclass
class Merge:
    rows: list[Merged]
    notes: list[str]
    faults: list[str]

    def of(self, *outcomes: Outcome) -> list[Merged]:
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def taken(self) -> list[Merged]:
        return self.of(Outcome.TAKEN)

    @property
    def conflicts(self) -> list[Merged]:
        return self.of(Outcome.CONFLICT)

    @property
    def faulty(self) -> list[Merged]:
        return self.of(Outcome.FAULTY)

    @property
    def unchanged(self) -> int:
        return len(self.of(Outcome.SAME))

    @property
    def digest(self) -> str:
        """Changes whenever something else would be written, or over something else."""
        seen = [
            [row.line.pk, row.line.version, row.outcome, row.mine.digest, row.theirs.digest]
            for row in self.of(Outcome.TAKEN, Outcome.CONFLICT)
        ]
        return sha256(json.dumps(seen).encode()).hexdigest()


def merge(filled: Filled, column: str, lines: Mapping[int, Line]) -> Merge:
    return Merge(
        [_merged(row, column, lines[row.line]) for row in filled.rows if row.line in lines],
        filled.notes,
        filled.faults,
    )


def _merged(row: FilledRow, column: str, line: Line) -> Merged:
    theirs, mine = entered(line, column), row.entered
    if row.faults:
        outcome = Outcome.FAULTY
    elif mine == theirs or mine.digest == row.base:
        outcome = Outcome.SAME
    elif theirs.digest == row.base:
        outcome = Outcome.TAKEN
    else:
        outcome = Outcome.CONFLICT
    return Merged(line, row.number, row.base, mine, theirs, outcome, list(row.faults))


def packed(rows: Sequence[Merged]) -> list[list[Any]]:
    """The rows that something is to become of, as they go with the page."""
    return [
        [row.number, row.line.pk, row.base, row.mine.inputs, row.mine.score, row.mine.text]
        for row in rows
        if row.outcome in (Outcome.TAKEN, Outcome.CONFLICT)
    ]


def unpacked(rows: Sequence[Sequence[Any]]) -> Filled:
    found = [
        FilledRow(number, line, base, Entered(tuple((name, value) for name, value in inputs), score, text))
        for number, line, base, inputs, score, text in rows
    ]
    return Filled(found, [], [])
