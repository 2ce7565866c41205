"""The appraisal of an index in every role, and two appraisers who write at the same moment."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from campaigns.actions import rounds
from campaigns.models import AppliesTo, CampaignYear, Criterion
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import sheets as sheet_actions
from scoring.models import Line, LineEvidence, Scorecard
from tests.journeys.conftest import Enter
from tests.journeys.visits import Visit, pdf

pytestmark = pytest.mark.browser
UNIT, NAME = "Phòng Cải cách hành chính", "Đẩy mạnh cải cách hành chính của Sở Nội vụ"
TYPED, COUNTED, LEADER, SURVEY = "1.1", "1.2", "2.1", "2.3"
METHODS = {
    COUNTED: ("count_capped", {"points_each": "5", "max": "10", "measure": "sáng kiến"}),
    LEADER: ("relative_to_leader", {"max": "20"}),
    SURVEY: ("survey", {"max": "10", "scale_max": "100"}),
}


@pytest.fixture
def index(
    campaign_year: CampaignYear, criteria: dict[str, Criterion], units: dict[str, Unit], office: User
) -> CampaignYear:
    """An index for one unit with a survey, a row against the leading unit, rows of two units in charge, a council."""
    type(campaign_year.campaign).objects.update(kind="index")
    criteria["2.2"].delete()
    rows = Criterion.objects.filter(criteria_set__campaign_year=campaign_year)
    rows.update(applies_to=AppliesTo.COLLECTIVE)
    for code, (method, params) in METHODS.items():
        rows.filter(code=code).update(method=method, params=params)
    rows.filter(code=TYPED).update(in_charge=units["tccb"])
    rows.filter(code=COUNTED).update(in_charge=units["ttlt"])
    rounds.set_participants(campaign_year, by=office, units={units["cchc"].pk: (True, "")})
    rounds.set_options(campaign_year, by=office, locks=True, needs_council=True)
    campaign_year.refresh_from_db()
    return campaign_year


def box(visit: Visit, code: str, label: str) -> Locator:
    return visit.page.get_by_label(f"{code}: {label}", exact=True)


def write(visit: Visit, code: str, label: str, text: str) -> None:
    box(visit, code, label).fill(text)
    box(visit, code, label).press("Tab")


def status(visit: Visit, code: str) -> Locator:
    cell = visit.page.get_by_role("cell", name=code, exact=True)
    return visit.page.get_by_role("row").filter(has=cell).get_by_role("status")


def test_the_whole_process_in_every_role(enter: Enter, index: CampaignYear, tmp_path: Path) -> None:
    clerk, head, appraiser, office = (enter(name) for name in ("clerk", "head", "appraiser", "office"))
    open_the_round(office)
    score(clerk)
    approve(head)
    look_at_own_rows(appraiser)
    ask(office)
    explain(clerk)
    look_again(office, appraiser)
    enter_survey_and_close(office)
    conclude(office)
    publish(office, clerk)
    open_one_unit_again(office, clerk)
    read_the_paper(clerk, tmp_path)
    others_find_what_is_theirs(enter, index)


def open_the_round(office: Visit) -> None:
    """From the menu to the round; the menu says all the way that this is about an index."""
    office.go("Bộ chỉ số")
    office.follow(NAME)
    office.follow("Xem năm 2025")
    marked = office.page.get_by_role("navigation", name="Menu chính").locator("[aria-current]")
    expect(marked).to_have_text("Bộ chỉ số")
    office.follow("Phiếu chấm điểm")
    office.follow("Mở phiếu Đẩy mạnh CCHC, năm 2025")
    office.press("Mở phiếu")
    office.is_told("Đã mở 1 phiếu tập thể")


def score(clerk: Visit) -> None:
    """Figures, a proof with its page, a row that nobody scores himself; what is missing is told."""
    clerk.go("Việc của tôi")
    clerk.task("Phiếu tập thể").click()
    write(clerk, TYPED, "Điểm tự chấm", "8,5")
    clerk.page.get_by_label(f"{COUNTED}: ").first.fill("1")
    boxes = clerk.page.locator(f"tr:has(td.g-code:text-is('{LEADER}')) input[data-col=inputs]")
    boxes.nth(0).fill("90")
    boxes.nth(1).fill("100")
    boxes.nth(1).press("Tab")
    expect(clerk.page.locator("#t-self")).to_have_text("13,50")
    expect(status(clerk, LEADER)).to_contain_text("chốt số liệu")
    expect(clerk.page.locator(f"tr:has(td.g-code:text-is('{SURVEY}')) input")).to_have_count(0)
    clerk.decide("Nộp phiếu cho thủ trưởng")
    clerk.reads("thiếu tài liệu kiểm chứng bắt buộc: 1.2")
    clerk.row("Sáng kiến được công nhận").get_by_role("link", name="Gắn tài liệu").click()
    clerk.field("Tệp").set_input_files(pdf("Quyết định.pdf"))
    clerk.field("Tên, trích yếu tài liệu").fill("Quyết định công nhận sáng kiến")
    clerk.field("Trang, mục chứng minh").fill("tr. 2")
    clerk.press("Tải lên và gắn")
    clerk.is_told("Đã gắn tài liệu vào tiêu chí 1.2")
    clerk.decide("Nộp phiếu cho thủ trưởng")
    clerk.reads("Chờ thủ trưởng Phòng Cải cách hành chính duyệt")


def approve(head: Visit) -> None:
    head.go("Việc của tôi")
    head.task("Duyệt phiếu chấm điểm").click()
    head.follow(UNIT)
    head.decide("Duyệt phiếu")
    head.is_told("Duyệt phiếu")


def look_at_own_rows(appraiser: Visit) -> None:
    """Only the row his unit is in charge of opens; he keeps its score, asks, and cannot end the whole."""
    appraiser.go("Việc của tôi")
    appraiser.task("Thẩm định tiêu chí được giao").click()
    appraiser.follow(UNIT)
    expect(box(appraiser, COUNTED, "Thẩm định")).to_have_count(0)
    expect(appraiser.page.get_by_role("group").filter(has_text="Kết thúc thẩm định")).to_have_count(0)
    expect(status(appraiser, TYPED)).to_have_text("Cần thẩm định")
    appraiser.page.get_by_role("button", name="Giữ điểm").click()
    expect(status(appraiser, TYPED)).to_contain_text("Đã lưu")
    appraiser.follow("Ghi yêu cầu giải trình")
    appraiser.row("Chất lượng tham mưu").get_by_role("textbox").fill("Nêu văn bản bị trả lại")
    appraiser.press("Ghi yêu cầu")
    appraiser.is_told("Đã ghi")
    appraiser.go("Việc của tôi")
    expect(appraiser.task("Thẩm định tiêu chí được giao")).to_have_count(0)


def ask(office: Visit) -> None:
    """The Office sees whose row it is, looks at the rest and sends all questions at once."""
    office.go("Việc của tôi")
    office.task("Thẩm định phiếu chấm điểm").click()
    office.follow(UNIT)
    expect(office.row("Sáng kiến được công nhận")).to_contain_text("Phụ trách: TT Lưu trữ")
    write(office, COUNTED, "Thẩm định", "4")
    expect(status(office, COUNTED)).to_contain_text("hãy ghi lý do")
    write(office, COUNTED, "Lý do sửa", "Một sáng kiến mới ở cấp phòng")
    expect(status(office, COUNTED)).to_contain_text("Đã lưu")
    office.press("Yêu cầu giải trình")
    expect(office.row("Chất lượng tham mưu").get_by_role("textbox")).to_have_value("Nêu văn bản bị trả lại")
    office.row("Sáng kiến được công nhận").get_by_role("textbox").fill("Gửi quyết định cấp Sở")
    office.press("Gửi yêu cầu giải trình")
    office.is_told("Đã gửi yêu cầu giải trình")


def explain(clerk: Visit) -> None:
    """Only the questioned rows are open, each says who asked; a new proof is marked as added."""
    clerk.go("Việc của tôi")
    clerk.task("Giải trình phiếu chấm điểm").click()
    clerk.follow(UNIT)
    expect(clerk.page.locator("textarea[data-col=reason]")).to_have_count(2)
    clerk.reads("Yêu cầu giải trình (Phan Thị Thu): Nêu văn bản bị trả lại")
    clerk.row("Sáng kiến được công nhận").get_by_role("link", name="Gắn tài liệu").click()
    expect(clerk.page.get_by_role("button", name="Gỡ")).to_have_count(0)
    clerk.field("Tệp").set_input_files(pdf("Cấp Sở.pdf", b"other"))
    clerk.field("Tên, trích yếu tài liệu").fill("Quyết định cấp Sở")
    clerk.press("Tải lên và gắn")
    assert LineEvidence.objects.filter(is_later=True).count() == 1
    write(clerk, TYPED, "Giải trình", "Không có văn bản nào bị trả lại")
    write(clerk, COUNTED, "Giải trình", "Đã gửi kèm quyết định")
    expect(status(clerk, COUNTED)).to_contain_text("Đã lưu")
    clerk.decide("Gửi giải trình")
    clerk.is_told("Gửi giải trình")


def look_again(office: Visit, appraiser: Visit) -> None:
    """Each looks at what he asked; the end waits for both."""
    office.go("Việc của tôi")
    office.task("Thẩm định lần 2").click()
    office.follow(UNIT)
    office.reads("Đã gửi kèm quyết định")
    expect(box(office, TYPED, "Thẩm định lần 2")).to_have_count(0)
    write(office, COUNTED, "Thẩm định lần 2", "5")
    write(office, COUNTED, "Lý do sửa", "Đã có quyết định cấp Sở")
    expect(status(office, COUNTED)).to_contain_text("Đã lưu")
    office.decide("Kết thúc thẩm định lần 2")
    office.reads("chờ người đã yêu cầu giải trình thẩm định lại: 1.1 (Phan Thị Thu)")
    appraiser.go("Việc của tôi")
    appraiser.task("Thẩm định lần 2").click()
    appraiser.follow(UNIT)
    write(appraiser, TYPED, "Thẩm định lần 2", "8")
    write(appraiser, TYPED, "Lý do sửa", "Một văn bản chậm")
    expect(status(appraiser, TYPED)).to_contain_text("Đã lưu")
    appraiser.decide("Kết thúc thẩm định lần 2")
    appraiser.is_told("Đã thẩm định")


def enter_survey_and_close(office: Visit) -> None:
    """What is not a number stays typed and is told; the rest follows."""
    office.go("Việc của tôi")
    office.task("Nhập kết quả điều tra").click()
    answer = office.page.get_by_label(f"{UNIT}, tiêu chí {SURVEY}")
    answer.fill("chín mươi")
    office.press("Lưu kết quả điều tra")
    expect(answer).to_have_value("chín mươi")
    answer.fill("90")
    office.press("Lưu kết quả điều tra")
    office.is_told("Đã lưu 1 kết quả điều tra")
    office.go("Việc của tôi")
    office.task("Chốt số liệu để so sánh").click()
    office.press("Chốt số liệu, tính điểm")
    office.is_told("Đã chốt số liệu")
    office.reads("9 điểm")


def conclude(office: Visit) -> None:
    office.go("Việc của tôi")
    office.task("Ghi kết luận của Hội đồng").click()
    office.follow(UNIT)
    write(office, TYPED, "Hội đồng", "8,25")
    write(office, TYPED, "Lý do sửa", "Biên bản họp ngày 5/1")
    expect(status(office, TYPED)).to_contain_text("Đã lưu")
    office.decide("Ghi kết luận của Hội đồng")
    office.is_told("Hội đồng đã kết luận")


def publish(office: Visit, clerk: Visit) -> None:
    """8,25 + 5 + 9 + 9 of 50: only the exact words publish."""
    office.go("Xếp hạng")
    office.follow("Công bố kết quả")
    office.reads("1 phiếu đã có kết luận của Hội đồng")
    for words in ("công bố", "CÔNG BỐ"):
        office.field("Gõ CÔNG BỐ để xác nhận").fill(words)
        office.press("Công bố kết quả")
    office.is_told("Đã công bố kết quả")
    clerk.go("Xếp hạng")
    expect(clerk.row(UNIT)).to_contain_text("62,50")
    clerk.follow(UNIT)
    for words in ("Thẩm định lần 2", "Biên bản họp ngày 5/1", "Một văn bản chậm", "Đã gửi kèm quyết định"):
        clerk.reads(words)


def open_one_unit_again(office: Visit, clerk: Visit) -> None:
    """With a reason; until the round is published anew everybody reads the old result, once."""
    office.open("scoring:scorecard_detail", Scorecard.objects.get().pk)
    office.decide("Mở lại sau công bố", "Đơn đề nghị ngày 12/1")
    office.is_told("Mở lại sau công bố")
    write(office, COUNTED, "Thẩm định", "5")
    expect(status(office, COUNTED)).to_contain_text("Đã lưu")
    clerk.go("Xếp hạng")
    expect(clerk.row(UNIT)).to_contain_text("62,50")
    expect(clerk.page.get_by_text("Chưa chấm: 1")).to_have_count(0)
    office.decide("Kết thúc thẩm định")
    office.is_told("Kết thúc thẩm định")
    write(office, TYPED, "Hội đồng", "8,75")
    write(office, TYPED, "Lý do sửa", "Biên bản họp ngày 14/1")
    expect(status(office, TYPED)).to_contain_text("Đã lưu")
    office.decide("Ghi kết luận của Hội đồng")
    office.is_told("Hội đồng đã kết luận")
    office.go("Xếp hạng")
    office.follow("Công bố lại")
    office.field("Lý do công bố lại").fill("Thẩm định lại một đơn vị")
    office.field("Gõ CÔNG BỐ để xác nhận").fill("CÔNG BỐ")
    office.press("Công bố lại")
    office.is_told("Đã công bố lại")
    clerk.go("Xếp hạng")
    expect(clerk.row(UNIT)).to_contain_text("63,50")


def read_the_paper(clerk: Visit, folder: Path) -> None:
    for link, suffix in (
        ("Phiếu kết quả Word", ".docx"),
        ("Phiếu kết quả PDF", ".pdf"),
        ("Tải phiếu Excel", ".xlsx"),
    ):
        clerk.open("scoring:scorecard_detail", Scorecard.objects.get().pk)
        clerk.unfold("Tệp, in")
        assert clerk.download(link, folder).suffix == suffix
    [book] = folder.glob("*.xlsx")
    texts = {str(cell.value) for row in openpyxl.load_workbook(book).active for cell in row if cell.value}
    assert any("Biên bản họp ngày 14/1" in text for text in texts)


def others_find_what_is_theirs(enter: Enter, index: CampaignYear) -> None:
    """Who only reads finds ranking and sheet and can change nothing; the technician has no sheet."""
    sheet = Scorecard.objects.get()
    for name in ("council_member", "inspector"):
        reader = enter(name)
        reader.go("Xếp hạng")
        reader.follow(UNIT)
        reader.follow("Mở phiếu chấm điểm")
        expect(reader.page.locator(".move-bar, main input:not([type=hidden])")).to_have_count(0)
    technician = enter("technician")
    technician.is_refused("scoring:scorecard_detail", sheet.pk)
    technician.is_refused("scoring:survey", index.pk)


# --- two at the same moment --------------------------------------------------------------------------
@pytest.fixture
def approved(index: CampaignYear, cast: dict[str, User]) -> Scorecard:
    """Every row is the business of both appraisers."""
    Criterion.objects.update(in_charge=None, evidence_required=False)
    sheet_actions.open_sheets(index, by=cast["office"])
    sheet = Scorecard.objects.get()
    answers: dict[str, Any] = {
        TYPED: {"inputs": {}, "self_score": Decimal("8.5")},
        COUNTED: {"inputs": {"count": "1"}},
        LEADER: {"inputs": {"achieved": "90", "target": "100"}},
    }
    for line in sheet.lines.select_related("criterion", "scorecard__campaign_year"):
        if line.criterion.code in answers:
            line_actions.save_line(line, by=cast["clerk"], **answers[line.criterion.code])
    sheet.refresh_from_db()
    sheet_actions.submit(sheet, by=cast["clerk"])
    sheet_actions.approve(sheet, by=cast["head"])
    return sheet


def test_two_appraisers_on_one_sheet(enter: Enter, approved: Scorecard) -> None:
    """Different rows do not disturb each other; on the same row the second is told and keeps what he typed."""
    office, appraiser = enter("office"), enter("appraiser", size=Visit.PHONE)
    for visit in (office, appraiser):
        visit.open("scoring:scorecard_detail", approved.pk)
    write(office, COUNTED, "Thẩm định", "4")
    write(office, COUNTED, "Lý do sửa", "Cấp phòng")
    write(appraiser, TYPED, "Thẩm định", "8")
    write(appraiser, TYPED, "Lý do sửa", "Một văn bản chậm")
    expect(status(office, COUNTED)).to_contain_text("Đã lưu")
    expect(status(appraiser, TYPED)).to_contain_text("Đã lưu")
    expect(appraiser.page.locator("#t-appraised")).to_have_text("12,00")  # with the other's points
    write(office, TYPED, "Lý do sửa", "Theo báo cáo năm")
    write(office, TYPED, "Thẩm định", "9,25")
    expect(status(office, TYPED)).to_contain_text("Đang lưu trên cổng")
    expect(status(office, TYPED)).to_contain_text("8")
    expect(box(office, TYPED, "Thẩm định")).to_have_value("9,25")
    expect(box(office, TYPED, "Lý do sửa")).to_have_value("Theo báo cáo năm")
    line = Line.objects.get(criterion__code=TYPED)
    assert (line.appraised_score, line.appraised_reason) == (8, "Một văn bản chậm")
    office.decide("Kết thúc thẩm định")  # not while a row is in conflict
    expect(box(office, TYPED, "Thẩm định")).to_be_focused()
    assert Scorecard.objects.get().state == "approved"
    office.press("Lưu số tôi gõ")
    expect(status(office, TYPED)).to_contain_text("Đã lưu")
    line.refresh_from_db()
    assert (str(line.appraised_score), line.appraised_reason) == ("9.2500", "Theo báo cáo năm")
    the_other_ends_it(office, appraiser)


def the_other_ends_it(office: Visit, appraiser: Visit) -> None:
    """What is typed after somebody has closed the column is refused in words and stays in its box."""
    office.decide("Kết thúc thẩm định")
    office.is_told("Đã thẩm định")
    write(appraiser, COUNTED, "Lý do sửa", "Tôi thấy đủ")
    write(appraiser, COUNTED, "Thẩm định", "5")
    expect(status(appraiser, COUNTED)).to_contain_text("Đã thẩm định")
    expect(box(appraiser, COUNTED, "Lý do sửa")).to_have_value("Tôi thấy đủ")
    expect(appraiser.page.locator("tr.is-unsaved")).to_have_count(1)
    assert appraiser.overflow() <= 0
