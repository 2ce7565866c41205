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
    parts = []
    for one in fields(line.criterion.method, line.criterion.params):
        given = (line.inputs if inputs is None else inputs).get(one.name)
        if given not in (None, ""):
            text = dict(one.choices).get(given) or plain(given, False)
            parts.append(f"{text} {one.measure}".strip())
    where = origin(line) if inputs is None else ""
    return f"{' / '.join(parts)}{f' ({where})' if where else ''}"


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
