"""Asks portal and floor in turn, over one connection each, and keeps the times."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

from emulation_portal.bench.databases import Office, floor_environment
from emulation_portal.bench.scenarios import TOKEN

WARM_UP = 8  # every thread of the server has a database connection of its own
PATIENCE = 60


class Server:
    """One gunicorn with the settings of ``manage.py run``, and one connection to it."""

    def __init__(self, application: str, environment: Mapping[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--keep-alive", "60"]
        command += ["--timeout", "120", "--no-control-socket", "--log-level", "warning"]
        self.process = subprocess.Popen(command, env=dict(environment), start_new_session=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.connection.connect()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def ask(
        self, address: str, body: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> tuple[float, int]:
        """Seconds until the whole answer is there, and its size."""
        sent = urlencode(body).encode() if body else None
        method = "POST" if body else "GET"
        begin = time.perf_counter()
        self.connection.request(method, address, sent, dict(headers))
        answer = self.connection.getresponse()
        content = answer.read()
        taken = time.perf_counter() - begin
        if answer.status not in (200, 302):
            raise RuntimeError(f"{method} {address}: {answer.status}")
        return taken, len(content)

    def stop(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.wait()


class Place:
    """One office with its portal, its floor and its scenarios."""

    def __init__(self, office: Office, rounds: int, part: str) -> None:
        self.office = office
        found = office.told("--scenarios", str(rounds), "--part", part)
        self.cookies: dict[str, str] = found["cookies"]
        self.scenarios: dict[str, dict[str, Any]] = {one["name"]: one for one in found["scenarios"]}
        self.portal = Server("emulation_portal.wsgi:application", office.environment)
        self.floor = Server("emulation_portal.bench.floor_wsgi:application", floor_environment(office))

    def ask(self, name: str) -> float:
        """The next request of this scenario; a form is sent with other values every time."""
        one = self.scenarios[name]
        requests = one["requests"]
        address, body = requests.pop(0) if len(requests) > 1 else requests[0]
        headers = {"Cookie": f"{self.cookies[one['user']]}; csrftoken={TOKEN}", **one["headers"]}
        if body:
            headers |= {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        return self.portal.ask(address, body, headers)[0]

    def ask_floor(self) -> float:
        return self.floor.ask("/floor/", None, {"Cookie": self.cookies["chuyenvien"]})[0]

    def download(self, user: str, address: str) -> tuple[float, int]:
        return self.portal.ask(address, None, {"Cookie": self.cookies[user]})


@contextmanager
def open_places(offices: Sequence[Office], rounds: int, part: str) -> Iterator[list[Place]]:
    places: list[Place] = []
    try:
        for office in offices:
            places.append(Place(office, rounds, part))
        for place in places:
            place.portal.wait()
            place.floor.wait()
        yield places
    finally:
        for place in places:
            place.portal.stop()
            place.floor.stop()


@dataclass
class Times:
    """Seconds of one scenario in one office, and of the floor asked between them."""

    page: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        return median(self.page) * 1000

    @property
    def floor_ms(self) -> float:
        return median(self.floor) * 1000

    @property
    def ratio(self) -> float:
        return self.ms / self.floor_ms


def measure(places: list[Place], name: str, rounds: int) -> list[Times]:
    """Floor and page of every office in turn, so that a busy minute of the machine weighs on all alike."""
    times = [Times() for _ in places]
    for number in range(WARM_UP + rounds):
        for place, kept in zip(places, times, strict=True):
            floor, page = place.ask_floor(), place.ask(name)
            if number >= WARM_UP:
                kept.floor.append(floor)
                kept.page.append(page)
    return times
