"""Holds (tạm dừng xét khen thưởng): who is held now, one hold with its history, placing and releasing."""

from dataclasses import replace
from typing import Any

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import holds as actions
from awards.forms.facts import HoldForm, HoldPaperForm, WithdrawForm
from awards.models import Hold
from awards.queries.holds import knows_reason
from awards.queries.people_facts import tabs_of
from awards.views.access import only_with, told
from core import clock
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.vietnamese import format_date
from core.workflow import AlreadyDone, Refused

PLACES = "awards.place_hold"
NOW, RELEASED = "dang-dung", "da-go"
HISTORY = 30


def _by_state(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(ended_on__isnull=value != RELEASED)


LISTING = Listing(
    title="Tạm dừng xét khen thưởng",
    columns=[
        Column(
            "Người, tập thể", lambda one: str(one.subject), width=34,
            link=lambda one: reverse("awards:hold_detail", args=[one.pk]),
        ),
        Column(
            "Tình trạng", lambda one: "Đã gỡ" if one.ended_on else "Đang tạm dừng",
            badge=lambda one: "secondary" if one.ended_on else "red", width=16,
        ),
        Column("Lý do", lambda one: one.get_reason_display().capitalize(), order=("reason",), width=36),
        Column("Văn bản", lambda one: one.paper, width=30, hide_on_phone=True),
        Column("Từ ngày", lambda one: one.started_on, order=("started_on",), width=12),
        Column("Gỡ ngày", lambda one: one.ended_on or "", order=("ended_on",), width=12),
    ],
    order=("-started_on",),
    filters=[
        Filter(
            "tinh-trang", "Tình trạng",
            lambda: [(NOW, "Đang tạm dừng"), (RELEASED, "Đã gỡ")], _by_state,
        ),
    ],
    empty="Không có ai, đơn vị nào mà bạn được xem đang tạm dừng xét khen thưởng.",
)  # fmt: skip


# Who may read why and under which paper reads it of each hold on its page.
WITHOUT_REASON = replace(
    LISTING, columns=[one for one in LISTING.columns if one.label not in ("Lý do", "Văn bản")]
)


@require_GET
def hold_list(request: HttpRequest) -> HttpResponse:
    rows: Any = Hold.objects.visible_to(request.user).select_related("person", "unit")
    context = {
        "places": rules.has_perm(PLACES, request.user),
        "now": rows.on(clock.today()).count(),
        "tabs": tabs_of(request.user),
        "here": "hold_list",
    }
    acting = request.user.acting  # type: ignore[union-attr]
    listing = LISTING if acting.reads_everything or acting.heads_the_agency else WITHOUT_REASON
    return list_response(request, listing, rows, "awards/facts/hold_list.html", context)


@require_GET
def hold_detail(request: HttpRequest, pk: int) -> HttpResponse:
    hold = _found(request, pk)
    knows = knows_reason(hold, request.user)
    own = hold.person_id is not None and hold.person_id == request.user.acting.person_id  # type: ignore[union-attr]
    context = {
        "hold": hold,
        "facts": _facts(hold, knows),
        "releases": rules.has_perm(PLACES, request.user) and not own and hold.ended_on is None,
        "history": history_of(hold)[:HISTORY] if knows else None,
    }
    return render(request, "awards/facts/hold_detail.html", context)


@require_http_methods(["GET", "POST"])
@only_with(PLACES)
def hold_place(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hold = actions.place_hold(**form.cleaned_data, by=request.user)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect("awards:hold_list")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã ghi tạm dừng và báo những người liên quan bằng thư.")
            return redirect("awards:hold_detail", hold.pk)
    page = {
        "title": "Tạm dừng xét khen thưởng",
        "lead": "Không danh sách, bỏ phiếu hay quyết định nào thông qua cho đến khi gỡ. Thư báo không nêu lý do.",
        "submit": "Tạm dừng xét",
        "back": reverse("awards:hold_list"),
        "back_label": "Tạm dừng xét khen thưởng",
        "style": "danger",
    }
    return _form(request, form, page)


@require_http_methods(["GET", "POST"])
@only_with(PLACES)
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    hold = _found(request, pk)
    form = WithdrawForm(request.POST or None, initial={"version": hold.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.release_hold(hold, **form.cleaned_data, by=request.user)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect("awards:hold_detail", pk)
        except Refused as refusal:
            told(form, refusal, hold)
        else:
            messages.success(request, "Đã gỡ tạm dừng; từ hôm nay được xét khen thưởng lại.")
            return redirect("awards:hold_detail", pk)
    page = {
        "title": f"Gỡ tạm dừng: {hold.subject}",
        "lead": f"Tạm dừng từ ngày {format_date(hold.started_on)} theo {hold.paper}. "
        "Ghi kết luận và văn bản kết luận.",
        "submit": "Gỡ tạm dừng",
        "back": reverse("awards:hold_detail", args=[pk]),
        "back_label": str(hold.subject),
    }
    return _form(request, form, page)


@require_http_methods(["GET", "POST"])
@only_with(PLACES)
def hold_correct(request: HttpRequest, pk: int) -> HttpResponse:
    hold = _found(request, pk)
    form = HoldPaperForm(request.POST or None, initial={"version": hold.version, "paper": hold.paper})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_paper(hold, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            told(form, refusal, hold)
        else:
            messages.success(request, "Đã sửa văn bản và báo những người liên quan bằng thư.")
            return redirect("awards:hold_detail", pk)
    page = {
        "title": f"Sửa văn bản tạm dừng: {hold.subject}",
        "lead": "Chỉ khi ghi sai số, ngày, cơ quan ban hành so với bản đã ký; việc tạm dừng không thay đổi.",
        "submit": "Lưu",
        "back": reverse("awards:hold_detail", args=[pk]),
        "back_label": str(hold.subject),
    }
    return _form(request, form, page)


def _found(request: HttpRequest, pk: int) -> Hold:
    rows = Hold.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("person", "unit", "placed_by__person", "released_by__person"), pk=pk
    )


def _facts(hold: Hold, knows: bool) -> list[tuple[str, Any]]:
    facts = [("Lý do", hold.get_reason_display().capitalize()), ("Văn bản", hold.paper)] if knows else []
    facts += [("Từ ngày", format_date(hold.started_on)), ("Người ghi", hold.placed_by.display_name)]
    if hold.ended_on and hold.released_by:
        facts += [
            ("Gỡ ngày", format_date(hold.ended_on)),
            ("Người gỡ", hold.released_by.display_name),
        ]
        facts += [("Lý do gỡ", hold.release_reason)] if knows else []
    return facts


def _form(request: HttpRequest, form: Any, page: dict[str, Any]) -> HttpResponse:
    return render(request, "awards/form.html", {**page, "form": form}, status=422 if form.errors else 200)
