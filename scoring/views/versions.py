"""The Office's page on which open sheets follow a corrected criteria set: what would become of them, then the act."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.models import CampaignYear, CriteriaSet
from campaigns.queries import criteria_in_use, differences
from core.workflow import Refused
from scoring.actions import versions as actions
from scoring.queries.versions import groups_for

SHOWN = 50


@require_GET
def move_sheets_of_year(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the version in use."""
    year = get_object_or_404(CampaignYear.objects.visible_to(request.user), pk=pk)
    current = criteria_in_use(year)
    if current is None:
        raise Http404
    return redirect("scoring:move_sheets", current.pk)


@require_http_methods(["GET", "POST"])
def move_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    target = _target(request, pk)
    if request.method == "POST":
        return _move(request, target)
    groups = [_shown(group) for group in groups_for(target)]
    others = target.campaign_year.criteria_sets.exclude(state=CriteriaSet.State.DRAFT).exclude(pk=target.pk)
    context = {
        "target": target,
        "year": target.campaign_year,
        "groups": groups,
        "total": sum(one["group"].count for one in groups),
        "returned": sum(one["group"].returned for one in groups),
        "others": others.order_by("-version_number"),
        "is_back": target.state == CriteriaSet.State.SUPERSEDED,
    }
    return render(request, "scoring/sheets/move_sheets.html", context)


def _move(request: HttpRequest, target: CriteriaSet) -> HttpResponse:
    try:
        moved = actions.move_sheets(target, by=request.user, comment=request.POST.get("comment", "")[:1000])
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return redirect("scoring:move_sheets", target.pk)
    if moved.sheets:
        messages.success(
            request,
            f"Đã chuyển {moved.sheets} phiếu sang phiên bản {target.version_number}; "
            f"{moved.returned} phiếu đã nộp trở về để chấm bổ sung, {moved.unfit} dòng phải chấm lại.",
        )
    else:
        messages.info(request, "Không còn phiếu nào phải chuyển.")
    return redirect("scoring:move_sheets", target.pk)


def _target(request: HttpRequest, pk: int) -> CriteriaSet:
    sets = CriteriaSet.objects.visible_to(request.user).exclude(state=CriteriaSet.State.DRAFT)
    target = get_object_or_404(sets.select_related("campaign_year__campaign"), pk=pk)
    if not rules.has_perm("scoring.move_scorecards", request.user, target.campaign_year):
        raise Http404
    return target


def _shown(group: Any) -> dict[str, Any]:
    """A group with what the correction changes for it and the first lines that must be scored again."""
    concerned = {one.lineage for one in [*group.pairing.added, *group.pairing.removed]}
    concerned |= {one.lineage for pair in group.pairing.changed for one in pair}
    rows = [one for one in differences(group.version, group.target) if one.criterion.lineage in concerned]
    return {
        "group": group,
        "differences": rows,
        "unfit": group.unfit[:SHOWN],
        "more": max(0, len(group.unfit) - SHOWN),
    }
