"""What a running round looks like from above: every unit by every criterion, what is done, what was lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from campaigns.methods import BONUS_BLOCK
from campaigns.models import AppliesTo, CampaignYear, CriteriaSet, Criterion, Extension
from campaigns.queries import criteria_in_use, deadlines_of
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
@dataclass
class Cell:
    """What one unit has in one column: its line, the score and the maximum, or that the row does not apply."""

    line: int | None = None
    score: Decimal | None = None
    maximum: Decimal = Decimal(0)
    is_excluded: bool = False


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
        return Cell()
    applies = Decimal(most) > 0 or top.method == BONUS_BLOCK
    return Cell(None, Decimal(score), Decimal(most), is_excluded=not applies)


def matrix_of_rows(sheets: Sequence[Scorecard], top: Criterion, column: str = "") -> Matrix:
    """The scored rows below one top row, with two queries however many units there are."""
    following = Criterion.objects.filter(
        criteria_set=top.criteria_set_id, level=1, position__gt=top.position
    ).order_by("position")
    end = following.values_list("position", flat=True).first()
    rows = Criterion.objects.filter(
        criteria_set=top.criteria_set_id,
        is_leaf=True,
        position__gte=top.position,
        applies_to__in=[AppliesTo.COLLECTIVE, AppliesTo.BOTH],
    )
    leaves = list((rows.filter(position__lt=end) if end else rows).order_by("position"))
    place: dict[Any, int] = {one.lineage or one.pk: number for number, one in enumerate(leaves)}
    made = Matrix(list(sheets), leaves, {sheet.pk: [Cell() for _ in leaves] for sheet in sheets})
    same = Q(criterion__in=leaves) | Q(criterion__lineage__in=[one.lineage for one in leaves if one.lineage])
    lines = Line.objects.filter(same, scorecard__in=[sheet.pk for sheet in sheets]).order_by()
    shown = lines.annotate(shown=_first(COLUMNS[column]))
    facts = ("pk", "scorecard_id", "criterion_id", "criterion__lineage", "criterion__max_score")
    for pk, sheet, criterion, lineage, most, excluded, score in shown.values_list(
        *facts, "is_excluded", "shown"
    ):
        made.cells[sheet][place[lineage or criterion]] = Cell(pk, score, most, excluded)
    return made


def _first(names: Sequence[str]) -> Any:
    return Coalesce(*names) if len(names) > 1 else F(names[0])


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
    own = ~Q(lines__criterion__method__in=BY_OFFICE)
    done = Q(lines__self_score__isnull=False) | Q(lines__is_excluded=True) | ~Q(lines__inputs={})
    rows = sheets.select_related("unit").annotate(
        line_count=Count("lines", filter=own), done_count=Count("lines", filter=own & done)
    )
    dues = deadlines_of(campaign_year)
    extended = {
        (unit, stage): until
        for unit, stage, until in Extension.objects.filter(campaign_year=campaign_year).values_list(
            "unit_id", "stage", "until"
        )
    }
    found = []
    for sheet in rows:
        sheet.campaign_year = campaign_year
        stage = stage_of(sheet)
        due, more = dues.get(stage), extended.get((sheet.unit_id, stage))
        due = max(due, more) if due and more else due
        left = (due - today).days if due else None
        found.append(Progress(sheet, sheet.done_count, sheet.line_count, due, left))
    return sorted(found, key=lambda one: (one.days_left is None, one.days_left or 0))


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
    sums: dict[Any, list[Any]] = {}
    shown = lines.annotate(shown=_first(LATEST_FIRST)).filter(shown__isnull=False)
    for pk, criterion, lineage, most, score in shown.values_list(
        "pk", "criterion_id", "criterion__lineage", "criterion__max_score", "shown"
    ):
        entry = sums.setdefault(lineage or criterion, [criterion, pk, Decimal(0), Decimal(0)])
        entry[2] += most
        entry[3] += score
    criteria = Criterion.objects.select_related("in_charge", "parent").in_bulk(
        [entry[0] for entry in sums.values()]
    )
    ordered = sorted(sums.values(), key=lambda entry: criteria[entry[0]].position)
    found = losses((entry, entry[2], entry[3]) for entry in ordered)
    return [
        LostRow(criteria[one.key[0]], one, one.key[1] if len(sheets) == 1 else None)  # type: ignore[index]
        for one in found
    ]
