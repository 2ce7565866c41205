"""The portal's clock. Everything asks it for the time, so a season can be lived through in a test or a demo office."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This moment, with its zone."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """This day in Việt Nam."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live through the block at another moment."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
