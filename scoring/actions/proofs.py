"""Documents behind single lines of a sheet: what proves a score, and what an explanation adds later."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core.journal import record
from core.workflow import AlreadyDone, Refused
from scoring.actions.evidence import hold_visible, upload_document
from scoring.actions.lines import ONLY_FLAGGED, State, hold, hold_sheet, hold_to_fill
from scoring.models import EvidenceDocument, Line, LineEvidence, Scorecard
from scoring.queries.sheets import FILLING


@transaction.atomic
def attach_evidence(line: Line, document: EvidenceDocument, *, by: Any, page: str = "") -> LineEvidence:
    """Link a document that this user may see to the line; linking it again only corrects the page."""
    sheet = _hold_for_documents(line, by)
    hold_visible(document, by)
    later = sheet.state == State.EXPLAINING
    for known in line.evidence_links.filter(document=document):
        _refuse_earlier(known, sheet)
    made = {"page": page, "is_later": later}
    link, _ = LineEvidence.objects.update_or_create(
        line=line, document=document, defaults={"page": page}, create_defaults=made
    )
    label = f"{'Bổ sung' if later else 'Gắn'} tài liệu vào tiêu chí {line.criterion.code}"
    record(sheet, "attach", by=by, label=label, comment=str(document))
    return link


@transaction.atomic
def attach_new(line: Line, upload: UploadedFile, *, by: Any, page: str = "", **facts: Any) -> LineEvidence:
    """Put a file into the store and link it to the line in one act."""
    return attach_evidence(line, upload_document(upload, by=by, **facts), by=by, page=page)


@transaction.atomic
def attach_to_all(lines: Sequence[Line], document: EvidenceDocument, *, by: Any, page: str = "") -> None:
    """Link a document, such as the year's report, to many lines of one sheet at once."""
    sheet = lines[0].scorecard
    hold_sheet(sheet, "scoring.fill_scorecard", by, FILLING, "self")
    hold_visible(document, by)
    if sheet.lines.filter(is_flagged=True).exists() and not all(line.is_flagged for line in lines):
        raise Refused(ONLY_FLAGGED)
    LineEvidence.objects.bulk_create(
        [LineEvidence(line=line, document=document, page=page) for line in lines],
        update_conflicts=True,
        unique_fields=["line", "document"],
        update_fields=["page"],
    )
    codes = ", ".join(line.criterion.code for line in lines)
    record(sheet, "attach", by=by, label=f"Gắn tài liệu vào các tiêu chí {codes}", comment=str(document))


@transaction.atomic
def detach_evidence(link: LineEvidence, *, by: Any) -> None:
    sheet = _hold_for_documents(link.line, by)
    _refuse_earlier(link, sheet)
    if not LineEvidence.objects.filter(pk=link.pk).exists():
        raise AlreadyDone("Tài liệu này đã được gỡ khỏi tiêu chí rồi.")
    label = f"Gỡ tài liệu khỏi tiêu chí {link.line.criterion.code}"
    record(sheet, "detach", by=by, label=label, comment=str(link.document))
    link.delete()


def _hold_for_documents(line: Line, by: Any) -> Scorecard:
    """Who fills the sheet; while he explains, only the lines that somebody asked about."""
    if line.scorecard.state != State.EXPLAINING:
        return hold_to_fill(line, by)
    sheet = hold(line, "scoring.explain_scorecard", by, [State.EXPLAINING], "explanation")
    if not line.is_flagged:
        raise Refused("Tiêu chí này không có yêu cầu giải trình.")
    return sheet


def _refuse_earlier(link: LineEvidence, sheet: Scorecard) -> None:
    if sheet.state == State.EXPLAINING and not link.is_later:
        raise Refused("Tài liệu đã gắn khi tự chấm giữ nguyên; khi giải trình chỉ bổ sung tài liệu.")
