"""The catalogue of scoring methods: every worked example, from a file as an office would hand it over."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from scoring.calculations import (
    band_of,
    gated_band,
    quota,
    relative_points,
    relative_without_target,
    round_half_up,
    task_points,
    with_bonus,
)
from scoring.importing.catalogue import Check, checks
from scoring.reference import load_ratings

CASES = Path(__file__).parent.parent / "cases"
CATALOGUE = json.loads((CASES / "scoring_methods.json").read_text(encoding="utf-8"))
DECREE_335 = json.loads((CASES / "nd335_examples.json").read_text(encoding="utf-8"))["examples"]
MORE = [
    ("all_or_nothing", {"max": "1"}, {"met": False, "expect": "0"}),
    ("tiered_threshold", {"steps": [{"op": ">", "v": "90", "points": "2"}]}, {"value": "90.004", "expect": "2"}),
    ("proportional_with_floor", {"max": "1.5", "floor": "0.80"}, {"num": "79", "den": "100", "expect": "0"}),
    ("proportional_with_floor", {"max": "3", "floor": "0.75"}, {"num": "3", "den": "4", "expect": "2.25"}),
    ("linear_between", {"x1": "50", "p1": "0", "x2": "100", "p2": "2"}, {"value": "40", "expect": "0"}),
    ("linear_between", {"x1": "50", "p1": "0", "x2": "100", "p2": "2"}, {"value": "120", "expect": "2"}),
    ("linear_between", {"x1": "10", "p1": "2", "x2": "0", "p2": "0"}, {"value": "2.5", "expect": "0.5"}),
    ("count_times_points", {"per_unit": "0.5", "cap": "2"}, {"count": 9, "expect": "2"}),
    ("count_times_points", {"per_unit": "0.5", "cap": None}, {"count": 9, "expect": "4.5"}),
    ("deduct_per_occurrence", {"max": "1", "per_unit": "0.25", "floor": "0"}, {"count": 7, "expect": "0"}),
    ("deduct_per_occurrence", {"max": "1", "per_unit": "0.25", "floor": None}, {"count": 7, "expect": "-0.75"}),
    ("deduct_graded_may_go_negative", {"base": "50", "bands": [[5, 10, "10"], [31, None, "100"]], "floor": None},
     {"days": 4, "expect": "50"}),
    ("deduct_graded_may_go_negative", {"base": "50", "bands": [[5, 10, "10"], [31, None, "100"]], "floor": None},
     {"days": 40, "expect": "-50"}),
    ("bonus_penalty_block", {"bonus_cap": "3", "penalty_cap": "5"},
     {"base": "90", "bonus": "0", "penalty": "9", "expect": "85"}),
    ("formula_branches",
     {"vars": ["x", "y"], "branches": [{"if": "x>=y", "score": "2"}, {"if": "x<y", "score": "x/y*2"}]},
     {"x": "10", "y": "10", "expect": "2"}),
    ("and_or_tree", {"op": "AND", "max": "7"}, {"children": [True, False], "expect": "0"}),
    ("relative_to_leader", {"max": "10"}, {"A": "80", "T": "100", "leader_ratio": "1.2", "expect": "4"}),
    ("relative_to_leader", {"max": "10"}, {"A": "110", "T": "100", "leader_ratio": "1.2", "expect": "7.5"}),
    ("gate", {}, {"score": "93", "on_time": "100", "exceeded": "30", "expect_band_max": "Hoàn thành xuất sắc"}),
    ("quota", {"percent": "20"}, {"tot": 4, "expect_max_xuat_sac": 0}),
]  # fmt: skip
SHARES = st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=3, max_size=6)
POINTS = st.decimals(min_value=0, max_value=100, places=2)


def _checked(method: str, params: dict[str, Any], vector: dict[str, Any]) -> Check:
    (check,) = checks({"methods": [{"id": method, "params": params, "vectors": [vector]}]}, load_ratings())
    return check


@pytest.mark.parametrize("method", CATALOGUE["methods"], ids=lambda method: method["id"])
def test_every_method_of_the_catalogue(method: dict[str, Any]) -> None:
    for check in checks({"methods": [method]}, load_ratings()):
        assert check.agrees, check


@pytest.mark.parametrize(("method", "params", "vector"), MORE)
def test_at_the_edges(method: str, params: dict[str, Any], vector: dict[str, Any]) -> None:
    check = _checked(method, params, vector)
    assert check.agrees, check


@pytest.mark.parametrize(
    ("method", "params", "vector", "said"),
    [
        ("proportional", {"max": "2"}, {"num": "0", "den": "0"}, "Mẫu số bằng 0"),
        ("deduct_graded_may_go_negative", {"base": "9", "bands": [[1, 2, "1"], [5, 6, "2"]]}, {"days": 3},
         "không thuộc mức"),
        ("formula_branches", {"vars": ["x"], "branches": [{"score": "1/x"}]}, {"x": "0"}, "chia cho 0"),
        ("formula_branches", {"vars": ["x"], "branches": [{"if": "x>1", "score": "1"}]}, {"x": "0"},
         "không thuộc nhánh"),
        ("formula_branches", {"vars": ["x"], "branches": [{"score": "-x"}]}, {"x": "3"}, "ngoài khoảng"),
        ("bói", {}, {}, "không có cách chấm"),
        ("proportional", {}, {"num": "1", "den": "2"}, "không đọc được"),
    ],
)  # fmt: skip
def test_what_the_rule_does_not_decide_is_a_question(
    method: str, params: dict[str, Any], vector: dict[str, Any], said: str
) -> None:
    check = _checked(method, params, {**vector, "expect": "0"})
    assert not check.agrees
    assert said in check.got


@pytest.mark.parametrize("case", DECREE_335, ids=lambda case: case["case"])
def test_decree_335(case: dict[str, Any]) -> None:
    tasks = task_points([Decimal(one) for one in case["task_percentages"]], Decimal(70))
    total = tasks + Decimal(case["general_max_30"])
    assert round_half_up(tasks, 2) == Decimal(case["task_points"])
    assert round_half_up(total, 2) == Decimal(case["total"])
    band = band_of(total, load_ratings().bands)
    assert band is not None
    assert band.name == case["band"]


def test_discipline_and_missing_facts_hold_no_gate() -> None:
    ratings = load_ratings()
    band = gated_band(Decimal(95), {}, ratings.bands, ratings.gates)
    assert band is not None
    assert band.name == "Hoàn thành tốt"


@given(SHARES, POINTS)
def test_more_done_is_never_less(shares: list[Decimal], more: Decimal) -> None:
    before = task_points(shares, Decimal(70))
    assert Decimal(0) <= before <= 70
    assert task_points([*shares[:-1], max(shares[-1], more)], Decimal(70)) >= before


@given(POINTS, st.decimals(min_value=1, max_value=3, places=2))
def test_the_leader_has_all_and_nobody_has_more(achieved: Decimal, leader: Decimal) -> None:
    target = Decimal(50)
    ratio = min(achieved / target, leader)
    found = relative_points(Decimal(10), ratio * target, target, leader)
    assert 0 <= found <= 10
    if leader > 1:
        assert relative_points(Decimal(10), leader * target, target, leader) == 10
    assert relative_without_target(Decimal(10), achieved, max(achieved, Decimal(1))) <= 10


@given(POINTS, POINTS, POINTS)
def test_caps_hold(base: Decimal, bonus: Decimal, penalty: Decimal) -> None:
    found = with_bonus(base, bonus, penalty, Decimal(3), Decimal(5))
    assert base - 5 <= found <= base + 3
    assert with_bonus(base, bonus, penalty) == base + bonus - penalty


@given(st.integers(min_value=0, max_value=10_000))
def test_the_ceiling_never_allows_more_than_its_share(count: int) -> None:
    allowed = quota(count, Decimal(20))
    assert allowed * 5 <= count < (allowed + 1) * 5


def test_the_command_says_what_differs(tmp_path: Path) -> None:
    out = StringIO()
    call_command("check_methods", CASES / "scoring_methods.json", stdout=out)
    assert "22 ví dụ, 0 khác." in out.getvalue()
    wrong = {
        "methods": [
            {"id": "survey", "params": {"max": "3"}, "vectors": [{"survey_percent": "50", "expect": "2"}]}
        ]
    }
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(wrong), encoding="utf-8")
    with pytest.raises(CommandError, match="1 ví dụ"):
        call_command("check_methods", file, stdout=out)
    assert "KHÁC  survey  survey_percent=50  mong đợi 2, cổng tính 1.50" in out.getvalue()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"methods": 3}', '{"methods": [{"id": "x"}]}'])
def test_a_file_that_is_no_catalogue(tmp_path: Path, content: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("check_methods", file, stdout=StringIO())
