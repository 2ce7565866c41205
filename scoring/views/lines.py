"""Pages about one line of a sheet: a criterion that does not apply, the documents that prove it."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.views import perform
from core.workflow import Refused
from scoring.actions import columns, proofs
from scoring.forms.achievements import AchievementEvidenceForm as LineDocumentForm
from scoring.forms.sheets import EvidenceLinkForm, ExclusionForm
from scoring.models import Line, LineEvidence
from scoring.views.columns import column_here
from scoring.views.sheets import visible_sheet


# --- a criterion that does not apply ------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def line_exclusion(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    """Say that a criterion does not apply to this unit, or take that back; both with a reason."""
    sheet = visible_sheet(request, pk)
    line = get_object_or_404(sheet.lines.select_related("criterion", "flagged_by"), pk=line_pk)
    line.scorecard = sheet
    act = columns.include if line.is_excluded else columns.exclude
    form = ExclusionForm(request.POST or None, initial={"version": line.version})
    if request.method == "POST" and form.is_valid():
        try:
            act(
                line,
                by=request.user,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, f"Đã ghi nhận với tiêu chí {line.criterion.code}; điểm tối đa được tính lại."
            )
            return redirect(f"{reverse('scoring:scorecard_detail', args=[pk])}#r{line_pk}")
    context = {"sheet": sheet, "line": line, "form": form}
    return render(request, "scoring/sheets/line_exclusion.html", context, status=422 if form.errors else 200)


# --- documents of a line -----------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def line_evidence(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    """Prove a line: by a document that is in the store already, or by a new one, in one step."""
    sheet = visible_sheet(request, pk)
    links = Prefetch("evidence_links", LineEvidence.objects.select_related("document"))
    line = get_object_or_404(
        sheet.lines.select_related("criterion", "scorecard__campaign_year").prefetch_related(links),
        pk=line_pk,
    )
    posted, is_new = request.POST or None, "title" in request.POST
    known = EvidenceLinkForm(None if is_new else posted, user=request.user)
    fresh = LineDocumentForm(posted if is_new else None, request.FILES or None)
    form = fresh if is_new else known
    if request.method == "POST" and form.is_valid():
        try:
            _attach(line, form, request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã gắn tài liệu vào tiêu chí {line.criterion.code}.")
            return redirect(f"{reverse('scoring:scorecard_detail', args=[pk])}#r{line_pk}")
    may_edit = bool(column_here(line, sheet, request.user))
    context = {"sheet": sheet, "line": line, "form": known, "fresh": fresh, "may_edit": may_edit}
    return render(request, "scoring/sheets/line_evidence.html", context, status=422 if form.errors else 200)


def _attach(line: Line, form: EvidenceLinkForm | LineDocumentForm, by: Any) -> None:
    data = form.cleaned_data
    if isinstance(form, LineDocumentForm):
        proofs.attach_new(line, data["file"], by=by, page=data["page"], **form.facts)
    else:
        proofs.attach_evidence(line, data["document"], by=by, page=data["page"])


@require_POST
def evidence_detach(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    sheet = visible_sheet(request, pk)
    link = get_object_or_404(
        LineEvidence.objects.select_related("line__scorecard__campaign_year", "line__criterion", "document"),
        pk=link_pk,
        line__scorecard=sheet,
    )
    line_pk = link.line_id
    perform(
        request,
        lambda: proofs.detach_evidence(link, by=request.user),
        done="Đã gỡ tài liệu khỏi tiêu chí.",
    )
    return redirect("scoring:line_evidence", pk=pk, line_pk=line_pk)
