"""The catalogue of methods: limits, problems, words."""

from decimal import Decimal

import pytest

from campaigns.methods import METHODS, decimal, describe, problems_of

GOOD = {
    "typed": ({"min": "0", "max": "8", "step": "0.5"}, "8", "Nhập điểm từ 0 đến 8, bước 0,5."),
    "all_or_nothing": ({"max": "2"}, "2", "Đạt: 2 điểm; không đạt: 0 điểm."),
    "tiered_choice": (
        {"choices": [{"label": "Tốt", "points": "4"}, {"label": "Kém", "points": "0"}]},
        "4",
        "Chọn một mức. Tốt: 4 điểm; Kém: 0 điểm.",
    ),
    "tiered_threshold": (
        {
            "measure": "%",
            "steps": [{"op": ">", "v": "70", "points": "2"}, {"op": ">=", "v": "50", "points": "1.5"}],
        },
        "2",
        "Theo mức đạt được. Trên 70\u00a0%: 2 điểm; từ 50\u00a0%: 1,5 điểm.",
    ),
    "proportional": (
        {"max": "12", "numerator": "việc xong", "denominator": "việc giao"},
        "12",
        "(việc xong) ÷ (việc giao) × 12 điểm.",
    ),
    "count_capped": (
        {"points_each": "3", "max": "6", "measure": "sáng kiến", "from_achievements": True},
        "6",
        "Mỗi sáng kiến được 3 điểm, nhiều nhất 6 điểm; đếm theo thành tích đã xác nhận.",
    ),
    "deduct_per_case": (
        {"max": "3", "deduct_each": "0.5", "floor": "0", "measure": "lần"},
        "3",
        "3 điểm, mỗi lần trừ 0,5 điểm, không dưới 0 điểm.",
    ),
    "bonus_uncapped": (
        {"points_each": "5", "measure": "cờ thi đua"},
        "0",
        "Mỗi cờ thi đua được 5 điểm, ngoài thang điểm.",
    ),
    "deduct_graded": (
        {
            "max": "50",
            "measure": "ngày chậm",
            "ranges": [{"from": "5", "to": "10", "points": "10"}, {"from": "11", "points": "100"}],
        },
        "50",
        "50 điểm. Từ 5 đến 10\u00a0ngày chậm: trừ 10 điểm; từ 11 ngày chậm trở lên: trừ 100 điểm.",
    ),
    "tiered_percent_of_max": (
        {"max": "2", "choices": [{"label": "Tốt", "percent": "75"}, {"label": "Kém", "percent": "0"}]},
        "2",
        "Chọn một mức, tính theo 2 điểm tối đa. Tốt: 75\u00a0% = 1,5 điểm; Kém: 0\u00a0% = 0 điểm.",
    ),
    "deduct_percent": (
        {"max": "2", "choices": [{"label": "Không", "percent": "0"}, {"label": "Nhẹ", "percent": "50"}]},
        "2",
        "2 điểm, trừ theo mức. Không: trừ 0\u00a0%; Nhẹ: trừ 50\u00a0%.",
    ),
    "proportional_with_floor": (
        {"max": "1.5", "numerator": "việc xong", "denominator": "việc giao", "floor": "80"},
        "1.5",
        "(việc xong) ÷ (việc giao) × 1,5 điểm; dưới 80\u00a0%: 0 điểm.",
    ),
    "linear_between": (
        {"measure": "%", "x1": "50", "p1": "0", "x2": "100", "p2": "2"},
        "2",
        "Từ 50 đến 100\u00a0%: từ 0 đến 2 điểm, tính đều.",
    ),
    "formula_branches": (
        {
            "max": "2",
            "variables": [{"name": "x", "label": "số đạt"}, {"name": "y", "label": "số giao"}],
            "branches": [{"when": "x >= y", "score": "2"}, {"score": "x / y * 2"}],
        },
        "2",
        "Khi x >= y: 2; còn lại: x / y * 2. Trong đó x là số đạt; y là số giao.",
    ),
    "penalty_per_case": (
        {"deduct_each": "0.5", "cap": "3", "measure": "lần"},
        "0",
        "Mỗi lần trừ 0,5 điểm, trừ nhiều nhất 3 điểm.",
    ),
    "survey": (
        {"max": "3", "scale_max": "100"},
        "3",
        "Kết quả điều tra ÷ 100 × 3 điểm.",
    ),
    "relative_to_leader": (
        {"max": "10"},
        "10",
        "Dưới chỉ tiêu: theo tỷ lệ của 5 điểm; đạt chỉ tiêu: 5 điểm; đơn vị dẫn đầu: 10 điểm.",
    ),
    "index_share": (
        {"max": "10", "scheme": "cchc-phong", "whose": "below"},
        "10",
        "Chỉ số bình quân của các đơn vị trực thuộc theo bộ chỉ số cchc-phong × 10 điểm ÷ 100.",
    ),
}


