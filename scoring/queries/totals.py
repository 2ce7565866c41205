"""What the lines of sheets add up to, by the tree of their criteria."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, F, When

from campaigns.methods import Node, node
from campaigns.models import AppliesTo, Criterion
from core.prepared import Prepared, Slot
from scoring.calculations import COLUMNS, Scored, totals
from scoring.models import Line, Scorecard

SUMMED = (
    *(f"{column}_total" for column in COLUMNS),
    "result_total",
    "applicable_max",
    "components",
)
SCORED = ("criterion_id", "office_score", "is_excluded", *(f"{column}_score" for column in COLUMNS))

# How an inner node joins its children; what stands at a leaf is not asked here, and reading JSON takes its time.
JOINS = Case(When(is_leaf=False, then=F("params")))
NODES = Prepared(
    lambda: (
        Criterion.objects.filter(criteria_set=Slot("criteria_set"))
        .order_by("position")
        .values_list("pk", "level", "is_leaf", "max_score", "method", JOINS, "applies_to")
    )
)
LINES = Prepared(lambda: Line.objects.filter(scorecard=Slot("sheet")).order_by().values_list(*SCORED))


def nodes_of(criteria_set_id: int, recipient: str) -> list[Node]:
    """The table of one recipient, parents before children."""
    return [
        node(pk, level, is_leaf, most, method, params)
        for pk, level, is_leaf, most, method, params, applies_to in NODES.ask(criteria_set=criteria_set_id)
        if not is_leaf or applies_to in (recipient, AppliesTo.BOTH)
    ]


def scored(rows: Iterable[Sequence[Any]]) -> list[Scored]:
    """Lines read as ``SCORED``."""
    return [Scored(key, tuple(given), office, excluded) for key, office, excluded, *given in rows]


def sum_up(sheet: Scorecard, nodes: Sequence[Node], lines: Sequence[Scored]) -> None:
    """Set what follows from the lines on the sheet, without saving it."""
    found = totals(nodes, lines)
    for column in COLUMNS:
        setattr(sheet, f"{column}_total", found.columns[column])
    sheet.result_total, sheet.applicable_max = found.result, found.applicable_max
    sheet.components = {
        str(key): [None if score is None else str(score), str(most)]
        for key, (score, most) in found.components.items()
    }


def sum_up_lines(sheet: Scorecard) -> None:
    """The same from the lines as they are stored now."""
    sum_up(sheet, nodes_of(sheet.criteria_set_id, sheet.recipient), scored(LINES.ask(sheet=sheet.pk)))
