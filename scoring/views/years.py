"""So sánh các năm: one unit or person, and a whole block, through the rounds of a campaign."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import rules
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from campaigns.models import CampaignYear, Recipient
from core.listing import Column
from core.sheets import sheet_response
from core.vietnamese import format_decimal, format_points
from scoring.queries.block_years import Block, Through, block_through_years, readable
from scoring.queries.ranking import ranking_rules
from scoring.queries.years import (
    Compared,
    RowThen,
    YearOf,
    change_of,
    compared_fields,
    compared_rows,
    years_of,
)
from scoring.views.sheets import visible_sheet

PER_PAGE = 100
Line = dict[str, Any]


# --- one unit or person ------------------------------------------------------------------------------
@require_GET
def scorecard_years(request: HttpRequest, pk: int) -> HttpResponse:
    """Index, rank and class of every round, the component index by field, and the rows of the newest rounds."""
    sheet = visible_sheet(request, pk)
    years = years_of(sheet, request.user)
    places = ranking_rules(sheet.campaign_year).places
    known, rows = compared_rows(years)
    only_changed = request.GET.get("dong", "") == "doi"
    context = {
        "sheet": sheet,
        "years": years,
        "has_unpublished": any(one.is_provisional for one in years),
        "figures": _figures(years, places),
        "fields": [_field(*one, places) for one in compared_fields(years)],
        "known": known,
        "rows": [_row(one, known) for one in rows if one.change or not only_changed],
        "changed": sum(bool(one.change) for one in rows),
        "count": len(rows),
        "only_changed": only_changed,
    }
    return render(request, "scoring/years/sheet.html", context)


def _figures(years: Sequence[YearOf], places: int) -> list[Line]:
    figures = [one.figures for one in years]
    scores, indexes = [one.score for one in figures], [one.index for one in figures]
    return [
        _line("Điểm đạt", [format_decimal(one, places) for one in scores], change_of(scores), places),
        _line("Điểm tối đa áp dụng", [format_decimal(one.applicable_max) for one in figures]),
        _line("Chỉ số (%)", [format_decimal(one, places) for one in indexes], change_of(indexes), places),
        _line("Xếp hạng", [one.rank for one in figures]),
        _line("Xếp loại", [one.band for one in figures]),
    ]


def _field(criterion: Any, values: Sequence[Decimal | None], change: Decimal | None, places: int) -> Line:
    texts = [format_decimal(one, places) for one in values]
    return _line(f"{criterion.code}. {criterion.name}", texts, change, places)


def _line(label: str, cells: Sequence[str], change: Decimal | None = None, places: int | None = None) -> Line:
    return {"label": label, "cells": cells, "change": signed(change, places), "trend": _trend(change)}


def _row(one: Compared, years: Sequence[YearOf]) -> Line:
    change = signed(one.change) + (" % tối đa" if one.is_share else "")
    return {
        "criterion": one.criterion,
        "cells": [
            (year.campaign_year.when, _score(cell)) for year, cell in zip(years, one.cells, strict=True)
        ],
        "change": change if one.change is not None else "",
        "trend": _trend(one.change),
    }


def _score(cell: RowThen | None) -> str:
    if cell is None:
        return "không có"
    if cell.is_excluded:
        return "không áp dụng"
    score = format_points(cell.score) or "–"
    return f"{score}/{format_points(cell.maximum)}" if cell.maximum else score  # bonus points have no maximum


def signed(value: Decimal | int | None, places: int | None = None) -> str:
    """With its sign, as a change is read; nothing where nothing can be compared."""
    if value is None:
        return ""
    size = Decimal(value).copy_abs()
    text = format_points(size) if places is None else format_decimal(size, places)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{text}"


def _trend(value: Decimal | int | None) -> str:
    return "" if not value else "up" if value > 0 else "down"


# --- the whole block ---------------------------------------------------------------------------------
@require_GET
def years_of_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Units or people × rounds: index and rank as published; as a sheet with ``?xuat=xlsx``."""
    rounds = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(rounds, pk=pk)
    recipient = request.GET.get("doi-tuong", "")
    recipient = recipient if recipient in Recipient.values else Recipient.COLLECTIVE
    early = rules.has_perm("scoring.see_provisional_ranking", request.user)
    block = block_through_years(campaign_year, recipient, with_provisional=early)
    if request.GET.get("xuat") == "xlsx":
        title = (
            f"So sánh các năm – {campaign_year.campaign.short_name} – {Recipient(recipient).label.lower()}"
        )
        return sheet_response(title, _columns(block, recipient), block.rows)
    page = Paginator(block.rows, PER_PAGE).get_page(request.GET.get("trang"))
    linked = readable(request.user, list(page.object_list))
    context = {
        "campaign_year": campaign_year,
        "recipient": recipient,
        "recipients": Recipient.choices,
        "table": block,
        "page": page,
        "rows": [_through(row, block, linked) for row in page.object_list],
    }
    return render(request, "scoring/years/block.html", context)


def _through(row: Through, block: Block, linked: set[int]) -> Line:
    change, climb = row.change(block.rounds), block.climb_of(row)
    return {
        "name": row.name,
        "sheet": row.sheet if row.sheet in linked else None,
        "stands": [(one, row.at(one)) for one in block.rounds],
        "change": signed(change, 2),
        "trend": _trend(change),
        "climb": _climbed(climb),
        "climb_trend": _trend(climb),
    }


def _climbed(climb: int | None) -> str:
    if climb is None:
        return ""
    return "giữ hạng" if climb == 0 else f"{'lên' if climb > 0 else 'xuống'} {abs(climb)}"


def _columns(block: Block, recipient: str) -> list[Column]:
    def stand(one: CampaignYear, name: str) -> Any:
        return lambda row: getattr(row.at(one), name)

    columns = [
        Column("Đơn vị" if recipient == Recipient.COLLECTIVE else "Cá nhân", lambda row: row.name, width=40)
    ]
    for one in block.rounds:
        when = f"{one.when}{' (tạm tính)' if one == block.provisional else ''}"
        columns += [
            Column(f"Chỉ số {when}", stand(one, "index"), places=2, width=12),
            Column(f"Hạng {when}", stand(one, "rank"), width=12),
            Column(f"Xếp loại {when}", stand(one, "band"), width=14),
        ]
    if len(block.rounds) > 1:
        columns += [
            Column("Chỉ số tăng, giảm", lambda row: row.change(block.rounds), places=2, width=12),
            Column("Hạng tăng, giảm", lambda row: _climbed(block.climb_of(row)), width=12),
        ]
    return columns
