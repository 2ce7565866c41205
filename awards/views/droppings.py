"""Không khen thưởng: noted of what the council carried, and taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from awards.actions import decisions as actions
from awards.forms.decisions import DropForm
from awards.models import Nomination
from awards.views.access import only_with
from core.views import perform
from core.workflow import AlreadyDone, Refused

PREPARE = "awards.prepare_decision"


@require_http_methods(["GET", "POST"])
@only_with(PREPARE)
def nomination_drop(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    back = reverse("awards:decision_list", args=[nomination.review_id])
    form = DropForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.drop(nomination, **form.cleaned_data, by=request.user)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã ghi không khen thưởng: {nomination}.")
            return redirect(back)
    page: dict[str, Any] = {
        "title": f"Không khen thưởng: {nomination.subject}",
        "lead": f"{nomination.award}. Hội đồng đã đề nghị; người có thẩm quyền không khen. Trưởng đơn vị đề nghị được"
        " báo bằng thư.",
        "submit": "Ghi không khen thưởng",
        "style": "danger",
        "back": back,
        "back_label": "Quyết định khen thưởng",
        "form": form,
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


@require_POST
@only_with(PREPARE)
def nomination_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    done = f"{nomination} trở lại chờ quyết định."
    perform(request, lambda: actions.take_up(nomination, by=request.user), done=done)
    return redirect("awards:decision_list", nomination.review_id)


def _found(request: HttpRequest, pk: int) -> Nomination:
    rows = Nomination.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("review", "person", "unit", "award", "proposal__unit"), pk=pk
    )
