"""The procedure of an initiative."""

from collections.abc import Iterable

from awards.models import Initiative
from awards.queries.evaluations import why_not_carried
from awards.queries.initiatives import problems_of
from core.workflow import Move, Workflow

Step = Initiative.State


def ready_to_submit(initiative: Initiative) -> Iterable[str]:
    return list(problems_of(initiative))


def not_spent(initiative: Initiative) -> Iterable[str]:
    """What serves as a basis of an award in force stays recognised."""
    used = initiative.uses.in_force().count()
    if used:
        yield f"Sáng kiến đã được dùng làm căn cứ {used} lần nên không mở lại được. Hãy hủy các khen thưởng đó trước."


INITIATIVE = Workflow(
    noun="sáng kiến",
    states={
        Step.DRAFT: ("Đang soạn", "secondary"),
        Step.SUBMITTED: ("Chờ đánh giá", "azure"),
        Step.EVALUATED: ("Chờ quyết định", "blue"),
        Step.RECOGNISED: ("Được công nhận", "green"),
        Step.REFUSED: ("Không công nhận", "red"),
    },
    rows=(
        Move(
            verb="submit",
            label="Nộp đơn",
            source=(Step.DRAFT,),
            target=Step.SUBMITTED,
            permission="awards.prepare_initiative",
            guard=ready_to_submit,
            explanation="Gửi Văn phòng Sở để trình Hội đồng sáng kiến.",
        ),
        Move(
            verb="withdraw",
            label="Rút lại",
            source=(Step.SUBMITTED,),
            target=Step.DRAFT,
            permission="awards.prepare_initiative",
            confirmation="Đơn trở về bản đang soạn để các tác giả sửa.",
            style="secondary",
        ),
        Move(
            verb="evaluate",
            label="Ghi kết quả đánh giá",
            source=(Step.SUBMITTED,),
            target=Step.EVALUATED,
            permission="awards.decide_initiative",
        ),
        Move(
            verb="recognise",
            label="Công nhận",
            source=(Step.EVALUATED,),
            target=Step.RECOGNISED,
            permission="awards.decide_initiative",
            guard=why_not_carried,
            style="success",
        ),
        Move(
            verb="send_back",
            label="Trả lại để hoàn thiện",
            source=(Step.SUBMITTED,),
            target=Step.DRAFT,
            permission="awards.decide_initiative",
            comment_required=True,
            comment_label="Nội dung cần hoàn thiện",
            style="warning",
        ),
        Move(
            verb="refuse",
            label="Không công nhận",
            source=(Step.SUBMITTED, Step.EVALUATED),
            target=Step.REFUSED,
            permission="awards.decide_initiative",
            comment_required=True,
            comment_label="Lý do không công nhận",
            style="danger",
        ),
        Move(
            verb="reopen",
            label="Mở lại việc đánh giá",
            source=(Step.EVALUATED, Step.RECOGNISED, Step.REFUSED),
            target=Step.SUBMITTED,
            permission="awards.decide_initiative",
            guard=not_spent,
            comment_required=True,
            comment_label="Lý do mở lại",
            style="warning",
        ),
    ),
)
