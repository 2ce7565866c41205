"""The procedure of a score sheet: self-score, approval by the head, appraisal by the Office, publication."""

from collections.abc import Iterator

from core.workflow import Move, Workflow
from scoring.models import Scorecard
from scoring.queries.readiness import (
    changed_without_reason,
    flagged,
    missing_evidence,
    not_explained,
    not_looked_at,
    unscored,
    without_office_score,
)
from scoring.queries.sheets import latest_entry

State = Scorecard.State
NAMED = 12


def codes_in_words(codes: list[str]) -> str:
    """The first codes by name, the rest counted."""
    more = len(codes) - NAMED
    return ", ".join(codes[:NAMED]) + (f" và {more} tiêu chí khác" if more > 0 else "")


def ready_to_submit(sheet: Scorecard) -> Iterator[str]:
    empty = unscored(sheet)
    if empty:
        yield f"Còn {len(empty)} tiêu chí chưa chấm: {codes_in_words(empty)}."
    bare = missing_evidence(sheet)
    if bare:
        yield f"Còn {len(bare)} tiêu chí có điểm mà thiếu tài liệu kiểm chứng bắt buộc: {codes_in_words(bare)}."


def ready_to_approve(sheet: Scorecard) -> Iterator[str]:
    yield from _silent(sheet, "approved")


def ready_to_appraise(sheet: Scorecard) -> Iterator[str]:
    yield from _silent(sheet, "appraised")
    asked = flagged(sheet)
    if asked:
        yield (
            f"Tiêu chí {codes_in_words(asked)} đang chờ giải trình. "
            "Hãy gửi yêu cầu giải trình, hoặc bỏ yêu cầu ở các tiêu chí này."
        )
    missing = not_looked_at(sheet)
    if missing:
        yield f"Còn {len(missing)} tiêu chí mà đơn vị phụ trách chưa thẩm định: {codes_in_words(missing)}."


def ready_to_explain(sheet: Scorecard) -> Iterator[str]:
    unanswered = not_explained(sheet)
    if unanswered:
        yield f"Còn {len(unanswered)} tiêu chí chưa giải trình: {codes_in_words(unanswered)}."


def ready_to_appraise_again(sheet: Scorecard) -> Iterator[str]:
    yield from _silent(sheet, "second")


def ready_to_conclude(sheet: Scorecard) -> Iterator[str]:
    yield from _silent(sheet, "final")
    missing = without_office_score(sheet)
    if missing:
        yield f"Còn {len(missing)} tiêu chí chưa có kết quả điều tra hoặc tính chung: {codes_in_words(missing)}."


def _silent(sheet: Scorecard, column: str) -> Iterator[str]:
    silent = changed_without_reason(sheet, column)
    if silent:
        yield f"Hãy ghi lý do sửa điểm ở tiêu chí {codes_in_words(silent)}."


