"""What the pages of this app share: who may open a page, and the round of a form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.workflow import Refused, Stale

View = Callable[..., HttpResponse]


def permitted(permission: str) -> Callable[[View], View]:
    """A page for those who hold the permission; for everybody else it is not there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rules.has_perm(permission, request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def form_page(
    request: HttpRequest,
    form: Any,
    act: Callable[[Any], Any],
    *,
    done: str | Callable[[Any], str],
    to: str | Callable[[Any], str],
    page: dict[str, Any],
    document: Model | None = None,
    template: str = "organization/form.html",
) -> HttpResponse:
    """Show the form, or carry out the act with what it holds; a refusal leaves everything typed where it is."""
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form)
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale) and document is not None:
                form.data = form.data.copy()
                form.data["version"] = document.version  # type: ignore[attr-defined]
        else:
            messages.success(request, done(result) if callable(done) else done)
            return redirect(to(result) if callable(to) else to)
    status = 422 if form.errors else 200
    return render(request, template, {**page, "form": form}, status=status)
