"""What the grid shows: every value formatted once, so that its template only writes them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import rules
from django.urls import reverse

from campaigns.methods import Asked, describe, fields, points
from campaigns.models import Criterion
from core.listing import addresses
from core.templatetags.portal import points as points_shown
from core.vietnamese import format_decimal, format_points, half_up
from scoring.calculations import PUBLISHED_PLACES, sums
from scoring.forms.sheets import prefix
from scoring.models import Line, Scorecard
from scoring.queries.sheets import FILLING, Confirmed, confirmed_by_criterion, headings_of, lines_of

State = Scorecard.State
DONE, TO_DO = "Đã chấm", "Chưa chấm"
Texts = Mapping[str, Any]


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
    score_input: Input | None = None
    reason_input: Input | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)
    flag: str = ""
    status: str = ""
    is_bad: bool = False
    asks: bool = False
    version: int = 0
    save_at: str = ""
    evidence_at: str = ""


class Grid:
    """A sheet as one user sees it now. ``typed`` and ``errors`` give back what could not be saved."""

    def __init__(
        self, sheet: Scorecard, user: Any, typed: Texts | None = None, errors: Mapping[int, str] | None = None
    ) -> None:
        self.sheet, self.user = sheet, user
        self.typed, self.errors = typed or {}, errors or {}
        self.lines = lines_of(sheet)
        self.column = editable_column(sheet, user)
        self.only_flagged = any(line.is_flagged for line in self.lines)
        self.has_approved = sheet.state not in FILLING or any(
            line.approved_score is not None for line in self.lines
        )
        self.has_appraised = sheet.state in (State.APPROVED, State.APPRAISED, State.PUBLISHED) or any(
            line.appraised_score is not None for line in self.lines
        )
        self.confirmed = confirmed_by_criterion(sheet)
        self._save_at = addresses("scoring:line_save", sheet.pk)
        self._evidence_at = addresses("scoring:line_evidence", sheet.pk)
        self.rows = self._rows()

    @property
    def done(self) -> int:
        return sum(line.self_score is not None for line in self.lines)

    @property
    def percent(self) -> int:
        return self.done * 100 // len(self.lines) if self.lines else 0

    @property
    def totals(self) -> dict[str, str]:
        sheet = self.sheet
        final = sheet.approved_total if sheet.appraised_total is None else sheet.appraised_total
        return {
            "maximum": _text(sum((line.criterion.max_score for line in self.lines), Decimal(0))),
            "self": _total(sheet.self_total),
            "approved": _total(sheet.approved_total),
            "appraised": _total(sheet.appraised_total),
            "difference": _signed(sheet.self_total, final),
        }

    def may_edit(self, line: Line) -> bool:
        return bool(self.column) and (self.column != "self" or line.is_flagged or not self.only_flagged)

    def row_of(self, line: Line) -> Row:
        return next(row for row in self.rows if row.line and row.line.pk == line.pk)

    def headings_above(self, row: Row) -> list[Row]:
        """The headings whose sums change with this row."""
        above, level = [], row.level
        for other in reversed(self.rows[: self.rows.index(row)]):
            if other.level < level:
                above.append(other)
                level = other.level
        return above

    def _rows(self) -> list[Row]:
        nodes: list[tuple[Criterion, Line | None]] = [(line.criterion, line) for line in self.lines]
        nodes += [(heading, None) for heading in headings_of(self.sheet)]
        nodes.sort(key=lambda node: node[0].position)
        kept = [node for place, node in enumerate(nodes) if node[1] or _has_lines_below(nodes, place)]
        rows = [self._line(line) if line else _heading(criterion) for criterion, line in kept]
        columns = {"self": [], "approved": [], "appraised": [], "max": []}  # type: dict[str, list[Any]]
        for criterion, line in kept:
            scores = _effective(line, self.sheet) if line else {}
            for name, column in columns.items():
                column.append((criterion.level, scores.get(name)))
        for name, column in columns.items():
            for row, summed in zip(rows, sums(column), strict=True):
                if row.line is None and name == "max":
                    row.maximum = _text(summed)
                elif row.line is None:
                    row.scores[name] = _sum(summed)
        return rows

    def _line(self, line: Line) -> Row:
        criterion = line.criterion
        confirmed = self.confirmed.get(criterion.pk)
        final = line.approved_score if line.appraised_score is None else line.appraised_score
        row = Row(
            pk=str(line.pk),
            code=criterion.code,
            name=criterion.name,
            level=criterion.level,
            maximum=_text(criterion.max_score),
            line=line,
            scores={
                "self": points_shown(line.self_score),
                "approved": points_shown(line.approved_score),
                "appraised": points_shown(line.appraised_score),
            },
            difference=_signed(line.self_score, final),
            rule=describe(criterion.method, criterion.params),
            guidance=criterion.guidance,
            evidence=criterion.evidence,
            documents=_documents(line, confirmed),
            confirmed=_confirmed_text(line, confirmed),
            facts=_facts(line),
            reasons=_reasons(line),
            flag=line.flag_reason if line.is_flagged else "",
            version=line.version,
        )
        row.evidence_missing = criterion.evidence_required and not row.documents
        row.status, row.is_bad = self._status(line)
        row.asks = (
            bool(row.status) and not row.is_bad and self.column == "self" and row.status not in (DONE, TO_DO)
        )
        if self.may_edit(line):
            self._open(row, line, confirmed)
        return row

    def _open(self, row: Row, line: Line, confirmed: Confirmed | None) -> None:
        """Turn the texts of the user's column into boxes."""
        row.save_at = self._save_at(line.pk)
        row.version = self._given(line, "version", line.version)
        if self.column != "self":
            before = line.self_score if self.column == "approved" else line.approved_score
            row.score_input = self._box(
                line, "score", _words(self.column), getattr(line, f"{self.column}_score")
            )
            row.score_input.hint = _text(before)
            row.reason_input = self._box(line, "reason", "Lý do sửa", getattr(line, f"{self.column}_reason"))
            row.reasons = [pair for pair in row.reasons if pair[0] != _words(self.column)]
            return
        row.evidence_at = self._evidence_at(line.pk)
        for one in fields(line.criterion.method, line.criterion.params):
            box = self._box(line, one.name, one.label, _plain(line.inputs.get(one.name), bool(one.choices)))
            box.measure = one.measure
            box.options = [(value, label, value == box.value) for value, label in one.choices]
            if confirmed and one.name == "count":
                box.hint = _text(confirmed.quantity)
            row.inputs.append(box)
        if needs_typed_score(line):
            row.score_input = self._box(line, "score", "Điểm tự chấm", line.self_score)
        row.reason_input = self._box(line, "reason", "Giải trình", line.note)
        row.reasons = row.reasons[1:] if line.note else row.reasons

    def _box(self, line: Line, name: str, label: str, value: Any) -> Input:
        text = _text(value).replace(".", "") if isinstance(value, Decimal) else value or ""
        return Input(
            name=f"{prefix(line)}-{name}",
            label=f"{line.criterion.code}: {label}",
            value=self._given(line, name, text),
            column=name,
            invalid=line.pk in self.errors,
        )

    def _given(self, line: Line, name: str, kept: Any) -> Any:
        """What the user typed, while it is not saved; otherwise what is kept."""
        return self.typed.get(f"{prefix(line)}-{name}", kept) if line.pk in self.errors else kept

    def _status(self, line: Line) -> tuple[str, bool]:
        if line.pk in self.errors:
            return self.errors[line.pk], True
        if not self.may_edit(line):
            return "", False
        if self.column != "self":
            return ("Đã sửa" if getattr(line, f"{self.column}_score") is not None else ""), False
        if line.self_score is not None:
            return DONE, False
        return question_about(line) or TO_DO, False


