"""Sessions: idle ones end without losing what was typed; a first password must be changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import clock
from organization import actions

Handler = Callable[[HttpRequest], HttpResponse]
SEEN, BEGAN = "seen_at", "began_at"
LAST_USER = settings.LAST_USER_COOKIE
LAST_USER_AGE = 30 * 24 * 60 * 60
HELD_LIMIT = 200_000


class IdleSession:
    """Ends a session after the idle time. A form sent too late is held and offered again after sign-in.

    Whose form it was is known from the ended session or, when the browser has lost that, from a signed cookie that
    opens nothing: it only names who signed in here last.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._has_expired(request):
            request.session_has_expired_for = request.user.pk  # type: ignore[attr-defined]
            logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> HttpResponse | None:
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
            return HttpResponse("Phiên làm việc đã hết hạn.", status=401)
        user_id = getattr(request, "session_has_expired_for", None) or last_user(request)
        if request.method == "POST" and user_id:
            hold(request, user_id)
        return None

    def _has_expired(self, request: HttpRequest) -> bool:
        now = clock.now()
        seen, began = request.session.get(SEEN), request.session.get(BEGAN)
        if seen and now - datetime.fromisoformat(seen) > timedelta(minutes=settings.SESSION_IDLE_MINUTES):
            return True
        if began and now - datetime.fromisoformat(began) > timedelta(seconds=settings.SESSION_COOKIE_AGE):
            return True
        # Written at most once a minute: a page view should not cost a write.
        if not seen or now - datetime.fromisoformat(seen) > timedelta(minutes=1):
            request.session[SEEN] = now.isoformat()
            request.session.setdefault(BEGAN, now.isoformat())
        return False


def hold(request: HttpRequest, user_id: int) -> None:
    """Keep the fields of a late form, unless they hold a password or are too many."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    size = sum(len(name) + len(value) for name, value in fields)
    if fields and size <= HELD_LIMIT and not any("password" in name for name, _ in fields):
        actions.hold_form(request, user_id, fields)


def last_user(request: HttpRequest) -> int | None:
    found = request.get_signed_cookie(LAST_USER, default=None, max_age=LAST_USER_AGE)
    return int(found) if found and found.isdigit() else None


class FirstPassword:
    """A password given by the technician opens only the page where it is changed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.open_paths = {reverse("password_change"), reverse("logout")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and request.path not in self.open_paths:
            return redirect("password_change")
        return self.get_response(request)
