"""Points, indexes, ranks and classes, against worked examples of real tables and against their own laws."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.methods import Asked, bounds, fields, points, round_half_up
from scoring.calculations import band_of, index, problems_with_score, rank, sums, total

CASES = json.loads((Path(__file__).parent.parent / "cases" / "scoring_vectors.json").read_text())
SCORES = st.decimals(min_value=0, max_value=1000, places=4)
THRESHOLDS = {
    "measure": "%",
    "steps": [{"op": ">", "v": "90", "points": "2"}, {"op": ">=", "v": "70", "points": "1"}],
}


@dataclass(frozen=True)
class Class:
    name: str
    lower_bound: Decimal


BANDS = [Class("Tốt", Decimal(80)), Class("Xuất sắc", Decimal(90)), Class("Yếu", Decimal(0))]


@pytest.mark.parametrize("case", CASES["vectors"], ids=lambda case: case["from"])
def test_worked_examples(case: dict[str, Any]) -> None:
    score = points(case["method"], case["params"], case["inputs"])
    if "expect" in case:
        assert score.value == Decimal(case["expect"])
        assert score.question == ""
    else:
        assert (score.value, score.asked) == (None, Asked(case["asked"]))


@pytest.mark.parametrize("case", CASES["indexes"], ids=lambda case: case["from"])
def test_published_indexes(case: dict[str, str]) -> None:
    found = index(Decimal(case["score"]), Decimal(case["max"]))
    assert found is not None
    assert round_half_up(found, 2) == Decimal(case["expect"])


@pytest.mark.parametrize(
    ("method", "params", "inputs", "asked"),
    [
        ("typed", {"min": "0", "max": "5", "step": "0.25"}, {}, Asked.MISSING),
        ("typed", {"min": "0", "max": "5", "step": "0.25"}, {"value": "4.3"}, Asked.WRONG),
        ("typed", {"min": "0", "max": "5", "step": "0.25"}, {"value": "5.25"}, Asked.WRONG),
        ("all_or_nothing", {"max": "1"}, {}, Asked.MISSING),
        ("all_or_nothing", {"max": "1"}, {"met": ""}, Asked.MISSING),
        (
            "tiered_choice",
            {"choices": [{"label": "a", "points": "1"}, {"label": "b", "points": "0"}]},
            {"choice": "c"},
            Asked.MISSING,
        ),
        ("tiered_threshold", THRESHOLDS, {"value": "69"}, Asked.UNDECIDED),
        ("tiered_threshold", THRESHOLDS, {"value": "chín mươi"}, Asked.WRONG),
        ("tiered_threshold", THRESHOLDS, {"value": "NaN"}, Asked.WRONG),
        ("tiered_threshold", THRESHOLDS, {"value": "1e99"}, Asked.WRONG),
        (
            "proportional",
            {"max": "2", "numerator": "a", "denominator": "b"},
            {"numerator": "1"},
            Asked.MISSING,
        ),
        (
            "proportional",
            {"max": "2", "numerator": "a", "denominator": "b"},
            {"numerator": "3", "denominator": "2"},
            Asked.UNDECIDED,
        ),
        ("count_capped", {"points_each": "1", "max": "3", "measure": "lần"}, {"count": "-1"}, Asked.WRONG),
        (
            "deduct_per_case",
            {"max": "1", "deduct_each": "1", "floor": "0", "measure": "lần"},
            {},
            Asked.MISSING,
        ),
        ("formula", {}, {}, Asked.UNDECIDED),
        ("typed", {"max": "x"}, {"value": "1"}, Asked.UNDECIDED),
    ],
)
def test_a_question_is_never_a_silent_zero(method: str, params: Any, inputs: Any, asked: Asked) -> None:
    score = points(method, params, inputs)
    assert score.value is None
    assert score.asked == asked
    assert score.question


def test_every_input_has_a_label_a_person_understands() -> None:
    one, two = fields("proportional", {"numerator": "số việc xong", "denominator": "số việc giao"})
    assert (one.label, two.label) == ("Số việc xong", "Số việc giao")
    assert fields("typed", {}) == []
    assert fields("all_or_nothing", {})[0].choices == (("1", "Đạt"), ("0", "Không đạt"))


def test_rank_leaves_out_after_a_tie() -> None:
    places = rank([("a", Decimal(80)), ("b", Decimal(90)), ("c", Decimal("80.00")), ("d", Decimal(70))])
    assert [(place.key, place.rank, place.is_tied) for place in places] == [
        ("b", 1, False),
        ("a", 2, True),
        ("c", 2, True),
        ("d", 4, False),
    ]


@pytest.mark.parametrize(
    ("value", "name"), [("90", "Xuất sắc"), ("89.99", "Tốt"), ("80", "Tốt"), ("0", "Yếu")]
)
def test_a_band_includes_its_lower_bound(value: str, name: str) -> None:
    band = band_of(Decimal(value), BANDS)
    assert band is not None
    assert band.name == name


def test_below_all_bands_there_is_none() -> None:
    assert band_of(Decimal(-1), BANDS) is None


@pytest.mark.parametrize(
    ("value", "places", "expect"),
    [("2.345", 2, "2.35"), ("2.3449", 2, "2.34"), ("-2.345", 2, "-2.35"), ("0.5", 0, "1")],
)
def test_half_goes_away_from_zero(value: str, places: int, expect: str) -> None:
    assert round_half_up(Decimal(value), places) == Decimal(expect)


def test_nothing_applicable_has_no_index() -> None:
    assert index(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize(
    ("value", "step", "words"),
    [
        ("10.5", None, "từ 0 đến 10"),
        ("-1", None, "từ 0 đến 10"),
        ("NaN", None, "Nhập một số"),
        ("1.00001", None, "4 chữ số"),
        ("1.1", "0.25", "bước 0,25"),
    ],
)
def test_a_score_out_of_its_limits_is_explained(value: str, step: str | None, words: str) -> None:
    [sentence] = problems_with_score(Decimal(value), Decimal(10), step=Decimal(step) if step else None)
    assert words in sentence


def test_only_a_typed_score_has_steps() -> None:
    assert bounds("typed", {"min": "1", "max": "5", "step": "0.5"}, Decimal(5)) == (5, 1, Decimal("0.5"))
    assert bounds("all_or_nothing", {"max": "5"}, Decimal(5)) == (5, 0, None)


def test_inner_nodes_sum_what_is_given_below_them() -> None:
    tree = [(1, None), (2, Decimal(3)), (2, None), (3, Decimal(4)), (1, None), (2, None)]
    assert sums(tree) == [Decimal(7), Decimal(3), Decimal(4), Decimal(4), None, None]


@given(st.lists(SCORES, max_size=30), st.randoms())
def test_a_total_does_not_depend_on_the_order(scores: list[Decimal], chance: Any) -> None:
    shuffled = [*scores, None]
    chance.shuffle(shuffled)
    assert total(shuffled) == total(scores)


@given(st.lists(SCORES, min_size=1, max_size=30))
def test_ranks_follow_the_scores(scores: list[Decimal]) -> None:
    places = {place.key: place for place in rank(enumerate(scores))}
    for key, place in places.items():
        assert place.rank == 1 + sum(other > scores[key] for other in scores)
        assert place.is_tied == (scores.count(scores[key]) > 1)


@given(st.decimals(min_value=-10_000, max_value=10_000, places=6), st.integers(0, 4))
def test_rounding_stays_within_half_a_step_and_is_stable(value: Decimal, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - value) <= Decimal(5).scaleb(-places - 1)
    assert round_half_up(rounded, places) == rounded
    assert round_half_up(-value, places) == -rounded


@given(SCORES, SCORES, st.decimals(min_value=1, max_value=1000, places=2))
def test_a_better_score_never_has_a_lower_index(one: Decimal, two: Decimal, most: Decimal) -> None:
    first, second = index(one, most), index(two, most)
    assert first is not None
    assert second is not None
    assert (first <= second) == (one <= two)
