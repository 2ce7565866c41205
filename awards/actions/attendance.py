"""What the record keeps of who is in the room and who counts, each time it changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from awards.models import CouncilMember, CouncilSession, Presence, TellerBoard
from core import clock

Attendance = CouncilMember.Attendance
Mark = tuple[str, str]  # attendance and the reason of an absence


def keep_presence(
    session: CouncilSession, members: Sequence[CouncilMember], before: Mapping[int, Mark]
) -> str:
    """Write down who came and who left, now; gives what the journal says, with names. Until the session is open a mark
    that is taken back was a slip, and nobody has left anything."""
    is_open, now = session.state == CouncilSession.State.OPEN, clock.now()
    changed = [one for one in members if (one.attendance, one.absence_reason) != before[one.pk]]
    came = [
        one
        for one in changed
        if one.attendance == Attendance.PRESENT and before[one.pk][0] != Attendance.PRESENT
    ]
    gone = [
        one
        for one in changed
        if one.attendance != Attendance.PRESENT and before[one.pk][0] == Attendance.PRESENT
    ]
    if is_open:
        for one in gone:
            one.presences.filter(left_at=None).update(left_at=now, reason=one.absence_reason)
    else:
        Presence.objects.filter(member__in=gone).delete()
    Presence.objects.bulk_create(Presence(member=one, came_at=now) for one in came)
    others = [one for one in changed if one not in came and not (is_open and one in gone)]
    return ". ".join(
        part
        for part in (
            _named("Đến" if is_open else "Có mặt", came),
            _named("Rời phiên họp", gone if is_open else []),
            *(_named(mark.label, [one for one in others if one.attendance == mark]) for mark in Attendance),
        )
        if part
    )


def keep_board(
    session: CouncilSession, members: Sequence[CouncilMember], since: datetime | None = None
) -> None:
    """Who counts from now on, or since then, where it is not whom the record has already."""
    now = {one.pk for one in members if one.is_teller}
    last = session.boards.order_by("-since", "-pk").first()
    known = set(last.members.values_list("pk", flat=True)) if last else set()
    if now != known:
        TellerBoard.objects.create(session=session, since=since or clock.now()).members.set(now)


def _named(label: str, members: Sequence[CouncilMember]) -> str:
    names = [f"{one} ({one.absence_reason})" if one.absence_reason else str(one) for one in members]
    return f"{label}: {', '.join(names)}" if names else ""
