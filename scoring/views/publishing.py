"""Results as they were published: one of them, publishing a round, the history, taking a publication back."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.models import CampaignYear, Recipient
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from scoring.actions import publication as actions
from scoring.forms.sheets import PublicationForm, WithdrawalForm
from scoring.models import Line, Publication, Scorecard
from scoring.queries.ceilings import board_of_places
from scoring.queries.content import thawed
from scoring.queries.ranking import (
    bands_of,
    names_of,
    provisional_ranking,
    publication_in_force,
    ready_state,
    results_visible_to,
    sheets_of,
)
from scoring.views.columns import LABELS
from scoring.views.texts import reasons

UNREADY_SHOWN = 500  # by name; an office with more of them does not read them one by one


@require_GET
def result_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One result with the lines it was computed from, as they were on the day of publication."""
    result = get_object_or_404(results_visible_to(request.user), pk=pk)
    publication = result.publication
    # The paper prints what is in force: of a result that was reopened it would say something else.
    in_force = publication.withdrawn_at is None and result.scorecard.state == Scorecard.State.PUBLISHED
    lines = [thawed(row, place) for place, row in enumerate(result.frozen.get("lines", []), start=1)]
    columns = _columns_of(lines)
    rows = [
        (line, [(label, getattr(line, f"{name}_score")) for name, label in columns], reasons(line))
        for line in lines
    ]
    context = {
        "result": result,
        "publication": publication,
        "columns": columns,
        "rows": rows,
        "in_force": in_force,
    }
    return render(request, "scoring/ranking/result_detail.html", context)


def _columns_of(lines: list[Line]) -> list[tuple[str, str]]:
    """Name and label of every column: self, approved and appraised, and whatever else somebody gave a score in."""
    every = [("self", "Tự chấm"), *LABELS.items()]
    shown = [
        (name, label)
        for name, label in every
        if name in ("self", "approved", "appraised")
        or any(getattr(line, f"{name}_score") is not None for line in lines)
    ]
    has_second = any(name == "second" for name, _ in shown)
    return [
        (name, f"{label} lần 1" if has_second and name == "appraised" else label) for name, label in shown
    ]


# --- publication -------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int, recipient: str) -> HttpResponse:
    """What would be published, what is in the way, and the typed confirmation."""
    campaign_year = _year_to_publish(request, pk, recipient)
    unready = names_of(sheets_of(campaign_year, recipient).exclude(state=ready_state(campaign_year)))
    listed = list(unready.values_list("pk", flat=True))
    form = PublicationForm(request.POST or None, unready=listed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish(
                campaign_year,
                recipient,
                by=request.user,
                not_scored=form.seen_sheets if form.cleaned_data.get("without_unready") else [],
                seen=form.seen_sheets,
                confirmation=form.cleaned_data["confirmation"],
                comment=form.cleaned_data["comment"],
            )
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã công bố kết quả và gửi thư cho những người liên quan.")
        if not form.errors:
            return redirect(_ranking_of(campaign_year, recipient))
    if form.errors:
        form.about_present_list()
    places = provisional_ranking(campaign_year, recipient, [ready_state(campaign_year)])
    named = {pk: place.band for pk, place in places.items()}
    context = {
        "campaign_year": campaign_year,
        "recipient": Recipient(recipient),
        "form": form,
        "unready": unready.filter(pk__in=listed[:UNREADY_SHOWN]),
        "unready_count": len(listed),
        "unready_more": max(0, len(listed) - UNREADY_SHOWN),
        "ready": len(places),
        "tied": sum(place.is_tied for place in places.values()),
        "board": board_of_places(campaign_year, recipient, bands_of(campaign_year, recipient), named),
        "in_force": publication_in_force(campaign_year, recipient),
        "back": _ranking_of(campaign_year, recipient),
    }
    return render(request, "scoring/ranking/publish.html", context, status=422 if form.errors else 200)


def _year_to_publish(request: HttpRequest, pk: int, recipient: str) -> CampaignYear:
    campaign_year = get_object_or_404(
        CampaignYear.objects.visible_to(request.user).select_related("campaign"), pk=pk
    )
    if recipient not in Recipient.values or not rules.has_perm(
        "scoring.publish_results", request.user, campaign_year
    ):
        raise Http404
    return campaign_year


@require_GET
def publication_list(request: HttpRequest) -> HttpResponse:
    """Every publication there ever was, the withdrawn ones with their reason."""
    user: Any = request.user
    if not user.acting.person_id:
        raise Http404
    rows = Publication.objects.select_related(
        "campaign_year__campaign", "published_by__person", "withdrawn_by__person"
    ).order_by("-published_at")[:200]
    return render(
        request,
        "scoring/ranking/publication_list.html",
        {
            "publications": rows,
            "may_publish": rules.has_perm("scoring.publish_results", request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def publication_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Mở lại: with a reason that everybody concerned will read."""
    publication = get_object_or_404(Publication.objects.select_related("campaign_year__campaign"), pk=pk)
    if not rules.has_perm("scoring.publish_results", request.user, publication.campaign_year):
        raise Http404
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_publication(publication, by=request.user, reason=form.cleaned_data["reason"])
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã mở lại kết quả; các phiếu trở về trạng thái “Đã thẩm định”.")
        if not form.errors:
            return redirect("scoring:publication_list")
    context = {
        "publication": publication,
        "form": form,
        "entries": history_of(publication),
        "back": reverse("scoring:publication_list"),
    }
    return render(
        request, "scoring/ranking/publication_withdraw.html", context, status=422 if form.errors else 200
    )


def _ranking_of(campaign_year: CampaignYear, recipient: str) -> str:
    return f"{reverse('scoring:ranking')}?nam={campaign_year.pk}&doi-tuong={recipient}"