SCORECARD = Workflow(
    noun="phiếu chấm điểm",
    latest=latest_entry,
    states={
        State.DRAFT: (State.DRAFT.label, "secondary"),
        State.SUBMITTED: (State.SUBMITTED.label, "azure"),
        State.RETURNED: (State.RETURNED.label, "red"),
        State.APPROVED: (State.APPROVED.label, "blue"),
        State.EXPLAINING: (State.EXPLAINING.label, "orange"),
        State.EXPLAINED: (State.EXPLAINED.label, "azure"),
        State.APPRAISED: (State.APPRAISED.label, "teal"),
        State.CONCLUDED: (State.CONCLUDED.label, "green"),
        State.PUBLISHED: (State.PUBLISHED.label, "green"),
    },
    rows=(
        Move(
            "submit",
            "Nộp phiếu cho thủ trưởng",
            (State.DRAFT, State.RETURNED),
            State.SUBMITTED,
            "scoring.fill_scorecard",
            guard=ready_to_submit,
            confirmation="Sau khi nộp, phiếu được khóa để thủ trưởng duyệt. Bạn rút lại được khi phiếu chưa duyệt.",
        ),
        Move(
            "withdraw",
            "Rút lại",
            (State.SUBMITTED,),
            State.DRAFT,
            "scoring.withdraw_scorecard",
            confirmation="Phiếu trở về để bạn sửa và nộp lại.",
            style="outline-secondary",
        ),
        Move(
            "approve",
            "Duyệt phiếu",
            (State.SUBMITTED,),
            State.APPROVED,
            "scoring.approve_scorecard",
            guard=ready_to_approve,
            style="success",
            confirmation="Tiêu chí nào bạn không sửa thì giữ điểm tự chấm. Phiếu được chuyển đi thẩm định.",
        ),
        Move(
            "send_back",
            "Trả lại để sửa",
            (State.SUBMITTED,),
            State.RETURNED,
            "scoring.approve_scorecard",
            style="outline-danger",
        ),
        Move(
            "appraise",
            "Kết thúc thẩm định",
            (State.APPROVED,),
            State.APPRAISED,
            "scoring.appraise_scorecard",
            guard=ready_to_appraise,
            style="success",
            confirmation="Tiêu chí nào bạn không sửa thì giữ điểm thủ trưởng đã duyệt.",
        ),
        Move(
            "ask",
            "Yêu cầu giải trình",
            (State.APPROVED,),
            State.EXPLAINING,
            "scoring.ask_for_explanation",
            guard=lambda sheet: _silent(sheet, "appraised"),
            style="outline-primary",
        ),
        Move(
            "explain",
            "Gửi giải trình",
            (State.EXPLAINING,),
            State.EXPLAINED,
            "scoring.explain_scorecard",
            guard=ready_to_explain,
            confirmation="Sau khi gửi, giải trình được khóa để thẩm định lần 2.",
        ),
        Move(
            "appraise_again",
            "Kết thúc thẩm định lần 2",
            (State.EXPLAINED,),
            State.APPRAISED,
            "scoring.appraise_again",
            guard=ready_to_appraise_again,
            style="success",
            confirmation="Tiêu chí nào không sửa thì giữ điểm thẩm định lần 1.",
        ),
        Move(
            "conclude",
            "Ghi kết luận của Hội đồng",
            (State.APPRAISED,),
            State.CONCLUDED,
            "scoring.conclude_scorecard",
            guard=ready_to_conclude,
            style="success",
            confirmation="Tiêu chí nào Hội đồng không sửa thì giữ điểm thẩm định.",
        ),
        Move(
            "reconsider",
            "Mở lại kết luận",
            (State.CONCLUDED,),
            State.APPRAISED,
            "scoring.conclude_scorecard",
            comment_required=True,
            comment_label="Lý do mở lại kết luận",
            style="outline-secondary",
        ),
        Move(
            "return_to_unit",
            "Trả lại đơn vị",
            (State.APPROVED,),
            State.RETURNED,
            "scoring.appraise_scorecard",
            style="outline-danger",
        ),
        Move(
            "reopen",
            "Thẩm định lại",
            (State.APPRAISED,),
            State.APPROVED,
            "scoring.reopen_scorecard",
            comment_required=True,
            comment_label="Lý do thẩm định lại",
            style="outline-secondary",
        ),
        # For many sheets at once (scoring.actions.versions), never one by its button.
        Move(
            "renew",
            "Trả lại vì bộ tiêu chí sửa đổi",
            (State.SUBMITTED,),
            State.RETURNED,
            "scoring.move_single_scorecard",
        ),
        Move(
            "publish",
            "Công bố kết quả",
            (State.APPRAISED, State.CONCLUDED),
            State.PUBLISHED,
            "scoring.publish_single_scorecard",
        ),
        Move(
            "unpublish",
            "Thu hồi công bố",
            (State.PUBLISHED,),
            State.APPRAISED,
            "scoring.publish_single_scorecard",
            comment_required=True,
            comment_label="Lý do thu hồi",
        ),
        Move(
            "reopen_published",
            "Mở lại sau công bố",
            (State.PUBLISHED,),
            State.APPROVED,
            "scoring.reopen_published",
            comment_required=True,
            comment_label="Lý do mở lại",
            confirmation="Chỉ phiếu này được thẩm định lại; kết quả đã công bố giữ nguyên đến khi công bố lại.",
            style="outline-danger",
        ),
    ),
)
# The moves that ask which lines are to be corrected.
RETURNS = ("send_back", "return_to_unit", "ask")
