"""A round from above: the matrix of units and criteria, progress, where points were lost."""

from collections import Counter
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from campaigns.models import CampaignYear
from core import clock
from core.listing import addresses, to
from core.vietnamese import format_decimal, format_points
from scoring.exports import matrix_file
from scoring.models import Scorecard
from scoring.queries import analysis
from scoring.views.sheets import visible_sheet

COLUMNS = [
    ("", "Điểm mới nhất"),
    ("tu-cham", "Tự chấm"),
    ("duyet", "Thủ trưởng duyệt"),
    ("tham-dinh", "Thẩm định lần 1"),
    ("tham-dinh-2", "Thẩm định lần 2"),
    ("ket-luan", "Kết luận"),
]
NOTHING = "–"
STEPS = (90, 75, 50)  # lower bounds of the colours in percent of the maximum; below is one more, 0 the last


@require_GET
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """One tab for all fields, one for the rows of every field."""
    campaign_year = _round(request, pk)
    criteria_set = analysis.table_in_use(campaign_year)
    sheets = list(analysis.collective_sheets(request.user, campaign_year).select_related("unit"))
    if criteria_set is None or not sheets:
        return _nothing_yet(request, campaign_year)
    tops = analysis.fields_of(criteria_set)
    every = analysis.whole_table(criteria_set)
    wanted = request.GET.get("linh-vuc", "")
    chosen = next((one for one in [*tops, every] if str(one.pk) == wanted), None)
    column = request.GET.get("cot", "")
    column = column if column in analysis.COLUMNS and chosen else ""
    if chosen:
        made = analysis.matrix_of_rows(sheets, chosen, column)
    else:
        made = analysis.matrix_of_fields(sheets, tops)
    if request.GET.get("xuat") == "xlsx":
        return matrix_file(campaign_year, made, chosen, dict(COLUMNS)[column])
    context = {
        "campaign_year": campaign_year,
        "tops": tops,
        "every": every,
        "chosen": chosen,
        "columns": COLUMNS,
        "column": column,
        "matrix": made,
        "body": _body(made, with_totals=chosen is None),
    }
    return render(request, "scoring/analysis/matrix.html", context)


def _body(made: analysis.Matrix, *, with_totals: bool) -> SafeString:
    """Rows as HTML, built here because a template per cell is what makes big tables slow; every text is escaped."""
    address = to("scoring:scorecard_detail")
    labels = [f' data-label="{escape(column.code)}"' for column in made.columns]
    looks: dict[analysis.Fact, tuple[str, str]] = {}
    rows = (_row(sheet, made, labels, address(sheet), with_totals, looks) for sheet in made.sheets)
    return mark_safe("\n".join(rows))  # noqa: S308


def _row(
    sheet: Scorecard,
    made: analysis.Matrix,
    labels: list[str],
    href: str,
    with_totals: bool,
    looks: dict[analysis.Fact, tuple[str, str]],
) -> str:
    """``looks`` keeps what was made for a fact: few of them fill a table of many cells."""
    cells = []
    for (line, fact), label in zip(made.cells[sheet.pk], labels, strict=True):
        look = looks.get(fact)
        if look is None:
            look = looks[fact] = _look(fact)
        attributes, text = look
        if line:
            cells.append(f'<td{attributes}{label}><a href="{href}#r{line}">{text}</a></td>')
        else:
            cells.append(f"<td{attributes}{label}>{text}</td>")
    totals = ""
    if with_totals:
        total, index = analysis.total_of(sheet), analysis.index_of(sheet)
        totals = f'<td class="heat-num" data-label="Tổng">{format_points(total) or NOTHING}</td>'
        totals += f'<td class="heat-num" data-label="Chỉ số">{format_decimal(index, 2) or NOTHING}</td>'
    return f'<tr><th scope="row"><a href="{href}">{escape(sheet.unit_name)}</a></th>{"".join(cells)}{totals}</tr>'


def _look(fact: analysis.Fact) -> tuple[str, str]:
    """The attributes and the text of a cell."""
    if fact.is_excluded:
        return ' class="heat-num heat-na" title="Không áp dụng"', "KAD"
    if fact.score is None:
        return ' class="heat-num heat-none" title="Chưa chấm"', NOTHING
    return f' class="heat-num {_colour(fact)}"', format_points(fact.score)


def _colour(fact: analysis.Fact) -> str:
    if fact.maximum <= 0 or fact.score is None:
        return "heat-plain"
    share = fact.score / fact.maximum * 100
    if share <= 0:
        return "heat-0"
    return f"heat-{next((4 - place for place, bound in enumerate(STEPS) if share >= bound), 1)}"


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    campaign_year = _round(request, pk)
    sheets = analysis.collective_sheets(request.user, campaign_year)
    rows = analysis.progress_of(campaign_year, sheets, clock.today())
    if not rows:
        return _nothing_yet(request, campaign_year)
    counts = Counter(row.sheet.state for row in rows)
    states = [(state.value, state.label, counts[state]) for state in Scorecard.State if counts[state]]
    wanted = request.GET.get("trang-thai", "")
    context = {
        "campaign_year": campaign_year,
        "rows": [row for row in rows if not wanted or row.sheet.state == wanted],
        "states": states,
        "wanted": wanted,
        "late": sum(row.is_late for row in rows),
        "count": len(rows),
    }
    return render(request, "scoring/analysis/progress.html", context)


@require_GET
def losses_of_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the whole block lost its points."""
    campaign_year = _round(request, pk)
    sheets = list(analysis.collective_sheets(request.user, campaign_year))
    if not sheets:
        return _nothing_yet(request, campaign_year)
    return _losses(request, sheets, {"campaign_year": campaign_year})


@require_GET
def losses_of_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = visible_sheet(request, pk)
    context = {"campaign_year": sheet.campaign_year, "sheet": sheet}
    return _losses(request, [sheet], context, addresses("scoring:line_evidence", pk))


def _losses(
    request: HttpRequest, sheets: list[Scorecard], context: dict[str, Any], address: Any = None
) -> HttpResponse:
    rows = analysis.losses_of(sheets)
    charges = sorted({row.criterion.in_charge.short_name for row in rows if row.criterion.in_charge})
    wanted = request.GET.get("phu-trach", "")
    if wanted in charges:
        rows = [
            row for row in rows if row.criterion.in_charge and row.criterion.in_charge.short_name == wanted
        ]
    context |= {
        "rows": [row for row in rows if row.lost.lost > 0],
        "kept": sum(row.lost.lost == 0 for row in rows),
        "whole": sum(row.lost.lost for row in rows),
        "charges": charges,
        "wanted": wanted,
        "sheets": sheets,
    }
    return render(request, "scoring/analysis/losses.html", context)


def _round(request: HttpRequest, pk: int) -> CampaignYear:
    rounds = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    return get_object_or_404(rounds, pk=pk)


def _nothing_yet(request: HttpRequest, campaign_year: CampaignYear) -> HttpResponse:
    """No unit has a sheet: those who read everything are told so, for the others there is no such page."""
    if not request.user.acting.reads_everything:  # type: ignore[union-attr]
        raise Http404
    return render(request, "scoring/analysis/nothing.html", {"campaign_year": campaign_year})
