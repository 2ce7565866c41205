"""One line of a decision's list: what the level above answers of it, what enters the register later, and why it is
rewarded where that is asked."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from awards.actions import decisions as actions
from awards.models import Decision, DecisionEntry
from awards.queries.giving import unsure_members
from awards.queries.repeats import repeats_of
from core.views import perform

OPEN = (Decision.State.DRAFT, Decision.State.QUERIED)
ENTRY_ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "bo-khong-khen": (actions.take_back_refusal, "Đã bỏ ghi không khen."),
    "ghi-so": (actions.enter_aside, "Đã ghi vào Sổ khen thưởng."),
}
REASONS: dict[str, tuple[Callable[..., Any], str]] = {
    "van-khen": (actions.explain, "Đã ghi lý do vẫn khen."),
    "khong-trung": (actions.tell_apart, "Đã ghi vì sao không phải một thành tích."),
}


@require_POST
def entry_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of the list: the answer from above is taken back, or what was put aside enters the register."""
    if verb not in ENTRY_ACTS:
        raise Http404
    entry, (act, done) = _entry(request, pk), ENTRY_ACTS[verb]
    perform(request, lambda: act(entry, by=request.user), done=done)
    return redirect("awards:decision_detail", entry.decision_id)


@require_POST
def decision_refuse_one(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    reason = request.POST.get("reason", "")
    perform(
        request,
        lambda: actions.refuse_one(entry, reason=reason, by=request.user),
        done="Đã ghi trả lời của cấp trên.",
    )
    return redirect("awards:decision_detail", entry.decision_id)


@require_POST
def entry_reason(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """A collective is rewarded although its share is not sure, or what looks like one achievement is two: why."""
    if verb not in REASONS:
        raise Http404
    entry, (act, done) = _entry(request, pk), REASONS[verb]
    perform(request, lambda: act(entry, reason=request.POST.get("reason", ""), by=request.user), done=done)
    return redirect("awards:decision_detail", entry.decision_id)


# --- what of a list is asked ------------------------------------------------------------------------------
def explained(decision: Decision, entries: list[DecisionEntry]) -> set[int]:
    """Collectives of which a reason may be asked now, because the titles of members are not sure."""
    asked = [one for one in entries if one.nomination.unit_id and (decision.state in OPEN or one.waits)]
    if not asked or not (any(one.explanation for one in asked) or unsure_members(decision.review)):
        return set()
    return {one.pk for one in asked}


def repeated(decision: Decision, entries: list[DecisionEntry]) -> dict[int, list[str]]:
    """By nomination: what its words of merit repeat, while a reason may be written."""
    asked = [one for one in entries if not one.refusal and (decision.state in OPEN or one.waits)]
    merits = {one.nomination_id: one.merit for one in asked}
    return repeats_of([one.nomination for one in asked], merits)


def _entry(request: HttpRequest, pk: int) -> DecisionEntry:
    seen = Decision.objects.visible_to(request.user)
    return get_object_or_404(DecisionEntry.objects.filter(decision__in=seen), pk=pk)
