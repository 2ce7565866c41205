"""What a letter says, and what its reader finds behind its link."""

import re
from datetime import date
from html import unescape

from django.test import Client

from core.agenda import closing_in_words
from core.models import Letter
from emulation_portal.agenda import tasks_of
from organization.models import User


def said(letter: Letter) -> str:
    """Its subject and both of its texts."""
    return f"{letter.subject}\n{letter.body}\n{unescape(letter.body_html)}"


def behind(letter: Letter) -> str:
    """The page that its link leads to, opened by whom it was written to."""
    reader = Client()
    reader.force_login(letter.recipient, backend="django.contrib.auth.backends.ModelBackend")
    page = reader.get(letter.link)
    assert page.status_code == 200, f"{letter.kind} to {letter.recipient}: {letter.link}"
    return unescape(page.content.decode())


def only_behind(letter: Letter, words: str) -> bool:
    """A reason stands on the page, and not in the letter."""
    return words not in said(letter) and words in behind(letter)


class Watch:
    """Looks over somebody's shoulder: after every act at the letters that it wrote, and at what now waits for whom."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.read = set(Letter.objects.values_list("pk", flat=True))
        self.ready()

    def ready(self) -> None:
        """What waits for whom now, the next act has not brought."""
        self.owed = _owed()

    def look(self, *secrets: str, on_page: str = "") -> None:
        """``secrets`` stand in none of the new letters; ``on_page`` neither, but on the page of each of them."""
        before, self.owed = self.owed, _owed()
        fresh = Letter.objects.exclude(pk__in=self.read).select_related("recipient__person")
        assert fresh, "nobody was written to"
        for letter in fresh:
            self.read.add(letter.pk)
            self.kinds.add(letter.kind)
            page, html = behind(letter), unescape(letter.body_html)
            for text in (letter.body, html):
                assert any(step in text for step in STEPS), f"{letter.kind}: {text}"
                for due in self.owed[letter.recipient_id] - before[letter.recipient_id]:
                    assert closing_in_words(due) in text or HOUR.search(text), f"{letter.kind}: {due}, {text}"
            for secret in filter(None, (*secrets, on_page)):
                assert secret not in said(letter), f"{letter.kind}: {secret}"
            assert on_page in page, f"{letter.kind} to {letter.recipient}: {on_page} is not on {letter.link}"


STEPS = ("Việc tiếp theo: ", "Bạn không phải", "bạn không phải")
HOUR = re.compile(r"lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}")  # of a meeting


class _Owed(dict):
    def __missing__(self, user: int) -> frozenset[date]:
        return frozenset()


def _owed() -> dict[int, frozenset[date]]:
    """By account, the last days of everything that waits for him."""
    return _Owed(
        {
            user.pk: frozenset(one.due for one in tasks_of(user) if one.due and one.is_waiting_for_me)
            for user in User.objects.filter(is_active=True).select_related("person")
        }
    )
