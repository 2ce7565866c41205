"""Small guards around every request."""

import logging
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed

Handler = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
METHODS = ("GET", "HEAD", "POST")
REFUSALS = (403, 404, 409, 429)
downloads, refusals = logging.getLogger("portal.downloads"), logging.getLogger("portal.refusals")


def client_address(request: HttpRequest) -> str | None:
    """Who asks. Only what our own proxies (``PROXY_COUNT`` of them) wrote into X-Forwarded-For is believed."""
    header = request.headers.get("X-Forwarded-For", "")
    hops = [hop.strip() for hop in header.split(",")] if header.strip() else []
    count = settings.PROXY_COUNT
    address = hops[-count] if 0 < count <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:  # a Unix socket has no address, and a careless proxy passes on anything
        return None


class RefuseOddRequests:
    """Pages are read and forms are sent, nothing else; and no NUL, which PostgreSQL cannot store."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        odd = [request.path, *request.COOKIES.values()]  # a quoted cookie may spell NUL as \000
        if any("\x00" in text for text in odd) or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("Yêu cầu không hợp lệ.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if request.method != "POST" or request.content_type not in FORMS:
            return None
        if any("\x00" in value for _, values in request.POST.lists() for value in values):
            return HttpResponseBadRequest("Yêu cầu không hợp lệ.")
        return None


class PrivatePages:
    """Pages of a signed-in person are kept by no cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response


class NoteDownloads:
    """Every file that leaves the portal, export or evidence, leaves a line in the log: who, what, from where."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Content-Disposition"):
            downloads.info(
                "%s took %s from %s", request.user, request.get_full_path(), client_address(request)
            )
        return response


class NoteRefusals:
    """Whoever has signed in and asks for what is not his, or not there, leaves a line in the log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSALS and request.user.is_authenticated:
            act = (request.method, request.get_full_path(), response.status_code, client_address(request))
            refusals.info("%s was refused %s %s with %s from %s", request.user, *act)
        return response
