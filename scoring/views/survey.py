"""What the Office enters for many units at once: results of the survey, and closing the figures of a round."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.methods import Filler, fields, filler_of
from campaigns.models import CampaignYear
from core.vietnamese import format_decimal
from core.views import perform
from core.workflow import Refused
from scoring.actions import closing, columns
from scoring.forms.sheets import LineForm
from scoring.models import Line
from scoring.views.columns import enters_for_office
from scoring.views.texts import plain

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Units × rows that no unit scores itself. Every box is saved by itself; what could not be saved stays typed."""
    campaign_year = _round(request, pk)
    lines = _lines(campaign_year)
    errors: dict[int, str] = {}
    if request.method == "POST":
        saved = _save(request, lines, errors)
        if saved:
            messages.success(request, f"Đã lưu {saved} kết quả điều tra.")
        if not errors:
            return redirect("scoring:survey", pk=pk)
    context = {
        "campaign_year": campaign_year,
        "criteria": _criteria(lines),
        "rows": _rows(lines, request, errors),
        "errors": errors,
        "closes": any(filler_of(line.criterion.method) == Filler.CLOSING for line in lines),
        "waits": closing.waits_for_closing(campaign_year),
    }
    return render(request, "scoring/sheets/survey.html", context, status=422 if errors else 200)


@require_POST
def close_figures(request: HttpRequest, pk: int) -> HttpResponse:
    campaign_year = _round(request, pk)
    perform(
        request,
        lambda: closing.close_figures(campaign_year, by=request.user),
        done="Đã chốt số liệu và tính điểm so với đơn vị dẫn đầu.",
    )
    return redirect("scoring:survey", pk=pk)


def _round(request: HttpRequest, pk: int) -> CampaignYear:
    years = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(years, pk=pk)
    if not rules.has_perm("scoring.publish_results", request.user, campaign_year):
        raise Http404
    return campaign_year


def _lines(campaign_year: CampaignYear) -> list[Line]:
    rows = Line.objects.filter(scorecard__campaign_year=campaign_year, scorecard__person__isnull=True)
    outside = [
        method
        for method in rows.order_by().values_list("criterion__method", flat=True).distinct()
        if filler_of(method) != Filler.UNIT
    ]
    chosen = rows.filter(criterion__method__in=outside).select_related(
        "criterion", "scorecard__unit", "scorecard__campaign_year"
    )
    return list(chosen.order_by("scorecard__unit__order", "scorecard_id", "criterion__position"))


def _criteria(lines: list[Line]) -> list[Any]:
    found = {line.criterion.lineage or line.criterion_id: line.criterion for line in lines}
    return sorted(found.values(), key=lambda criterion: criterion.position)


def _save(request: HttpRequest, lines: list[Line], errors: dict[int, str]) -> int:
    saved = 0
    for line in lines:
        if f"l{line.pk}-result" not in request.POST:
            continue
        form = LineForm(request.POST, line, "office")
        if not form.is_valid():
            errors[line.pk] = " ".join(form.sentences)
            continue
        if form.inputs == line.office_inputs:
            continue
        try:
            columns.save_office(
                line, by=request.user, inputs=form.inputs, version=form.cleaned_data["version"]
            )
            saved += 1
        except Refused as refusal:
            errors[line.pk] = " ".join(refusal.reasons)
    return saved


def _rows(lines: list[Line], request: HttpRequest, errors: dict[int, str]) -> list[dict[str, Any]]:
    order = [criterion.lineage or criterion.pk for criterion in _criteria(lines)]
    by_sheet: dict[int, dict[Any, Line]] = {}
    for line in lines:
        by_sheet.setdefault(line.scorecard_id, {})[line.criterion.lineage or line.criterion_id] = line
    return [
        {
            "sheet": next(iter(cells.values())).scorecard,
            "cells": [_cell(cells.get(key), request, errors) for key in order],
        }
        for cells in by_sheet.values()
    ]


def _cell(line: Line | None, request: HttpRequest, errors: dict[int, str]) -> dict[str, Any]:
    if line is None:
        return {}
    opens = filler_of(line.criterion.method) == Filler.OFFICE and not line.is_excluded
    name = fields(line.criterion.method, line.criterion.params)[0].name
    kept = plain(line.office_inputs.get(name), False)
    return {
        "line": line,
        "opens": opens and enters_for_office(line.scorecard, request.user),
        "value": request.POST.get(f"l{line.pk}-result", kept) if line.pk in errors else kept,
        "points": format_decimal(line.office_score),
        "error": errors.get(line.pk, ""),
    }
