"""Choosing the row of a higher level's scheme that a row feeds."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions.feeding import feed
from campaigns.forms import FeedingForm
from campaigns.models import CriteriaSet, Criterion
from campaigns.queries.feeding import search_above, with_schemes
from campaigns.views.access import at_version, office_only
from core.workflow import Refused, Stale


def feeding_of(request: HttpRequest, criterion: Criterion) -> dict[str, Any]:
    """What the choice shows: the row that is chosen, also while nothing is saved, and what the search finds."""
    asked = request.POST.get("feeds", str(criterion.feeds_id or ""))
    pk = int(asked) if asked.isdecimal() and len(asked) <= 18 else 0
    chosen = with_schemes([pk]).get(pk) if pk else None
    words, scheme = request.POST.get("tim-dong", ""), request.POST.get("tim-bo", "")
    owner = criterion.criteria_set
    return {
        "feeding": search_above(owner.campaign_year, words, scheme, chosen),
        "find_at": reverse("campaigns:feeding_search", args=[owner.pk]),
    }


@office_only
@require_POST
def feeding_search(request: HttpRequest, pk: int) -> HttpResponse:
    """The choice alone, while somebody types; nothing is written."""
    sets = CriteriaSet.objects.visible_to(request.user).select_related("campaign_year__campaign")
    criteria_set = get_object_or_404(sets, pk=pk)
    context = feeding_of(request, Criterion(criteria_set=criteria_set))
    return render(request, "campaigns/_feeds.html", context)


@office_only
def criterion_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """For a set in use, whose rows are frozen otherwise."""
    sets = CriteriaSet.objects.visible_to(request.user)
    rows = Criterion.objects.filter(criteria_set__in=sets)
    criterion = get_object_or_404(rows.select_related("criteria_set__campaign_year__campaign"), pk=pk)
    shows = request.method == "POST" and "find" in request.POST
    form = FeedingForm(None if shows else request.POST or None, instance=criterion)
    form.offer_rows()
    page = reverse("campaigns:criteria_set_detail", args=[criterion.criteria_set_id])
    if request.method == "POST" and not shows and form.is_valid():
        stored = Criterion.objects.select_related("criteria_set__campaign_year__campaign").get(pk=pk)
        try:
            target, version = form.cleaned_data["feeds"], form.cleaned_data["version"] or 0
            feed(stored, target, by=request.user, version=version)
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                at_version(form, stored.version)
        else:
            messages.success(request, f"Đã ghi nơi nhận số liệu của {criterion.code}.")
            return redirect(f"{page}#c{pk}")
    context = {"form": form, "criterion": criterion, "back": page, **feeding_of(request, criterion)}
    return render(request, "campaigns/criterion_feed.html", context, status=422 if form.errors else 200)
