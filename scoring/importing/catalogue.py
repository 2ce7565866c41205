"""Reads a catalogue of scoring methods with worked examples, in the form in which such tables are gathered.

The file has ``methods``: each with ``id``, ``params`` and ``vectors`` (the inputs and ``expect``). Names and
shapes follow the source tables, not our own parameters; they are carried over here and nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from campaigns.methods import points
from scoring.calculations import (
    HUNDRED,
    PUBLISHED_PLACES,
    Ratings,
    gated_band,
    index,
    joined,
    quota,
    relative_points,
    relative_without_target,
    round_half_up,
    survey_points,
    with_bonus,
)

Params = Mapping[str, Any]
Vector = Mapping[str, Any]
Line = tuple[str, dict[str, Any], dict[str, Any]]  # our method, its parameters, the inputs
NO_LIMIT = "99999"


@dataclass(frozen=True)
class Check:
    """One worked example: what the file expects and what the portal gives."""

    method: str
    inputs: dict[str, Any]
    expected: str
    got: str

    @property
    def agrees(self) -> bool:
        try:
            return Decimal(self.expected) == Decimal(self.got)
        except InvalidOperation:
            return self.expected == self.got


def checks(catalogue: Mapping[str, Any], ratings: Ratings) -> Iterator[Check]:
    """Every vector of the catalogue, computed; ``ratings`` are the classes and gates that ``gate`` asks about."""
    for method in catalogue["methods"]:
        for vector in method["vectors"]:
            inputs = {name: value for name, value in vector.items() if not name.startswith("expect")}
            expected = next((str(value) for name, value in vector.items() if name.startswith("expect")), "")
            yield Check(
                method["id"], inputs, expected, _computed(method["id"], method["params"], inputs, ratings)
            )


def _computed(method: str, params: Params, inputs: Vector, ratings: Ratings) -> str:
    """The value, or in words why there is none."""
    try:
        if method in _LINES:
            score = points(*_LINES[method](params, inputs))
            return score.question if score.value is None else _text(score.value)
        if method == "gate":
            return _gate(inputs, ratings)
        if method in _WHOLE:
            return _WHOLE[method](params, inputs)
        return "cổng không có cách chấm này"
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        return f"không đọc được: {error!r}"


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(round_half_up(value, PUBLISHED_PLACES))


def _levels(params: Params, part: str) -> list[dict[str, str]]:
    """Choices as the source gives them, label to number, or as rows of ours."""
    given = params["choices"]
    if isinstance(given, Mapping):
        return [{"label": label, part: str(value)} for label, value in given.items()]
    return [dict(row) for row in given]


def _rate(method: str, params: Params, inputs: Vector, **more: str) -> Line:
    own = {"max": params["max"], "numerator": "tử số", "denominator": "mẫu số", **more}
    return method, own, {"numerator": str(inputs["num"]), "denominator": str(inputs["den"])}


def _counted(params: Params, inputs: Vector) -> Line:
    own = {"points_each": params["per_unit"], "measure": "lần"}
    if params.get("cap") is None:
        return "bonus_uncapped", own, {"count": str(inputs["count"])}
    return "count_capped", {**own, "max": params["cap"]}, {"count": str(inputs["count"])}


def _deducted(params: Params, inputs: Vector) -> Line:
    own = {"max": params["max"], "deduct_each": params["per_unit"], "measure": "lần"}
    floor = {} if params.get("floor") is None else {"floor": params["floor"]}
    return "deduct_per_case", {**own, **floor}, {"count": str(inputs["count"])}


def _graded(params: Params, inputs: Vector) -> Line:
    ranges = [
        {"from": str(start), **({} if end is None else {"to": str(end)}), "points": deducted}
        for start, end, deducted in params["bands"]
    ]
    floor = {} if params.get("floor") is None else {"floor": params["floor"]}
    own = {"max": params["base"], "measure": "ngày", "ranges": ranges, **floor}
    return "deduct_graded", own, {"value": str(inputs["days"])}


def _typed(params: Params, inputs: Vector) -> Line:
    own = {
        "min": params.get("min", "0"),
        "max": params["max"],
        "step": params.get("step") or "0.0001",
    }
    return "typed", own, {"value": str(inputs["value"])}


def _formula(params: Params, inputs: Vector) -> Line:
    own = {
        "max": params.get("max", NO_LIMIT),
        "variables": [{"name": name, "label": name} for name in params["vars"]],
        "branches": [
            {**({"when": row["if"]} if row.get("if") else {}), "score": row["score"]}
            for row in params["branches"]
        ],
    }
    return "formula_branches", own, {name: str(value) for name, value in inputs.items()}


_LINES: dict[str, Callable[[Params, Vector], Line]] = {
    "all_or_nothing": lambda p, v: ("all_or_nothing", {"max": p["max"]}, {"met": v["met"]}),
    "tiered_choice": lambda p, v: ("tiered_choice", {"choices": _levels(p, "points")}, dict(v)),
    "tiered_percent_of_max": lambda p, v: (
        "tiered_percent_of_max",
        {"max": p["max"], "choices": _levels(p, "percent")},
        dict(v),
    ),
    "tiered_threshold": lambda p, v: (
        "tiered_threshold",
        {"measure": "%", "steps": p["steps"]},
        {"value": str(v["value"])},
    ),
    "proportional": lambda p, v: _rate("proportional", p, v),
    "proportional_with_floor": lambda p, v: _rate(
        "proportional_with_floor", p, v, floor=str(Decimal(p["floor"]) * HUNDRED)
    ),
    "linear_between": lambda p, v: (
        "linear_between",
        {"measure": "%", **{name: p[name] for name in ("x1", "p1", "x2", "p2")}},
        {"value": str(v["value"])},
    ),
    "count_times_points": _counted,
    "deduct_per_occurrence": _deducted,
    "deduct_percent": lambda p, v: (
        "deduct_percent",
        {"max": p["max"], "choices": _levels(p, "percent")},
        dict(v),
    ),
    "deduct_graded_may_go_negative": _graded,
    "declared_score": _typed,
    "formula_branches": _formula,
}


def _number(values: Mapping[str, Any], name: str, default: str | None = None) -> Decimal:
    return Decimal(str(values.get(name, default) if default is not None else values[name]))


def _cap(params: Params, name: str) -> Decimal | None:
    return None if params.get(name) is None else Decimal(str(params[name]))


def _share(params: Params, vector: Vector) -> str:
    return _text(index(_number(vector, "score"), _number(vector, "max") - _number(vector, "excluded", "0")))


def _relative(params: Params, vector: Vector) -> str:
    maximum, achieved = _number(params, "max"), _number(vector, "A")
    if vector.get("T") is None:
        return _text(relative_without_target(maximum, achieved, _number(vector, "best")))
    return _text(relative_points(maximum, achieved, _number(vector, "T"), _number(vector, "leader_ratio")))


def _gate(vector: Vector, ratings: Ratings) -> str:
    """The best class that these points and facts reach."""
    facts = {name: _number(vector, name) for name in vector if name != "score"}
    band = gated_band(_number(vector, "score"), facts, ratings.bands, ratings.gates)
    return band.name if band else ""


_WHOLE: dict[str, Callable[[Params, Vector], str]] = {
    "bonus_uncapped": lambda p, v: _text(
        with_bonus(_number(v, "base"), _number(v, "bonus"), _number(v, "penalty", "0"), _cap(p, "cap"))
    ),
    "bonus_penalty_block": lambda p, v: _text(
        with_bonus(
            _number(v, "base"),
            _number(v, "bonus", "0"),
            _number(v, "penalty", "0"),
            _cap(p, "bonus_cap"),
            _cap(p, "penalty_cap"),
        )
    ),
    "survey": lambda p, v: _text(
        survey_points(_number(v, "survey_percent"), _number(p, "scale_max", "100"), _number(p, "max"))
    ),
    "relative_to_leader": _relative,
    "not_applicable_rescale": _share,
    "block_with_other_max": _share,
    "and_or_tree": lambda p, v: _text(
        joined(v["children"], every=str(p["op"]).upper() == "AND", maximum=_number(p, "max"))
    ),
    "quota": lambda p, v: str(quota(int(v["tot"]), _number(p, "percent"))),
}
