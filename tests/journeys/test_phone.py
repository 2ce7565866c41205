"""On a phone: the menu opens, lists are cards, forms and the grid are filled with a thumb."""

import pytest
from playwright.sync_api import expect

from campaigns.models import CampaignYear
from organization.models import User
from scoring.actions import sheets as sheet_actions
from tests.journeys.conftest import Enter
from tests.journeys.visits import Visit

pytestmark = pytest.mark.browser


def choose(visit: Visit, entry: str) -> None:
    """An entry of the menu, which is opened for it."""
    menu = visit.page.get_by_role("navigation", name="Menu chính")
    expect(menu).not_to_be_visible()
    visit.page.locator("label.menu-button").click()
    expect(menu).to_be_visible()
    visit.menu_link(entry).click()


def test_a_clerk_works_with_a_thumb(enter: Enter, campaign_year: CampaignYear, office: User) -> None:
    sheet_actions.open_sheets(campaign_year, by=office)
    clerk = enter("clerk", size=Visit.PHONE)
    choose(clerk, "Thành tích")
    clerk.follow("Báo cáo thành tích")
    clerk.press("Bắt đầu viết")
    clerk.field("Thành tích").fill("Đón tiếp công dân ngày thứ bảy")
    clerk.field("Tiêu chí").select_option(label="1.2. Sáng kiến được công nhận")
    clerk.field("Kết quả đạt được").fill("Phục vụ 96 lượt người.")
    expect(clerk.page.locator("[data-save-state]")).to_contain_text("Đã lưu nháp lúc")
    assert clerk.overflow() <= 0
    main = clerk.page.get_by_role("button", name="Kiểm tra lại để nộp").bounding_box()
    assert main
    assert main["height"] >= 44
    choose(clerk, "Phiếu chấm điểm")
    clerk.follow("Nguyễn Văn An")
    clerk.page.get_by_label("1.1: Điểm tự chấm").fill("8,5")
    clerk.page.get_by_label("1.1: Giải trình").fill("Đúng hạn")
    clerk.page.get_by_label("1.1: Giải trình").blur()
    expect(clerk.row("Chất lượng tham mưu").get_by_role("status")).to_contain_text("Đã lưu")
    expect(clerk.page.locator("#t-self")).to_be_in_viewport()
    assert clerk.overflow() <= 0


def test_a_list_shows_cards_with_the_labels_of_the_columns(enter: Enter) -> None:
    office = enter("office", size=Visit.PHONE)
    choose(office, "Nhân sự")
    expect(office.page.locator("thead")).not_to_be_visible()
    card = office.page.locator("tbody tr").filter(has_text="Nguyễn Văn An")
    expect(card.locator("td[data-label='Đơn vị']")).to_be_visible()
    assert card.evaluate("row => getComputedStyle(row).display") == "block"
    office.page.get_by_role("searchbox").fill("binh")
    expect(card).to_have_count(0)
    expect(office.page.locator("tbody tr").filter(has_text="Trần Thị Bình")).to_have_count(1)
    assert office.overflow() <= 0
