"""What a unit writes into a dossier: report, summary, papers, answers to the Office."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards.actions.proposals import hold_dossier, lock_both
from awards.models import Flag, Nomination, NominationPaper, ReportSection
from awards.queries import reports
from core import clock
from core.attachments import path_of, store
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, check_version

MOST_PAPERS = 20
WRITE = "awards.write_dossier"


@transaction.atomic
def write_report(
    nomination: Nomination, report: Mapping[str, str], merit: str, *, by: Any, version: int | None = None
) -> None:
    """The sections of the report and the line for the decision."""
    hold_dossier(nomination, by, point=Flag.Point.REPORT, permission=WRITE)
    check_version(nomination, version)
    known = set(
        ReportSection.objects.filter(recipient=nomination.award.recipient).values_list("code", flat=True)
    )
    kept = {code: normalize(text) for code, text in report.items() if code in known}
    wanted = {**nomination.report, **kept}
    if wanted == nomination.report and nomination.merit == normalize(merit):
        return
    if nomination.merit != normalize(merit):
        nomination.distinct_because = ""  # it was said of other words
    nomination.report, nomination.merit = wanted, normalize(merit)
    nomination.version += 1
    nomination.save(update_fields=["report", "merit", "distinct_because", "version"])
    record(nomination, "report", by=by, label="Sửa báo cáo thành tích")


@transaction.atomic
def refill(
    nomination: Nomination, code: str, *, by: Any, version: int | None = None, back: bool = False
) -> None:
    """Put what the facts say today in the place of a section, or back what stood there before; what is replaced is
    kept with the journal's line, so that nothing typed is lost."""
    hold_dossier(nomination, by, point=Flag.Point.REPORT, permission=WRITE)
    check_version(nomination, version)
    section = ReportSection.objects.filter(recipient=nomination.award.recipient, code=code).first()
    if section is None:
        raise Refused("Báo cáo của hồ sơ này không có mục đó.")
    before = nomination.report.get(code, "")
    wanted = reports.replaced(nomination, code) if back else reports.fresh(nomination, section)
    if not wanted:
        raise Refused(
            "Mục này chưa được điền lại lần nào." if back else "Cổng chưa có dữ liệu để điền vào mục này."
        )
    if wanted == before:
        raise AlreadyDone("Mục này đã đúng như vậy.")
    nomination.report = {**nomination.report, code: wanted}
    nomination.version += 1
    nomination.save(update_fields=["report", "version"])
    label = "Lấy lại nội dung trước của mục báo cáo" if back else "Điền lại mục báo cáo từ dữ liệu của cổng"
    record(
        nomination, "refill", by=by, label=label, comment=section.title, data={"section": code, "was": before}
    )


@transaction.atomic
def add_paper(
    nomination: Nomination, upload: UploadedFile, *, paper: str, title: str, by: Any
) -> NominationPaper:
    hold_dossier(nomination, by, point=Flag.Point.PAPERS, permission=WRITE)
    if nomination.papers.count() >= MOST_PAPERS:
        raise Refused(f"Mỗi hồ sơ có tối đa {MOST_PAPERS} tài liệu.")
    try:
        file = store(upload, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    one = NominationPaper.objects.create(
        nomination=nomination, paper=paper, title=(normalize(title) or file.name)[:200], file=file
    )
    record(nomination, "add_paper", by=by, label="Thêm giấy tờ", comment=one.title)
    return one


@transaction.atomic
def remove_paper(one: NominationPaper, *, by: Any) -> None:
    nomination = one.nomination
    hold_dossier(nomination, by, point=Flag.Point.PAPERS, permission=WRITE)
    if not NominationPaper.objects.filter(pk=one.pk).exists():
        raise AlreadyDone("Giấy tờ này đã được gỡ rồi.")
    record(
        nomination,
        "remove_paper",
        by=by,
        label="Gỡ giấy tờ",
        comment=one.title,
        data={"sha256": one.file.sha256},
    )
    file, path = one.file, path_of(one.file)
    one.delete()
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def answer(flag: Flag, text: str, *, by: Any) -> None:
    """Say how a flagged point was put right; said again it replaces what was said."""
    nomination = flag.nomination
    lock_both(nomination)
    flag.refresh_from_db()
    if flag.closed_at:
        raise Refused("Yêu cầu này đã kết thúc.")
    hold_dossier(nomination, by, point=flag.point, permission=WRITE)
    kept = normalize(text)
    if not kept:
        raise Refused("Hãy ghi nội dung trả lời.")
    flag.answer, flag.answered_at = kept, clock.now()
    flag.save(update_fields=["answer", "answered_at"])
    record(nomination, "answer", by=by, label=f"Trả lời: {flag.get_point_display()}", comment=kept)
