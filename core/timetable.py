"""What a job of the timetable is: what it does, why, and at which moments. Knows no table."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Job:
    """A task that runs ``every`` so often, or daily ``at`` an hour of Việt Nam.

    After an outage a job runs once for the last moment that was missed, not once for each. ``until`` is the hour after
    which a daily job is not made up for any more that day: letters are not written at night. ``only`` says when the
    task finds something to do, where it decides that itself (``{begin}`` and ``{end}`` are the hours of digests);
    ``counts`` what the number is that it answers with.
    """

    task: str
    title: str
    why: str
    every: timedelta | None = None
    at: time | None = None
    until: time | None = None
    only: str = ""
    counts: str = ""

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return self.task.rpartition(".")[2].replace("_", "-")

    def planned(self, now: datetime) -> datetime | None:
        """The newest moment at which it was to run; none when it is too late to make up for it."""
        if self.every:
            return EPOCH + (now - EPOCH) // self.every * self.every
        local = timezone.localtime(now)
        moment = self._on(local)
        if moment > local:
            moment = self._on(local - timedelta(days=1))
        is_over = self.until is not None and (moment.date() < local.date() or local.time() > self.until)
        return None if is_over else moment

    def next_after(self, now: datetime) -> datetime:
        if self.every:
            return EPOCH + ((now - EPOCH) // self.every + 1) * self.every
        local = timezone.localtime(now)
        moment = self._on(local)
        return moment if moment > local else self._on(local + timedelta(days=1))

    @property
    def when(self) -> str:
        only = self.only.format(begin=settings.DIGEST_HOUR, end=settings.WORK_ENDS_HOUR)
        return f"{self._times}; {only}" if only else self._times

    @property
    def _times(self) -> str:
        if self.every:
            seconds = int(self.every.total_seconds())
            for size, word in ((3600, "giờ"), (60, "phút"), (1, "giây")):
                if seconds % size == 0:
                    return f"Mỗi {seconds // size} {word}" if seconds > size else f"Mỗi {word}"
        last = f", chậm nhất {self.until:%H:%M}" if self.until else ""
        return f"Hằng ngày lúc {self.at:%H:%M}{last}"

    def told(self, note: str) -> str:
        """What came of a run, in words."""
        if note.isdigit():
            return f"{note} {self.counts}".strip() if note != "0" else ""
        return note

    def _on(self, day: datetime) -> datetime:
        return timezone.make_aware(datetime.combine(day.date(), self.at or time()))
