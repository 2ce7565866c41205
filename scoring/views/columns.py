"""The columns of a sheet on the screen: what they are called, which are shown, which one a user may fill now."""

from collections.abc import Sequence
from typing import Any

import rules

from campaigns.methods import Filler, filler_of
from scoring.actions.columns import UNDER_APPRAISAL, may_look_again
from scoring.models import Line, Scorecard
from scoring.queries.deadlines import STAGE_OF, is_over
from scoring.queries.sheets import FILLING
from scoring.rules.sheets import may_appraise_row

State = Scorecard.State
# In the order of the table; beside the self-score, which is always there.
LABELS = {
    "approved": "Duyệt",
    "office": "Điều tra, tính chung",
    "appraised": "Thẩm định",
    "second": "Thẩm định lần 2",
    "final": "Kết luận",
}
# Who speaks in the reason of a column.
SPEAKERS = {
    "approved": "Thủ trưởng",
    "appraised": "Thẩm định",
    "second": "Thẩm định lần 2",
    "final": "Hội đồng",
}
EDITED_IN = [
    (FILLING, "scoring.fill_scorecard", "self"),
    ([State.SUBMITTED], "scoring.approve_scorecard", "approved"),
    ([State.APPROVED], "scoring.appraise_row", "appraised"),
    ([State.EXPLAINING], "scoring.explain_scorecard", "explanation"),
    ([State.EXPLAINED], "scoring.appraise_row", "second"),
    ([State.APPRAISED], "scoring.conclude_scorecard", "final"),
]
FROM_APPROVAL = {State.APPROVED, State.EXPLAINING, State.EXPLAINED, State.APPRAISED, State.CONCLUDED}
# From which states on a column is there even while it is empty.
SHOWN_IN = {
    "approved": {State.SUBMITTED, State.PUBLISHED, *FROM_APPROVAL},
    "appraised": {State.PUBLISHED, *FROM_APPROVAL},
    "second": {State.EXPLAINED},
    "final": {State.CONCLUDED},
}


def editable_column(sheet: Scorecard, user: Any) -> str:
    """The column this user may fill at this moment, if any; "office" where only rows of the Office are left."""
    for states, permission, column in EDITED_IN:
        if sheet.state in states and rules.has_perm(permission, user, sheet):
            return column
    return "office" if enters_for_office(sheet, user) and _has_office_rows(sheet) else ""


def enters_for_office(sheet: Scorecard, user: Any) -> bool:
    if sheet.state not in UNDER_APPRAISAL or is_over(sheet, STAGE_OF["office"]):
        return False
    return rules.has_perm("scoring.enter_for_office", user, sheet)


def _has_office_rows(sheet: Scorecard) -> bool:
    methods = sheet.lines.values_list("criterion__method", flat=True)
    return any(filler_of(method) == Filler.OFFICE for method in methods)


def column_of(line: Line, user: Any, column: str, *, only_flagged: bool, for_office: bool) -> str:
    """Which column of this line the user may fill: of the sheet's column only the rows that are his."""
    if filler_of(line.criterion.method) == Filler.OFFICE:
        return "office" if for_office else ""
    if line.is_excluded or column == "office":
        return ""
    is_open = {
        "": lambda: False,
        "self": lambda: line.is_flagged or not only_flagged,
        "approved": lambda: True,
        "appraised": lambda: _appraises(line, user),
        "explanation": lambda: line.is_flagged,
        "second": lambda: line.is_flagged and may_look_again(line, user) and _appraises(line, user),
        "final": lambda: True,
    }
    return column if is_open[column]() else ""


def column_here(line: Line, sheet: Scorecard, user: Any) -> str:
    """The same for one line whose sheet is not at hand as a whole."""
    return column_of(
        line,
        user,
        editable_column(sheet, user),
        only_flagged=not line.is_flagged and sheet.lines.filter(is_flagged=True).exists(),
        for_office=enters_for_office(sheet, user),
    )


def must_be_given(line: Line, column: str) -> bool:
    """Whether this row of the column wants a score of its own and takes none over in silence: rows that a unit is in
    charge of, and answers to a question."""
    if column == "second":
        return True
    if column != "appraised" or not line.scorecard.divides_rows:
        return False
    in_charge = line.criterion.in_charge_id
    return in_charge is not None and in_charge != line.scorecard.unit_id


def _appraises(line: Line, user: Any) -> bool:
    return may_appraise_row(user, line.scorecard, line.criterion.in_charge_id)


def shown_columns(sheet: Scorecard, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Name and label of every column beside the self-score that is there in this state, or that somebody filled."""
    shown = []
    for name, label in LABELS.items():
        if name == "office":
            is_there = any(filler_of(line.criterion.method) != Filler.UNIT for line in lines)
            is_there = is_there and sheet.state not in (*FILLING, State.SUBMITTED)
        elif name == "final" and sheet.campaign_year.needs_council and sheet.state == State.APPRAISED:
            is_there = True
        else:
            filled = any(getattr(line, f"{name}_score") is not None for line in lines)
            is_there = filled or sheet.state in SHOWN_IN[name]
        if is_there:
            shown.append((name, label))
    has_second = any(name == "second" for name, _ in shown)
    return [
        (name, "Thẩm định lần 1" if name == "appraised" and has_second else label) for name, label in shown
    ]
