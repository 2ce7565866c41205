"""What would come out if some rows stood otherwise, and what is missing to the next class. Nothing is written."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from campaigns.methods import ALL_OF, ANY_OF, STORED_PLACES, Node, bounds, evaluate, points
from scoring.calculations.standing import HUNDRED, ZERO, Gate, index, problems_with_score


@dataclass(frozen=True)
class RowNow:
    """A scored row as it stands: how it is scored, the points that count, whether it applies."""

    key: int
    code: str
    maximum: Decimal
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    score: Decimal | None = None
    is_excluded: bool = False


@dataclass(frozen=True)
class Assumed:
    """What is supposed of a row: points given directly, else inputs, else the points that stand."""

    inputs: Mapping[str, str] | None = None
    score: Decimal | None = None
    is_excluded: bool = False


@dataclass(frozen=True)
class Gain:
    """A row, or an AND or OR row as a whole, and the points that it could still give. ``is_enough``: it alone closes
    the gap; ``so_far`` adds up from the greatest."""

    key: int
    points: Decimal
    so_far: Decimal
    is_enough: bool


@dataclass(frozen=True)
class Prospect:
    """The way to a class: points missing (0: enough), conditions that do not hold, rows that could give the points."""

    missing: Decimal
    gates: tuple[Gate, ...]
    gains: tuple[Gain, ...]
    is_reachable: bool


def applied(row: RowNow, assumed: Assumed) -> tuple[RowNow, list[str]]:
    """The row as it is supposed, or why that cannot be, in Vietnamese."""
    if assumed.is_excluded:
        return _with(row, row.score, is_excluded=True), []
    if assumed.score is not None:
        problems = problems_with_score(assumed.score, *bounds(row.method, row.params, row.maximum))
        return _with(row, assumed.score), problems
    if assumed.inputs is None:
        return _with(row, row.score), []
    found = points(row.method, row.params, assumed.inputs)
    return _with(row, found.value), [found.question] if found.value is None else []


def _with(row: RowNow, score: Decimal | None, *, is_excluded: bool = False) -> RowNow:
    return RowNow(row.key, row.code, row.maximum, row.method, row.params, score, is_excluded)


def prospect(
    nodes: Sequence[Node],
    rows: Sequence[RowNow],
    bound: Decimal,
    gates: Sequence[Gate],
    shares: Mapping[str, Decimal],
    rounded: Callable[[Decimal], Decimal],
) -> Prospect:
    """What separates these rows from the class that begins at ``bound``; ``rounded`` publishes an index."""
    given = {row.key: row.score for row in rows}
    excluded = {row.key for row in rows if row.is_excluded}
    now = evaluate(nodes, given, excluded)
    needed = missing(now.score, now.maximum, bound, rounded)
    found, so_far = [], ZERO
    for key, more in gains(nodes, given, excluded):
        so_far += more
        found.append(Gain(key, more, so_far, more >= needed))
    failed = tuple(gate for gate in gates if not gate.holds(shares))
    return Prospect(needed, failed, tuple(found), so_far >= needed)


def missing(
    score: Decimal, maximum: Decimal, bound: Decimal, rounded: Callable[[Decimal], Decimal]
) -> Decimal:
    """The fewest points that lift the published index to ``bound``; what rounding gives is not asked for twice."""
    exact = index(score, maximum)
    if exact is None or rounded(exact) >= bound:
        return ZERO
    step = Decimal(1).scaleb(int(rounded(exact).as_tuple().exponent))
    for wanted in (bound - step / 2, bound - step / 2 + step / HUNDRED, bound):
        more = _up(wanted * maximum / HUNDRED - score)
        if rounded((score + more) / maximum * HUNDRED) >= bound:
            return more
    return _up(bound * maximum / HUNDRED - score)


def _up(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-STORED_PLACES), rounding=ROUND_CEILING)


def gains(
    nodes: Sequence[Node], given: Mapping[int, Decimal | None], excluded: Collection[int] = ()
) -> list[tuple[int, Decimal]]:
    """What every row could still add to the total, the greatest first; equal ones in the order of the table.

    The children of an AND or OR row give nothing by themselves: the row stands for them. In a block of bonus and
    penalty points the caps count.
    """
    now = evaluate(nodes, given, excluded)
    found: list[tuple[int, Decimal]] = []
    block: Node | None = None
    for node in nodes:
        if block and node.level <= block.level:
            block = None
        if not node.is_leaf:
            if block is None and node.rule:
                block = node
                if node.rule in (ALL_OF, ANY_OF):
                    found.append((node.key, now.maxima[node.key] - (now.scores[node.key] or ZERO)))
        elif node.key not in excluded:
            if block is None:
                found.append((node.key, node.maximum - (given.get(node.key) or ZERO)))
            elif block.rule not in (ALL_OF, ANY_OF):
                best = max(node.maximum, given.get(node.key) or ZERO)
                found.append(
                    (node.key, evaluate(nodes, {**given, node.key: best}, excluded).score - now.score)
                )
    return sorted((one for one in found if one[1] > 0), key=lambda one: -one[1])
