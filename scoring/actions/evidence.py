"""What people do with documents of proof: put them into the store, link them, take them away."""

from datetime import date
from hashlib import sha256
from typing import Any

import rules
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core.attachments import path_of, store
from core.journal import record
from core.vietnamese import fold, normalize
from core.workflow import AlreadyDone, Refused, lock
from organization.models import Unit
from scoring.actions.achievements import require_open, settle
from scoring.models import Achievement, AchievementEvidence, EvidenceDocument
from scoring.queries.achievements import open_points
from scoring.queries.evidence import is_used, stored_already, uses_of


class AlreadyStored(Refused):
    """The same file is in the store, and this user may see it: it is better linked than stored twice."""

    def __init__(self, document: EvidenceDocument, used: str) -> None:
        super().__init__(f"Tệp này đã có trong kho: “{document}”, đang dùng ở: {used}.")
        self.document = document


@transaction.atomic
def upload_document(
    upload: UploadedFile,
    *,
    by: Any,
    title: str,
    number: str = "",
    issued_on: date | None = None,
    issuer: str = "",
    unit: Unit | None = None,
    is_shared: bool = False,
) -> EvidenceDocument:
    """Put a document into the store of the uploader's unit; a file he can see there already is told, not doubled.

    It is his own until he shares it in the unit, or a dossier that others may see rests on it.
    """
    if not rules.has_perm("scoring.upload_evidence", by):
        raise Refused(
            "Tài khoản của bạn chưa gắn với một người đang công tác nên không tải tài liệu lên được."
        )
    if unit is not None and unit.pk != by.acting.unit_id and not by.acting.heads(unit.pk):
        raise Refused(f"Bạn không tải tài liệu lên cho {unit.name} được.")
    same = stored_already(_digest(upload), by)
    if same:
        raise AlreadyStored(same, uses_of(same, by).words)
    try:
        file = store(upload, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    document = EvidenceDocument.objects.create(
        unit=unit or Unit.objects.get(pk=by.acting.unit_id),
        title=normalize(title), number=normalize(number), issued_on=issued_on, issuer=normalize(issuer),
        file=file, uploaded_by=by, search_key=fold(f"{number} {title} {issuer} {file.name}")[:500],
        is_shared=is_shared,
    )  # fmt: skip
    facts = {"name": file.name, "sha256": file.sha256, "is_shared": is_shared}
    record(document, "upload", by=by, label="Tải tài liệu lên", data=facts)
    return document


@transaction.atomic
def share(document: EvidenceDocument, *, by: Any) -> None:
    """Let the colleagues of the unit see the document and use it for their own dossiers."""
    _set_shared(document, True, by)
    record(document, "share", by=by, label=f"Dùng chung trong {document.unit.short_name}")


@transaction.atomic
def keep_private(document: EvidenceDocument, *, by: Any) -> None:
    """Take it back from the colleagues; where it was used meanwhile it stays, and is seen by who may see that."""
    _set_shared(document, False, by)
    record(document, "keep_private", by=by, label="Thôi dùng chung")


@transaction.atomic
def remove_document(document: EvidenceDocument, *, by: Any) -> None:
    """Take an unused document out of the store, with its file."""
    hold_document(document)
    if not rules.has_perm("scoring.delete_evidence", by, document):
        raise Refused("Chỉ người tải lên hoặc thủ trưởng đơn vị xóa được tài liệu này.")
    if is_used(document):
        raise Refused(f"Tài liệu đang được dùng ({uses_of(document, by).words}) nên không xóa được.")
    file = document.file
    path = path_of(file)
    record(
        document, "remove", by=by, label="Xóa tài liệu", data={"title": document.title, "sha256": file.sha256}
    )
    document.delete()
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def add_evidence(achievement: Achievement, document: EvidenceDocument, *, by: Any, page: str = "") -> None:
    """Link a document of the store; linking it again only changes the page."""
    _hold_open(achievement, by)
    hold_visible(document, by)
    link, is_new = AchievementEvidence.objects.get_or_create(
        achievement=achievement, document=document, defaults={"page": normalize(page)[:60]}
    )
    if not is_new:
        if not page or link.page == normalize(page):
            return
        link.page = normalize(page)[:60]
        link.save(update_fields=["page"])
    settle(achievement, {"evidence"})
    label = "Thêm tài liệu kiểm chứng" if is_new else "Sửa trang của tài liệu kiểm chứng"
    record(
        achievement, "add_evidence", by=by, label=label, comment=str(document), data={"document": document.pk}
    )


@transaction.atomic
def add_new_evidence(
    achievement: Achievement, upload: UploadedFile, *, by: Any, page: str = "", **facts: Any
) -> EvidenceDocument:
    """Upload and link in one act: a refused link leaves no document behind."""
    _hold_open(achievement, by)
    document = upload_document(upload, by=by, **facts)
    add_evidence(achievement, document, by=by, page=page)
    return document


@transaction.atomic
def remove_evidence(achievement: Achievement, document: EvidenceDocument, *, by: Any) -> None:
    """Undo the link; the document stays in the store."""
    _hold_open(achievement, by)
    gone, _ = AchievementEvidence.objects.filter(achievement=achievement, document=document).delete()
    if not gone:
        raise AlreadyDone("Tài liệu này đã được gỡ khỏi thành tích rồi.")
    settle(achievement, {"evidence"})
    record(
        achievement, "remove_evidence", by=by, label="Gỡ tài liệu kiểm chứng", comment=str(document),
        data={"document": document.pk},
    )  # fmt: skip


def _set_shared(document: EvidenceDocument, is_shared: bool, by: Any) -> None:
    hold_document(document)
    if not rules.has_perm("scoring.share_evidence", by, document):
        raise Refused("Chỉ người tải lên hoặc thủ trưởng đơn vị quyết định việc dùng chung tài liệu này.")
    if document.is_shared == is_shared:
        state = "đang dùng chung trong đơn vị" if is_shared else "không dùng chung"
        raise AlreadyDone(f"Tài liệu này {state} rồi.")
    document.is_shared = is_shared
    document.save(update_fields=["is_shared"])


def _hold_open(achievement: Achievement, by: Any) -> None:
    lock(achievement)
    require_open(achievement, by)
    if "evidence" not in open_points(achievement):
        raise Refused(
            "Thành tích bị trả lại chỉ mở các điểm cần sửa; tài liệu kiểm chứng không nằm trong đó."
        )


def hold_visible(document: EvidenceDocument, by: Any) -> None:
    """A document that this user may link, held. His own part of the store is asked first, because that is quick."""
    found = EvidenceDocument.objects.filter(pk=document.pk)
    if not (found.kept_for(by).exists() or found.visible_to(by).exists()):
        raise Refused("Không tìm thấy tài liệu này trong kho.")
    hold_document(document)


def hold_document(document: EvidenceDocument) -> None:
    """Nobody takes it out of the store while it is being linked."""
    try:
        lock(document)
    except ObjectDoesNotExist as error:
        raise Refused("Tài liệu này vừa bị xóa khỏi kho.") from error


def _digest(upload: UploadedFile) -> str:
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
