"""The frame of a criteria set: which rows are of it, what a newer version would change, taking it over, leaving it."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import frames as acts
from campaigns.forms import FrameForm
from campaigns.models import CriteriaSet
from campaigns.queries import tree
from campaigns.queries.frames import frame_outlook, frames_for, newer_frame
from campaigns.views.access import office_only, year_or_404
from campaigns.workflow import MANAGE
from core.views import perform
from core.workflow import Refused

LOCAL = "rieng"
OF_FRAME = "khung"


def _set(request: HttpRequest, pk: int) -> CriteriaSet:
    sets = CriteriaSet.objects.visible_to(request.user)
    return get_object_or_404(
        sets.select_related("campaign_year__campaign", "frame__campaign_year__campaign"), pk=pk
    )


@require_safe
def frame_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """``?khung=<pk>`` previews what taking over that set would change; ``?dong=rieng`` shows the own rows alone."""
    criteria_set = _set(request, pk)
    may_manage = rules.has_perm(MANAGE, request.user, criteria_set.campaign_year.campaign)
    may_edit = may_manage and criteria_set.state == CriteriaSet.State.DRAFT
    if criteria_set.frame is None and not may_edit:
        raise Http404
    rows = tree(criteria_set)
    wanted = request.GET.get("dong", "")
    of_frame = {OF_FRAME: True, LOCAL: False}.get(wanted)
    newer = newer_frame(criteria_set) if may_manage else None
    context = {
        "set": criteria_set,
        "rows": [row for row in rows if of_frame in (None, row["criterion"].is_of_frame)],
        "kinds": _kinds(rows, wanted),
        "newer": newer,
        "may_edit": may_edit,
        **(_preview(request, criteria_set, newer) if may_edit else {}),
    }
    return render(request, "campaigns/frame_detail.html", context)


def _kinds(rows: list[dict[str, Any]], wanted: str) -> list[tuple[str, str, int, bool]]:
    """The choices above the table: value, label, how many rows, whether it is the present one."""
    locked = sum(row["criterion"].is_of_frame for row in rows)
    counts = {"": len(rows), OF_FRAME: locked, LOCAL: len(rows) - locked}
    labels = {"": "Tất cả", OF_FRAME: "Của khung", LOCAL: "Riêng"}
    return [(value, labels[value], counts[value], value == wanted) for value in counts]


def _preview(request: HttpRequest, criteria_set: CriteriaSet, newer: CriteriaSet | None) -> dict[str, Any]:
    frames = list(frames_for(criteria_set.campaign_year))
    asked = request.GET.get("khung", "")
    chosen = next((one for one in frames if str(one.pk) == asked), None)
    first = chosen or newer or criteria_set.frame
    shown: dict[str, Any] = {"frames": frames, "selected": first and first.pk, "chosen": chosen}
    if chosen:
        shown["outlook"] = frame_outlook(criteria_set, chosen)
    return shown


@office_only
@require_POST
def frame_take(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = _set(request, pk)
    asked = request.POST.get("khung", "")
    if not asked.isdecimal():
        raise Http404
    frame = get_object_or_404(frames_for(criteria_set.campaign_year), pk=asked)
    digest = request.POST.get("digest", "")
    perform(
        request,
        lambda: acts.take_frame(criteria_set, frame, by=request.user, shown=digest),
        done=f"Bản nháp đã theo khung “{frame}”.",
    )
    return redirect("campaigns:frame_detail", pk)


@office_only
@require_POST
def frame_leave(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = _set(request, pk)
    reason = request.POST.get("comment", "")
    perform(
        request,
        lambda: acts.leave_frame(criteria_set, by=request.user, reason=reason),
        done="Đã rời khung; mọi dòng nay là dòng riêng.",
    )
    return redirect("campaigns:criteria_set_detail", pk)


@office_only
def frame_start(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft of the round that takes over a frame."""
    year = year_or_404(request, pk)
    form = FrameForm(request.POST or None, frames=frames_for(year))
    if request.method == "POST" and form.is_valid():
        facts = {"frame": form.cleaned_data["frame"], "title": form.cleaned_data["title"]}
        try:
            made = acts.begin_on_frame(year, by=request.user, **facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã lập bản nháp theo khung. Hãy thêm các dòng riêng.")
            return redirect("campaigns:criteria_set_detail", made.pk)
    context = {"year": year, "form": form, "title": f"Lập bộ tiêu chí {year.when} theo khung"}
    return render(request, "campaigns/frame_start.html", context, status=422 if form.errors else 200)
