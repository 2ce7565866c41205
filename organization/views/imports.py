"""Excel sheets of units and people: template, upload, preview, confirmation."""

import rules
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.attachments import store
from core.sheets import XLSX, file_name, file_response
from core.views import perform
from core.workflow import Refused
from organization import actions, importing
from organization.forms import ImportForm
from organization.models import ImportBatch
from organization.views.pages import permitted

MANAGE = "organization.manage_people"
TITLES = {ImportBatch.Kind.UNITS: "Mẫu nhập đơn vị", ImportBatch.Kind.PEOPLE: "Mẫu nhập nhân sự"}
OUTCOMES = [
    ("refused", "Bị từ chối", "red"),
    ("changed", "Thay đổi", "yellow"),
    ("created", "Thêm mới", "green"),
    ("unchanged", "Không đổi", "secondary"),
]
PER_PAGE = 100


@permitted(MANAGE)
def import_list(request: HttpRequest) -> HttpResponse:
    return _list(request, ImportForm(initial={"kind": request.GET.get("loai", ImportBatch.Kind.PEOPLE)}))


@permitted(MANAGE)
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in importing.COLUMNS:
        raise Http404
    return file_response(importing.template(kind), file_name(TITLES[ImportBatch.Kind(kind)], "xlsx"), XLSX)


@require_POST
@permitted(MANAGE)
def import_upload(request: HttpRequest) -> HttpResponse:
    """The sheet is read before it is kept: a workbook that cannot be used leaves no trace."""
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        kind, upload = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            plan = importing.plan_sheet(importing.read_sheet(upload.file, kind), kind)
            with transaction.atomic():
                batch = actions.receive_import(
                    kind, store(upload, by=request.user), by=request.user, counts=plan.counts
                )
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("file", reason)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("organization:import_preview", batch.pk)
    return _list(request, form)


@permitted(MANAGE)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(_batches(), pk=pk)
    if batch.applied_at:
        return render(
            request,
            "organization/import_preview.html",
            {"batch": batch, "outcomes": _outcomes(batch.summary)},
        )
    try:
        plan = importing.plan_of(batch)
    except (Refused, FileNotFoundError) as error:
        reasons = getattr(error, "reasons", ["Tệp không còn trên máy chủ. Hãy tải lên lại."])
        return render(
            request, "organization/import_preview.html", {"batch": batch, "reasons": reasons}, status=422
        )
    first = next((code for code, _, _ in OUTCOMES if plan.counts[code]), "created")
    chosen = request.GET.get("ket-qua", first)
    rows = [row for row in plan.rows if row.outcome == chosen]
    context = {
        "batch": batch,
        "plan": plan,
        "chosen": chosen,
        "outcomes": _outcomes(plan.counts),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("trang")),
        "to_write": plan.counts["created"] + plan.counts["changed"],
    }
    return render(request, "organization/import_preview.html", context)


@require_POST
@permitted(MANAGE)
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(_batches(), pk=pk)
    done = perform(
        request,
        lambda: actions.apply_import(
            batch,
            plan=lambda: importing.plan_of(batch),
            shown=request.POST.get("digest", ""),
            without_refused=request.POST.get("without_refused") == "1",
            by=request.user,
        ),
        done="Đã nhập xong dữ liệu từ tệp.",
    )
    if not done:
        return redirect("organization:import_preview", pk)
    return redirect(
        "organization:unit_list" if batch.kind == ImportBatch.Kind.UNITS else "organization:person_list"
    )


def _list(request: HttpRequest, form: ImportForm) -> HttpResponse:
    context = {
        "form": form,
        "batches": _batches()[:25],
        "templates": [
            (reverse("organization:import_template", args=[kind]), TITLES[kind]) for kind in TITLES
        ],
        "may_units": rules.has_perm("organization.manage_units", request.user),
    }
    return render(request, "organization/import_list.html", context, status=422 if form.errors else 200)


def _batches() -> QuerySet[ImportBatch]:
    return ImportBatch.objects.select_related("file", "uploaded_by__person")


def _outcomes(counts: dict[str, int]) -> list[dict[str, object]]:
    return [
        {"code": code, "label": label, "colour": colour, "count": counts.get(code, 0)}
        for code, label, colour in OUTCOMES
    ]
