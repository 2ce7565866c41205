"""What holds of any table, any scores and any ranking: totals, re-scaling, ranks, classes."""

from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from campaigns.calculations import Rounding, published
from campaigns.methods import ALL_OF, ANY_OF, BONUS_BLOCK, Node, evaluate
from campaigns.models import Band
from scoring.calculations import (
    COLUMNS,
    Class,
    Gate,
    PublishedRow,
    Scored,
    Totals,
    band_of,
    compute_again,
    gated_band,
    index,
    rank,
    totals,
)
from scoring.queries.ranking import RankingRules, standings

POINTS = st.integers(0, 40).map(lambda quarters: Decimal(quarters) / 4)
INDEXES = st.integers(0, 400).map(lambda steps: Decimal(steps) / 4)
FEW = settings(max_examples=60)


@st.composite
def tables(draw: Any, rules: tuple[str, ...] = ("",)) -> list[Node]:
    """Rows of any depth; inner ones join their children by one of ``rules``."""
    levels = [1]
    for _ in range(draw(st.integers(1, 10))):
        levels.append(draw(st.integers(1, min(levels[-1] + 1, 4))))
    nodes = []
    for place, level in enumerate(levels):
        is_leaf = place + 1 == len(levels) or levels[place + 1] <= level
        if is_leaf:
            nodes.append(Node(place, level, True, draw(st.integers(1, 40).map(lambda one: Decimal(one) / 4))))
            continue
        rule = draw(st.sampled_from(rules))
        caps = (draw(st.none() | POINTS), draw(st.none() | POINTS)) if rule == BONUS_BLOCK else (None, None)
        most = draw(POINTS) + 1 if rule in (ALL_OF, ANY_OF) else Decimal(0)
        nodes.append(Node(place, level, False, most, rule, *caps))
    return nodes


def leaves(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.is_leaf]


@st.composite
def scored_tables(
    draw: Any, rules: tuple[str, ...] = ("",)
) -> tuple[list[Node], dict[int, Decimal | None], set[int]]:
    """A table with the points of its leaves, some not given, and the rows that do not apply."""
    nodes = draw(tables(rules))
    given_points = {
        leaf.key: draw(st.none() | st.integers(0, 4).map(lambda part, most=leaf.maximum: most * part / 4))  # type: ignore[misc]
        for leaf in leaves(nodes)
    }
    excluded = {leaf.key for leaf in leaves(nodes) if draw(st.integers(0, 5)) == 0}
    return nodes, given_points, excluded


RULES = ("", "", ALL_OF, ANY_OF, BONUS_BLOCK)


# --- totals ------------------------------------------------------------------------------------------
def edited(nodes: list[Node], edits: list[tuple[int, str, Decimal | None]]) -> Totals:
    """What a sheet comes to after these edits of its lines, one after another."""
    sheet: dict[int, dict[str, Decimal | None]] = {leaf.key: {} for leaf in leaves(nodes)}
    found = totals(nodes, [])
    for key, column, score in edits:
        sheet[key][column] = score
        lines = [
            Scored(one, tuple(scores.get(name) for name in COLUMNS), scores.get("office"), "out" in scores)
            for one, scores in sheet.items()
        ]
        found = totals(nodes, lines)
    return found


@FEW
@given(tables(RULES), st.data())
def test_no_order_of_edits_changes_a_total(nodes: list[Node], data: Any) -> None:
    places = st.tuples(
        st.sampled_from([leaf.key for leaf in leaves(nodes)]), st.sampled_from([*COLUMNS, "office", "out"])
    )
    where = data.draw(st.lists(places, unique=True, max_size=12))
    edits = [(key, column, data.draw(st.none() | POINTS)) for key, column in where]
    assert edited(nodes, data.draw(st.permutations(edits))) == edited(nodes, edits)


# --- re-scaling --------------------------------------------------------------------------------------
def index_of(nodes: list[Node], points: dict[int, Decimal | None], excluded: set[int]) -> Decimal | None:
    found = evaluate(nodes, points, excluded)
    return index(found.score, found.maximum)


@FEW
@given(scored_tables(), st.data())
def test_leaving_out_a_row_below_the_mean_never_lowers_the_index(table: Any, data: Any) -> None:
    nodes, points, excluded = table
    before = index_of(nodes, points, excluded)
    kept = [leaf for leaf in leaves(nodes) if leaf.key not in excluded]
    assume(before is not None and len(kept) > 1)
    row = data.draw(st.sampled_from(kept))
    share = (points[row.key] or Decimal(0)) / row.maximum * 100
    after = index_of(nodes, points, excluded | {row.key})
    assert before is not None
    assert after is not None
    close = Decimal("1e-20")
    assert (after >= before - close) if share <= before else (after <= before + close)


@FEW
@given(scored_tables(RULES), st.data())
def test_more_points_never_lower_score_or_index(table: Any, data: Any) -> None:
    nodes, points, excluded = table
    row = data.draw(st.sampled_from(leaves(nodes)))
    more = data.draw(st.integers(1, 4)) * row.maximum / 4
    assume(points[row.key] is None or more > (points[row.key] or 0))
    before, after = evaluate(nodes, points, excluded), evaluate(nodes, {**points, row.key: more}, excluded)
    assert after.score >= before.score
    assert after.maximum == before.maximum


