"""Thử điểm: what would come out if some rows stood otherwise. Nothing is written; the address holds the assumption."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.models import CampaignYear
from scoring.forms.what_if import WHOLE, Assumptions
from scoring.models import Scorecard
from scoring.queries.analysis import collective_sheets
from scoring.queries.ranking import provisional_ranking
from scoring.queries.what_if import Trial, changed_rows, next_class, side_of, trial_of
from scoring.views import assumptions
from scoring.views.sheets import visible_sheet

PERMISSION = "scoring.see_provisional_ranking"
LONGEST_ADDRESS = 3000  # more assumptions are shown without an address of their own
GAINS_SHOWN = 8
PAGE, PANEL = "scoring/what_if/what_if.html", "scoring/what_if/outcome.html"


@require_http_methods(["GET", "POST"])
def scorecard_what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever may read the sheet, until it is published. A form leads to an address that says the same."""
    sheet = visible_sheet(request, pk)
    if sheet.state == Scorecard.State.PUBLISHED:
        messages.info(request, "Kết quả đã công bố: chỉ thử điểm được trước khi công bố.")
        return redirect("scoring:scorecard_detail", pk=pk)
    trial = trial_of(sheet, with_ranks=rules.has_perm(PERMISSION, request.user))
    assumed = Assumptions(trial.lines, trial.rows, request.POST if request.method == "POST" else request.GET)
    address = f"{request.path}?{urlencode(assumed.query)}" if assumed.query else request.path
    is_short = len(address) <= LONGEST_ADDRESS
    if request.headers.get("HX-Request") and "HX-History-Restore-Request" not in request.headers:
        answer = render(
            request, PANEL, _context(trial, assumed) | {"outcomes": assumptions.outcomes(trial, assumed)}
        )
        if is_short:
            answer["HX-Replace-Url"] = address
        return answer
    if request.method == "POST" and not assumed.errors and is_short:
        return redirect(address)
    context = _context(trial, assumed) | {"body": assumptions.body(trial, assumed), "whole": WHOLE}
    return render(request, PAGE, context, status=422 if assumed.errors else 200)


def _context(trial: Trial, assumed: Assumptions) -> dict[str, Any]:
    before, after = side_of(trial, trial.rows), side_of(trial, assumed.rows)
    wanted = next_class(trial, assumed.rows, after)
    gains = wanted[1].gains[:GAINS_SHOWN] if wanted else ()
    return {
        "sheet": trial.sheet,
        "trial": trial,
        "assumed": assumed,
        "places": trial.rules.places,
        "before": before,
        "after": after,
        "changes": changed_rows(trial, assumed.rows),
        "next": wanted,
        "gains": [(trial.criteria[gain.key], gain) for gain in gains],
        "more_gains": len(wanted[1].gains) - len(gains) if wanted else 0,
    }


@require_GET
def what_if_of_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose sheet to try things out on: the units of the round that this user may see."""
    rounds = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(rounds, pk=pk)
    sheets = list(collective_sheets(request.user, campaign_year).select_related("unit"))
    if not sheets:
        raise Http404
    sees_ranks = rules.has_perm(PERMISSION, request.user)
    places = provisional_ranking(campaign_year, sheets[0].recipient) if sees_ranks else {}
    context = {
        "campaign_year": campaign_year,
        "rows": [(sheet, places.get(sheet.pk)) for sheet in sheets],
        "sees_ranks": sees_ranks,
    }
    return render(request, "scoring/what_if/units.html", context)
