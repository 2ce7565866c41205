"""Logs and the repository: one line an event whatever was typed, no secret anywhere."""

import io
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.beat import SchedulingError
from django.test import Client
from django.urls import reverse

from core.logs import OneLine
from core.models import Entry
from organization.models import User
from tests.cast import PASSWORD
from tests.trust.conftest import World
from tests.trust.routes import finish

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "AWS key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "token": re.compile(r"\b(?:ghp|gho|glpat|xox[bp]|sk-live|hf)[_-][A-Za-z0-9]{16,}"),
    "JWT": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\."),
    "password in an address": re.compile(
        r"(?:postgres(?:ql)?|rediss?|smtps?)://[^\s:/@{$\"']+:(?=[^\s@]*\d)[A-Za-z0-9%+_.-]{6,}@"
    ),
    "secret key": re.compile(r"""(?i)(?:SECRET_KEY|API_KEY|ACCESS_TOKEN)\s*=\s*["']?[A-Za-z0-9_\-+/]{24,}"""),
}
TEXT = {
    ".py",
    ".sh",
    ".html",
    ".txt",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".json",
    ".css",
    ".js",
    ".cfg",
    ".example",
    "",
}


# What a worker does with its log before it writes the first line.
WORKER = """
import logging
import django
django.setup()
from celery import current_app
current_app.log.setup(loglevel="WARNING", redirect_stdouts=False)
logging.getLogger("celery.worker.consumer").error("Connection\\nlost")
"""


