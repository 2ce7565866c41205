"""Worked examples of a method with its parameters: the inputs where something changes, and what they give. Pure.

People check a rule by its edges: just below, exactly at and just above every threshold, the count that reaches the
cap, 0/0. What a method does not decide is shown as the question it asks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from campaigns.methods import (
    METHODS,
    Field,
    Inputs,
    Node,
    Params,
    Score,
    evaluate,
    fields,
    node,
    number,
    points,
    relative_points,
)
from campaigns.methods.formulas import condition
from campaigns.methods.groups import BONUS_BLOCK
from campaigns.methods.values import HUNDRED, LARGEST_INPUT, LIMIT, ZERO, optional, value_of

LONGEST = 60  # rows of a table: twenty thresholds with both their sides
LEADER = Decimal("1.5")  # the best result against its target in the examples
ONE = Decimal(1)
TYPED = Field("value", "Điểm")


@dataclass(frozen=True)
class Sample:
    """Inputs, in words, and the points or the question they lead to."""

    words: str
    score: Score
    inputs: Inputs


def asked(method_id: str, params: Params) -> list[Field]:
    """What one may try a method with; of a typed score the score itself."""
    return [TYPED] if method_id == "typed" else fields(method_id, params)


def samples(method_id: str, params: Params) -> list[Sample]:
    """Worked examples for valid parameters, in an order that tells the rule."""
    if method_id == "relative_to_leader":
        return [*_against_leader(params), tried(method_id, params, {"achieved": "80"})]
    found: dict[str, Sample] = {}
    for inputs in _INPUTS[method_id](params):
        sample = tried(method_id, params, inputs)
        found.setdefault(sample.words, sample)
    return list(found.values())[:LONGEST]


def tried(method_id: str, params: Params, inputs: Inputs) -> Sample:
    """One example with inputs of one's own."""
    return Sample(
        _words(method_id, asked(method_id, params), inputs), points(method_id, params, inputs), inputs
    )


def group_samples(rule: str, params: Params, maximum: Decimal) -> list[Sample]:
    """What a group makes of two children; nothing is entered for it."""
    if rule == BONUS_BLOCK:
        return [_block(params, *pair) for pair in _bonuses(params)]
    states = {"đạt": ONE, "không đạt": ZERO, "chưa chấm": None}
    pairs = [("đạt", "đạt"), ("đạt", "không đạt"), ("không đạt", "không đạt"), ("đạt", "chưa chấm")]
    return [
        Sample(f"Một tiêu chí con {one}, một {two}", _joined(rule, maximum, states[one], states[two]), {})
        for one, two in pairs
    ]


def _joined(rule: str, maximum: Decimal, *given: Decimal | None) -> Score:
    rows = [node(0, 1, False, maximum, rule), Node(1, 2, True, ONE), Node(2, 2, True, ONE)]
    score = evaluate(rows, dict(enumerate(given, start=1))).scores[0]
    return Score(score, "" if score is not None else "Chưa kết luận được: còn tiêu chí con chưa chấm.")


def _bonuses(params: Params) -> Iterator[tuple[Decimal, Decimal]]:
    """Points of a bonus and of a penalty: one alone, both, each at its cap and above it."""
    bonus, penalty = optional(params, "bonus_cap"), optional(params, "penalty_cap")
    yield from ((ONE, ZERO), (ZERO, ONE), (ONE, ONE))
    for cap, way in ((bonus, ONE), (penalty, -ONE)):
        for more in (ZERO, ONE) if cap is not None else (Decimal(10),):
            value = (cap or ZERO) + more
            yield (value, ZERO) if way > 0 else (ZERO, value)


def _block(params: Params, bonus: Decimal, penalty: Decimal) -> Sample:
    rows = [node(0, 1, False, ZERO, BONUS_BLOCK, params), Node(1, 2, True), Node(2, 2, True)]
    score = evaluate(rows, {1: bonus, 2: -penalty}).scores[0]
    told = [f"thưởng {number(bonus)}" if bonus else "", f"phạt {number(penalty)}" if penalty else ""]
    return Sample(", ".join(filter(None, told)).capitalize() or "Không thưởng, không phạt", Score(score), {})


