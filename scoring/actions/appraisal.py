"""What the appraising side does with whole sheets: two appraisals with the explanation between them, the council."""

from collections.abc import Iterable, Mapping
from typing import Any

import rules
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from campaigns.models import Stage
from core.journal import record
from core.models import Entry
from core.workflow import Refused, lock
from scoring.actions.columns import may_look_again
from scoring.actions.lines import keep_sheet
from scoring.actions.sheets import advance_sheet, flag_lines
from scoring.mails import sheets as mails
from scoring.models import Scorecard


@transaction.atomic
def appraise(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Where the appraiser has changed nothing, the approved score stands."""
    entry = advance_sheet(sheet, "appraise", by, comment, version, stage=Stage.APPRAISAL)
    _take_over(sheet, "appraised", ["approved"])
    sheet.appraised_by = by
    keep_sheet(sheet, "appraised_by")
    mails.appraised(sheet, entry)
    return entry


@transaction.atomic
def ask(
    sheet: Scorecard,
    *,
    by: Any,
    flags: Mapping[int, str],
    comment: str = "",
    version: int | None = None,
) -> Entry:
    """End the first appraisal with questions: the flagged lines wait for the unit's explanation, the rest stands."""
    entry = advance_sheet(sheet, "ask", by, comment, version, stage=Stage.APPRAISAL)
    if not flag_lines(sheet, flags, by=by, keep=True):
        raise Refused("Hãy ghi nội dung cần giải trình ở ít nhất một tiêu chí.")
    _take_over(sheet, "appraised", ["approved"])
    sheet.appraised_by = by
    keep_sheet(sheet, "appraised_by")
    mails.explanation_asked(sheet, entry)
    return entry


@transaction.atomic
def explain(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Hand the explanations over; whoever asked looks again."""
    entry = advance_sheet(sheet, "explain", by, comment, version, stage=Stage.EXPLANATION)
    keep_sheet(sheet)
    mails.explained(sheet, entry)
    return entry


@transaction.atomic
def appraise_again(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """End the second appraisal: what was asked and answered stays readable on the lines."""
    entry = advance_sheet(sheet, "appraise_again", by, comment, version, stage=Stage.SECOND_APPRAISAL)
    _refuse_unseen(sheet, by)
    _take_over(sheet, "second", ["appraised"])
    sheet.lines.filter(is_flagged=True).update(is_flagged=False)
    sheet.second_appraised_by = by
    keep_sheet(sheet, "second_appraised_by")
    mails.appraised(sheet, entry)
    return entry


@transaction.atomic
def conclude(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Record the council's conclusion; where it changed nothing, what stood before stands."""
    entry = advance_sheet(sheet, "conclude", by, comment, version, stage=Stage.COUNCIL)
    _take_over(sheet, "final", ["second", "appraised", "office", "approved"])
    sheet.concluded_by = by
    keep_sheet(sheet, "concluded_by")
    return entry


@transaction.atomic
def reconsider(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Take a conclusion up again; its scores and reasons stay as they are."""
    entry = advance_sheet(sheet, "reconsider", by, comment, version)
    keep_sheet(sheet)
    return entry


@transaction.atomic
def reopen(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Take an appraised sheet up again; scores and reasons stay as they are."""
    entry = advance_sheet(sheet, "reopen", by, comment, version)
    keep_sheet(sheet)
    mails.reopened(sheet, entry)
    return entry


@transaction.atomic
def reopen_published(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Open one published sheet again. The publication stands as it is until the round is published again."""
    entry = advance_sheet(sheet, "reopen_published", by, comment, version)
    keep_sheet(sheet)
    mails.reopened(sheet, entry)
    return entry


def _refuse_unseen(sheet: Scorecard, by: Any) -> None:
    """What somebody else asked waits for his own look; an answer nobody has read is not taken over."""
    asked = sheet.lines.filter(is_flagged=True, second_score__isnull=True)
    unseen = [
        line
        for line in asked.select_related("criterion", "flagged_by__person").order_by("criterion__position")
        if not may_look_again(line, by)
    ]
    if unseen:
        said = ", ".join(f"{line.criterion.code} ({line.flagged_by.display_name})" for line in unseen)
        raise Refused(f"Tiêu chí còn chờ người đã yêu cầu giải trình thẩm định lại: {said}.")


def _take_over(sheet: Scorecard, column: str, before: Iterable[str]) -> None:
    names = [F(f"{name}_score") for name in before]
    open_lines = sheet.lines.filter(**{f"{column}_score__isnull": True}, is_excluded=False)
    open_lines.update(
        **{f"{column}_score": Coalesce(*names) if len(names) > 1 else names[0]}, version=F("version") + 1
    )


@transaction.atomic
def note_questions(sheet: Scorecard, *, by: Any, flags: Mapping[int, str]) -> None:
    """An appraiser of single rows notes what the unit must explain; who looks after the whole sends all at once."""
    lock(sheet)
    if sheet.state != Scorecard.State.APPROVED or not rules.has_perm("scoring.appraise_row", by, sheet):
        raise Refused("Phiếu không ở giai đoạn thẩm định lần 1 của bạn.")
    chosen = flag_lines(sheet, flags, by=by, keep=True)
    keep_sheet(sheet)
    codes = ", ".join(line.criterion.code for line in chosen)
    record(sheet, "note_questions", by=by, label=f"Ghi yêu cầu giải trình ở tiêu chí {codes}")
