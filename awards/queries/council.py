"""Questions about the council: who sits, who may not vote on what, what keeps a session from going on, its results."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from awards.calculations.votes import needed_for_quorum
from awards.models import (
    AgendaItem,
    Award,
    BallotBox,
    CouncilMember,
    CouncilSession,
    DecisionEntry,
    Envelope,
    Handover,
    Hold,
    Nomination,
    Recusal,
    Review,
    VoteRound,
)
from awards.queries.decisions import held_of
from awards.queries.reviews import rulebook_of
from awards.rules import holder_of, presider_of
from core.agenda import Task
from core.vietnamese import format_date
from organization import roles
from organization.models import Appointment, Person

Seat, Attendance = CouncilMember.Seat, CouncilMember.Attendance
ORDER = {seat: at for at, seat in enumerate(Seat)}
Outcome = Nomination.Outcome
RUNNING = (CouncilSession.State.INVITED, CouncilSession.State.OPEN)


# --- who sits -------------------------------------------------------------------------------------------
def appointed(day: date) -> QuerySet[Person]:
    """The members of the council of a day, by name."""
    rows = Appointment.objects.on(day).filter(role=roles.COUNCIL)
    return Person.objects.filter(pk__in=rows.values("person")).order_by("sort_key")


def last_seats() -> dict[int, tuple[str, bool]]:
    """Seat and counting duty that each person had in the last session of any review: a proposal for the next one."""
    found: dict[int, tuple[str, bool]] = {}
    rows = CouncilMember.objects.exclude(session__state=CouncilSession.State.CANCELLED)
    for person, seat, teller in rows.order_by("session__created_at", "pk").values_list(
        "person_id", "seat", "is_teller"
    ):
        found[person] = (seat, teller)
    return found


def roster_of(session: CouncilSession) -> list[CouncilMember]:
    """By seat, then by name."""
    rows = session.members.select_related("person")
    return sorted(rows, key=lambda one: (ORDER[Seat(one.seat)], one.person.sort_key))


def quorum_of(session: CouncilSession) -> Fraction:
    """The share that has to be present: as it was when the session opened, before that the province's figure."""
    return Fraction(session.quorum or str(rulebook_of(session.review).settings["quorum"]))


def needed(session: CouncilSession, members: list[CouncilMember]) -> int:
    return needed_for_quorum(len(members), quorum_of(session))


def next_number(review: Review) -> int:
    return (review.sessions.aggregate(last=Max("number"))["last"] or 0) + 1


def handovers_of(session: CouncilSession) -> list[Handover]:
    """In the order of the meeting, with the people as the minutes name them."""
    return list(session.handovers.select_related("giver__person", "taker__person"))


def signing(members: list[CouncilMember], handovers: Iterable[Handover], duty: str) -> list[CouncilMember]:
    """Everybody who had the duty in the session, each once: the minutes are signed by all of them."""
    had = [one for given in handovers if given.duty == duty for one in (given.giver, given.taker)]
    last = presider_of(members) if duty == CouncilMember.Duty.PRESIDES else holder_of(members, duty)
    return list(dict.fromkeys([*had, *([last] if last else [])]))


# --- what keeps it from going on --------------------------------------------------------------------------
def roster_problems(members: list[CouncilMember]) -> Iterable[str]:
    seats = [one.seat for one in members]
    if Seat.CHAIR not in seats and Seat.VICE not in seats:
        yield "Danh sách Hội đồng chưa có Chủ tịch hoặc Phó Chủ tịch."
    if Seat.SECRETARY not in seats:
        yield "Danh sách Hội đồng chưa có thư ký."


