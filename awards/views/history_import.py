"""A sheet of earlier honours: template, upload, preview, confirmation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.importing.columns import history_template
from awards.importing.history import plan_of_file, plan_of_import
from awards.models import HistoryImport
from awards.views.access import only_with
from awards.views.imports import Importing, confirmed, previewed, uploads
from core.sheets import XLSX, file_name, file_response

KEEPS = "awards.keep_register"
SHEET = Importing(
    kind=HistoryImport.Kind.HONOURS,
    list_template="awards/history_imports.html",
    preview_template="awards/history_preview.html",
    outcomes=(
        ("refused", "Bị từ chối", "red"),
        ("created", "Mới", "green"),
        ("unchanged", "Đã có trong Sổ", "secondary"),
    ),
    plan_again=plan_of_import,
    done="Đã ghi vào Sổ khen thưởng.",
)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def history_import_list(request: HttpRequest) -> HttpResponse:
    return uploads(
        request, SHEET, plan_of_file, lambda one: reverse("awards:history_import_preview", args=[one.pk])
    )


@require_GET
@only_with(KEEPS)
def history_import_template(request: HttpRequest) -> HttpResponse:
    return file_response(history_template(), file_name("Mẫu nhập khen thưởng", "xlsx"), XLSX)


@require_GET
@only_with(KEEPS)
def history_import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    return previewed(request, SHEET, get_object_or_404(SHEET.imports(), pk=pk))


@require_POST
@only_with(KEEPS)
def history_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    done = confirmed(request, SHEET, get_object_or_404(SHEET.imports(), pk=pk))
    return redirect("awards:register") if done else redirect("awards:history_import_preview", pk)
