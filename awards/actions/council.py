"""A session of the council from its plan to its end: who is invited, who came, what is on the agenda, what came out."""

from collections.abc import Iterable, Mapping
from typing import Any

import rules
from django.db import IntegrityError, transaction

from awards import mails
from awards.actions.attendance import keep_board, keep_presence
from awards.calculations.votes import can_be_tied
from awards.models import AgendaItem, CouncilMember, CouncilSession, Nomination, Recusal, Review
from awards.queries import council as queries
from awards.queries.conflicts import missing_recusals
from awards.queries.reviews import rulebook_of
from awards.rules import holder_of, presider_of
from awards.workflow import SESSION
from core import clock
from core.journal import record
from core.vietnamese import normalize
from core.workflow import Refused, check_version, lock
from organization.models import Person

Step, Seat, Attendance = CouncilSession.State, CouncilMember.Seat, CouncilMember.Attendance
Duty = CouncilMember.Duty
HEAD = ("held_on", "starts_at", "place", "agenda_note")
MOST_OF_REASON = AgendaItem._meta.get_field("again_because").max_length
BEFORE = (Step.PLANNED, Step.INVITED)
OF_RULE = ["percent", "is_more_than", "base", "is_secret", "citation", "is_confirmed", "counts_recused"]
OF_RULE += ["chair_decides_tie"]


@transaction.atomic
def plan_session(review: Review, values: Mapping[str, Any], *, by: Any) -> CouncilSession:
    """With today's members and everything that the council has not concluded yet; both can be changed after."""
    lock(review)
    if not rules.has_perm("awards.plan_council", by):
        raise Refused("Chỉ Văn phòng Sở lập phiên họp Hội đồng.")
    if review.state != Review.State.COUNCIL:
        raise Refused("Chỉ lập phiên họp khi đợt bình xét ở bước Hội đồng xét.")
    session = CouncilSession(
        review=review,
        number=queries.next_number(review),
        prepared_by=by,
        **{name: values[name] for name in HEAD},
    )
    session.save()
    _sit(session)
    _put_on(session, queries.at_hand(session), review.supplement[:MOST_OF_REASON])
    record(session, "plan_session", by=by, label="Lập phiên họp", after=session.state)
    return session