def problems_before_invitation(session: CouncilSession) -> Iterable[str]:
    if session.review.state != Review.State.COUNCIL:
        yield "Đợt bình xét không ở bước Hội đồng xét."
    yield from roster_problems(roster_of(session))
    if not session.items.exists():
        yield "Nội dung phiên họp chưa có hồ sơ nào."
    known = rulebook_of(session.review).thresholds
    awards = dict.fromkeys(item.nomination.award for item in items_of(session))
    for award in awards:
        if award.code not in known:
            yield (
                f"Quy định đã ghim của đợt (ngày {format_date(session.review.reference_date)}) chưa có tỷ lệ phiếu của"
                f" “{award}”. Hãy bổ sung ở trang “Quy định của tỉnh”, rồi ở trang của đợt bình xét bấm “Áp dụng quy"
                " định mới”, có ghi lý do; đợt vẫn ở bước Hội đồng xét."
            )


def problems_before_opening(session: CouncilSession) -> Iterable[str]:
    """Quorum of those present, somebody who presides and somebody who writes."""
    yield from problems_before_invitation(session)
    for other in session.review.sessions.filter(state=CouncilSession.State.OPEN).exclude(pk=session.pk):
        yield f"{other} đang họp; hãy kết thúc phiên đó trước."
    members = roster_of(session)
    waiting = [one.name_then for one in members if not one.attendance]
    if waiting:
        yield f"Chưa điểm danh: {', '.join(waiting)}."
    yield from problems_of_presence(session, members)


def problems_of_presence(session: CouncilSession, members: list[CouncilMember]) -> Iterable[str]:
    """Asked when it opens and again before every vote: people leave."""
    present = [one for one in members if one.attendance == Attendance.PRESENT]
    is_open = session.state == CouncilSession.State.OPEN
    yield from problems_of_quorum(session, members)
    if presider_of(members) is None:
        way = " Hãy bấm “Giao quyền chủ trì”." if is_open else ""
        yield f"Chủ tịch và các Phó Chủ tịch Hội đồng đều vắng: không có người chủ trì.{way}"
    if holder_of(members, CouncilMember.Duty.RECORDS) not in present:
        way = "hãy bấm “Giao việc thư ký”" if is_open else "hãy cử người khác làm thư ký phiên họp"
        yield f"Thư ký vắng mặt: {way}."


def problems_of_quorum(session: CouncilSession, members: list[CouncilMember]) -> Iterable[str]:
    """Asked also when a vote is counted: it is valid by those who were there for it."""
    there = [one.attendance for one in members].count(Attendance.PRESENT)
    least = needed(session, members)
    if there < least:
        yield (
            f"Không đủ số thành viên để họp: có mặt {there}/{len(members)}, cần ít nhất {least}"
            f" ({quorum_of(session)} tổng số thành viên)."
        )


def problems_before_closing(session: CouncilSession) -> Iterable[str]:
    """Nothing is being voted on, and every item has its result or is put off with a reason."""
    if session.boxes.filter(state__in=("prepared", "open")).exists():
        yield "Còn hòm phiếu kín chưa kiểm; hãy kiểm phiếu hoặc hủy lượt bỏ phiếu."
    results, uncounted, unvoted = results_of(session), [], []
    items = items_of(session)
    for item in items:
        latest = results.get(item.pk)
        if latest and latest.state == VoteRound.State.OPEN:
            uncounted.append(str(item))
        elif not latest and not item.deferral:
            unvoted.append(str(item))
    if uncounted:
        yield f"{_named(uncounted)} chưa có kết quả kiểm phiếu."
    stopped = held_items(items)
    held = [str(one) for one in items if one.pk in stopped and not one.deferral]
    if held:
        yield f"{_named(held)}: đang tạm dừng xét khen thưởng; hãy để lại hoặc chờ gỡ."
    if unvoted:
        yield f"{_named(unvoted)} chưa bỏ phiếu; hãy bỏ phiếu hoặc để lại, có ghi lý do."


def _named(names: list[str]) -> str:
    """A few by name, many by number."""
    return "; ".join(names) if len(names) <= 3 else f"{len(names)} hồ sơ"


# --- the agenda -------------------------------------------------------------------------------------------
def items_of(session: CouncilSession) -> list[AgendaItem]:
    """In the order of the paper: collectives, then people, the highest award first."""
    rows = session.items.select_related(
        "nomination__award", "nomination__person", "nomination__unit", "nomination__proposal__unit"
    )
    return sorted(rows, key=_place)


