"""The whole main job in every role: from an achievement to the exported award list, each person at his own screen."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import expect

from awards.models import AwardList
from campaigns.models import CampaignYear
from core.vietnamese import format_decimal
from organization.models import Unit, User
from scoring.actions import appraisal
from scoring.actions import lines as line_actions
from scoring.actions import sheets as sheet_actions
from scoring.models import Achievement, Scorecard
from tests.awards.builders import build_catalogue
from tests.journeys.conftest import Enter
from tests.journeys.visits import Visit, pdf
from tests.scoring.sheets.conftest import ANSWERS

pytestmark = pytest.mark.browser
TITLE = "Rút ngắn thời gian giải quyết hồ sơ công chức"
READ_THE_LIST = """rows => rows.filter(row => /^\\d+$/.test(row.cells[0].innerText.trim())).map(row => {
    const said = [...row.cells].slice(0, 8).map(cell => cell.childNodes[0]?.textContent.trim() || "");
    return said; })"""


def test_from_an_achievement_to_the_exported_award_list(
    enter: Enter, cast: dict[str, User], units: dict[str, Unit], campaign_year: CampaignYear, tmp_path: Path
) -> None:
    build_catalogue(campaign_year)
    clerk, head, office = enter("clerk"), enter("head"), enter("office")
    achievement = report(clerk)
    send_back(head)
    correct(clerk)
    confirm(head)
    open_the_sheets(office)
    sheet = fill_by_keyboard(clerk)
    approve_with_a_change(head)
    appraise(office)
    lead_to_appraisal(Scorecard.objects.get(unit=units["cchc"], person=None), cast)
    publish(office)
    see_the_ranking(clerk)
    award_list = prepare_the_awards(office)
    compare_the_files(office, tmp_path)
    office.decide("Chốt danh sách")
    office.is_told("Chốt danh sách")
    others_read(enter, achievement, sheet, award_list)
    the_technician_has_no_say(enter("technician"), achievement, sheet, award_list)


# --- the achievement -----------------------------------------------------------------------------------
def report(clerk: Visit) -> Achievement:
    """Written with autosave, refused while incomplete, proven by a document, submitted."""
    clerk.go("Thành tích")
    clerk.follow("Báo cáo thành tích")
    clerk.field("Cá nhân tôi").check()
    clerk.press("Bắt đầu viết")
    clerk.sees("Thành tích mới")
    clerk.field("Thành tích").fill(TITLE)
    clerk.field("Tiêu chí").select_option(label="1.2. Sáng kiến được công nhận")
    clerk.field("Ngày hoàn thành").fill("20.5.2025")
    clerk.field("Số lượng").fill("2,0")
    clerk.field("Đơn vị tính").fill("sáng kiến")
    expect(clerk.page.locator("[data-save-state]")).to_contain_text("Đã lưu nháp lúc")
    clerk.page.reload()
    expect(clerk.field("Thành tích")).to_have_value(TITLE)
    expect(clerk.field("Ngày hoàn thành")).to_have_value("20/05/2025")
    clerk.press("Kiểm tra lại để nộp")
    clerk.sees("Kiểm tra lại trước khi nộp")
    clerk.reads("Chưa nộp được")
    clerk.reads("tài liệu")
    clerk.follow("Sửa tiếp")
    clerk.field("Kết quả đạt được").fill("Giảm từ 15 ngày xuống 11 ngày, 320 hồ sơ.")
    clerk.press("Thêm tài liệu")
    clerk.field("Tệp").set_input_files(pdf("Quyết định công nhận.pdf"))
    clerk.field("Tên, trích yếu tài liệu").fill("Quyết định công nhận sáng kiến")
    clerk.field("Số, ký hiệu").fill("125/QĐ-SNV")
    clerk.press("Tải lên và thêm")
    clerk.reads("Quyết định công nhận.pdf")
    clerk.press("Kiểm tra lại để nộp")
    clerk.press("Nộp thành tích")
    clerk.is_told("thủ trưởng Phòng CCHC xác nhận")
    clerk.reads("Chờ xác nhận")
    return Achievement.objects.get()


def send_back(head: Visit) -> None:
    head.go("Việc của tôi")
    head.task("Thành tích chờ xác nhận").click()
    head.follow(TITLE)
    head.unfold("Trả lại để sửa")
    head.page.get_by_label("Lý do: Kết quả đạt được").fill("Nêu rõ so với năm 2024")
    head.press("Trả lại để sửa")
    head.is_told("Trả lại để sửa")
    head.reads("Chưa sửa")


def correct(clerk: Visit) -> None:
    """Only the flagged point is open."""
    clerk.go("Việc của tôi")
    clerk.task("Thành tích bị trả lại").click()
    clerk.follow(TITLE)
    clerk.follow("Sửa")
    clerk.reads("Nêu rõ so với năm 2024")
    expect(clerk.field("Thành tích")).to_be_disabled()
    expect(clerk.field("Số lượng")).to_be_disabled()
    clerk.field("Kết quả đạt được").fill("Giảm từ 15 ngày (năm 2024) xuống 11 ngày, 320 hồ sơ.")
    clerk.press("Kiểm tra lại để nộp")
    clerk.press("Nộp thành tích")
    clerk.is_told("Đã nộp")


def confirm(head: Visit) -> None:
    head.go("Việc của tôi")
    head.task("Thành tích chờ xác nhận").click()
    head.follow(TITLE)
    head.reads("Đã sửa hoặc trả lời")
    head.press("Xác nhận thành tích")
    head.reads("Đã xác nhận, được tính vào phiếu chấm điểm năm 2025")


# --- the sheet -----------------------------------------------------------------------------------------
def open_the_sheets(office: Visit) -> None:
    office.go("Phiếu chấm điểm")
    office.follow("Mở phiếu năm 2025")
    office.press("Mở phiếu")
    office.is_told("Đã mở")


def fill_by_keyboard(clerk: Visit) -> Scorecard:
    """No mouse from the first box to the last: Enter goes down, Tab to the right, each line saves itself."""
    clerk.go("Việc của tôi")
    clerk.task("Phiếu cá nhân").click()
    keys, total = clerk.page.keyboard, clerk.page.locator("#t-self")
    first = clerk.page.get_by_label("1.1: Điểm tự chấm")
    for _ in range(40):
        keys.press("Tab")
        if first.evaluate("box => box === document.activeElement"):
            break
    expect(first).to_be_focused()
    keys.type("11")
    keys.press("Enter")
    expect(clerk.row("Chất lượng tham mưu")).to_contain_text("10")
    expect(clerk.row("Chất lượng tham mưu").locator(".g-error")).to_be_visible()
    keys.press("Shift+Enter")
    keys.type("9,5")
    keys.press("Enter")
    expect(total).to_have_text("9,50")
    expect(clerk.row("Sáng kiến được công nhận").locator("[data-col=inputs]")).to_be_focused()
    keys.type("2")
    keys.press("Tab")
    keys.type("Hai sáng kiến cấp Sở")
    keys.press("Enter")
    expect(total).to_have_text("19,50")
    keys.press("Shift+Tab")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(total).to_have_text("39,50")
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(total).to_have_text("49,50")
    expect(clerk.page.locator(".g-saved")).to_have_count(4)
    expect(clerk.page.locator(".is-unsaved")).to_have_count(0)
    clerk.page.reload()
    expect(total).to_have_text("49,50")
    clerk.decide("Nộp phiếu cho thủ trưởng")
    clerk.reads("Chờ thủ trưởng Phòng Cải cách hành chính duyệt")
    return Scorecard.objects.get(person__given_name="An")


def approve_with_a_change(head: Visit) -> None:
    """A changed score without its reason is not saved."""
    head.go("Việc của tôi")
    head.task("Duyệt phiếu chấm điểm").click()
    head.follow("Nguyễn Văn An")
    line = head.row("Chất lượng tham mưu")
    line.get_by_label("1.1: Thủ trưởng").fill("8,25")
    line.get_by_label("1.1: Thủ trưởng").press("Tab")
    expect(line.get_by_role("status")).to_contain_text("lý do")
    line.get_by_label("1.1: Lý do sửa").fill("Một báo cáo phải làm lại")
    line.get_by_label("1.1: Lý do sửa").press("Tab")
    expect(line.get_by_role("status")).to_contain_text("Đã lưu")
    expect(line).to_contain_text("−1,25")
    expect(head.page.locator("#t-approved")).to_have_text("48,25")
    head.decide("Duyệt phiếu")
    head.is_told("Duyệt phiếu")


def appraise(office: Visit) -> None:
    office.go("Việc của tôi")
    office.task("Thẩm định phiếu chấm điểm").click()
    office.follow("Nguyễn Văn An")
    office.reads("Một báo cáo phải làm lại")
    office.decide("Kết thúc thẩm định")
    office.is_told("Kết thúc thẩm định")


def lead_to_appraisal(sheet: Scorecard, cast: dict[str, User]) -> None:
    """The collective's sheet goes the same way; it is not the business of this story."""
    answers: dict[str, Any] = {**ANSWERS, "1.1": {"inputs": {}, "self_score": Decimal("9.5")}}
    for line in sheet.lines.select_related("criterion", "scorecard__campaign_year"):
        line_actions.save_line(line, by=cast["clerk"], **answers[line.criterion.code])
    sheet.refresh_from_db()
    sheet_actions.submit(sheet, by=cast["clerk"])
    sheet_actions.approve(sheet, by=cast["head"])
    appraisal.appraise(sheet, by=cast["appraiser"])


