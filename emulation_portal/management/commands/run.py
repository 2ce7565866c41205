"""``manage.py run``: the whole portal with one command - broker, database, web, worker and timetable."""

import contextlib
import fcntl
import http.client
import os
import socket
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerError

from core.tasks import pulse
from emulation_portal import programs
from emulation_portal.demo.roster import LOGINS
from emulation_portal.processes import TICK, Program, Programs
from organization.models import User
from organization.roles import ROLES

BROKER_WAIT = 60  # seconds; a long queue is read back from disk first
WEB_WAIT = 90


class Command(BaseCommand):
    help = "Chạy cổng tại máy này: hàng đợi, cơ sở dữ liệu, trang web và việc nền; Ctrl-C để dừng."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.port = self.free_port(os.environ.get("PORT") or "8000")
        self.programs = Programs(self.say)
        os.umask(0o077)  # the data is about people: nobody else on this machine reads it
        with only_one(settings.DATA_DIR), self.programs.guarded():
            if settings.EMBEDDED_BROKER:
                self.start_broker()
            else:
                self.ask_broker()
            self.prepare()
            web = self.start_portal()
            pulse.delay()  # the health check need not wait for the timetable's first round
            self.wait_for_web(web)
            self.welcome()
            self.programs.watch()
        self.say("Cổng đã dừng.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def free_port(self, text: str) -> int:
        if not (text.isdigit() and 0 < int(text) < 65536):
            raise CommandError(f"PORT={text} không phải là số cổng (1 đến 65535).")
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, int(text)))
            except OSError as error:
                raise CommandError(
                    f"Không dùng được cổng {text} trên {self.host} ({error.strerror}). "
                    f"Chọn cổng khác bằng biến PORT, ví dụ: PORT={int(text) % 65000 + 1} make run"
                ) from error
        return int(text)

    def start_broker(self) -> None:
        folder = settings.DATA_DIR / "broker"
        folder.mkdir(mode=0o700, exist_ok=True)
        log = folder / "broker.log"
        broker = self.programs.start(Program("hàng đợi", programs.broker(folder, settings.BROKER_SOCKET)))
        client = redis.Redis(unix_socket_path=str(settings.BROKER_SOCKET), socket_timeout=5)

        def answers() -> bool:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                return False

        wait_until(answers, broker, BROKER_WAIT, f"Hàng đợi không khởi động được; xem {log}.")
        client.close()

    def ask_broker(self) -> None:
        """Before a first start spends a minute on its data."""
        try:
            with current_app.connection_for_write() as broker:
                broker.ensure_connection(max_retries=1, interval_start=1, timeout=5)
        except (BrokerError, OSError, ValueError, redis.RedisError) as error:
            raise CommandError(
                f"Không kết nối được Redis (REDIS_URL): {error}\n"
                "Kiểm tra Redis đã chạy và REDIS_URL ghi đúng; bỏ trống REDIS_URL thì cổng tự chạy hàng đợi."
            ) from error

    def prepare(self) -> None:
        try:
            self.say("Đang chuẩn bị cơ sở dữ liệu ...")
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_reference", verbosity=0)
            if not settings.PRODUCTION:
                call_command("demo", if_empty=True)
        except (OperationalError, MigrationSchemaMissing) as error:
            raise CommandError(
                f"Không mở được cơ sở dữ liệu (DATABASE_URL): {str(error).strip()}\n"
                "Kiểm tra máy chủ cơ sở dữ liệu đã chạy và DATABASE_URL ghi đúng; bỏ trống thì cổng dùng SQLite."
            ) from error
        if not settings.WHITENOISE_USE_FINDERS:
            self.collect_static()

    def collect_static(self) -> None:
        """Only when a file of the pages changed: compressing them all takes a while."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        now = static_fingerprint()
        if not stamp.exists() or stamp.read_text() != now:
            self.say("Đang chuẩn bị tệp giao diện ...")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(now)

    def start_portal(self) -> Program:
        connections.close_all()  # the programs open their own
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        reload = ["--reload"] if settings.DEBUG else []
        started = self.programs.start(Program("web", [*programs.web(bind), *reload]))
        self.programs.start(Program("việc nền", programs.worker(), programs.QUIET))
        self.programs.start(Program("lịch việc", programs.beat(settings.DATA_DIR / "beat-schedule")))
        return started

    def wait_for_web(self, web: Program) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 (only compared)

        def answers() -> bool:
            connection = http.client.HTTPConnection(host, self.port, timeout=30)
            try:
                # Not the health check: it waits for the worker, and would say so in the log.
                connection.request("GET", reverse("login"))
                connection.getresponse()
            except (OSError, http.client.HTTPException):
                return False
            finally:
                connection.close()
            return True

        wait_until(answers, web, WEB_WAIT, "Trang web không khởi động được; xem các dòng ở trên.")

    def welcome(self) -> None:
        lines = ["", f"Cổng Thi đua đã sẵn sàng: http://{self.host}:{self.port}", ""]
        people = (
            []
            if settings.PRODUCTION
            else list(User.objects.filter(is_demo=True, is_active=True, username__in=LOGINS).order_by("pk"))
        )
        if people:
            width = max(len(user.username) for user in people) + 2
            lines += [f"Tài khoản dùng thử, mật khẩu chung: {settings.DEMO_PASSWORD}", ""]
            lines += [f"  {user.username:<{width}}{description(user)}" for user in people] + [""]
        self.say("\n".join([*lines, "Nhấn Ctrl-C để dừng."]))
        connections.close_all()


def description(user: User) -> str:
    names = ", ".join(role.name for code, role in ROLES.items() if user.acting.is_(code))
    return f"{user.display_name} – {user.acting.label}" + (f" ({names})" if names else "")


def wait_until(answers: Callable[[], bool], program: Program, seconds: float, sentence: str) -> None:
    deadline = time.monotonic() + seconds
    while not answers():
        if program.has_ended or time.monotonic() > deadline:
            raise CommandError(sentence)
        time.sleep(TICK / 2)


def static_fingerprint() -> str:
    """Name, size and time of every static file, and the way they are stored."""
    digest = sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = os.stat(storage.path(path))
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two portals on one data folder would run every timed task twice and fight for the broker."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(
                f"Cổng đang chạy với thư mục dữ liệu {folder}. Dừng lần chạy trước, hoặc đặt DATA_DIR khác."
            ) from error
        yield