@transaction.atomic
def change_session(
    session: CouncilSession, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> None:
    """Day, hour, place. Who has been invited is told; another day may have other members."""
    _hold(session, by, BEFORE, "Chỉ sửa được phiên họp chưa khai mạc.")
    check_version(session, version)
    if all(getattr(session, name) == values[name] for name in HEAD):
        return
    is_new_day = session.held_on != values["held_on"]
    for name in HEAD:
        setattr(session, name, values[name])
    _save(session, *HEAD)
    invited = list(session.members.all())
    if is_new_day:
        _sit(session)
    record(session, "change_session", by=by, label="Sửa phiên họp")
    if session.state == Step.INVITED:
        _tell_who_came_and_went(session, invited, by=by)
        staying = session.members.filter(person__in=[one.person_id for one in invited])
        mails.council_changed(session, staying, by=by)


@transaction.atomic
def set_roster(
    session: CouncilSession, seats: Mapping[int, tuple[str, bool]], *, by: Any, version: int | None = None
) -> None:
    """Who presides, who writes, who counts. Once it is open only the tellers may change."""
    _hold(session, by, (*BEFORE, Step.OPEN), "Phiên họp đã kết thúc.")
    check_version(session, version)
    members = list(session.members.select_related("person"))
    wanted = {one.pk: seats.get(one.pk, (one.seat, one.is_teller)) for one in members}
    if session.state == Step.OPEN:
        if any(wanted[one.pk][0] != one.seat for one in members):
            raise Refused("Phiên họp đã khai mạc: chỉ cử lại Ban kiểm phiếu, không đổi cương vị.")
        if session.boxes.filter(state__in=("prepared", "open")).exists():
            raise Refused("Đang có hòm phiếu kín; hãy kiểm phiếu hoặc hủy trước khi cử lại Ban kiểm phiếu.")
        busy = [one for one in members if one.duty and wanted[one.pk][1] and not one.is_teller]
        if busy:
            raise Refused(f"{busy[0]} đang chủ trì hoặc làm thư ký, không vào Ban kiểm phiếu.")
    _check_roster(wanted)
    session.members.update(seat=Seat.MEMBER)  # so that two who change seats do not stand in each other's way
    for one in members:
        one.seat, one.is_teller = wanted[one.pk]
    CouncilMember.objects.bulk_update(members, ["seat", "is_teller"])
    if session.state == Step.OPEN:
        keep_board(session, members)
    _save(session)
    record(session, "set_roster", by=by, label="Phân công trong Hội đồng")


@transaction.atomic
def renew_roster(session: CouncilSession, *, by: Any) -> None:
    """Take over who is a member of the council on the day of the session."""
    _hold(session, by, BEFORE, "Danh sách đã ghim khi khai mạc.")
    invited = list(session.members.all())
    if _sit(session):
        _save(session)
        record(session, "renew_roster", by=by, label="Cập nhật danh sách Hội đồng")
        if session.state == Step.INVITED:
            _tell_who_came_and_went(session, invited, by=by)


@transaction.atomic
def set_agenda(
    session: CouncilSession,
    nominations: Iterable[Nomination],
    *,
    by: Any,
    again_because: str = "",
    version: int | None = None,
) -> None:
    """What has a conclusion already comes on again only with a reason. A dossier is on one running session's agenda."""
    lock(session.review)
    _hold(session, by, BEFORE, "Nội dung đã ghim khi khai mạc; hồ sơ chưa xét được thì để lại.")
    check_version(session, version)
    wanted = {one.pk: one for one in nominations}
    known = set(session.items.values_list("nomination_id", flat=True))
    session.items.exclude(nomination__in=wanted).delete()
    _put_on(session, [one for pk, one in wanted.items() if pk not in known], normalize(again_because))
    _save(session)
    record(session, "set_agenda", by=by, label=f"Nội dung phiên họp: {len(wanted)} hồ sơ")


@transaction.atomic
def mark_attendance(
    session: CouncilSession, marks: Mapping[int, tuple[str, str]], *, by: Any, version: int | None = None
) -> None:
    """Who came and who left, also while votes are taken. Every vote keeps who was there when it began."""
    _hold(session, by, (Step.INVITED, Step.OPEN), "Chỉ điểm danh phiên họp đã mời và chưa kết thúc.")
    check_version(session, version)
    members = list(session.members.all())
    before = {one.pk: (one.attendance, one.absence_reason) for one in members}
    for one in members:
        mark, reason = marks.get(one.pk, (one.attendance, one.absence_reason))
        if mark not in Attendance.values:
            raise Refused("Hãy chọn có mặt hoặc vắng mặt.")
        reason = normalize(reason) if mark in (Attendance.ABSENT, Attendance.WRITTEN) else ""
        if mark == Attendance.ABSENT and not reason:
            raise Refused(f"Hãy ghi lý do vắng của {one.name_then}.")
        one.attendance, one.absence_reason = mark, reason
    CouncilMember.objects.bulk_update(members, ["attendance", "absence_reason"])
    told = keep_presence(session, members, before)
    _save(session)
    record(session, "mark_attendance", by=by, label="Điểm danh", comment=told)


@transaction.atomic
def write_course(
    session: CouncilSession, course: str, *, by: Any, reason: str = "", version: int | None = None
) -> None:
    """What was said, for the minutes; they are often written after the meeting, while the review is at the council.
    Closing freezes: from then on the text changes only with a reason, and the journal keeps what it was."""
    _hold(session, by, (Step.OPEN, Step.CLOSED), "Chỉ ghi diễn biến từ khi khai mạc.")
    if session.review.state != Review.State.COUNCIL:
        raise Refused("Đợt đã qua bước Hội đồng xét: biên bản không sửa được nữa.")
    since = session.review.supplement_since
    if since and session.created_at < since:
        raise Refused("Phiên này đã có quyết định theo kết luận: biên bản không sửa được nữa.")
    check_version(session, version)
    is_after, before, why = session.state == Step.CLOSED, session.course, normalize(reason)
    if is_after and not why:
        raise Refused("Phiên họp đã kết thúc: hãy ghi lý do sửa diễn biến.")
    session.course = normalize(course)
    _save(session, "course")
    label = "Sửa diễn biến sau khi kết thúc phiên họp" if is_after else "Ghi diễn biến phiên họp"
    told = f"{why}\n\nTrước khi sửa: {before or 'chưa ghi gì.'}" if is_after else ""
    record(session, "write_course", by=by, label=label, comment=told, data={"before": before})


# --- its stages -------------------------------------------------------------------------------------------
@transaction.atomic
def invite(session: CouncilSession, *, by: Any, comment: str = "", version: int | None = None) -> None:
    lock(session.review)
    if session.state == Step.PLANNED:
        fix_rules(session)
    _move(session, "invite", by=by, comment=comment, version=version)
    session.invited_at = clock.now()
    session.save(update_fields=["invited_at"])
    mails.council_invitation(session, session.members.all(), by=by)


@transaction.atomic
def open_session(session: CouncilSession, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """From here on the roster, the quorum and every item's rule stand as they are; conflicts are recorded."""
    lock(session.review)
    if session.state == Step.INVITED:
        fix_rules(session)
    _move(session, "open_session", by=by, comment=comment, version=version)
    session.quorum = str(queries.quorum_of(session))
    session.opened_at = clock.now()
    session.save(update_fields=["quorum", "opened_at"])
    _begin_duties(session)
    keep_board(session, list(session.members.all()))
    recuse(session, queries.items_of(session))


@transaction.atomic
def close_session(
    session: CouncilSession, *, by: Any, comment: str = "", version: int | None = None
) -> dict[int, str]:
    """Every item's conclusion becomes its nomination's outcome, all of them or none. Gives them by nomination."""
    lock(session.review)
    _move(session, "close_session", by=by, comment=comment, version=version)
    results, concluded = queries.results_of(session), {}
    for item in queries.items_of(session):
        item.conclusion = queries.conclusion_of(item, results.get(item.pk))
        item.save(update_fields=["conclusion"])
        nomination = item.nomination
        lock(nomination)
        nomination.outcome = item.conclusion
        nomination.version += 1
        nomination.save(update_fields=["outcome", "version"])
        said = nomination.get_outcome_display()
        record(nomination, "conclude", by=by, label=f"Hội đồng kết luận: {said}", comment=item.deferral)
        concluded[nomination.pk] = item.conclusion
    session.closed_at = clock.now()
    session.save(update_fields=["closed_at"])
    return concluded


@transaction.atomic
def cancel_session(
    session: CouncilSession, *, by: Any, comment: str = "", version: int | None = None
) -> None:
    lock(session)
    was_invited = session.state == Step.INVITED
    _move(session, "cancel_session", by=by, comment=normalize(comment), version=version)
    if was_invited:
        mails.council_cancelled(session, session.members.all(), by=by)


# --- parts ------------------------------------------------------------------------------------------------
def fix_rules(session: CouncilSession) -> None:
    """The threshold of every item as the review's rules have it."""
    book, items = rulebook_of(session.review), queries.items_of(session)
    chair_decides = bool(book.settings.get("vote-tie-chair", False))
    for item in items:
        rule = book.thresholds.get(item.nomination.award.code)
        item.percent = rule.percent if rule else None
        item.is_more_than = rule.is_more_than if rule else False
        item.base = rule.base if rule else ""
        item.is_secret = rule.is_secret if rule else False
        item.citation = f"{rule.citation}, {book.title(rule.document)}" if rule else ""
        item.is_confirmed = rule.is_confirmed if rule else False
        item.counts_recused = book.settings.get("vote-recused", "counted") == "counted"
        item.chair_decides_tie = chair_decides and item.rule is not None and can_be_tied(item.rule)
        item.chair_decides_tie &= not item.is_secret
    AgendaItem.objects.bulk_update(items, OF_RULE)


def recuse(session: CouncilSession, items: Iterable[AgendaItem]) -> None:
    """Write down the conflicts found; what was written before stays."""
    Recusal.objects.bulk_create(missing_recusals(session, items, session.members.all()))


def _begin_duties(session: CouncilSession) -> None:
    """Who presides and writes from the beginning, so that a handover knows from whom."""
    members = list(session.members.all())
    for one, duty in (
        (presider_of(members), Duty.PRESIDES),
        (holder_of(members, Duty.RECORDS), Duty.RECORDS),
    ):
        if one:
            one.duty = duty
            one.save(update_fields=["duty"])


def _hold(session: CouncilSession, by: Any, states: Iterable[str], sentence: str) -> None:
    lock(session)
    if not rules.has_perm("awards.run_council", by, session):
        raise Refused("Chỉ Văn phòng Sở và thư ký phiên họp làm được việc này.")
    if session.state not in states:
        raise Refused(sentence)


def _save(session: CouncilSession, *names: str) -> None:
    session.version += 1
    session.save(update_fields=[*names, "version"])


def _move(session: CouncilSession, verb: str, *, by: Any, comment: str, version: int | None) -> None:
    SESSION.advance(session, verb, by=by, comment=normalize(comment), version=version)
    _save(session)


def _sit(session: CouncilSession) -> bool:
    """Members of the day come in with the seat they last had, others go. Whether anything changed."""
    people = {one.pk: one for one in queries.appointed(session.held_on)}
    known = set(session.members.values_list("person_id", flat=True))
    gone, _ = session.members.exclude(person__in=people).delete()
    before = queries.last_seats()
    taken = set(session.members.values_list("seat", flat=True)) & {Seat.CHAIR, Seat.SECRETARY}
    fresh = []
    for pk, person in people.items():
        if pk not in known:
            fresh.append(_member(session, person, before.get(pk, (Seat.MEMBER, False)), taken))
    CouncilMember.objects.bulk_create(fresh)
    return bool(fresh or gone)


def _tell_who_came_and_went(session: CouncilSession, invited: list[CouncilMember], *, by: Any) -> None:
    """Who came in after the invitation gets it; who is no member on that day is told that his is void."""
    known, now = {one.person_id for one in invited}, list(session.members.all())
    staying = {one.person_id for one in now}
    mails.council_invitation(session, [one for one in now if one.person_id not in known], by=by)
    mails.council_uninvited(session, [one for one in invited if one.person_id not in staying], by=by)


def _member(
    session: CouncilSession, person: Person, before: tuple[str, bool], taken: set[str]
) -> CouncilMember:
    seat = before[0] if before[0] not in taken else Seat.MEMBER
    if seat in (Seat.CHAIR, Seat.SECRETARY):
        taken.add(seat)
    return CouncilMember(
        session=session, person=person, name_then=person.full_name, seat=seat, is_teller=before[1]
    )


def _check_roster(wanted: Mapping[int, tuple[str, bool]]) -> None:
    seats = [seat for seat, _ in wanted.values()]
    for seat in (Seat.CHAIR, Seat.SECRETARY):
        if seats.count(seat) > 1:
            raise Refused(f"Chỉ một người là “{Seat(seat).label}”.")
    if any(seat not in Seat.values for seat in seats):
        raise Refused("Hãy chọn cương vị trong danh sách.")


def _put_on(session: CouncilSession, nominations: Iterable[Nomination], again_because: str) -> None:
    wanted = list(nominations)
    free = set(queries.choosable(session).values_list("pk", flat=True))
    for one in wanted:
        if one.pk not in free:
            raise Refused(f"{one} không đưa vào phiên này được: đang ở phiên khác hoặc đã có quyết định.")
        if one.outcome and not again_because:
            raise Refused(f"Hội đồng đã kết luận về {one}; muốn xét lại, hãy ghi lý do.")
    try:
        with transaction.atomic():
            AgendaItem.objects.bulk_create(
                AgendaItem(
                    session=session, nomination=one, again_because=again_because if one.outcome else ""
                )
                for one in wanted
            )
    except IntegrityError as error:
        raise Refused("Nội dung phiên họp vừa được người khác sửa. Hãy tải lại trang.") from error
    fix_rules(session)
