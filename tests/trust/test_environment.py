"""A wrong setting stops the start with a sentence that names it; every setting is written down."""

import json
import os
import re
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from emulation_portal.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
STRONG = "".join(chr(33 + 7 * number % 90) for number in range(60))  # long and mixed, and no secret
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": STRONG,
    "ALLOWED_HOSTS": "thidua.example",
    "SITE_URL": "https://thidua.example",
    "PROXY_COUNT": "1",
    "DATABASE_URL": "postgresql://thidua:x@127.0.0.1/thidua",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}
READ = re.compile(r"""(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)\"""")


def start(
    folder: Path, command: tuple[str, ...] = ("check",), **values: str
) -> subprocess.CompletedProcess[str]:
    """``manage.py check`` in an environment that holds nothing but these settings."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**clean, "PYTHONUTF8": "1", "DATA_DIR": str(folder), **values},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# --- wrong values --------------------------------------------------------------------------------------
WRONG: list[tuple[str, str, Any]] = [
    ("X_BOOLEAN", "có", lambda env, name: env.boolean(name, default=False)),
    ("X_NUMBER", "tám", lambda env, name: env.number(name, default=1)),
    ("X_NUMBER", "-1", lambda env, name: env.number(name, default=1)),
    ("X_NUMBER", "2.5", lambda env, name: env.number(name, default=1)),
    ("X_LENGTH", "7", lambda env, name: env.number(name, default=14, least=8)),
    ("X_HOURS", "một", lambda env, name: env.hours(name, default="1")),
    ("X_HOURS", "-1", lambda env, name: env.hours(name, default="1")),
    ("X_HOURS", "0", lambda env, name: env.hours(name, default="1")),
    ("X_HOURS", "nan", lambda env, name: env.hours(name, default="1")),
    ("X_HOURS", "Infinity", lambda env, name: env.hours(name, default="1")),
    ("X_HOURS", "1e30", lambda env, name: env.hours(name, default="1")),
    ("X_DATABASE", "mysql://a@b/c", lambda env, name: env.database(name, default="")),
    ("X_DATABASE", "postgresql://a@b", lambda env, name: env.database(name, default="")),
    ("X_DATABASE", "postgresql://a@b:cổng/c", lambda env, name: env.database(name, default="")),
    ("X_DATABASE", "postgresql://[::1", lambda env, name: env.database(name, default="")),
    ("X_DATABASE", "portal.sqlite3", lambda env, name: env.database(name, default="")),
    ("X_REDIS", "http://a", lambda env, name: env.redis(name, default="")),
    ("X_REDIS", "127.0.0.1:6379", lambda env, name: env.redis(name, default="")),
    ("X_REDIS", "redis://a:99999", lambda env, name: env.redis(name, default="")),
    ("X_MAIL", "thu.example", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://a:99999", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://a/b", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://a?tls=có", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://a?ssl=1", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtps://a?tls=1", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://nguoi@a", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_MAIL", "smtp://a", lambda env, name: env.mail(name, default="folder:///x", password="m")),
    ("X_MAIL", "smtp://n@a", lambda env, name: env.mail(name, default="folder:///x", password="khẩu")),
    ("X_MAIL", "smtp://n:m@a", lambda env, name: env.mail(name, default="folder:///x", production=True)),
    ("X_MAIL", "", lambda env, name: env.mail(name, default="folder:///x", production=True)),
    ("X_FROM", "Cổng Thi đua", lambda env, name: env.mailbox(name, default="")),
    ("X_FROM", "Sở <a b@c>", lambda env, name: env.mailbox(name, default="")),
    ("X_SECONDS", "31", lambda env, name: env.number(name, default=20, least=1, most=30)),
    ("X_MAIL", "folder://", lambda env, name: env.mail(name, default="folder:///x")),
    ("X_SITE", "thidua.example", lambda env, name: env.site(name, default="", production=False)),
    ("X_SITE", "ftp://thidua.example", lambda env, name: env.site(name, default="", production=False)),
    ("X_SITE", "http://a/b", lambda env, name: env.site(name, default="", production=False)),
    ("X_SITE", "http://a:99999", lambda env, name: env.site(name, default="", production=False)),
    ("X_SITE", "http://thidua.example", lambda env, name: env.site(name, default="", production=True)),
    ("X_SITE", "", lambda env, name: env.site(name, default="http://a", production=True)),
    ("X_KEY", "ngắn", lambda env, name: env.secret_key(name, keep_in=Path("x"), production=False)),
    ("X_KEY", "a" * 60, lambda env, name: env.secret_key(name, keep_in=Path("x"), production=True)),
    ("X_KEY", "", lambda env, name: env.secret_key(name, keep_in=Path("x"), production=True)),
    ("X_FOLDER", "/dev/null/x", lambda env, name: env.folder(name, default=Path("x"))),
]


@pytest.mark.parametrize(
    ("name", "value", "read"), WRONG, ids=[f"{name}={value}" for name, value, _ in WRONG]
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, read: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name}"):
        read(Environment(), name)


def test_the_postgres_superuser_is_refused_in_production(monkeypatch: Any) -> None:
    monkeypatch.setenv("X_DATABASE", "postgresql://postgres:x@127.0.0.1/thidua")
    monkeypatch.setenv("PRODUCTION", "1")
    with pytest.raises(ImproperlyConfigured, match="X_DATABASE"):
        Environment().database("X_DATABASE", default="")


def test_right_values_are_read(monkeypatch: Any, tmp_path: Path) -> None:
    env = Environment()
    for name, value in {
        "X_ON": "On",
        "X_HOURS": "0.5",
        "X_WORDS": "a, b,,c ",
        "X_SITE": "https://thidua.example/",
        "X_MAIL": "smtp://n%40m:p%2Fw@mail.example:2525?tls=1",
    }.items():
        monkeypatch.setenv(name, value)
    assert env.boolean("X_ON", default=False) is True
    assert env.hours("X_HOURS", default="1") == timedelta(minutes=30)
    assert env.words("X_WORDS", default=[]) == ["a", "b", "c"]
    assert env.site("X_SITE", default="", production=True) == "https://thidua.example"
    mail = env.mail("X_MAIL", default="")
    assert (mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]) == ("n@m", "p/w")
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (2525, True, False)
    mail = env.mail("X_MAIL", default="", password="@/%", timeout=5, production=True)
    assert (mail["EMAIL_HOST_PASSWORD"], mail["EMAIL_TIMEOUT"]) == ("@/%", 5)
    assert env.mailbox("X_FROM", default="") == ""
    monkeypatch.setenv("X_FROM", "Cổng Thi đua <thidua@snv.example>")
    assert env.mailbox("X_FROM", default="") == "Cổng Thi đua <thidua@snv.example>"
    key = env.secret_key("X_ABSENT", keep_in=tmp_path / "key", production=False)
    assert env.secret_key("X_ABSENT", keep_in=tmp_path / "key", production=False) == key
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


# --- the start -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("DEBUG", {**PRODUCTION, "DEBUG": "1"}),
        ("ALLOWED_HOSTS", {**PRODUCTION, "ALLOWED_HOSTS": ""}),
        ("ALLOWED_HOSTS", {**PRODUCTION, "ALLOWED_HOSTS": "*"}),
        ("SECRET_KEY", {**PRODUCTION, "SECRET_KEY": ""}),
        ("SESSION_IDLE_MINUTES", {"SESSION_IDLE_MINUTES": "nửa giờ"}),
        ("PASSWORD_MIN_LENGTH", {"PASSWORD_MIN_LENGTH": "7"}),
        ("EMAIL_URL", {**PRODUCTION, "EMAIL_URL": ""}),
        ("EMAIL_FROM", {"EMAIL_FROM": "Cổng Thi đua"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_start_stops_with_a_sentence(name: str, values: dict[str, str], tmp_path: Path) -> None:
    stopped = start(tmp_path, **values)
    assert stopped.returncode != 0
    last = stopped.stderr.strip().splitlines()[-1]
    assert name in last
    assert last.endswith(".")


def test_production_passes_the_checks_of_django(tmp_path: Path) -> None:
    passed = start(tmp_path, ("check", "--deploy", "--fail-level", "WARNING"), **PRODUCTION)
    assert passed.returncode == 0, passed.stderr


HARDENED = {
    "SESSION_COOKIE_NAME": "__Host-phien",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "SESSION_COOKIE_DOMAIN": None,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_PATH": "/",
    "CSRF_COOKIE_DOMAIN": None,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_SSL_REDIRECT": True,
    "DEBUG": False,
}


def test_production_hardens_cookies_and_transport(tmp_path: Path) -> None:
    names = list(HARDENED)
    code = (
        "import json; from django.conf import settings as s;"
        f" print(json.dumps([getattr(s, n) for n in {names}]))"
    )
    told = start(tmp_path, ("shell", "--no-imports", "-v0", "-c", code), **PRODUCTION)
    assert told.returncode == 0, told.stderr
    assert dict(zip(names, json.loads(told.stdout), strict=True)) == HARDENED


def test_no_admin_and_no_debug_tools_are_installed(settings: Any) -> None:
    assert not [app for app in settings.INSTALLED_APPS if "admin" in app or "debug" in app]


UNREACHABLE = {
    "REDIS_URL": "redis://127.0.0.1:{port}/0",
    "DATABASE_URL": "postgresql://thidua@127.0.0.1:{port}/thidua",
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_run_says_which_server_does_not_answer(name: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = taken.getsockname()[1]  # bound and not listening: whoever calls is refused
        stopped = start(
            tmp_path, ("run",), **{name: UNREACHABLE[name].format(port=nobody), "HOST": "127.0.0.2"}
        )
    assert stopped.returncode == 1
    assert "Traceback" not in stopped.stderr
    assert name in stopped.stderr
    assert "Kiểm tra" in stopped.stderr  # the cure


# --- what is written down ------------------------------------------------------------------------------
def test_env_example_names_every_setting_and_no_other() -> None:
    sources = [ROOT / "emulation_portal" / name for name in ("settings.py", "environment.py")]
    sources += (ROOT / "emulation_portal" / "management").rglob("*.py")
    read = {name for source in sources for name in READ.findall(source.read_text())}
    lines = (ROOT / ".env.example").read_text().splitlines()
    told = [match[1] for line in lines if (match := re.match(r"([A-Z_]+)=", line))]
    assert sorted(told) == sorted(set(told))
    assert set(told) == read


def test_the_example_itself_starts(tmp_path: Path) -> None:
    pairs = [
        line.partition("=")[::2] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line
    ]
    values = {name: value for name, value in pairs if re.fullmatch("[A-Z_]+", name) and name != "DATA_DIR"}
    assert start(tmp_path, **values).returncode == 0