# --- the results ---------------------------------------------------------------------------------------
def publish(office: Visit) -> None:
    """Collectives, then individuals; a wrong word and unnamed colleagues stop it."""
    office.go("Xếp hạng")
    for recipient in ("Tập thể", "Cá nhân"):
        office.follow(recipient)
        office.follow("Công bố kết quả")
        office.unfold("Xem danh sách")
        office.reads("Trần Thị Bình" if recipient == "Cá nhân" else "Văn phòng Sở")
        office.field("Gõ CÔNG BỐ để xác nhận").fill("công bố")
        office.press("Công bố kết quả")
        expect(office.page.get_by_role("alert")).to_be_visible()
        office.page.get_by_label("phiếu chưa thẩm định là “Chưa chấm”").check()
        office.field("Gõ CÔNG BỐ để xác nhận").fill("CÔNG BỐ")
        office.press("Công bố kết quả")
        office.is_told("Đã công bố kết quả")


def see_the_ranking(clerk: Visit) -> None:
    clerk.go("Xếp hạng")
    clerk.follow("Cá nhân")
    row = clerk.row("Nguyễn Văn An")
    expect(row).to_contain_text("48,25")
    expect(row).to_contain_text("96,50")
    expect(row).to_contain_text("Xuất sắc")
    clerk.reads("chưa chấm không phải là 0 điểm")
    clerk.follow("Nguyễn Văn An")
    clerk.sees("Kết quả năm 2025: Nguyễn Văn An")
    clerk.reads("Một báo cáo phải làm lại")


