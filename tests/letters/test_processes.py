"""Letters with real programs: workers killed with -9, a broker that loses all, a mail server that is away."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from core import clock
from core.delivery import message_id
from core.models import JobRun, Letter, Pulse
from core.outbox import Draft, post_each
from core.tasks import resend_stuck
from emulation_portal.schedule import JOBS
from organization.models import User
from tests.cast import build_cast
from tests.letters.machinery import (
    Machinery,
    children,
    five_minutes_later,
    kill,
    speaking_to,
    wait_for,
)
from tests.letters.sink import Sink, free_port, serving
from tests.trust.racing import shared_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(transactional_db: None, tmp_path: Path) -> Iterator[User]:
    with shared_database(tmp_path):
        yield build_cast()["clerk"]


@pytest.fixture
def sink() -> Sink:
    return Sink(free_port())


@pytest.fixture
def machinery(clerk: User, sink: Sink, tmp_path: Path) -> Iterator[Machinery]:
    made = Machinery(tmp_path, sink.port)
    try:
        made.broker()
        with speaking_to(made.address):
            yield made
    finally:
        made.stop()


def write(clerk: User, count: int, key: str = "letter") -> list[Letter]:
    drafts = [Draft(f"{key}:{number}", clerk, clerk, "", {"days": 45}) for number in range(count)]
    return post_each("account_idle", drafts)


def number_of(state: str) -> int:
    return Letter.objects.filter(state=state).count()


def test_workers_killed_in_the_middle_lose_nothing_and_double_only_what_is_marked(
    machinery: Machinery, clerk: User, sink: Sink
) -> None:
    count = 1000
    with serving(sink):
        worker = machinery.worker()
        write(clerk, count)
        assert sink.when(200).wait(60)
        os.kill(
            children(worker)[0], signal.SIGKILL
        )  # one of two; the broker gives its message to another at once
        assert sink.when(500).wait(60)
        kill(worker)  # all of it
        assert sink.total < count
        assert number_of("sent") < count
        five_minutes_later()
        machinery.worker()
        resend_stuck()
        wait_for(lambda: number_of("sent") == count, "all letters")
    letters = Letter.objects.all()
    assert set(sink.copies) == {message_id(letter) for letter in letters}
    marked = {message_id(letter) for letter in letters if letter.may_be_double}
    doubled = {key for key, copies in sink.copies.items() if copies > 1}
    assert doubled <= marked
    assert max(sink.copies.values()) <= 2
    assert len(marked) <= 3  # one for each process that was killed


def test_mail_server_down_broker_emptied_and_sweeps_that_race(
    machinery: Machinery, clerk: User, sink: Sink
) -> None:
    worker = machinery.worker()
    write(clerk, 120, "down")
    wait_for(lambda: Letter.objects.filter(attempts=1, state="waiting").count() == 120, "the first tries")
    assert "không mở cổng" in Letter.objects.values_list("last_error", flat=True)[0]
    kill(machinery.running[0])  # the broker, and what it kept
    shutil.rmtree(machinery.queue)
    machinery.queue.mkdir()
    write(clerk, 80, "away")  # the act does not fail
    assert Letter.objects.filter(queued_at__isnull=True).count() == 200
    machinery.broker()
    with serving(sink), speaking_to(machinery.address):
        five_minutes_later()
        with ThreadPoolExecutor(4) as sweeps:
            list(sweeps.map(sweep, range(12)))

        def all_sent() -> bool:
            nonlocal worker
            worker = machinery.keep(worker)
            return number_of("sent") == 200

        wait_for(all_sent, "all letters")
        five_minutes_later()
        resend_stuck()
    assert set(sink.copies.values()) == {1}
    assert len(sink.copies) == 200
    assert not Letter.objects.filter(may_be_double=True).exists()


def sweep(_: Any) -> int:
    try:
        Letter.objects.all().change(queued_at=None)  # every sweep finds all that is not sent
        return resend_stuck()
    finally:
        connections.close_all()


# Beat as it is, with a faster hand.
HASTY = """
from emulation_portal.celery import app
app.conf.beat_schedule = {name: {**entry, "schedule": 0.5} for name, entry in app.conf.beat_schedule.items()}
app.conf.beat_max_loop_interval = 0.5
app.start(["beat", "--schedule", {file!r}, "--pidfile", "", "--loglevel", "WARNING"])
"""


def test_two_timetables_run_every_job_once_and_find_what_was_lost(
    machinery: Machinery, clerk: User, sink: Sink
) -> None:
    began = clock.now()
    for name in ("one", "two"):
        code = HASTY.replace("{file!r}", repr(str(machinery.folder / name)))
        machinery.start([sys.executable, "-c", code])
    lost = write(clerk, 20)
    client = machinery.client()
    client.flushall()  # nobody knows of them but the database
    client.close()
    Letter.objects.all().change(queued_at=None)
    with serving(sink):
        machinery.worker()
        wait_for(lambda: number_of("sent") == len(lost), "the lost letters")
        wait_for(lambda: JobRun.objects.filter(state="done").count() >= len(JOBS), "all jobs")
    assert Pulse.objects.get().at > began
    assert set(sink.copies.values()) == {1}
    # Jobs of every few minutes may meet their next moment while the test runs.
    rare = [job.task for job in JOBS if job.every is None or job.every >= timedelta(hours=1)]
    runs = JobRun.objects.filter(job__in=rare)
    assert list(runs.exclude(state="done").values_list("job", "state", "error")) == []
    assert runs.count() == len(rare)  # once each, however often the two asked
    assert set(JobRun.objects.values_list("attempts", flat=True)) == {1}
