"""A published table computed again: index, rank and class of every row, and where the table does not agree with itself.

What was published is never put right: rows that differ are named, with both values.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from campaigns.methods import number
from scoring.calculations.standing import Class, band_of, index, rank

FEWEST_PLACES, MOST_PLACES = 2, 4


@dataclass(frozen=True)
class PublishedRow:
    """One row as it was published; what the table does not say is None or empty."""

    unit: str
    applicable_max: Decimal | None = None
    score: Decimal | None = None
    index: Decimal | None = None
    rank: int | None = None
    band: str = ""


@dataclass
class ComputedRow:
    """The same row computed again. ``differences`` are sentences, empty where everything agrees."""

    row: PublishedRow
    index: Decimal | None = None
    rank: int | None = None
    is_tied: bool = False
    band: str = ""
    differences: list[str] = field(default_factory=list)


def places_in(rows: Sequence[PublishedRow]) -> int:
    """How many decimals the published indexes have, at least two."""
    seen = [-int(row.index.as_tuple().exponent) for row in rows if row.index is not None]
    return min(max([FEWEST_PLACES, *seen]), MOST_PLACES)


def compute_again(
    rows: Sequence[PublishedRow],
    classes: Sequence[Class],
    rounded: Callable[[Decimal, int], Decimal],
    *,
    places: int,
    dense: bool = False,
    usual_max: Decimal | None = None,
) -> list[ComputedRow]:
    """In the order given. ``usual_max`` is the applicable maximum where the table names none; without scores the
    published index stands as the index."""
    found = [_indexed(row, rounded, places, usual_max) for row in rows]
    known = [(place, one.index) for place, one in enumerate(found) if one.index is not None]
    for placed in rank(known, dense=dense):
        found[placed.key].rank, found[placed.key].is_tied = placed.rank, placed.is_tied
    _compare_ranks(found)
    _compare_bands(found, classes)
    return found


def _indexed(
    row: PublishedRow, rounded: Callable[[Decimal, int], Decimal], places: int, usual_max: Decimal | None
) -> ComputedRow:
    most = row.applicable_max if row.applicable_max is not None else usual_max
    exact = index(row.score, most) if row.score is not None and most is not None else None
    made = ComputedRow(row, row.index if exact is None else rounded(exact, places))
    if exact is not None and row.index is not None:
        own = rounded(exact, -int(row.index.as_tuple().exponent))
        if own != row.index:
            made.differences.append(f"Chỉ số: công bố {_shown(row.index)}, tính lại {_shown(own)}.")
    if made.index is None:
        why = (
            "có điểm mà không có điểm tối đa áp dụng" if row.score is not None else "không có điểm và chỉ số"
        )
        made.differences.append(f"Không xếp hạng được: {why}.")
    return made


def _compare_ranks(found: list[ComputedRow]) -> None:
    """Rows that stand out of order are told apart from those that only move up or down because of them."""
    ranked = [one for one in found if one.row.rank is not None and one.index is not None]
    in_order = sorted(ranked, key=lambda one: one.row.rank or 0)
    kept = _in_order([-(one.index or Decimal(0)) for one in in_order])
    strays = {id(one) for place, one in enumerate(in_order) if place not in kept}
    for one in ranked:
        if id(one) in strays:
            one.differences.append(
                f"Xếp hạng: công bố {one.row.rank}, tính lại {one.rank}: đứng sai thứ tự theo chỉ số "
                f"{_shown(one.index)}."
            )
        elif one.rank != one.row.rank:
            shared = " (đồng hạng)" if one.is_tied else " (đúng thứ tự, lệch vì dòng khác)"
            one.differences.append(f"Xếp hạng: công bố {one.row.rank}, tính lại {one.rank}{shared}.")


def _compare_bands(found: list[ComputedRow], classes: Sequence[Class]) -> None:
    scored = [one for one in found if one.index is not None]
    if classes:
        for one in scored:
            band = band_of(one.index or Decimal(0), classes)
            one.band = band.name if band else ""
            if one.row.band and one.row.band.casefold() != one.band.casefold():
                one.differences.append(
                    f"Xếp loại: công bố {one.row.band}, tính lại {one.band or 'không có'}."
                )
        return
    for one in scored:
        one.band = one.row.band
    named = sorted((one for one in scored if one.band), key=lambda one: one.index or Decimal(0), reverse=True)
    order = _order_of_bands(named)
    kept = _in_order([Decimal(order[one.band]) for one in named])
    for place, one in enumerate(named):
        if place not in kept:
            one.differences.append(
                f"Xếp loại: công bố {one.band} với chỉ số {_shown(one.index)}, trái thứ tự với các đơn vị khác."
            )


def _order_of_bands(named: Sequence[ComputedRow]) -> dict[str, int]:
    """The classes from the best to the worst, by the middle of their indexes."""
    values: dict[str, list[Decimal]] = {}
    for one in named:
        values.setdefault(one.band, []).append(one.index or Decimal(0))
    middle = {band: sorted(indexes)[len(indexes) // 2] for band, indexes in values.items()}
    return {band: place for place, band in enumerate(sorted(middle, key=lambda band: -middle[band]))}


def _in_order(values: Sequence[Decimal]) -> set[int]:
    """The places of a longest run that never falls: what is left out is the least that stands wrong."""
    tails: list[Decimal] = []
    ends: list[int] = []
    before: list[int | None] = []
    for place, value in enumerate(values):
        spot = bisect_right(tails, value)
        before.append(ends[spot - 1] if spot else None)
        if spot == len(tails):
            tails.append(value)
            ends.append(place)
        else:
            tails[spot], ends[spot] = value, place
    kept: set[int] = set()
    last: int | None = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def _shown(value: Decimal | None) -> str:
    return "" if value is None else number(value)
