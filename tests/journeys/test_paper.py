"""Ctrl-P: what leaves the printer is a paper, not a picture of the portal."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter
from tests.journeys.scenery import places  # noqa: F401
from tests.trust.conftest import world  # noqa: F401

pytestmark = pytest.mark.browser


def test_a_sheet_on_paper_has_signatures_and_no_portal(enter: Enter, places: dict[str, Any]) -> None:  # noqa: F811
    inspector = enter("inspector")
    inspector.open("scoring:scorecard_detail", places["waiting"])
    signatures = inspector.page.locator(".signatures")
    expect(signatures).not_to_be_visible()
    inspector.page.emulate_media(media="print")
    expect(signatures).to_contain_text("THỦ TRƯỞNG DUYỆT")
    expect(inspector.page.get_by_role("navigation", name="Menu chính")).not_to_be_visible()
    expect(inspector.page.locator(".timeline-list")).not_to_be_visible()
    badge = inspector.page.locator(".lead-line .badge").first
    assert badge.evaluate("node => getComputedStyle(node).color") == "rgb(0, 0, 0)"


def test_on_a_phone_the_sums_of_a_heading_say_whose_they_are(enter: Enter, places: dict[str, Any]) -> None:  # noqa: F811
    inspector = enter("inspector", size=(390, 844))
    inspector.open("scoring:scorecard_detail", places["waiting"])
    summed = inspector.page.locator(".g-head th[data-label='Tự chấm']").first
    assert summed.evaluate("node => getComputedStyle(node, '::before').content") == '"Tự chấm"'
    assert inspector.overflow() <= 0
