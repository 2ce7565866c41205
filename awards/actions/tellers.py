"""A teller leaves while a box of the secret ballot stands: the chair names another one, and the minutes say so.

What was sealed for the one who leaves, no other two can open. So the envelopes are thrown away unopened, the box is
closed again until the new teller has his code, and everybody votes anew.
"""

from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.actions.attendance import keep_board
from awards.models import BallotBox, CouncilMember, Envelope, Handover
from awards.queries import council as queries
from awards.workflow import BOX
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, lock

LONGEST = 300
COUNTS = Handover.Duty.COUNTS
Attendance = CouncilMember.Attendance


@transaction.atomic
def replace_teller(
    box: BallotBox,
    leaver: CouncilMember | None,
    taker: CouncilMember | None,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
) -> Handover:
    """The codes of the other tellers stay good."""
    session = box.session
    lock(session)
    lock(box)
    if not rules.has_perm("awards.replace_teller", by, box):
        raise Refused("Chỉ người chủ trì phiên họp thay thành viên Ban kiểm phiếu khi đang có hòm phiếu.")
    members = {one.pk: one for one in queries.roster_of(session)}
    gone, there = (members.get(one.pk) if one else None for one in (leaver, taker))
    if gone is None or there is None:
        raise Refused("Hãy chọn người rời và người thay trong danh sách Hội đồng.")
    _check(box, gone, there, by)
    if not (kept := normalize(reason)) or len(kept) > LONGEST:
        raise Refused(f"Hãy ghi lý do thay, không quá {LONGEST} ký tự.")
    BOX.advance(box, "replace_teller", by=by, comment=f"{gone} → {there}. {kept}", version=version)
    Envelope.objects.filter(round__box=box).delete()
    box.keys.filter(member=gone).delete()
    box.key_prints = []  # it is opened anew, with the new teller's key among them
    gone.is_teller, there.is_teller = False, True
    CouncilMember.objects.bulk_update([gone, there], ["is_teller"])
    keep_board(session, list(members.values()))
    box.version, session.version = box.version + 1, session.version + 1
    box.save(update_fields=["key_prints", "version"])
    session.save(update_fields=["version"])
    made = Handover.objects.create(
        session=session, duty=COUNTS, giver=gone, taker=there, reason=kept, noted_by=by
    )
    record(
        session, "hand_over", by=by, label=f"Thay thành viên Ban kiểm phiếu: {gone} → {there}", comment=kept
    )
    mails.duty_taken(made, by=by)
    return made


def tellers(members: list[CouncilMember]) -> list[CouncilMember]:
    return [one for one in members if one.is_teller]


def takers(members: list[CouncilMember]) -> list[CouncilMember]:
    """Who may count instead: there, and neither presiding nor writing."""
    return [one for one in members if not one.is_teller and not _problem(one)]


def _check(box: BallotBox, gone: CouncilMember, there: CouncilMember, by: Any) -> None:
    last = box.session.handovers.filter(duty=COUNTS).order_by("-pk").first()
    if (
        last
        and (last.giver_id, last.taker_id, last.noted_by_id) == (gone.pk, there.pk, by.pk)
        and there.is_teller
    ):
        raise AlreadyDone(f"Bạn đã cử {there} thay {gone} rồi.")
    if not gone.is_teller:
        raise Refused(f"{gone} không ở Ban kiểm phiếu. Hãy tải lại trang.")
    if there.is_teller:
        raise Refused(f"{there} đang ở Ban kiểm phiếu rồi.")
    if problem := _problem(there):
        raise Refused(problem)


def _problem(one: CouncilMember) -> str:
    if one.attendance != Attendance.PRESENT:
        return f"{one} không có mặt; chỉ cử thành viên có mặt."
    if one.duty:
        return f"{one} đang chủ trì hoặc làm thư ký, không vào Ban kiểm phiếu."
    return ""
