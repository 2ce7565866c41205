"""The procedures of the award floor: the award list, the review, an initiative."""

from collections.abc import Iterable

from awards import queries
from awards.models import AwardEntry, AwardList, Initiative, Review
from awards.queries.initiatives import problems_of
from awards.queries.reviews import readiness
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


Stage = Review.State


def opening_guard(review: Review) -> Iterable[str]:
    """A review opens when everything that it must have is there."""
    for point in readiness(review):
        if point.is_required and not point.ok:
            yield f"{point.sentence}."


REVIEW = Workflow(
    states={
        Stage.PLANNED: ("Đang chuẩn bị", "yellow"),
        Stage.OPEN: ("Đang bình xét", "blue"),
        Stage.CLOSED: ("Kết thúc", "secondary"),
    },
    rows=(
        Move(
            verb="open_review",
            label="Mở đợt bình xét",
            source=(Stage.PLANNED,),
            target=Stage.OPEN,
            permission="awards.prepare_review",
            guard=opening_guard,
            confirmation="Quy định của ngày đã chọn được ghim vào đợt này; văn bản ban hành sau không tự đổi kết quả.",
            style="success",
        ),
        Move(
            verb="take_back",
            label="Đưa về chuẩn bị",
            source=(Stage.OPEN,),
            target=Stage.PLANNED,
            permission="awards.prepare_review",
            comment_required=True,
            comment_label="Lý do",
            style="warning",
        ),
        Move(
            verb="close_review",
            label="Kết thúc đợt",
            source=(Stage.OPEN,),
            target=Stage.CLOSED,
            permission="awards.prepare_review",
            confirmation="Sau khi kết thúc, khả năng xét không được tính lại nữa.",
            style="secondary",
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
