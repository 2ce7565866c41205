"""Pages of score sheets: the list, the grid, saving a line, returning, documents."""

from copy import copy
from typing import Any

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.calculations import time_in_words
from campaigns.models import Campaign, CampaignYear, Stage
from core import clock
from core.listing import list_response
from core.prepared import Prepared
from core.views import advance, perform, shown_versions
from core.workflow import Refused, Stale
from scoring.actions import columns, moves
from scoring.actions import lines as line_actions
from scoring.actions import sheets as actions
from scoring.exports import sheet_file
from scoring.forms.sheets import LineForm
from scoring.models import Line, Scorecard
from scoring.queries.ceilings import board_beside, boards_for, boards_of, capped_rounds
from scoring.queries.deadlines import last_days_of, stage_of
from scoring.queries.indexes import Source, source_of
from scoring.queries.sheets import TO_APPROVE, history_of_sheet, sheet_visible_to
from scoring.queries.totals import SUMMED
from scoring.queries.versions import tasks_of as left_behind
from scoring.views import rows
from scoring.views.columns import column_here
from scoring.views.grid import Grid
from scoring.views.listings import sheet_listing
from scoring.workflow.sheets import RETURNS, SCORECARD


# --- the list ----------------------------------------------------------------------------------------
@require_GET
def scorecard_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    sheets = Scorecard.objects.visible_to(user)
    waiting = bool(user.acting.headed and TO_APPROVE.ask(user))
    listing = sheet_listing(user, selectable=waiting)
    years = _openable() if rules.has_perm("scoring.open_scorecards", user) else []
    context = {
        "waiting": waiting,
        "open_years": years,
        "notices": left_behind(user),
        "boards": lambda: boards_for(user, request.GET.get("nam", "")),  # not for the table alone
        "capped": lambda: [] if request.GET.get("nam") else capped_rounds(user),
    }
    return list_response(request, listing, sheets, "scoring/sheets/scorecard_list.html", context)


NAMED = ("pk", "campaign__short_name", "campaign__kind", "year", "period")
YEARS_TO_OPEN = Prepared(lambda: CampaignYear.objects.open().values_list(*NAMED))


def _openable() -> list[tuple[int, str]]:
    """Rounds whose sheets can be opened, in words: an index by its name, the movement by its year alone."""
    return [
        (pk, f"{name}, {time_in_words(year, period)}" if kind == Campaign.Kind.INDEX else f"năm {year}")
        for pk, name, kind, year, period in YEARS_TO_OPEN.ask()
    ]


def _years_to_open(user: Any) -> QuerySet[CampaignYear]:
    return (
        CampaignYear.objects.open().select_related("campaign")
        if rules.has_perm("scoring.open_scorecards", user)
        else CampaignYear.objects.none()
    )


