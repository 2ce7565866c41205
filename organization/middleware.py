"""Sessions: idle ones end without losing what was typed; a first password must be changed; nobody asks too often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core import clock
from core.limits import is_too_often, seconds_left
from organization.actions import drop_held_form, held_form, hold_form, last_user, typed
from organization.forms.held import readable

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


class FairUse:
    """What costs the server much may be asked for so often in a minute by one person, and no oftener.

    Who is told to wait loses nothing: a form is held, as a late one is.
    """

    WORDS: ClassVar = {"search": "lần tìm", "export": "lần xuất tệp", "upload": "lần tải tệp lên"}

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        what, who = _what_costs(request), request.user.pk
        if not what or not who:
            return None
        limit = settings.LIMITS_PER_MINUTE[what]
        return self._refuse(request, what, who, limit) if is_too_often(what, who, limit=limit) else None

    def _refuse(self, request: HttpRequest, what: str, who: int, limit: int) -> HttpResponse:
        wait = seconds_left()
        sentence = f"Mỗi phút cổng nhận tối đa {limit} {self.WORDS[what]} của một người. Hãy thử lại sau {wait} giây."
        if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
            response = HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=429)
        else:
            held = request.method == "POST" and hold_form(request, who) and held_form(request)
            context = {"sentence": sentence, "held": held, "shown": readable(held["fields"]) if held else []}
            response = render(request, "errors/429.html", context, status=429)
        response["Retry-After"] = str(wait)
        return response


def _what_costs(request: HttpRequest) -> str:
    if request.method == "POST":
        return "upload" if request.FILES else ""
    route = request.resolver_match.url_name if request.resolver_match else None
    if request.GET.get("xuat") or "export" in (route or ""):
        return "export"
    return "search" if request.GET.get("q") else ""


class FirstPassword:
    """A password given by the technician opens only the page where it is changed, and that leads on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.open_paths = {reverse("password_change"), reverse("logout")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and request.path not in self.open_paths:
            return redirect(reverse("password_change", query=_target(request)))
        return self.get_response(request)


def _target(request: HttpRequest) -> dict[str, str]:
    is_page = request.method == "GET" and not request.headers.get("HX-Request")
    return {"next": request.get_full_path()} if is_page and request.path != reverse("home") else {}
