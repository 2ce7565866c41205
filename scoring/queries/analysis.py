"""What a running round looks like from above: every unit by every criterion, what is done, what was lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Coalesce

from campaigns.methods import BONUS_BLOCK
from campaigns.models import AppliesTo, CampaignYear, CriteriaSet, Criterion, Extension
from campaigns.queries import criteria_in_use, deadlines_of
from core.bare import bare
from core.prepared import Prepared, Slots
from scoring.calculations import Lost, index, losses
from scoring.models import Line, Scorecard
from scoring.queries.deadlines import stage_of
from scoring.queries.ranking import LATEST_FIRST
from scoring.queries.readiness import BY_OFFICE

State = Scorecard.State
COLUMNS = {
    "": LATEST_FIRST,
    "tu-cham": ("self_score",),
    "duyet": ("approved_score", "self_score"),
    "tham-dinh": ("appraised_score", "office_score", "approved_score"),
    "tham-dinh-2": ("second_score", "appraised_score", "office_score"),
    "ket-luan": ("final_score", "second_score", "appraised_score", "office_score"),
}


def collective_sheets(user: Any, campaign_year: CampaignYear) -> QuerySet[Scorecard]:
    """The units' sheets of the round that this user may see, in the order of the Sở's lists."""
    rows = Scorecard.objects.visible_to(user).filter(campaign_year=campaign_year, person__isnull=True)
    return rows.order_by("unit__order", "unit_id")


def table_in_use(campaign_year: CampaignYear) -> CriteriaSet | None:
    """The criteria that apply, of a round that is over the last ones that did."""
    older = CriteriaSet.objects.filter(campaign_year=campaign_year).exclude(state=CriteriaSet.State.DRAFT)
    return criteria_in_use(campaign_year) or older.order_by("-version_number").first()


# --- the matrix --------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Fact:
    """What a cell shows: the score and the maximum, or that the row does not apply. Cells of one row that show the same
    share one: few of them fill the whole table, and what is drawn for one is drawn once."""

    score: Decimal | None = None
    maximum: Decimal = Decimal(0)
    is_excluded: bool = False


NOT_SCORED = Fact()
Cell = tuple[int | None, Fact]  # with the number of the line, where there is one
EMPTY: Cell = (None, NOT_SCORED)


@dataclass
class Matrix:
    """Units × rows of one field, or × fields. ``cells`` by sheet, in the order of ``columns``."""

    sheets: list[Scorecard]
    columns: list[Criterion]
    cells: dict[int, list[Cell]] = field(default_factory=dict)


def total_of(sheet: Scorecard) -> Decimal | None:
    """The result, before the appraisal what the unit gave itself; of a sheet that nobody has scored none, not 0."""
    if all(score is None for score, _ in sheet.components.values()):
        return None
    return sheet.self_total if sheet.result_total is None else sheet.result_total


def index_of(sheet: Scorecard) -> Decimal | None:
    """The same in percent of the applicable maximum, not rounded."""
    total = total_of(sheet)
    return None if total is None else index(total, sheet.applicable_max)


def fields_of(criteria_set: CriteriaSet) -> list[Criterion]:
    """The top rows of the table."""
    return list(criteria_set.criteria.filter(level=1).order_by("position"))


def matrix_of_fields(sheets: Sequence[Scorecard], tops: Sequence[Criterion]) -> Matrix:
    """From what the sheets keep of their top rows; no line is read."""
    made = Matrix(list(sheets), list(tops))
    for sheet in sheets:
        made.cells[sheet.pk] = [_component(sheet, top) for top in tops]
    return made


def _component(sheet: Scorecard, top: Criterion) -> Cell:
    score, most = sheet.components.get(str(top.pk), (None, "0"))
    if score is None:
        return EMPTY
    applies = Decimal(most) > 0 or top.method == BONUS_BLOCK
    return None, Fact(Decimal(score), Decimal(most), is_excluded=not applies)


def whole_table(criteria_set: CriteriaSet) -> Criterion:
    """Stands where a field could be chosen: all of them."""
    return Criterion(pk=0, criteria_set=criteria_set, code="Toàn bảng", name="Mọi tiêu chí")


def matrix_of_rows(sheets: Sequence[Scorecard], top: Criterion, column: str = "") -> Matrix:
    """The scored rows below one top row, or of the whole table, with a fixed number of queries.

    There may be fifty thousand lines: they are read as plain values by their criteria's numbers alone, and each score
    as text, because a few numbers fill the whole table.
    """
    leaves = _leaves_below(top)
    place: dict[Any, int] = {one.lineage or one.pk: number for number, one in enumerate(leaves)}
    same = Q(pk__in=[one.pk for one in leaves]) | Q(
        lineage__in=[one.lineage for one in leaves if one.lineage]
    )
    sets = {sheet.criteria_set_id for sheet in sheets}
    asked = Criterion.objects.filter(same, criteria_set__in=sets).values_list("pk", "lineage", "max_score")
    columns = {
        pk: (place[pk if lineage is None else lineage], most) for pk, lineage, most in asked.order_by()
    }
    made = Matrix(list(sheets), leaves, {sheet.pk: [EMPTY] * len(leaves) for sheet in sheets})
    facts: dict[tuple[int, bool, str | None], Fact] = {}
    cells = made.cells
    for pk, sheet, criterion, excluded, text in SHOWN[column].ask(sheets=cells, criteria=columns):
        key = (criterion, excluded, text)
        fact = facts.get(key)
        if fact is None:
            most = columns[criterion][1]
            fact = facts[key] = Fact(None if text is None else Decimal(text), most, excluded)
        cells[sheet][columns[criterion][0]] = (pk, fact)
    return made


def _shown_lines(names: Sequence[str]) -> QuerySet:
    rows = Line.objects.filter(scorecard__in=Slots("sheets"), criterion__in=Slots("criteria")).order_by()
    rows = rows.annotate(shown=Cast(_first(names), TextField()))
    return rows.values_list("pk", "scorecard_id", "criterion_id", "is_excluded", "shown")


def _first(names: Sequence[str]) -> Any:
    return Coalesce(*names) if len(names) > 1 else F(names[0])


SHOWN = {key: Prepared(partial(_shown_lines, names)) for key, names in COLUMNS.items()}


def _leaves_below(top: Criterion) -> list[Criterion]:
    """The rows of units below this top row, in order."""
    rows = Criterion.objects.filter(
        criteria_set=top.criteria_set_id,
        is_leaf=True,
        applies_to__in=[AppliesTo.COLLECTIVE, AppliesTo.BOTH],
    ).order_by("position")
    leaves = bare(Criterion, ("code", "name", "is_leaf", "max_score", "lineage"))
    if not top.pk:
        return list(leaves.rows(rows))
    following = Criterion.objects.filter(criteria_set=top.criteria_set_id, level=1, position__gt=top.position)
    end = following.order_by("position").values_list("position", flat=True).first()
    rows = rows.filter(position__gte=top.position)
    return list(leaves.rows(rows.filter(position__lt=end) if end else rows))


# --- progress ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Progress:
    """How far one unit is: lines done of all that it scores, and the days left in its present stage."""

    sheet: Scorecard
    done: int
    count: int
    due: date | None
    days_left: int | None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def percent(self) -> int:
        return self.done * 100 // self.count if self.count else 0


def progress_of(campaign_year: CampaignYear, sheets: QuerySet[Scorecard], today: date) -> list[Progress]:
    """Late units first, then by the days that are left; with a fixed number of queries."""
    counts = _done_by_sheet(sheets)
    dues = deadlines_of(campaign_year)
    extended = {
        (unit, stage): until
        for unit, stage, until in Extension.objects.filter(campaign_year=campaign_year).values_list(
            "unit_id", "stage", "until"
        )
    }
    found = []
    for sheet in sheets.select_related("unit"):
        sheet.campaign_year = campaign_year
        done, count = counts.get(sheet.pk, (0, 0))
        stage = stage_of(sheet)
        due, more = dues.get(stage), extended.get((sheet.unit_id, stage))
        due = max(due, more) if due and more else due
        left = (due - today).days if due else None
        found.append(Progress(sheet, done, count, due, left))
    return sorted(found, key=lambda one: (one.days_left is None, one.days_left or 0))


def _done_by_sheet(sheets: QuerySet[Scorecard]) -> dict[int, tuple[int, int]]:
    """Lines that are done and lines that the unit scores. Asked apart from the sheets: grouping them with their lines
    would sort every sheet's columns once per line."""
    of_office = Criterion.objects.filter(
        method__in=BY_OFFICE, criteria_set__in=sheets.order_by().values("criteria_set")
    )
    own = Line.objects.filter(scorecard__in=sheets.order_by().values("pk"))
    own = own.exclude(criterion__in=list(of_office.values_list("pk", flat=True)))
    done = Q(self_score__isnull=False) | Q(is_excluded=True) | ~Q(inputs={})
    counted = own.order_by().values("scorecard").annotate(done=Count("pk", filter=done), every=Count("pk"))
    return {sheet: (done, every) for sheet, done, every in counted.values_list("scorecard", "done", "every")}


