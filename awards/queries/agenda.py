"""What a running review waits for, stage by stage: first pages and reminders are told by the same lines.

Read once for everybody in a fixed number of questions; whom a thing waits for is then told without the database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from awards.models import (
    CouncilMember,
    CouncilSession,
    Decision,
    Nomination,
    OpenPeriod,
    Proposal,
    Review,
    ReviewDeadline,
)
from awards.models.reviews import MAY_BE_DECIDED
from awards.queries.deciding import disciplined, of_decisions, released
from awards.queries.decisions import OVER, put_aside
from awards.queries.notices import last_day_of
from awards.queries.waiting import Running, Step, Waiting
from core import clock
from core.agenda import Task
from core.prepared import Prepared
from organization import roles
from organization.models import Posting, Unit

State = Proposal.State
# The stages that people are reminded of, by the codes of the reminder plans.
STAGES = tuple(step.value for step in Step)
# Until when a proposal in this state waits for whom it waits: what is returned is taken at any time after the last day
# of handing in, but the Office has to be through by then.
STEP_OF = {
    State.DRAFT: Step.NOMINATION,
    State.SUBMITTED: Step.VERIFICATION,
    State.RETURNED: Step.VERIFICATION,
}
# Who presides and who writes as long as it was handed to nobody else.
DUTIES: dict[str, str] = {
    CouncilMember.Seat.CHAIR: CouncilMember.Duty.PRESIDES,
    CouncilMember.Seat.SECRETARY: CouncilMember.Duty.RECORDS,
}
NOT_BEGUN = "Đơn vị chưa lập tờ trình của đợt này."


class _Proposal(NamedTuple):
    pk: int
    unit: int
    state: str
    met_on: date | None
    signed_by: int | None


# --- what is read ---------------------------------------------------------------------------------------
def _running() -> QuerySet:
    """Those that run, and those that are over and have a decision after their end to finish."""
    unfinished = Decision.objects.exclude(state__in=OVER).filter(review=OuterRef("pk"))
    aside = put_aside().filter(decision__review=OuterRef("pk"))
    late = Q(Exists(unfinished)) | Q(Exists(aside))
    begun = Review.objects.exclude(state__in=(Review.State.PLANNED, *Review.OVER)) | Review.objects.filter(
        late, state=Review.State.CLOSED
    )
    rows = begun.annotate(decided=MAY_BE_DECIDED).order_by("-year", "pk")
    about = ("pk", "state", "title", "year", "reference_date", "decided")
    return rows.values_list(*about, "deadlines__step", "deadlines__due_on")


def _proposals() -> QuerySet:
    facts = ("review", "pk", "unit", "state", "met_on", "submitted_by")
    return Proposal.objects.filter(review__state=Review.State.OPEN).order_by("pk").values_list(*facts)


def _units() -> QuerySet:
    facts = ("pk", "path", "parent", "short_name", "is_collective", "opened_on", "closed_on")
    return Unit.objects.order_by("order", "pk").values_list(*facts)


def _unconcluded() -> QuerySet:
    """What the council still owes; where it sits for what it had put off, that, too."""
    rows = Nomination.objects.forwarded().filter(review__state=Review.State.COUNCIL)
    rows = rows.filter(Q(outcome="") | Q(outcome="deferred", review__supplement_since__isnull=False))
    return rows.order_by().values_list("review").annotate(Count("pk"))


def _sessions() -> QuerySet:
    states = (CouncilSession.State.PLANNED, CouncilSession.State.INVITED, CouncilSession.State.OPEN)
    rows = CouncilSession.objects.filter(state__in=states)
    return rows.order_by("pk").values_list("pk", "review", "state", "held_on", "starts_at", "place")


def _seated() -> QuerySet:
    states = (CouncilSession.State.INVITED, CouncilSession.State.OPEN)
    seats = CouncilMember.objects.filter(session__state__in=states).order_by("pk")
    return seats.values_list("person", "session", "seat", "duty")


RUNNING, PROPOSALS, UNITS = Prepared(_running), Prepared(_proposals), Prepared(_units)
PLACES = Prepared(lambda: Posting.objects.current().order_by().values_list("unit__path").distinct())
PERIODS = Prepared(
    lambda: OpenPeriod.objects.filter(closed_at__isnull=True, review__state=Review.State.NOTICE).values_list(
        "review", "opened_at", "counted_to"
    )
)
SESSIONS, SEATED = Prepared(_sessions), Prepared(_seated)
LEFT_OUT = Prepared(
    lambda: Review.objects.filter(state=Review.State.OPEN, left_out__isnull=False).values_list(
        "pk", "left_out"
    )
)
UNCONCLUDED = Prepared(_unconcluded)


# --- laid out by whom it waits for ------------------------------------------------------------------------
class Agenda:
    """The running reviews on one day. ``of`` tells what waits for one user."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.reviews: dict[int, Running] = {}
        for pk, *about, step, due_on in RUNNING.ask():
            review = self.reviews.setdefault(pk, Running(pk, *about))
            if step:
                review.due[step] = due_on
        self.of_units: dict[int, list[tuple[Waiting, bool]]] = {}  # with: only for who heads it
        self.to_verify: dict[int, list[_Proposal]] = {}
        self.of_office: list[Waiting] = []
        self.of_members: dict[int, list[Waiting]] = {}  # by person
        self.names: dict[int, str] = {}
        self.order: dict[int, int] = {}
        self.top: int | None = None
        states = {one.state for one in self.reviews.values()}
        if Review.State.OPEN in states:
            self._read_proposals()
        periods = {review: dates for review, *dates in PERIODS.ask()} if Review.State.NOTICE in states else {}
        for one in self._in(Review.State.NOTICE):
            self.of_office.append(_notice(one, *periods.get(one.pk, ())))
        if Review.State.COUNCIL in states:
            self._read_council()
        self.decided = [one for one in self.reviews.values() if one.may_be_decided]
        if self.decided:
            self.of_office += of_decisions(self.decided)

    def _in(self, *states: str) -> list[Running]:
        return [one for one in self.reviews.values() if one.state in states]

    def of(self, user: Any) -> Iterator[Waiting]:
        acting = user.acting
        if acting.person_id is None or acting.is_(roles.TECHNICIAN) or not self.reviews:
            return
        is_office = acting.is_(roles.OFFICE)
        mine = ((acting.units - {self.top}) | acting.headed) & self.of_units.keys()
        for unit in sorted(mine, key=self.order.__getitem__):
            heads = unit in acting.headed
            yield from (one for one, only_head in self.of_units[unit] if heads or not only_head)
        yield from self.of_members.get(acting.person_id, ())
        if not is_office:
            return
        if self.top and self.top not in acting.headed:  # who heads the Sở has had it, as its head
            # The Office writes the proposal of the Sở's leadership: its own work, not only a paper of the unit.
            yield from (one._replace(unit_id=None) for one, _ in self.of_units.get(self.top, ()))
        yield from self._verifying(user)
        yield from self.of_office
        yield from self._only_office

    @cached_property
    def _only_office(self) -> list[Waiting]:
        """What costs questions of its own: nobody else asks them."""
        return [*released(self.decided), *disciplined(self.reviews.values())]

    # --- the units propose --------------------------------------------------------------------------------
    def _read_proposals(self) -> None:
        units, places = UNITS.ask(), [path for (path,) in PLACES.ask()]
        self.names = {pk: name for pk, _, _, name, *_ in units}
        self.order = {pk: at for at, pk in enumerate(self.names)}
        known: dict[tuple[int, int], _Proposal] = {}
        for review, *row in PROPOSALS.ask():
            one = _Proposal(*row)
            known[review, one.unit] = one
            if one.state == State.SUBMITTED:
                self.to_verify.setdefault(review, []).append(one)
        left_out = set(LEFT_OUT.ask())
        for review in self._in(Review.State.OPEN):
            for unit in self._proposing(units, places, review.facts_day(self.day)):
                if (review.pk, unit) in left_out:
                    continue
                found = self._of_unit(review, unit, known.get((review.pk, unit)))
                self.of_units.setdefault(unit, []).extend(found)

    def _proposing(self, units: Iterable[Any], places: list[str], day: date) -> Iterator[int]:
        """The collectives of that day; and the Sở when somebody works outside all of them."""
        paths: list[str] = []
        top: int | None = None
        for pk, path, parent, _, is_collective, opened, closed in units:
            if parent is None:
                top = top or pk
            elif is_collective and opened <= day and (closed is None or closed > day):
                paths.append(path)
                yield pk
        if top and any(not path.startswith(tuple(paths)) for path in places):
            self.top = top
            yield top

    def _of_unit(
        self, review: Running, unit: int, proposal: _Proposal | None
    ) -> Iterator[tuple[Waiting, bool]]:
        whose = f"lãnh đạo {self.names[unit]}" if unit == self.top else self.names[unit]
        about = f"{whose}, {review.title}"
        begin = f"{review.href}#don-vi-{unit}"  # the row of the unit, where a proposal is begun
        href = reverse("awards:proposal_detail", args=[proposal.pk]) if proposal else begin
        if proposal is None or (proposal.state == State.DRAFT and proposal.met_on is None):
            task = Task(
                f"Họp bình xét, ghi biên bản: {about}",
                "Đơn vị chưa ghi ngày họp bình xét." if proposal else NOT_BEGUN,
                href,
                "Ghi biên bản",
                due=review.due.get(Step.MEETING),
            )
            yield Waiting(Step.MEETING, task, review.pk, unit), False
        if proposal is None or proposal.state == State.DRAFT:
            due = review.due.get(STEP_OF[State.DRAFT])
            detail = "Tờ trình của đơn vị đang lập." if proposal else NOT_BEGUN
            if due and due < self.day:
                detail = "Đã hết hạn nộp: hãy đề nghị Văn phòng Sở gia hạn trong lịch của đợt."
            title = f"Hoàn thiện, ký trình đề nghị khen thưởng: {about}"
            task = Task(title, detail, href, "Mở", due=due)
            yield Waiting(Step.NOMINATION, task, review.pk, unit), proposal is None
        elif proposal.state == State.RETURNED:
            task = Task(
                f"Trả lời yêu cầu hoàn thiện hồ sơ: {about}",
                "Văn phòng Sở đã trả lại hồ sơ.",
                href,
                "Hoàn thiện",
                due=review.due.get(STEP_OF[State.RETURNED]),
            )
            yield Waiting(Step.NOMINATION, task, review.pk, unit), False

    # --- the Office ---------------------------------------------------------------------------------------
    def _verifying(self, user: Any) -> Iterator[Waiting]:
        """Nobody verifies what he has signed himself."""
        for review_id, proposals in self.to_verify.items():
            review = self.reviews[review_id]
            mine = [one for one in proposals if one.signed_by != user.pk]
            if not mine:
                continue
            names = ", ".join(self.names[one.unit] for one in mine)
            only = mine[0] if len(mine) == 1 else None
            task = Task(
                f"Thẩm định hồ sơ đề nghị: {f'{names}, ' if only else ''}{review.title}",
                "Đơn vị đã trình hồ sơ." if only else f"Đã trình: {names}.",
                reverse("awards:proposal_detail", args=[only.pk]) if only else review.href,
                "Thẩm định",
                due=review.due.get(STEP_OF[State.SUBMITTED]),
                count=len(mine),
            )
            yield Waiting(Step.VERIFICATION, task, review_id)

    def _read_council(self) -> None:
        left, sessions = dict(UNCONCLUDED.ask()), SESSIONS.ask()
        begun = {review: pk for pk, review, *_ in sessions}
        for review in self._in(Review.State.COUNCIL):
            if count := left.get(review.pk):
                self.of_office.append(_council(review, count, begun.get(review.pk)))
        invited, over = dict[int, Waiting](), dict[int, Waiting]()
        for pk, review, state, held_on, starts_at, place in sessions:
            if review not in self.reviews or state == CouncilSession.State.PLANNED:
                continue
            is_open = state == CouncilSession.State.OPEN
            if held_on < self.day:
                over[pk] = _to_close(self.reviews[review], pk, held_on, is_open=is_open)
            meeting = _meeting(self.reviews[review], pk, held_on, starts_at, place)
            if held_on < self.day or _has_come(held_on, starts_at):
                # Whoever sits in it finds the way there while it lasts, and owes nothing.
                over.setdefault(pk, meeting)
                meeting = meeting._replace(task=replace(meeting.task, is_waiting_for_me=False))
            if is_open or held_on >= self.day:
                invited[pk] = meeting
        rows = SEATED.ask() if invited or over else []
        handed = {(session, duty) for _, session, _, duty in rows if duty}
        for person, session, seat, duty in rows:
            mine = duty or (DUTIES.get(seat, "") if (session, DUTIES.get(seat)) not in handed else "")
            waiting = (over.get(session) if mine else None) or invited.get(session)
            if waiting:
                self.of_members.setdefault(person, []).append(waiting)