@require_http_methods(["GET", "POST"])
def open_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the sheets of a year for everybody who takes part."""
    campaign_year = get_object_or_404(_years_to_open(request.user), pk=pk)
    if request.method == "GET":
        return render(request, "scoring/sheets/open_sheets.html", {"campaign_year": campaign_year})
    try:
        opened = actions.open_sheets(campaign_year, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return redirect("scoring:scorecard_list")
    messages.success(request, f"Đã mở {opened.units} phiếu tập thể và {opened.people} phiếu cá nhân mới.")
    if opened.without_superior:
        names = ", ".join(opened.without_superior[:10])
        messages.info(request, f"Không mở phiếu vì không có thủ trưởng phía trên để duyệt: {names}.")
    return redirect("scoring:scorecard_list")


@require_POST
def scorecard_bulk_approve(request: HttpRequest) -> HttpResponse:
    """Approve the ticked sheets one by one and say what became of each."""
    chosen = [value for value in request.POST.getlist("chon") if value.isdecimal() and len(value) < 19]
    sheets = Scorecard.objects.visible_to(request.user).filter(pk__in=chosen).select_related("person", "unit")
    if not sheets:
        messages.error(request, "Hãy chọn ít nhất một phiếu để duyệt.")
        return redirect("scoring:scorecard_list")
    outcomes = actions.bulk_approve(sheets, by=request.user, versions=shown_versions(request))
    boards = boards_of([outcome.sheet for outcome in outcomes], request.user)
    return render(request, "scoring/sheets/bulk_outcome.html", {"outcomes": outcomes, "boards": boards})


# --- one sheet ---------------------------------------------------------------------------------------
def visible_sheet(request: HttpRequest, pk: int) -> Scorecard:
    sheet = sheet_visible_to(request.user, pk)
    if sheet is None:
        raise Http404
    return sheet


@require_GET
def scorecard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = visible_sheet(request, pk)
    return _page(request, sheet, Grid(sheet, request.user))


def _page(request: HttpRequest, sheet: Scorecard, grid: Grid, status: int = 200) -> HttpResponse:
    last_days, stage = last_days_of(sheet), stage_of(sheet)
    self_due = last_days.get(Stage.SELF_SCORE)
    context = {
        "sheet": sheet,
        "grid": grid,
        "body": rows.body(grid),
        "workflow": SCORECARD,
        "due": last_days.get(stage),
        "stage": stage and Stage(stage).label,
        "is_late": bool(
            sheet.submitted_at and self_due and timezone.localdate(sheet.submitted_at) > self_due
        ),
        "notes_questions": grid.column == "appraised"
        and not rules.has_perm("scoring.ask_for_explanation", request.user, sheet),
        "entries": history_of_sheet(sheet, grid.lines),
        "unused": _unused_achievements(grid),
        "indexes": _indexes_to_take(grid),
        "board": board_beside(sheet) if grid.column in DECIDED else None,
        "base": reverse("scoring:scorecard_move", args=[sheet.pk, "x"]).removesuffix("x/"),
    }
    return render(request, "scoring/sheets/scorecard_detail.html", context, status=status)


def _unused_achievements(grid: Grid) -> int:
    """How many criteria have confirmed achievements that the sheet does not count yet."""
    if grid.column != "self":
        return 0
    return sum(
        bool(box.hint) and box.value != box.hint
        for row in grid.rows
        for box in row.inputs
        if box.column == "count"
    )


def _indexes_to_take(grid: Grid) -> list[tuple[str, Source]]:
    """By the code of its row, what is published now and does not stand there, or why nothing is."""
    lines = [row.line for row in grid.rows if row.line and row.takes_index and row.column == "self"]
    found = [(line, source_of(line, grid.sheet)) for line in lines]
    return [
        (line.criterion.code, source)
        for line, source in found
        if source.value is None or line.inputs.get("source") != source.words
    ]


@require_POST
def line_save(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    """Save one line for htmx: its status cell, and out of band whatever else changes with it."""
    sheet = visible_sheet(request, pk)
    line = get_object_or_404(Line.objects.select_related("criterion"), pk=line_pk, scorecard=sheet.pk)
    line.scorecard = held = copy(sheet)  # the act reads it again under its lock; the names stay with ours
    status, sentence = _save(request, line, column_here(line, sheet, request.user))
    for name in (*SUMMED, "version"):
        setattr(sheet, name, getattr(held, name))
    grid = Grid(sheet, request.user, only=line.pk)
    row = grid.row_of(line)
    context = {
        "sheet": sheet,
        "grid": grid,
        "row": row,
        "headings": grid.headings_above(row),
        "self_score": rows.self_score(row, grid),
        "sentence": sentence,
        "board": board_beside(sheet) if grid.column in DECIDED and not sentence else None,
        "conflict": status == 409,
        "saved_at": clock.now(),
    }
    return render(request, "scoring/sheets/line_saved.html", context, status=status)


@require_POST
def scorecard_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save every line at once, without JavaScript; lines with errors keep what was typed."""
    sheet = visible_sheet(request, pk)
    grid = Grid(sheet, request.user)
    errors: dict[int, str] = {}
    for line in grid.lines:
        if grid.may_edit(line):
            line.scorecard = sheet
            status, sentence = _save(request, line, grid.column_of(line))
            if status != 200:
                errors[line.pk] = sentence
    if not errors:
        messages.success(request, "Đã lưu tất cả các dòng.")
        return redirect("scoring:scorecard_detail", pk=pk)
    sheet = visible_sheet(request, pk)
    messages.error(request, f"Còn {len(errors)} dòng chưa lưu: xem cột Tình trạng. Các dòng khác đã lưu.")
    return _page(request, sheet, Grid(sheet, request.user, request.POST, errors), status=422)


def _save(request: HttpRequest, line: Line, column: str) -> tuple[int, str]:
    """Save what the request says about one line; the answer's status and a sentence."""
    form = LineForm(request.POST, line, column)
    if not form.is_valid():
        return 422, " ".join(form.sentences)
    try:
        _write(line, column, form, request.user)
    except Stale as refusal:
        return 409, refusal.reasons[0].partition(". ")[0]
    except Refused as refusal:
        return 422, " ".join(refusal.reasons)
    return 200, ""


DECIDED = {
    "approved": line_actions.save_approved,
    "appraised": line_actions.save_appraised,
    "second": columns.save_second,
    "final": columns.save_final,
}


def _write(line: Line, column: str, form: LineForm, by: Any) -> None:
    data = form.cleaned_data
    score, reason, version = data["score"], data["reason"], data["version"]
    if column in DECIDED:
        DECIDED[column](line, by=by, score=score, reason=reason, version=version)
    elif column == "explanation":
        columns.save_explanation(line, by=by, text=reason, version=version)
    elif column == "office":
        columns.save_office(line, by=by, inputs=form.inputs, version=version)
    else:
        line_actions.save_line(
            line, by=by, inputs=form.inputs, self_score=score, note=reason, version=version
        )


@require_POST
def scorecard_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """A button of the move bar; returning first asks which lines."""
    sheet = visible_sheet(request, pk)
    if verb in RETURNS:
        return redirect("scoring:scorecard_return", pk=pk, verb=verb)
    if verb not in moves.ACTIONS:
        raise Http404
    version = request.POST.get("version", "")
    return advance(
        request,
        sheet,
        verb,
        workflow=SCORECARD,
        actions=moves.ACTIONS,
        back=reverse("scoring:scorecard_detail", args=[pk]),
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
    )


@require_POST
def scorecard_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = visible_sheet(request, pk)
    perform(
        request,
        lambda: line_actions.refresh_from_achievements(sheet, by=request.user),
        done="Đã lấy số lượng từ các thành tích đã xác nhận.",
    )
    return redirect("scoring:scorecard_detail", pk=pk)


@require_GET
def scorecard_export(request: HttpRequest, pk: int) -> HttpResponse:
    return sheet_file(visible_sheet(request, pk))