def test_every_method_has_an_example() -> None:
    assert set(GOOD) == set(METHODS)


@pytest.mark.parametrize("method", GOOD)
def test_good_parameters(method: str) -> None:
    params, most, words = GOOD[method]
    assert METHODS[method].problems(params) == []
    assert METHODS[method].maximum(params) == Decimal(most)
    assert describe(method, params) == words
    assert problems_of(method, params, Decimal(most)) == []
    assert "khác điểm tối đa" in problems_of(method, params, Decimal(99))[0]


@pytest.mark.parametrize("method", GOOD)
@pytest.mark.parametrize(
    "hostile", [None, [], "x", {}, {"lạ": 1}, {"max": "NaN"}, {"max": True}, {"max": 0.5}]
)
def test_hostile_parameters_are_refused_not_crashed(method: str, hostile: object) -> None:
    assert METHODS[method].problems(hostile)  # type: ignore[arg-type]
    assert describe(method, hostile) == METHODS[method].name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "change", "said"),
    [
        ("typed", {"min": "9"}, "nhỏ hơn điểm cao nhất"),
        ("typed", {"step": "0"}, "Bước điểm"),
        ("typed", {"step": "0.3"}, "không chia hết"),
        ("all_or_nothing", {"max": "-1"}, "không được âm"),
        ("all_or_nothing", {"max": "0"}, "lớn hơn 0"),
        ("all_or_nothing", {"max": "0.12345"}, "4 chữ số"),
        ("all_or_nothing", {"max": "100000"}, "phải là một số"),
        ("tiered_choice", {"choices": [{"label": "Một", "points": "1"}]}, "ít nhất hai mức"),
        (
            "tiered_choice",
            {"choices": [{"label": "A", "points": "1"}, {"label": "a ", "points": "0"}]},
            "trùng tên",
        ),
        (
            "tiered_threshold",
            {"steps": [{"op": ">=", "v": "5", "points": "1"}, {"op": ">=", "v": "9", "points": "2"}]},
            "không bao giờ dùng đến",
        ),
        ("tiered_threshold", {"steps": [{"op": "=", "v": "5", "points": "1"}]}, "phép so sánh"),
        ("count_capped", {"points_each": "9"}, "không được lớn hơn"),
        ("deduct_per_case", {"floor": "3"}, "nhỏ hơn điểm tối đa"),
        ("proportional", {"numerator": " "}, "phải là chữ"),
    ],
)
def test_bad_parameters(method: str, change: dict, said: str) -> None:
    assert any(said in problem for problem in METHODS[method].problems({**GOOD[method][0], **change}))


def test_unknown_method() -> None:
    assert problems_of("bói", {}) == ["Không có cách chấm “bói”."]
    assert problems_of("", {}) == ["Chưa chọn cách chấm."]


def test_decimals_are_strings_or_whole_numbers() -> None:
    assert decimal("0.5") == Decimal("0.5")
    assert decimal(8) == Decimal(8)
    assert decimal("1e2") == Decimal(100)
    assert [decimal(value) for value in (0.5, True, None, "x", "inf", [])] == [None] * 6