@FEW
@given(scored_tables(), st.data())
def test_a_row_that_does_not_apply_counts_nowhere(table: Any, data: Any) -> None:
    nodes, points, excluded = table
    found = evaluate(nodes, points, excluded)
    other = {**points, **{key: data.draw(POINTS) for key in excluded}}
    assert evaluate(nodes, other, excluded).score == found.score
    applies = [leaf for leaf in leaves(nodes) if leaf.key not in excluded]
    assert found.maximum == sum((leaf.maximum for leaf in applies), Decimal(0))
    assert found.score == sum((points[leaf.key] or Decimal(0) for leaf in applies), Decimal(0))


# --- ranks and classes -------------------------------------------------------------------------------
@FEW
@given(st.lists(st.tuples(INDEXES, POINTS, POINTS), max_size=25), st.booleans(), st.booleans())
def test_ranks_are_consistent_with_indexes_and_with_what_decides(
    rows: list[tuple[Decimal, Decimal, Decimal]], dense: bool, decided: bool
) -> None:
    breakers = {key: row[1:] for key, row in enumerate(rows)} if decided else None
    keys = [row if decided else row[:1] for row in rows]
    places = rank(((key, row[0]) for key, row in enumerate(rows)), dense=dense, breakers=breakers)
    assert sorted(place.key for place in places) == list(range(len(rows)))
    assert [place.rank for place in places] == sorted(place.rank for place in places)
    for place in places:
        better = [other for other in keys if other > keys[place.key]]
        assert place.rank == 1 + len(set(better) if dense else better)
        assert place.is_tied == (keys.count(keys[place.key]) > 1)
        assert place.value == rows[place.key][0]


BOUNDS = st.lists(INDEXES, min_size=1, max_size=5, unique=True)


@FEW
@given(BOUNDS, INDEXES, INDEXES)
def test_a_higher_index_never_has_a_lower_class(bounds: list[Decimal], one: Decimal, two: Decimal) -> None:
    classes = [Class(str(bound), bound) for bound in bounds]
    low, high = (band_of(value, classes) for value in sorted((one, two)))
    assert low is None or (high is not None and high.lower_bound >= low.lower_bound)
    for value in (one, two):
        reached = [bound for bound in bounds if bound <= value]
        band = band_of(value, classes)
        assert (band.lower_bound if band else None) == max(reached, default=None)


@FEW
@given(BOUNDS, INDEXES, st.none() | INDEXES, INDEXES)
def test_a_gate_takes_a_class_away_and_gives_none(
    bounds: list[Decimal], value: Decimal, share: Decimal | None, wanted: Decimal
) -> None:
    classes = [Class(str(bound), bound) for bound in bounds]
    gate = Gate(str(max(bounds)), "1.1", ">=", wanted)
    with_gate = gated_band(value, {} if share is None else {"1.1": share}, classes, [gate])
    if share is not None and share >= wanted:
        assert with_gate == band_of(value, classes)
    else:
        assert with_gate == band_of(value, [one for one in classes if one.lower_bound != max(bounds)])


@FEW
@given(
    st.lists(st.tuples(POINTS, st.integers(1, 12), st.booleans()), max_size=20),
    st.booleans(),
    st.sampled_from([2, 3]),
)
def test_standings_follow_the_published_index(
    rows: list[tuple[Decimal, int, bool]], dense: bool, places: int
) -> None:
    """Ranks and classes are those of the index that people see, rounded as it is published."""
    bands = [Band(name=name, lower_bound=Decimal(bound)) for name, bound in (("A", 90), ("B", 50), ("C", 0))]
    facts = [(key, score, Decimal(most), is_ranked) for key, (score, most, is_ranked) in enumerate(rows)]
    found = standings(facts, bands, RankingRules(places=places, dense=dense))
    seen = {key: published(score / most * 100, places, Rounding.HALF_UP) for key, score, most, _ in facts}
    ranked = [key for key, *_, is_ranked in facts if is_ranked]
    for key, place in found.items():
        assert place.index == seen[key]
        assert place.band == next(band.name for band in bands if seen[key] >= band.lower_bound)
        better = [seen[other] for other in ranked if seen[other] > seen[key]]
        wanted = 1 + len(set(better) if dense else better)
        assert place.rank == (wanted if key in ranked else None)


@FEW
@given(st.lists(INDEXES, min_size=2, max_size=20, unique=True), st.data())
def test_a_table_that_agrees_is_left_alone_and_a_swap_is_named(values: list[Decimal], data: Any) -> None:
    def rounded(value: Decimal, places: int) -> Decimal:
        return published(value, places, Rounding.HALF_UP)

    rows = [
        PublishedRow(str(value), index=value, rank=place.rank)
        for place in rank(enumerate(values))
        for value in [place.value]
    ]
    again = compute_again(data.draw(st.permutations(rows)), (), rounded, places=2)
    assert [one.differences for one in again] == [[]] * len(rows)
    assert {one.row.unit: one.rank for one in again} == {row.unit: row.rank for row in rows}
    place = data.draw(st.integers(0, len(rows) - 2))
    first, second = rows[place], rows[place + 1]
    rows[place : place + 2] = [
        PublishedRow(first.unit, index=first.index, rank=second.rank),
        PublishedRow(second.unit, index=second.index, rank=first.rank),
    ]
    named = {one.row.unit for one in compute_again(rows, (), rounded, places=2) if one.differences}
    assert named == {first.unit, second.unit}
