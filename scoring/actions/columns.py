"""What is written on single lines after the first appraisal, and what the Office enters for everybody."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import rules
from django.db import transaction

from campaigns.methods import Filler, filler_of, points
from core.vietnamese import normalize
from core.workflow import Refused, check_version
from scoring.actions.lines import clean_inputs, decide, hold, hold_to_fill, keep_lines, let_follow, told
from scoring.models import Line, Scorecard
from scoring.rules.sheets import may_appraise_row

State = Scorecard.State
UNDER_APPRAISAL = [State.APPROVED, State.EXPLAINING, State.EXPLAINED, State.APPRAISED]


@transaction.atomic
def save_explanation(line: Line, *, by: Any, text: str, version: int | None = None) -> Line:
    """The unit's answer to what an appraiser asked about this line; only flagged lines are open."""
    sheet = hold(line, "scoring.explain_scorecard", by, [State.EXPLAINING], "explanation")
    if not line.is_flagged:
        raise Refused("Tiêu chí này không có yêu cầu giải trình.")
    check_version(line, version)
    text = normalize(text)
    if text == line.explanation:
        return line
    line.explanation = text
    keep_lines(sheet, [(line, told(line, "explanation", by, "Giải trình", None, None, comment=text))])
    return line


@transaction.atomic
def save_second(
    line: Line, *, by: Any, score: Decimal | None, reason: str = "", version: int | None = None
) -> Line:
    """The score after the explanation; only whoever asked looks again."""
    hold(line, "scoring.appraise_row", by, [State.EXPLAINED], "second")
    if not line.is_flagged:
        raise Refused("Chỉ thẩm định lần 2 các tiêu chí đã yêu cầu giải trình.")
    asker = line.flagged_by
    if asker and not may_look_again(line, by):
        raise Refused(f"Tiêu chí này do {asker.display_name} yêu cầu giải trình nên người đó thẩm định lại.")
    return decide(line, "second", line.appraised_score, by, score, reason, version)


@transaction.atomic
def save_final(
    line: Line, *, by: Any, score: Decimal | None, reason: str = "", version: int | None = None
) -> Line:
    """The council's score for one line; without one what stood before stands."""
    hold(line, "scoring.conclude_scorecard", by, [State.APPRAISED], "final")
    before = (line.second_score, line.appraised_score, line.office_score, line.approved_score)
    given = next((one for one in before if one is not None), None)
    return decide(line, "final", given, by, score, reason, version)


@transaction.atomic
def save_office(line: Line, *, by: Any, inputs: Mapping[str, Any], version: int | None = None) -> Line:
    """What the Office enters for a row that no unit scores itself: the result of a survey."""
    sheet = hold(line, "scoring.enter_for_office", by, UNDER_APPRAISAL, "office")
    if filler_of(line.criterion.method) != Filler.OFFICE:
        raise Refused("Tiêu chí này do đơn vị tự chấm.")
    check_version(line, version)
    kept = clean_inputs(line, inputs)
    score = points(line.criterion.method, line.criterion.params, kept)
    if kept and score.value is None:
        raise Refused(score.question)
    if (kept, score.value) == (line.office_inputs, line.office_score):
        return line
    before, line.office_inputs, line.office_score = line.office_score, kept, score.value
    let_follow(line, "approved")
    keep_lines(sheet, [(line, told(line, "office", by, "Nhập kết quả điều tra", before, score.value))])
    return line


@transaction.atomic
def exclude(line: Line, *, by: Any, reason: str, version: int | None = None) -> Line:
    """The criterion does not apply to this unit: its points leave the maximum, the index is re-scaled."""
    sheet = _hold_for_exclusion(line, by)
    check_version(line, version)
    reason = normalize(reason)
    if not reason:
        raise Refused("Hãy ghi lý do không áp dụng tiêu chí.")
    if line.is_excluded and line.excluded_reason == reason:
        return line
    line.is_excluded, line.excluded_reason = True, reason
    keep_lines(sheet, [(line, told(line, "exclude", by, "Không áp dụng", None, None, comment=reason))])
    return line


@transaction.atomic
def include(line: Line, *, by: Any, reason: str = "", version: int | None = None) -> Line:
    """The criterion applies after all; the appraising side must say why."""
    sheet = _hold_for_exclusion(line, by)
    check_version(line, version)
    reason = normalize(reason)
    if not line.is_excluded:
        return line
    if sheet.state in UNDER_APPRAISAL and not reason:
        raise Refused("Hãy ghi lý do áp dụng lại tiêu chí.")
    line.is_excluded, line.excluded_reason = False, ""
    keep_lines(sheet, [(line, told(line, "include", by, "Áp dụng lại", None, None, comment=reason))])
    return line


def may_look_again(line: Line, user: Any) -> bool:
    """Whoever asked; if he may appraise this row no more, whoever may."""
    if line.flagged_by_id is None or line.flagged_by_id == user.pk:
        return True
    return not may_appraise_row(line.flagged_by, line.scorecard, line.criterion.in_charge_id)


def _hold_for_exclusion(line: Line, by: Any) -> Scorecard:
    """While the sheet is filled, by who fills it; in the first appraisal by who appraises the row."""
    if rules.has_perm("scoring.appraise_row", by, line.scorecard):
        sheet = hold(line, "scoring.appraise_row", by, [State.APPROVED], "appraised")
        if not may_appraise_row(by, sheet, line.criterion.in_charge_id):
            raise Refused("Tiêu chí này do đơn vị khác thẩm định.")
        return sheet
    return hold_to_fill(line, by)
