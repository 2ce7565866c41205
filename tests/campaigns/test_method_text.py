"""Parameters as text: what is written is read back, and what makes no sense is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.methods import METHODS
from campaigns.methods.text import TextError, from_text, to_text
from tests.campaigns.test_methods import GOOD

POINTS = st.decimals(min_value=0, max_value=999, places=2).map(lambda value: f"{value.normalize():f}")
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


@pytest.mark.parametrize("method", GOOD)
def test_there_and_back(method: str) -> None:
    params = GOOD[method][0]
    assert from_text(METHODS[method], to_text(METHODS[method], params)) == params


def test_as_an_officer_reads_it() -> None:
    text = to_text(METHODS["tiered_threshold"], GOOD["tiered_threshold"][0])
    assert text == "Đơn vị tính: %\nCác ngưỡng:\n- > | 70 | 2\n- >= | 50 | 1,5"
    text = to_text(METHODS["count_capped"], GOOD["count_capped"][0])
    assert text.endswith("Đếm theo thành tích đã xác nhận trên cổng: có")


def test_short_names_capitals_and_points_are_read() -> None:
    assert from_text(METHODS["all_or_nothing"], "  MAX ".lower() + ": 0.50 ") == {"max": "0.5"}
    assert from_text(METHODS["all_or_nothing"], "ĐIỂM TỐI ĐA: 2,0") == {"max": "2"}


@pytest.mark.parametrize(
    ("method", "text", "said"),
    [
        ("all_or_nothing", "Điểm: 2", "Không hiểu “Điểm: 2”"),
        ("all_or_nothing", "hai điểm", "Không hiểu"),
        ("all_or_nothing", "Điểm tối đa: hai", "phải là một số"),
        ("all_or_nothing", "Điểm tối đa: 1.234,5", "phải là một số"),
        ("all_or_nothing", "Điểm tối đa: 1\nmax: 2", "hai lần"),
        ("all_or_nothing", "- kịp thời | 1", "không thuộc tham số nào"),
        ("tiered_choice", "Các mức:\n- kịp thời", "phải có dạng Tên mức | Điểm"),
        ("count_capped", "Đếm theo thành tích đã xác nhận trên cổng: chắc", "“có” hoặc “không”"),
    ],
)
def test_what_makes_no_sense(method: str, text: str, said: str) -> None:
    with pytest.raises(TextError, match=said.replace("|", r"\|")):
        from_text(METHODS[method], text)


@given(st.lists(st.tuples(WORDS, POINTS), min_size=2, max_size=9))
def test_any_levels_come_back(rows: list[tuple[str, str]]) -> None:
    params: dict[str, Any] = {"choices": [{"label": label, "points": points} for label, points in rows]}
    assert from_text(METHODS["tiered_choice"], to_text(METHODS["tiered_choice"], params)) == params
