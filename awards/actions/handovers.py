"""The chair or the record of a session that is open goes to another member: one who has to leave, or is gone."""

from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.models import CouncilMember, CouncilSession, Handover
from awards.queries import council as queries
from awards.rules import holder_of
from core.journal import record
from core.vietnamese import format_moment, normalize
from core.workflow import AlreadyDone, Refused, check_version, lock

Duty = CouncilMember.Duty
PERMISSIONS = {Duty.PRESIDES: "awards.hand_over_presides", Duty.RECORDS: "awards.hand_over_records"}
NAMES = {Duty.PRESIDES: "quyền chủ trì", Duty.RECORDS: "việc thư ký"}
LONGEST = 300


@transaction.atomic
def hand_over(
    session: CouncilSession,
    duty: str,
    taker: CouncilMember | None,
    *,
    giver: CouncilMember | None,
    by: Any,
    reason: str,
    version: int | None = None,
) -> Handover:
    """``giver`` is who had it on the page that was sent. Two at the same time: the second is told who has it now.

    Handing back is the same act. What was written before stays with the name of who wrote it.
    """
    lock(session)
    if session.state != CouncilSession.State.OPEN:
        raise Refused("Chỉ bàn giao khi Hội đồng đang họp.")
    members = queries.roster_of(session)
    held = holder_of(members, duty)
    if held is None or taker is None:
        raise Refused("Hãy chọn người nhận trong danh sách Hội đồng.")
    _check_page(session, duty, held, giver, taker, by)
    if not rules.has_perm(PERMISSIONS[Duty(duty)], by, session):
        raise Refused("Chỉ người đang giữ việc này, thư ký phiên họp và Văn phòng Sở bàn giao được.")
    check_version(session, version)
    there = next((one for one in members if one.pk == taker.pk), None)
    problem = _problem(there, held, members)
    if problem or there is None:
        raise Refused(problem)
    if not normalize(reason) or len(normalize(reason)) > LONGEST:
        raise Refused(f"Hãy ghi lý do bàn giao, không quá {LONGEST} ký tự.")
    session.members.filter(duty=duty).update(duty="")
    there.duty = duty
    there.save(update_fields=["duty"])
    session.version += 1
    session.save(update_fields=["version"])
    made = Handover.objects.create(
        session=session, duty=duty, giver=held, taker=there, reason=normalize(reason), noted_by=by
    )
    record(
        session,
        "hand_over",
        by=by,
        label=f"Bàn giao {NAMES[Duty(duty)]}: {held} → {there}",
        comment=made.reason,
    )
    mails.duty_taken(made, by=by)
    return made


def takers(members: list[CouncilMember], held: CouncilMember) -> list[CouncilMember]:
    """Who may have it next, in the order of the roster."""
    return [one for one in members if not _problem(one, held, members)]


def _check_page(
    session: CouncilSession,
    duty: str,
    held: CouncilMember,
    giver: CouncilMember | None,
    taker: CouncilMember,
    by: Any,
) -> None:
    """Whether the page still knew who has it."""
    if giver and giver.pk == held.pk:
        return
    last = session.handovers.filter(duty=duty).order_by("-pk").first()
    if last and last.noted_by_id == by.pk and held.pk == taker.pk:
        raise AlreadyDone(f"Bạn đã giao {NAMES[Duty(duty)]} cho {held} rồi.")
    when = f" lúc {format_moment(last.at)}" if last else ""
    raise Refused(
        f"Người giữ {NAMES[Duty(duty)]} đã đổi: {held} giữ{when}. Chưa bàn giao gì thêm; hãy tải lại trang."
    )


def _problem(taker: CouncilMember | None, held: CouncilMember, members: list[CouncilMember]) -> str:
    """Nobody presides and writes at once, and whoever counts ballots does neither."""
    if taker is None:
        return "Hãy chọn người nhận trong danh sách Hội đồng."
    if taker.pk == held.pk:
        return f"{taker} đang giữ việc này rồi."
    if taker.attendance != CouncilMember.Attendance.PRESENT:
        return f"{taker} không có mặt; chỉ giao cho thành viên có mặt."
    if any(one is not None and one.pk == taker.pk for one in (holder_of(members, duty) for duty in Duty)):
        return f"{taker} đang giữ việc khác: một người không vừa chủ trì vừa làm thư ký."
    if taker.is_teller:
        return f"{taker} thuộc Ban kiểm phiếu; hãy cử lại Ban kiểm phiếu ở trang “Phân công” trước khi giao."
    return ""
