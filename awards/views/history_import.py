"""A sheet of earlier honours: template, upload, preview, confirmation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import history as actions
from awards.forms.register import HistoryFileForm
from awards.importing.columns import history_template
from awards.importing.history import plan_of_file, plan_of_import
from awards.models import HistoryImport
from awards.views.access import only_with
from core.attachments import store
from core.sheets import XLSX, file_name, file_response
from core.views import perform
from core.workflow import Refused

KEEPS = "awards.keep_register"
OUTCOMES = [
    ("refused", "Bị từ chối", "red"),
    ("created", "Mới", "green"),
    ("unchanged", "Đã có trong Sổ", "secondary"),
]
PER_PAGE = 100


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def history_import_list(request: HttpRequest) -> HttpResponse:
    """The sheet is read before it is kept: a workbook that cannot be used leaves no trace."""
    form = HistoryFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload, by = form.cleaned_data["file"], request.user
        try:
            plan = plan_of_file(upload.file, own=by.acting.person_id)  # type: ignore[union-attr]
            with transaction.atomic():
                one = actions.receive(store(upload, by=by), by=by, counts=plan.counts)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("file", reason)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("awards:history_import_preview", one.pk)
    context = {"form": form, "imports": _imports()[:25]}
    return render(request, "awards/history_imports.html", context, status=422 if form.errors else 200)


@require_GET
@only_with(KEEPS)
def history_import_template(request: HttpRequest) -> HttpResponse:
    return file_response(history_template(), file_name("Mẫu nhập khen thưởng", "xlsx"), XLSX)


@require_GET
@only_with(KEEPS)
def history_import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_imports(), pk=pk)
    context: dict[str, Any] = {"one": one}
    if one.applied_at:
        return render(request, "awards/history_preview.html", {**context, "outcomes": _outcomes(one.summary)})
    try:
        plan = plan_of_import(one, own=request.user.acting.person_id)  # type: ignore[union-attr]
    except (Refused, FileNotFoundError) as error:
        reasons = getattr(error, "reasons", ["Tệp không còn trên máy chủ. Hãy tải lên lại."])
        return render(request, "awards/history_preview.html", {**context, "reasons": reasons}, status=422)
    first = next((code for code, _, _ in OUTCOMES if plan.counts[code]), "created")
    chosen = request.GET.get("ket-qua", first)
    rows = [row for row in plan.rows if row.outcome == chosen]
    context |= {
        "plan": plan,
        "chosen": chosen,
        "outcomes": _outcomes(plan.counts),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("trang")),
    }
    return render(request, "awards/history_preview.html", context)


@require_POST
@only_with(KEEPS)
def history_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_imports(), pk=pk)
    done = perform(
        request,
        lambda: actions.apply(
            one,
            plan=lambda: plan_of_import(one, own=request.user.acting.person_id),  # type: ignore[union-attr]
            shown=request.POST.get("digest", ""),
            without_refused=request.POST.get("without_refused") == "1",
            by=request.user,
        ),
        done="Đã ghi vào Sổ khen thưởng.",
    )
    return redirect("awards:register") if done else redirect("awards:history_import_preview", pk)


def _imports() -> QuerySet[HistoryImport]:
    rows = HistoryImport.objects.filter(kind=HistoryImport.Kind.HONOURS)
    return rows.select_related("file", "uploaded_by__person")


def _outcomes(counts: dict[str, int]) -> list[dict[str, object]]:
    return [
        {"code": code, "label": label, "colour": colour, "count": counts.get(code, 0)}
        for code, label, colour in OUTCOMES
    ]
