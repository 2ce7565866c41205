"""Who reaches a page: for everybody else it does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, CampaignYear
from campaigns.queries import year_visible_to
from campaigns.workflow import MANAGE
from core.workflow import Workflow

View = Callable[..., HttpResponse]


def office_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.has_perm(MANAGE, request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def about(request: HttpRequest, campaign: Campaign) -> None:
    """Indexes and movements share their addresses; the menu marks the one that the page is about."""
    if campaign.is_index:
        request.menu_entry = "campaigns:index_list"  # type: ignore[attr-defined]


def campaign_or_404(request: HttpRequest, pk: int, *related: str) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user)
    campaign = get_object_or_404(campaigns.select_related(*related) if related else campaigns, pk=pk)
    about(request, campaign)
    return campaign


def year_or_404(request: HttpRequest, pk: int) -> CampaignYear:
    year = year_visible_to(request.user, pk)
    if year is None:
        raise Http404
    about(request, year.campaign)
    return year


def known_verb(workflow: Workflow, verb: str) -> None:
    if verb not in workflow.moves:
        raise Http404


def at_version(form: Any, version: int) -> None:
    """A form that comes back after a conflict is about the present version: saving it again is a decision."""
    form.data = form.data.copy()
    form.data["version"] = version
