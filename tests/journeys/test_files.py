"""The file field in a real browser: the chosen name is shown, by click, by keyboard and by dropping."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter
from tests.journeys.visits import Visit, pdf

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [Visit.DESKTOP, Visit.PHONE], ids=["desktop", "phone"])
def test_the_chosen_file_is_named(enter: Enter, size: tuple[int, int]) -> None:
    clerk = enter("clerk", size=size)
    clerk.open("scoring:evidence_upload")
    name = clerk.page.locator("[data-file-name]")
    expect(name).to_contain_text("Chưa chọn tệp")
    with clerk.page.expect_file_chooser() as chooser:
        clerk.page.locator(".file-box").click()
    chooser.value.set_files(pdf("Quyết định công nhận.pdf"))
    expect(name).to_have_text("Quyết định công nhận.pdf (1 KB)")
    clerk.field("Tệp").focus()
    assert clerk.page.locator(".file-box").evaluate("box => getComputedStyle(box).outlineStyle") == "solid"
    clerk.press("Đưa vào kho")
    clerk.reads("Hãy chọn lại tệp “Quyết định công nhận.pdf”")
    assert clerk.barriers() == []
    assert clerk.overflow() <= 0


def test_without_scripts_the_button_opens_the_same_box(enter: Enter) -> None:
    clerk = enter("clerk", scripts=False)
    clerk.open("scoring:evidence_upload")
    box = clerk.page.locator(".file-box")
    expect(box.get_by_text("Chọn tệp", exact=True)).to_be_visible()
    expect(box.locator("input")).to_be_visible()
    with clerk.page.expect_file_chooser() as chooser:
        box.get_by_text("Chọn tệp", exact=True).click()
    chooser.value.set_files(pdf("Biên bản.pdf"))
    clerk.field("Tên, trích yếu tài liệu").fill("Biên bản họp")
    clerk.press("Đưa vào kho")
    clerk.sees("Biên bản họp")
