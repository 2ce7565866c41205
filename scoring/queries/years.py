"""The rounds of a campaign side by side, for one unit or person: what was published, and row by row where known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q

from campaigns.models import CampaignYear, Criterion
from scoring.calculations import evaluate, index, shares
from scoring.models import PastResult, Result, Scorecard
from scoring.queries.content import Figures, figures_of
from scoring.queries.ranking import LATEST_FIRST, latest, ranking_rules
from scoring.queries.sheets import LINES
from scoring.queries.totals import nodes_of

ROUNDS_SHOWN, ROWS_SHOWN = 6, 3  # the newest rounds; those whose rows are shown
LATEST = [name.removesuffix("_score") for name in LATEST_FIRST]


def rounds_alike(here: CampaignYear) -> list[CampaignYear]:
    """The rounds of the campaign that score the same part of a year, the oldest first."""
    rounds = CampaignYear.objects.filter(campaign=here.campaign_id).select_related("campaign")
    alike = [one for one in rounds if one.period[0] == here.period[0]]
    return sorted(alike, key=lambda one: one.first_day)


@dataclass(frozen=True)
class Told:
    """What one round says of the unit or person; ``result`` where the portal itself published it."""

    campaign_year: CampaignYear
    figures: Figures
    result: Result | None = None


def told_in(sheet: Scorecard, rounds: Collection[CampaignYear]) -> list[Told]:
    """What was published in these rounds, here or before the portal, in their order; with two queries."""
    same = Q(scorecard__person=sheet.person_id) if sheet.person_id else Q(scorecard__person__isnull=True)
    if not sheet.person_id:
        same &= Q(scorecard__unit=sheet.unit_id)
    in_force = Result.objects.filter(
        same, publication__withdrawn_at__isnull=True, publication__campaign_year__in=rounds
    )
    rows = in_force.select_related("publication", "scorecard").defer("frozen")
    found = {one.publication.campaign_year_id: one for one in rows}
    past: dict[int, PastResult] = {}
    if not sheet.person_id:
        tables = PastResult.objects.filter(campaign_year__in=rounds, unit=sheet.unit_id)
        past = {one.campaign_year_id: one for one in tables}
    told = []
    for one in rounds:
        if one.pk in found:
            told.append(Told(one, figures_of(found[one.pk]), found[one.pk]))
        elif one.pk in past:
            told.append(Told(one, _past_figures(past[one.pk])))
    return told


def _past_figures(row: PastResult) -> Figures:
    rank = "" if row.rank is None else f"{row.rank}{' (đồng hạng)' if row.is_tied else ''}"
    return Figures(row.score, row.applicable_max, row.index, rank, row.band)


def previous(sheet: Scorecard) -> tuple[CampaignYear, Figures] | None:
    """The nearest earlier round that tells something."""
    here = sheet.campaign_year
    told = told_in(sheet, [one for one in rounds_alike(here) if one.first_day < here.first_day])
    return (told[-1].campaign_year, told[-1].figures) if told else None


# --- one unit or person through the years -------------------------------------------------------------
@dataclass(frozen=True)
class RowThen:
    """One row in one round."""

    criterion: Criterion
    score: Decimal | None
    maximum: Decimal
    is_excluded: bool = False


@dataclass(frozen=True)
class YearOf:
    """One round: what it comes to, the component index by field, the rows by criterion for who may read them."""

    campaign_year: CampaignYear
    figures: Figures
    is_provisional: bool = False
    result: Result | None = None
    fields: Mapping[str, tuple[Criterion, Decimal]] = field(default_factory=dict)
    rows: Mapping[str, RowThen] = field(default_factory=dict)


def years_of(sheet: Scorecard, user: Any) -> list[YearOf]:
    """The newest rounds, the oldest first; the sheet's own as it stands while it is not published."""
    told = told_in(sheet, rounds_alike(sheet.campaign_year))
    known = {one.campaign_year.pk for one in told}
    own = sheet.campaign_year_id not in known or sheet.state != Scorecard.State.PUBLISHED
    told = [one for one in told if not own or one.campaign_year.pk != sheet.campaign_year_id]
    results = [one.result for one in told[-ROUNDS_SHOWN:] if one.result]
    frozen = _frozen(results[-ROWS_SHOWN:], user)
    sets = {one.scorecard.criteria_set_id for one in results} | {
        lines.get("criteria_set") for lines in frozen.values()
    }
    criteria = Criterion.objects.filter(criteria_set__in={*sets, sheet.criteria_set_id} - {None}).in_bulk()
    years = [_of_told(one, frozen, criteria) for one in told[-ROUNDS_SHOWN:]]
    if own:
        years += _of_sheet(sheet, criteria)
    return sorted(years, key=lambda one: one.campaign_year.first_day)[-ROUNDS_SHOWN:]


def _frozen(results: Iterable[Result], user: Any) -> dict[int, dict[str, Any]]:
    """The lines behind results, for who may read the sheets."""
    seen = Result.objects.filter(
        pk__in=[one.pk for one in results], scorecard__in=Scorecard.objects.visible_to(user)
    )
    return dict(seen.values_list("pk", "frozen"))


