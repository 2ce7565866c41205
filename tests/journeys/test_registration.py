"""A year's registration: sent, returned with a reason, corrected, approved, counted."""

import pytest
from playwright.sync_api import expect

from campaigns.models import CampaignYear
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
PLEDGE = "Hoàn thành đúng hạn 100 % nhiệm vụ được giao; một sáng kiến cấp Sở."


def test_a_clerk_registers_and_the_head_approves_the_corrected_text(
    enter: Enter, campaign_year: CampaignYear
) -> None:
    clerk, head = enter("clerk"), enter("head")
    clerk.go("Việc của tôi")
    clerk.task("đăng ký").first.click()
    clerk.sees("Đăng ký thi đua năm 2025")
    clerk.field("Nội dung giao ước").fill(PLEDGE)
    expect(clerk.page.locator("[data-save-state]")).to_contain_text("Đã lưu nháp lúc")
    first = clerk.page.get_by_label("Chỉ tiêu đăng ký").first
    first.fill("Một sáng kiến được công nhận")
    clerk.page.get_by_label("Số lượng").first.fill("một")
    clerk.press("Gửi đăng ký")
    expect(clerk.page.get_by_role("alert")).to_be_visible()
    expect(first).to_have_value("Một sáng kiến được công nhận")
    clerk.page.get_by_label("Số lượng").first.fill("1")
    clerk.page.get_by_label("Đơn vị tính").first.fill("sáng kiến")
    clerk.press("Gửi đăng ký")
    clerk.reads("Chờ duyệt")

    head.go("Việc của tôi")
    head.task("Duyệt đăng ký thi đua").click()
    head.follow("Nguyễn Văn An")
    head.reads(PLEDGE)
    head.decide("Trả lại", "Ghi rõ tên sáng kiến")
    head.reads("Trả lại")

    clerk.go("Việc của tôi")
    clerk.task("đăng ký").filter(has_text="trả lại").click()
    clerk.reads("Ghi rõ tên sáng kiến")
    first.fill("Sáng kiến rút ngắn thời gian giải quyết hồ sơ")
    clerk.press("Gửi đăng ký")
    clerk.reads("Chờ duyệt")

    head.go("Việc của tôi")
    head.task("Duyệt đăng ký thi đua").click()
    head.page.get_by_label("Chọn Nguyễn Văn An").check()
    head.press("Duyệt các bản đã chọn")
    head.is_told("Đã duyệt")

    office = enter("office")
    office.go("Đăng ký thi đua")
    office.follow("Số liệu đăng ký các năm đang mở")
    people = office.page.get_by_role("row").filter(has=office.page.get_by_role("rowheader", name="Cá nhân"))
    expect(people.get_by_role("cell")).to_have_text(["12", "0", "0", "1", "13"])
    people.get_by_role("link", name="1", exact=True).click()
    expect(office.row("Nguyễn Văn An")).to_contain_text("Đã duyệt")
    office.follow("Nguyễn Văn An")
    office.reads("Ghi rõ tên sáng kiến")
