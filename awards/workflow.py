"""The procedures of the award list and of an initiative."""

from collections.abc import Iterable

from awards import queries
from awards.models import AwardEntry, AwardList, Initiative
from awards.queries.initiatives import problems_of
from core.workflow import Move, Workflow

State = AwardList.State


def settling_guard(award_list: AwardList) -> Iterable[str]:
    """A list is settled when it has rows, every change by hand has its reason, and it stands on today's facts."""
    if not queries.on_list(award_list).exists():
        yield "Danh sách chưa có dòng nào nên chưa chốt được."
    by_hand = award_list.entries.exclude(source=AwardEntry.Source.COMPUTED)
    nameless = by_hand.filter(reason="").count()
    if nameless:
        yield f"Có {nameless} dòng điều chỉnh chưa ghi lý do."
    for sentence in queries.outdated(award_list):
        yield f"{sentence} Hãy bấm “Tính lại” trước khi chốt."


AWARD_LIST = Workflow(
    states={State.DRAFT: ("Đang lập", "yellow"), State.SETTLED: ("Đã chốt", "green")},
    rows=(
        Move(
            verb="settle",
            label="Chốt danh sách",
            source=(State.DRAFT,),
            target=State.SETTLED,
            permission="awards.prepare_list",
            guard=settling_guard,
            confirmation="Sau khi chốt, danh sách không sửa được nữa; Giám đốc và Hội đồng được báo bằng thư.",
            style="success",
        ),
        Move(
            verb="reopen",
            label="Mở lại",
            source=(State.SETTLED,),
            target=State.DRAFT,
            permission="awards.prepare_list",
            comment_required=True,
            comment_label="Lý do mở lại",
            style="warning",
        ),
    ),
)


# --- initiatives ----------------------------------------------------------------------------------------
Step = Initiative.State


def ready_to_submit(initiative: Initiative) -> Iterable[str]:
    return list(problems_of(initiative))


def not_spent(initiative: Initiative) -> Iterable[str]:
    """What serves as a basis of an award stays recognised."""
    used = initiative.uses.count()
    if used:
        yield f"Sáng kiến đã được dùng làm căn cứ {used} lần nên không mở lại được. Hãy hủy các khen thưởng đó trước."


INITIATIVE = Workflow(
    states={
        Step.DRAFT: ("Đang soạn", "secondary"),
        Step.SUBMITTED: ("Chờ đánh giá", "azure"),
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
            verb="recognise",
            label="Công nhận",
            source=(Step.SUBMITTED,),
            target=Step.RECOGNISED,
            permission="awards.decide_initiative",
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
            source=(Step.SUBMITTED,),
            target=Step.REFUSED,
            permission="awards.decide_initiative",
            comment_required=True,
            comment_label="Lý do không công nhận",
            style="danger",
        ),
        Move(
            verb="reopen",
            label="Mở lại việc đánh giá",
            source=(Step.RECOGNISED, Step.REFUSED),
            target=Step.SUBMITTED,
            permission="awards.decide_initiative",
            guard=not_spent,
            comment_required=True,
            comment_label="Lý do mở lại",
            style="warning",
        ),
    ),
)