def _place(item: AgendaItem) -> tuple[Any, ...]:
    nomination = item.nomination
    name = nomination.person.sort_key if nomination.person else ""
    award = nomination.award
    return award.recipient, -award.order, nomination.proposal.unit.order, name, item.pk


def choosable(session: CouncilSession) -> QuerySet[Nomination]:
    """What may be put on the agenda: forwarded, in no decision that stands, not on a session that is under way; where
    the council sits only for what it had put off, that and what this sitting has concluded."""
    review = session.review
    rows = review.nominations.forwarded()
    if review.is_supplementary:
        of_sitting = AgendaItem.objects.filter(
            session__review=review, session__created_at__gte=review.supplement_since
        )
        wanted = put_off(review).values("pk"), of_sitting.values("nomination")
        rows = rows.filter(Q(pk__in=wanted[0]) | Q(pk__in=wanted[1]))
    busy = AgendaItem.objects.filter(session__review=review, session__state__in=("planned", *RUNNING))
    return (
        rows.exclude(pk__in=busy.exclude(session=session).values("nomination"))
        .exclude(pk__in=_decided(review))
        .select_related("award", "person", "unit", "proposal__unit")
    )


def at_hand(session: CouncilSession) -> list[Nomination]:
    """What a new session begins with: all that has no conclusion; or what was put off and is not held any more."""
    rows = choosable(session)
    if not session.review.is_supplementary:
        return list(rows.filter(outcome=Outcome.NONE))
    waiting = list(rows.filter(outcome=Outcome.DEFERRED))
    held = held_of(waiting)
    return [one for one in waiting if one.pk not in held]


def put_off(review: Review) -> QuerySet[Nomination]:
    """Để lại: goes no further, unless the council sits for it once more."""
    rows = review.nominations.forwarded().filter(outcome=Outcome.DEFERRED, dropping__isnull=True)
    return rows.exclude(pk__in=_decided(review))


def ready_again(review: Review) -> list[Nomination]:
    """What was put off and nothing stops any more."""
    waiting = list(put_off(review).select_related("person", "unit", "award"))
    held = held_of(waiting)
    return [one for one in waiting if one.pk not in held]


def _decided(review: Review) -> Any:
    return DecisionEntry.objects.filter(decision__review=review, is_in_force=True).values("nomination")


def votable(session: CouncilSession) -> QuerySet[AgendaItem]:
    """What may be chosen for a vote: neither put off nor being voted on."""
    rows = session.items.filter(deferral="").exclude(rounds__state=VoteRound.State.OPEN)
    return rows.select_related("nomination__award", "nomination__person", "nomination__unit")


def open_rounds(session: CouncilSession) -> list[VoteRound]:
    """Shows of hands and paper ballots that wait for their numbers."""
    rows = VoteRound.objects.filter(item__session=session, state=VoteRound.State.OPEN).select_related("chair")
    rows = rows.prefetch_related("present")
    return with_items(session, rows.exclude(way=VoteRound.Way.ELECTRONIC))


def with_items(session: CouncilSession, rows: QuerySet[VoteRound]) -> list[VoteRound]:
    """In the order of the agenda; each knows its session, so that rights are asked without a query."""
    by_item = {one.pk: one for one in items_of(session)}
    order = {pk: at for at, pk in enumerate(by_item)}
    found = sorted(rows, key=lambda one: (order[one.item_id], one.number))
    for one in found:
        one.item = by_item[one.item_id]
        one.item.session = session
    return found


def votable_by_award(session: CouncilSession) -> list[tuple[Award, int]]:
    """Awards of which something has not been voted on yet, in the order of the agenda, with how many there are."""
    waiting = Counter(one.nomination.award for one in votable(session).filter(rounds__isnull=True))
    return sorted(waiting.items(), key=lambda one: (one[0].recipient, -one[0].order))


