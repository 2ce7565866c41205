"""Indexes, ranks and classes, and points that depend on other units. The points of one line: ``campaigns.methods``."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from campaigns.methods import STORED_PLACES, number, round_half_up

ZERO, HUNDRED = Decimal(0), Decimal(100)
PUBLISHED_PLACES = 2


class Band(Protocol):
    """A class of the result, from its lower bound (included) upwards."""

    @property
    def lower_bound(self) -> Decimal: ...


class NamedBand(Band, Protocol):
    """A class that gates can name."""

    @property
    def name(self) -> str: ...


K = TypeVar("K", bound=Hashable)
B = TypeVar("B", bound=Band)
N = TypeVar("N", bound=NamedBand)


class Place(NamedTuple, Generic[K]):
    """Where one competitor stands."""

    key: K
    value: Decimal
    rank: int
    is_tied: bool


def total(scores: Iterable[Decimal | None]) -> Decimal:
    """The sum of the scores that have been given."""
    return sum((score for score in scores if score is not None), ZERO)


def index(score: Decimal, applicable_max: Decimal) -> Decimal | None:
    """The share of the applicable maximum in percent, not rounded; None when nothing was applicable."""
    return score / applicable_max * HUNDRED if applicable_max > 0 else None


def with_bonus(
    base: Decimal,
    bonus: Decimal,
    penalty: Decimal,
    bonus_cap: Decimal | None = None,
    penalty_cap: Decimal | None = None,
) -> Decimal:
    """The score with the block of bonus and penalty points, which stands outside the maximum; no cap: no limit."""
    added = bonus if bonus_cap is None else min(bonus, bonus_cap)
    taken = penalty if penalty_cap is None else min(penalty, penalty_cap)
    return base + added - taken


def survey_points(result: Decimal, scale_max: Decimal, maximum: Decimal) -> Decimal:
    """Points of a survey row: the result on its own scale, carried over to the row's maximum."""
    return result / scale_max * maximum


def relative_without_target(maximum: Decimal, achieved: Decimal, best: Decimal) -> Decimal:
    """Units that were given no target are measured against the best of their own group."""
    return achieved / best * maximum if best > 0 else ZERO


def quota(count: int, percent: Decimal) -> int:
    """How many of ``count`` the ceiling allows; a part of one does not count."""
    return int(count * percent / HUNDRED)


def rank(
    rows: Iterable[tuple[K, Decimal]],
    *,
    dense: bool = False,
    breakers: Mapping[K, tuple[Decimal, ...]] | None = None,
) -> list[Place[K]]:
    """Best first; equal values share a rank and the next rank is left out: 1-2-2-4, or with ``dense`` 1-2-2-3.

    ``breakers`` are the points that decide between equal values, the first one first; who is still equal shares the
    rank. Given order breaks no tie. ``is_tied`` says that the rank is shared.
    """
    equals: dict[Any, list[tuple[K, Decimal]]] = defaultdict(list)
    if breakers:
        for row in rows:
            equals[(row[1], *breakers.get(row[0], ()))].append(row)
    else:
        for row in rows:
            equals[row[1]].append(row)
    found: list[Place[K]] = []
    for nth, key in enumerate(sorted(equals, reverse=True), start=1):
        place, shared = nth if dense else len(found) + 1, len(equals[key]) > 1
        # ``_make`` is the quicker way to a named tuple, and there may be a million.
        found += [Place._make((competitor, value, place, shared)) for competitor, value in equals[key]]
    return found


def band_of(value: Decimal, bands: Iterable[B]) -> B | None:
    """The highest band whose lower bound is reached; None below all of them."""
    reached = [band for band in bands if value >= band.lower_bound]
    return max(reached, key=lambda band: band.lower_bound, default=None)


@dataclass(frozen=True)
class Gate:
    """What a class asks for beside the points: a fact from its bound (included, or above it with ">") upwards."""

    band: str
    fact: str
    op: str
    bound: Decimal

    def holds(self, facts: Mapping[str, Decimal]) -> bool:
        given = facts.get(self.fact)
        return given is not None and (given > self.bound or (self.op == ">=" and given == self.bound))


@dataclass(frozen=True)
class Class:
    """A class of people's scores, from its lower bound (included) upwards."""

    name: str
    lower_bound: Decimal


@dataclass(frozen=True)
class Ratings:
    """The classes of one paper, their gates, and the share that the highest may have (percent)."""

    bands: tuple[Class, ...]
    gates: tuple[Gate, ...]
    ceiling_percent: Decimal


def gated_band(
    value: Decimal, facts: Mapping[str, Decimal], bands: Iterable[N], gates: Sequence[Gate]
) -> N | None:
    """The highest class that the points reach and all of whose gates hold; a fact not known holds no gate."""
    open_bands = [
        band for band in bands if all(gate.holds(facts) for gate in gates if gate.band == band.name)
    ]
    return band_of(value, open_bands)


def task_points(shares: Sequence[Decimal], maximum: Decimal) -> Decimal:
    """The part of a person's score that the tasks give: the mean of its percentages on the part's maximum.

    Nghị định 335/2025/NĐ-CP as the press reports it: a, b, c (six shares for a leader) on 70 points. Not rounded.
    """
    return sum(shares, ZERO) / len(shares) / HUNDRED * maximum


def problems_with_score(
    value: Decimal, maximum: Decimal, minimum: Decimal = ZERO, step: Decimal | None = None
) -> list[str]:
    """Why this number cannot be the score of a criterion, in Vietnamese."""
    if not value.is_finite():
        return [f"Nhập một số từ {number(minimum)} đến {number(maximum)}."]
    if value > maximum or value < minimum:
        return [f"Điểm phải từ {number(minimum)} đến {number(maximum)}; {number(value)} không hợp lệ."]
    if value != round_half_up(value, STORED_PLACES):
        return [f"Điểm có nhiều nhất {STORED_PLACES} chữ số thập phân."]
    if step and (value - minimum) % step:
        return [f"Điểm phải theo bước {number(step)}, tính từ {number(minimum)}."]
    return []
