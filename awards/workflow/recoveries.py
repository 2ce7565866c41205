"""The procedure of a recovery: still out, come back, or nothing to come back; each can be taken back with a reason."""

from awards.models import Recovery
from core.workflow import Move, Workflow

Step = Recovery.State

RECOVERY = Workflow(
    noun="khoản thu hồi",
    states={
        Step.DUE: ("Chưa thu hồi", "orange"),
        Step.DONE: ("Đã thu hồi", "green"),
        Step.NOTHING: ("Không phải thu hồi", "secondary"),
    },
    rows=(
        Move(
            verb="recover",
            label="Ghi đã thu hồi",
            source=(Step.DUE,),
            target=Step.DONE,
            permission="awards.note_recovery",
            style="success",
        ),
        Move(
            verb="waive",
            label="Không phải thu hồi",
            source=(Step.DUE,),
            target=Step.NOTHING,
            permission="awards.note_recovery",
            comment_required=True,
            comment_label="Lý do không phải thu hồi",
            style="secondary",
        ),
        Move(
            verb="put_back",
            label="Ghi lại là chưa thu hồi",
            source=(Step.DONE, Step.NOTHING),
            target=Step.DUE,
            permission="awards.note_recovery",
            comment_required=True,
            comment_label="Lý do ghi lại",
            style="warning",
        ),
    ),
)
