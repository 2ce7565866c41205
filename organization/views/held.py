"""What was typed into a page of a session that is over: held, shown, and sent again by one button."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organization import actions
from organization.actions.held import TOKEN
from organization.forms.held import readable


def held_form(request: HttpRequest) -> HttpResponse:
    held = actions.held_form(request)
    if held is None:
        return redirect("home")
    if request.method == "POST":
        actions.drop_held_form(request)
        return redirect("home")
    return render(request, "signin/held_form.html", {"held": held, "shown": readable(held["fields"])})


@login_not_required
def stale_page(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    """A form whose token is not that of the present session, as when one has signed in again in another tab.

    Where the token is one of this person's own earlier pages, the form waits for one press. Otherwise it is only
    shown, to be copied: whose it is nobody knows.
    """
    if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
        return HttpResponse("Trang đã cũ.", status=403)  # portal.js takes a fresh token and tries again
    last = actions.last_user(request)
    wrote = last and request.user.pk in (None, last.pk) and last.wrote(request.POST.get(TOKEN, ""))
    if last and wrote and actions.hold_form(request, last.pk):
        return redirect("held_form")
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    shown = readable(actions.typed(request)) if ours else []
    return render(request, "errors/csrf.html", {"shown": shown}, status=403)
