"""What people do with single lines of a score sheet; the sheet's totals follow in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import rules
from django.db import transaction

from campaigns.methods import Asked, bounds, fields, points
from core.journal import line as journal_line
from core.journal import write
from core.models import Entry
from core.vietnamese import format_decimal, normalize
from core.workflow import Refused, check_version, lock
from scoring.actions.origins import with_origin
from scoring.calculations import COLUMNS, problems_with_score
from scoring.models import Line, Scorecard
from scoring.queries.counting import confirmed_quantities
from scoring.queries.deadlines import STAGE_OF, is_over
from scoring.queries.indexes import METHOD, Source
from scoring.queries.sheets import FILLING
from scoring.queries.totals import SUMMED, sum_up_lines
from scoring.rules.sheets import may_appraise_row
from scoring.workflow.sheets import SCORECARD

State = Scorecard.State
ONLY_FLAGGED = "Phiếu được trả lại chỉ để sửa các tiêu chí được đánh dấu."
SCORES = [f"{column}_{part}" for column in COLUMNS[1:] for part in ("score", "reason")]
OTHERS = ["office_score", "office_inputs", "is_excluded", "excluded_reason", "explanation"]
WRITTEN = ["inputs", "self_score", "note", *SCORES, *OTHERS, "version"]
LABELS = {
    "approved": "Thủ trưởng chấm",
    "appraised": "Thẩm định",
    "second": "Thẩm định lần 2",
    "final": "Hội đồng kết luận",
}
Entered = tuple[Line, Mapping[str, Any], Decimal | None, str]
Change = tuple[Line, Entry | None]


@transaction.atomic
def save_line(
    line: Line,
    *,
    by: Any,
    inputs: Mapping[str, Any],
    self_score: Decimal | None = None,
    note: str = "",
    version: int | None = None,
) -> Line:
    """Keep what was entered; the method gives the self-score. Where it cannot decide, the score is typed and explained.

    Not everything need be there yet: a line without enough inputs is simply not scored.
    """
    sheet = hold_to_fill(line, by)
    check_version(line, version)
    keep_lines(sheet, [(line, enter(line, by, inputs, self_score, note))])
    return line


@transaction.atomic
def save_lines(sheet: Scorecard, entries: Iterable[Entered], *, by: Any) -> None:
    """Many lines of one sheet at once, all or none: each a line, its inputs, a typed score and a note."""
    hold_sheet(sheet, "scoring.fill_scorecard", by, FILLING, "self")
    present = {row.pk: row for row in sheet.lines.only("scorecard", "version", "is_flagged")}
    only_flagged = any(row.is_flagged for row in present.values())
    changes: list[Change] = []
    for line, inputs, score, note in entries:
        if only_flagged and not present[line.pk].is_flagged:
            raise Refused(ONLY_FLAGGED)
        check_version(present[line.pk], line.version)
        line.scorecard = sheet
        changes.append((line, enter(line, by, inputs, score, note)))
    keep_lines(sheet, changes)


def enter(
    line: Line,
    by: Any,
    inputs: Mapping[str, Any],
    self_score: Decimal | None,
    note: str,
    known: Mapping[int, Decimal] | None = None,
    source: Source | None = None,
) -> Entry | None:
    """Enter into one line of a held sheet; what the journal will say of it, if something changed.

    ``known`` are the sheet's confirmed quantities, ``source`` the published index that the line takes over.
    """
    sheet = line.scorecard
    note = normalize(note)
    kept = clean_inputs(line, inputs)
    score = _self_score(line, kept, self_score, note)
    if _counts_achievements(line) and kept:
        quantities = confirmed_counts(sheet) if known is None else known
        confirmed = quantities.get(line.criterion_id, Decimal(0))
        if Decimal(kept["count"]) != confirmed and not note:
            raise Refused(
                f"Số đã được xác nhận là {format_decimal(confirmed)}; nếu ghi khác, hãy ghi giải trình."
            )
        kept["confirmed"] = _plain(str(confirmed))
    if line.criterion.method == METHOD:
        kept = with_origin(line, kept, note, source)
    if (kept, score, note) == (line.inputs, line.self_score, line.note):
        return None
    before = line.self_score
    line.inputs, line.self_score, line.note = kept, score, note
    if score != before:
        # What was approved and appraised was said about another score.
        line.approved_score = line.appraised_score = None
        line.approved_reason = line.appraised_reason = ""
        line.second_score = line.final_score = None
        line.second_reason = line.final_reason = ""
    return told(line, "self_score", by, "Tự chấm", before, score)


@transaction.atomic
def save_approved(
    line: Line, *, by: Any, score: Decimal | None, reason: str = "", version: int | None = None
) -> Line:
    """The head's score for one line; without a score the self-score stands."""
    hold(line, "scoring.approve_scorecard", by, [State.SUBMITTED], "approved")
    return decide(line, "approved", line.self_score, by, score, reason, version)


