"""One worked set of parameters for every method and group: shown on the guide sheet of a scheme's file."""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "all_or_nothing": {"max": "2"},
    "tiered_choice": {
        "choices": [
            {"label": "Kịp thời", "points": "1"},
            {"label": "Không kịp thời", "points": "0.5"},
            {"label": "Không ban hành", "points": "0"},
        ]
    },
    "tiered_percent_of_max": {
        "max": "2",
        "choices": [
            {"label": "Xuất sắc", "percent": "100"},
            {"label": "Tốt", "percent": "75"},
            {"label": "Hoàn thành", "percent": "50"},
        ],
    },
    "deduct_percent": {
        "max": "2",
        "choices": [
            {"label": "Không vi phạm", "percent": "0"},
            {"label": "Nhẹ", "percent": "50"},
            {"label": "Nghiêm trọng", "percent": "100"},
        ],
    },
    "tiered_threshold": {
        "measure": "%",
        "steps": [
            {"op": ">", "v": "90", "points": "2"},
            {"op": ">=", "v": "70", "points": "1"},
            {"op": ">=", "v": "0", "points": "0"},
        ],
    },
    "proportional": {"max": "2", "numerator": "hồ sơ đúng hạn", "denominator": "hồ sơ đã giải quyết"},
    "proportional_with_floor": {
        "max": "1.5",
        "numerator": "việc đúng hạn",
        "denominator": "việc được giao",
        "floor": "80",
    },
    "linear_between": {"measure": "%", "x1": "50", "p1": "0", "x2": "100", "p2": "2"},
    "count_capped": {"points_each": "0.5", "max": "2", "measure": "quy chế"},
    "bonus_uncapped": {"points_each": "5", "measure": "cờ thi đua"},
    "deduct_per_case": {"max": "1", "deduct_each": "0.25", "floor": "0", "measure": "lần"},
    "penalty_per_case": {"deduct_each": "1", "cap": "5", "measure": "văn bản phê bình"},
    "deduct_graded": {
        "max": "50",
        "measure": "ngày chậm",
        "ranges": [
            {"from": "5", "to": "10", "points": "10"},
            {"from": "11", "to": "15", "points": "25"},
            {"from": "16", "points": "50"},
        ],
    },
    "typed": {"min": "0", "max": "5", "step": "0.25"},
    "formula_branches": {
        "max": "2",
        "variables": [{"name": "x", "label": "số đạt"}, {"name": "y", "label": "số giao"}],
        "branches": [{"when": "x >= y", "score": "2"}, {"score": "x / y * 2"}],
    },
    "survey": {"max": "3", "scale_max": "100"},
    "relative_to_leader": {"max": "10"},
    "index_share": {"max": "10", "scheme": "cchc-phong", "whose": "below"},
    "all_of": {},
    "any_of": {},
    "bonus_block": {"bonus_cap": "3", "penalty_cap": "5"},
}