def editable_column(sheet: Scorecard, user: Any) -> str:
    """The column this user may fill at this moment, if any."""
    for states, permission, column in [
        (FILLING, "scoring.fill_scorecard", "self"),
        ([State.SUBMITTED], "scoring.approve_scorecard", "approved"),
        ([State.APPROVED], "scoring.appraise_scorecard", "appraised"),
    ]:
        if sheet.state in states:
            return column if rules.has_perm(permission, user, sheet) else ""
    return ""


def needs_typed_score(line: Line) -> bool:
    """The score itself is typed: by the method, or because the inputs do not decide it."""
    criterion = line.criterion
    if criterion.method == "typed" or not line.inputs:
        return criterion.method == "typed"
    return points(criterion.method, criterion.params, line.inputs).asked == Asked.UNDECIDED


def question_about(line: Line) -> str:
    """What a line that has been begun still asks."""
    if not line.inputs or line.self_score is not None:
        return ""
    return points(line.criterion.method, line.criterion.params, line.inputs).question


def _has_lines_below(nodes: list[tuple[Criterion, Line | None]], place: int) -> bool:
    level = nodes[place][0].level
    for criterion, line in nodes[place + 1 :]:
        if criterion.level <= level:
            return False
        if line:
            return True
    return False


def _heading(criterion: Criterion) -> Row:
    return Row(pk=f"h{criterion.pk}", code=criterion.code, name=criterion.name, level=criterion.level)


