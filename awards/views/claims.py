"""What rule files say without having been read in the source: the Office reads it, and confirms it with its article."""

from dataclasses import dataclass

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from awards import actions
from awards.eligibility.claims import Claim, claims
from awards.forms import ConfirmationForm, ReasonForm
from awards.models import RuleConfirmation, rule_source
from awards.views.access import only_with
from core.workflow import Refused


@dataclass(frozen=True)
class Shown:
    """A rule to be confirmed, with its document, its awards in words, and who has confirmed it."""

    claim: Claim
    document: str
    awards: tuple[str, ...]
    confirmation: RuleConfirmation | None


@require_safe
@only_with("awards.view_lists")
def claim_list(request: HttpRequest) -> HttpResponse:
    shown = _shown()
    context = {
        "shown": shown,
        "waiting": sum(one.confirmation is None for one in shown),
        "may_confirm": rules.has_perm("awards.prepare_list", request.user),
    }
    return render(request, "awards/claims.html", context)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def claim_confirm(request: HttpRequest, mark: str) -> HttpResponse:
    shown = next((one for one in _shown() if one.claim.mark == mark), None)
    if shown is None:
        raise Http404
    read = shown.confirmation.citation if shown.confirmation else ""
    form = ConfirmationForm(request.POST or None, initial={"citation": read})
    if form.is_valid():
        try:
            actions.confirm_rule(shown.claim, by=request.user, **form.cleaned_data)
            messages.success(request, "Đã xác nhận quy định.")
            return redirect("awards:claims")
        except Refused as refusal:
            form.refuse(refusal)
    context = {"one": shown, "form": form}
    return render(request, "awards/claim_confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def claim_withdraw(request: HttpRequest, mark: str) -> HttpResponse:
    known = RuleConfirmation.objects.select_related("legal_document", "confirmed_by__person")
    row = get_object_or_404(known, mark=mark)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_confirmation(row, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "Đã bỏ xác nhận. Quy định lại chờ xác nhận.")
            return redirect("awards:claims")
        except Refused as refusal:
            form.refuse(refusal)
    context = {"row": row, "form": form}
    return render(request, "awards/claim_withdraw.html", context, status=422 if form.errors else 200)


def _shown() -> list[Shown]:
    """Document by document, those that wait first."""
    source = rule_source()
    known = {
        one.mark: one
        for one in RuleConfirmation.objects.select_related("legal_document", "confirmed_by__person")
    }
    found = [
        Shown(
            claim,
            source.titles.get(claim.document, claim.document),
            tuple(dict.fromkeys(source.names.get(code, code) for code in claim.awards)),
            known.get(claim.mark),
        )
        for file in source.files
        for claim in claims(file)
    ]
    return sorted(found, key=lambda one: (one.document, one.confirmation is not None))
