"""More time that a unit was given counts in every stage; what a locked round takes no more is told above."""

from datetime import date

import pytest

from campaigns.models import CampaignYear, Deadline, Extension
from campaigns.queries import open_calendar
from campaigns.queries import tasks_of as campaign_tasks
from core import clock
from core.agenda import Task
from core.journal import history_of
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import gather
from emulation_portal.reminding.pressing import owing_in
from emulation_portal.reminding.sending import text_of
from organization.models import User
from scoring.actions.sheets import open_sheets
from scoring.models import Achievement
from scoring.queries import tasks_of as scoring_tasks
from scoring.queries.achievements import withdrawal_problems
from tests.cast import fresh
from tests.reminding.test_notices import send
from tests.reminding.test_planning import DUE, PLANS, moment, told
from tests.trust.conftest import World, world  # noqa: F401

UNTIL = date(2026, 1, 4)


@pytest.fixture
def year(campaign_year: CampaignYear) -> CampaignYear:
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    return campaign_year


def extend(year: CampaignYear, office: User, user: User, stage: str) -> None:
    unit = user.person.postings.get().unit
    Extension.objects.create(
        campaign_year=year, stage=stage, unit=unit, until=UNTIL, reason="Bão", given_by=office
    )


def test_who_got_more_time_to_register_is_neither_late_nor_told_so(
    year: CampaignYear, office: User, clerk: User, head: User, stranger: User
) -> None:
    extend(year, office, clerk, "registration")
    for day in (16, 17, 18):
        digests = told(date(2025, 12, day))
        assert "clerk" not in digests
        copies = {line.who for one in digests.values() for line in one.copies}
        assert clerk.display_name not in copies
        assert "tập thể Phòng CCHC" not in copies
    assert "stranger" in told(date(2025, 12, 16))  # of another unit
    assert "clerk" in told(date(2025, 12, 26))  # five working days before its own last day
    with clock.at(moment(date(2025, 12, 20))):
        [task] = [one for one in campaign_tasks(fresh(clerk), open_calendar()) if "của tôi" in one.title]
        assert task.due == UNTIL
        send(year, clerk)
        [decide] = [one for one in campaign_tasks(fresh(head), open_calendar()) if "Duyệt" in one.title]
        assert decide.due == UNTIL
        assert [one.task for one in gather().owed if one.stage == "approval"] == [decide]
    registration = year.registrations.get(person=clerk.person)
    entry = history_of(registration).get(verb="submit")
    assert (entry.data, "Nộp muộn" in entry.comment) == ({"late": False}, False)


def test_who_is_late_in_his_own_time_is_noted_with_its_last_day(
    year: CampaignYear, office: User, clerk: User
) -> None:
    extend(year, office, clerk, "registration")
    with clock.at(moment(date(2026, 1, 5))):
        send(year, clerk)
    entry = history_of(year.registrations.get(person=clerk.person)).get(verb="submit")
    assert "Nộp muộn: hạn đăng ký là trước 24 giờ 00 ngày 04/01/2026" in entry.comment


def test_more_time_for_achievements_is_taken_and_told(
    world: World,  # noqa: F811
    office: User,
    clerk: User,
    head: User,
) -> None:
    year = CampaignYear.objects.open().of_movements().get()
    made = world.achievement
    for stage in ("achievements", "approval"):
        Deadline.objects.update_or_create(campaign_year=year, stage=stage, defaults={"due_on": DUE})
        Extension.objects.create(
            campaign_year=year, stage=stage, unit=made.unit, until=UNTIL, reason="Bão", given_by=office
        )

    def tasks(user: User) -> dict[str, Task]:
        return {one.title: one for one in scoring_tasks(fresh(user), open_calendar())}

    def owed(user: User, stage: str) -> set[date | None]:
        return {one.task.due for one in gather().owed if (one.user_id, one.stage) == (user.pk, stage)}

    with clock.at(moment(date(2025, 12, 20))):
        Achievement.objects.filter(pk=made.pk).update(state="submitted")
        assert tasks(head)["Thành tích chờ xác nhận"].due == UNTIL
        assert UNTIL in owed(head, "approval")
        Achievement.objects.filter(pk=made.pk).update(state="draft")
        assert tasks(clerk)["Bản nháp thành tích chưa nộp"].due == UNTIL
        assert owed(clerk, "achievements") == {UNTIL}
        made.refresh_from_db()
        assert withdrawal_problems(made) == []
    with clock.at(moment(date(2026, 1, 5))):
        assert "04/01/2026" in withdrawal_problems(made)[0]


def test_who_missed_a_locked_column_is_told_to_the_head_and_the_office(
    year: CampaignYear, office: User, clerk: User, head: User, colleague: User
) -> None:
    Deadline.objects.filter(campaign_year=year, stage="registration").update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=year, stage="self_score").update(due_on=DUE)
    CampaignYear.objects.update(locks=True)
    open_sheets(year, by=office)
    extend(year, office, clerk, "approval")  # more time in another stage changes nothing here
    late = told(date(2025, 12, 16))["clerk"]
    assert "đã khóa vì hết hạn, chỉ làm tiếp được khi Văn phòng Sở gia hạn" in late.items[0].owed.task.detail
    names = {line.who for line in told(date(2025, 12, 17))["head"].copies}
    assert {clerk.display_name, colleague.display_name} <= names
    said = text_of(told(date(2025, 12, 17))["head"])
    assert f"+ {clerk.display_name}, Phòng CCHC (đã khóa; Văn phòng Sở có thể gia hạn cho đơn vị)" in said
    names = {line.who for line in told(date(2025, 12, 22))["office"].copies}
    assert clerk.display_name in names
    with clock.at(moment(date(2025, 12, 17))):
        _, found = owing_in(year)
        owing = next(one for one in found if one.plan.stage == "self_score")
        assert owing.late
        assert clerk in {one.user for one in owing.to_tell}
    extend(year, office, clerk, "self_score")
    assert "clerk" not in told(date(2025, 12, 16))
    assert "head" not in told(date(2025, 12, 17))