def _council(review: Running, count: int, session: int | None) -> Waiting:
    title = f"Ghi kết luận của Hội đồng xét khen thưởng: {review.title}"
    href = reverse("awards:council_session", args=[session]) if session else ""
    if not session:
        title = f"Chuẩn bị phiên họp Hội đồng: {review.title}"
        href = reverse("awards:council_list", args=[review.pk])
    detail = f"Còn {count} hồ sơ chưa có kết luận."
    task = Task(title, detail, href, "Mở", due=review.due.get(Step.COUNCIL))
    return Waiting(Step.COUNCIL, task, review.pk)


def _meeting(review: Running, session: int, held_on: date, starts_at: time, place: str) -> Waiting:
    """For who is invited, until its day is over."""
    task = Task(
        f"Họp Hội đồng: {review.title}",
        f"Lúc {starts_at:%H:%M}, {place}.",
        reverse("awards:council_session", args=[session]),
        "Mở",
        due=held_on,
        at=starts_at,
    )
    return Waiting(Step.COUNCIL, task, review.pk)


def _has_come(day: date, at: time) -> bool:
    """Whether it is this hour of this day, or later."""
    return timezone.localtime(clock.now()) >= timezone.make_aware(datetime.combine(day, at))


def _to_close(review: Running, session: int, held_on: date, *, is_open: bool) -> Waiting:
    """After its day, for who presides and who writes: nobody else can do anything about it."""
    task = Task(
        f"Kết thúc phiên họp Hội đồng: {review.title}",
        "Phiên họp đã qua ngày họp mà chưa được kết thúc."
        if is_open
        else "Đã qua ngày họp mà phiên họp chưa khai mạc: hãy họp, đổi ngày hoặc hủy.",
        reverse("awards:council_session", args=[session]),
        "Mở",
        due=held_on,
    )
    return Waiting(Step.COUNCIL, task, review.pk)


def _notice(review: Running, opened_at: datetime | None = None, counted_to: date | None = None) -> Waiting:
    """Due when the list that is public now has been so long enough: before that it cannot be ended."""
    due = review.due.get(Step.OPEN_PERIOD)
    task = Task(
        f"Kết thúc lấy ý kiến, trình Hội đồng: {review.title}",
        "Danh sách đề nghị đang được công khai lấy ý kiến.",
        review.href,
        "Mở",
        due=last_day_of(opened_at, counted_to, due) if opened_at else due,
    )
    return Waiting(Step.OPEN_PERIOD, task, review.pk)


def due_of(proposal: Proposal) -> date | None:
    """The last day of what the proposal waits for, as first pages say it."""
    step = STEP_OF.get(State(proposal.state))
    days = ReviewDeadline.objects.filter(review=proposal.review_id, step=step) if step else None
    return days.values_list("due_on", flat=True).first() if days is not None else None


def tasks_of(user: Any) -> list[Task]:
    """What waits for this user in the running reviews."""
    return [one.task for one in Agenda(clock.today()).of(user)]
