"""A sheet as it is printed: from its rows, or once it is published from what was frozen."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaigns.methods import Node, node
from campaigns.models import CriteriaSet, Criterion
from scoring.calculations import PUBLISHED_PLACES, index
from scoring.models import Line, Result, Scorecard
from scoring.queries.ranking import ranking_rules
from scoring.queries.sheets import lines_of
from scoring.queries.totals import nodes_of

State = Scorecard.State
FROZEN = ("self", "approved", "appraised", "second", "final", "office")
FROZEN_TEXTS = ("approved_reason", "appraised_reason", "second_reason", "final_reason", "explanation")


@dataclass(frozen=True)
class Figures:
    """What a sheet comes to; rank and class only when they are published."""

    score: Decimal | None
    applicable_max: Decimal | None
    index: Decimal | None
    rank: str = ""
    band: str = ""


@dataclass(frozen=True)
class Content:
    """The sheet as it is printed: its table in order, the lines by criterion, what they come to."""

    name: str
    unit: str
    post: str
    tree: Sequence[Criterion]
    nodes: Sequence[Node]
    lines: dict[int, Line]
    figures: Figures
    components: dict[str, Sequence[str]]
    places: int
    published: Result | None


def content_of(sheet: Scorecard) -> Content:
    published = sheet.state == State.PUBLISHED
    rows = Result.objects.filter(scorecard=sheet, publication__withdrawn_at__isnull=True)
    result = rows.select_related("publication").first() if published else None
    return _of_result(sheet, result) if result else _of_sheet(sheet)


def _of_sheet(sheet: Scorecard) -> Content:
    lines = {line.criterion_id: line for line in lines_of(sheet)}
    rules = ranking_rules(sheet.campaign_year)
    score, most = sheet.result_total, sheet.applicable_max
    exact = None if score is None else index(score, most)
    figures = Figures(
        None if score is None else rules.published(score),
        most,
        None if exact is None else rules.published(exact),
    )
    return Content(
        name=str(sheet),
        unit=sheet.unit_name,
        post=sheet.post_name,
        tree=_tree(sheet.criteria_set_id, lines),
        nodes=nodes_of(sheet.criteria_set_id, sheet.recipient),
        lines=lines,
        figures=figures,
        components=sheet.components,
        places=rules.places,
        published=None,
    )


def _of_result(sheet: Scorecard, result: Result) -> Content:
    """Everything from the publication; its criteria are frozen with their version."""
    frozen = result.frozen
    rows, set_id = frozen.get("lines", []), frozen.get("criteria_set")
    lines = {row.get("criterion") or -place: thawed(row, place) for place, row in enumerate(rows, start=1)}
    tree: list[Criterion] = _tree(set_id, lines) if set_id else [line.criterion for line in lines.values()]
    nodes = nodes_of(set_id, sheet.recipient) if set_id else [_leaf(one) for one in tree]
    for line in lines_of(sheet):
        if line.criterion_id in lines:
            lines[line.criterion_id].links = line.links
    places = CriteriaSet.objects.filter(pk=set_id).values_list("places", flat=True).first()
    return Content(
        name=frozen.get("name") or str(sheet),
        unit=frozen.get("unit") or sheet.unit_name,
        post=frozen.get("post", ""),
        tree=tree,
        nodes=nodes,
        lines=lines,
        figures=figures_of(result),
        components=result.components,
        places=places or PUBLISHED_PLACES,
        published=result,
    )


def _tree(criteria_set_id: int, lines: dict[int, Line]) -> list[Criterion]:
    """The criteria of the sheet in order, with the headings above them."""
    return with_headings(Criterion.objects.filter(criteria_set=criteria_set_id).order_by("-position"), lines)


def with_headings(backwards: Iterable[Criterion], kept_leaves: Collection[int]) -> list[Criterion]:
    """Of a table, read from its end, the leaves that are kept and the headings above them, in order."""
    kept: list[Criterion] = []
    depth = 0
    for criterion in backwards:
        if criterion.is_leaf:
            wanted = criterion.pk in kept_leaves
            depth = criterion.level if wanted else depth
        else:
            wanted = depth > criterion.level
            depth = criterion.level if wanted else depth
        if wanted:
            kept.append(criterion)
    return kept[::-1]


def _leaf(criterion: Criterion) -> Node:
    return node(criterion.pk, 1, True, criterion.max_score)


def thawed(row: dict[str, Any], place: int) -> Line:
    """A line as it was on the day of publication, never saved."""
    criterion = Criterion(
        pk=row.get("criterion") or -place,
        code=row["code"],
        name=row["name"],
        max_score=Decimal(row["max"] or 0),
        method=row.get("method", ""),
        params=row.get("params") or {},
    )
    scores = {f"{name}_score": Decimal(row[name]) for name in FROZEN if row.get(name) is not None}
    line = Line(
        criterion=criterion,
        inputs=row.get("inputs") or {},
        note=row.get("note", ""),
        is_excluded=row.get("excluded", False),
        excluded_reason=row.get("excluded_reason", ""),
        flag_reason=row.get("flag_reason", ""),
        **{name: row.get(name, "") for name in FROZEN_TEXTS},
        **scores,
    )
    line.links = []
    return line


def figures_of(result: Result) -> Figures:
    rank = "" if result.rank is None else f"{result.rank}{' (đồng hạng)' if result.is_tied else ''}"
    return Figures(result.score, result.applicable_max, result.index, rank or "Không xếp hạng", result.band)
