"""What the rooms below say about the rows of a scheme: the figures of every row that feeds one of its rows.

A published sheet gives what was published and counts for everybody in means and sums; any other is provisional and
counts for those who may see it. Who may not read a sheet is not told its figures one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q

from campaigns.methods import BONUS_BLOCK, Node, evaluate, node
from campaigns.models import AppliesTo, CampaignYear, CriteriaSet, Criterion
from core.prepared import Prepared, Slot
from scoring.calculations import ZERO
from scoring.models import Line, Result, Scorecard
from scoring.queries.analysis import table_in_use
from scoring.queries.ranking import LATEST_FIRST

COUNTED = (AppliesTo.COLLECTIVE, AppliesTo.BOTH)
FROZEN_FIRST = tuple(name.removesuffix("_score") for name in LATEST_FIRST)


@dataclass(frozen=True)
class Figure:
    """What one unit has in one feeding row. Without a score it was not scored; an excluded row does not apply."""

    sheet: Scorecard
    score: Decimal | None
    maximum: Decimal
    is_published: bool
    is_readable: bool
    is_excluded: bool = False

    @property
    def percent(self) -> Decimal | None:
        counts = self.score is not None and self.maximum > 0
        return self.score / self.maximum * 100 if counts and self.score is not None else None


@dataclass
class Source:
    """One row below with the figures of its units."""

    criterion: Criterion
    figures: list[Figure] = field(default_factory=list)

    @property
    def scored(self) -> list[Figure]:
        return [one for one in self.figures if one.score is not None]

    @property
    def readable(self) -> list[Figure]:
        return [one for one in self.figures if one.is_readable]

    @property
    def unnamed(self) -> int:
        """Units that count in means and sums, whose figures are not this reader's to see."""
        return sum(not one.is_readable for one in self.scored)

    @property
    def score(self) -> Decimal:
        return sum((one.score for one in self.scored if one.score is not None), ZERO)

    @property
    def maximum(self) -> Decimal:
        return sum((one.maximum for one in self.scored), ZERO)

    @property
    def mean(self) -> Decimal | None:
        return self.score / len(self.scored) if self.scored else None

    @property
    def percent(self) -> Decimal | None:
        """Of the points that those who are scored can reach."""
        return self.score / self.maximum * 100 if self.maximum > 0 else None

    @property
    def provisional(self) -> int:
        return sum(not one.is_published for one in self.scored)


@dataclass
class Fed:
    """A row of the scheme with the rows that feed it."""

    criterion: Criterion
    sources: list[Source] = field(default_factory=list)


def fed_rows(user: Any, campaign_year: CampaignYear) -> tuple[CriteriaSet | None, list[Fed]]:
    """The rows of the round's table in order; with the same few queries however many rows and units there are."""
    criteria_set = table_in_use(campaign_year)
    if criteria_set is None:
        return None, []
    rows = [Fed(one) for one in criteria_set.criteria.order_by("position")]
    feeding = _feeding(user, criteria_set)
    figures = _figures(user, feeding)
    place: dict[Any, Fed] = {one.criterion.lineage or one.criterion.pk: one for one in rows}
    for one in feeding:
        target = place.get(one.feeds.lineage or one.feeds_id) if one.feeds else None
        if target is not None:
            target.sources.append(Source(one, figures.get(one.pk, [])))
    return criteria_set, rows


def _feeding(user: Any, criteria_set: CriteriaSet) -> list[Criterion]:
    """Rows of other schemes, of the same year, that feed a row of this table in whatever version of it."""
    campaign_year = criteria_set.campaign_year
    sets = CriteriaSet.objects.visible_to(user).in_use().filter(campaign_year__year=campaign_year.year)
    rows = Criterion.objects.filter(
        criteria_set__in=sets,
        feeds__criteria_set__campaign_year__campaign=campaign_year.campaign_id,
    ).select_related("criteria_set__campaign_year__campaign", "feeds")
    return list(
        rows.order_by("criteria_set__campaign_year__campaign__short_name", "criteria_set_id", "position")
    )


def _fed() -> Any:
    rows = Criterion.objects.filter(
        feeds__criteria_set__campaign_year__campaign=Slot("campaign"),
        criteria_set__campaign_year__year=Slot("year"),
        criteria_set__state=CriteriaSet.State.IN_USE,
    )
    return rows.order_by().values_list("feeds__lineage", "feeds_id")


FED = Prepared(_fed)


def fed_by(campaign_year: CampaignYear) -> set[Any]:
    """Lineages (else numbers) of the rows of a round's table that some row below feeds."""
    asked = FED.ask(campaign=campaign_year.campaign_id, year=campaign_year.year)
    return {lineage or pk for lineage, pk in asked}


