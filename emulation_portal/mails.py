"""The letter with which the technician tries the whole way of a letter."""

from core import clock
from core.models import Letter
from core.outbox import post
from organization.models import User


def test_letter(user: User) -> list[Letter]:
    """One a second at most: two presses are one letter."""
    now = clock.now()
    context = {"sent_at": now}
    return post(
        "test_letter", f"test-letter:{int(now.timestamp())}", to=[user], about=user, link="", context=context
    )
