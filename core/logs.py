"""Log lines that stay one line, whatever a user typed."""

import logging
from typing import Any


class OneLine(logging.Formatter):
    """A message is one line; a traceback keeps its lines, indented, so that none can pass for a message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return "\\n".join(map(_clean, super().formatMessage(record).split("\n")))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return "\n".join(f"    {_clean(line)}" for line in super().formatException(ei).split("\n"))


def _clean(line: str) -> str:
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in line)
