"""The ways points follow from what is entered: parameters, limits, words and arithmetic. Pure, without Django.

Every method of ``reference/README.md`` that one line of a sheet decides is here, and how inner nodes join their
children (``GROUPS``); what depends on the whole sheet or on other units is computed in ``scoring.calculations``.
"""

import json
from decimal import Decimal
from functools import lru_cache

from campaigns.methods import branches, counts, levels, outside, rates
from campaigns.methods.examples import EXAMPLES
from campaigns.methods.formulas import LONGEST
from campaigns.methods.groups import ALL_OF, ANY_OF, BONUS_BLOCK, GROUPS, Group
from campaigns.methods.method import Filler, Method
from campaigns.methods.names import method_named
from campaigns.methods.outside import relative_points
from campaigns.methods.parameters import OPERATORS, ROWS, Kind, Parameter, Part
from campaigns.methods.tree import Node, Sums, evaluate, joined
from campaigns.methods.values import (
    ANSWER,
    STORED_PLACES,
    ZERO,
    Ask,
    Asked,
    Field,
    Inputs,
    Params,
    Score,
    decimal,
    number,
    optional,
    round_half_up,
)

__all__ = [
    "ALL_OF",
    "ANY_OF",
    "BONUS_BLOCK",
    "EXAMPLES",
    "GROUPS",
    "LONGEST",
    "METHODS",
    "NAMES",
    "OPERATORS",
    "ROWS",
    "STORED_PLACES",
    "Asked",
    "Field",
    "Filler",
    "Group",
    "Inputs",
    "Kind",
    "Method",
    "Parameter",
    "Params",
    "Part",
    "Score",
    "Sums",
    "Node",
    "bounds",
    "decimal",
    "describe",
    "evaluate",
    "joined",
    "method_named",
    "fields",
    "filler_of",
    "group_problems",
    "is_sound",
    "node",
    "number",
    "points",
    "problems_of",
    "relative_points",
    "round_half_up",
]

METHODS: dict[str, Method] = {
    method.id: method
    for method in [*counts.METHODS, *levels.METHODS, *rates.METHODS, *branches.METHODS, *outside.METHODS]
}
NAMES = [(method.id, method.name) for method in METHODS.values()]


def problems_of(method_id: str, params: Params, max_score: Decimal | None = None) -> list[str]:
    """Everything wrong with a leaf's method: unknown, bad parameters, or not giving exactly its maximum."""
    method = METHODS.get(method_id)
    if method is None:
        return [f"Không có cách chấm “{method_id}”." if method_id else "Chưa chọn cách chấm."]
    found = method.problems(params)
    if not found and max_score is not None and method.maximum(params) != max_score:
        found = [
            f"Cách chấm cho nhiều nhất {number(method.maximum(params))} điểm, "
            f"khác điểm tối đa {number(max_score)} của tiêu chí."
        ]
    return found


def group_problems(rule: str, params: Params, max_score: Decimal) -> list[str]:
    """What is wrong with how an inner node joins its children; nothing named: it adds them up."""
    group = GROUPS.get(rule)
    if group is None:
        return [f"Không có cách cộng “{rule}”."] if rule else []
    if group.has_points and max_score <= 0:
        return ["Điểm tối đa phải lớn hơn 0."]
    return group.problems(params)


def node(
    key: int, level: int, is_leaf: bool, max_score: Decimal, rule: str = "", params: Params | None = None
) -> Node:
    """One row of a table of criteria; an inner one with how it joins its children."""
    if is_leaf:
        return Node(key, level, True, max_score)
    caps = [optional(params or {}, name) for name in ("bonus_cap", "penalty_cap")]
    return Node(key, level, False, max_score, rule, *caps)


def filler_of(method_id: str) -> Filler:
    """Who gives the inputs of a criterion."""
    method = METHODS.get(method_id)
    return method.filler if method else Filler.UNIT


def describe(method_id: str, params: Params) -> str:
    """The method or the group's rule in words; safe for anything stored, also for what an old draft may hold."""
    return _known(method_id, _text(params))[1]


def is_sound(method_id: str, params: Params) -> bool:
    """Whether the method can be computed with these parameters."""
    return _known(method_id, _text(params))[0]


def _text(params: Params) -> str:
    """The same for the same parameters. Every row of a sheet asks about its own at every showing; a hundred rows would
    be checked again and again, and parameters seldom change."""
    return json.dumps(params, default=str)


@lru_cache(maxsize=5000)
def _known(method_id: str, text: str) -> tuple[bool, str]:
    """Whether the parameters are valid, and the method in words."""
    params = json.loads(text)
    group = GROUPS.get(method_id)
    if group is not None:
        return (False, group.name) if group.problems(params) else (True, group.words(params))
    method = METHODS.get(method_id)
    if method is None:
        return False, ""
    return (False, method.name) if method.problems(params) else (True, method.describe(params))


def fields(method_id: str, params: Params) -> list[Field]:
    """The inputs a person gives; ``typed`` has none: there the score itself is typed."""
    method = METHODS.get(method_id)
    return method.asks(params) if method else []


def points(method_id: str, params: Params, inputs: Inputs) -> Score:
    """The points of one criterion; never silently zero."""
    method = METHODS.get(method_id)
    if method is None or not is_sound(method_id, params):
        return Score(None, f"Cách chấm chưa hợp lệ: {ANSWER}", Asked.UNDECIDED)
    try:
        return Score(round_half_up(method.compute(params, inputs), STORED_PLACES))
    except Ask as ask:
        return ask.score


def bounds(method_id: str, params: Params, maximum: Decimal) -> tuple[Decimal, Decimal, Decimal | None]:
    """Most and least points of a criterion, and the step of a typed score."""
    method = METHODS.get(method_id)
    if method is None or not is_sound(method_id, params):
        return maximum, ZERO, None
    return method.bounds(params)
