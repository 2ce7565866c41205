"""Publishing a round anew after single sheets were opened again."""

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.workflow import AlreadyDone, Refused
from scoring.actions import publication as actions
from scoring.forms.sheets import RepublicationForm
from scoring.models import Publication
from scoring.queries.ranking import names_of, ready_state, reopened_sheets, sheets_of


@require_http_methods(["GET", "POST"])
def publish_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What was opened again, what is not ready, the reason and the typed confirmation."""
    publication = get_object_or_404(
        Publication.objects.in_force().select_related("campaign_year__campaign"), pk=pk
    )
    campaign_year = publication.campaign_year
    if not rules.has_perm("scoring.publish_results", request.user, campaign_year):
        raise Http404
    ready = ready_state(campaign_year)
    judged = sheets_of(campaign_year, publication.recipient)
    reopened = names_of(reopened_sheets(publication))
    unready = names_of(judged.exclude(state__in=[ready, "published"]))
    listed = list(unready.values_list("pk", flat=True))
    form = RepublicationForm(request.POST or None, unready=listed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_again(
                publication,
                by=request.user,
                confirmation=form.cleaned_data["confirmation"],
                reason=form.cleaned_data["comment"],
                not_scored=form.seen_sheets if form.cleaned_data.get("without_unready") else [],
                seen=form.seen_sheets,
            )
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã công bố lại; lần công bố trước vẫn lưu trong lịch sử.")
        if not form.errors:
            return redirect("scoring:publication_list")
    if form.errors:
        form.about_present_list()
    context = {
        "publication": publication,
        "form": form,
        "reopened": reopened,
        "unready": unready,
        "back": reverse("scoring:publication_list"),
    }
    return render(request, "scoring/ranking/publish_again.html", context, status=422 if form.errors else 200)