def _of_told(one: Told, frozen: Mapping[int, dict[str, Any]], criteria: Mapping[int, Criterion]) -> YearOf:
    result = one.result
    if result is None:
        return YearOf(one.campaign_year, one.figures)
    lines = frozen.get(result.pk, {}).get("lines", [])
    rows = [_thawed(line, criteria) for line in lines]
    return YearOf(
        one.campaign_year,
        one.figures,
        result=result,
        fields=_fields(result.components, criteria),
        rows={key_of(row.criterion): row for row in rows},
    )


def _thawed(line: Mapping[str, Any], criteria: Mapping[int, Criterion]) -> RowThen:
    given = (line.get(name) for name in LATEST)
    score = next((Decimal(value) for value in given if value is not None), None)
    kept = criteria.get(line.get("criterion") or 0) or Criterion(code=line["code"], name=line["name"])
    return RowThen(kept, score, Decimal(line["max"] or 0), line.get("excluded", False))


def _fields(
    components: Mapping[str, Sequence[str | None]], criteria: Mapping[int, Criterion]
) -> dict[str, tuple[Criterion, Decimal]]:
    """The component index of every top row that is a heading and has a maximum."""
    found = {}
    for pk, (score, most) in components.items():
        criterion = criteria.get(int(pk))
        if criterion and not criterion.is_leaf and score is not None and Decimal(most or 0) > 0:
            found[key_of(criterion)] = (criterion, Decimal(score) / Decimal(most or 0) * 100)
    return found


def _of_sheet(sheet: Scorecard, criteria: Mapping[int, Criterion]) -> list[YearOf]:
    """As it stands now: the newest score of every line; rank and class come with the publication. Nothing where
    nobody has scored yet."""
    rows = [
        RowThen(line.criterion, latest(line), line.criterion.max_score, line.is_excluded)
        for line in LINES.rows(sheet=sheet.pk)
    ]
    given = {row.criterion.pk: row.score for row in rows}
    nodes = nodes_of(sheet.criteria_set_id, sheet.recipient)
    found = evaluate(nodes, given, {row.criterion.pk for row in rows if row.is_excluded})
    if not found.is_begun:
        return []
    rules = ranking_rules(sheet.campaign_year)
    exact = index(found.score, found.maximum)
    figures = Figures(
        rules.published(found.score), found.maximum, None if exact is None else rules.published(exact)
    )
    fields = {
        key_of(criteria[key]): (criteria[key], share)
        for key, share in shares(nodes, found).items()
        if not criteria[key].is_leaf
    }
    by_key = {key_of(row.criterion): row for row in rows}
    return [YearOf(sheet.campaign_year, figures, is_provisional=True, fields=fields, rows=by_key)]


def key_of(criterion: Criterion) -> str:
    """The same criterion through the years; where nothing ties them together, its code."""
    return str(criterion.lineage or criterion.code)


# --- side by side ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Compared:
    """One row through the years. ``change`` from the last but one to the last, in points, or in percent of the maximum
    where the maximum changed."""

    criterion: Criterion
    cells: Sequence[RowThen | None]
    change: Decimal | None
    is_share: bool = False


def compared_rows(years: Sequence[YearOf]) -> tuple[list[YearOf], list[Compared]]:
    """The newest years whose rows are known, and their rows: those of the newest table, then those that are gone."""
    known = [one for one in years if one.rows][-ROWS_SHOWN:]
    newest: dict[str, Criterion] = {}
    for one in reversed(known):
        for key, row in sorted(one.rows.items(), key=lambda pair: pair[1].criterion.position):
            newest.setdefault(key, row.criterion)
    return known, [_compared(newest[key], [one.rows.get(key) for one in known]) for key in newest]


def _compared(criterion: Criterion, cells: Sequence[RowThen | None]) -> Compared:
    if len(cells) < 2:
        return Compared(criterion, cells, None)
    old, new = cells[-2:]
    if not (old and new) or old.is_excluded or new.is_excluded or old.score is None or new.score is None:
        return Compared(criterion, cells, None)
    if old.maximum == new.maximum or not (old.maximum and new.maximum):
        return Compared(criterion, cells, new.score - old.score)
    change = new.score / new.maximum * 100 - old.score / old.maximum * 100
    return Compared(criterion, cells, change, is_share=True)


def compared_fields(
    years: Sequence[YearOf],
) -> list[tuple[Criterion, list[Decimal | None], Decimal | None]]:
    """The component index of every field: of the newest table, then of older ones."""
    order: dict[str, Criterion] = {}
    for one in reversed(years):
        for key, (criterion, _) in sorted(one.fields.items(), key=lambda pair: pair[1][0].position):
            order.setdefault(key, criterion)
    found = []
    for key, criterion in order.items():
        values = [one.fields[key][1] if key in one.fields else None for one in years]
        found.append((criterion, values, change_of(values)))
    return found


def change_of(values: Sequence[Decimal | None]) -> Decimal | None:
    """From the last but one to the last."""
    if len(values) < 2 or values[-1] is None or values[-2] is None:
        return None
    return values[-1] - values[-2]
