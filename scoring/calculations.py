"""Points, totals, indexes, ranks and classes. Exact decimals, no Django.

Nothing is ever guessed: where the inputs do not decide the points, the answer is a question for a person.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from campaigns.methods import METHODS, number

ZERO, HUNDRED = Decimal(0), Decimal(100)
# Kept on the sheet; what is published is rounded further.
STORED_PLACES = 4
PUBLISHED_PLACES = 2
# Larger numbers are typing errors: no office counts a thousand million cases.
LARGEST_INPUT = Decimal(1_000_000_000)
ANSWER = "hãy nhập điểm và ghi giải trình."

Params = Mapping[str, Any]
Inputs = Mapping[str, Any]


class Asked(StrEnum):
    """Why there are no points: nothing given yet, something impossible given, or the rule does not decide (0/0)."""

    MISSING = "missing"
    WRONG = "wrong"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Score:
    """Points that follow from the inputs, or the question that a person must answer first."""

    value: Decimal | None = None
    question: str = ""
    asked: Asked | None = None


@dataclass(frozen=True)
class Field:
    """One input of a method: its key in ``inputs``, its label and what may be chosen (empty: a number)."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    measure: str = ""


class Band(Protocol):
    """A class of the result, from its lower bound (included) upwards."""

    @property
    def lower_bound(self) -> Decimal: ...


K = TypeVar("K", bound=Hashable)
B = TypeVar("B", bound=Band)


@dataclass(frozen=True)
class Place(Generic[K]):
    """Where one competitor stands."""

    key: K
    value: Decimal
    rank: int
    is_tied: bool


class _Ask(Exception):
    """The inputs do not decide the points."""

    def __init__(self, question: str, asked: Asked) -> None:
        super().__init__(question)
        self.score = Score(None, question, asked)


def fields(method_id: str, params: Params) -> list[Field]:
    """The inputs a person gives; ``typed`` has none: there the score itself is typed."""
    if method_id == "all_or_nothing":
        return [Field("met", "Kết quả", (("1", "Đạt"), ("0", "Không đạt")))]
    if method_id == "tiered_choice":
        labels = [str(row["label"]) for row in params.get("choices", [])]
        return [Field("choice", "Mức đạt được", tuple((label, label) for label in labels))]
    if method_id == "tiered_threshold":
        return [Field("value", "Kết quả đạt được", measure=str(params.get("measure", "")))]
    if method_id == "proportional":
        return [
            Field("numerator", _sentence(params.get("numerator")) or "Tử số"),
            Field("denominator", _sentence(params.get("denominator")) or "Mẫu số"),
        ]
    if method_id in {"count_capped", "deduct_per_case"}:
        return [Field("count", "Số lượng", measure=str(params.get("measure", "")))]
    return []


def points(method_id: str, params: Params, inputs: Inputs) -> Score:
    """The points of one criterion; never silently zero."""
    compute = _METHODS.get(method_id)
    if compute is None or METHODS[method_id].problems(params):
        return Score(None, f"Cách chấm chưa hợp lệ: {ANSWER}", Asked.UNDECIDED)
    try:
        return Score(round_half_up(compute(params, inputs), STORED_PLACES))
    except _Ask as ask:
        return ask.score


def total(scores: Iterable[Decimal | None]) -> Decimal:
    """The sum of the scores that have been given."""
    return sum((score for score in scores if score is not None), ZERO)


def index(score: Decimal, applicable_max: Decimal) -> Decimal | None:
    """The share of the applicable maximum in percent, not rounded; None when nothing was applicable."""
    return score / applicable_max * HUNDRED if applicable_max > 0 else None


