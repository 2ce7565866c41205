"""Which lines go back to the unit, to be corrected or to be explained; each with its reason, only they reopen."""

from typing import Any

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.workflow import Refused
from scoring.actions import appraisal, moves
from scoring.forms.sheets import flags_from
from scoring.models import Line, Scorecard
from scoring.queries.sheets import lines_of
from scoring.rules.sheets import may_appraise_row
from scoring.views.sheets import visible_sheet
from scoring.workflow.sheets import RETURNS, SCORECARD

CORRECT = {
    "title": "Trả lại phiếu của",
    "lead": "Ghi lý do ở những tiêu chí cần sửa. Tiêu chí để trống giữ nguyên và không mở lại.",
    "column": "Lý do cần sửa",
    "submit": "Trả lại phiếu",
    "done": "Đã trả lại phiếu; chỉ các tiêu chí có lý do được mở để sửa.",
}
EXPLAIN = {
    "title": "Yêu cầu giải trình phiếu của",
    "lead": "Ghi nội dung cần giải trình ở những tiêu chí chưa rõ. Đơn vị chỉ trả lời và bổ sung tài liệu ở các "
    "tiêu chí này; ai hỏi thì người đó thẩm định lại.",
    "column": "Nội dung cần giải trình",
    "submit": "Gửi yêu cầu giải trình",
    "done": "Đã gửi yêu cầu giải trình cho đơn vị.",
}
NOTE = {
    **EXPLAIN,
    "submit": "Ghi yêu cầu",
    "done": "Đã ghi. Văn phòng Sở gửi các yêu cầu cho đơn vị cùng một lần khi kết thúc thẩm định lần 1.",
}


@require_http_methods(["GET", "POST"])
def scorecard_return(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Flag lines and send the sheet back. Who appraises single rows alone notes his questions and sends nothing."""
    sheet = visible_sheet(request, pk)
    possible = {move.verb for move in SCORECARD.available(sheet, request.user)} & set(RETURNS)
    notes_only = verb == "ask" and verb not in possible and may_note_questions(sheet, request.user)
    if verb not in possible and not notes_only:
        return redirect("scoring:scorecard_detail", pk=pk)
    words = NOTE if notes_only else EXPLAIN if verb == "ask" else CORRECT
    lines = _lines(sheet, request.user, verb)
    flags = flags_from(request.POST, lines) if request.method == "POST" else _kept(lines, verb)
    errors: list[str] = []
    if request.method == "POST":
        comment = request.POST.get("comment", "")[:2000]
        try:
            if notes_only:
                appraisal.note_questions(sheet, by=request.user, flags=flags)
            else:
                moves.RETURNING[verb](sheet, by=request.user, flags=flags, comment=comment)
        except Refused as refusal:
            errors = refusal.reasons
        else:
            messages.success(request, words["done"])
            return redirect("scoring:scorecard_detail", pk=pk)
    context = {
        "sheet": sheet,
        "rows": [(line, flags.get(line.pk, "")) for line in lines],
        "errors": errors,
        "words": words,
        "comment": request.POST.get("comment", ""),
    }
    return render(request, "scoring/sheets/scorecard_return.html", context, status=422 if errors else 200)


def may_note_questions(sheet: Scorecard, user: Any) -> bool:
    """Appraises rows of this sheet without looking after the whole."""
    return sheet.state == Scorecard.State.APPROVED and rules.has_perm("scoring.appraise_row", user, sheet)


def _lines(sheet: Scorecard, user: Any, verb: str) -> list[Line]:
    lines = lines_of(sheet)
    if verb != "ask":
        return lines
    return [line for line in lines if may_appraise_row(user, sheet, line.criterion.in_charge_id)]


def _kept(lines: list[Line], verb: str) -> dict[int, str]:
    """Questions that were noted before."""
    return {line.pk: line.flag_reason for line in lines if line.is_flagged} if verb == "ask" else {}
