"""Sums over a tree of criteria: blocks outside the maximum, AND and OR parents, rows that do not apply."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from campaigns.methods import ALL_OF, ANY_OF, BONUS_BLOCK
from scoring.calculations.standing import ZERO, joined, total


@dataclass(frozen=True, slots=True)
class Node:
    """One row of the table, parents before children. ``rule`` says how an inner node joins its children."""

    key: int
    level: int
    is_leaf: bool
    maximum: Decimal = ZERO
    rule: str = ""
    bonus_cap: Decimal | None = None
    penalty_cap: Decimal | None = None


@dataclass
class Sums:
    """What a table comes to: the score (None while nothing is given) and the applicable maximum of every node."""

    scores: dict[int, Decimal | None] = field(default_factory=dict)
    maxima: dict[int, Decimal] = field(default_factory=dict)
    score: Decimal = ZERO
    maximum: Decimal = ZERO
    is_begun: bool = False


@dataclass(slots=True)
class _Part:
    """What one node hands up to its parent."""

    score: Decimal | None
    maximum: Decimal
    is_met: bool | None  # for AND and OR; None: not known yet
    plus: Decimal = ZERO
    minus: Decimal = ZERO
    applies: bool = True


def evaluate(
    nodes: Sequence[Node], given: Mapping[int, Decimal | None], excluded: Collection[int] = ()
) -> Sums:
    """The sums of a table whose leaves have the points ``given``; ``excluded`` leaves do not apply to this unit.

    A leaf that does not apply takes its points out of the maximum. A block of bonus and penalty points adds to the
    score and nothing to the maximum, each kind up to its cap. Nothing is rounded.
    """
    found = Sums()
    place = 0
    tops: list[_Part] = []
    while place < len(nodes):
        part, place = _part(nodes, place, given, excluded, found)
        tops.append(part)
    found.score = total(part.score for part in tops)
    found.maximum = sum((part.maximum for part in tops), ZERO)
    found.is_begun = any(part.score is not None for part in tops)
    return found


def _part(
    nodes: Sequence[Node],
    place: int,
    given: Mapping[int, Decimal | None],
    excluded: Collection[int],
    found: Sums,
) -> tuple[_Part, int]:
    node = nodes[place]
    place += 1
    if node.is_leaf:
        part = _leaf(node, given.get(node.key), node.key in excluded)
    else:
        children = []
        while place < len(nodes) and nodes[place].level > node.level:
            child, place = _part(nodes, place, given, excluded, found)
            children.append(child)
        part = _joined(node, children)
    found.scores[node.key], found.maxima[node.key] = part.score, part.maximum
    return part, place


def _leaf(node: Node, score: Decimal | None, is_excluded: bool) -> _Part:
    if is_excluded:
        return _Part(None, ZERO, None, applies=False)
    if score is None:
        return _Part(None, node.maximum, None)
    plus, minus = (score, ZERO) if score > 0 else (ZERO, -score)
    return _Part(score, node.maximum, score >= node.maximum, plus, minus)


def _joined(node: Node, children: list[_Part]) -> _Part:
    own = [child for child in children if child.applies]
    if not own:
        return _Part(None, ZERO, None, applies=False)
    score = total(child.score for child in own) if any(child.score is not None for child in own) else None
    maximum = sum((child.maximum for child in own), ZERO)
    plus, minus = sum((child.plus for child in own), ZERO), sum((child.minus for child in own), ZERO)
    if node.rule in (ALL_OF, ANY_OF):
        return _decided(node, [child.is_met for child in own])
    if node.rule == BONUS_BLOCK:
        if score is None:
            return _Part(None, ZERO, True)
        plus = plus if node.bonus_cap is None else min(plus, node.bonus_cap)
        minus = minus if node.penalty_cap is None else min(minus, node.penalty_cap)
        return _Part(plus - minus, ZERO, True, plus, minus)
    is_met = None if score is None or any(child.score is None for child in own) else score >= maximum
    return _Part(score, maximum, is_met, plus, minus)


def _decided(node: Node, met: list[bool | None]) -> _Part:
    """AND fails with the first child that fails, OR holds with the first that holds; otherwise all must be known."""
    every = node.rule == ALL_OF
    known = [one for one in met if one is not None]
    if len(known) < len(met) and all(one is every for one in known):
        return _Part(None, node.maximum, None)
    points = joined(known, every=every, maximum=node.maximum)
    return _Part(points, node.maximum, points == node.maximum, points, ZERO)


# The columns of a sheet in the order of the process; where a later side gave no score, that of the side before stands.
COLUMNS = ("self", "approved", "appraised", "second", "final")


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one line as they were given, in the order of ``COLUMNS``. ``office`` is what the Office enters or
    computes for a row that no unit scores itself; it stands from the appraisal on."""

    key: int
    given: tuple[Decimal | None, ...]
    office: Decimal | None = None
    is_excluded: bool = False

    def standing(self) -> tuple[Decimal | None, ...]:
        """What counts in each column."""
        last, kept = None, []
        for name, score in zip(COLUMNS, self.given, strict=True):
            if name == "appraised" and self.office is not None:
                last = self.office
            last = last if score is None else score
            kept.append(last)
        return tuple(kept)


@dataclass
class Totals:
    """What a sheet comes to in each column (None while nobody has scored in it), and what counts as its result."""

    columns: dict[str, Decimal | None]
    result: Decimal | None
    applicable_max: Decimal
    components: dict[int, tuple[Decimal, Decimal]]


def totals(nodes: Sequence[Node], lines: Sequence[Scored]) -> Totals:
    """The totals of one sheet. The result is that of the last column from the appraisal on in which somebody scored;
    the components are score and applicable maximum of the top nodes, in the furthest column there is."""
    standing = {line.key: line.standing() for line in lines}
    excluded = {line.key for line in lines if line.is_excluded}
    columns: dict[str, Decimal | None] = {}
    result: Decimal | None = None
    furthest = Sums()
    for place, name in enumerate(COLUMNS):
        columns[name] = None
        if name == "self" or any(line.given[place] is not None for line in lines):
            furthest = evaluate(nodes, {key: scores[place] for key, scores in standing.items()}, excluded)
            columns[name] = furthest.score
            if name not in ("self", "approved"):
                result = furthest.score
    components = {
        node.key: (furthest.scores[node.key] or ZERO, furthest.maxima[node.key])
        for node in nodes
        if node.level == 1
    }
    return Totals(columns, result, furthest.maximum, components)


def sums(levels: Sequence[tuple[int, Decimal | None]]) -> list[Decimal | None]:
    """Plain sums of the inner nodes of a tree given in order as (level, score); leaves keep their score."""
    nodes = [
        Node(place, level, place + 1 == len(levels) or levels[place + 1][0] <= level)
        for place, (level, _) in enumerate(levels)
    ]
    scores = evaluate(nodes, {place: score for place, (_, score) in enumerate(levels)}).scores
    return [scores[place] for place in range(len(levels))]


def shares(nodes: Iterable[Node], found: Sums) -> dict[int, Decimal]:
    """The component index of every top node that has a maximum: its score in percent of it, not rounded."""
    return {
        node.key: (found.scores[node.key] or ZERO) / found.maxima[node.key] * 100
        for node in nodes
        if node.level == 1 and found.maxima[node.key] > 0
    }
