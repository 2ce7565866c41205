"""Which day a plan means, what each choice changes, what is copied to whom, and what stands in a digest."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from campaigns.models import CampaignYear, Deadline, Extension
from core import clock
from core.models import DigestDay, Letter, Notice, ReminderPlan
from core.reminding import workdays
from core.workdays import Workdays
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import gather, plans_in_use
from emulation_portal.reminding.planning import Digest, Matter, digests, matter_of, place_of
from emulation_portal.reminding.pressing import owing_in
from emulation_portal.reminding.sending import text_of
from emulation_portal.tasks import write_digests
from organization.models import Appointment, User

PLANS = Path(__file__).resolve().parents[2] / "reference" / "reminders.yaml"
DUE = date(2025, 12, 15)  # a Monday
PLAIN = Workdays()


def moment(day: date, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:10:00+07:00")


@pytest.fixture
def year(campaign_year: CampaignYear) -> CampaignYear:
    """Registration is due on a Monday; nothing else is near."""
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    return campaign_year


def told(day: date, since: date | None = None, known: Collection[Matter] = ()) -> dict[str, Digest]:
    with clock.at(moment(day)):
        last = since or PLAIN.on_or_before(day - timedelta(days=1))
        found = digests(gather(day), plans_in_use(), workdays(), last, told=known)
    return {one.user.username: one for one in found.values()}


def test_days_are_counted_from_the_last_day_in_working_days() -> None:
    places = {
        date(2025, 12, 8): -5,
        date(2025, 12, 12): -1,
        date(2025, 12, 15): 0,
        date(2025, 12, 16): 1,
        date(2025, 12, 22): 5,
    }
    assert {day: place_of(DUE, day, PLAIN) for day in places} == places
    sunday = date(2025, 12, 14)
    assert [place_of(sunday, date(2025, 12, day), PLAIN) for day in (11, 12, 15)] == [-1, 0, 1]


def test_everybody_who_owes_is_told_on_the_days_of_the_plan_alone(year: CampaignYear) -> None:
    plan = ReminderPlan.objects.get(stage="registration")
    assert (plan.before, plan.after) == ([5, 1], [1, 3])
    days = {
        DUE + timedelta(days=count): set(told(DUE + timedelta(days=count)))
        for count in (-7, -6, -3, 0, 1, 2, 3)
    }
    assert [day for day, who in days.items() if who] == [
        DUE + timedelta(days=-7),
        DUE + timedelta(days=-3),
        DUE + timedelta(days=1),
        DUE + timedelta(days=2),  # heads are told who is late
        DUE + timedelta(days=3),
    ]
    assert {"clerk", "head", "stranger"} <= days[DUE + timedelta(days=-3)]
    assert "director" not in days[DUE + timedelta(days=-3)]  # nobody scores the head of the Sở
    plan.is_active = False
    plan.save()
    assert told(DUE + timedelta(days=1)) == {}


def test_a_missed_day_is_told_with_the_next_digest(year: CampaignYear) -> None:
    wednesday = date(2025, 12, 10)
    assert "clerk" not in told(wednesday)
    assert "clerk" in told(wednesday, since=date(2025, 12, 5))
    one = told(date(2025, 12, 17), since=date(2025, 12, 5))["clerk"]
    assert len(one.items) == 1  # four missed days, one line


@pytest.mark.parametrize(
    ("choice", "days"),
    [
        ("daily", [8, 12, 16, 18]),
        (
            "weekly",
            [8, 15, 22],
        ),  # what the week brings, on its first working day; what the week before brought, again
        ("urgent", [12, 16, 18]),
    ],
)
def test_personal_choices(choice: str, days: list[int], year: CampaignYear, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(digest=choice)
    got, known = [], set[Matter]()
    for day in (date(2025, 12, number) for number in range(8, 24)):
        known = set() if day.weekday() == 0 else known
        found = told(day, known=known).get("clerk") if day.weekday() < 5 else None
        if found:
            got.append(day.day)
            known |= {matter_of(item.owed) for item in found.items}
    assert got == days


@pytest.mark.parametrize("choice", ["weekly", "urgent"])
def test_what_is_compulsory_is_never_off(choice: str, year: CampaignYear, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(digest=choice)
    ReminderPlan.objects.update(is_compulsory=True)
    got = [
        day
        for day in range(8, 19)
        if date(2025, 12, day).weekday() < 5 and "clerk" in told(date(2025, 12, day))
    ]
    assert set(got) >= {8, 12, 16, 18}


def test_the_head_and_then_the_office_are_told_once_who_is_late(
    year: CampaignYear, head: User, deputy: User
) -> None:
    second, fifth = date(2025, 12, 17), date(2025, 12, 22)
    to_head = told(second)["head"]
    assert {one.who for one in to_head.copies} == {"Nguyễn Văn An", "Trần Thị Bình", "Phạm Quốc Duy"}
    assert not any(one.who == head.display_name for one in to_head.copies)
    to_director = told(second)["director"]  # of the heads, one level up
    assert "Lê Minh Châu" in {one.who for one in to_director.copies}
    assert "tập thể Phòng CCHC" in {one.who for one in to_director.copies}
    assert "office" not in told(second)
    assert "Nguyễn Văn An" in {one.who for one in told(fifth)["office"].copies}
    for day in (date(2025, 12, 18), date(2025, 12, 19)):
        assert not [one for digest in told(day).values() for one in digest.copies]
    # Whoever stands in for the head is told of the others, and not of the head.
    unit = head.person.postings.get().unit
    Appointment.objects.create(
        person=deputy.person,
        role="head",
        unit=unit,
        started_on=second,
        ended_on=second,
        delegated_by=head.person,
    )
    assert "Lê Minh Châu" not in {one.who for one in told(second)["deputy"].copies}


def test_the_text_says_everything_and_nothing_confidential(year: CampaignYear, settings: Any) -> None:
    text = text_of(told(date(2025, 12, 12))["head"])
    assert text.startswith("2 việc thi đua chờ bạn, gần nhất trước 24 giờ 00 ngày 15/12/2025")
    assert "Đăng ký thi đua của tôi (Đẩy mạnh CCHC – năm 2025)" in text
    assert "Thời hạn: trước 24 giờ 00 ngày 15/12/2025, còn 1 ngày làm việc." in text
    assert f"Đăng ký: {settings.SITE_URL}/phong-trao/nam/{year.pk}/" in text
    assert "Mở Việc của tôi" in text
    settings.CLOSING_HOUR = 17
    assert "trước 17 giờ 00 ngày 15/12/2025" in text_of(told(date(2025, 12, 12))["head"])
    late = text_of(told(date(2025, 12, 17))["head"])
    assert late.startswith("Việc quá hạn ở đơn vị")
    assert "+ Nguyễn Văn An, Phòng CCHC" in late


# --- written -------------------------------------------------------------------------------------------
@pytest.fixture
def on_the_day(year: CampaignYear) -> Iterator[None]:
    with clock.at(moment(date(2025, 12, 12))):
        yield


def test_one_letter_each_in_working_hours_and_twice_is_once(
    on_the_day: None, clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    for hour in (6, 19):
        with clock.at(moment(date(2025, 12, 12), hour)):
            assert write_digests() == 0
    with clock.at(moment(date(2025, 12, 13))):
        assert write_digests() == 0  # a Saturday
    with django_capture_on_commit_callbacks(execute=True):
        assert write_digests() == 12
    assert write_digests() == 0
    letter = Letter.objects.get(recipient=clerk)
    assert letter.key == f"digest:2025-12-12:{clerk.pk}"
    assert letter.state == Letter.State.SENT
    assert len(mail.outbox) == 12
    html = mail.outbox[0].alternatives[0][0]
    assert "trước 24 giờ 00 ngày 15/12/2025" in html
    notice = Notice.objects.get(user=clerk)
    assert (notice.stage, notice.kind, notice.due, notice.letter) == ("registration", "plan", DUE, letter)
    assert DigestDay.objects.get().letters == 12


def test_a_run_that_broke_off_goes_on_where_it_was(on_the_day: None, clerk: User) -> None:
    write_digests()
    DigestDay.objects.update(ended_at=None)
    Notice.objects.filter(user=clerk).delete()
    Letter.objects.filter(recipient=clerk).delete()
    assert write_digests() == 1
    assert Notice.objects.count() == Letter.objects.count() + 4  # four heads have their unit's paper, too


def test_reference_data_is_checked_and_leaves_the_office_alone(db: None, tmp_path: Path) -> None:
    reference.load(PLANS)
    assert {change.kind for change in reference.load(PLANS)} == {"unchanged"}
    ReminderPlan.objects.filter(stage="approval").update(before=[9], version=2)
    reference.load(PLANS)
    assert ReminderPlan.objects.get(stage="approval").before == [9]
    (tmp_path / "r.yaml").write_text("plans:\n  - {stage: a, name: A, before: [99]}\n")
    with pytest.raises(reference.ReferenceError, match="dòng 2: before: phải là danh sách"):
        reference.load(tmp_path / "r.yaml")


# --- days off ------------------------------------------------------------------------------------------
def test_a_last_day_on_a_sunday_is_not_said_to_be_friday(year: CampaignYear) -> None:
    sunday = date(2025, 12, 14)
    Deadline.objects.filter(campaign_year=year, stage="registration").update(due_on=sunday)
    ReminderPlan.objects.filter(stage="registration").update(before=[1, 0])
    said = {day: told(day)["clerk"].items[0].left for day in (date(2025, 12, 11), date(2025, 12, 12))}
    assert said == {
        date(2025, 12, 11): "còn 1 ngày làm việc",
        date(2025, 12, 12): "sau hôm nay không còn ngày làm việc nào",
    }
    late = told(date(2025, 12, 15))["clerk"].items[0]
    assert (late.left, late.is_late) == ("quá hạn 1 ngày làm việc", True)


def test_the_saturday_after_a_last_day_lists_the_late_alone(
    year: CampaignYear, office: User, clerk: User, stranger: User
) -> None:
    Deadline.objects.filter(campaign_year=year, stage="registration").update(due_on=date(2025, 12, 12))
    more = {"campaign_year": year, "stage": "registration", "reason": "Bão", "given_by": office}
    unit = stranger.person.postings.get().unit
    Extension.objects.create(**more, unit=unit, until=date(2025, 12, 20))

    def listed(day: date) -> tuple[bool, set[User], str]:
        with clock.at(moment(day)):
            _, found = owing_in(year)
        one = next(one for one in found if one.plan.stage == "registration")
        return one.late, {digest.user for digest in one.to_tell}, one.due.left if one.due else ""

    late, who, left = listed(date(2025, 12, 12))
    assert (late, left) == (False, "hạn hôm nay")
    assert {clerk, stranger} <= who
    for day in (date(2025, 12, 13), date(2025, 12, 14)):
        late, who, left = listed(day)
        assert (late, left) == (True, "vừa quá hạn")
        assert clerk in who
        assert stranger not in who