# --- the award list ------------------------------------------------------------------------------------
def prepare_the_awards(office: Visit) -> AwardList:
    """Computed; Phòng CCHC misses the score and is added with a reason; a note for the clerk."""
    office.go("Khen thưởng")
    office.press("Lập danh sách")
    expect(office.row("Nguyễn Văn An")).to_contain_text("Giấy khen của Giám đốc Sở Nội vụ")
    expect(office.page.locator("#chua-du")).to_contain_text("Phòng Cải cách hành chính")
    office.follow("Bổ sung")
    office.page.get_by_role("searchbox").fill("cai cach")
    office.press("Tìm")
    office.follow("Chọn Phòng Cải cách hành chính")
    office.field("Hình thức khen thưởng").select_option(index=1)
    office.press("Bổ sung")
    office.reads("Hãy ghi lý do điều chỉnh.")
    office.field("Lý do").fill("Hội đồng đề nghị vì dẫn đầu cải cách hành chính")
    office.press("Bổ sung")
    office.reads("Hội đồng đề nghị vì dẫn đầu")
    office.follow("Điều chỉnh Nguyễn Văn An")
    office.field("Ghi chú").fill("Chủ trì hai sáng kiến")
    office.press("Lưu ghi chú")
    office.open("awards:award_list_detail", AwardList.objects.get().pk)
    return AwardList.objects.get()


