"""A season of a review lived through day by day: units that meet and hand in early, late or never, and an outage."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from awards.models import (
    Award,
    Decision,
    DecisionEntry,
    Honour,
    Nomination,
    Proposal,
    Review,
    ReviewDeadline,
)
from awards.queries.agenda import STAGES
from awards.queries.agenda import tasks_of as review_tasks
from core import clock
from core.delivery import send_letters
from core.models import Letter, Notice, ReminderPlan
from core.reminding import workdays
from emulation_portal.agenda import tasks_of
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import gather
from emulation_portal.reminding.planning import place_of
from emulation_portal.tasks import write_digests
from emulation_portal.views.bell import as_calendar
from organization import roles
from organization.models import Appointment, Person, Post, Posting, Unit, User
from organization.reference import load_holidays
from tests.awards.seasons import FOLDER, LABORER, open_review
from tests.cast import SINCE, build_campaign_year, fresh
from tests.reminding.test_owed import in_reminders, on_first_pages

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
Step, State = ReviewDeadline.Step, Proposal.State
SEASON = (date(2025, 1, 2), date(2025, 3, 14))
DUE = {
    Step.MEETING: date(2025, 1, 10),
    Step.NOMINATION: date(2025, 1, 18),  # a Saturday
    Step.VERIFICATION: date(2025, 2, 7),  # after Tết
    Step.OPEN_PERIOD: date(2025, 2, 14),
    Step.COUNCIL: date(2025, 2, 21),
    Step.DECISION: date(2025, 2, 28),
}
OUTAGE = {date(2025, 1, 15), date(2025, 1, 16)}
UNITS = 20
Owing = dict[str, dict[int, date]]  # by stage and account, the last day


@pytest.fixture
def review(office: User, cast: dict[str, User]) -> Review:
    """Twenty units more, each with a head and two people."""
    load_holidays(FOLDER / "organization" / "holidays.yaml")
    reference.load(FOLDER / "reminders.yaml")
    with clock.at(datetime.combine(SEASON[0], time(7), HANOI)):
        found = open_review(office)
    for step, day in DUE.items():
        ReviewDeadline.objects.filter(review=found, step=step).update(due_on=day)
    top, post = Unit.objects.get(code="so"), Post.objects.get(code="chuyen-vien")
    for n in range(UNITS):
        unit = Unit.objects.create(
            code=f"dv{n}", name=f"Đơn vị {n}", short_name=f"ĐV {n}", kind_id=top.kind_id, parent=top,
            path=f"so/dv{n}/", order=100 + n, is_collective=True, opened_on=SINCE,
        )  # fmt: skip
        for place in range(3):
            user = User.objects.create(username=f"n{n}-{place}", email=f"n{n}-{place}@snv.example")
            person = Person.objects.create(
                code=f"N{n}-{place}", family_name="Nguyễn Văn", given_name=f"Số{n}", employment="cong-chuc",
                joined_on=SINCE, user=user, sort_key=f"{n:05d}{place}",
            )  # fmt: skip
            Posting.objects.create(person=person, unit=unit, post=post, started_on=SINCE)
            if not place:
                Appointment.objects.create(person=person, role=roles.HEAD, unit=unit, started_on=SINCE)
    return found


class Season:
    """What happens on which day; None is never."""

    def __init__(self, review: Review, office: User, cast: dict[str, User]) -> None:
        chance = Random(412)  # noqa: S311 - a season is made up
        self.review, self.office, self.cast = review, office, cast
        self.units = list(Unit.objects.scored().order_by("pk"))
        self.meets: dict[int, date | None] = {}
        self.hands_in: dict[int, date | None] = {}
        for unit in self.units:
            meets = DUE[Step.MEETING] + timedelta(days=chance.randint(-7, 5))
            hands_in = DUE[Step.NOMINATION] + timedelta(days=chance.randint(-7, 5))
            self.meets[unit.pk] = meets if chance.random() < 0.9 else None
            self.hands_in[unit.pk] = max(hands_in, meets) if self.meets[unit.pk] else None
        late = next(unit for unit in self.units if self.hands_in[unit.pk])
        self.returned, self.again = late, date(2025, 2, 11)

    def live(self) -> Iterator[date]:
        day = SEASON[0]
        while day <= SEASON[1]:
            self._work(day)
            for hour in (7, 9, 12, 20):
                if day not in OUTAGE:
                    with clock.at(datetime.combine(day, time(hour, 5), HANOI)):
                        write_digests()
                        send_letters(list(Letter.objects.due(clock.now()).values_list("pk", flat=True)))
            yield day
            day += timedelta(days=1)

    def _work(self, day: date) -> None:
        proposals = Proposal.objects.filter(review=self.review)
        for unit in self.units:
            if self.meets[unit.pk] == day:
                Proposal.objects.create(review=self.review, unit=unit, met_on=day, prepared_by=self.office)
            if self.hands_in[unit.pk] == day:
                proposals.filter(unit=unit).update(state=State.SUBMITTED)
        if day == date(2025, 1, 22):
            proposals.filter(unit=self.returned).update(state=State.RETURNED)
        if day == self.again:
            proposals.filter(unit=self.returned).update(state=State.SUBMITTED)
        if day in (date(2025, 2, 6), date(2025, 2, 12)):  # the last one is verified after the last day
            proposals.filter(state=State.SUBMITTED).update(state=State.VERIFIED)
        for on, state in {
            date(2025, 2, 13): Review.State.NOTICE,
            date(2025, 2, 18): Review.State.COUNCIL,
            date(2025, 2, 24): Review.State.DECIDING,
            date(2025, 3, 12): Review.State.CLOSED,
        }.items():
            if on == day:
                Review.objects.update(state=state)
        if day == date(2025, 2, 13):
            self._propose()
        if day == date(2025, 2, 24):
            Nomination.objects.update(outcome=Nomination.Outcome.PASSED)
        if day == date(2025, 3, 5):
            self._decide()

    def _propose(self) -> None:
        for proposal in Proposal.objects.filter(state=State.VERIFIED):
            person = Person.objects.filter(postings__unit=proposal.unit).first()
            Nomination.objects.create(
                review=self.review, proposal=proposal, award=Award.objects.get(code=LABORER),
                person=person, verdict="accepted",
            )  # fmt: skip

    def _decide(self) -> None:
        decision = Decision.objects.create(
            review=self.review, level="so", title="Khen thưởng", number="41/QĐ", signed_on=date(2025, 3, 5),
            issuer="Giám đốc", state="issued", prepared_by=self.office,
        )  # fmt: skip
        for one in Nomination.objects.all():
            honour = Honour.objects.create(
                award=one.award, person=one.person, year=2024, entered_by=self.office, name_then=str(one.person),
                decided_on=decision.signed_on, decision_number=decision.number, decided_by=decision.issuer,
            )  # fmt: skip
            DecisionEntry.objects.create(decision=decision, nomination=one, honour=honour)

    def owing(self) -> Owing:
        """Told from the rows alone: whoever is to be reminded, heads of units before their people."""
        found: Owing = defaultdict(dict)
        review = Review.objects.get(pk=self.review.pk)
        if review.state == Review.State.OPEN:
            known = {one.unit_id: one for one in Proposal.objects.all()}
            for unit in self.units:
                self._of_unit(found, known.get(unit.pk), self._told_for(unit), self._has_head(unit))
            self._of_unit(found, None, [self.office.pk, self.cast["director"].pk], True)
            if Proposal.objects.filter(state=State.SUBMITTED).exists():
                found[Step.VERIFICATION][self.office.pk] = DUE[Step.VERIFICATION]
        if review.state == Review.State.NOTICE:
            found[Step.OPEN_PERIOD][self.office.pk] = DUE[Step.OPEN_PERIOD]
        if review.state == Review.State.COUNCIL and Nomination.objects.filter(outcome="").exists():
            found[Step.COUNCIL][self.office.pk] = DUE[Step.COUNCIL]
        if review.state == Review.State.DECIDING and not Decision.objects.exists():
            found[Step.DECISION][self.office.pk] = DUE[Step.DECISION]
        return found

    def has_handed_in(self, unit: Unit) -> bool:
        """Where nobody is head nobody can sign, and nobody is late."""
        handed_in = Proposal.objects.filter(unit=unit).exclude(state=State.DRAFT).exists()
        return handed_in or not self._has_head(unit)

    @lru_cache  # noqa: B019 - a season is short
    def _told_for(self, unit: Unit) -> list[int]:
        heads = Appointment.objects.filter(role=roles.HEAD, unit=unit).values_list("person__user", flat=True)
        everybody = Posting.objects.filter(unit=unit).exclude(person__user__username="technician")
        return list(heads) or list(everybody.values_list("person__user", flat=True))

    @lru_cache  # noqa: B019
    def _has_head(self, unit: Unit) -> bool:
        return Appointment.objects.filter(role=roles.HEAD, unit=unit).exists()

    def _of_unit(self, found: Owing, proposal: Proposal | None, users: list[int], has_head: bool) -> None:
        for user in users:
            if proposal is None or proposal.met_on is None:
                found[Step.MEETING].setdefault(user, DUE[Step.MEETING])
            if (proposal is None and has_head) or (proposal and proposal.state == State.DRAFT):
                found[Step.NOMINATION].setdefault(user, DUE[Step.NOMINATION])
            elif proposal and proposal.state == State.RETURNED:
                found[Step.NOMINATION].setdefault(user, DUE[Step.VERIFICATION])


def test_everybody_is_told_in_time_and_nobody_too_often(
    review: Review, office: User, cast: dict[str, User]
) -> None:
    season, owing, calendar = Season(review, office, cast), dict[date, Owing](), workdays()
    late = set[str]()
    for day in season.live():
        owing[day] = season.owing()
        if day == calendar.add(DUE[Step.NOMINATION], 1):
            late = {unit.short_name for unit in season.units if not season.has_handed_in(unit)}
        if day.day % 7 == 0:
            with clock.at(datetime.combine(day, time(15), HANOI)):
                assert in_reminders() == on_first_pages()
    digests = Letter.objects.filter(kind="reminders/digest", state="sent").values_list("recipient", "sent_at")
    letters = Counter((who, at.astimezone(HANOI).date()) for who, at in digests)
    assert len(letters) > 60
    assert max(letters.values()) == 1
    assert all(calendar.is_workday(day) and day not in OUTAGE for _, day in letters)
    told = set(Notice.objects.filter(kind=Notice.Kind.PLAN).values_list("user", "stage", "day"))
    assert {stage for _, stage, _ in told} == set(STAGES)
    for user, stage, day in told:
        assert user in owing[day][stage], (user, stage, day)
    back = calendar.on_or_after(max(OUTAGE) + timedelta(days=1))
    for plan in ReminderPlan.objects.filter(stage__in=STAGES):
        wanted = {-count for count in plan.before} | set(plan.after)
        for day, found in owing.items():
            on = back if day in OUTAGE else day
            for user, due in found[plan.stage].items():
                means = calendar.is_workday(day) and place_of(due, day, calendar) in wanted
                if means and user in owing[on][plan.stage]:
                    assert (user, plan.stage, on) in told, (user, plan.stage, day)
    _the_office_knows_who_is_late(season, late)


def _the_office_knows_who_is_late(season: Season, late: set[str]) -> None:
    """One working day after the last day, once for each unit."""
    day = workdays().add(DUE[Step.NOMINATION], 1)
    copies = Notice.objects.filter(user=season.office, kind=Notice.Kind.COPY, stage=Step.NOMINATION, day=day)
    told = [one.what for one in copies]
    assert late
    assert {name for name in late if f"tập thể {name}: Trình hồ sơ đề nghị khen thưởng" in told} == late


# --- one day --------------------------------------------------------------------------------------------
def titles(user: User) -> list[str]:
    return [task.title.partition(":")[0] for task in review_tasks(fresh(user))]


MEETS, HANDS_IN = "Họp bình xét, ghi biên bản", "Hoàn thiện, ký trình đề nghị khen thưởng"


def test_what_waits_for_whom_in_every_stage(review: Review, office: User, cast: dict[str, User]) -> None:
    head, clerk, unit = cast["head"], cast["clerk"], Unit.objects.get(code="cchc")
    assert titles(head) == [MEETS, HANDS_IN]
    assert titles(clerk) == [MEETS]
    assert titles(cast["technician"]) == []
    assert titles(cast["director"]) == [MEETS, HANDS_IN]  # the Sở's own
    assert titles(office) == [MEETS, MEETS, HANDS_IN]  # of Văn phòng, and of the Sở, whose proposal it writes
    proposal = Proposal.objects.create(review=review, unit=unit, met_on=date(2025, 1, 3), prepared_by=clerk)
    assert titles(head) == titles(clerk) == [HANDS_IN]
    for state, said in (
        (State.SUBMITTED, []),
        (State.VERIFIED, []),
        (State.RETURNED, ["Trả lời yêu cầu hoàn thiện hồ sơ"]),
    ):
        Proposal.objects.filter(pk=proposal.pk).update(state=state)
        assert titles(clerk) == said
        waits = "Thẩm định hồ sơ đề nghị" in titles(office)
        assert waits == (state == State.SUBMITTED)
    Proposal.objects.filter(pk=proposal.pk).update(state=State.SUBMITTED, submitted_by=office)
    assert "Thẩm định hồ sơ đề nghị" not in titles(office)  # nobody verifies what he has signed
    Review.objects.update(state=Review.State.NOTICE)
    assert titles(office) == ["Kết thúc lấy ý kiến, trình Hội đồng"]
    assert titles(head) == []


def test_the_office_follows_what_has_gone_up(review: Review, office: User, cast: dict[str, User]) -> None:
    proposal = Proposal.objects.create(review=review, unit=Unit.objects.get(code="cchc"), prepared_by=office)
    nomination = Nomination.objects.create(
        review=review, proposal=proposal, award=Award.objects.get(code=LABORER),
        person=cast["clerk"].person, verdict="accepted",  # type: ignore[attr-defined]
    )  # fmt: skip
    Review.objects.update(state=Review.State.COUNCIL)
    assert titles(office) == ["Chuẩn bị phiên họp Hội đồng"]
    Nomination.objects.update(outcome="passed")
    assert titles(office) == []
    Review.objects.update(state=Review.State.DECIDING)
    assert titles(office) == ["Ra quyết định"]
    decision = Decision.objects.create(
        review=review, level="tinh", title="Trình tỉnh", prepared_by=office,
        letter_number="7/TTr", letter_date=date(2025, 2, 25),
    )  # fmt: skip
    DecisionEntry.objects.create(decision=decision, nomination=nomination)
    [task] = review_tasks(fresh(office))
    assert task.detail == "1 dự thảo chưa ghi đã ký, đã trình."
    for state, waits in (("sent", False), ("queried", True)):
        Decision.objects.update(state=state)
        [task] = review_tasks(fresh(office))
        assert (task.title.partition(":")[0], task.is_waiting_for_me) == ("Theo dõi hồ sơ trình tỉnh", waits)
        owed = [one for one in gather().owed if one.stage == Step.DECISION]
        assert [one.user_id for one in owed] == ([office.pk] if waits else [])


def test_a_thing_is_told_once_on_the_first_page_and_in_the_calendar(
    review: Review, head: User, office: User, client_of: Any
) -> None:
    for user in (head, office):
        said = Counter(task.title for task in tasks_of(fresh(user)))
        assert max(said.values()) == 1
        feed: Any = Calendar.from_ical(as_calendar(tasks_of(fresh(user))))
        events = [(str(one["dtstart"].dt), str(one["uid"])) for one in feed.walk("VEVENT")]
        assert len({uid for _, uid in events}) == len(events)
        assert {day for day, _ in events} >= {"2025-01-10", "2025-01-18"}
    html = client_of(head).get(reverse("home")).content.decode()
    assert html.count(f"{MEETS}: Phòng CCHC") == 1


def test_as_many_questions_for_many_reviews_as_for_one(
    review: Review, office: User, head: User, django_assert_num_queries: Any
) -> None:
    user, other = fresh(head), fresh(head)
    for one in (user, other):
        assert one.acting.units
    with django_assert_num_queries(5):
        review_tasks(user)
    Review.objects.create(
        kind="campaign", campaign=build_campaign_year(year=2024).campaign, year=2024, phase="final", title="Tổng kết",
        reference_date=date(2024, 12, 31), state=Review.State.OPEN, prepared_by=office,
    )  # fmt: skip
    with django_assert_num_queries(5):
        assert len(review_tasks(other)) == 4
