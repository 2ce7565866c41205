"""A browser that runs no scripts reads and submits everything all the same."""

import pytest
from playwright.sync_api import expect

from campaigns.models import CampaignYear
from organization.models import User
from scoring.actions import sheets as sheet_actions
from scoring.models import Achievement, Scorecard
from tests.journeys.conftest import Enter
from tests.journeys.visits import pdf

pytestmark = pytest.mark.browser


def test_an_achievement_is_written_proven_submitted_and_confirmed(
    enter: Enter, campaign_year: CampaignYear
) -> None:
    clerk, head = enter("clerk", scripts=False), enter("head", scripts=False)
    clerk.go("Thành tích")
    clerk.follow("Báo cáo thành tích")
    clerk.press("Bắt đầu viết")
    clerk.field("Thành tích").fill("Số hóa 320 hồ sơ cán bộ")
    clerk.field("Tiêu chí").select_option(label="1.2. Sáng kiến được công nhận")
    clerk.field("Ngày hoàn thành").fill("2/9/2025")
    clerk.field("Số lượng").fill("nhiều")
    clerk.field("Kết quả đạt được").fill("Tra cứu trong ngày.")
    clerk.press("Lưu nháp")
    clerk.reads("Còn ô chưa đúng. Các ô khác đã lưu.")
    expect(clerk.field("Số lượng")).to_have_value("nhiều")
    clerk.field("Số lượng").fill("1")
    clerk.press("Thêm tài liệu")
    clerk.field("Tệp").set_input_files(pdf("Biên bản.pdf"))
    clerk.field("Tên, trích yếu tài liệu").fill("Biên bản nghiệm thu")
    clerk.press("Tải lên và thêm")
    clerk.press("Kiểm tra lại để nộp")
    clerk.press("Nộp thành tích")
    clerk.is_told("Đã nộp")
    head.go("Việc của tôi")
    head.task("Thành tích chờ xác nhận").click()
    head.page.get_by_role("checkbox", name="Chọn dòng Số hóa 320 hồ sơ cán bộ").check()
    head.press("Xem lại và xác nhận")
    head.reads("Được xác nhận")
    head.press("Xác nhận 1 thành tích")
    head.reads("Đã xác nhận")
    assert Achievement.objects.get().state == "confirmed"


def test_a_sheet_is_filled_and_submitted_with_plain_buttons(
    enter: Enter, campaign_year: CampaignYear, office: User, clerk: User
) -> None:
    sheet_actions.open_sheets(campaign_year, by=office)
    visit = enter("clerk", scripts=False)
    visit.task("Phiếu cá nhân").click()
    visit.page.get_by_label("1.1: Điểm tự chấm").fill("8,5")
    visit.page.get_by_label("1.1: Giải trình").fill("Mười hai báo cáo đúng hạn")
    visit.row("Sáng kiến được công nhận").locator("[data-col=inputs]").fill("mười")
    visit.press("Lưu tất cả")
    visit.is_told("Còn 1 dòng chưa lưu")
    expect(visit.row("Sáng kiến được công nhận").locator("[data-col=inputs]")).to_have_value("mười")
    expect(visit.page.locator("#t-self")).to_have_text("8,50")
    visit.row("Sáng kiến được công nhận").locator("[data-col=inputs]").fill("0")
    visit.row("Hoàn thành nhiệm vụ").get_by_role("combobox").select_option("1")
    visit.row("Ban hành kế hoạch").get_by_role("combobox").select_option("Chậm")
    visit.press("Lưu tất cả")
    visit.is_told("Đã lưu tất cả các dòng.")
    expect(visit.page.locator("#t-self")).to_have_text("33,50")
    visit.decide("Nộp phiếu cho thủ trưởng")
    visit.reads("Chờ thủ trưởng")
    assert Scorecard.objects.get(person=clerk.person).state == "submitted"


def test_lists_are_searched_filtered_and_sorted(enter: Enter) -> None:
    visit = enter("office", scripts=False)
    visit.go("Nhân sự")
    visit.page.get_by_role("searchbox").fill("hoang duc")
    visit.press("Lọc")
    expect(visit.row("Hoàng Đức Long")).to_have_count(1)
    expect(visit.row("Nguyễn Văn An")).to_have_count(0)
    visit.follow("Bỏ lọc")
    visit.page.get_by_role("link", name="Họ và tên").click()
    expect(visit.page.locator("tbody tr").first).to_contain_text("Nguyễn Văn An")