# --- losses ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LostRow:
    """A row of the table with what was lost in it, and the line of the one sheet it is about."""

    criterion: Criterion
    lost: Lost
    line: int | None = None


def losses_of(sheets: Sequence[Scorecard]) -> list[LostRow]:
    """Scored rows that apply, the greatest loss first; of several sheets the sums over all of them."""
    lines = Line.objects.filter(scorecard__in=[sheet.pk for sheet in sheets], is_excluded=False).order_by()
    shown = lines.annotate(shown=_first(LATEST_FIRST)).filter(shown__isnull=False)
    # The database adds up the units: one row for each criterion comes back, grouped by its number and nothing else.
    summed = shown.values("criterion").annotate(line=Min("pk"), times=Count("pk"), score=Sum("shown"))
    rows = list(summed.values_list("criterion", "line", "times", "score"))
    criteria = Criterion.objects.select_related("in_charge", "parent").in_bulk([row[0] for row in rows])
    sums: dict[Any, list[Any]] = {}
    for criterion, line, times, score in rows:
        key = criteria[criterion].lineage or criterion
        entry = sums.setdefault(key, [criterion, line, Decimal(0), Decimal(0)])
        entry[2] += criteria[criterion].max_score * times
        entry[3] += score
    ordered = sorted(sums.values(), key=lambda entry: criteria[entry[0]].position)
    found = losses((entry, entry[2], entry[3]) for entry in ordered)
    return [
        LostRow(criteria[one.key[0]], one, one.key[1] if len(sheets) == 1 else None)  # type: ignore[index]
        for one in found
    ]