def compare_the_files(office: Visit, folder: Path) -> None:
    """The screen, the sheet and the Word document hold the same rows."""
    shown = office.page.locator("#danh-sach tr").evaluate_all(READ_THE_LIST)
    assert [row[1] for row in shown] == ["Phòng Cải cách hành chính", "Nguyễn Văn An"]
    assert shown[1][-1] == "Chủ trì hai sáng kiến"
    assert workbook_rows(office.download("Xuất Excel", folder)) == shown
    assert document_rows(office.download("Xuất Word", folder)) == shown


def workbook_rows(path: Path) -> list[list[str]]:
    assert path.suffix == ".xlsx"
    found = []
    for row in openpyxl.load_workbook(path).active.iter_rows(max_col=8, values_only=True):
        if isinstance(row[0], int):
            score = "" if row[4] is None else format_decimal(Decimal(str(row[4])), 2)
            found.append(
                [str(row[0]), *(str(v or "") for v in row[1:4]), score, *(str(v or "") for v in row[5:])]
            )
    return found


def document_rows(path: Path) -> list[list[str]]:
    assert path.suffix == ".docx"
    rows = [[cell.text.strip() for cell in row.cells] for row in docx.Document(str(path)).tables[1].rows]
    return [row for row in rows if row[0].isdecimal()]


# --- the others ----------------------------------------------------------------------------------------
def others_read(enter: Enter, achievement: Achievement, sheet: Scorecard, award_list: AwardList) -> None:
    """Director, council and inspector read the finished list and change nothing; the inspector reads the dossiers."""
    for name in ("director", "council_member", "inspector"):
        reader = enter(name)
        reader.open("awards:award_list_detail", award_list.pk)
        expect(reader.row("Nguyễn Văn An")).to_contain_text("Giấy khen")
        expect(reader.page.get_by_role("link", name="Điều chỉnh Nguyễn Văn An")).to_have_count(0)
        expect(reader.page.locator(".move-bar")).to_have_count(0)
        reader.go("Xếp hạng")
        reader.follow("Cá nhân")
        expect(reader.row("Nguyễn Văn An")).to_contain_text("Xuất sắc")
        if name != "council_member":
            reader.open("scoring:achievement_detail", achievement.pk)
            reader.sees(TITLE)
            expect(reader.page.get_by_role("button", name="Xác nhận thành tích")).to_have_count(0)
        reader.open("scoring:scorecard_detail", sheet.pk)
        reader.reads("Một báo cáo phải làm lại")
        expect(reader.page.locator("main input:not([type=hidden])")).to_have_count(0)


def the_technician_has_no_say(
    technician: Visit, achievement: Achievement, sheet: Scorecard, award_list: AwardList
) -> None:
    technician.is_refused("scoring:achievement_detail", achievement.pk)
    technician.is_refused("scoring:scorecard_detail", sheet.pk)
    technician.is_refused("awards:award_list_detail", award_list.pk)
    technician.follow("Về trang đầu")
    technician.go("Tài khoản")
    expect(technician.row("Nguyễn Văn An")).to_contain_text("Hoạt động")
