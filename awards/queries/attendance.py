"""What the minutes say of the room: who was there and when, who counted, and who was there for each vote."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from awards.models import CouncilMember, CouncilSession, Presence, TellerBoard, VoteRound
from core.vietnamese import format_moment


@dataclass(frozen=True)
class Stay:
    """A member's part in the meeting, in words."""

    member: CouncilMember
    times: list[Presence]
    said: str

    @property
    def came(self) -> bool:
        return bool(self.times)


def stays_of(session: CouncilSession, members: Iterable[CouncilMember]) -> list[Stay]:
    """In the order of the roster. Whoever has no time was away for the whole meeting."""
    times: dict[int, list[Presence]] = defaultdict(list)
    for one in Presence.objects.filter(member__session=session).order_by("came_at", "pk"):
        times[one.member_id].append(one)
    return [Stay(one, times[one.pk], _said(session, one, times[one.pk])) for one in members]


def _said(session: CouncilSession, member: CouncilMember, times: list[Presence]) -> str:
    if not times:
        why = f": {member.absence_reason}" if member.absence_reason else ""
        return f"{member.get_attendance_display()}{why}"
    parts: list[str] = []
    for one in times:
        if parts:
            parts.append(f"trở lại lúc {format_moment(one.came_at)}")
        elif session.opened_at and one.came_at > session.opened_at:
            parts.append(f"Có mặt, đến lúc {format_moment(one.came_at)}")
        else:
            parts.append("Có mặt")
        if one.left_at:
            why = f" ({one.reason})" if one.reason else ""
            parts.append(f"rời phiên họp lúc {format_moment(one.left_at)}{why}")
    return "; ".join(parts)


def at_opening(session: CouncilSession, stays: Iterable[Stay]) -> int:
    """How many were there as it began."""
    begun = session.opened_at
    if begun is None:
        return sum(one.member.attendance == CouncilMember.Attendance.PRESENT for one in stays)
    return sum(
        any(time.came_at <= begun and (time.left_at is None or time.left_at > begun) for time in one.times)
        for one in stays
    )


def boards_of(session: CouncilSession) -> list[TellerBoard]:
    """Every Ban kiểm phiếu of the session, the first first; one that nobody was named to is none."""
    return [one for one in session.boards.prefetch_related("members") if one.members.all()]


@dataclass(frozen=True)
class AtVote:
    """Who was there for one vote, as the minutes say it; of a vote older than this record nothing is known."""

    present: int
    absent: list[CouncilMember]
    left: list[CouncilMember]  # between its beginning and its count


def at_vote(one: VoteRound, stays: Iterable[Stay]) -> AtVote:
    there = {member.pk for member in one.present.all()}
    absent, left = [], []
    for stay in stays:
        if stay.member.pk not in there:
            absent.append(stay.member)
        elif one.counted_at and any(_left_during(one, time) for time in stay.times):
            left.append(stay.member)
    return AtVote(len(there), absent, left)


def _left_during(one: VoteRound, time: Presence) -> bool:
    return bool(time.left_at and one.counted_at and one.opened_at <= time.left_at <= one.counted_at)
