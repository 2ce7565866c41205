"""Default deny: every address of the portal, with every method, as nobody and as people whom it does not concern."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from itertools import product
from typing import Any

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.workflow import (
    AWARD_LIST,
    BOX,
    COMMENT,
    COMPLAINT,
    DECISION,
    INITIATIVE,
    PROPOSAL,
    RECOVERY,
    REVIEW,
    ROUND,
    SESSION,
)
from campaigns.workflow import CAMPAIGN, CAMPAIGN_YEAR, CRITERIA_SET, REGISTRATION
from organization.models import User
from scoring.workflow.achievements import ACHIEVEMENT
from scoring.workflow.sheets import SCORECARD
from tests.trust.conftest import World
from tests.trust.routes import PUBLIC, all_routes, ask, finish

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]
WRITES = ("INSERT", "UPDATE", "DELETE")
OF_THE_SESSION = ("django_session", "organization_opensession")
WORKFLOWS = [
    CAMPAIGN,
    CAMPAIGN_YEAR,
    CRITERIA_SET,
    REGISTRATION,
    ACHIEVEMENT,
    SCORECARD,
    AWARD_LIST,
    REVIEW,
    INITIATIVE,
    PROPOSAL,
    DECISION,
    SESSION,
    ROUND,
    BOX,
    RECOVERY,
    COMMENT,
    COMPLAINT,
]
ROUTES = all_routes()
SIGNED_IN = [
    route for route in ROUTES if route.name != "health"
]  # without a broker its answer is an honest 503


def test_the_walk_sees_the_whole_portal() -> None:
    names = {route.name for route in ROUTES}
    assert names >= {
        "home",
        "letter_list",
        "organization:unit_list",
        "campaigns:campaign_list",
        "scoring:achievement_list",
        "awards:award_list_list",
    }
    assert names >= PUBLIC
    assert len(ROUTES) > 60


def test_only_the_written_pages_open_without_sign_in(settings: Any) -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    opened = {route.name for route in ROUTES if not getattr(route.view, "login_required", True)}
    assert opened == PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_nothing(method: str) -> None:
    client, wrong = Client(raise_request_exception=False), []
    for route in ROUTES:
        if route.name in PUBLIC:
            continue
        answer = ask(client, method, route.path())
        to_login = answer.status_code == 302 and answer["Location"].startswith(reverse("login"))
        if not to_login and answer.status_code not in {401, 403, 404, 405}:
            wrong.append(f"{method} {route.path()} → {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_open_pages_never_fail(method: str) -> None:
    client = Client(raise_request_exception=False)
    answers = {
        route.path(): ask(client, method, route.path()).status_code
        for route in ROUTES
        if route.name in PUBLIC
    }
    answers.pop(reverse("health"))  # without a broker its answer is an honest 503
    assert {path: code for path, code in answers.items() if code >= 500} == {}
    if method not in {"GET", "POST"}:
        assert set(answers.values()) == {405}


def visit(client: Client, cookies: SimpleCookie, method: str, path: str) -> int | str:
    """The status, or the error in words; whatever the visit changed is undone."""
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    with transaction.atomic():
        try:
            return finish(ask(client, method, path)).status_code
        except Exception as error:  # noqa: BLE001 - any error of a page is a finding
            return f"{type(error).__name__}: {error}"[:300]
        finally:
            transaction.set_rollback(True)


def changes(queries: CaptureQueriesContext) -> list[str]:
    return [
        query["sql"][:120]
        for query in queries.captured_queries
        if query["sql"].startswith(WRITES) and not any(name in query["sql"] for name in OF_THE_SESSION)
    ]


def bad(status: int | str) -> bool:
    return isinstance(status, str) or status >= 500


@pytest.mark.parametrize("part", ["stranger", "technician", "clerk", "office"])
def test_numbers_that_do_not_exist_are_no_error(
    part: str, cast: dict[str, User], campaign_year: Any, client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast[part])
    cookies, wrong = client.cookies, []
    for route in SIGNED_IN:
        for method in ("GET", "POST"):
            status = visit(client, cookies, method, route.path())
            if bad(status):
                wrong.append(f"{method} {route.path()} → {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", ["stranger", "clerk", "office", "head", "technician"])
def test_pages_open_or_are_refused_but_never_fail_and_reading_changes_nothing(
    part: str, world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast[part])
    cookies, failed, wrote = client.cookies, [], []
    for route in SIGNED_IN:
        for number in world.numbers(route):
            connection.queries_log.clear()  # of the whole process: it holds 9,000 and then warns
            with CaptureQueriesContext(connection) as queries:
                status = visit(client, cookies, "GET", route.path(number))
            if bad(status):
                failed.append(f"GET {route.path(number)} → {status}")
            found = changes(queries)
            if "export" in route.name:  # who took the paper is kept, and nothing else
                found = [sql for sql in found if not sql.startswith('INSERT INTO "core_entry"')]
            if found:
                wrote.append(f"GET {route.path(number)}: {found[0]}")
    assert not failed, "\n".join(failed)
    assert not wrote, "\n".join(wrote)


@pytest.mark.parametrize("part", ["stranger", "office", "clerk"])
def test_an_empty_form_is_no_error(
    part: str, world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast[part])
    cookies, wrong = client.cookies, []
    for route in SIGNED_IN:
        for number in world.numbers(route):
            status = visit(client, cookies, "POST", route.path(number))
            if bad(status):
                wrong.append(f"POST {route.path(number)} → {status}")
    assert not wrong, "\n".join(wrong)


def test_a_button_s_address_changes_nothing_when_it_is_only_read(
    world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    routes = [route for route in ROUTES if "verb" in route.arguments]
    verbs = {verb for workflow in WORKFLOWS for verb in workflow.moves}
    wrong = []
    assert routes
    for part in ("office", "head"):
        client = client_of(cast[part])
        for route in routes:
            for number, verb in product(world.numbers(route), verbs):
                path = route.path(number, verb=verb)
                reset_queries()  # there are thousands
                with CaptureQueriesContext(connection) as queries:
                    code = client.get(path).status_code
                is_button = route.name.endswith("_move")
                if code >= 500 or (is_button and code not in {404, 405}) or changes(queries):
                    wrong.append(f"GET {path} → {code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", ["office", "clerk"])
def test_a_number_beyond_the_database_is_nothing_that_is_found(
    part: str, world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client, wrong = client_of(cast[part]), []
    client.raise_request_exception = False
    for route, number in product((one for one in ROUTES if one.takes_numbers), (2**63, 10**22)):
        codes = [ask(client, method, route.path(number)).status_code for method in ("GET", "POST")]
        if not set(codes) <= {404, 405}:
            wrong.append(f"{route.path(number)} → {codes}")
    assert not wrong, "\n".join(wrong)


def test_no_form_is_taken_without_its_token(world: World, office: User) -> None:
    client, wrong = Client(enforce_csrf_checks=True), []
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    for route in ROUTES:
        for number in world.numbers(route)[:1]:
            code = client.post(route.path(number)).status_code
            if code != 403:
                wrong.append(f"POST {route.path(number)} → {code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/db.sqlite3",
        "/portal.sqlite3",
        "/var/portal.sqlite3",
        "/var/secret_key",
        "/media/",
        "/evidence/",
        "/metrics",
        "/admin/",
        "/__debug__/",
        "/backup.sql",
        "/flower/",
        "/api/schema",
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/static/../../var/secret_key",
        "/static/portal/",
        "/static/",
        "/manage.py",
        "/wp-login.php",
        "/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_what_is_not_a_page_is_not_found(
    path: str, office: User, client_of: Callable[[User], Client]
) -> None:
    for client in (Client(), client_of(office)):
        assert client.get(path).status_code == 404
