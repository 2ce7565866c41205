"""Error pages that say what to do next."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

log = logging.getLogger("portal.errors")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """No trace on the page: a code that can be read over the phone and is found in the log."""
    code = secrets.token_hex(3).upper()
    log.error("server error %s at %s", code, request.path)
    # Without the request: the page must come up when database and session are what failed.
    return HttpResponseServerError(render_to_string("errors/500.html", {"code": code}))
