"""What goes wrong on a working day: the session ends, the connection breaks, somebody was faster. Nothing is lost."""

from typing import Any

import pytest
from playwright.sync_api import expect

from campaigns.models import CampaignYear
from organization.models import User
from scoring.actions import achievements as actions
from scoring.actions import sheets as sheet_actions
from scoring.models import Achievement, Scorecard
from tests.cast import PASSWORD
from tests.journeys.conftest import Enter
from tests.journeys.visits import Visit

pytestmark = pytest.mark.browser
LONG = "Rà soát 320 hồ sơ, bỏ hai bước trung gian, ký số ngay tại phòng. " * 12


@pytest.fixture
def draft(campaign_year: CampaignYear, clerk: User) -> Achievement:
    return actions.start(campaign_year, by=clerk)


def say(visit: Visit, words: str) -> None:
    expect(visit.page.locator("[data-save-state]")).to_contain_text(words)


def test_a_form_sent_after_the_session_ended_is_held_and_sent_again(
    enter: Enter, draft: Achievement, settings: Any
) -> None:
    clerk = enter("clerk")
    clerk.open("scoring:achievement_edit", draft.pk)
    settings.SESSION_IDLE_MINUTES = 0
    clerk.field("Thành tích").fill("Câu tôi gõ lúc hết phiên")
    clerk.field("Kết quả đạt được").fill(LONG)
    clerk.press("Lưu nháp")
    clerk.reads("Nội dung bạn vừa gửi được giữ lại")
    settings.SESSION_IDLE_MINUTES = 15
    draft.refresh_from_db()
    assert draft.result == ""
    clerk.give_password("clerk", PASSWORD)
    clerk.sees("Nội dung bạn gửi lúc hết phiên")
    clerk.reads("Câu tôi gõ lúc hết phiên")
    clerk.reads(LONG.strip())
    clerk.press("Gửi lại nội dung này")
    expect(clerk.field("Kết quả đạt được")).to_have_value(LONG.strip())
    expect(clerk.field("Thành tích")).to_have_value("Câu tôi gõ lúc hết phiên")
    draft.refresh_from_db()
    assert draft.result == LONG.strip()


def test_a_form_that_stood_open_while_one_signed_in_again_elsewhere_is_shown_and_sent_again(
    enter: Enter, draft: Achievement, settings: Any
) -> None:
    clerk = enter("clerk", scripts=False)
    clerk.open("scoring:achievement_edit", draft.pk)
    clerk.field("Kết quả đạt được").fill(LONG)
    form, clerk.page = clerk.page, clerk.context.new_page()
    settings.SESSION_IDLE_MINUTES = 0
    clerk.page.goto("/")
    settings.SESSION_IDLE_MINUTES = 15
    clerk.sign_in("clerk")
    clerk.page = form
    clerk.press("Lưu nháp")
    clerk.sees("Nội dung bạn gửi lúc hết phiên")
    clerk.reads(LONG.strip())
    clerk.press("Gửi lại nội dung này")
    expect(clerk.field("Kết quả đạt được")).to_have_value(LONG.strip())
    draft.refresh_from_db()
    assert draft.result == LONG.strip()


def test_the_page_warns_two_minutes_before_the_session_ends_and_offers_to_go_on(
    enter: Enter, draft: Achievement, settings: Any
) -> None:
    clerk = enter("clerk")
    clerk.page.clock.install()
    clerk.open("scoring:achievement_edit", draft.pk)
    notice = clerk.page.get_by_role("alert").filter(has_text="Phiên làm việc sẽ kết thúc lúc")
    clerk.page.clock.fast_forward("12:50")
    expect(notice).to_be_hidden()
    clerk.page.clock.fast_forward("00:20")  # the server is asked and knows of work in another tab
    clerk.page.wait_for_timeout(500)
    expect(notice).to_be_hidden()
    settings.SESSION_IDLE_MINUTES = 2
    clerk.page.clock.fast_forward("13:10")
    expect(notice).to_be_visible()
    assert not clerk.barriers()
    settings.SESSION_IDLE_MINUTES = 15
    clerk.press("Làm tiếp")
    expect(notice).to_be_hidden()
    settings.SESSION_IDLE_MINUTES = 0
    clerk.page.clock.fast_forward("15:10")
    clerk.reads("Phiên làm việc đã hết hạn. Nội dung còn nguyên trên trang")


def test_autosave_says_that_the_session_ended_and_goes_on_after_sign_in(
    enter: Enter, draft: Achievement, settings: Any
) -> None:
    clerk = enter("clerk")
    clerk.open("scoring:achievement_edit", draft.pk)
    settings.SESSION_IDLE_MINUTES = 0
    clerk.field("Kết quả đạt được").fill("Trước khi hết phiên")
    say(clerk, "Phiên đã hết hạn, chưa lưu")
    settings.SESSION_IDLE_MINUTES = 15
    form, clerk.page = clerk.page, clerk.context.new_page()
    clerk.sign_in("clerk")
    clerk.page = form
    clerk.field("Kết quả đạt được").press_sequentially(" và sau đó")
    say(clerk, "Đã lưu nháp lúc")
    draft.refresh_from_db()
    assert draft.result == "Trước khi hết phiên và sau đó"


