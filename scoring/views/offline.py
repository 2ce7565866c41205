"""A sheet filled offline: download, upload, what would become of each line, confirmation."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.files import WorkbookForm
from campaigns.methods import points
from core.workflow import Refused, Stale
from scoring.actions.lines import Entered, confirmed_counts
from scoring.actions.offline import outcome_of, write_lines
from scoring.exports import offline_file
from scoring.importing.merging import Merge, Merged, Outcome, merge, packed, unpacked
from scoring.importing.offline import APPRAISED, FAULTS_SHOWN, SELF, Filled, read_offline
from scoring.models import Line, Scorecard
from scoring.queries.deadlines import STAGE_OF, is_over
from scoring.queries.sheets import lines_of, sheet_visible_to
from scoring.queries.words import facts
from scoring.views.columns import column_of, editable_column

SALT = "scoring.offline"
DAY = 24 * 60 * 60
MINE = "tep"
CHANGED_MEANWHILE = (
    "Trên cổng vừa có thay đổi sau khi bạn xem trước. Bảng dưới đây đã so lại; hãy xem rồi xác nhận."
)


@dataclass
class Desk:
    """What one user may fill of a sheet now."""

    sheet: Scorecard
    column: str
    lines: list[Line]
    open: dict[int, Line]


def _desk(request: HttpRequest, pk: int) -> Desk:
    """For who may fill in the self-score or appraise rows; nobody else has such a file."""
    sheet = sheet_visible_to(request.user, pk)
    column = editable_column(sheet, request.user) if sheet else ""
    if sheet is None or column not in (SELF, APPRAISED):
        raise Http404
    lines = lines_of(sheet)
    only_flagged = any(line.is_flagged for line in lines)
    mine = {
        line.pk: line
        for line in lines
        if column_of(line, request.user, column, only_flagged=only_flagged, for_office=False) == column
    }
    return Desk(sheet, column, lines, mine)


@require_GET
def sheet_offline(request: HttpRequest, pk: int) -> HttpResponse:
    desk = _desk(request, pk)
    return offline_file(desk.sheet, desk.column, desk.lines, desk.open)


@require_http_methods(["GET", "POST"])
def sheet_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The file is read and compared; nothing is written before the next page is confirmed."""
    desk = _desk(request, pk)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            if is_over(desk.sheet, STAGE_OF[desk.column]):
                raise Refused("Cột này đã khóa vì hết hạn. Văn phòng Sở có thể gia hạn cho đơn vị, có lý do.")
            filled = read_offline(form.cleaned_data["file"].file, desk.sheet, desk.column, desk.open)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _preview(request, desk, filled)
    context = {"sheet": desk.sheet, "form": form, "count": len(desk.open)}
    return render(request, "scoring/offline/upload.html", context, status=422 if form.errors else 200)


@require_POST
def sheet_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was shown; whatever has changed on the portal since is shown first."""
    desk = _desk(request, pk)
    try:
        kept = signing.loads(request.POST.get("payload", ""), salt=_salt(request, desk), max_age=DAY)
    except signing.BadSignature:
        messages.error(request, "Trang xem trước đã quá hạn. Hãy tải tệp lên lại.")
        return redirect("scoring:sheet_upload", pk)
    filled = unpacked(kept["rows"])
    found = _judged(request, desk, filled)
    if found.digest != kept["seen"]:
        return _preview(request, desk, filled, warning=CHANGED_MEANWHILE)
    answers = {row.line.pk: request.POST.get(f"giu-{row.line.pk}", "") for row in found.conflicts}
    if not all(answers.values()):
        return _preview(
            request, desk, filled, warning="Hãy chọn giữ bên nào ở từng tiêu chí bị sửa ở cả hai nơi."
        )
    chosen = found.taken + [row for row in found.conflicts if answers[row.line.pk] == MINE]
    try:
        written = write_lines(desk.sheet, desk.column, [_entry(row) for row in chosen], by=request.user)
    except Stale:
        return _preview(request, _desk(request, pk), filled, warning=CHANGED_MEANWHILE)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return redirect("scoring:sheet_upload", pk)
    messages.success(request, f"Đã ghi {written} tiêu chí từ tệp.")
    return redirect("scoring:scorecard_detail", pk)


def _preview(request: HttpRequest, desk: Desk, filled: Filled, warning: str = "") -> HttpResponse:
    found = _judged(request, desk, filled)
    payload = {"rows": packed(found.rows), "seen": found.digest}
    context = {
        "sheet": desk.sheet,
        "found": found,
        "warning": warning,
        "faults": [*found.faults, *(fault for row in found.faulty for fault in row.faults)][:FAULTS_SHOWN],
        "taken": [_shown(row, desk.column) for row in found.taken],
        "conflicts": [_shown(row, desk.column) for row in found.conflicts],
        "payload": signing.dumps(payload, salt=_salt(request, desk), compress=True),
    }
    return render(request, "scoring/offline/preview.html", context, status=409 if warning else 200)


def _judged(request: HttpRequest, desk: Desk, filled: Filled) -> Merge:
    """The file beside the portal; what the rules of the page would refuse is a fault already here."""
    found = merge(filled, desk.column, desk.open)
    confirmed = confirmed_counts(desk.sheet) if desk.column == SELF else {}
    for row in found.of(Outcome.TAKEN, Outcome.CONFLICT):
        said = row.mine
        try:
            row.result = outcome_of(
                row.line,
                desk.column,
                by=request.user,
                inputs=dict(said.inputs),
                score=said.points,
                text=said.text,
                confirmed=confirmed,
            )
        except Refused as refusal:
            row.outcome = Outcome.FAULTY
            row.faults = [
                f"Dòng {row.number}, tiêu chí {row.line.criterion.code}: {' '.join(refusal.reasons)}"
            ]
    return found


def _entry(row: Merged) -> Entered:
    return row.line, dict(row.mine.inputs), row.mine.points, row.mine.text


def _shown(row: Merged, column: str) -> dict[str, Any]:
    line = row.line
    before = line.self_score if column == SELF else line.appraised_score
    inputs = dict(row.mine.inputs)
    asks = row.result is None and bool(inputs)  # 0/0 and the like: to be answered on the page of the sheet
    return {
        "number": row.number,
        "line": line,
        "mine": {"facts": facts(line, inputs), "score": row.result, "text": row.mine.text},
        "question": points(line.criterion.method, line.criterion.params, inputs).question if asks else "",
        "theirs": {"facts": facts(line, dict(row.theirs.inputs)), "score": before, "text": row.theirs.text},
    }


def _salt(request: HttpRequest, desk: Desk) -> str:
    """A preview is good for this user, this sheet and this column alone."""
    return f"{SALT}:{request.user.pk}:{desk.sheet.pk}:{desk.column}"
