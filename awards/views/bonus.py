"""Bonus money: the decisions that pay, and the list for the cashier, on the page and as a paper."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from awards.eligibility.rulebook import RuleError
from awards.exports import BONUS_WRITERS, bonus_file
from awards.queries import bonus as queries
from awards.views.access import only_with
from core.vietnamese import normalize

SEES = "awards.view_bonus"


@require_GET
@only_with(SEES)
def bonus_list(request: HttpRequest) -> HttpResponse:
    words = normalize(request.GET.get("q", ""))[:60]
    context = {"words": words, "decisions": queries.decisions(words), "shown": queries.SHOWN}
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
        "unpaid": [pair for pair in rows if not pair[0].is_paid],
        "query": request.GET.urlencode(),
    }
    return render(request, "awards/bonus_detail.html", context)


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
