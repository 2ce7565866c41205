"""What one row of the grid shows: its texts, formatted once, and the boxes that this user may fill."""

from dataclasses import dataclass, field

from scoring.models import Line


@dataclass
class Input:
    """One box of a row. ``column`` names the keyboard's path down the grid."""

    name: str
    label: str
    value: str
    column: str
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    measure: str = ""
    hint: str = ""
    invalid: bool = False


@dataclass
class Row:
    """A line of the sheet, or a heading with the sums below it."""

    pk: str
    code: str
    name: str
    level: int
    maximum: str = ""
    line: Line | None = None
    scores: dict[str, str] = field(default_factory=dict)
    difference: str = ""
    rule: str = ""
    guidance: str = ""
    evidence: str = ""
    evidence_missing: bool = False
    documents: list[dict[str, str]] = field(default_factory=list)
    confirmed: str = ""
    inputs: list[Input] = field(default_factory=list)
    facts: str = ""
    origin: str = ""
    is_stale: bool = False
    takes_index: bool = False
    is_named: bool = False
    score_input: Input | None = None
    reason_input: Input | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)
    flag: str = ""
    flag_label: str = "Cần sửa"
    in_charge: str = ""
    keeps: bool = False
    status: str = ""
    is_bad: bool = False
    asks: bool = False
    version: int = 0
    save_at: str = ""
    evidence_at: str = ""
    exclusion_at: str = ""
    feeding_at: str = ""
    column: str = ""
    is_excluded: bool = False
