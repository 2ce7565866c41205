"""A dossier: its report, papers, findings as kept and as of today, and what the Office says of it."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import dossiers as actions
from awards.actions import proposals, verifying
from awards.actions.occasions import choose_occasion
from awards.forms.nominations import FlagForm, NominationPaperForm, OccasionForm, ReportForm, VerdictForm
from awards.models import Flag, Nomination, NominationPaper, Proposal, Review
from awards.queries import nominations as queries
from awards.queries.holds import sentence_of
from awards.queries.occasions import given_for
from awards.queries.repeats import repeats_of, same_merit
from awards.queries.reports import fresh, replaced, sections_of
from awards.queries.reviews import rulebook_of
from awards.views.access import told, version_of
from awards.workflow import PROPOSAL
from core.attachments import download
from core.journal import history_of
from core.models import Entry
from core.views import perform
from core.workflow import Refused, Stale

HISTORY = 50
COLOURS = {
    Nomination.Verdict.PENDING: "secondary",
    Nomination.Verdict.ACCEPTED: "green",
    Nomination.Verdict.FLAGGED: "orange",
    Nomination.Verdict.EXCEPTION: "azure",
    Nomination.Verdict.REJECTED: "red",
}


@require_GET
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


def _page(request: HttpRequest, nomination: Nomination, **forms: Any) -> HttpResponse:
    review, user = nomination.review, request.user
    book = rulebook_of(review)
    now = queries.assessed(review, [nomination], book).get(nomination.pk)
    writes = rules.has_perm("awards.write_dossier", user, nomination)
    points = queries.editable_points(nomination) if writes else set()
    verifies = (
        nomination.proposal.state == Proposal.State.SUBMITTED
        and review.state == Review.State.OPEN
        and not nomination.withdrawn_at
        and rules.has_perm("awards.verify_dossier", user, nomination)
    )
    reads = queries.reads_findings(user, nomination)
    others, given = queries.beside(nomination, user)
    kind = given_for(review, nomination, now, book)
    repeats = repeats_of([nomination]).get(nomination.pk, []) if verifies else []
    context = {
        "nomination": nomination,
        "others": [(one, same_merit(one.merit, nomination.merit)) for one in others],
        "given": [(one, same_merit(one.merit, nomination.merit)) for one in given],
        "kind": kind,
        "chooses": kind.choices
        and not nomination.withdrawn_at
        and rules.has_perm("awards.choose_occasion", user, nomination),
        "held": sentence_of(nomination.subject, request.user),
        "proposal": nomination.proposal,
        "review": review,
        "workflow": PROPOSAL,
        "colour": COLOURS[Nomination.Verdict(nomination.verdict)],
        "sections": [(one, nomination.report.get(one.code, "")) for one in sections_of(nomination)],
        "checklist": queries.papers_of(nomination, book),
        "stopping": queries.stopping_papers(nomination, book, now),
        "now": now,
        "told": (nomination.findings or (queries.as_kept(now, book) if now else [])) if reads else [],
        "changed": queries.changed_since(nomination, now, book)
        if reads and now and nomination.findings
        else [],
        "points": points,
        "withdraws": rules.has_perm("awards.prepare_proposal", user, nomination.proposal)
        and nomination.proposal.state in (Proposal.State.DRAFT, Proposal.State.RETURNED)
        and review.state == Review.State.OPEN
        and not nomination.withdrawn_at,
        "verifies": verifies,
        "paper_form": NominationPaperForm(),
        "repeats": repeats,
        "verdict_form": VerdictForm(
            initial={"version": nomination.version, "distinct": nomination.distinct_because},
            is_repeated=bool(repeats or nomination.distinct_because),
        ),
        "flag_form": FlagForm(),
        "verdict_reason": nomination.verdict_reason if reads else "",
        "distinct_because": nomination.distinct_because if reads else "",
        "history": _history(nomination, reads=reads),
        **forms,
    }
    return render(request, "awards/nominations/dossier.html", context, status=422 if forms else 200)


def _history(nomination: Nomination, *, reads: bool) -> list[Entry]:
    """Why the Office judged as it did is only for whoever may read the findings."""
    entries = list(history_of(nomination)[:HISTORY])
    for one in entries:
        if one.verb in ("verdict", "tell_apart") and not reads:
            one.comment = ""
    return entries


@require_http_methods(["GET", "POST"])
def dossier_report(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    if not rules.has_perm("awards.write_dossier", request.user, nomination):
        raise Http404
    start = {f"section_{code}": text for code, text in nomination.report.items()}
    start |= {"merit": nomination.merit, "version": nomination.version}
    form = ReportForm(request.POST or None, initial=start, sections=sections_of(nomination))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.write_report(
                nomination, form.report, data["merit"], by=request.user, version=data["version"]
            )
            messages.success(request, "Đã lưu báo cáo thành tích.")
            return redirect("awards:dossier", pk)
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                form.data = form.data.copy()  # type: ignore[attr-defined]
                form.data["version"] = nomination.version  # type: ignore[index]
    context = {
        "form": form,
        "title": "Báo cáo thành tích",
        "lead": str(nomination),
        "submit": "Lưu",
        "back": reverse("awards:dossier", args=[pk]),
        "back_label": "Hồ sơ",
    }
    return render(request, "awards/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def dossier_occasion(request: HttpRequest, pk: int) -> HttpResponse:
    """For which kind of commendation it is given, where the standard leaves a choice."""
    nomination = _found(request, pk)
    if not rules.has_perm("awards.choose_occasion", request.user, nomination):
        raise Http404
    review = nomination.review
    now = queries.assessed(review, [nomination]).get(pk)
    kind = given_for(review, nomination, now, rulebook_of(review))
    known = {"occasion": nomination.occasion_choice, "version": nomination.version}
    form = OccasionForm(request.POST or None, initial=known, choices=kind.choices)
    if request.method == "POST" and form.is_valid():
        try:
            choose_occasion(nomination, **form.cleaned_data, by=request.user)
            messages.success(request, "Đã ghi loại khen thưởng.")
            return redirect("awards:dossier", pk)
        except Refused as refusal:
            told(form, refusal, nomination)
    context = {
        "form": form,
        "title": "Loại khen thưởng",
        "lead": f"{nomination}. {kind.label}: {kind.basis} Khen theo chuyên đề, đột xuất không làm căn cứ xét khen công"
        " trạng cao hơn.",
        "submit": "Lưu",
        "back": reverse("awards:dossier", args=[pk]),
        "back_label": "Hồ sơ",
    }
    return render(request, "awards/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def dossier_refill(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One section anew from the facts: what goes and what comes are seen side by side before anybody presses."""
    nomination = _found(request, pk)
    if not rules.has_perm("awards.write_dossier", request.user, nomination):
        raise Http404
    section = next((one for one in sections_of(nomination) if one.code == code and one.prefill), None)
    if section is None:
        raise Http404
    if request.method == "POST":
        done = perform(
            request,
            lambda: actions.refill(
                nomination, code, by=request.user, version=version_of(request), back="back" in request.POST
            ),
            done="Đã thay nội dung của mục; nội dung trước được giữ lại, lấy lại được.",
        )
        return redirect(
            "awards:dossier" if done else "awards:dossier_refill", *([pk] if done else [pk, code])
        )
    context = {
        "nomination": nomination,
        "section": section,
        "now": nomination.report.get(code, ""),
        "fresh": fresh(nomination, section),
        "before": replaced(nomination, code),
    }
    return render(request, "awards/nominations/refill.html", context)


