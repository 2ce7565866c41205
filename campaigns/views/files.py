"""A scheme as a workbook: download, template, upload, preview, confirmation."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from campaigns.actions.files import mark_applied, receive
from campaigns.actions.schemes import write_scheme
from campaigns.exports import scheme_file
from campaigns.forms.files import WorkbookForm
from campaigns.importing import SchemePlan, plan_scheme, read_rows
from campaigns.models import CampaignYear, CriteriaSet, RoundFile
from campaigns.queries.feeding import Above
from campaigns.queries.frames import frame_faults
from campaigns.queries.schemes import outlook, unit_numbers, usual_recipient
from campaigns.views.access import office_only, year_or_404
from core.attachments import path_of
from core.sheets import XLSX, file_name, file_response
from core.workflow import AlreadyDone, Refused

WARNINGS_SHOWN = DIFFERENCES_SHOWN = 200


@require_safe
def scheme_download(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(CriteriaSet.objects.visible_to(request.user), pk=pk)
    return file_response(scheme_file(found), file_name(found.title, "xlsx"), XLSX)


@require_safe
@office_only
def scheme_template(request: HttpRequest) -> HttpResponse:
    return file_response(scheme_file(None), "mau-bo-chi-so.xlsx", XLSX)


@office_only
def scheme_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet is read before it is kept: a workbook that cannot be used leaves no trace."""
    year = year_or_404(request, pk)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            read_rows(upload.file)
            kept = receive(year, RoundFile.Kind.SCHEME, upload, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("campaigns:scheme_preview", pk, kept.pk)
    context = {"year": year, "form": form}
    return render(request, "campaigns/scheme_upload.html", context, status=422 if form.errors else 200)


@office_only
def scheme_preview(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The table as it would be, with everything odd; confirming writes exactly that."""
    year = year_or_404(request, pk)
    kept = get_object_or_404(year.files.select_related("file"), pk=file_pk, kind=RoundFile.Kind.SCHEME)
    try:
        plan = _plan(year, kept)
    except (Refused, FileNotFoundError) as error:
        reasons = getattr(error, "reasons", ["Tệp không còn trên máy chủ. Hãy tải lên lại."])
        messages.error(request, " ".join(reasons))
        return redirect("campaigns:scheme_upload", pk)
    if request.method == "POST":
        try:
            made = _write(request, year, kept, plan)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        else:
            messages.success(request, "Đã nạp thành bản nháp. Hãy xem lại rồi áp dụng.")
            return redirect("campaigns:criteria_set_detail", made.pk)
        return redirect("campaigns:scheme_preview", pk, file_pk)
    context = {"year": year, "kept": kept, "plan": plan, **_shown(year, kept, plan)}
    return render(request, "campaigns/scheme_preview.html", context)


def _shown(year: CampaignYear, kept: RoundFile, plan: SchemePlan) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "warnings": plan.warnings[:WARNINGS_SHOWN],
        "leaves": sum(one.is_leaf for one in plan.nodes),
    }
    if not plan.refusals and not kept.applied_at:
        shown["outlook"] = found = outlook(year, plan)
        shown["differences"] = found.differences[:DIFFERENCES_SHOWN]
    return shown


def _plan(year: CampaignYear, kept: RoundFile) -> SchemePlan:
    usual, above = usual_recipient(year.campaign.code), Above(year.campaign.code, year.year)
    with path_of(kept.file).open("rb") as source:
        plan = plan_scheme(read_rows(source), unit_numbers(), usual, above.find)
    if not plan.refusals and not kept.applied_at:
        plan.refusals += frame_faults(year, plan.nodes)
    return plan


@transaction.atomic
def _write(request: HttpRequest, year: CampaignYear, kept: RoundFile, plan: SchemePlan) -> Any:
    mark_applied(kept)
    shown = request.POST.get("digest", "")
    return write_scheme(year, plan, by=request.user, shown=shown, source=kept.file.name).criteria_set
