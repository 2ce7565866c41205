"""What a method may be told in ``params``, which hold decimals as strings ("0.5"), and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaigns.methods.formulas import FormulaError, condition, expression
from campaigns.methods.values import HUNDRED, Params, decimal

OPERATORS = {">=": "từ", ">": "trên"}


class Kind(StrEnum):
    """What a parameter holds, and so which field asks for it."""

    DECIMAL = "decimal"
    TEXT = "text"
    FLAG = "flag"
    CHOICES = "choices"
    SHARES = "shares"
    STEPS = "steps"
    RANGES = "ranges"
    VARIABLES = "variables"
    BRANCHES = "branches"


@dataclass(frozen=True)
class Part:
    """One column of a parameter that is a list of rows. ``kind``: points, percent, bound, op, text, name …"""

    name: str
    label: str
    kind: str
    is_required: bool = True


# The columns of every kind that is a list of rows: what is stored, and what a form asks for.
ROWS: dict[Kind, tuple[Part, ...]] = {
    Kind.CHOICES: (Part("label", "Tên mức", "text"), Part("points", "Điểm", "points")),
    Kind.SHARES: (Part("label", "Tên mức", "text"), Part("percent", "% điểm tối đa", "percent")),
    Kind.STEPS: (
        Part("op", "Khi đạt", "op"),
        Part("v", "Ngưỡng", "bound"),
        Part("points", "Điểm", "points"),
    ),
    Kind.RANGES: (
        Part("from", "Từ", "points"),
        Part("to", "Đến", "points", is_required=False),
        Part("points", "Trừ", "points"),
    ),
    Kind.VARIABLES: (Part("name", "Tên biến", "name"), Part("label", "Nội dung số liệu", "text")),
    Kind.BRANCHES: (
        Part("when", "Khi", "condition", is_required=False),
        Part("score", "Điểm", "formula"),
    ),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a method: its key in ``params`` and how a form asks for it."""

    name: str
    label: str
    kind: Kind = Kind.DECIMAL
    hint: str = ""
    is_required: bool = True


def problems_of(parameter: Parameter, value: Any) -> list[str]:
    """What is wrong with one value, in Vietnamese."""
    if value is None or value == "" or value == []:
        return [f"Thiếu “{parameter.label}”."] if parameter.is_required else []
    if parameter.kind == Kind.DECIMAL:
        return _points(f"“{parameter.label}”", value)
    if parameter.kind == Kind.TEXT:
        fine = isinstance(value, str) and value.strip()
        return [] if fine else [f"“{parameter.label}” phải là chữ."]
    if parameter.kind == Kind.FLAG:
        return [] if isinstance(value, bool) else [f"“{parameter.label}” phải là có hoặc không."]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return [f"“{parameter.label}” phải là một danh sách các mức."]
    return [problem for place, row in enumerate(value, start=1) for problem in _row(parameter, place, row)]


def _row(parameter: Parameter, place: int, row: Params) -> Iterator[str]:
    parts = ROWS[parameter.kind]
    where = f"{_ROW_NAMES.get(parameter.kind, 'Mức')} {place}"
    for name in sorted(set(row) - {part.name for part in parts}):
        yield f"{where}: không có mục “{name}”."
    for part in parts:
        value = row.get(part.name)
        if value is not None and str(value).strip():
            yield from _PARTS[part.kind](f"{where}: {part.label.lower()}", value)
        elif part.is_required:
            yield f"{where}: thiếu {part.label.lower()}."


_ROW_NAMES = {Kind.VARIABLES: "Biến", Kind.BRANCHES: "Nhánh"}


def _points(where: str, value: Any) -> list[str]:
    read = decimal(value)
    if read is None:
        return [f"{where} phải là một số có nhiều nhất 4 chữ số thập phân, ví dụ 0,5."]
    return [f"{where} không được âm."] if read < 0 else []


def _percent(where: str, value: Any) -> list[str]:
    found = _points(where, value)
    read = decimal(value)
    return found or ([f"{where} không được quá 100."] if read is not None and read > HUNDRED else [])


def _bound(where: str, value: Any) -> list[str]:
    return [] if decimal(value) is not None else [f"{where} phải là một số."]


def _op(where: str, value: Any) -> list[str]:
    return [] if value in OPERATORS else [f"{where}: phép so sánh phải là > hoặc >=."]


def _text(where: str, value: Any) -> list[str]:
    """A bar parts the columns where rows are written as text (``campaigns.methods.text``)."""
    if not isinstance(value, str):
        return [f"{where} phải là chữ."]
    return [f"{where} không được có dấu “|”."] if "|" in value else []


def _name(where: str, value: Any) -> list[str]:
    fine = isinstance(value, str) and value.isidentifier() and value.isascii() and len(value) <= 20
    return [] if fine else [f"{where} phải là chữ không dấu, không cách, ví dụ x hoặc so_ho_so."]


def _reads(read: Callable[[str], object]) -> Callable[[str, Any], list[str]]:
    def check(where: str, value: Any) -> list[str]:
        try:
            read(str(value))
        except FormulaError as error:
            return [f"{where}: {error}"]
        return []

    return check


_PARTS: dict[str, Callable[[str, Any], list[str]]] = {
    "points": _points,
    "percent": _percent,
    "bound": _bound,
    "op": _op,
    "text": _text,
    "name": _name,
    "formula": _reads(expression),
    "condition": _reads(condition),
}
