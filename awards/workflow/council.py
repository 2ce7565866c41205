"""The procedures of the council: a session, a vote on one item, and the box of a secret ballot."""

from collections.abc import Iterable

from awards.models import BallotBox, CouncilSession, VoteRound
from awards.queries.council import (
    problems_before_closing,
    problems_before_invitation,
    problems_before_opening,
)
from core.workflow import Move, Workflow

Step, Box, Round = CouncilSession.State, BallotBox.State, VoteRound.State


def in_session(session: CouncilSession) -> Iterable[str]:
    if session.state != Step.OPEN:
        yield "Chỉ làm việc này khi Hội đồng đang họp."


def of_open_session(box: BallotBox) -> Iterable[str]:
    yield from in_session(box.session)


def of_open_item(one: VoteRound) -> Iterable[str]:
    yield from in_session(one.item.session)


def enough_keys(box: BallotBox) -> Iterable[str]:
    yield from of_open_session(box)
    count = box.keys.count()
    if count < 2:
        yield f"Mới có {count} thành viên Ban kiểm phiếu nhận mã; cần ít nhất hai người."
    strange = box.keys.exclude(member__session=box.session_id, member__is_teller=True).select_related(
        "member"
    )
    if strange:
        names = ", ".join(one.member.name_then for one in strange)
        yield f"Có mã không phải của Ban kiểm phiếu ({names}). Hãy hủy hòm phiếu và báo quản trị."


SESSION = Workflow(
    noun="phiên họp",
    states={
        Step.PLANNED: ("Đang chuẩn bị", "yellow"),
        Step.INVITED: ("Đã mời họp", "blue"),
        Step.OPEN: ("Đang họp", "orange"),
        Step.CLOSED: ("Đã kết thúc", "green"),
        Step.CANCELLED: ("Đã hủy", "secondary"),
    },
    rows=(
        Move(
            verb="invite",
            label="Gửi giấy mời",
            source=(Step.PLANNED,),
            target=Step.INVITED,
            permission="awards.run_council",
            guard=problems_before_invitation,
            confirmation="Giấy mời gửi tới mọi thành viên trong danh sách.",
        ),
        Move(
            verb="open_session",
            label="Khai mạc",
            source=(Step.INVITED,),
            target=Step.OPEN,
            permission="awards.run_council",
            guard=problems_before_opening,
            confirmation="Danh sách, số thành viên cần có và tỷ lệ phiếu của từng hồ sơ được ghim từ lúc này.",
            style="success",
        ),
        Move(
            verb="close_session",
            label="Kết thúc phiên họp",
            source=(Step.OPEN,),
            target=Step.CLOSED,
            permission="awards.run_council",
            guard=problems_before_closing,
            confirmation="Kết quả của từng hồ sơ được ghi và không sửa được nữa; muốn xét lại phải họp phiên khác.",
            style="success",
        ),
        Move(
            verb="cancel_session",
            label="Hủy phiên họp",
            source=(Step.PLANNED, Step.INVITED),
            target=Step.CANCELLED,
            permission="awards.run_council",
            comment_required=True,
            comment_label="Lý do hủy",
            style="danger",
        ),
    ),
)

ROUND = Workflow(
    noun="lượt bỏ phiếu",
    states={
        Round.OPEN: ("Đang lấy phiếu", "orange"),
        Round.COUNTED: ("Đã kiểm phiếu", "green"),
        Round.ANNULLED: ("Đã hủy", "secondary"),
    },
    rows=(
        Move(
            verb="count",
            label="Ghi kết quả kiểm phiếu",
            source=(Round.OPEN,),
            target=Round.COUNTED,
            permission="awards.count_votes",
            guard=of_open_item,
            style="success",
        ),
        Move(
            verb="recount",
            label="Sửa kết quả kiểm phiếu",
            source=(Round.COUNTED,),
            target=Round.COUNTED,
            permission="awards.count_votes",
            guard=of_open_item,
            comment_required=True,
            comment_label="Lý do sửa",
            style="warning",
        ),
        Move(
            verb="annul",
            label="Hủy lượt bỏ phiếu",
            source=(Round.OPEN, Round.COUNTED),
            target=Round.ANNULLED,
            permission="awards.annul_vote",
            guard=of_open_item,
            comment_required=True,
            comment_label="Lý do hủy",
            style="danger",
        ),
    ),
)

BOX = Workflow(
    noun="hòm phiếu",
    states={
        Box.PREPARED: ("Chờ Ban kiểm phiếu nhận mã", "yellow"),
        Box.OPEN: ("Đang bỏ phiếu", "orange"),
        Box.COUNTED: ("Đã kiểm phiếu", "green"),
        Box.ANNULLED: ("Đã hủy", "secondary"),
    },
    rows=(
        Move(
            verb="open_box",
            label="Mở hòm phiếu",
            source=(Box.PREPARED,),
            target=Box.OPEN,
            permission="awards.run_box",
            guard=enough_keys,
            confirmation="Mọi thành viên có mặt và không liên quan bỏ phiếu được từ lúc này.",
            style="success",
        ),
        Move(
            verb="count_box",
            label="Kiểm phiếu",
            source=(Box.OPEN,),
            target=Box.COUNTED,
            permission="awards.count_box",
            guard=of_open_session,
            style="success",
        ),
        Move(
            verb="replace_teller",
            label="Thay thành viên Ban kiểm phiếu",
            source=(Box.PREPARED, Box.OPEN),
            target=Box.PREPARED,
            permission="awards.replace_teller",
            guard=of_open_session,
            style="warning",
        ),
        Move(
            verb="annul_box",
            label="Hủy hòm phiếu",
            source=(Box.PREPARED, Box.OPEN),
            target=Box.ANNULLED,
            permission="awards.run_box",
            guard=of_open_session,
            comment_required=True,
            comment_label="Lý do hủy",
            style="danger",
        ),
    ),
)
