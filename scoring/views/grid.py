"""What the grid shows: every value formatted once, so that its template only writes them down."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse

from campaigns.methods import Asked, Filler, describe, fields, filler_of, points
from campaigns.models import Criterion
from core.listing import addresses
from core.templatetags.portal import points as points_shown
from scoring.calculations import COLUMNS, Scored, evaluate
from scoring.forms.sheets import prefix
from scoring.models import Line, Scorecard
from scoring.queries.deadlines import STAGE_OF, is_over
from scoring.queries.feeding import fed_by
from scoring.queries.indexes import METHOD, withdrawn
from scoring.queries.sheets import Confirmed, confirmed_by_criterion, headings_of, lines_of
from scoring.queries.totals import nodes_of
from scoring.views.boxes import Input, Row
from scoring.views.columns import (
    SPEAKERS,
    column_of,
    editable_column,
    enters_for_office,
    must_be_given,
    shown_columns,
)
from scoring.views.texts import (
    EXPLAINED,
    confirmed_text,
    difference,
    documents,
    facts,
    furthest,
    in_words,
    is_done,
    is_named,
    origin,
    plain,
    reasons,
    standing_before,
    sum_shown,
    total_shown,
)

State = Scorecard.State
DONE, TO_DO = "Đã chấm", "Chưa chấm"
WITHDRAWN = "Lần công bố này đã được mở lại: hãy lấy lại chỉ số khi có công bố mới."
WANTED, ASKED_FOR = "Cần thẩm định", "Yêu cầu giải trình"
Texts = Mapping[str, Any]


class Grid:
    """A sheet as one user sees it now. ``typed`` and ``errors`` give back what could not be saved; ``only`` is the one
    line whose row is shown: of the others then no more is made than where they stand."""

    def __init__(
        self,
        sheet: Scorecard,
        user: Any,
        typed: Texts | None = None,
        errors: Mapping[int, str] | None = None,
        only: int | None = None,
    ) -> None:
        self.sheet, self.user, self.only = sheet, user, only
        self.typed, self.errors = typed or {}, errors or {}
        self.lines = lines_of(sheet)
        wanted = editable_column(sheet, user)
        self.locked = wanted in STAGE_OF and is_over(sheet, STAGE_OF[wanted])
        self.column = "" if self.locked else wanted
        self.for_office = enters_for_office(sheet, user)
        self.only_flagged = any(line.is_flagged for line in self.lines)
        self.columns = shown_columns(sheet, self.lines)
        self.nodes = nodes_of(sheet.criteria_set_id, sheet.recipient)
        self.confirmed = confirmed_by_criterion(sheet)
        self.withdrawn = withdrawn({line.inputs.get("publication") or "" for line in self.lines})
        self._save_at = addresses("scoring:line_save", sheet.pk)
        self._evidence_at = addresses("scoring:line_evidence", sheet.pk)
        self._exclusion_at = addresses("scoring:line_exclusion", sheet.pk)
        self.fed = fed_by(sheet.campaign_year) if _may_be_fed(sheet) and only is None else set()
        self.rows = self._rows()

    @property
    def asks_for_words(self) -> bool:
        """Flags of a sheet under appraisal are questions; before, they are corrections to make."""
        return self.sheet.state in (State.APPROVED, State.EXPLAINING, State.EXPLAINED)

    @cached_property
    def done(self) -> int:
        return sum(is_done(line) for line in self.lines)

    @cached_property
    def count(self) -> int:
        """How many lines the unit scores: those of the Office are not its."""
        return sum(filler_of(line.criterion.method) != Filler.OFFICE for line in self.lines)

    @property
    def given(self) -> int:
        """How many rows still want a score of their own from this user."""
        return sum(row.keeps for row in self.rows)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.count if self.count else 0

    @property
    def has_approved(self) -> bool:
        return bool(self.columns)

    @property
    def totals(self) -> dict[str, str]:
        sheet = self.sheet
        given = [getattr(sheet, f"{name}_total") for name in ("final", "second", "appraised", "approved")]
        final = next((total for total in given if total is not None), None)
        return {
            "maximum": in_words(sheet.applicable_max),
            "self": total_shown(sheet.self_total),
            **{
                name: total_shown(getattr(sheet, f"{name}_total"))
                for name, _ in self.columns
                if name != "office"
            },
            # With points that no unit gives itself the two totals are not about the same rows.
            "difference": "" if self._has_office_points else difference(sheet.self_total, final),
        }

    @property
    def _has_office_points(self) -> bool:
        return any(line.office_score is not None for line in self.lines)

    @property
    def total_cells(self) -> list[tuple[str, str, str]]:
        """Name, label and text of the columns in the foot of the table."""
        totals = self.totals
        return [(name, label, totals.get(name, "")) for name, label in self.columns]

    def column_of(self, line: Line) -> str:
        """The column of this line that the user may fill, if any."""
        return column_of(
            line, self.user, self.column, only_flagged=self.only_flagged, for_office=self.for_office
        )

    def may_edit(self, line: Line) -> bool:
        return bool(self.column_of(line))

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
        self._sum_headings(rows)
        return rows

    def _sum_headings(self, rows: list[Row]) -> None:
        """The sums of the inner nodes in every column that has begun, and their applicable maximum."""
        scored = [
            Scored(
                line.criterion_id,
                tuple(getattr(line, f"{column}_score") for column in COLUMNS),
                line.office_score,
                line.is_excluded,
            )
            for line in self.lines
        ]
        standing = {line.key: line.standing() for line in scored}
        excluded = {line.key for line in scored if line.is_excluded}
        for place, column in enumerate(COLUMNS):
            if column != "self" and getattr(self.sheet, f"{column}_total") is None:
                continue
            given = {key: scores[place] for key, scores in standing.items()}
            found = evaluate(self.nodes, given, excluded)
            for row in rows:
                if row.line is None:
                    key = int(row.pk.removeprefix("h"))
                    row.scores[column] = sum_shown(found.scores.get(key))
                    row.maximum = in_words(found.maxima.get(key)) if found.maxima.get(key) else ""

    def _flag_label(self, line: Line) -> str:
        if not self.asks_for_words:
            return "Cần sửa"
        return (
            f"{ASKED_FOR} ({line.flagged_by.display_name})"
            if line.is_flagged and line.flagged_by
            else ASKED_FOR
        )

    def _line(self, line: Line) -> Row:
        criterion = line.criterion
        if self.only not in (None, line.pk):
            return Row(str(line.pk), criterion.code, criterion.name, criterion.level, line=line)
        confirmed = self.confirmed.get(criterion.pk)
        row = Row(
            pk=str(line.pk),
            code=criterion.code,
            name=criterion.name,
            level=criterion.level,
            maximum=in_words(criterion.max_score),
            line=line,
            scores={
                name: points_shown(getattr(line, f"{name}_score"))
                for name in ("self", *(name for name, _ in self.columns))
            },
            difference=difference(line.self_score, furthest(line)),
            rule=describe(criterion.method, criterion.params),
            guidance=criterion.guidance,
            evidence=criterion.evidence,
            documents=documents(line, confirmed),
            confirmed=confirmed_text(line, confirmed),
            facts=facts(line),
            origin=self._origin(line),
            is_stale=line.inputs.get("publication") in self.withdrawn,
            takes_index=criterion.method == METHOD,
            is_named=is_named(line),
            reasons=reasons(line),
            flag=line.flag_reason if line.is_flagged else "",
            flag_label=self._flag_label(line),
            in_charge=criterion.in_charge.short_name if criterion.in_charge else "",
            is_excluded=line.is_excluded,
            version=line.version,
        )
        if (criterion.lineage or criterion.pk) in self.fed:
            row.feeding_at = (
                f"{reverse('scoring:feeding', args=[self.sheet.campaign_year_id])}#c{criterion.pk}"
            )
        # A line without points needs no proof, as submitting sees it too.
        row.evidence_missing = criterion.evidence_required and not row.documents and line.self_score != 0
        row.status, row.is_bad = self._status(line)
        row.asks = (
            bool(row.status) and not row.is_bad and self.column == "self" and row.status not in (DONE, TO_DO)
        )
        row.column = self.column_of(line)
        if row.column:
            self._open(row, line, confirmed)
        if self.column in ("self", "appraised") and (row.column or line.is_excluded):
            row.exclusion_at = self._exclusion_at(line.pk)
        return row

    def _origin(self, line: Line) -> str:
        """Where a figure that was taken over comes from, and that it no longer holds."""
        if line.inputs.get("publication") in self.withdrawn:
            return f"{origin(line)}. {WITHDRAWN}"
        return origin(line)

    def _open(self, row: Row, line: Line, confirmed: Confirmed | None) -> None:
        """Turn the texts of the user's column into boxes."""
        row.save_at = self._save_at(line.pk)
        row.version = self._given(line, "version", line.version)
        if row.column == "explanation":
            row.reason_input = self._box(line, "reason", "Giải trình", line.explanation)
            row.reasons = [pair for pair in row.reasons if pair[0] != EXPLAINED]
            row.evidence_at = self._evidence_at(line.pk)
            return
        if row.column == "office":
            self._ask(row, line, line.office_inputs, None)
            return
        if row.column != "self":
            row.score_input = self._box(
                line, "score", SPEAKERS[row.column], getattr(line, f"{row.column}_score")
            )
            row.score_input.hint = in_words(standing_before(line, row.column))
            row.reason_input = self._box(line, "reason", "Lý do sửa", getattr(line, f"{row.column}_reason"))
            row.reasons = [pair for pair in row.reasons if pair[0] != SPEAKERS[row.column]]
            unset = getattr(line, f"{row.column}_score") is None
            row.keeps = unset and must_be_given(line, row.column)
            return
        row.evidence_at = self._evidence_at(line.pk)
        self._ask(row, line, line.inputs, confirmed)
        if needs_typed_score(line):
            row.score_input = self._box(line, "score", "Điểm tự chấm", line.self_score)
        row.reason_input = self._box(line, "reason", "Giải trình", line.note)
        row.reasons = row.reasons[1:] if line.note else row.reasons

    def _ask(self, row: Row, line: Line, kept: Mapping[str, Any], confirmed: Confirmed | None) -> None:
        """The boxes for what the method asks."""
        for one in fields(line.criterion.method, line.criterion.params):
            box = self._box(line, one.name, one.label, plain(kept.get(one.name), bool(one.choices)))
            box.measure = one.measure
            box.options = [(value, label, value == box.value) for value, label in one.choices]
            if confirmed and one.name == "count":
                box.hint = in_words(confirmed.quantity)
            row.inputs.append(box)

    def _box(self, line: Line, name: str, label: str, value: Any) -> Input:
        text = in_words(value).replace(".", "") if isinstance(value, Decimal) else value or ""
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
        if line.is_excluded:
            return ("Không áp dụng" if self.column else ""), False
        column = self.column_of(line)
        if not column:
            return "", False
        if column == "explanation":
            return ("Đã giải trình" if line.explanation else "Chưa giải trình"), False
        if column == "office":
            return ("Đã nhập" if line.office_score is not None else "Chưa nhập"), False
        if column != "self":
            return _decided(line, column), False
        if line.self_score is not None:
            return DONE, False
        return question_about(line) or TO_DO, False


def _decided(line: Line, column: str) -> str:
    """What a side that looks at somebody's score has done about it."""
    if getattr(line, f"{column}_score") is None:
        return WANTED if must_be_given(line, column) else ""
    return "Đã sửa" if getattr(line, f"{column}_reason") else "Giữ điểm"


def _may_be_fed(sheet: Scorecard) -> bool:
    """Only schemes stand one above the other."""
    return sheet.campaign_year.campaign.is_index and sheet.person_id is None


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