def test_autosave_says_what_is_wrong_below_the_field_and_takes_it_back(
    enter: Enter, draft: Achievement
) -> None:
    clerk = enter("clerk")
    clerk.open("scoring:achievement_edit", draft.pk)
    day, wrong = clerk.field("Ngày hoàn thành"), clerk.page.get_by_text("Nhập ngày theo dạng")
    day.fill("31/02/2025")
    say(clerk, "còn ô cần sửa")
    box, said = clerk.page.locator(".date-field").bounding_box(), wrong.bounding_box()
    assert box
    assert said
    assert (
        said["y"] >= box["y"] + box["height"]
    )  # not inside the box of the date, where it squeezed what was typed
    expect(day).to_have_attribute("aria-invalid", "true")
    clerk.press("Lưu nháp")
    expect(clerk.page.locator(".error-summary")).to_be_visible()
    day.fill("28/02/2025")
    say(clerk, "Đã lưu nháp lúc")
    expect(clerk.page.locator(".error-summary, .invalid-feedback, .is-invalid")).to_have_count(0)
    assert clerk.barriers() == []


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(
    enter: Enter, draft: Achievement
) -> None:
    clerk = enter("clerk")
    clerk.open("scoring:achievement_edit", draft.pk)
    clerk.context.set_offline(True)
    clerk.field("Thành tích").fill("Gõ lúc mất mạng")
    say(clerk, "Mất kết nối, sẽ tự lưu khi có mạng")
    draft.refresh_from_db()
    assert draft.title == ""
    clerk.context.set_offline(False)
    say(clerk, "Đã lưu nháp lúc")
    draft.refresh_from_db()
    assert draft.title == "Gõ lúc mất mạng"


def test_the_second_of_two_writers_is_told_and_keeps_what_he_typed(
    enter: Enter, campaign_year: CampaignYear, clerk: User
) -> None:
    shared = actions.start(campaign_year, by=clerk, collective=True)
    first, second = enter("clerk"), enter("colleague")
    for visit in (first, second):
        visit.open("scoring:achievement_edit", shared.pk)
    first.field("Thành tích").fill("Tên do An đặt")
    say(first, "Đã lưu nháp lúc")
    second.field("Thành tích").fill("Tên do Bình đặt")
    expect(second.page.locator("[data-save-state]")).to_have_class("save-state is-bad")
    expect(second.field("Thành tích")).to_have_value("Tên do Bình đặt")
    second.press("Lưu nháp")
    second.reads("Tên do An đặt")
    expect(second.field("Thành tích")).to_have_value("Tên do Bình đặt")
    second.press("Lưu nháp")
    second.is_told("Đã lưu")
    shared.refresh_from_db()
    assert shared.title == "Tên do Bình đặt"


def test_two_people_at_the_same_line_of_a_sheet(
    enter: Enter, campaign_year: CampaignYear, office: User, units: Any
) -> None:
    sheet_actions.open_sheets(campaign_year, by=office)
    sheet = Scorecard.objects.get(unit=units["cchc"], person=None)
    first, second = enter("clerk"), enter("colleague")
    for visit in (first, second):
        visit.open("scoring:scorecard_detail", sheet.pk)
    first.page.get_by_label("1.1: Điểm tự chấm").fill("8,5")
    first.page.keyboard.press("Tab")
    expect(first.row("Chất lượng tham mưu").get_by_role("status")).to_contain_text("Đã lưu")
    line = second.row("Chất lượng tham mưu")
    second.page.get_by_label("1.1: Điểm tự chấm").fill("9,25")
    second.page.keyboard.press("Tab")
    expect(line.get_by_role("status")).to_contain_text("8,5")
    expect(second.page.get_by_label("1.1: Điểm tự chấm")).to_have_value("9,25")
    expect(second.page.locator("#t-self")).not_to_contain_text("9,25")
    line.get_by_role("button", name="Lưu số tôi gõ").click()
    expect(line.get_by_role("status")).to_contain_text("Đã lưu")
    expect(second.page.locator("#t-self")).to_have_text("9,25")


def test_a_line_typed_without_a_connection_is_saved_later(
    enter: Enter, campaign_year: CampaignYear, office: User, clerk: User
) -> None:
    sheet_actions.open_sheets(campaign_year, by=office)
    visit = enter("clerk")
    visit.open("scoring:scorecard_detail", Scorecard.objects.get(person=clerk.person).pk)
    status = visit.row("Chất lượng tham mưu").get_by_role("status")
    visit.context.set_offline(True)
    visit.page.get_by_label("1.1: Điểm tự chấm").fill("7,75")
    visit.page.keyboard.press("Tab")
    expect(status).to_contain_text("Mất kết nối")
    visit.context.set_offline(False)
    expect(status).to_contain_text("Đã lưu")
    expect(visit.page.locator("#t-self")).to_have_text("7,75")
