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
from organization.actions import drop_held_form, held_form, hold_form, last_user, typed

Handler = Callable[[HttpRequest], HttpResponse]
SEEN, BEGAN = "seen_at", "began_at"


class IdleSession:
    """Ends a session after the idle time. A form sent too late is held and offered again after sign-in.

    Whose form it was is known from the ended session or, when the browser has lost that, from a signed cookie that
    opens nothing: it only names who signed in here last.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            left, _ = time_left(request)
            if left < timedelta(0):
                request.session_has_expired_for = request.user.pk  # type: ignore[attr-defined]
                logout(request)
            elif not (request.method == "GET" and request.path == reverse("session_time")):
                self._note(request)
            request.session_left = int(left.total_seconds())  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> HttpResponse | None:
        if request.user.is_authenticated:
            held = held_form(request) if request.method == "POST" else None
            if held and held["fields"] == typed(request):
                drop_held_form(request)  # here it is again
            return None
        if not getattr(view, "login_required", True):
            return None
        if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
            return HttpResponse("Phiên làm việc đã hết hạn.", status=401)
        last = last_user(request)
        user_id = getattr(request, "session_has_expired_for", None) or (last and last.pk)
        if request.method == "POST" and user_id:
            hold_form(request, user_id)
        return None

    def _note(self, request: HttpRequest) -> None:
        """That something was done; written at most once a minute, because a page view should not cost a write."""
        now, seen = clock.now(), request.session.get(SEEN)
        if not seen or now - datetime.fromisoformat(seen) > timedelta(minutes=1):
            request.session[SEEN] = now.isoformat()
            request.session.setdefault(BEGAN, now.isoformat())


def time_left(request: HttpRequest) -> tuple[timedelta, bool]:
    """How long this session still lasts, and whether going on makes that longer."""
    now = clock.now()
    seen, began = (datetime.fromisoformat(request.session.get(key, now.isoformat())) for key in (SEEN, BEGAN))
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES) - (now - seen)
    whole = timedelta(seconds=settings.SESSION_COOKIE_AGE) - (now - began)
    return min(idle, whole), idle < whole


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