@require_POST
def dossier_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    perform(
        request,
        lambda: proposals.withdraw(nomination, by=request.user, reason=request.POST.get("comment", "")),
        done="Đã rút khỏi danh sách đề nghị.",
    )
    return redirect("awards:proposal_detail", nomination.proposal_id)


# --- papers -----------------------------------------------------------------------------------------------
@require_POST
def dossier_paper_add(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    form = NominationPaperForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_paper(
                nomination, data["file"], paper=data["paper"], title=data["title"], by=request.user
            )
            messages.success(request, "Đã thêm giấy tờ.")
            return redirect("awards:dossier", pk)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, nomination, paper_form=form)


@require_POST
def dossier_paper_remove(request: HttpRequest, pk: int) -> HttpResponse:
    one = _paper(request, pk)
    perform(request, lambda: actions.remove_paper(one, by=request.user), done="Đã gỡ giấy tờ.")
    return redirect("awards:dossier", one.nomination_id)


@require_GET
def dossier_paper(request: HttpRequest, pk: int) -> Any:
    return download(_paper(request, pk).file)


# --- verification -----------------------------------------------------------------------------------------
@require_POST
def dossier_answer(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Nomination.objects.visible_to(request.user)
    flag = get_object_or_404(
        Flag.objects.filter(nomination__in=seen).select_related("nomination__proposal__review"), pk=pk
    )
    perform(
        request,
        lambda: actions.answer(flag, request.POST.get("answer", ""), by=request.user),
        done="Đã ghi trả lời.",
    )
    return redirect("awards:dossier", flag.nomination_id)


@require_POST
def dossier_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    form = VerdictForm(request.POST, is_repeated=True)
    if form.is_valid():
        data = form.cleaned_data
        try:
            verifying.judge_dossier(
                nomination,
                data["verdict"],
                by=request.user,
                reason=data["reason"],
                distinct=data.get("distinct"),
                version=version_of(request),
            )
            messages.success(request, "Đã ghi kết luận thẩm định.")
            return redirect("awards:dossier", pk)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, nomination, verdict_form=form)


@require_POST
def dossier_flag(request: HttpRequest, pk: int) -> HttpResponse:
    nomination = _found(request, pk)
    form = FlagForm(request.POST)
    if form.is_valid():
        try:
            data = form.cleaned_data
            verifying.flag_point(nomination, data["point"], data["text"], by=request.user)
            messages.success(request, "Đã ghi yêu cầu. Yêu cầu gửi đến đơn vị khi trả lại tờ trình.")
            return redirect("awards:dossier", pk)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, nomination, flag_form=form)


def _paper(request: HttpRequest, pk: int) -> NominationPaper:
    seen = Nomination.objects.visible_to(request.user)
    rows = NominationPaper.objects.filter(nomination__in=seen)
    return get_object_or_404(rows.select_related("file", "nomination__proposal__review"), pk=pk)


def _found(request: HttpRequest, pk: int) -> Nomination:
    rows = Nomination.objects.visible_to(request.user).select_related(
        "review", "proposal__unit", "proposal__review", "award", "person", "unit"
    )
    return get_object_or_404(rows.prefetch_related("papers__file", "flags__raised_by__person"), pk=pk)