# --- what is told about inputs -----------------------------------------------------------------------
def _words(method_id: str, wanted: list[Field], inputs: Inputs) -> str:
    if method_id in ("proportional", "proportional_with_floor"):
        return _rate(inputs)
    told = [_one(field, inputs.get(field.name)) for field in wanted]
    if len(wanted) == 1 or method_id != "formula_branches":
        return "; ".join(told) if len(told) == 1 else _named(wanted, told)
    return "; ".join(f"{field.name} = {text}" for field, text in zip(wanted, told, strict=True))


def _named(wanted: list[Field], told: list[str]) -> str:
    return "; ".join(f"{field.label.lower()} {text}" for field, text in zip(wanted, told, strict=True))


def _one(field: Field, value: Any) -> str:
    if value in (None, ""):
        return "để trống"
    for choice, label in field.choices:
        if choice == value:
            return label
    text = _number(value)
    return f"{text}\u00a0{field.measure}" if field.measure else text


def _rate(inputs: Inputs) -> str:
    top, bottom = _decimal(inputs.get("numerator")), _decimal(inputs.get("denominator"))
    text = f"{_number(inputs.get('numerator'))} / {_number(inputs.get('denominator'))}"
    if top is None or not bottom:
        return text
    return f"{text} = {number(round(top / bottom * 100, 2))}\u00a0%"


def _decimal(value: Any) -> Decimal | None:
    """A number that a method would take; anything else is shown as it was typed."""
    try:
        read = Decimal(str(value))
    except ArithmeticError:
        return None
    return read if read.is_finite() and abs(read) <= LARGEST_INPUT else None


def _number(value: Any) -> str:
    read = _decimal(value)
    return number(read) if read is not None else str(value or "–")


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


# --- inputs worth showing ----------------------------------------------------------------------------
def _met(params: Params) -> Iterator[Inputs]:
    yield {"met": "1"}
    yield {"met": "0"}


def _choices(params: Params) -> Iterator[Inputs]:
    yield from ({"choice": str(row["label"])} for row in params["choices"])
    yield {}


def _ratios(params: Params) -> Iterator[Inputs]:
    pairs = [("100", "100"), ("45", "50"), ("2", "3"), ("0", "50"), ("0", "0"), ("11", "10")]
    if "floor" in params:  # a rate at it, and the next one below
        at = value_of(params, "floor") * HUNDRED
        pairs[2:4] = [(_text(at), "10000"), (_text(max(at - 1, ZERO)), "10000")]
    yield from ({"numerator": top, "denominator": bottom} for top, bottom in pairs)


def _around(bounds: Iterable[Decimal]) -> Iterator[Decimal]:
    """Just above, at and just below every bound; nothing below 0, where a rate has no values."""
    for bound in bounds:
        near = Decimal("0.01") if bound == round(bound, 2) else Decimal("0.0001")
        yield bound + near
        yield bound
        if bound != 0:
            yield bound - near


def _steps(params: Params) -> Iterator[Inputs]:
    rows = params["steps"]
    wanted = list(_around(value_of(row, "v") for row in rows))
    yield from ({"value": _text(value)} for value in sorted(set(wanted), reverse=True))


def _line(params: Params) -> Iterator[Inputs]:
    low, high = sorted((value_of(params, "x1"), value_of(params, "x2")))
    whole = high - low
    inside = (low + whole * share for share in (Decimal("0.25"), Decimal("0.5"), Decimal("0.75")))
    outside = whole / 10
    yield from ({"value": _text(x)} for x in (max(low - outside, ZERO), low, *inside, high, high + outside))