@transaction.atomic
def save_appraised(
    line: Line, *, by: Any, score: Decimal | None, reason: str = "", version: int | None = None
) -> Line:
    """The appraiser's score for one line; without a score the approved one stands."""
    sheet = hold(line, "scoring.appraise_row", by, [State.APPROVED], "appraised")
    if not may_appraise_row(by, sheet, line.criterion.in_charge_id):
        raise Refused("Tiêu chí này do đơn vị khác thẩm định.")
    return decide(line, "appraised", line.approved_score, by, score, reason, version)


@transaction.atomic
def refresh_from_achievements(sheet: Scorecard, *, by: Any) -> int:
    """Fill the counts of confirmed achievements into lines that a person has not explained otherwise."""
    lock(sheet)
    if sheet.state not in FILLING or not rules.has_perm("scoring.fill_scorecard", by, sheet):
        raise Refused("Phiếu không ở giai đoạn tự chấm của bạn.")
    confirmed = confirmed_counts(sheet)
    lines = list(sheet.lines.select_related("criterion"))
    only_flagged = any(line.is_flagged for line in lines)
    changes: list[Change] = []
    for line in lines:
        if not _counts_achievements(line) or (only_flagged and not line.is_flagged):
            continue
        count = _plain(str(confirmed.get(line.criterion_id, Decimal(0))))
        own_count = line.inputs.get("count") != line.inputs.get("confirmed") and line.note
        if own_count or line.inputs.get("count") == count:
            continue
        line.scorecard = sheet
        changes.append((line, enter(line, by, {"count": count}, None, line.note, known=confirmed)))
    return keep_lines(sheet, changes)


def keep_sheet(sheet: Scorecard, *names: str) -> None:
    """Write a locked sheet after a change: what was set, the totals, and the version that the next reader compares."""
    sum_up_lines(sheet)
    sheet.version += 1
    sheet.save(update_fields=[*names, *SUMMED, "version"])


def confirmed_counts(sheet: Scorecard) -> dict[int, Decimal]:
    found = confirmed_quantities(sheet.campaign_year, sheet.unit, sheet.person, sheet.criteria_set)
    return {criterion_id: quantity for criterion_id, (quantity, _) in found.items()}


def hold(line: Line, permission: str, by: Any, states: Sequence[str], column: str | None = None) -> Scorecard:
    """Lock sheet and line, in this order always, and check that this user may write (in the column) now."""
    sheet = line.scorecard
    hold_sheet(sheet, permission, by, states, column)
    lock(line)
    line.scorecard = sheet  # as it was read under its lock, for the line has let go of what it points to
    return sheet


def hold_sheet(
    sheet: Scorecard, permission: str, by: Any, states: Sequence[str], column: str | None = None
) -> None:
    lock(sheet)
    if sheet.state not in states:
        state = SCORECARD.states[sheet.state][0]
        raise Refused(f"Phiếu đang ở trạng thái “{state}” nên cột này không sửa được.")
    if not rules.has_perm(permission, by, sheet):
        raise Refused("Bạn không có quyền sửa cột này của phiếu.")
    if column and is_over(sheet, STAGE_OF[column]):
        raise Refused("Cột này đã khóa vì hết hạn. Văn phòng Sở có thể gia hạn cho đơn vị, có lý do.")


def hold_to_fill(line: Line, by: Any) -> Scorecard:
    """For who fills the sheet: of a returned one only the flagged lines."""
    sheet = hold(line, "scoring.fill_scorecard", by, FILLING, "self")
    if not line.is_flagged and sheet.lines.filter(is_flagged=True).exists():
        raise Refused(ONLY_FLAGGED)
    return sheet


