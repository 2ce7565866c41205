"""The acts on one complaint that have a form of their own: who handles it, more time, the result, the level above."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from awards.actions import complaints as actions
from awards.forms.notices import ExtendForm, ForwardForm, GiveForm, ResolveForm
from awards.models import Complaint
from awards.queries.answers import who_may_take
from awards.queries.notices import latest_extension, not_extended_because
from awards.views.access import told
from awards.views.complaints import found
from core.forms import PortalForm
from core.vietnamese import format_date
from core.workflow import AlreadyDone, Refused
from organization.models import User


@require_http_methods(["GET", "POST"])
def complaint_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    one = _for(request, pk, "awards.handle_complaint")
    form = ResolveForm(request.POST or None, initial={"version": one.version})
    page = {
        "title": "Ghi kết quả giải quyết đơn",
        "lead": f"{one}. Người gửi: {one.author_name}.",
        "submit": "Ghi kết quả",
    }
    return _page(request, one, form, actions.resolve, page, done="Đã ghi kết quả giải quyết.")


@require_http_methods(["GET", "POST"])
def complaint_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Once only: afterwards the page says so."""
    one = _for(request, pk, "awards.handle_complaint")
    if request.method == "GET" and (reason := not_extended_because(one)):
        messages.info(request, reason)
        return redirect("awards:complaint_detail", pk)
    form = ExtendForm(request.POST or None, initial={"version": one.version})
    page = {
        "title": "Gia hạn giải quyết đơn",
        "lead": f"{one}. Hạn giải quyết hiện tại: hết ngày {format_date(one.resolve_by)}; chỉ gia hạn một lần, chậm"
        f" nhất đến hết ngày {format_date(latest_extension(one))}. Người gửi đơn trên cổng được báo bằng thư.",
        "submit": "Gia hạn",
    }
    return _page(request, one, form, actions.extend, page, done="Đã gia hạn giải quyết đơn.")


@require_http_methods(["GET", "POST"])
def complaint_forward(request: HttpRequest, pk: int) -> HttpResponse:
    one = _for(request, pk, "awards.forward_complaint")
    form = ForwardForm(request.POST or None, initial={"version": one.version})
    page = {
        "title": "Chuyển đơn cho cấp trên giải quyết",
        "lead": f"{one}. Đơn được gửi bằng văn bản, ngoài cổng; cho đến khi ghi trả lời của cấp trên, hồ sơ bị nêu vẫn"
        " chưa được trình, chưa được quyết định.",
        "submit": "Ghi việc chuyển đơn",
    }
    return _page(request, one, form, actions.forward, page, done="Đã ghi việc chuyển đơn cho cấp trên.")


@require_http_methods(["GET", "POST"])
def complaint_answer(request: HttpRequest, pk: int) -> HttpResponse:
    one = _for(request, pk, "awards.forward_complaint")
    if one.forwarded_on is None:
        raise Http404
    form = ResolveForm(request.POST or None, initial={"version": one.version})
    page = {
        "title": "Ghi trả lời của cấp trên",
        "lead": f"{one}. Đã chuyển {one.forwarded_to}, văn bản {one.forward_number} ngày"
        f" {format_date(one.forwarded_on)}.",
        "submit": "Ghi trả lời",
    }
    return _page(request, one, form, actions.answer_from_above, page, done="Đã ghi trả lời của cấp trên.")


@require_http_methods(["GET", "POST"])
def complaint_give(request: HttpRequest, pk: int) -> HttpResponse:
    """The Director names somebody for this one complaint."""
    one = _for(request, pk, "awards.give_complaint")
    if one.state not in actions.OPEN:
        raise Http404
    choices = who_may_take(one, request.user)
    form = GiveForm(request.POST or None, initial={"version": one.version}, choices=choices)
    page = {
        "title": "Giao người giải quyết đơn",
        "lead": f"{one}. Người được giao đọc được đơn và thụ lý, giải quyết như Văn phòng Sở; chỉ áp dụng cho đơn này.",
        "submit": "Giao giải quyết",
    }
    return _page(request, one, form, _give, page, done="Đã giao người giải quyết đơn.")


# --- parts ----------------------------------------------------------------------------------------------
def _for(request: HttpRequest, pk: int, permission: str) -> Complaint:
    one = found(request, pk)
    if not rules.has_perm(permission, request.user, one):
        raise Http404
    return one


def _give(one: Complaint, values: dict[str, Any], *, by: Any, version: int | None) -> None:
    actions.give(one, User.objects.get(pk=values["handler"]), by=by, version=version)


def _page(
    request: HttpRequest,
    one: Complaint,
    form: PortalForm,
    act: Callable[..., None],
    page: dict[str, Any],
    *,
    done: str,
) -> HttpResponse:
    """The form, and back to the complaint when it was carried out."""
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        try:
            act(one, values, by=request.user, version=version)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect("awards:complaint_detail", one.pk)
        except Refused as refusal:
            told(form, refusal, one)
        else:
            messages.success(request, done)
            return redirect("awards:complaint_detail", one.pk)
    page |= {
        "back": reverse("awards:complaint_detail", args=[one.pk]),
        "back_label": str(one),
        "form": form,
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)
