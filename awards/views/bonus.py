"""Bonus money: the decisions that pay, and the list for the cashier, on the page and as a paper."""

from datetime import date
from urllib.parse import urlencode

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import payments as actions
from awards.eligibility.rulebook import RuleError
from awards.exports import BONUS_WRITERS, bonus_file
from awards.forms.recoveries import PayForm
from awards.models import Payment
from awards.queries import bonus as queries
from awards.queries.payments import balance, paid_by_decision
from awards.views.access import only_with
from core.vietnamese import normalize
from core.views import perform
from core.workflow import AlreadyDone, Refused

SEES, PAYS = "awards.view_bonus", "awards.pay_bonus"


@require_GET
@only_with(SEES)
def bonus_list(request: HttpRequest) -> HttpResponse:
    words = normalize(request.GET.get("q", ""))[:60]
    decisions = queries.decisions(words)
    paid = paid_by_decision(decisions)
    rows = [(one, paid.get(one)) for one in decisions]
    context = {"words": words, "decisions": rows, "shown": queries.SHOWN}
    return render(request, "awards/bonus_list.html", context)


@require_GET
@only_with(SEES)
def bonus_detail(request: HttpRequest) -> HttpResponse:
    decision = _decision(request)
    try:
        one = queries.bonus_list(decision)
    except RuleError as error:
        return render(
            request, "awards/bonus_detail.html", {"decision": decision, "wrong": str(error)}, status=422
        )
    rows = [(row, one.honours[row.item.key]) for row in one.money.rows]
    context = {
        "decision": decision,
        "one": one,
        "money": one.money,
        "paid": [pair for pair in rows if pair[0].is_paid],
        "balance": balance(one),
        "pays": rules.has_perm(PAYS, request.user),
        "unpaid": [pair for pair in rows if not pair[0].is_paid],
        "query": request.GET.urlencode(),
    }
    return render(request, "awards/bonus_detail.html", context)


@require_http_methods(["GET", "POST"])
@only_with(PAYS)
def bonus_pay(request: HttpRequest) -> HttpResponse:
    """The lines that are still to be paid, each with the sum of the list; his own somebody else notes."""
    decision = _decision(request)
    back = f"{reverse('awards:bonus_detail')}?{request.GET.urlencode()}"
    try:
        one = queries.bonus_list(decision)
    except RuleError:
        return redirect(back)
    lines = [
        (pk, f"{honour.name_then}: {honour.award.name}", due)
        for pk, due in balance(one).open.items()
        if rules.has_perm(PAYS, request.user, honour := one.honours[pk])
    ]
    if request.method == "GET" and not lines:
        messages.info(request, "Không còn dòng nào bạn ghi chi được.")
        return redirect(back)
    form = PayForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("on", "voucher", "note")}
        try:
            actions.pay(decision, form.amounts, by=request.user, **values)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã ghi chi tiền thưởng.")
            return redirect(back)
    page = {
        "title": "Ghi đã chi tiền thưởng",
        "lead": f"{decision}. Để trống dòng chưa chi theo chứng từ này.",
        "submit": "Ghi đã chi",
        "back": back,
        "back_label": "Danh sách chi tiền thưởng",
        "form": form,
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


@require_POST
@only_with(PAYS)
def payment_undo(request: HttpRequest, pk: int) -> HttpResponse:
    payment = get_object_or_404(Payment.objects.visible_to(request.user).select_related("honour"), pk=pk)
    perform(
        request,
        lambda: actions.undo(payment, reason=request.POST.get("reason", ""), by=request.user),
        done="Đã bỏ ghi chi; dòng này trở lại phần còn phải chi.",
    )
    honour = payment.honour
    asked = urlencode(
        {
            "so": honour.decision_number,
            "ngay": honour.decided_on.isoformat(),
            "co-quan": honour.decided_by,
        }
    )
    return redirect(f"{reverse('awards:bonus_detail')}?{asked}")


@require_GET
@only_with(SEES)
def bonus_export(request: HttpRequest, extension: str) -> HttpResponse:
    if extension not in BONUS_WRITERS:
        raise Http404
    try:
        one = queries.bonus_list(_decision(request))
    except RuleError as error:
        raise Http404 from error
    return bonus_file(one, extension)


def _decision(request: HttpRequest) -> queries.Decision:
    """From ``?so=15/QĐ-SNV&ngay=2023-01-10&co-quan=Giám đốc Sở``; without the last the first issuer."""
    try:
        day = date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError as error:
        raise Http404 from error
    found = queries.decisions_numbered(
        normalize(request.GET.get("so", ""))[:60], day, normalize(request.GET.get("co-quan", ""))
    )
    if not found:
        raise Http404
    return found[0]
