"""Every kind of answer carries the headers that keep a browser from doing what a page did not ask for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils.functional import SimpleLazyObject

from emulation_portal.views import server_error
from organization.models import User
from tests.trust.conftest import World
from tests.trust.routes import finish

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret of the programme")


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [
    path("vo/", broken),
    path("cam/", forbidden),
    path("", include("emulation_portal.urls")),
]
handler403 = "emulation_portal.views.refused"
handler404 = "emulation_portal.views.not_found"
handler500 = "emulation_portal.views.server_error"


def answers(world: World, client: Client) -> dict[str, tuple[HttpResponse, int]]:
    """One answer of every kind, with the status it should have."""
    nobody = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return {
        "page": (client.get("/"), 200),
        "sign-in page": (nobody.get(reverse("login")), 200),
        "redirect": (nobody.get("/"), 302),
        "refused token": (nobody.post(reverse("login")), 403),
        "refused": (nobody.get("/cam/"), 403),
        "not found": (client.get("/khong-co/"), 404),
        "broken": (nobody.get("/vo/"), 500),
        "wrong method": (nobody.put("/"), 405),
        "refused byte": (nobody.get("/?q=%00"), 400),
        "htmx part": (client.get(reverse("letter_list"), headers={"HX-Request": "true"}), 200),
        "sheet": (client.get(reverse("letter_list"), {"xuat": "xlsx"}), 200),
        "download": (client.get(reverse("scoring:evidence_download", args=[world.evidence.pk])), 200),
        "static": (nobody.get("/static/portal/portal.css"), 200),
        "session ended": (nobody.get("/", headers={"HX-Request": "true"}), 401),
        "json": (nobody.get(reverse("health")), 503),
    }


@pytest.fixture
def everything(settings: Any, world: World, office: User, client_of: Callable[[User], Client]) -> Any:
    settings.ROOT_URLCONF = "tests.trust.test_headers"
    found = answers(world, client_of(office))
    for answer, _ in found.values():
        finish(answer)
    return found


def test_every_answer_is_guarded(everything: dict[str, tuple[HttpResponse, int]]) -> None:
    wrong = []
    for kind, (answer, status) in everything.items():
        if answer.status_code != status and kind != "json":
            wrong.append(f"{kind}: {answer.status_code}")
        for name, value in {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        }.items():
            if answer.get(name) != value:
                wrong.append(f"{kind}: {name} {answer.get(name)}")
        policy = answer.get("Content-Security-Policy", "")
        if kind == "download":
            if "sandbox" not in policy or "frame-ancestors 'none'" not in policy:
                wrong.append(f"{kind}: {policy}")
            continue
        for directive, value in DIRECTIVES.items():
            if f"{directive} {value}" not in policy:
                wrong.append(f"{kind}: {directive} is missing in {policy}")
        if "unsafe" in policy or "*" in policy or "http:" in policy or "https:" in policy:
            wrong.append(f"{kind}: {policy}")
    assert not wrong, "\n".join(wrong)


def test_no_cache_keeps_what_people_see(everything: dict[str, tuple[HttpResponse, int]]) -> None:
    for kind in (
        "page",
        "redirect",
        "not found",
        "htmx part",
        "sheet",
        "download",
        "session ended",
        "broken",
    ):
        assert "no-store" in everything[kind][0]["Cache-Control"], kind
        assert "private" in everything[kind][0]["Cache-Control"], kind


def test_secure_answers_carry_hsts(settings: Any, client: Client, db: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    for address in ("/", reverse("login"), "/khong-co/", "/static/portal/portal.css"):
        answer = finish(Client().get(address, secure=True))
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_are_out_of_reach_of_scripts(client: Client, cast: Any, sign_in: Any) -> None:
    answer = sign_in(client, "clerk")
    session = answer.cookies[portal.SESSION_COOKIE_NAME]
    assert session["httponly"] is True
    for name, cookie in answer.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_a_broken_page_tells_a_code_and_nothing_else(
    settings: Any, client: Client, db: Any, caplog: Any
) -> None:
    settings.ROOT_URLCONF = "tests.trust.test_headers"
    html = Client(raise_request_exception=False).get("/vo/").content.decode()
    for word in ("secret of the programme", "Traceback", "ZeroDivisionError", ".py", "Django"):
        assert word not in html
    code = html.partition("<strong>")[2]
    [told] = [entry for entry in caplog.records if entry.name == "portal.errors"]
    shown = told.getMessage().split()[2]
    assert f"<strong>{shown}</strong>" in html, code
    assert "secret of the programme" in caplog.text  # the log knows why


def test_the_broken_page_needs_neither_session_nor_database(rf: Any) -> None:
    def away() -> None:
        raise OperationalError("database is away")

    request = rf.get("/")
    request.user = SimpleLazyObject(away)
    answer = server_error(request)
    assert answer.status_code == 500
    assert "Máy chủ gặp lỗi" in answer.content.decode()


def test_static_files_come_from_us_alone() -> None:
    """No template or style sheet names another host: a page works in a closed network."""
    root = Path(portal.BASE_DIR)
    sources = [*root.glob("templates/**/*.html"), *root.glob("static/portal/*")]
    for source in sources:
        if "emails" in source.parts:
            continue
        text = source.read_text()
        for scheme in ("http://", "https://", 'src="//', "url(//", "@import"):
            assert scheme not in text.replace("http://www.w3.org", ""), f"{source.name}: {scheme}"
