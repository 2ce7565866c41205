"""What a letter says, and what its reader finds behind its link."""

from html import unescape

from django.test import Client

from core.models import Letter


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