def round_half_up(value: Decimal, places: int) -> Decimal:
    """2.345 → 2.35 and −2.345 → −2.35: away from zero when exactly in the middle."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def rank(rows: Iterable[tuple[K, Decimal]]) -> list[Place[K]]:
    """Best first; equal values share a rank and the next rank is left out: 1-2-2-4. Given order breaks no tie."""
    ordered = sorted(rows, key=lambda row: row[1], reverse=True)
    first: dict[Decimal, int] = {}
    times: dict[Decimal, int] = {}
    for position, (_, value) in enumerate(ordered, start=1):
        first.setdefault(value, position)
        times[value] = times.get(value, 0) + 1
    return [Place(key, value, first[value], times[value] > 1) for key, value in ordered]


def band_of(value: Decimal, bands: Iterable[B]) -> B | None:
    """The highest band whose lower bound is reached; None below all of them."""
    reached = [band for band in bands if value >= band.lower_bound]
    return max(reached, key=lambda band: band.lower_bound, default=None)


def problems_with_score(
    value: Decimal, maximum: Decimal, minimum: Decimal = ZERO, step: Decimal | None = None
) -> list[str]:
    """Why this number cannot be the score of a criterion, in Vietnamese."""
    if not value.is_finite():
        return [f"Nhập một số từ {number(minimum)} đến {number(maximum)}."]
    if value > maximum or value < minimum:
        return [f"Điểm phải từ {number(minimum)} đến {number(maximum)}; {number(value)} không hợp lệ."]
    if value != round_half_up(value, STORED_PLACES):
        return [f"Điểm có nhiều nhất {STORED_PLACES} chữ số thập phân."]
    if step and (value - minimum) % step:
        return [f"Điểm phải theo bước {number(step)}, tính từ {number(minimum)}."]
    return []


def bounds(method_id: str, params: Params, maximum: Decimal) -> tuple[Decimal, Decimal, Decimal | None]:
    """Most and least points of a criterion, and the step of a typed score: the rest of ``problems_with_score``."""
    if method_id == "typed" and not METHODS["typed"].problems(params):
        return _decimal(params["max"]), _decimal(params["min"]), _decimal(params["step"])
    return maximum, ZERO, None


def _typed(params: Params, inputs: Inputs) -> Decimal:
    value = _number(inputs, "value", "Hãy nhập điểm.")
    for problem in problems_with_score(value, *bounds("typed", params, _decimal(params["max"]))):
        raise _Ask(problem, Asked.WRONG)
    return value


def _all_or_nothing(params: Params, inputs: Inputs) -> Decimal:
    met = inputs.get("met")
    if met in (True, "1"):
        return _decimal(params["max"])
    if met in (False, "0"):
        return ZERO
    raise _Ask("Hãy chọn Đạt hoặc Không đạt.", Asked.MISSING)


def _tiered_choice(params: Params, inputs: Inputs) -> Decimal:
    chosen = inputs.get("choice")
    for row in params["choices"]:
        if row["label"] == chosen:
            return _decimal(row["points"])
    raise _Ask("Hãy chọn một mức.", Asked.MISSING)


def _tiered_threshold(params: Params, inputs: Inputs) -> Decimal:
    value = _number(inputs, "value", "Hãy nhập kết quả đạt được.")
    for step in params["steps"]:
        bound = _decimal(step["v"])
        if value > bound or (step["op"] == ">=" and value == bound):
            return _decimal(step["points"])
    raise _Ask(f"Kết quả {number(value)} không thuộc ngưỡng nào: {ANSWER}", Asked.UNDECIDED)


def _proportional(params: Params, inputs: Inputs) -> Decimal:
    top = _count(inputs, "numerator", "Hãy nhập tử số.")
    bottom = _count(inputs, "denominator", "Hãy nhập mẫu số.")
    if bottom == 0:
        raise _Ask(f"Mẫu số bằng 0 nên không tính được tỷ lệ: {ANSWER}", Asked.UNDECIDED)
    if top > bottom:
        raise _Ask(f"Tử số lớn hơn mẫu số; nếu đúng như vậy, {ANSWER}", Asked.UNDECIDED)
    return top / bottom * _decimal(params["max"])


def _count_capped(params: Params, inputs: Inputs) -> Decimal:
    count = _count(inputs, "count", "Hãy nhập số lượng.")
    return min(count * _decimal(params["points_each"]), _decimal(params["max"]))


def _deduct_per_case(params: Params, inputs: Inputs) -> Decimal:
    count = _count(inputs, "count", "Hãy nhập số lần; không có lần nào thì nhập 0.")
    left = _decimal(params["max"]) - count * _decimal(params["deduct_each"])
    return max(left, _decimal(params["floor"]))


_METHODS: dict[str, Callable[[Params, Inputs], Decimal]] = {
    "typed": _typed,
    "all_or_nothing": _all_or_nothing,
    "tiered_choice": _tiered_choice,
    "tiered_threshold": _tiered_threshold,
    "proportional": _proportional,
    "count_capped": _count_capped,
    "deduct_per_case": _deduct_per_case,
}


def _count(inputs: Inputs, name: str, question: str) -> Decimal:
    value = _number(inputs, name, question)
    if value < 0:
        raise _Ask("Số liệu không được âm.", Asked.WRONG)
    return value


def _number(inputs: Inputs, name: str, question: str) -> Decimal:
    given = inputs.get(name)
    if given is None or given == "":
        raise _Ask(question, Asked.MISSING)
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        raise _Ask(f"“{given}” không phải là số.", Asked.WRONG) from None
    if not value.is_finite() or abs(value) > LARGEST_INPUT:
        raise _Ask(f"“{given}” không phải là số liệu hợp lệ.", Asked.WRONG)
    return value


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _sentence(text: Any) -> str:
    words = str(text or "").strip()
    return words[:1].upper() + words[1:]


def sums(levels: Sequence[tuple[int, Decimal | None]]) -> list[Decimal | None]:
    """Sums of the inner nodes of a tree given in order as (level, score); leaves keep their score.

    A node that comes before deeper ones is the sum of the given scores below it; None when none is given.
    """
    found: list[Decimal | None] = [score for _, score in levels]
    for place, (level, _) in enumerate(levels):
        below = []
        for deeper, score in levels[place + 1 :]:
            if deeper <= level:
                break
            below.append(score)
        if place + 1 < len(levels) and levels[place + 1][0] > level:
            found[place] = total(below) if any(score is not None for score in below) else None
    return found