def _counts(most: Decimal | None, each: Decimal) -> Iterator[Inputs]:
    """None, one, two, and the counts around the one with which nothing more is added."""
    yield from ({"count": str(count)} for count in (0, 1, 2))
    if most is None:
        yield {"count": "10"}
        return
    last = int(-(-most // each))
    yield from ({"count": str(count)} for count in (last - 1, last, last + 1) if count > 2)


def _counted(params: Params) -> Iterator[Inputs]:
    return _counts(optional(params, "max"), value_of(params, "points_each"))


def _deducted(params: Params) -> Iterator[Inputs]:
    down_to = optional(params, "floor") or ZERO
    return _counts(value_of(params, "max") - down_to, value_of(params, "deduct_each"))


def _penalised(params: Params) -> Iterator[Inputs]:
    return _counts(optional(params, "cap"), value_of(params, "deduct_each"))


def _graded(params: Params) -> Iterator[Inputs]:
    edges = [
        edge for row in params["ranges"] for edge in (value_of(row, "from"), optional(row, "to")) if edge
    ]
    step = ONE if all(edge % 1 == 0 for edge in edges) else Decimal("0.01")
    beside = {edge + way for edge in edges for way in (-step, ZERO, step) if edge + way >= 0}
    yield from ({"value": _text(value)} for value in sorted({ZERO, *beside}))


def _typed(params: Params) -> Iterator[Inputs]:
    least, most, step = (value_of(params, name) for name in ("min", "max", "step"))
    for value in (least, least + step, most, most + step, least + step / 2):
        yield {"value": _text(value)}


def _surveyed(params: Params) -> Iterator[Inputs]:
    whole = value_of(params, "scale_max")
    shares = ("1", "0.8667", "0.5", "0", "1.01")
    yield from ({"result": _text(whole * Decimal(share))} for share in shares)


def _indexed(params: Params) -> Iterator[Inputs]:
    yield from ({"index": value} for value in ("100", "92.35", "75.5", "0"))
    yield {}


def _formula(params: Params) -> Iterator[Inputs]:
    """Values that lead into every branch, a few of each, and one set that leads to a question."""
    names = [str(row["name"]) for row in params["variables"]]
    shown: dict[str, int] = {}
    kept: list[Inputs] = []
    for values in _combinations(len(names)):
        inputs = dict(zip(names, values, strict=True))
        branch = _branch(params, inputs)
        asks = points("formula_branches", params, inputs).value is None
        key = f"{branch}-{asks}"
        if shown.get(key, 0) < (2 if asks else 3):
            shown[key] = shown.get(key, 0) + 1
            kept.append(inputs)
    yield from kept


def _combinations(count: int) -> Iterator[tuple[str, ...]]:
    """Of few variables every mixture, the usual ones first; of many all alike and one that differs."""
    if count <= 3:
        values = ("10", "8", "0", "12", "1", "50", "100")
        places = sorted(product(range(len(values)), repeat=count), key=lambda one: (sum(one), one[::-1]))
        yield from (tuple(values[place] for place in one) for one in places)
        return
    for value in ("10", "8", "1", "0", "100"):
        yield (value,) * count
    yield from (tuple("10" if place == one else "8" for place in range(count)) for one in range(count))


def _branch(params: Params, inputs: Inputs) -> int:
    values = {name: Decimal(str(value)) for name, value in inputs.items()}
    for place, row in enumerate(params["branches"]):
        try:
            if not row.get("when") or condition(str(row["when"])).value(values):
                return place
        except ArithmeticError:
            return -1
    return -2


_INPUTS: dict[str, Callable[[Params], Iterator[Inputs]]] = {
    "all_or_nothing": _met,
    "tiered_choice": _choices,
    "tiered_percent_of_max": _choices,
    "deduct_percent": _choices,
    "tiered_threshold": _steps,
    "proportional": _ratios,
    "proportional_with_floor": _ratios,
    "linear_between": _line,
    "count_capped": _counted,
    "bonus_uncapped": _counted,
    "deduct_per_case": _deducted,
    "penalty_per_case": _penalised,
    "deduct_graded": _graded,
    "typed": _typed,
    "formula_branches": _formula,
    "survey": _surveyed,
    "index_share": _indexed,
}


def _against_leader(params: Params) -> Iterator[Sample]:
    """What the points come to once all figures are closed and the leading unit reached one and a half times its
    target."""
    for achieved in ("50", "100", "125", "150"):
        value = relative_points(value_of(params, "max"), Decimal(achieved), HUNDRED, LEADER)
        words = f"kết quả {achieved}; chỉ tiêu 100; đơn vị dẫn đầu đạt {number(LEADER * 100)}\u00a0%"
        yield Sample(words, Score(value), {"achieved": achieved, "target": "100"})


def is_within(method_id: str, params: Params, score: Score) -> bool:
    """Whether points lie between the fewest and the most that the method gives."""
    most, least, _ = METHODS[method_id].bounds(params)
    return score.value is None or least <= score.value <= min(most, LIMIT)
