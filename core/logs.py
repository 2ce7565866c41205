"""Log lines that stay one line, whatever a user typed."""

import logging
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from celery.beat import SchedulingError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class OneLine(logging.Formatter):
    """A message is one line; a traceback keeps its lines, indented, so that none can pass for a message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - the library's name
        """With its offset, so that lines of several machines can be laid side by side."""
        return (
            datetime.fromtimestamp(record.created, tz=UTC).astimezone(ZONE).isoformat(timespec="milliseconds")
        )

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return "\\n".join(map(_clean, super().formatMessage(record).split("\n")))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return "\n".join(f"    {_clean(line)}" for line in super().formatException(ei).split("\n"))


class BrokerAway(logging.Filter):
    """What the timetable cannot hand over is told in one line: it is tried again every few seconds."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, SchedulingError):
            record.msg, record.args, record.exc_info = "%s", (error,), None
        return True


def _clean(line: str) -> str:
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in line)
