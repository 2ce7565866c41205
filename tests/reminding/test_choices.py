"""What a person chooses for himself, the bell, and the calendar feed under a private link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from awards.models import Review
from campaigns.models import CampaignYear
from core import clock
from core.journal import history_of
from core.workflow import Refused
from emulation_portal.agenda import waiting_for
from organization.actions import choose_digest, renew_calendar, stop_calendar
from organization.models import User
from tests.trust.conftest import World, world  # noqa: F401

ClientOf = Callable[[User], Client]
ACCOUNT = "organization:account"


def test_the_digest_is_chosen_on_the_account_page(clerk: User, colleague: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    assert "Mỗi ngày có việc đến lịch nhắc" in client.get(reverse(ACCOUNT)).content.decode()
    client.post(reverse("organization:digest_choose"), {"digest": "weekly"})
    clerk.refresh_from_db()
    assert clerk.digest == "weekly"
    client.post(reverse("organization:digest_choose"), {"digest": "never"})
    clerk.refresh_from_db()
    assert clerk.digest == "weekly"
    assert history_of(clerk).filter(verb="digest_chosen").count() == 1
    with pytest.raises(Refused):
        choose_digest(clerk, choice="daily", by=colleague)


def test_a_renewed_link_kills_the_old_one(
    campaign_year: CampaignYear, clerk: User, client_of: ClientOf
) -> None:
    client, anybody = client_of(clerk), Client()
    assert clerk.calendar_key is None
    client.post(reverse("organization:calendar_renew"))
    clerk.refresh_from_db()
    old = reverse("calendar_feed", args=[clerk.calendar_key])
    assert old in client.get(reverse(ACCOUNT)).content.decode()
    assert anybody.get(old).status_code == 200
    client.post(reverse("organization:calendar_renew"))
    clerk.refresh_from_db()
    new = reverse("calendar_feed", args=[clerk.calendar_key])
    assert (anybody.get(old).status_code, anybody.get(new).status_code) == (404, 200)
    client.post(reverse("organization:calendar_stop"))
    assert anybody.get(new).status_code == 404
    assert [line.verb for line in history_of(clerk)] == [
        "calendar_stopped",
        "calendar_renewed",
        "calendar_renewed",
    ]
    assert "Tạo địa chỉ lịch" in client.get(reverse(ACCOUNT)).content.decode()


def feed(user: User) -> bytes:
    return bytes(Client().get(reverse("calendar_feed", args=[user.calendar_key])).content)


def test_the_feed_has_my_deadlines_and_nothing_of_any_dossier(world: World, head: User) -> None:  # noqa: F811
    renew_calendar(head, by=head)
    text = feed(head)
    calendar: Any = Calendar.from_ical(text)
    events = list(calendar.walk("VEVENT"))
    tasks = [task for task in waiting_for(head) if task.due]
    assert sorted(one.decoded("dtstart") for one in events) == sorted(task.due for task in tasks if task.due)
    assert all(str(one["url"]).startswith("http") for one in events)
    assert len({str(one["uid"]) for one in events}) == len(events) == len(tasks) > 2
    said = text.decode().replace("\r\n ", "")
    for secret in ("Nguyễn", "Rút ngắn", "phiếu", "Phòng CCHC", "trả lại"):
        assert secret not in said
    assert "trước 24 giờ 00 ngày" in said.replace("Trước", "trước")


def test_who_has_left_is_read_by_nobody(campaign_year: CampaignYear, clerk: User) -> None:
    renew_calendar(clerk, by=clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert Client().get(reverse("calendar_feed", args=[clerk.calendar_key])).status_code == 404
    stop_calendar(clerk, by=clerk)
    stop_calendar(clerk, by=clerk)
    assert history_of(clerk).filter(verb="calendar_stopped").count() == 1


def test_a_feed_is_read_so_often_in_a_minute(
    settings: Any, own_counters: None, campaign_year: CampaignYear, clerk: User
) -> None:
    settings.LIMITS_PER_MINUTE = {"feed": 2}
    renew_calendar(clerk, by=clerk)
    address = reverse("calendar_feed", args=[clerk.calendar_key])
    with clock.at(clock.now()):  # one minute, however long it takes
        answers = [Client().get(address) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) <= 60


def test_the_bell_counts_what_the_first_page_lists(
    world: World,  # noqa: F811
    head: User,
    clerk: User,
    client_of: ClientOf,
) -> None:
    client = client_of(head)
    home = client.get(reverse("home"))
    count = home.context["count"]
    assert count > 2
    assert f"Có {count} việc đang chờ bạn" in client.get(reverse("bell")).content.decode()
    assert f'hx-get="{reverse("bell")}"' not in home.content.decode()  # it knows already
    assert f'hx-get="{reverse("bell")}"' in client.get(reverse("letter_list")).content.decode()
    CampaignYear.objects.update(state="closed")
    Review.objects.update(state="closed")
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert "Không có việc nào đang chờ bạn" in client_of(clerk).get(reverse("bell")).content.decode()


def test_the_bell_of_a_first_password_is_not_there(clerk: User, client_of: ClientOf) -> None:
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    html = client_of(clerk).get(reverse("password_change")).content.decode()
    assert reverse("bell") not in html