def unvoted_of(session: CouncilSession, awards: Iterable[Award]) -> QuerySet[AgendaItem]:
    return votable(session).filter(rounds__isnull=True, nomination__award__in=list(awards))


def rounds_of(box: BallotBox) -> list[VoteRound]:
    return with_items(box.session, VoteRound.objects.filter(box=box))


def results_of(session: CouncilSession) -> dict[int, VoteRound]:
    """By item the round that counts: one that is open, else the last that was counted."""
    rows = VoteRound.objects.filter(item__session=session).exclude(state=VoteRound.State.ANNULLED)
    return {one.item_id: one for one in rows.order_by("item", "number")}


def conclusion_of(item: AgendaItem, latest: VoteRound | None) -> str:
    if item.deferral or latest is None:
        return Outcome.DEFERRED
    return Outcome.PASSED if latest.carried else Outcome.FAILED


def held_items(items: Iterable[AgendaItem]) -> dict[int, Hold]:
    """By item: stopped today; it cannot be voted on, only put off."""
    rows = list(items)
    held = held_of(one.nomination for one in rows)
    return {one.pk: held[one.nomination_id] for one in rows if one.nomination_id in held}


# --- what waits for whom --------------------------------------------------------------------------------
def unconcluded(review: Review) -> QuerySet[Nomination]:
    return review.nominations.forwarded().filter(outcome=Outcome.NONE)


def unfinished_sessions(review: Review) -> QuerySet[CouncilSession]:
    return review.sessions.filter(state__in=("planned", *RUNNING))


def tasks_of(user: Any) -> list[Task]:
    """A member's codes and ballots: they are over within the hour, so no reminder tells of them. What else the council
    waits for is in ``agenda``."""
    acting = user.acting
    if acting.person_id is None:
        return []
    rows = CouncilMember.objects.filter(person=acting.person_id, session__state=CouncilSession.State.OPEN)
    return [task for one in rows.select_related("session__review") for task in _boxes_of(one)]


def _boxes_of(member: CouncilMember) -> list[Task]:
    found = []
    for box in member.session.boxes.filter(state__in=("prepared", "open")).prefetch_related("keys"):
        href = reverse("awards:ballot_box", args=[box.pk])
        if box.state == box.State.PREPARED:
            if member.is_teller and all(key.member_id != member.pk for key in box.keys.all()):
                found.append(Task("Nhận mã kiểm phiếu", str(member.session), href, "Nhận mã"))
        elif may_vote_in(member).filter(box=box).exclude(envelopes__member=member).exists():
            found.append(Task("Bỏ phiếu kín của Hội đồng", str(member.session), href, "Bỏ phiếu"))
    return found


def may_vote_in(member: CouncilMember) -> QuerySet[VoteRound]:
    """The open rounds of secret ballots on which he may vote: present now and when they began, and not recused."""
    rows = VoteRound.objects.filter(
        item__session=member.session_id, state=VoteRound.State.OPEN, way=VoteRound.Way.ELECTRONIC
    )
    if member.attendance != Attendance.PRESENT:
        return rows.none()
    return rows.filter(present=member).exclude(item__recusals__member=member)


def not_yet_voted(box: BallotBox) -> list[CouncilMember]:
    """Who may vote and has not yet: that somebody has voted is no secret, what is."""
    rounds = list(VoteRound.objects.filter(box=box).values_list("pk", "item_id"))
    recused = set(
        Recusal.objects.filter(item__in=[item for _, item in rounds]).values_list("item_id", "member_id")
    )
    done = set(Envelope.objects.filter(round__box=box).values_list("round_id", "member_id"))
    began = set(VoteRound.objects.filter(box=box).values_list("pk", "present"))
    waiting = began - done
    return [
        one
        for one in roster_of(box.session)
        if one.attendance == Attendance.PRESENT
        and any((item, one.pk) not in recused and (pk, one.pk) in waiting for pk, item in rounds)
    ]
