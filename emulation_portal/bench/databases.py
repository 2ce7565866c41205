"""The databases that are measured: the demo office as it is, and the same office grown to thousands of people."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection


@dataclass(frozen=True)
class Office:
    """One database and the folder of its files; ``environment`` makes any program of ours use it."""

    label: str
    address: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DATABASE_URL": self.address,
            "DATA_DIR": str(self.folder),
            "STATIC_ROOT": str(settings.STATIC_ROOT),
            "SEARCHES_PER_MINUTE": "0",  # one person measures what many ask for
            "EXPORTS_PER_MINUTE": "0",
        }
        return {**os.environ, **own, "SECRET_KEY": settings.SECRET_KEY, "DEBUG": "0", "PRODUCTION": "0"}

    def manage(self, *words: str) -> str:
        """The answer of ``manage.py words``, run in this office."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
        ran = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return ran.stdout

    def told(self, *words: str) -> Any:
        """What a job of the bench says of this office."""
        return json.loads(self.manage("bench", *words))


class Offices:
    """The databases, each made when a part asks for it: the smallest is the demo, the others are its copies, grown."""

    def __init__(self, folder: Path, say: Any) -> None:
        self.folder, self.say = folder, say
        self.kept: Office | None = None

    def small(self) -> Office:
        if self.kept is None:
            self.say("Đang tạo cơ quan dùng thử …")
            made = _office("small", self.folder)
            _create(made)
            made.manage("migrate", "-v0")
            made.manage("load_reference", "-v0")
            made.manage("demo")
            made.manage("bench", "--analyse")
            self.kept = made
        return self.kept

    def bare(self, label: str) -> Office:
        """Tables and nothing in them."""
        made = _office(label, self.folder)
        _create(made)
        made.manage("migrate", "-v0")
        return made

    def grown(self, label: str, *words: str) -> Office:
        """A copy of the small one in which ``manage.py words`` was run."""
        small = self.small()
        self.say(f"Đang tạo dữ liệu lớn ({label}) …")
        made = _office(label, self.folder)
        _create(made, like=small)
        made.manage(*words)
        made.manage("bench", "--analyse")
        return made


def _office(label: str, folder: Path) -> Office:
    home = folder / label
    home.mkdir()
    if not settings.USES_POSTGRESQL:
        return Office(label, f"sqlite:///{home / 'portal.sqlite3'}", home)
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    return Office(label, f"{base}/bench_{label}", home)


def _create(office: Office, like: Office | None = None) -> None:
    if settings.USES_POSTGRESQL:
        template = f' TEMPLATE "bench_{like.label}"' if like else ""
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "bench_{office.label}"{template}')
    elif like:
        shutil.copy(like.folder / "portal.sqlite3", office.folder / "portal.sqlite3")


def analyse() -> None:
    """What autovacuum would have done by the next morning."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if settings.USES_POSTGRESQL else "ANALYZE")


def floor_environment(office: Office) -> Mapping[str, str]:
    return {**office.environment, "DJANGO_SETTINGS_MODULE": "emulation_portal.bench.floor_settings"}
