"""A whole season lived through day by day: 500 people, every plan of the reference data, an outage of five days."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q, QuerySet

from campaigns.models import CampaignYear, CriteriaSet, Deadline, Registration, Stage
from core import clock
from core.models import DigestDay, Letter, Notice, ReminderPlan
from core.reminding import workdays
from core.workdays import Workdays
from emulation_portal.reminding import reference
from emulation_portal.reminding.planning import place_of
from emulation_portal.tasks import write_digests
from organization import roles
from organization.models import Appointment, Person, Post, Posting, Unit, User
from organization.reference import load_holidays
from scoring.models import Scorecard
from tests.cast import build_campaign_year

FOLDER = Path(__file__).resolve().parents[2] / "reference"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SEASON = (date(2025, 1, 2), date(2025, 8, 1))
DUE = {
    Stage.REGISTRATION: date(2025, 2, 14),  # two weeks after Tết
    Stage.ACHIEVEMENTS: date(2025, 4, 10),
    Stage.SELF_SCORE: date(2025, 5, 16),  # after the days off around 30/4
    Stage.APPROVAL: date(2025, 6, 1),  # a Sunday
    Stage.APPRAISAL: date(2025, 6, 27),
    Stage.PUBLICATION: date(2025, 7, 15),
}
OUTAGE = {date(2025, 5, day) for day in range(12, 17)}  # the last week of self-scoring, its last day included
PEOPLE, UNITS = 500, 20


@dataclass
class Season:
    """Who does what on which day; None is never."""

    registers: dict[int, date | None] = field(default_factory=dict)
    scores: dict[int, date | None] = field(default_factory=dict)
    approves: dict[int, date | None] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    heads: dict[int, User] = field(default_factory=dict)  # by unit
    unit_of: dict[int, int] = field(default_factory=dict)


@pytest.fixture
def season(cast: dict[str, User]) -> Season:
    """500 people in 20 units; some do it early, some late, some never."""
    load_holidays(FOLDER / "organization" / "holidays.yaml")
    reference.load(FOLDER / "reminders.yaml")
    year = build_campaign_year()
    Deadline.objects.filter(campaign_year=year).delete()
    Deadline.objects.bulk_create(
        Deadline(campaign_year=year, stage=stage, due_on=day) for stage, day in DUE.items()
    )
    top, chance = Unit.objects.get(code="so"), Random(412)
    units = Unit.objects.bulk_create(
        Unit(
            code=f"dv{n}", name=f"Đơn vị {n}", short_name=f"ĐV {n}", kind_id=top.kind_id, parent=top,
            path=f"so/dv{n}/", order=100 + n, opened_on=date(2020, 1, 1),
        )
        for n in range(UNITS)
    )  # fmt: skip
    users = User.objects.bulk_create(
        User(
            username=f"n{n}",
            email=f"n{n}@snv.example",
            digest=chance.choices(User.Digest.values, [8, 1, 1])[0],
        )
        for n in range(PEOPLE)
    )
    people = Person.objects.bulk_create(
        Person(
            code=f"N{n}", family_name="Nguyễn Văn", given_name=f"Số{n}", employment="cong-chuc",
            joined_on=date(2020, 1, 1), user=user, sort_key=f"{n:05d}",
        )
        for n, user in enumerate(users)
    )  # fmt: skip
    post, found = Post.objects.get(code="chuyen-vien"), Season()
    Posting.objects.bulk_create(
        Posting(person=one, unit=units[n % UNITS], post=post, started_on=date(2020, 1, 1))
        for n, one in enumerate(people)
    )
    Appointment.objects.bulk_create(
        Appointment(person=people[n], role=roles.HEAD, unit=unit, started_on=date(2020, 1, 1))
        for n, unit in enumerate(units)
    )
    criteria = CriteriaSet.objects.get()
    Scorecard.objects.bulk_create(
        Scorecard(
            campaign_year=year, criteria_set=criteria, unit=units[n % UNITS], unit_name="x", person=one,
            approving_unit=top if n < UNITS else units[n % UNITS], submitted_by=users[n],
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    spans = {
        "registers": DUE[Stage.REGISTRATION],
        "scores": DUE[Stage.SELF_SCORE],
        "approves": DUE[Stage.APPROVAL],
    }
    for n, (user, one) in enumerate(zip(users, people, strict=True)):
        found.users[user.pk], found.unit_of[user.pk] = user, units[n % UNITS].pk
        user.__dict__["of"] = one.pk
        for name, due in spans.items():
            when = due + timedelta(days=chance.randint(-9, 6)) if chance.random() < 0.93 else None
            getattr(found, name)[one.pk] = when
    found.heads = {unit.pk: users[n] for n, unit in enumerate(units)}
    return found


def live(season: Season, *, outage: set[date]) -> Iterator[date]:
    """Day after day: people do what they do in the morning, the timetable asks for digests four times."""
    year, day = CampaignYear.objects.get(), SEASON[0]
    while day <= SEASON[1]:
        _work(season, year, day)
        for hour in (7, 9, 12, 20):
            if day not in outage:
                with clock.at(datetime.combine(day, time(hour, 5), HANOI)):
                    write_digests()
        yield day
        day += timedelta(days=1)


def _work(season: Season, year: CampaignYear, day: date) -> None:
    sent = [pk for pk, when in season.registers.items() if when == day]
    Registration.objects.bulk_create(
        Registration(
            campaign_year=year, person_id=pk, unit=Posting.objects.get(person=pk).unit, state="approved"
        )
        for pk in sent
    )
    scored = [pk for pk, when in season.scores.items() if when == day]
    Scorecard.objects.filter(person__in=scored, state="draft").update(state="submitted")
    approved = [pk for pk, when in season.approves.items() if when and when <= day]
    Scorecard.objects.filter(person__in=approved, state="submitted").update(state="approved")


def test_a_season_of_five_hundred_people(season: Season) -> None:
    calendar, owing = workdays(), defaultdict[date, dict[str, set[int]]](dict)
    for day in live(season, outage=OUTAGE):
        late = Registration.objects.filter(person__isnull=False).values("person")
        owing[day]["registration"] = set(Person.objects.exclude(pk__in=late).values_list("user", flat=True))
        drafts = Scorecard.objects.filter(state="draft", person__isnull=False)
        owing[day]["self_score"] = set(drafts.values_list("person__user", flat=True))
    letters = list(Letter.objects.values_list("recipient", "created_at", "kind"))
    days = Counter((who, at.astimezone(HANOI).date()) for who, at, _ in letters)
    assert len(letters) > 1500
    assert max(days.values()) == 1  # never more than one a day
    assert all(calendar.is_workday(day) and day not in OUTAGE for _, day in days)
    assert {at.astimezone(HANOI).hour for _, at, _ in letters} == {9}
    _nobody_is_bothered(season, owing)
    _everybody_is_told_in_time(season, owing, calendar)
    _the_late_are_known_above(season, calendar, owing)
    assert DigestDay.objects.filter(ended_at__isnull=True).count() == 0


def _nobody_is_bothered(season: Season, owing: dict[date, dict[str, set[int]]]) -> None:
    for user, stage, day in own_notices().values_list("user", "stage", "day"):
        assert user in owing[day][stage], (user, stage, day)


def own_notices() -> QuerySet[Notice]:
    """Of papers of the person himself: heads are told of their unit's, too."""
    mine = Q(what="Đăng ký thi đua của tôi") | Q(stage="self_score")
    return Notice.objects.filter(mine, kind=Notice.Kind.PLAN)


