"""The procedure of a comment on the published list: answered by the Office, or taken back before that."""

from collections.abc import Iterable

from awards.models import Comment, Review
from core.workflow import Move, Workflow

Step = Comment.State


def while_public(comment: Comment) -> Iterable[str]:
    if comment.period.review.state != Review.State.NOTICE:
        yield "Chỉ mở lại câu trả lời khi danh sách đang công khai lấy ý kiến."


COMMENT = Workflow(
    noun="ý kiến",
    states={
        Step.SENT: ("Chờ trả lời", "azure"),
        Step.ANSWERED: ("Đã trả lời", "green"),
        Step.TAKEN_BACK: ("Đã rút", "secondary"),
    },
    rows=(
        Move(
            verb="answer",
            label="Trả lời",
            source=(Step.SENT,),
            target=Step.ANSWERED,
            permission="awards.answer_comment",
            style="success",
        ),
        Move(
            verb="take_back",
            label="Rút ý kiến",
            source=(Step.SENT,),
            target=Step.TAKEN_BACK,
            permission="awards.take_back_comment",
            confirmation="Ý kiến đã rút không được xem xét, trả lời nữa.",
            style="secondary",
        ),
        Move(
            verb="reopen_answer",
            label="Trả lời lại",
            source=(Step.ANSWERED,),
            target=Step.SENT,
            permission="awards.answer_comment",
            guard=while_public,
            comment_required=True,
            comment_label="Lý do trả lời lại",
            style="warning",
        ),
    ),
)
