"""What waits for a person: the rows of "Việc của tôi", offered by every app and gathered by the first page."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Task:
    """One thing to do. ``count`` sums up many of a kind behind one link; ``due`` is the last day, included."""

    title: str
    detail: str
    href: str
    verb: str
    due: date | None = None
    count: int = 1
    is_waiting_for_me: bool = True
