"""One person at one device: opens pages, presses buttons, and notes what the browser complains about."""

import re
from pathlib import Path
from typing import Any, ClassVar

from django.urls import reverse
from playwright.sync_api import BrowserContext, ConsoleMessage, Download, Locator, Page, expect

from tests.cast import PASSWORD
from tests.trust.corpus import PDF

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TIMEOUT = 15_000
Words = str | re.Pattern[str]
expect.set_options(timeout=TIMEOUT)


class Visit:
    DESKTOP: ClassVar = (1366, 768)
    PHONE: ClassVar = (390, 844)

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(TIMEOUT)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        """Errors and broken policies. That a page was refused or out of reach is a part of some stories."""
        address, words = message.location.get("url", ""), message.text
        if words.startswith("Failed to load resource") and "/static/" not in address:
            return
        if words.startswith(("htmx:sendError", "htmx:afterRequest", "Response Status Error Code 401")):
            return
        if message.type == "error" or "Content Security Policy" in words:
            self.complaints.append(f"{address}: {words}")

    # --- coming and going ---------------------------------------------------------------------------
    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        self.page.goto(reverse("login"))
        self.give_password(name, password)
        self.sees("Việc của tôi")

    def give_password(self, name: str, password: str = PASSWORD) -> None:
        self.field("Tên đăng nhập").fill(name)
        self.field("Mật khẩu").fill(password)
        self.press("Đăng nhập")

    def open(self, route: str, *arguments: Any, query: str = "") -> None:
        """Open the page of a route and expect that it is there."""
        answer = self.page.goto(reverse(route, args=arguments) + query)
        assert answer, route
        assert answer.status == 200, f"{answer.url}: {answer.status}"

    def is_refused(self, route: str, *arguments: Any) -> None:
        """Nothing there for this person: 404, and a page that leads back."""
        answer = self.page.goto(reverse(route, args=arguments))
        assert answer, route
        assert answer.status == 404, answer.url
        expect(self.page.get_by_role("link", name="Về trang đầu")).to_be_visible()

    def go(self, entry: str) -> None:
        """Through the menu."""
        self.menu_link(entry).click()

    def menu_link(self, entry: str) -> Locator:
        """An entry of the menu, its group unfolded."""
        menu = self.page.get_by_role("navigation", name="Menu chính")
        group = menu.locator("details").filter(has=self.page.get_by_text(entry, exact=True))
        if group.count() and group.get_attribute("open") is None:
            group.locator("summary").click()
        return menu.get_by_role("link", name=entry, exact=True)

    # --- looking ------------------------------------------------------------------------------------
    def sees(self, heading: Words) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def reads(self, words: Words) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def is_told(self, words: Words) -> None:
        """A message of the portal after an act."""
        expect(self.page.locator(".messages")).to_contain_text(words)

    def row(self, words: Words) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)

    def task(self, words: Words) -> Locator:
        """A line of Việc của tôi."""
        return self.page.locator("a.task").filter(has_text=words)

    # --- doing --------------------------------------------------------------------------------------
    def field(self, label: str) -> Locator:
        """The field with this label; the star of a compulsory one is not part of it."""
        return self.page.get_by_label(re.compile(f"^\\s*{re.escape(label)}\\s*\\*?\\s*$"))

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()

    def unfold(self, words: str) -> None:
        """Open a folded part of the page."""
        self.page.locator("summary").filter(has_text=words).click()

    def decide(self, button: str, comment: str = "") -> None:
        """A button of the procedure: unfold it, say why if it asks, confirm."""
        self.unfold(button)
        box = self.page.locator("details[open]")
        if comment:
            box.get_by_role("textbox").fill(comment)
        box.get_by_role("button", name=button, exact=True).click()

    def download(self, link: str, folder: Path) -> Path:
        with self.page.expect_download() as waiting:
            self.follow(link)
        fetched: Download = waiting.value
        target = folder / fetched.suggested_filename
        fetched.save_as(target)
        return target

    # --- quality ------------------------------------------------------------------------------------
    def barriers(self) -> list[str]:
        """What axe holds against the page, one line a place."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        return [
            f"{self.page.url} {one['id']}: {node['target']} {node['failureSummary'][:200]}"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]

    def overflow(self) -> int:
        """By how many pixels the page scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")


def pdf(name: str, words: bytes = b"") -> dict[str, Any]:
    """A small document to upload; ``words`` make it another file."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF + (b"%" + words if words else b"")}
