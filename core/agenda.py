"""What waits for a person: the rows of "Việc của tôi", offered by every app and gathered by the first page."""

from dataclasses import dataclass
from datetime import date, time

from django.conf import settings

from core.workdays import before_in_words


@dataclass(frozen=True)
class Task:
    """One thing to do. ``count`` sums up many of a kind behind one link; ``due`` is the last day, included.

    ``at``: a meeting at that hour, instead of a last day. ``is_shut``: it was missed, and is taken again only when the
    Office gives more time.
    """

    title: str
    detail: str
    href: str
    verb: str
    due: date | None = None
    count: int = 1
    is_waiting_for_me: bool = True
    is_shut: bool = False
    at: time | None = None


@dataclass(frozen=True)
class Owed:
    """A task that somebody owes in a stage of the calendar: what reminders are about.

    Every app gives them in its ``reminders.py`` for all people at once, and says the same as its ``tasks_of`` does for
    one. ``stage`` is the code of a reminder plan; ``round_id`` the campaign year, ``review_id`` the review that it is
    of; ``unit_id`` the collective whose paper it is, when everybody of the unit owes it. ``hidden_from`` are accounts
    that must not hear of it, for it is about them: it is written in letters that nobody but their readers opens.
    """

    user_id: int
    stage: str
    task: Task
    round_id: int | None = None
    unit_id: int | None = None
    hidden_from: frozenset[int] = frozenset()
    review_id: int | None = None


def closing_in_words(day: date) -> str:
    """The last day of a stage with its hour, the province's, as reminders and letters say it. Pages name the day."""
    return before_in_words(day, settings.CLOSING_HOUR)
