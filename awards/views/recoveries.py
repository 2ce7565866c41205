"""Recovery (thu hồi): what is still out for cancelled honours, and what was noted of each."""

from typing import Any

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import recoveries as actions
from awards.forms.recoveries import RecoverForm
from awards.models import Recovery
from awards.queries import recoveries as queries
from awards.views.access import only_with, told, version_of
from awards.workflow import RECOVERY
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.vietnamese import format_date, format_decimal
from core.views import advance
from core.workflow import AlreadyDone, Refused

SEES, NOTES = "awards.view_recovery", "awards.note_recovery"
MOVES = {"waive": actions.waive, "put_back": actions.put_back}
STATES = {
    queries.AT: Recovery.State.DUE,
    "da-thu": Recovery.State.DONE,
    "khong-phai-thu": Recovery.State.NOTHING,
}
KINDS = {"tien": Recovery.Kind.MONEY, "hien-vat": Recovery.Kind.GIFT}


def _by_state(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(state=STATES[value])


def _by_kind(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(kind=KINDS[value])


def _noted(one: Any) -> str:
    if one.state == Recovery.State.DONE:
        return f"{format_date(one.done_on)}, {one.paper}"
    return one.note


def _given(one: Any) -> str:
    return f"{one.honour.award.name}, năm {one.honour.year} ({one.honour.decision_number})"


def _due(one: Any) -> Any:
    return one.amount if one.is_money and one.amount is not None else ""


def _back(one: Any) -> Any:
    return one.recovered if one.recovered is not None else ""


LISTING = Listing(
    title="Thu hồi khen thưởng đã hủy",
    columns=[
        Column(
            "Người, tập thể", lambda one: one.honour.name_then, order=("honour__sort_key",), width=30,
            link=lambda one: reverse("awards:recovery_detail", args=[one.pk]),
        ),
        Column("Khen thưởng", _given, width=50),
        Column("Hủy ngày", lambda one: one.honour.cancelled_on, order=("honour__cancelled_on",), width=12),
        Column("Nội dung", lambda one: "Tiền thưởng" if one.is_money else "Hiện vật", width=14),
        Column("Phải thu (đồng)", _due, order=("amount",), width=16),
        Column("Đã thu (đồng)", _back, width=16),
        Column(
            "Tình trạng", lambda one: RECOVERY.states[one.state][0],
            badge=lambda one: RECOVERY.states[one.state][1], width=18,
        ),
        Column("Chứng từ, lý do", _noted, width=40, hide_on_phone=True),
    ],
    order=("-honour__cancelled_on", "honour__sort_key", "honour", "-kind"),
    search=("honour__search_key",),
    search_hint="Tìm tên, số quyết định; không cần dấu",
    filters=[
        Filter(
            "tinh-trang", "Tình trạng",
            lambda: [(key, state.label) for key, state in STATES.items()], _by_state,
        ),
        Filter("noi-dung", "Nội dung", lambda: [("tien", "Tiền thưởng"), ("hien-vat", "Hiện vật")], _by_kind),
    ],
    empty="Không có khen thưởng đã hủy nào phải thu hồi tiền thưởng, hiện vật.",
)  # fmt: skip


@require_GET
@only_with(SEES)
def recovery_list(request: HttpRequest) -> HttpResponse:
    rows = Recovery.objects.visible_to(request.user).select_related("honour__award")
    context = {"totals": queries.totals(LISTING.narrow(rows, request.GET.dict()))}
    return list_response(request, LISTING, rows, "awards/recoveries/list.html", context)


@require_GET
def recovery_detail(request: HttpRequest, pk: int) -> HttpResponse:
    recovery = _found(request, pk)
    context = {
        "recovery": recovery,
        "honour": recovery.honour,
        "facts": _facts(recovery),
        "workflow": RECOVERY,
        "history": history_of(recovery)[:50],
    }
    return render(request, "awards/recoveries/detail.html", context)


@require_http_methods(["GET", "POST"])
def recovery_note(request: HttpRequest, pk: int) -> HttpResponse:
    recovery = _found(request, pk)
    if not rules.has_perm(NOTES, request.user, recovery):
        raise Http404
    if request.method == "GET" and recovery.state != Recovery.State.DUE:
        messages.info(request, f"Khoản này đang ở trạng thái “{RECOVERY.states[recovery.state][0]}”.")
        return redirect("awards:recovery_detail", pk)
    known = {"version": recovery.version, "recovered": recovery.amount or None}
    form = RecoverForm(request.POST if request.method == "POST" else None, recovery=recovery, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recover(recovery, **form.cleaned_data, by=request.user)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect("awards:recovery_detail", pk)
        except Refused as refusal:
            told(form, refusal, recovery)
        else:
            messages.success(request, "Đã ghi thu hồi.")
            return redirect("awards:recovery_detail", pk)
    page = {
        "title": f"Ghi đã thu hồi: {'tiền thưởng' if recovery.is_money else 'hiện vật'}",
        "lead": f"{recovery.honour.name_then}: {recovery.honour.award}, năm {recovery.honour.year}.",
        "submit": "Ghi đã thu hồi",
        "back": reverse("awards:recovery_detail", args=[pk]),
        "back_label": recovery.honour.name_then,
        "form": form,
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


@require_POST
def recovery_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    recovery = _found(request, pk)
    if verb not in MOVES:
        raise Http404
    back = reverse("awards:recovery_detail", args=[pk])
    return advance(
        request, recovery, verb, workflow=RECOVERY, actions=MOVES, back=back, version=version_of(request)
    )  # fmt: skip


def _found(request: HttpRequest, pk: int) -> Recovery:
    rows = Recovery.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("honour__award", "honour__person", "honour__unit"), pk=pk)


def _facts(recovery: Recovery) -> list[tuple[str, Any]]:
    honour = recovery.honour
    cancelled = format_date(honour.cancelled_on) if honour.cancelled_on else ""
    found: list[tuple[str, Any]] = [
        ("Khen thưởng", f"{honour.award}, năm {honour.year}"),
        ("Quyết định khen thưởng", f"Số {honour.decision_number} ngày {format_date(honour.decided_on)}"),
        ("Hủy theo", f"Quyết định {honour.cancellation_number} ngày {cancelled}"),
        ("Lý do hủy", honour.cancellation_reason),
    ]
    if recovery.is_money:
        unknown = "chưa tính được, đối chiếu chứng từ chi"
        if paid := honour.payments.in_force().first():
            found.append(
                (
                    "Đã chi",
                    f"{format_decimal(paid.amount)} đồng, ngày {format_date(paid.paid_on)}, {paid.voucher}",
                )
            )
        due = f"{format_decimal(recovery.amount)} đồng" if recovery.amount is not None else unknown
        found.append(("Phải thu hồi", due))
    if recovery.state == Recovery.State.DONE and recovery.done_on:
        if recovery.is_money:
            found.append(("Đã thu hồi", f"{format_decimal(recovery.recovered)} đồng"))
        found += [("Ngày thu hồi", format_date(recovery.done_on)), ("Chứng từ, biên bản", recovery.paper)]
    if recovery.note:
        is_nothing = recovery.state == Recovery.State.NOTHING
        found.append(("Lý do không phải thu hồi" if is_nothing else "Ghi chú", recovery.note))
    return found
