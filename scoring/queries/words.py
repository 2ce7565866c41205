"""What a line says in words, for pages and papers alike."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from campaigns.methods import fields
from core.vietnamese import format_decimal
from scoring.models import Line
from scoring.queries.indexes import METHOD


def facts(line: Line, inputs: Mapping[str, Any] | None = None) -> str:
    """The inputs in words, for those who do not fill them in."""
    parts, with_names = [], is_named(line)
    for one in fields(line.criterion.method, line.criterion.params):
        given = (line.inputs if inputs is None else inputs).get(one.name)
        if given not in (None, ""):
            text = f"{dict(one.choices).get(given) or plain(given, False)} {one.measure}".strip()
            parts.append(f"{one.label}: {text}" if with_names else text)
    where = origin(line) if inputs is None else ""
    return f"{('; ' if with_names else ' / ').join(parts)}{f' ({where})' if where else ''}"


def is_named(line: Line) -> bool:
    """Whether the figures of the row need their names: those of a formula, not the two parts of a rate."""
    return line.criterion.method == "formula_branches"


def origin(line: Line) -> str:
    """Of a row that takes over a published index: where its figure comes from, or that it is another one."""
    given, source = line.inputs.get("index"), line.inputs.get("source")
    if line.criterion.method != METHOD or not given:
        return ""
    if not source:
        return "Số nhập tay, chưa có kết quả công bố"
    published = line.inputs.get("published")
    return source if given == published else f"Khác số đã công bố là {plain(published, False)} % ({source})"


def plain(given: Any, is_choice: bool) -> str:
    """A kept input as a person types it."""
    if given in (None, "") or is_choice:
        return given or ""
    try:
        return format_decimal(Decimal(str(given))).replace(".", "")
    except ArithmeticError:
        return str(given)
