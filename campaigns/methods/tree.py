"""Sums over a tree of criteria: blocks outside the maximum, AND and OR parents, rows that do not apply."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from campaigns.methods.groups import ALL_OF, ANY_OF, BONUS_BLOCK
from campaigns.methods.values import ZERO


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
    found.score = _given(part.score for part in tops)
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
    score = _given(child.score for child in own) if any(child.score is not None for child in own) else None
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


def joined(children: Sequence[bool], *, every: bool, maximum: Decimal) -> Decimal:
    """A parent that is met when every child is (AND) or any of them (OR): all its points or none."""
    return maximum if (all(children) if every else any(children)) else ZERO


def _given(scores: Iterable[Decimal | None]) -> Decimal:
    return sum((score for score in scores if score is not None), ZERO)
