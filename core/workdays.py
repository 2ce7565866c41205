"""Working days of a public office: Monday to Friday, without days off, with Saturdays that were swapped in. Pure.

Days are those of Việt Nam (``core.clock.today``); a deadline is always said with its hour.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, time, timedelta

FRIDAY = 4
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """The calendar: ``off`` are days without work among Monday to Friday, ``on`` weekend days with work."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    _off: list[date] = field(init=False, repr=False, compare=False)
    _on: list[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Only days that differ from the week count, each once: then spans are counted without walking them."""
        off = sorted(day for day in self.off - self.on if day.weekday() <= FRIDAY)
        on = sorted(day for day in self.on if day.weekday() > FRIDAY)
        object.__setattr__(self, "_off", off)
        object.__setattr__(self, "_on", on)

    def is_workday(self, day: date) -> bool:
        return day in self.on or (day.weekday() <= FRIDAY and day not in self.off)

    def on_or_after(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_workday(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_workday(day):
            day -= DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The last day of "trong ``count`` ngày làm việc" from ``day``, which itself does not count.

        A negative count goes backwards: the working day that lies so many working days before.
        """
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            day = self.on_or_after(day) if count > 0 else self.on_or_before(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to ``end``, which counts; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        plain = _weekdays_until(end) - _weekdays_until(start)
        return plain - _within(self._off, start, end) + _within(self._on, start, end)


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from the year 1 (which began on a Monday) up to the day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _within(days: list[date], start: date, end: date) -> int:
    return bisect_right(days, end) - bisect_right(days, start)


# --- in words ------------------------------------------------------------------------------------------
def before_in_words(day: date, hour: int) -> str:
    """A deadline with its hour: "trước 17 giờ 00 ngày 15/12/2025"."""
    return f"trước {hour:02d} giờ 00 ngày {day:%d/%m/%Y}"


def at_in_words(day: date, at: time) -> str:
    """When a meeting is: "lúc 08 giờ 00 ngày 15/12/2025"."""
    return f"lúc {at:%H} giờ {at:%M} ngày {day:%d/%m/%Y}"


def left_in_words(left: int) -> str:
    """How far a deadline is away, in working days; negative when it is over."""
    if left > 0:
        return f"còn {left} ngày làm việc"
    return "hạn hôm nay" if left == 0 else f"quá hạn {-left} ngày làm việc"
