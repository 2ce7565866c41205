"""A meeting of the council is told with its own hour, and is nobody's delay but of who has to close it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from awards.actions import council
from awards.models import CouncilSession, Review
from core import clock
from core.models import ReminderPlan
from emulation_portal.agenda import tasks_of
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import gather
from emulation_portal.reminding.planning import Digest
from emulation_portal.reminding.sending import text_of
from emulation_portal.views.bell import as_calendar
from organization.models import User
from tests.awards.council.builders import DAY, SEATS, members, opened, planned, user_of
from tests.awards.council.conftest import review  # noqa: F401
from tests.reminding.test_owed import in_reminders, on_first_pages
from tests.reminding.test_planning import PLANS, moment, told

HELD: Any = DAY["held_on"]  # a Monday, at eight
NEXT = HELD + timedelta(days=1)


@pytest.fixture
def invited(review: Review, cast: dict[str, User]) -> CouncilSession:  # noqa: F811
    reference.load(PLANS)
    review.deadlines.all().delete()
    ReminderPlan.objects.filter(stage="council").update(before=[3, 1, 0])
    session = planned(review, cast)
    with clock.at(moment(date(2025, 1, 10))):
        council.invite(session, by=cast["office"])
    return session


def text(found: dict[str, Digest], name: str) -> str:
    return text_of(found[name])


def test_a_member_is_told_the_hour_of_the_meeting(
    invited: CouncilSession, cast: dict[str, User], client_of: Any
) -> None:
    found = told(date(2025, 1, 17))
    said = text(found, "appraiser")
    assert "gần nhất lúc 08 giờ 00 ngày 20/01/2025" in said
    assert "Thời gian: lúc 08 giờ 00 ngày 20/01/2025, còn 1 ngày làm việc." in said
    assert "24 giờ" not in said
    assert "appraiser" not in told(HELD)  # the digests are written after eight
    CouncilSession.objects.update(starts_at=time(14))
    assert "Thời gian: lúc 14 giờ 00 ngày 20/01/2025, họp hôm nay." in text(told(HELD), "appraiser")
    CouncilSession.objects.update(starts_at=time(8))
    with clock.at(moment(date(2025, 1, 17))):
        html = client_of(cast["appraiser"]).get(reverse("home")).content.decode()
        assert "08:00 ngày 20/01/2025" in html
        feed: Any = Calendar.from_ical(as_calendar(tasks_of(user_of(cast, "appraiser"))))
    [event] = [one for one in feed.walk("VEVENT") if str(one["summary"]).startswith("Họp")]
    assert event["dtstart"].dt == moment(HELD, 8).replace(minute=0)
    assert "Lúc 08 giờ 00 ngày 20/01/2025" in str(event["description"])


@pytest.mark.parametrize("is_open", [False, True])
def test_after_its_day_only_who_presides_and_who_writes_are_late(
    review: Review,  # noqa: F811
    cast: dict[str, User],
    is_open: bool,
) -> None:
    reference.load(PLANS)
    review.deadlines.all().delete()
    session = opened(review, cast) if is_open else planned(review, cast)
    CouncilSession.objects.exclude(state="open").update(state="invited")
    sitting = {seat: name for name, one in members(session, cast).items() for seat in [one.seat]}
    found = told(NEXT)
    late = {name for name, one in found.items() if any(item.owed.stage == "council" for item in one.items)}
    assert late == {sitting["chair"], sitting["secretary"]}
    assert "Kết thúc phiên họp Hội đồng" in text(found, sitting["chair"])
    assert "quá hạn 1 ngày làm việc" in text(found, sitting["secretary"])
    with clock.at(moment(NEXT)):
        assert in_reminders() == on_first_pages()
        others = [
            task
            for name in sitting.values()
            if name not in late
            for task in tasks_of(user_of(cast, name))
            if "Hội đồng" in task.title
        ]
    assert not any(task.is_waiting_for_me for task in others)
    assert bool(others) is is_open  # the way to the room stays while it is open


def test_when_its_hour_has_come_a_member_owes_nothing_more(
    invited: CouncilSession, cast: dict[str, User]
) -> None:
    def waiting(hour: int) -> set[str]:
        with clock.at(moment(HELD, hour)):
            assert in_reminders() == on_first_pages()
            owed = [one for one in gather().owed if one.task.title.startswith("Họp Hội đồng")]
            seen = [task.title for task in tasks_of(user_of(cast, "appraiser"))]
        assert "Họp Hội đồng: Bình xét năm 2024" in seen  # the way to the room
        return {gather().roster.users[one.user_id].username for one in owed}

    assert waiting(7) == set(SEATS)
    assert waiting(8) == {"director", "office"}  # who presides and who writes


def test_a_duty_that_was_handed_over_is_its_takers(
    review: Review,  # noqa: F811
    cast: dict[str, User],
) -> None:
    reference.load(PLANS)
    review.deadlines.all().delete()
    session = opened(review, cast)
    sitting = {one.seat: name for name, one in members(session, cast).items()}
    session.members.filter(duty="records").update(duty="")
    taker = members(session, cast)["appraiser"]
    taker.duty = "records"
    taker.save(update_fields=["duty"])
    late = {
        name
        for name, one in told(NEXT).items()
        if any(item.owed.task.title.startswith("Kết thúc phiên họp") for item in one.items)
    }
    assert late == {sitting["chair"], "appraiser"}
