"""A sheet to try things out on: how its rows stand, and where it would stand if some of them stood otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from campaigns.methods import Node
from campaigns.models import Band, Criterion
from scoring.calculations import Prospect, RowNow, Sums, evaluate, prospect
from scoring.models import Line, Scorecard
from scoring.queries.ranking import (
    JUDGED,
    Figures,
    RankingRules,
    RowsAsked,
    Standing,
    bands_of,
    gate_codes,
    gates_of,
    latest,
    placed,
    ranking_rules,
    rows_asked,
    sheets_of,
)
from scoring.queries.sheets import LINES, headings_of
from scoring.queries.totals import nodes_of

Rows = Mapping[int, RowNow]
NEAR = 2  # places above and below that are shown beside the own one


@dataclass(frozen=True)
class Other:
    """Another sheet of the block that has been appraised."""

    name: str
    figures: Figures


@dataclass(frozen=True)
class Trial:
    """Everything that a trial needs, read once. ``others`` only for those who may see the provisional ranking."""

    sheet: Scorecard
    lines: list[Line]
    criteria: dict[int, Criterion]  # scored rows and headings
    nodes: list[Node]
    rows: dict[int, RowNow]
    bands: list[Band]
    rules: RankingRules
    others: dict[int, Other] | None
    asked: RowsAsked

    @property
    def rivals(self) -> int:
        return sum(one.figures.is_ranked for one in (self.others or {}).values())


def trial_of(sheet: Scorecard, *, with_ranks: bool) -> Trial:
    """With a number of queries that depends neither on rows nor on sheets."""
    lines = LINES.rows(sheet=sheet.pk)
    headings = headings_of(sheet)
    bands = bands_of(sheet.campaign_year, sheet.recipient)
    rules = ranking_rules(sheet.campaign_year)
    others = _others(sheet) if with_ranks else None
    return Trial(
        sheet=sheet,
        lines=lines,
        criteria={one.pk: one for one in (*headings, *(line.criterion for line in lines))},
        nodes=nodes_of(sheet.criteria_set_id, sheet.recipient),
        rows={line.criterion_id: _now(line) for line in lines},
        bands=bands,
        rules=rules,
        others=others,
        asked=rows_asked(list(others), bands, rules) if others else RowsAsked({}, _no_breakers(rules)),
    )


def _now(line: Line) -> RowNow:
    """The newest score of the line counts, as in losses and matrix."""
    criterion = line.criterion
    return RowNow(
        criterion.pk,
        criterion.code,
        criterion.max_score,
        criterion.method,
        criterion.params,
        latest(line),
        line.is_excluded,
    )


def _others(sheet: Scorecard) -> dict[int, Other]:
    rows = sheets_of(sheet.campaign_year, sheet.recipient).exclude(pk=sheet.pk)
    judged = rows.filter(state__in=JUDGED, result_total__isnull=False).order_by("pk")
    return {
        one.pk: Other(str(one), Figures(one.result_total, one.applicable_max, one.is_ranked))
        for one in judged.select_related("person").only(
            "unit_name", "result_total", "applicable_max", "is_ranked",
            "person__family_name", "person__given_name",
        )
    }  # fmt: skip


def _no_breakers(rules: RankingRules) -> dict[int, tuple[Decimal, ...]] | None:
    return {} if rules.tie_codes else None


# --- what comes out ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Near:
    """A place of the ranking round the own one."""

    rank: int
    name: str
    index: Decimal
    is_own: bool


@dataclass(frozen=True)
class Side:
    """What the rows come to. Rank only where the others are known, and only of a sheet that is ranked."""

    sums: Sums
    standing: Standing
    shares: Mapping[str, Decimal]
    near: list[Near]


def side_of(trial: Trial, rows: Rows) -> Side:
    """What these rows come to, in the ranking as it would be published now."""
    pk, others = trial.sheet.pk, trial.others or {}
    sums = evaluate(
        trial.nodes,
        {key: row.score for key, row in rows.items()},
        {key for key, row in rows.items() if row.is_excluded},
    )
    shares = _shares(trial, rows)
    asked = RowsAsked({**trial.asked.shares, pk: shares}, _breakers(trial, rows))
    own = Figures(sums.score, sums.maximum, trial.sheet.is_ranked and trial.others is not None)
    seen = {**{key: one.figures for key, one in others.items()}, pk: own}
    places = placed(seen, trial.bands, trial.rules, asked)
    return Side(sums, places[pk], shares, _near(trial, places))


def _shares(trial: Trial, rows: Rows) -> dict[str, Decimal]:
    """Of the rows that gates ask about: what is reached in percent of their points."""
    codes = gate_codes(trial.bands)
    return {
        row.code: row.score / row.maximum * 100
        for row in rows.values()
        if row.code in codes and row.score is not None and row.maximum > 0
    }


def _breakers(trial: Trial, rows: Rows) -> dict[int, tuple[Decimal, ...]] | None:
    if trial.asked.breakers is None:
        return None
    points = {row.code: row.score or Decimal(0) for row in rows.values()}
    own = tuple(points.get(code, Decimal(0)) for code in trial.rules.tie_codes)
    return {**trial.asked.breakers, trial.sheet.pk: own}


def _near(trial: Trial, places: Mapping[int, Standing]) -> list[Near]:
    if places[trial.sheet.pk].rank is None:
        return []
    ranked = [
        Near(
            place.rank,
            str(trial.sheet) if pk == trial.sheet.pk else (trial.others or {})[pk].name,
            place.index,
            pk == trial.sheet.pk,
        )
        for pk, place in places.items()
        if place.rank is not None
    ]
    here = next(number for number, one in enumerate(ranked) if one.is_own)
    return ranked[max(here - NEAR, 0) : here + NEAR + 1]


def next_class(trial: Trial, rows: Rows, side: Side) -> tuple[Band, Prospect] | None:
    """The nearest higher class and what is missing to it; None for who has the highest, or where nothing applies."""
    has = next((band for band in trial.bands if band.name == side.standing.band), None)
    higher = [band for band in trial.bands if has is None or band.lower_bound > has.lower_bound]
    if not higher or side.sums.maximum <= 0:
        return None
    wanted = min(higher, key=lambda band: band.lower_bound)
    found = prospect(
        trial.nodes,
        list(rows.values()),
        wanted.lower_bound,
        gates_of([wanted]),
        side.shares,
        trial.rules.published,
    )
    return wanted, found


def changed_rows(trial: Trial, rows: Rows) -> list[tuple[Criterion, RowNow, RowNow]]:
    """(criterion, before, after) of every row that stands otherwise, in the order of the table."""
    return [
        (trial.criteria[key], before, rows[key])
        for key, before in trial.rows.items()
        if (before.score, before.is_excluded) != (rows[key].score, rows[key].is_excluded)
    ]
