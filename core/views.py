"""What every app's views share: pressing a button of a procedure, and answering a refusal."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from core.workflow import AlreadyDone, Refused, Workflow

Action = Callable[..., Any]


def advance(
    request: HttpRequest,
    document: models.Model,
    verb: str,
    *,
    workflow: Workflow,
    actions: Mapping[str, Action],
    back: str,
    **data: Any,
) -> HttpResponse:
    """Carry out the move ``verb`` that a button of the move bar asked for, and say what happened."""
    move = workflow.moves[verb]
    perform(
        request,
        lambda: actions[verb](document, by=request.user, comment=request.POST.get("comment", ""), **data),
        done=f"Đã thực hiện: {move.label}. Trạng thái mới: {workflow.states[move.target][0]}.",
    )
    return back_to(request, back)


def perform(request: HttpRequest, act: Callable[[], Any], *, done: str) -> bool:
    """Run an act; its success or the reasons of its refusal become messages. True when it was carried out."""
    try:
        act()
    except AlreadyDone as refusal:
        messages.info(request, refusal.reasons[0])
        return True
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return False
    messages.success(request, done)
    return True


def shown_versions(request: HttpRequest) -> dict[int, int]:
    """For acts on many rows: the version of every row that the page showed, from its field ``version_<pk>``."""
    found = {}
    for name in request.POST:
        pk = name.removeprefix("version_")
        row, version = number_in(pk), number_in(request.POST.get(name, ""))
        if pk != name and row is not None and version is not None:
            found[row] = version
    return found


def number_in(text: str) -> int | None:
    """The number that a hidden field carries, or nothing where somebody wrote something else into it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def back_to(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """Where the form says it came from, if that is a page of ours."""
    target = request.POST.get("next", "") or default
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = default
    return redirect(target)
