"""Taking published indexes over: the button of a sheet, and the Office's page for a whole round."""

from dataclasses import dataclass

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import CampaignYear
from core.vietnamese import format_decimal
from core.workflow import Refused
from organization.models import Unit
from scoring.actions import indexes as actions
from scoring.models import Scorecard
from scoring.queries.indexes import Source, index_lines, key_of, sources_for
from scoring.queries.sheets import FILLING
from scoring.views.sheets import visible_sheet


@require_POST
def sheet_indexes(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = visible_sheet(request, pk)
    try:
        taken = actions.take_indexes(sheet, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        _tell(request, taken, f"Đã lấy chỉ số đã công bố vào {taken.changed} tiêu chí.")
    return redirect("scoring:scorecard_detail", pk=pk)


@require_http_methods(["GET", "POST"])
def round_indexes(request: HttpRequest, pk: int) -> HttpResponse:
    """What is published for whom, and one button that fills every sheet that is still being filled."""
    rounds = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(rounds, pk=pk)
    if not rules.has_perm("scoring.open_scorecards", request.user, campaign_year):
        raise Http404
    if request.method == "POST":
        try:
            taken = actions.take_indexes_of_round(campaign_year, by=request.user)
        except Refused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        else:
            closed = f" {taken.closed} phiếu đã khóa vì hết hạn tự chấm." if taken.closed else ""
            done = f"Đã lấy chỉ số vào {taken.changed} dòng của {taken.sheets} phiếu.{closed}"
            _tell(request, taken, done)
        return redirect("scoring:round_indexes", pk)
    rows = _rows(campaign_year)
    context = {
        "campaign_year": campaign_year,
        "rows": rows,
        "ready": any(row.source.value is not None for row in rows),
    }
    return render(request, "scoring/sheets/round_indexes.html", context)


SHOWN = 8


def _tell(request: HttpRequest, taken: actions.Taken, done: str) -> None:
    (messages.success if taken.changed else messages.info)(request, done)
    for sentence in taken.said[:SHOWN]:
        messages.warning(request, sentence)
    if len(taken.said) > SHOWN:
        messages.warning(request, f"Và {len(taken.said) - SHOWN} trường hợp khác, xem diễn biến của đợt.")


@dataclass
class UnitRow:
    """What the sheets of one unit would take over: from where, and how many of them have it already."""

    unit: Unit
    scheme: str
    source: Source
    sheets: int = 0
    same: int = 0

    @property
    def value(self) -> str:
        return format_decimal(self.source.value)


def _rows(campaign_year: CampaignYear) -> list[UnitRow]:
    filling = Scorecard.objects.filter(campaign_year=campaign_year, state__in=FILLING)
    units = {sheet.pk: sheet.unit for sheet in filling.select_related("unit")}
    lines = list(index_lines(list(units)))
    keys = {key_of(line, units[line.scorecard_id].pk) for line in lines}
    by_number = {unit.pk: unit for unit in units.values()}
    sources = sources_for(campaign_year, [(scheme, whose, by_number[unit]) for scheme, whose, unit in keys])
    rows = {key: UnitRow(by_number[key[2]], key[0], source) for key, source in sources.items()}
    for line in lines:
        row = rows[key_of(line, units[line.scorecard_id].pk)]
        row.sheets += 1
        row.same += bool(row.source.value is not None and line.inputs.get("source") == row.source.words)
    return sorted(rows.values(), key=lambda row: (row.unit.order, row.unit.pk, row.scheme))
