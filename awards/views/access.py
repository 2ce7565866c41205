"""Who gets to a page of the award floor at all; everybody else finds nothing there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from awards.models import AwardEntry, AwardList
from core.workflow import Refused, Stale

View = Callable[..., HttpResponse]


def only_with(permission: str) -> Callable[[View], View]:
    """The page does not exist for whoever lacks the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rules.has_perm(permission, request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def find_list(request: HttpRequest, pk: int) -> AwardList:
    lists = AwardList.objects.visible_to(request.user).select_related(
        "campaign_year__campaign", "prepared_by__person"
    )
    return get_object_or_404(lists, pk=pk)


def find_entry(request: HttpRequest, pk: int) -> AwardEntry:
    entries = AwardEntry.objects.filter(
        award_list__in=AwardList.objects.visible_to(request.user)
    ).select_related(
        "award",
        "computed_award",
        "award_list__campaign_year__campaign",
        "scorecard__person",
        "scorecard__unit__parent",
    )
    return get_object_or_404(entries, pk=pk)


def version_of(request: HttpRequest) -> int | None:
    """The version a form was filled from; nonsense counts as none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def told(form: Any, refusal: Refused, row: Any) -> None:
    """Show a refusal above the form; who has been told of a newer version may save over it."""
    form.refuse(refusal)
    if isinstance(refusal, Stale) and row is not None:
        form.data = form.data.copy()
        form.data["version"] = row.version
