"""A real mail server for the tests: it counts the copies of every letter, and refuses when it is told to."""

import email
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "thidua@snv.example", "m@t/khau%"


class Sink:
    """What arrived, by Message-ID. ``refusals`` maps an address to the answer it gets instead of "250 OK"."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.refusals: dict[str, str] = {}
        self.copies: Counter[str] = Counter()
        self.messages: list[Any] = []
        self.conversations = 0
        self.encrypted: list[bool] = []
        self.signed_in: list[bool] = []
        self._reached: dict[int, threading.Event] = {}

    @property
    def total(self) -> int:
        return sum(self.copies.values())

    def when(self, count: int) -> threading.Event:
        """Set at the moment in which so many letters have arrived."""
        return self._reached.setdefault(count, threading.Event())

    # --- what aiosmtpd calls ---------------------------------------------------------------------------
    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content)
        self.messages.append(message)
        self.copies[message["Message-ID"]] += 1
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        self.signed_in.append(session.authenticated)
        if event := self._reached.get(self.total):
            event.set()
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(sink: Sink, *, direct: bool = False, context: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """The server is up for the length of the block. ``context``: with TLS, at once or after STARTTLS, and only for
    those who sign in."""
    settings: dict[str, Any] = {}
    if context:
        settings = {"auth_required": True, "authenticator": sink.authenticate, "auth_require_tls": not direct}
        if not direct:
            settings |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        ssl_context=context if direct else None,
        server_hostname="localhost",
        **settings,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def self_made_certificate(folder: Path) -> Path:
    """For "localhost", with its key, in one file."""
    file = folder / "localhost.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key"), "-out", str(file)]
    try:
        subprocess.run(["openssl", *words], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed: no certificate can be made")
    file.write_text(file.read_text() + (folder / "key").read_text())
    return file
