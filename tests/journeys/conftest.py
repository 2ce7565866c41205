"""A portal that really serves, a real Chromium, and people who sign in through the real page."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.journeys.visits import Visit
from tests.trust.racing import shared_database

# The shell draws pages and no windows around them: half the work of the whole browser.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Enter = Callable[..., Visit]


@pytest.fixture(scope="package")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One browser for all stories. Not for the session: while Playwright's event loop stands in this thread, Django
    gives the thread other database connections than before, which no test outside this folder should meet."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        pytest.skip("Không thấy Chromium (đặt CHROMIUM=đường-dẫn).")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture(scope="package")
def address(chromium: Browser) -> Iterator[str]:
    """Where the portal answers. Its threads have database connections of their own, as in real life."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture(autouse=True)
def real_database(
    chromium: Browser, transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A database that the server's threads can share; no connection outlives its request."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    connection.ensure_connection()
    with shared_database(tmp_path):
        yield


@pytest.fixture
def enter(chromium: Browser, address: str, real_database: None, cast: Any) -> Iterator[Enter]:
    """Somebody comes to the portal, on a device of his own, and signs in. Complaints of his browser fail the test."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def come(
        name: str | None = None, *, size: tuple[int, int] = Visit.DESKTOP, scripts: bool = True
    ) -> Visit:
        context = chromium.new_context(
            base_url=address,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        contexts.append(context)
        visit = Visit(context)
        visits.append(visit)
        if name:
            visit.sign_in(name)
        return visit

    yield come
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