# --- the figures -------------------------------------------------------------------------------------
def _figures(user: Any, feeding: Sequence[Criterion]) -> dict[int, list[Figure]]:
    """By feeding row those of the units, in the order of the Sở's lists."""
    sets = {one.criteria_set_id for one in feeding}
    branches = _branches(feeding, sets)
    sheets = _sheets(user, {one.criteria_set.campaign_year_id for one in feeding})
    scores = _scores(list(sheets.values()), [leaf for leaves in branches.values() for leaf in leaves])
    found: dict[int, list[Figure]] = {}
    for one in feeding:
        own = [
            sheet for sheet in sheets.values() if sheet.campaign_year_id == one.criteria_set.campaign_year_id
        ]
        found[one.pk] = [_figure(sheet, one, branches[one.pk], scores) for sheet in own]
    return found


def _branches(feeding: Sequence[Criterion], sets: set[int]) -> dict[int, list[Criterion]]:
    """Each feeding row with everything below it, in order."""
    tables: dict[int, list[Criterion]] = {}
    for row in Criterion.objects.filter(criteria_set__in=sets).order_by("criteria_set", "position"):
        tables.setdefault(row.criteria_set_id, []).append(row)
    found = {}
    for one in feeding:
        table = tables[one.criteria_set_id]
        start = next(place for place, row in enumerate(table) if row.pk == one.pk)
        after = (place for place in range(start + 1, len(table)) if table[place].level <= one.level)
        found[one.pk] = table[start : next(after, len(table))]
    return found


def _sheets(user: Any, rounds: set[int]) -> dict[int, Scorecard]:
    """Published ones and those that this user may see; each knows which it is, and what was published of it."""
    published = Result.objects.filter(
        publication__campaign_year__in=rounds, publication__withdrawn_at__isnull=True
    )
    collective = Scorecard.objects.filter(campaign_year__in=rounds, person__isnull=True)
    readable = set(collective.visible_to(user).order_by().values_list("pk", flat=True))
    rows = collective.filter(Q(pk__in=readable) | Q(pk__in=published.values("scorecard")))
    sheets = {one.pk: one for one in rows.select_related("unit").order_by("unit__order", "unit_id")}
    reopened = published.filter(scorecard__in=sheets).exclude(scorecard__state=Scorecard.State.PUBLISHED)
    frozen = dict(reopened.values_list("scorecard_id", "frozen"))
    stands = set(published.filter(scorecard__in=sheets).values_list("scorecard_id", flat=True))
    for pk, sheet in sheets.items():
        sheet.frozen = frozen.get(pk)
        sheet.is_published, sheet.is_readable = pk in stands, pk in readable
    return sheets


Scores = dict[tuple[int, Any], tuple[Decimal | None, bool]]


def _scores(sheets: Sequence[Scorecard], rows: Iterable[Criterion]) -> Scores:
    """The score that counts, and whether the row does not apply, by sheet and by lineage (else number) of the row."""
    leaves = [one for one in rows if one.is_leaf]
    found: Scores = {}
    same = Q(criterion__in=[one.pk for one in leaves])
    same |= Q(criterion__lineage__in=[one.lineage for one in leaves if one.lineage])
    lines = Line.objects.filter(same, scorecard__in=[one.pk for one in sheets]).order_by()
    facts = ("scorecard_id", "criterion_id", "criterion__lineage", "is_excluded", *LATEST_FIRST)
    keys: dict[int, Any] = {}
    for sheet, criterion, lineage, excluded, *given in lines.values_list(*facts):
        keys[criterion] = lineage or criterion
        found[sheet, keys[criterion]] = (next((one for one in given if one is not None), None), excluded)
    for one in sheets:
        frozen: dict[str, Any] | None = one.frozen  # type: ignore[attr-defined]
        for line in frozen["lines"] if frozen else ():
            if line["criterion"] in keys:
                given = [Decimal(line[name]) for name in FROZEN_FIRST if line.get(name) not in (None, "")]
                found[one.pk, keys[line["criterion"]]] = (next(iter(given), None), line["excluded"])
    return found


def _figure(sheet: Scorecard, one: Criterion, branch: Sequence[Criterion], scores: Scores) -> Figure:
    rows = [row for row in branch if not row.is_leaf or row.applies_to in COUNTED]
    given = {
        row.pk: scores.get((sheet.pk, row.lineage or row.pk), (None, False)) for row in rows if row.is_leaf
    }
    excluded = {pk for pk, (_, is_excluded) in given.items() if is_excluded}
    sums = evaluate([_node(row) for row in rows], {pk: score for pk, (score, _) in given.items()}, excluded)
    most = sums.maxima.get(one.pk, ZERO)
    applies = len(excluded) < len(given) or one.method == BONUS_BLOCK
    known: tuple[bool, bool] = sheet.is_published, sheet.is_readable  # type: ignore[attr-defined]
    return Figure(sheet, sums.scores.get(one.pk), most, *known, is_excluded=bool(given) and not applies)


def _node(row: Criterion) -> Node:
    return node(row.pk, row.level, row.is_leaf, row.max_score, row.method, row.params)
