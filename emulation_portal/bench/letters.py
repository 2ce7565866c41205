"""Letters by the thousand with real programs: how fast they are queued and drained, and what a kill -9 costs."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from core import clock
from core.delivery import LEASE
from core.models import Letter
from core.outbox import Draft, post, post_each
from core.tasks import resend_stuck
from emulation_portal import programs
from emulation_portal.bench.databases import Office
from emulation_portal.bench.sink import Sink, serving
from emulation_portal.environment import Environment
from organization.models import Person, User

MANY, KILLED = 10_000, 1_000
QUEUE_BAR = 20  # seconds
PATIENCE = 600
QUIET = 3.0  # seconds without an arrival: nobody is sending any more
WORKERS = 2
Told = tuple[str, bool]
Taken = tuple[float, float]  # seconds, and those of them in which the process had the processor


# --- inside the office whose letters they are ----------------------------------------------------------
def job(what: str, count: int) -> Any:
    """``manage.py bench --letters WHAT COUNT``, in a process of its own."""
    return {"people": _people, "same": _same, "own": _own, "later": _later, "states": _states}[what](count)


def _people(count: int) -> None:
    users = User.objects.bulk_create(
        [User(username=f"thu{n:05}", email=f"thu{n:05}@snv.example") for n in range(count)]
    )
    Person.objects.bulk_create(
        [
            Person(
                code=f"T{n:05}",
                family_name="Nguyễn Văn",
                given_name=f"Thứ {n}",
                employment="cong-chuc",
                joined_on=clock.today(),
                user=user,
            )
            for n, user in enumerate(users)
        ]
    )


def _same(count: int) -> Taken:
    """The same letter to everybody, as when a campaign is launched."""
    begin, own = time.perf_counter(), time.process_time()
    with transaction.atomic():
        to = User.objects.select_related("person").order_by("pk")[:count]
        context = {"sent_at": clock.now()}
        post("test_letter", f"same:{begin}", to=to, about=to[0], link="/", context=context)
    return time.perf_counter() - begin, time.process_time() - own


def _own(count: int) -> Taken:
    """To everybody his own letter, as a digest is."""
    begin, own = time.perf_counter(), time.process_time()
    with transaction.atomic():
        to = User.objects.select_related("person").order_by("pk")[:count]
        drafts = [Draft(f"own:{begin}:{user.pk}", user, user, "/", {"days": user.pk}) for user in to]
        post_each("account_idle", drafts)
    return time.perf_counter() - begin, time.process_time() - own


def _later(count: int) -> int:
    """Five minutes later: leases of dead workers have ended, messages they held count as lost; then the sweep."""
    unsent = Letter.objects.filter(state__in=[Letter.State.WAITING, Letter.State.SENDING])
    unsent.update(next_attempt_at=clock.now() - timedelta(seconds=1), queued_at=clock.now() - LEASE)
    return resend_stuck()


def _states(count: int) -> dict[str, int]:
    sent = Letter.objects.filter(state=Letter.State.SENT)
    return {"sent": sent.count(), "marked": sent.filter(may_be_double=True).count()}


# --- outside -------------------------------------------------------------------------------------------
class Programs:
    """Broker and workers of one office, and the mail server to which they send."""

    def __init__(self, office: Office, sink: Sink) -> None:
        self.office = office
        own = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", **programs.QUIET}
        self.environment = {**office.environment, **own}
        self.running: list[subprocess.Popen[bytes]] = []
        self.socket = Environment().socket(office.folder / "broker.sock")
        if settings.EMBEDDED_BROKER:
            folder = office.folder / "broker"
            folder.mkdir(exist_ok=True)
            self.start(programs.broker(folder, self.socket))

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.environment, start_new_session=True
        )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start(programs.worker(concurrency=1))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def told(self, what: str, count: int = 0) -> Any:
        return self.office.told("--letters", what, str(count))


@contextmanager
def _at_work(office: Office) -> Iterator[tuple[Programs, Sink]]:
    with serving() as sink:
        made = Programs(office, sink)
        try:
            yield made, sink
        finally:
            for process in reversed(made.running):
                made.kill(process)
            made.socket.unlink(missing_ok=True)


def measured(office: Office, many: int = MANY, killed: int = KILLED) -> Iterator[Told]:
    office.told("--letters", "people", str(many))
    with _at_work(office) as (made, sink):
        yield _queued(f"{many} thư cùng lời: ghi và đưa vào hàng đợi", made.told("same", many))
        for _ in range(WORKERS):
            made.worker()
        _wait(lambda: len(sink.copies) >= many)
        seconds, states = sink.last - sink.first, made.told("states")
        lost, doubled = many - len(sink.copies), sink.total - len(sink.copies)
        words = f"{many} thư gửi bởi {WORKERS} máy việc nền: {seconds:.1f} s, {many / seconds:.0f} thư/s"
        yield _verdict(
            f"{words}, mất {lost}, trùng {doubled}", not lost and not doubled and states["sent"] == many
        )
    with _at_work(office) as (made, sink):
        yield from _killed(made, sink, killed, before=states["sent"])
    with _at_work(office) as (made, sink):
        yield _queued(f"{many} thư mỗi thư một lời: ghi và đưa vào hàng đợi", made.told("own", many))


def _killed(made: Programs, sink: Sink, count: int, before: int) -> Iterator[Told]:
    """Three times a whole worker is killed while it sends; then five minutes pass."""
    workers = [made.worker() for _ in range(WORKERS)]
    made.told("same", count)
    for part in (0.2, 0.45, 0.7):
        _wait(lambda part=part: sink.total >= count * part)
        made.kill(workers.pop(0))
        workers.append(made.worker())
    _wait(lambda: time.monotonic() - sink.last > QUIET)
    found = made.told("later")
    _wait(lambda: made.told("states")["sent"] - before >= count)
    states = made.told("states")
    lost, doubled = count - len(sink.copies), sink.total - len(sink.copies)
    words = f"{count} thư, 3 lần kill -9 giữa chừng: mất {lost}, trùng {doubled}"
    words += f", đánh dấu có thể trùng {states['marked']}, tìm lại sau 5 phút {found}"
    yield _verdict(words, not lost and doubled <= states["marked"] <= 3)


def _queued(name: str, taken: Taken) -> Told:
    seconds, own = taken
    return _verdict(f"{name}: {seconds:.1f} s, CPU {own:.1f} s (≤ {QUEUE_BAR} s)", seconds <= QUEUE_BAR)


def _verdict(words: str, passed: bool) -> Told:
    return f"{words}  {'đạt' if passed else 'CHƯA ĐẠT'}", passed


def _wait(done: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the letters do not arrive")
        time.sleep(0.02)