def _effective(line: Line, sheet: Scorecard) -> dict[str, Decimal | None]:
    """The scores as the totals count them; a column nobody has touched stays empty."""
    approved = line.self_score if line.approved_score is None else line.approved_score
    appraised = approved if line.appraised_score is None else line.appraised_score
    return {
        "max": line.criterion.max_score,
        "self": line.self_score,
        "approved": None if sheet.approved_total is None else approved,
        "appraised": None if sheet.appraised_total is None else appraised,
    }


def _documents(line: Line, confirmed: Confirmed | None) -> list[dict[str, str]]:
    links: list[tuple[Any, str]] = [(link, "") for link in line.links]
    links += [(link, "từ thành tích đã xác nhận") for link in (confirmed.links if confirmed else [])]
    return [
        {
            "title": str(link.document),
            "page": link.page,
            "source": source,
            "href": reverse("scoring:evidence_detail", args=[link.document_id]),
        }
        for link, source in links
    ]


def _confirmed_text(line: Line, confirmed: Confirmed | None) -> str:
    if not confirmed:
        return ""
    names = "; ".join(f"{one} ({format_decimal(one.counted)})" for one in confirmed.achievements)  # type: ignore[attr-defined]
    return f"Đã xác nhận {format_decimal(confirmed.quantity)}: {names}"


def _facts(line: Line) -> str:
    """The inputs in words, for those who do not fill them in."""
    parts = []
    for one in fields(line.criterion.method, line.criterion.params):
        given = line.inputs.get(one.name)
        if given not in (None, ""):
            text = dict(one.choices).get(given) or _plain(given, False)
            parts.append(f"{text} {one.measure}".strip())
    return " / ".join(parts)


def _reasons(line: Line) -> list[tuple[str, str]]:
    pairs = [
        ("Giải trình", line.note),
        (_words("approved"), line.approved_reason),
        (_words("appraised"), line.appraised_reason),
    ]
    return [pair for pair in pairs if pair[1]]


def _words(column: str) -> str:
    return {"self": "Tự chấm", "approved": "Thủ trưởng", "appraised": "Thẩm định"}[column]


def _plain(given: Any, is_choice: bool) -> str:
    if given in (None, "") or is_choice:
        return given or ""
    try:
        return format_decimal(Decimal(str(given))).replace(".", "")
    except ArithmeticError:
        return str(given)


def _text(value: Decimal | None) -> str:
    return format_decimal(value)


def _sum(value: Decimal | None) -> str:
    """Sums are shown as they will be published; the lines keep their four decimals."""
    return format_points(value)


def _total(value: Decimal | None) -> str:
    """The sheet's own total, written as in the ranking."""
    return format_decimal(value, PUBLISHED_PLACES)


def _signed(before: Decimal | None, after: Decimal | None) -> str:
    """The difference of the numbers that are shown; of the exact ones where only those differ."""
    if before is None or after is None or before == after:
        return ""
    seen = half_up(after, PUBLISHED_PLACES) - half_up(before, PUBLISHED_PLACES)
    change = seen or after - before
    return f"{'+' if change > 0 else '−'}{format_decimal(abs(change))}"
