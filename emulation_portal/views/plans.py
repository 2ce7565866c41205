"""The pages "Nhắc việc": the plan of every stage, and one plan with a preview on real data."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core import clock
from core.journal import history_of
from core.models import DigestDay, ReminderPlan, WorkYear
from core.views import number_in
from core.workflow import Refused, Stale
from emulation_portal.reminding.forms import PlanForm
from emulation_portal.reminding.gathering import STAGES
from emulation_portal.reminding.plans import KEEP, change_plan, day_in_words, in_words, preview
from organization.views.pages import permitted

RUNS_SHOWN = 10


@require_safe
@permitted(KEEP)
def plan_list(request: HttpRequest) -> HttpResponse:
    year = clock.today().year
    context = {
        "plans": [(plan, in_words(plan)) for plan in ReminderPlan.objects.filter(stage__in=STAGES)],
        "runs": DigestDay.objects.all()[:RUNS_SHOWN],
        "hour": settings.DIGEST_HOUR,
        "closing": settings.CLOSING_HOUR,
        "year": year,
        "is_confirmed": WorkYear.objects.filter(year=year, is_confirmed=True).exists(),
    }
    return render(request, "reminders/plan_list.html", context)


@permitted(KEEP)
def plan_change(request: HttpRequest, stage: str) -> HttpResponse:
    plan = get_object_or_404(ReminderPlan, stage=stage, stage__in=STAGES)
    form, tried = PlanForm(request.POST or None, instance=plan), plan
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            tried = ReminderPlan(
                pk=plan.pk, stage=plan.stage, name=plan.name, order=plan.order, **form.facts()
            )
        else:
            try:
                change_plan(
                    plan, facts=form.facts(), version=form.cleaned_data["version"] or 0, by=request.user
                )
            except Refused as refusal:
                _refuse(form, refusal, plan)
            else:
                messages.success(request, f"Đã lưu kế hoạch nhắc “{plan.name}”.")
                return redirect("reminder_plan", stage)
    reader = number_in(request.POST.get("nguoi") or request.GET.get("nguoi") or "")
    shown = preview(tried, reader=reader, viewer=request.user.pk)
    context: dict[str, Any] = {
        "plan": plan,
        "form": form,
        "preview": shown,
        "day": day_in_words(shown.day) if shown.day else "",
        "is_tried": tried is not plan,
        "entries": history_of(plan)[:20],
    }
    return render(request, "reminders/plan_change.html", context, status=422 if form.errors else 200)


def _refuse(form: Any, refusal: Refused, plan: ReminderPlan) -> None:
    form.refuse(refusal)
    if isinstance(refusal, Stale):
        form.data = form.data.copy()
        form.data["version"] = plan.version
