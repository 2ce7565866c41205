"""The procedure of a complaint: received, accepted or not, resolved with a paper, here or by the level above.

Its author may withdraw it until then."""

from awards.models import Complaint
from core.workflow import Move, Workflow

Step = Complaint.State

COMPLAINT = Workflow(
    noun="đơn",
    states={
        Step.RECEIVED: ("Đã tiếp nhận", "azure"),
        Step.ACCEPTED: ("Đang giải quyết", "orange"),
        Step.FORWARDED: ("Đã chuyển cấp trên", "blue"),
        Step.DECLINED: ("Không thụ lý", "secondary"),
        Step.RESOLVED: ("Đã giải quyết", "green"),
        Step.WITHDRAWN: ("Đã rút đơn", "secondary"),
    },
    rows=(
        Move(
            verb="accept",
            label="Thụ lý",
            source=(Step.RECEIVED,),
            target=Step.ACCEPTED,
            permission="awards.handle_complaint",
            confirmation="Thời hạn giải quyết bắt đầu tính từ ngày mai; người gửi đơn trên cổng được báo bằng thư.",
            style="success",
        ),
        Move(
            verb="decline",
            label="Không thụ lý",
            source=(Step.RECEIVED,),
            target=Step.DECLINED,
            permission="awards.handle_complaint",
            comment_required=True,
            comment_label="Lý do không thụ lý",
            style="warning",
        ),
        Move(
            verb="resolve",
            label="Ghi kết quả giải quyết",
            source=(Step.ACCEPTED,),
            target=Step.RESOLVED,
            permission="awards.handle_complaint",
            style="success",
        ),
        Move(
            verb="forward_complaint",
            label="Chuyển cấp trên giải quyết",
            source=(Step.RECEIVED, Step.ACCEPTED),
            target=Step.FORWARDED,
            permission="awards.forward_complaint",
            style="secondary",
        ),
        Move(
            verb="answer_from_above",
            label="Ghi trả lời của cấp trên",
            source=(Step.FORWARDED,),
            target=Step.RESOLVED,
            permission="awards.forward_complaint",
            style="success",
        ),
        Move(
            verb="withdraw_complaint",
            label="Rút đơn",
            source=(Step.RECEIVED, Step.ACCEPTED, Step.FORWARDED),
            target=Step.WITHDRAWN,
            permission="awards.withdraw_complaint",
            comment_required=True,
            comment_label="Lý do rút đơn",
            style="secondary",
        ),
    ),
)
