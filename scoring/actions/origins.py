"""Where a figure that stands for a published index comes from: kept beside it, and a differing one explained."""

from decimal import Decimal

from core.vietnamese import format_decimal
from core.workflow import Refused
from scoring.models import Line
from scoring.queries.indexes import Source, source_of

FIGURE = "index"


def with_origin(line: Line, kept: dict[str, str], note: str, source: Source | None = None) -> dict[str, str]:
    """The inputs with what is published now (``source``, or asked here), its words and the publication."""
    if not kept.get(FIGURE):
        return kept
    found = source or source_of(line, line.scorecard)
    if found.value is None:
        if not note:
            raise Refused(f"{found.words} Số nhập tay phải có giải trình.")
        return kept
    if Decimal(kept[FIGURE]) != found.value and not note:
        raise Refused(
            f"Chỉ số đã công bố là {format_decimal(found.value)} ({found.words}); "
            "nếu ghi khác, hãy ghi giải trình."
        )
    return {
        **kept,
        "published": plain(found.value),
        "source": found.words,
        "publication": str(found.publication or ""),
    }


def is_own_figure(line: Line, source: Source) -> bool:
    """Whether somebody gave another figure than the one published now, and said why."""
    inputs = line.inputs
    differs = inputs.get(FIGURE) not in (None, "", inputs.get("published"))
    knew = source.value is not None and inputs.get("published") == plain(source.value)
    return bool(line.note) and differs and knew


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
