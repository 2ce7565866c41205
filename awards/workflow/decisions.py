"""The procedure of a decision: drafted and issued here, or sent up, followed up, and answered above."""

from collections.abc import Iterable

from awards.models import Award, Decision
from awards.queries.giving import obstacles
from core.workflow import Move, Workflow

Step = Decision.State


def deciding(decision: Decision) -> Iterable[str]:
    if not decision.review.may_be_decided:
        yield "Đợt bình xét không ở bước ra quyết định."


def ready(decision: Decision) -> Iterable[str]:
    """Its list is not empty, and nobody on it is stopped, complained of, or short of what the award asks."""
    yield from deciding(decision)
    yield from obstacles(decision)


def ready_to_send(decision: Decision) -> Iterable[str]:
    if decision.level == Award.Level.AGENCY:
        yield "Quyết định này do Giám đốc Sở ký, không trình cấp trên."
    yield from ready(decision)


DECISION = Workflow(
    noun="quyết định",
    states={
        Step.DRAFT: ("Dự thảo", "secondary"),
        Step.SENT: ("Đã trình cấp trên", "azure"),
        Step.QUERIED: ("Cấp trên yêu cầu bổ sung", "orange"),
        Step.ISSUED: ("Đã ban hành", "green"),
        Step.REFUSED: ("Cấp trên không khen", "red"),
        Step.CANCELLED: ("Đã hủy", "red"),
    },
    rows=(
        Move(
            verb="send_up",
            label="Ghi đã trình cấp trên",
            source=(Step.DRAFT, Step.QUERIED),
            target=Step.SENT,
            permission="awards.send_up",
            guard=ready_to_send,
        ),
        Move(
            verb="query",
            label="Ghi yêu cầu bổ sung",
            source=(Step.SENT,),
            target=Step.QUERIED,
            permission="awards.send_up",
            comment_required=True,
            comment_label="Nội dung phải bổ sung",
            style="warning",
        ),
        Move(
            verb="issue",
            label="Ghi quyết định đã ký",
            source=(Step.DRAFT, Step.SENT),
            target=Step.ISSUED,
            permission="awards.issue_decision",
            guard=ready,
            style="success",
        ),
        Move(
            verb="refuse",
            label="Ghi cấp trên không khen",
            source=(Step.SENT, Step.QUERIED),
            target=Step.REFUSED,
            permission="awards.send_up",
            comment_required=True,
            comment_label="Lý do, văn bản trả lời",
            style="danger",
        ),
        Move(
            verb="withdraw_file",
            label="Rút hồ sơ đã trình",
            source=(Step.SENT, Step.QUERIED),
            target=Step.DRAFT,
            permission="awards.send_up",
            comment_required=True,
            comment_label="Lý do rút hồ sơ",
            style="secondary",
        ),
        Move(
            verb="cancel",
            label="Hủy quyết định",
            source=(Step.ISSUED,),
            target=Step.CANCELLED,
            permission="awards.cancel_decision",
            comment_required=True,
            comment_label="Lý do hủy",
            style="danger",
        ),
    ),
)
