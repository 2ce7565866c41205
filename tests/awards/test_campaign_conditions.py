"""The cases of ``tests/cases/award_conditions.yaml``."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from awards.eligibility.results import Condition, Row, also_met, assess, number, proposed

DATA = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "award_conditions.yaml").read_text(encoding="utf-8")
)
CONDITIONS = [
    Condition(
        award=item["award"],
        name=item["award"],
        recipient=item["recipient"],
        bands=tuple(item.get("bands", [])),
        minimum_score=Decimal(item["minimum_score"]) if "minimum_score" in item else None,
        maximum_rank=item.get("maximum_rank"),
        order=order,
    )
    for order, item in enumerate(DATA["conditions"])
]


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    told = case["result"]
    findings = assess(Row(told["recipient"], Decimal(told["score"]), told["band"], told["rank"]), CONDITIONS)

    assert [one.condition.award for one in findings if one.is_met] == case["meets"]
    best = proposed(findings)
    assert (best.condition.award if best else None) == case["proposed"]
    assert [one.condition.award for one in also_met(findings)] == case["meets"][1:]
    assert {one.condition.award: one.reason for one in findings if not one.is_met} == case["why_not"]


def test_a_met_condition_says_why() -> None:
    finding = assess(Row("individual", Decimal("90.5"), "Xuất sắc", 2), CONDITIONS[:2])

    assert [one.reason for one in finding] == [
        "xếp loại Xuất sắc; xếp thứ 2 (trong 3 thứ hạng đầu)",
        "xếp loại Xuất sắc; 90,50 điểm (từ 90,00 điểm)",
    ]


def test_a_condition_without_parts_is_met_by_everybody() -> None:
    (finding,) = assess(Row("individual", Decimal(0), "Yếu", 99), [Condition("x", "X", "individual")])

    assert finding.is_met
    assert finding.reason == "không đặt điều kiện"


@pytest.mark.parametrize(
    ("value", "text"),
    [("95", "95,00"), ("95.5", "95,50"), ("89.9990", "89,999"), ("0.0001", "0,0001"), ("100.0000", "100,00")],
)
def test_scores_keep_their_decimals(value: str, text: str) -> None:
    assert number(Decimal(value)) == text
