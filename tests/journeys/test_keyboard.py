"""Without a mouse: the search box, the skip link, the menu."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser


def test_a_slash_goes_to_the_search_and_the_search_needs_no_diacritics(enter: Enter) -> None:
    office = enter("office")
    office.open("organization:person_list")
    office.page.keyboard.press("/")
    search = office.page.get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    office.page.keyboard.type("nguyen van")
    expect(office.row("Lê Minh Châu")).to_have_count(0)
    expect(office.row("Nguyễn Văn An")).to_have_count(1)
    expect(search).to_be_focused()
    office.page.keyboard.type("/")
    expect(search).to_have_value("nguyen van/")


def test_the_skip_link_is_first_and_leads_past_the_menu(enter: Enter) -> None:
    clerk = enter("clerk")
    clerk.open("scoring:achievement_list")
    clerk.page.keyboard.press("Tab")
    skip = clerk.page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("main")).to_be_focused()
    clerk.page.keyboard.press("Tab")
    expect(clerk.page.get_by_role("link", name="Báo cáo thành tích")).to_be_focused()
