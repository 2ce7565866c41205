"""What a sheet comes to in each of its columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.methods import Node, Sums, evaluate
from scoring.calculations.standing import ZERO

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
    components: dict[int, tuple[Decimal | None, Decimal]]


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
        node.key: (furthest.scores[node.key], furthest.maxima[node.key]) for node in nodes if node.level == 1
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
