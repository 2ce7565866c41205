"""Real programs for the tests: a broker, workers and timetables in processes of their own, with the test's database."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu import pools

from core import clock
from core.delivery import LEASE
from core.models import Letter
from core.tasks import _Broker
from emulation_portal import programs
from emulation_portal.environment import Environment
from tests.letters.sink import free_port


class Machinery:
    """``REDIS_URL`` set: a Redis server as in production; else the embedded broker of ``make run``."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder
        self.queue = folder / "broker"
        self.queue.mkdir()
        self.socket = Environment().socket(folder / "broker.sock")
        self.is_redis = bool(os.environ.get("REDIS_URL"))
        self.port = free_port() if self.is_redis else 0
        self.address = (
            f"redis://127.0.0.1:{self.port}/0" if self.is_redis else f"redis+socket://{self.socket}"
        )
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "REDIS"))
        } | {
            "DATABASE_URL": _database(),
            "DATA_DIR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "SECRET_KEY": settings.SECRET_KEY,
            **({"REDIS_URL": self.address} if self.is_redis else {}),
            **programs.QUIET,
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.environment, start_new_session=True
        )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start(programs.worker())

    def keep(self, worker: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """What ``manage.py run`` and systemd do: a worker that has given up is started again. Celery's gives up when
        its broker dies at an unlucky moment."""
        return worker if worker.poll() is None else self.worker()

    def broker(self) -> subprocess.Popen[bytes]:
        command = programs.broker(self.queue, self.socket)
        if self.is_redis:
            server = shutil.which("redis-server")
            if server is None:
                pytest.skip("redis-server is not installed")
            command = [server, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.queue)]
            command += ["--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"]
            command += ["--logfile", str(self.queue / "broker.log")]
        process = self.start(command)
        wait_for(self.answers, "the broker")
        return process

    def client(self) -> redis.Redis:
        if self.is_redis:
            return redis.Redis(port=self.port, socket_timeout=2)
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2)

    def answers(self) -> bool:
        client = self.client()
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()

    def stop(self) -> None:
        for process in reversed(self.running):
            kill(process)
        self.socket.unlink(missing_ok=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """With -9, and everything that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(word) for word in listed.split()]


@contextmanager
def speaking_to(address: str) -> Iterator[None]:
    """Tasks are handed to this broker instead of being done at once."""
    conf = current_app.conf
    before = {name: conf[name] for name in ("task_always_eager", "broker_url")}
    _reset(task_always_eager=False, broker_url=address)
    try:
        yield
    finally:
        _reset(**before)


def _reset(**values: Any) -> None:
    pools.reset()
    current_app.conf.update(values)
    current_app._pool = current_app.amqp._producer_pool = None
    _Broker.away_until = 0.0


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def five_minutes_later() -> None:
    """Leases of workers that are dead have ended, waits of postponed letters are over, what was queued is missed."""
    open_letters = Letter.objects.filter(state__in=["waiting", "sending"])
    open_letters.update(next_attempt_at=clock.now() - timedelta(seconds=1))
    open_letters.filter(queued_at__isnull=False).update(queued_at=clock.now() - LEASE)


def _database() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    given = urlsplit(os.environ["DATABASE_URL"])
    return given._replace(path=f"/{name}").geturl()
