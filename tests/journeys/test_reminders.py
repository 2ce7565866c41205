"""The bell counts after the page is there; the Office reminds in one press after having seen whom."""

from typing import Any

import pytest
from playwright.sync_api import expect

from core.models import Letter
from tests.journeys.conftest import Enter
from tests.journeys.scenery import places  # noqa: F401
from tests.journeys.visits import Visit
from tests.trust.conftest import world  # noqa: F401

pytestmark = pytest.mark.browser


def test_the_bell_counts_what_waits(enter: Enter, places: dict[str, Any]) -> None:  # noqa: F811
    visit = enter("head", size=Visit.PHONE)
    visit.open("letter_list")
    bell = visit.page.locator("header a[title='Việc của tôi']")
    expect(bell).to_contain_text("việc đang chờ bạn")
    count = bell.locator(".badge").inner_text()
    bell.click()
    visit.reads(f"Có {count} việc đang chờ bạn.")
    assert visit.complaints == []


def test_the_office_reminds_in_one_press(enter: Enter, places: dict[str, Any]) -> None:  # noqa: F811
    visit = enter("office")
    visit.open("campaigns:registration_missing", places["year"])
    visit.page.get_by_role("link", name="Nhắc người chưa gửi").click()
    visit.reads("Không gửi thêm cho")  # two were told a moment ago
    before = Letter.objects.filter(kind="reminders/pressed").count()
    visit.page.get_by_role("button", name="thư nhắc").click()
    visit.is_told("Đã gửi thư nhắc")
    assert Letter.objects.filter(kind="reminders/pressed").count() > before
    assert visit.complaints == []
