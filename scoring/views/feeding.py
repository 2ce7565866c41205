"""The rows of a scheme with the figures of the rows below that feed them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from campaigns.models import CampaignYear
from scoring.queries.feeding import fed_rows


@require_GET
def feeding(request: HttpRequest, pk: int) -> HttpResponse:
    """Fed rows alone; ``?tat-ca=1`` shows the whole table, so that what nobody feeds is seen too."""
    rounds = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(rounds, pk=pk)
    criteria_set, rows = fed_rows(request.user, campaign_year)
    if criteria_set is None:
        raise Http404
    shows_all = "tat-ca" in request.GET
    context = {
        "campaign_year": campaign_year,
        "criteria_set": criteria_set,
        "rows": rows if shows_all else [one for one in rows if one.sources],
        "fed": sum(bool(one.sources) for one in rows),
        "unfed": sum(one.criterion.is_leaf and not one.sources for one in rows),
        "shows_all": shows_all,
    }
    return render(request, "scoring/analysis/feeding.html", context)
