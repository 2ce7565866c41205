"""Reads settings from the environment and refuses a wrong value with a sentence that names the variable."""

import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
MAILBOX = re.compile(r"[^@\s<>\"]+@[\w.-]+")
UNIX_SOCKET_LIMIT = 100  # a socket's path may have 107 bytes; some is left for kombu


class Environment:
    """One method per kind of setting."""

    def __init__(self) -> None:
        # Tests write letters to memory, run tasks at once and need no collected static files.
        self.testing = "pytest" in sys.modules

    def text(self, name: str, *, default: str) -> str:
        return os.environ.get(name, "").strip() or default

    def boolean(self, name: str, *, default: bool) -> bool:
        words = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        return self._read(name, default, lambda value: words[value.lower()], "chỉ nhận 1 hoặc 0")

    def number(self, name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
        def parse(value: str) -> int:
            if int(value) < least or (most is not None and int(value) > most):
                raise ValueError
            return int(value)

        kind = f"từ {least} trở lên" if least else "không âm"
        kind = f"từ {least} đến {most}" if most is not None else kind
        return self._read(name, default, parse, f"phải là số nguyên {kind}")

    def hours(self, name: str, *, default: str) -> timedelta:
        def parse(value: str) -> timedelta:
            length = timedelta(hours=float(Decimal(value)))
            if length <= timedelta(0):
                raise ValueError
            return length

        return self._read(name, parse(default), parse, "phải là số giờ lớn hơn 0, ví dụ 0.25")

    def site(self, name: str, *, default: str, production: bool) -> str:
        """The portal's own address, written into letters: scheme and host, nothing after them."""

        def parse(value: str) -> str:
            address = urlsplit(value)
            schemes = {"https"} if production else {"http", "https"}
            wrong_port = address.port == 0  # reading the port also checks it
            if address.scheme not in schemes or not address.hostname or wrong_port or address.username:
                raise ValueError
            if address.path.strip("/") or address.query or address.fragment:
                raise ValueError
            return f"{address.scheme}://{address.netloc}"

        kind = "https://tên-miền" if production else "http://tên-máy:cổng hoặc https://tên-miền"
        if production and not os.environ.get(name, "").strip():
            raise ImproperlyConfigured(f"{name} phải ghi địa chỉ của cổng, dạng {kind}, khi PRODUCTION=1.")
        return self._read(name, default, parse, f"phải có dạng {kind}, không có phần phía sau")

    def words(self, name: str, *, default: list[str]) -> list[str]:
        return self._read(
            name, default, lambda value: [word.strip() for word in value.split(",") if word.strip()], ""
        )

    def folder(self, name: str, *, default: Path) -> Path:
        folder = Path(self.text(name, default=str(default))).expanduser().resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}: không tạo được thư mục {folder} ({error.strerror})."
            ) from error
        return folder

    def socket(self, path: Path) -> Path:
        """The path itself, or a short one in the system's temporary folder when it is too long for a socket."""
        if len(str(path).encode()) <= UNIX_SOCKET_LIMIT:
            return path
        return Path(tempfile.gettempdir()) / f"portal-{sha256(str(path).encode()).hexdigest()[:12]}.sock"

    def secret_key(self, name: str, *, keep_in: Path, production: bool) -> str:
        """The given key; outside production one is made at the first start and kept in the data folder."""
        given = os.environ.get(name, "").strip()
        if given or production:
            if len(given) < 50 or len(set(given)) < 10:
                raise ImproperlyConfigured(f"{name} phải có ít nhất 50 ký tự ngẫu nhiên.")
            return given
        if not keep_in.exists():
            keep_in.touch(mode=0o600)
            keep_in.write_text(secrets.token_urlsafe(60))
        return keep_in.read_text()

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        address = self.text(name, default=default)
        if self._split(name, address).scheme not in {"sqlite", "postgres", "postgresql"}:
            raise ImproperlyConfigured(f"{name} phải bắt đầu bằng postgresql:// hoặc sqlite:///.")
        try:
            database = dict(environ.Env.db_url_config(address))
        except (ValueError, environ.ImproperlyConfigured) as error:
            raise ImproperlyConfigured(f"{name} không đọc được: {error}") from error
        if not database.get("NAME"):
            raise ImproperlyConfigured(f"{name} thiếu tên cơ sở dữ liệu.")
        database["CONN_MAX_AGE"] = 60
        if database["ENGINE"].endswith("sqlite3"):
            # IMMEDIATE: a transaction waits for the write lock at its start, so two writers never deadlock.
            database["OPTIONS"] = {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            }
        else:
            if database.get("USER") == "postgres" and self.boolean("PRODUCTION", default=False):
                raise ImproperlyConfigured(f"{name}: không dùng tài khoản quản trị postgres để chạy cổng.")
            database["CONN_HEALTH_CHECKS"] = True
            database["OPTIONS"] = {
                "connect_timeout": 3,
                "options": "-c statement_timeout=30000 -c lock_timeout=10000",
                **database.get("OPTIONS", {}),
            }
        return database

    def redis(self, name: str, *, default: str) -> str:
        address = self.text(name, default=default)
        if address and self._split(name, address).scheme not in {"redis", "rediss", "redis+socket"}:
            raise ImproperlyConfigured(f"{name} phải bắt đầu bằng redis://, rediss:// hoặc redis+socket://.")
        return address

    def mail(
        self, name: str, *, default: str, password: str = "", timeout: int = 20, production: bool = False
    ) -> dict[str, Any]:
        """``smtp://user:password@host:587?tls=1``, ``smtps://…`` or ``folder:///path`` (letters as files).

        ``password`` is one that stands apart, so that nobody has to write ``@`` and ``/`` as ``%40`` and ``%2F``.
        """
        if production and not os.environ.get(name, "").strip():
            raise ImproperlyConfigured(f"{name} phải ghi máy chủ thư (hoặc folder:///…) khi PRODUCTION=1.")
        address = self._split(name, self.text(name, default=default))
        if address.scheme == "folder" and address.path.strip("/") and not address.netloc:
            return {
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": unquote(address.path),
            }
        options = parse_qs(address.query, keep_blank_values=True)
        if address.scheme not in {"smtp", "smtps"} or not address.hostname or address.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} phải có dạng smtp://máy-chủ:cổng, smtps://… hoặc folder:///thư-mục."
            )
        if set(options) - {"tls"} or options.get("tls", ["0"]) not in (["0"], ["1"]):
            raise ImproperlyConfigured(f"{name}: sau dấu ? chỉ ghi tls=1 (STARTTLS) hoặc tls=0.")
        direct, upgraded = address.scheme == "smtps", options.get("tls") == ["1"]
        if direct and upgraded:
            raise ImproperlyConfigured(f"{name}: smtps:// đã mã hóa từ đầu, không thêm tls=1.")
        user, password = unquote(address.username or ""), password or unquote(address.password or "")
        if bool(user) != bool(password):
            raise ImproperlyConfigured(
                f"{name}: tên đăng nhập và mật khẩu (EMAIL_PASSWORD) phải đi cùng nhau."
            )
        if not (user + password).isascii():
            raise ImproperlyConfigured(f"{name}, EMAIL_PASSWORD: thư chỉ đăng nhập được bằng chữ không dấu.")
        is_here = address.hostname in {"localhost", "127.0.0.1", "::1"}
        if production and password and not (direct or upgraded or is_here):
            raise ImproperlyConfigured(
                f"{name}: mật khẩu không được đi qua mạng không mã hóa; dùng smtps:// hoặc thêm ?tls=1."
            )
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": address.hostname,
            "EMAIL_PORT": address.port or (465 if direct else 587),
            "EMAIL_HOST_USER": user,
            "EMAIL_HOST_PASSWORD": password,
            "EMAIL_USE_SSL": direct,
            "EMAIL_USE_TLS": upgraded,
            "EMAIL_TIMEOUT": timeout,
        }

    def mailbox(self, name: str, *, default: str) -> str:
        """``name@host`` or ``Words <name@host>``."""

        def parse(value: str) -> str:
            words, address = parseaddr(value)
            if not MAILBOX.fullmatch(address) or "\n" in value:
                raise ValueError
            return f"{words} <{address}>" if words else address

        return self._read(name, default, parse, "phải có dạng tên@máy-chủ hoặc Tên người gửi <tên@máy-chủ>")

    def _split(self, name: str, address: str) -> SplitResult:
        try:
            parts = urlsplit(address)
            _ = parts.port  # read here, because a wrong port is noticed only when it is read
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} không đọc được: {error}.") from error
        return parts

    def _read(self, name: str, default: T, parse: Callable[[str], T], sentence: str) -> T:
        value = os.environ.get(name, "").strip()
        if not value:
            return default
        try:
            return parse(value)
        except (ValueError, KeyError, InvalidOperation, OverflowError) as error:
            raise ImproperlyConfigured(f"{name}={value!r} không dùng được: {sentence}.") from error
