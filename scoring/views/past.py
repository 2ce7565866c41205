"""A table of published results as a workbook: upload, preview, confirmation."""

from typing import Any

import rules
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from campaigns.actions.files import mark_applied, receive
from campaigns.forms.files import WorkbookForm
from campaigns.models import CampaignYear, RoundFile
from core.attachments import path_of
from core.workflow import AlreadyDone, Refused
from scoring.actions.past import compare, keep_results
from scoring.importing.results import Table, read_results


def past_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet is read before it is kept: a workbook that cannot be used leaves no trace."""
    campaign_year = _round(request, pk)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            read_results(upload.file, upload.name)
            kept = receive(campaign_year, RoundFile.Kind.RESULTS, upload, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("scoring:past_preview", pk, kept.pk)
    context = {"campaign_year": campaign_year, "form": form, "back": _ranking_of(campaign_year)}
    return render(request, "scoring/ranking/past_upload.html", context, status=422 if form.errors else 200)


def past_preview(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Every row computed again beside what was published; confirming keeps exactly these rows."""
    campaign_year = _round(request, pk)
    kept = get_object_or_404(
        campaign_year.files.select_related("file"), pk=file_pk, kind=RoundFile.Kind.RESULTS
    )
    try:
        table = _table(kept)
    except (Refused, FileNotFoundError) as error:
        reasons = getattr(error, "reasons", ["Tệp không còn trên máy chủ. Hãy tải lên lại."])
        messages.error(request, " ".join(reasons))
        return redirect("scoring:past_upload", pk)
    if request.method == "POST" and not table.refusals:
        try:
            _keep(request, campaign_year, kept, table)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        else:
            messages.success(request, "Đã nạp kết quả; bảng xếp hạng của năm này hiện kết quả trong tệp.")
        return redirect(_ranking_of(campaign_year))
    rows = compare(campaign_year, table.rows)
    context = {
        "campaign_year": campaign_year,
        "kept": kept,
        "table": table,
        "rows": rows,
        "differing": sum(bool(row.differences) for row in rows),
        "back": reverse("scoring:past_upload", args=[pk]),
    }
    return render(request, "scoring/ranking/past_preview.html", context)


def _round(request: HttpRequest, pk: int) -> CampaignYear:
    rounds = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(rounds, pk=pk)
    if not rules.has_perm("scoring.publish_results", request.user, campaign_year):
        raise Http404
    return campaign_year


def _table(kept: RoundFile) -> Table:
    with path_of(kept.file).open("rb") as source:
        return read_results(source, kept.file.name)


@transaction.atomic
def _keep(request: HttpRequest, campaign_year: CampaignYear, kept: RoundFile, table: Table) -> Any:
    mark_applied(kept)
    return keep_results(campaign_year, table.rows, by=request.user, source=kept.file.name)


def _ranking_of(campaign_year: CampaignYear) -> str:
    return f"{reverse('scoring:ranking')}?nam={campaign_year.pk}"