def clean_inputs(line: Line, inputs: Mapping[str, Any]) -> dict[str, str]:
    """The inputs the method knows, numbers in plain form; refuses what is no number or no choice."""
    kept = {}
    for one in fields(line.criterion.method, line.criterion.params):
        given = normalize(str(inputs.get(one.name, "") if inputs.get(one.name) is not None else ""))
        if given == "":
            continue
        if one.choices:
            if given not in dict(one.choices):
                raise Refused(f"“{given}” không có trong các mức của tiêu chí.")
            kept[one.name] = given
        else:
            kept[one.name] = _plain(given)
    return kept


def _plain(given: str) -> str:
    try:
        value = Decimal(given)
    except InvalidOperation:
        raise Refused(f"“{given}” không phải là số.") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
        raise Refused(f"“{given}” không phải là số liệu hợp lệ.")
    return f"{value.normalize():f}"


def _self_score(line: Line, inputs: dict[str, str], typed: Decimal | None, note: str) -> Decimal | None:
    criterion = line.criterion
    limits = bounds(criterion.method, criterion.params, criterion.max_score)
    if criterion.method != "typed":
        score = points(criterion.method, criterion.params, inputs)
        if score.asked == Asked.WRONG:
            raise Refused(score.question)
        if score.asked != Asked.UNDECIDED or typed is None:
            return score.value
        if not note:
            raise Refused("Hãy ghi giải trình cho điểm nhập tay.")
    if typed is not None:
        problems = problems_with_score(typed, *limits)
        if problems:
            raise Refused(*problems)
    return typed


def decide(
    line: Line,
    column: str,
    given: Decimal | None,
    by: Any,
    score: Decimal | None,
    reason: str,
    version: int | None,
) -> Line:
    check_version(line, version)
    reason = checked(line, given, score, reason)
    before = getattr(line, f"{column}_score")
    if (score, reason) == (before, getattr(line, f"{column}_reason")):
        return line
    if score != before:
        let_follow(line, column)
    setattr(line, f"{column}_score", score)
    setattr(line, f"{column}_reason", reason)
    entry = told(line, column, by, LABELS[column], before, score, comment=reason)
    keep_lines(line.scorecard, [(line, entry)])
    return line


def let_follow(line: Line, column: str) -> None:
    """Later scores that nobody gave a reason for were taken over from the one that changes: they follow it."""
    for later in COLUMNS[COLUMNS.index(column) + 1 :]:
        if getattr(line, f"{later}_reason"):
            return
        setattr(line, f"{later}_score", None)


def checked(line: Line, given: Decimal | None, score: Decimal | None, reason: str) -> str:
    """The reason as it is kept, for a score that may stand on the line instead of the one given before."""
    if score is not None:
        criterion = line.criterion
        problems = problems_with_score(
            score, *bounds(criterion.method, criterion.params, criterion.max_score)
        )
        if problems:
            raise Refused(*problems)
    if score is None or score == given:
        return ""
    reason = normalize(reason)
    if not reason:
        raise Refused(f"Điểm khác {format_decimal(given) or '(chưa có)'}: hãy ghi lý do sửa.")
    return reason


def keep_lines(sheet: Scorecard, changes: Iterable[Change]) -> int:
    """Write the lines that changed, what the journal says of them, and the sheet; three statements however many."""
    changed = [(line, entry) for line, entry in changes if entry]
    if changed:
        for line, _ in changed:
            line.version += 1
        Line.objects.bulk_create(
            [line for line, _ in changed], update_conflicts=True, unique_fields=["pk"], update_fields=WRITTEN
        )
        write(entry for _, entry in changed)
        keep_sheet(sheet)
    return len(changed)


def told(
    line: Line,
    column: str,
    by: Any,
    label: str,
    before: Decimal | None,
    after: Decimal | None,
    comment: str = "",
) -> Entry:
    return journal_line(
        line,
        column,
        by=by,
        label=f"{label} tiêu chí {line.criterion.code}: {_shown(before)} → {_shown(after)}",
        comment=comment or line.note,
        data={"before": _text(before), "after": _text(after), "inputs": line.inputs},
    )


def _shown(value: Decimal | None) -> str:
    return format_decimal(value) or "–"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _counts_achievements(line: Line) -> bool:
    return bool(line.criterion.params.get("from_achievements"))
