"""A whole season lived through day by day: 500 people, the plans of a campaign and of an index, five days without a
worker and two without a mail server. What counts is what arrived.

The stages of a review have a season of their own (``test_review_season``).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.models import Campaign, CampaignYear, CriteriaSet, Deadline, Registration, Stage
from core import clock
from core.delivery import send_letters
from core.models import DigestDay, Letter, Notice, ReminderPlan
from core.reminding import workdays
from core.tasks import resend_stuck
from core.workdays import Workdays
from emulation_portal.reminding import reference
from emulation_portal.reminding.planning import place_of
from emulation_portal.tasks import write_digests
from organization import roles
from organization.models import Appointment, Person, Post, Posting, Unit, User
from organization.reference import load_holidays
from scoring.models import Achievement, Scorecard
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
EXPLAINED = date(2025, 6, 20)  # the last day of explaining in the index, where everybody is asked on
ASKED = date(2025, 6, 9)
APPRAISED = (date(2025, 6, 24), date(2025, 7, 3))  # half of the sheets in time, the others late
DUES = {**DUE, Stage.EXPLANATION: EXPLAINED}
TOLD = (
    Stage.REGISTRATION,
    Stage.ACHIEVEMENTS,
    Stage.SELF_SCORE,
    Stage.APPROVAL,
    Stage.EXPLANATION,
    Stage.APPRAISAL,
)
OUTAGE = {date(2025, 5, day) for day in range(12, 17)}  # the last week of self-scoring, its last day included
MAIL_DOWN = {date(2025, 2, 10), date(2025, 2, 11)}  # the week in which registration ends
PEOPLE, UNITS = 500, 20
Owing = dict[date, dict[str, set[int]]]  # by day and stage, the accounts


@dataclass
class Season:
    """Who does what on which day; None is never."""

    registers: dict[int, date | None] = field(default_factory=dict)
    reports: dict[int, date | None] = field(default_factory=dict)
    scores: dict[int, date | None] = field(default_factory=dict)
    approves: dict[int, date | None] = field(default_factory=dict)
    explains: dict[int, date | None] = field(default_factory=dict)  # by unit
    users: dict[int, User] = field(default_factory=dict)
    appraisers: set[int] = field(default_factory=set)
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
    Achievement.objects.bulk_create(
        Achievement(campaign_year=year, unit=units[n % UNITS], person=one, prepared_by=users[n], title="x")
        for n, one in enumerate(people)
    )
    Scorecard.objects.bulk_create(
        Scorecard(
            campaign_year=year, criteria_set=criteria, unit=units[n % UNITS], unit_name="x", person=one,
            approving_unit=top if n < UNITS else units[n % UNITS], submitted_by=users[n],
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    spans = {
        "registers": DUE[Stage.REGISTRATION],
        "reports": DUE[Stage.ACHIEVEMENTS],
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
    for unit in units:
        when = EXPLAINED + timedelta(days=chance.randint(-7, 4))
        found.explains[unit.pk] = when if chance.random() < 0.8 else None
    appraise = Appointment.objects.filter(role__in=(roles.OFFICE, roles.APPRAISER))
    found.appraisers = set(appraise.values_list("person__user", flat=True))
    _index(units)
    return found


def _index(units: list[Unit]) -> None:
    """Another campaign, of which only the explanations are lived through; before, nobody owes anything in it."""
    year = build_campaign_year(year=2024)
    Campaign.objects.filter(pk=year.campaign_id).update(kind=Campaign.Kind.INDEX)
    Deadline.objects.filter(campaign_year=year).delete()
    Deadline.objects.create(campaign_year=year, stage=Stage.EXPLANATION, due_on=EXPLAINED)
    criteria = CriteriaSet.objects.get(campaign_year=year)
    Scorecard.objects.bulk_create(
        Scorecard(campaign_year=year, criteria_set=criteria, unit=unit, unit_name="x", state="published")
        for unit in units
    )


def live(season: Season, settings: Any) -> Iterator[date]:
    """Day after day: people do what they do in the morning, the timetable asks for digests and sends four times."""
    year, day = CampaignYear.objects.get(year=2025), SEASON[0]
    backend = settings.EMAIL_BACKEND
    while day <= SEASON[1]:
        _work(season, year, day)
        settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer" if day in MAIL_DOWN else backend
        for hour in (7, 9, 12, 20):
            if day not in OUTAGE:
                with clock.at(datetime.combine(day, time(hour, 5), HANOI)):
                    write_digests()
                    send_letters(list(Letter.objects.due(clock.now()).values_list("pk", flat=True)))
                    resend_stuck()
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
    reported = [pk for pk, when in season.reports.items() if when == day]
    Achievement.objects.filter(person__in=reported).update(state="confirmed")
    scored = [pk for pk, when in season.scores.items() if when == day]
    Scorecard.objects.filter(person__in=scored, state="draft").update(state="submitted")
    approved = [pk for pk, when in season.approves.items() if when and when <= day]
    Scorecard.objects.filter(person__in=approved, state="submitted").update(state="approved")
    if day in APPRAISED:
        rows = list(Scorecard.objects.filter(state="approved").values_list("pk", flat=True))
        done = rows[::2] if day == APPRAISED[0] else rows
        Scorecard.objects.filter(pk__in=done).update(state="appraised")
    index = Scorecard.objects.filter(campaign_year__year=2024)
    if day == ASKED:
        index.update(state="explaining")
    explained = [pk for pk, when in season.explains.items() if when == day]
    index.filter(unit__in=explained, state="explaining").update(state="explained")


def owing(season: Season) -> dict[str, set[int]]:
    """From the rows alone, who is to be reminded of what."""
    registered = Registration.objects.filter(person__isnull=False).values("person")
    sheets = Scorecard.objects.filter(campaign_year__year=2025)
    asked = Scorecard.objects.filter(state="explaining").values_list("unit", flat=True)
    waiting = sheets.filter(state="submitted").values_list("approving_unit", flat=True).distinct()
    drafts = Achievement.objects.filter(state="draft")
    return {
        Stage.REGISTRATION: set(Person.objects.exclude(pk__in=registered).values_list("user", flat=True)),
        Stage.ACHIEVEMENTS: set(drafts.values_list("person__user", flat=True)),
        Stage.SELF_SCORE: set(sheets.filter(state="draft").values_list("person__user", flat=True)),
        Stage.APPROVAL: {season.heads[unit].pk for unit in waiting if unit in season.heads},
        Stage.EXPLANATION: {season.heads[unit].pk for unit in asked},
        Stage.APPRAISAL: season.appraisers if sheets.filter(state="approved").exists() else set(),
    }


def test_a_season_of_five_hundred_people(season: Season, settings: Any) -> None:
    calendar, owed = workdays(), Owing()
    for day in live(season, settings):
        owed[day] = owing(season)
    arrived = Letter.objects.filter(state=Letter.State.SENT).values_list("recipient", "sent_at")
    days = Counter((who, at.astimezone(HANOI).date()) for who, at in arrived)
    assert len(arrived) > 1500
    assert max(days.values()) == 1  # never more than one a day
    silent = OUTAGE | MAIL_DOWN
    assert all(calendar.is_workday(day) and day not in silent for _, day in days)
    assert {at.astimezone(HANOI).hour for _, at in arrived} == {9}
    told = what_arrived(season)
    assert {stage for _, stage, _ in told} == set(TOLD)
    for user, stage, day in told:
        assert user in owed[day][stage], (user, stage, day)
    for stage in TOLD:
        _everybody_is_told_in_time(season, owed, told, calendar, stage)
    _the_late_are_known_above(season, calendar, owed)
    assert DigestDay.objects.filter(ended_at__isnull=True).count() == 0
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent", "expired"}


def what_arrived(season: Season) -> set[tuple[int, str, date]]:
    """Who was told of which stage, and the day on which it reached him: people of the season of what is theirs, and
    those who appraise of that."""
    rows = Notice.objects.filter(kind=Notice.Kind.PLAN, letter__state=Letter.State.SENT)
    rows = rows.exclude(what__startswith="Đăng ký thi đua của ĐV")
    return {
        (user, stage, at.astimezone(HANOI).date())
        for user, stage, at in rows.values_list("user", "stage", "letter__sent_at")
        if (user in season.users and stage in TOLD)
        or (user in season.appraisers and stage == Stage.APPRAISAL)
    }


def _everybody_is_told_in_time(
    season: Season, owed: Owing, told: set[tuple[int, str, date]], calendar: Workdays, stage: Stage
) -> None:
    """Whose choice is daily, or the stage compulsory, gets every reminder of the plan on its day; what was missed in an
    outage comes at once after it. Whoever wants less is told before the last day all the same."""
    plan, due, silent = ReminderPlan.objects.get(stage=stage), DUES[stage], OUTAGE | MAIL_DOWN
    wanted = {-count for count in plan.before} | set(plan.after)
    everybody = season.users.keys() | (season.appraisers if stage == Stage.APPRAISAL else set())
    daily = {
        user for user in everybody if plan.is_compulsory or season.users[user].digest == User.Digest.DAILY
    }
    for day, found in owed.items():
        if not calendar.is_workday(day) or place_of(due, day, calendar) not in wanted:
            continue
        on = day
        while on in silent or not calendar.is_workday(on):
            on += timedelta(days=1)
        for user in found[stage] & daily & owed[on][stage]:
            assert (user, stage, on) in told, (user, stage, day)
    eve = calendar.add(due, -1) if calendar.is_workday(due) else calendar.on_or_before(due)
    if min(plan.before) <= 1 and eve not in silent:
        before = {user for user, name, day in told if name == stage and day <= eve}
        begun = calendar.add(eve, -1)  # who owed it then, too
        assert owed[eve][stage] & owed[begun][stage] & everybody <= before, stage


def _the_late_are_known_above(season: Season, calendar: Workdays, owed: Owing) -> None:
    """Two working days after the last day the head is told once of each of his people who still owe it."""
    day = calendar.add(DUE[Stage.REGISTRATION], 2)
    for unit, head in season.heads.items():
        late = {user for user in owed[day]["registration"] if season.unit_of.get(user) == unit} - {head.pk}
        copies = Notice.objects.filter(user=head, kind=Notice.Kind.COPY, stage="registration")
        assert {one.day for one in copies} <= {day}
        assert len(copies) == len(late)
