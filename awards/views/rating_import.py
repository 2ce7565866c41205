"""A sheet of a year's ratings: template with the people in it, upload, preview, confirmation."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.importing.ratings import plan_of_ratings, plan_of_ratings_file, ratings_template
from awards.models import HistoryImport
from awards.views.access import only_with
from awards.views.imports import Importing, confirmed, previewed, uploads
from core.sheets import XLSX, file_name, file_response
from core.views import number_in
from organization.models import Unit
from organization.queries import unit_choices

KEEPS = "awards.keep_ratings"
YEARS = range(2000, 2101)


def _sheet(year: int) -> Importing:
    if year not in YEARS:
        raise Http404
    return Importing(
        kind=HistoryImport.Kind.RATINGS,
        list_template="awards/ratings/imports.html",
        preview_template="awards/ratings/preview.html",
        outcomes=(
            ("refused", "Bị từ chối", "red"),
            ("created", "Mới", "green"),
            ("changed", "Thay đổi", "orange"),
            ("unchanged", "Giữ nguyên", "secondary"),
        ),
        plan_again=plan_of_ratings,
        done=f"Đã ghi xếp loại năm {year}.",
        year=year,
    )


def _board(year: int) -> str:
    return f"{reverse('awards:rating_board')}?nam={year}"


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def rating_import_list(request: HttpRequest, year: int) -> HttpResponse:
    return uploads(
        request,
        _sheet(year),
        partial(plan_of_ratings_file, year=year),
        lambda one: reverse("awards:rating_import_preview", args=[year, one.pk]),
        year=year,
        board=_board(year),
        units=unit_choices(),
    )


@require_GET
@only_with(KEEPS)
def rating_import_template(request: HttpRequest, year: int) -> HttpResponse:
    """Of one unit, or of everybody."""
    _sheet(year)
    unit_id, named = number_in(request.GET.get("don-vi", "")), "toàn Sở"
    if unit_id is not None:
        named = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_id).short_name
    content = ratings_template(year, unit_id)
    return file_response(content, file_name(f"Xếp loại năm {year} {named}", "xlsx"), XLSX)


@require_GET
@only_with(KEEPS)
def rating_import_preview(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    sheet = _sheet(year)
    return previewed(request, sheet, get_object_or_404(sheet.imports(), pk=pk), year=year)


@require_POST
@only_with(KEEPS)
def rating_import_confirm(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    sheet = _sheet(year)
    done = confirmed(request, sheet, get_object_or_404(sheet.imports(), pk=pk))
    return redirect(_board(year)) if done else redirect("awards:rating_import_preview", year, pk)
