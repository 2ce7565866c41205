"""The procedure of an achievement: written, submitted, decided by the head of the approving unit."""

from collections.abc import Iterable

from core.workflow import Move, Workflow
from scoring.models import Achievement
from scoring.queries.achievements import closed_year, kept_by_sheets, problems_of, withdrawal_problems

State = Achievement.State


def ready_to_submit(achievement: Achievement) -> Iterable[str]:
    return [problem.sentence for problem in problems_of(achievement)]


def may_still_change(achievement: Achievement) -> Iterable[str]:
    """What a decided sheet counts stays; taking the sheet back comes first."""
    yield from closed_year(achievement)
    yield from kept_by_sheets(achievement)


def may_be_withdrawn(achievement: Achievement) -> Iterable[str]:
    return closed_year(achievement) or withdrawal_problems(achievement)


ACHIEVEMENT = Workflow(
    noun="thành tích",
    states={
        State.DRAFT: ("Bản nháp", "secondary"),
        State.SUBMITTED: ("Chờ xác nhận", "azure"),
        State.RETURNED: ("Trả lại", "orange"),
        State.CONFIRMED: ("Đã xác nhận", "green"),
        State.REFUSED: ("Không công nhận", "red"),
    },
    rows=(
        Move(
            "submit",
            "Nộp thành tích",
            source=(State.DRAFT, State.RETURNED),
            target=State.SUBMITTED,
            permission="scoring.prepare_achievement",
            guard=ready_to_submit,
            explanation="Gửi đến thủ trưởng đơn vị để xác nhận.",
        ),
        Move(
            "withdraw",
            "Rút lại",
            source=(State.SUBMITTED,),
            target=State.DRAFT,
            permission="scoring.prepare_achievement",
            guard=may_be_withdrawn,
            confirmation="Thành tích trở về bản nháp để bạn sửa; thủ trưởng không thấy nó trong việc chờ nữa.",
            style="secondary",
        ),
        Move(
            "confirm",
            "Xác nhận",
            source=(State.SUBMITTED,),
            target=State.CONFIRMED,
            permission="scoring.decide_achievement",
            guard=closed_year,
            style="success",
        ),
        Move(
            "send_back",
            "Trả lại để sửa",
            source=(State.SUBMITTED,),
            target=State.RETURNED,
            permission="scoring.decide_achievement",
            guard=closed_year,
            style="warning",
        ),
        Move(
            "refuse",
            "Không công nhận",
            source=(State.SUBMITTED,),
            target=State.REFUSED,
            permission="scoring.decide_achievement",
            guard=closed_year,
            comment_required=True,
            comment_label="Lý do",
            style="danger",
        ),
        Move(
            "reopen",
            "Mở lại để sửa",
            source=(State.CONFIRMED, State.REFUSED),
            target=State.RETURNED,
            permission="scoring.reopen_achievement",
            guard=may_still_change,
            style="warning",
        ),
    ),
)