def _everybody_is_told_in_time(
    season: Season, owing: dict[date, dict[str, set[int]]], calendar: Workdays
) -> None:
    """Whose choice is daily, or the stage compulsory, gets every reminder of the plan on its day; after the outage what
    was missed comes at once. Whoever wants less is told before the last day all the same."""
    told = defaultdict[tuple[int, str], set[date]](set)
    for user, stage, day in own_notices().values_list("user", "stage", "day"):
        told[user, stage].add(day)
    back = calendar.on_or_after(max(OUTAGE) + timedelta(days=1))
    for stage in ("registration", "self_score"):
        plan, due = ReminderPlan.objects.get(stage=stage), DUE[Stage(stage)]
        for day, found in owing.items():
            place = place_of(due, day, calendar)
            wanted = calendar.is_workday(day) and place in {-n for n in plan.before} | set(plan.after)
            for user in found[stage] & season.users.keys() if wanted else ():
                is_daily = plan.is_compulsory or season.users[user].digest == User.Digest.DAILY
                on = back if day in OUTAGE else day
                if is_daily and user in owing[on][stage]:
                    assert on in told[user, stage], (user, stage, day)
        eve = calendar.add(due, -1)
        before = {user for (user, name), days in told.items() if name == stage and min(days) <= eve}
        if eve not in OUTAGE:
            assert owing[eve][stage] & season.users.keys() <= before, stage


def _the_late_are_known_above(
    season: Season, calendar: Workdays, owing: dict[date, dict[str, set[int]]]
) -> None:
    """Two working days after the last day the head is told once of each of his people who still owe it."""
    day = calendar.add(DUE[Stage.REGISTRATION], 2)
    for unit, head in season.heads.items():
        late = {user for user in owing[day]["registration"] if season.unit_of.get(user) == unit} - {head.pk}
        copies = Notice.objects.filter(user=head, kind=Notice.Kind.COPY, stage="registration")
        assert {one.day for one in copies} <= {day}
        assert len(copies) == len(late)
