"""The values that methods work with: exact decimals, Vietnamese numbers, points or the question that is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Params = Mapping[str, Any]
Inputs = Mapping[str, Any]

ZERO, HUNDRED = Decimal(0), Decimal(100)
LIMIT = Decimal(99_999)
# Kept on the sheet; what is published is rounded further.
STORED_PLACES = 4
# Larger numbers are typing errors: no office counts a thousand million cases.
LARGEST_INPUT = Decimal(1_000_000_000)
ANSWER = "hãy nhập điểm và ghi giải trình."


class Asked(StrEnum):
    """Why there are no points: nothing given yet, something impossible given, the rule does not decide (0/0), or
    the points follow later from the figures of all units."""

    MISSING = "missing"
    WRONG = "wrong"
    UNDECIDED = "undecided"
    LATER = "later"


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


class Ask(Exception):
    """The inputs do not decide the points."""

    def __init__(self, question: str, asked: Asked) -> None:
        super().__init__(question)
        self.score = Score(None, question, asked)


def decimal(value: Any) -> Decimal | None:
    """The parameter as a Decimal; None for everything that is not a plain number of at most four decimals."""
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        return None
    try:
        read = Decimal(value)
    except InvalidOperation:
        return None
    exponent = read.normalize().as_tuple().exponent if read.is_finite() else None
    return read if isinstance(exponent, int) and exponent >= -4 and abs(read) <= LIMIT else None


def number(value: Decimal) -> str:
    """1234.5 as "1.234,5" (the pure twin of ``core.vietnamese.format_decimal``)."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.translate(str.maketrans(",.", ".,"))


def round_half_up(value: Decimal, places: int) -> Decimal:
    """2.345 → 2.35 and −2.345 → −2.35: away from zero when exactly in the middle."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def value_of(params: Params, name: str) -> Decimal:
    """A parameter that is known to be a number."""
    return Decimal(str(params[name]))


def optional(params: Params, name: str) -> Decimal | None:
    """A number that may be left out."""
    return None if params.get(name) in (None, "") else value_of(params, name)


def shown(params: Params, name: str) -> str:
    return number(value_of(params, name))


def sentence(text: Any) -> str:
    words = str(text or "").strip()
    return words[:1].upper() + words[1:]


def number_in(inputs: Inputs, name: str, question: str) -> Decimal:
    """A number that was given; otherwise the question for it."""
    given = inputs.get(name)
    if given is None or given == "":
        raise Ask(question, Asked.MISSING)
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        raise Ask(f"“{given}” không phải là số.", Asked.WRONG) from None
    if not value.is_finite() or abs(value) > LARGEST_INPUT:
        raise Ask(f"“{given}” không phải là số liệu hợp lệ.", Asked.WRONG)
    return value


def count_in(inputs: Inputs, name: str, question: str) -> Decimal:
    """A number of things: never negative."""
    value = number_in(inputs, name, question)
    if value < 0:
        raise Ask("Số liệu không được âm.", Asked.WRONG)
    return value


def choice_in(inputs: Inputs, rows: list[Params]) -> Params:
    """The chosen one of the rows of a parameter."""
    chosen = inputs.get("choice")
    for row in rows:
        if row["label"] == chosen:
            return row
    raise Ask("Hãy chọn một mức.", Asked.MISSING)
