"""A sheet as somebody supposes it: inputs or points of some rows, rows that do not apply; nothing of it is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.methods import Field, Filler, fields, filler_of
from core.vietnamese import normalize, parse_decimal
from scoring.calculations import Assumed, RowNow, applied
from scoring.forms.sheets import LineForm, prefix
from scoring.models import Line
from scoring.queries.words import plain

# Sent with the whole form; an address names only what differs from what stands.
WHOLE = "tat-ca"
EXCLUDED = "khong-ap-dung"
SCORE = "score"


def asked_of(line: Line) -> list[Field]:
    """The inputs that give points by themselves: what is computed from all units' figures is supposed as points."""
    criterion = line.criterion
    if filler_of(criterion.method) == Filler.CLOSING:
        return []
    return fields(criterion.method, criterion.params)


def standing_texts(line: Line, row: RowNow) -> dict[str, str]:
    """What stands, as a person would type it: inputs by name, and the points where no inputs give them."""
    kept = line.office_inputs if filler_of(line.criterion.method) == Filler.OFFICE else line.inputs
    asked = asked_of(line)
    texts = {one.name: str(plain(kept.get(one.name), bool(one.choices))) for one in asked}
    return {**texts, SCORE: "" if asked else plain(row.score, False)}


class AssumptionForm(LineForm):
    """One row as somebody supposes it: points that are typed stand above inputs, and inputs above what stands."""

    def __init__(self, data: Mapping[str, Any], line: Line, row: RowNow, *, has_inputs: bool) -> None:
        super().__init__(data, line, "self")
        self.row = self.outcome = row
        self.has_inputs = has_inputs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            assumed = Assumed(self.inputs if self.has_inputs else None, cleaned.get(SCORE))
            self.outcome, problems = applied(self.row, assumed)
            for problem in problems:
                self.add_error(None, problem)
        return cleaned


class Assumptions:
    """All rows of a sheet. ``rows`` is what comes out, ``typed`` what the boxes hold, ``errors`` a sentence by line,
    ``query`` the same assumption as an address."""

    def __init__(self, lines: Sequence[Line], rows: Mapping[int, RowNow], data: Mapping[str, Any]) -> None:
        self.rows = dict(rows)
        self.typed: dict[int, dict[str, str]] = {}
        self.excluded: dict[int, bool] = {}
        self.errors: dict[int, str] = {}
        self.query: dict[str, str] = {}
        for line in lines:
            self._read(line, rows[line.criterion_id], data)

    def _read(self, line: Line, row: RowNow, data: Mapping[str, Any]) -> None:
        stands = standing_texts(line, row)
        names = {name: f"{prefix(line)}-{name}" for name in stands}
        typed = {name: data.get(key, stands[name]) for name, key in names.items()}
        differs = [name for name in stands if not _same(typed[name], stands[name])]
        if not typed[SCORE].strip() and SCORE in differs:
            differs.remove(SCORE)
        self.typed[line.pk] = typed
        self.excluded[line.pk] = is_excluded = _is_excluded(line, row, data)
        if is_excluded != row.is_excluded:
            self.query[f"{prefix(line)}-{EXCLUDED}"] = "1" if is_excluded else "0"
            self.rows[row.key], _ = applied(row, Assumed(is_excluded=is_excluded))
        if not differs:
            return
        has_inputs = any(name != SCORE for name in differs)
        said = [name for name in names if name in differs or (has_inputs and name != SCORE)]
        self.query |= {names[name]: typed[name] for name in said}
        if is_excluded:
            return
        form = AssumptionForm({names[name]: typed[name] for name in said}, line, row, has_inputs=has_inputs)
        if form.is_valid():
            self.rows[row.key] = form.outcome
        else:
            self.errors[line.pk] = " ".join(form.sentences)


def _is_excluded(line: Line, row: RowNow, data: Mapping[str, Any]) -> bool:
    """A box that is not ticked is not sent: only the whole form says by that that the row applies."""
    given = data.get(f"{prefix(line)}-{EXCLUDED}", "0" if WHOLE in data else None)
    return row.is_excluded if given is None else given == "1"


def _same(typed: str, stands: str) -> bool:
    """The same words, or the same number written otherwise."""
    if typed == stands:
        return True
    typed, stands = normalize(typed), normalize(stands)
    try:
        return typed == stands or parse_decimal(typed) == parse_decimal(stands)
    except ValueError:
        return False
