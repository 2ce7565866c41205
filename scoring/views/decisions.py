"""Reading one achievement, deciding on it, and confirming many at once."""

from collections.abc import Callable, Mapping
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.journal import history_of
from core.views import number_in, shown_versions
from core.workflow import AlreadyDone, Refused
from scoring.actions import achievements as actions
from scoring.forms.achievements import DecisionForm
from scoring.models import Achievement
from scoring.queries.achievements import (
    POINTS,
    closed_year,
    own_share,
    proofs_of,
    visible_achievement,
    whereabouts,
)
from scoring.queries.duplicates import Duplicates, near_duplicates, same_titles
from scoring.workflow.achievements import ACHIEVEMENT, may_still_change

ACTIONS: Mapping[str, Callable[..., None]] = {
    "submit": actions.submit,
    "withdraw": actions.withdraw,
    "confirm": actions.confirm,
    "send_back": actions.send_back,
    "refuse": actions.refuse,
    "reopen": actions.reopen,
    "remove": actions.remove,
}
WITH_POINTS = ("send_back", "reopen")
AT_ONCE = 100


def found(request: HttpRequest, pk: int) -> Achievement:
    """The achievement with what every page shows; a stranger gets 404."""
    achievement = visible_achievement(request.user, pk)
    if achievement is None:
        raise Http404
    return achievement


@require_POST
def achievement_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    achievement = found(request, pk)
    if verb not in ACTIONS:
        raise Http404
    form = DecisionForm(request.POST, verb=verb, achievement=achievement)
    if not form.is_valid():
        return detail_page(request, achievement, form)
    try:
        _act(request, achievement, form)
    except AlreadyDone as refusal:
        messages.info(request, refusal.reasons[0])
    except Refused as refusal:
        form.refuse(refusal)
        return detail_page(request, found(request, pk), form)
    else:
        messages.success(request, _done(verb, achievement))
    return (
        redirect("scoring:achievement_list")
        if verb == "remove"
        else redirect("scoring:achievement_detail", pk)
    )


def _act(request: HttpRequest, achievement: Achievement, form: DecisionForm) -> None:
    more: dict[str, Any] = {"flags": form.flags} if form.verb in WITH_POINTS else {}
    version = number_in(request.POST.get("version", ""))
    comment = form.cleaned_data["comment"]
    if form.verb not in ("submit", "withdraw", "remove"):
        more["comment"] = comment
    ACTIONS[form.verb](achievement, by=request.user, version=version, **more)


def _done(verb: str, achievement: Achievement) -> str:
    if verb == "submit" and achievement.approving_unit:
        return f"Đã nộp. Bước tiếp theo: thủ trưởng {achievement.approving_unit.short_name} xác nhận."
    return "Đã xóa bản nháp." if verb == "remove" else f"Đã thực hiện: {ACHIEVEMENT.moves[verb].label}."


def detail_page(
    request: HttpRequest, achievement: Achievement, form: DecisionForm | None = None
) -> HttpResponse:
    user = request.user
    allowed = {move.verb for move in ACHIEVEMENT.available(achievement, user)}
    decides = bool(allowed & {"confirm", "send_back", "refuse"})
    context = {
        "achievement": achievement,
        "workflow": ACHIEVEMENT,
        "allowed": allowed,
        "decides": decides,
        "kept_by": list(may_still_change(achievement)) if "reopen" in allowed else [],
        "form": form or DecisionForm(achievement=achievement),
        "evidence": proofs_of(achievement),
        "own_share": own_share(achievement),
        "flags": [(POINTS[flag.point].label, flag) for flag in achievement.flags.all()],
        "where": whereabouts(achievement),
        "duplicates": near_duplicates(achievement, user) if decides else Duplicates(),
        "may_edit": "submit" in allowed,
        "entries": history_of(achievement)[:100],
    }
    return render(
        request, "scoring/achievements/detail.html", context, status=422 if form and form.errors else 200
    )


def confirm_many(request: HttpRequest) -> HttpResponse:
    """The chosen rows with what will become of each; then one transaction a row, and what became of each."""
    if request.method != "POST":
        outcomes = request.session.pop("confirmed_many", None)
        if outcomes is None:
            return redirect("scoring:achievement_list_of", "cho-toi")
        return render(request, "scoring/achievements/confirmed_many.html", {"outcomes": outcomes})
    chosen = {int(pk) for pk in request.POST.getlist("chon")[:AT_ONCE] if number_in(pk) is not None}
    rows = Achievement.objects.visible_to(request.user).filter(pk__in=chosen).select_related(
        "person", "unit", "criterion", "campaign_year"
    ).prefetch_related("co_authors").order_by("pk")  # fmt: skip
    if not rows:
        messages.error(request, "Chưa chọn thành tích nào.")
        return redirect("scoring:achievement_list_of", "cho-toi")
    if "confirm" in request.POST:
        return _confirm_chosen(request, list(rows))
    alike = same_titles(rows)
    preview = [(row, _hindrance(row, request.user), row.pk in alike) for row in rows]
    context = {"preview": preview, "possible": sum(1 for _, hindrance, _ in preview if not hindrance)}
    return render(request, "scoring/achievements/confirm_many.html", context)


def _hindrance(achievement: Achievement, user: Any) -> str:
    if achievement.state != Achievement.State.SUBMITTED:
        return f"Đang ở trạng thái “{ACHIEVEMENT.states[achievement.state][0]}”."
    if not rules.has_perm("scoring.decide_achievement", user, achievement):
        return "Bạn không có quyền xác nhận thành tích này."
    return " ".join(closed_year(achievement))


def _confirm_chosen(request: HttpRequest, rows: list[Achievement]) -> HttpResponse:
    outcomes = actions.confirm_many(rows, by=request.user, versions=shown_versions(request))
    request.session["confirmed_many"] = [
        {
            "pk": one.achievement.pk,
            "title": str(one.achievement),
            "done": one.is_done,
            "sentence": one.sentence,
        }
        for one in outcomes
    ]
    return redirect("scoring:achievement_confirm_many")
