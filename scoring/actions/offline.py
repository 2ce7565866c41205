"""Lines that were filled in a workbook: what would become of one, and writing those that were confirmed."""

from collections.abc import Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.journal import record
from core.workflow import Refused
from scoring.actions.lines import (
    Entered,
    checked,
    enter,
    save_appraised,
    save_lines,
)
from scoring.models import Line, Scorecard


def outcome_of(
    line: Line,
    column: str,
    *,
    by: Any,
    inputs: Mapping[str, Any],
    score: Decimal | None,
    text: str,
    confirmed: Mapping[int, Decimal],
) -> Decimal | None:
    """The score that would stand on the line; raises ``Refused`` as writing it would. Nothing is written."""
    if column != "self":
        checked(line, line.approved_score, score, text)
        return score
    trial = copy(line)
    enter(trial, by, inputs, score, text, known=confirmed)
    return trial.self_score


@transaction.atomic
def write_lines(sheet: Scorecard, column: str, entries: Sequence[Entered], *, by: Any) -> int:
    """All or none, under the rules of the page; the lines carry the versions that were shown."""
    if column == "self":
        save_lines(sheet, entries, by=by)
    elif column == "appraised":
        for line, _, score, text in entries:
            save_appraised(line, by=by, score=score, reason=text, version=line.version)
    else:
        raise Refused("Cột này không điền bằng tệp Excel.")
    label = f"Nhập {len(entries)} tiêu chí từ tệp Excel"
    record(sheet, "offline", by=by, label=label)
    return len(entries)
