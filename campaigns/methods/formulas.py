"""Formulas with named variables: a small closed grammar over exact decimals. Nothing else can be said in it.

    choice     := both (("or" | "hoặc") both)*
    both       := negation (("and" | "và") negation)*
    negation   := ("not" | "không") negation | comparison
    comparison := sum ((">=" | ">" | "<=" | "<" | "=" | "==" | "<>" | "!=") sum)?
    sum        := product (("+" | "-") product)*
    product    := sign (("*" | "/") sign)*
    sign       := "-" sign | atom
    atom       := number | variable | ("min" | "max" | "abs") "(" sum (";" sum)* ")" | "(" choice ")"

A number is written 0.5 or 0,5; that is why the arguments of a function are parted by ";", as in an
Excel sheet with Vietnamese settings.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST, DEEPEST = 500, 30
DIGITS = "0123456789"  # other digits, ¹ or ٣, are no numbers here
Values = Mapping[str, Decimal]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:[.,][0-9]+)?)|(?P<word>[^\W\d]\w*)|(?P<sign>>=|<=|<>|!=|==|[-+*/()<>=;]))"
)
_WORDS = {"và": "and", "hoặc": "or", "không": "not"}
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "==": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
}
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,  # decimal's own errors say when it cannot be done
}
_FUNCTIONS: dict[str, Callable[..., Decimal]] = {
    "min": min,
    "max": max,
    "abs": abs,
}


class FormulaError(ValueError):
    """The text is no formula; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its variables, and its value for given ones (``ArithmeticError`` may come)."""

    names: frozenset[str]
    is_condition: bool
    value: Callable[[Values], Decimal]


@lru_cache(maxsize=512)
def expression(text: str) -> Formula:
    """A formula whose value is a number."""
    formula = _Reader(text).whole()
    if formula.is_condition:
        raise FormulaError(f"“{text}” là một điều kiện, ở đây cần một số.")
    return formula


@lru_cache(maxsize=512)
def condition(text: str) -> Formula:
    """A formula that is true or false (1 or 0)."""
    formula = _Reader(text).whole()
    if not formula.is_condition:
        raise FormulaError(f"“{text}” là một số, ở đây cần một điều kiện, ví dụ x >= y.")
    return formula


class _Reader:
    """Reads one formula from left to right; each rule of the grammar is one method."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise FormulaError(f"Công thức dài quá {LONGEST} ký tự.")
        self.tokens = _split(text)
        self.place = 0
        self.depth = 0

    def whole(self) -> Formula:
        found = self._choice()
        if self._next() is not None:
            raise FormulaError(f"Không hiểu “{self._next()}” trong công thức.")
        return found

    def _choice(self) -> Formula:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError("Công thức lồng quá nhiều ngoặc.")
        found = self._both()
        while self._take("or"):
            found = _either(found, self._both())
        self.depth -= 1
        return found

    def _both(self) -> Formula:
        found = self._negation()
        while self._take("and"):
            found = _all(found, self._negation())
        return found

    def _negation(self) -> Formula:
        if not self._take("not"):
            return self._comparison()
        inner = _must(self._negation(), is_condition=True)
        return Formula(inner.names, True, lambda values: Decimal(not inner.value(values)))

    def _comparison(self) -> Formula:
        left = self._sum()
        sign = self._take(*_COMPARE)
        if not sign:
            return left
        return _combined(left, self._sum(), _COMPARE[sign], is_condition=True)

    def _sum(self) -> Formula:
        found = self._product()
        while sign := self._take("+", "-"):
            found = _combined(found, self._product(), _ARITHMETIC[sign])
        return found

    def _product(self) -> Formula:
        found = self._sign()
        while sign := self._take("*", "/"):
            found = _combined(found, self._sign(), _ARITHMETIC[sign])
        return found

    def _sign(self) -> Formula:
        negative = False
        while self._take("-"):
            negative = not negative
        inner = self._atom()
        if not negative:
            return inner
        _must(inner, is_condition=False)
        return Formula(inner.names, False, lambda values: -inner.value(values))

    def _atom(self) -> Formula:
        if self._take("("):
            inner = self._choice()
            self._expect(")")
            return inner
        token = self._next()
        if token is None:
            raise FormulaError("Công thức còn thiếu ở cuối.")
        self.place += 1
        if token in _FUNCTIONS:
            return self._call(token)
        if token[0] in DIGITS:
            constant = Decimal(token.replace(",", "."))
            return Formula(frozenset(), False, lambda values: constant)
        if token.isidentifier() and token not in {"and", "or", "not"}:
            return Formula(frozenset({token}), False, lambda values: values[token])
        raise FormulaError(f"Không hiểu “{token}” trong công thức.")

    def _call(self, name: str) -> Formula:
        self._expect("(")
        given = [_must(self._choice(), is_condition=False)]
        while self._take(";"):
            given.append(_must(self._choice(), is_condition=False))
        self._expect(")")
        if name == "abs" and len(given) > 1:
            raise FormulaError("Hàm abs chỉ nhận một số.")
        function = _FUNCTIONS[name]
        names = frozenset[str]().union(*(one.names for one in given))
        return Formula(names, False, lambda values: function(*(one.value(values) for one in given)))

    def _next(self) -> str | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _take(self, *wanted: str) -> str:
        token = self._next()
        if token is None or token not in wanted:
            return ""
        self.place += 1
        return token

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise FormulaError(f"Thiếu dấu “{sign}” trong công thức.")


def _split(text: str) -> list[str]:
    tokens, place = [], 0
    text = text.strip()
    if not text:
        raise FormulaError("Chưa có công thức.")
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise FormulaError(f"Không hiểu “{text[place:].strip()[:10]}” trong công thức.")
        word = found.group("word")
        tokens.append(_WORDS.get(word.lower(), word) if word else found.group().strip())
        place = found.end()
    return tokens


def _must(one: Formula, *, is_condition: bool) -> Formula:
    if one.is_condition != is_condition:
        raise FormulaError("Công thức lẫn lộn số với điều kiện.")
    return one


def _combined(
    left: Formula,
    right: Formula,
    operation: Callable[[Decimal, Decimal], Decimal | bool],
    *,
    is_condition: bool = False,
) -> Formula:
    _must(left, is_condition=False)
    _must(right, is_condition=False)
    return Formula(
        left.names | right.names,
        is_condition,
        lambda values: Decimal(operation(left.value(values), right.value(values))),
    )


def _either(left: Formula, right: Formula) -> Formula:
    _must(left, is_condition=True)
    _must(right, is_condition=True)
    return Formula(left.names | right.names, True, lambda values: left.value(values) or right.value(values))


def _all(left: Formula, right: Formula) -> Formula:
    _must(left, is_condition=True)
    _must(right, is_condition=True)
    return Formula(left.names | right.names, True, lambda values: left.value(values) and right.value(values))