@pytest.fixture
def written() -> Any:
    """What the portal's log would hold."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: stream.getvalue()
    root.removeHandler(handler)


def one(message: str, *arguments: Any, exc_info: Any = None) -> str:
    record = logging.LogRecord("portal", logging.ERROR, "x.py", 1, message, arguments, exc_info)
    return OneLine().format(record)


@pytest.mark.parametrize(
    "typed",
    [
        "a\n2026-01-01 INFO portal all is well",
        "a\r\nb",
        "\x1b[31mred\x1b[0m",
        "a\x00b",
        "a\u2028b",
        "a\x85b",
        "a\x08\x08b",
        "\u202ea",
    ],
)
def test_what_people_typed_stays_on_one_line(typed: str) -> None:
    line = one("failed for %s", typed)
    assert len(line.splitlines()) == 1
    assert all(char.isprintable() for char in line)


def test_vietnamese_stays_readable() -> None:
    assert one("Nguyễn Văn Ánh đăng nhập").endswith("portal Nguyễn Văn Ánh đăng nhập")


def test_a_traceback_keeps_its_lines_and_none_passes_for_a_message() -> None:
    try:
        raise ValueError("x\n2026-01-01 00:00:00,000 INFO portal forged\x1b[31m")
    except ValueError as error:
        text = one("failed for %s", "a\nb", exc_info=(ValueError, error, error.__traceback__))
    first, *rest = text.split("\n")
    assert "a\\nb" in first
    assert rest[0] == "    Traceback (most recent call last):"
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b" not in text


def test_a_name_with_line_breaks_forges_no_line(db: Any, written: Callable[[], str], sign_in: Any) -> None:
    name = "x\n2026-01-01 00:00:00,000 INFO portal.errors forged\x1b[2J"
    for number in range(6):
        sign_in(Client(), name, f"sai-mật-khẩu-{number}")
    Client().get("/khong-co%0Aforged/")
    assert written().count("\n") == len(written().splitlines())
    assert not [line for line in written().splitlines() if line.startswith("2026-01-01 00:00")]
    assert "\x1b" not in written()


def test_no_password_and_no_token_is_logged_or_journalled(
    cast: dict[str, User], written: Callable[[], str], sign_in: Any, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    sign_in(client, "clerk", "sai-mật-khẩu-bí-mật")
    sign_in(client, "clerk")
    new = "câu-khác-cũng-rất-dài-7"
    client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    text = written() + caplog.text
    text += str(list(Entry.objects.values()))
    for secret in (PASSWORD, new, "sai-mật-khẩu-bí-mật", client.session.session_key or "-"):
        assert secret not in text


def test_exports_and_downloads_leave_a_line(
    world: World, office: User, client_of: Callable[[User], Client], caplog: Any
) -> None:
    caplog.set_level(logging.INFO, logger="portal.downloads")
    client = client_of(office)
    client.get(reverse("scoring:achievement_list"), {"xuat": "xlsx", "q": "rut\ngan"})
    finish(client.get(reverse("scoring:evidence_download", args=[world.evidence.pk])))
    client.get(reverse("scoring:achievement_list"))
    lines = [entry.getMessage() for entry in caplog.records if entry.name == "portal.downloads"]
    assert len(lines) == 2
    assert lines[0].startswith("office took /cham-diem/thanh-tich/?xuat=xlsx&q=rut%0Agan from 127.0.0.1")
    assert lines[1] == f"office took /cham-diem/tai-lieu/{world.evidence.pk}/tai-ve/ from 127.0.0.1"


def test_refusals_leave_a_line_with_who_what_result_and_where(
    world: World, stranger: User, client_of: Callable[[User], Client], caplog: Any
) -> None:
    caplog.set_level(logging.INFO, logger="portal.refusals")
    address = reverse("scoring:achievement_detail", args=[world.achievement.pk])
    client = client_of(stranger)
    client.get(address)
    client.post(reverse("organization:unit_create"))
    client.get("/")
    Client().get("/khong-co/")  # of nobody: a scanner would fill the log
    lines = [entry.getMessage() for entry in caplog.records if entry.name == "portal.refusals"]
    assert lines == [
        f"stranger was refused GET {address} with 404 from 127.0.0.1",
        f"stranger was refused POST {reverse('organization:unit_create')} with 404 from 127.0.0.1",
    ]


def test_every_line_says_when_with_its_offset() -> None:
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+07:00 ERROR portal x$", one("x"))


# --- the repository ------------------------------------------------------------------------------------
def kept_files() -> list[Path]:
    """What git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:  # an unpacked archive without git
        pytest.skip("Đây không phải là một kho git.")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_worker_writes_lines_like_the_web(tmp_path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "emulation_portal.settings", "DATA_DIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"\S+\+07:00 ERROR celery.worker.consumer Connection\\nlost\n", told.stderr)


def test_a_timetable_without_its_broker_says_so_in_one_line(written: Callable[[], str]) -> None:
    log = logging.getLogger("celery.beat")
    try:
        raise SchedulingError("Couldn't apply scheduled task pulse: Connection refused.")
    except SchedulingError as error:
        log.error(
            "Message Error: %s\n%s", error, ["a frame", "another"], exc_info=True
        )  # as celery.beat does
    assert written().count("\n") == 1
    assert written().endswith("ERROR celery.beat Couldn't apply scheduled task pulse: Connection refused.\n")


def test_no_secret_is_kept_in_git() -> None:
    found = []
    for path in kept_files():
        if path.suffix not in TEXT or "vendor" in path.parts or path.name.endswith(".lock"):
            continue
        text = path.read_text(errors="ignore")
        found += [
            f"{path.relative_to(ROOT)}: {kind}" for kind, pattern in SECRETS.items() if pattern.search(text)
        ]
    assert not found, "\n".join(found)


def test_the_patterns_would_find_a_secret() -> None:
    samples = [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "A" * 16,
        "ghp_" + "a" * 30,
        "postgresql://thidua:" + "mat-khau-9@10.0.0.1/x",
        "SECRET_KEY=" + "a" * 40,
    ]
    for sample in samples:
        assert any(pattern.search(sample) for pattern in SECRETS.values()), sample


def test_data_and_keys_are_not_kept_in_git() -> None:
    names = {str(path.relative_to(ROOT)) for path in kept_files()}
    assert not {
        name for name in names if re.search(r"(^|/)(\.env|secret_key|.*\.sqlite3.*|.*\.pem|id_rsa)$", name)
    }
    assert not {name for name in names if name.startswith(("var/", ".venv/"))}
