"""Uploads: judged by content, stored under a name of ours outside the web root, served only after a policy check."""

import logging
import os
import zipfile
import zlib
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404

from core import clock
from core.models import StoredFile
from core.vietnamese import normalize

log = logging.getLogger("portal.files")
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
WORKBOOK_MAX_BYTES = 5 * 1024 * 1024
OFFICE = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/"),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "ppt/"),
}
PLAIN = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
ALLOWED = [*PLAIN, *OFFICE]
ALLOWED_SENTENCE = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), ảnh JPG hoặc PNG"


def check_upload(upload: UploadedFile) -> str:
    """The file's true media type; raises ValidationError with a sentence for everything that is not welcome."""
    name = normalize(Path(upload.name or "").name)
    extension = name.rpartition(".")[2].lower() if "." in name.strip(".") else ""
    if not upload.size:
        raise ValidationError(f"Tệp “{name}” rỗng (0 byte). Hãy kiểm tra lại tệp rồi tải lên.")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise ValidationError(f"Tệp “{name}” lớn hơn {limit} MB. Hãy nén hoặc tách tệp.")
    if not extension:
        raise ValidationError(
            f"Không nhận tệp “{name}” vì tên không có phần mở rộng. Cổng nhận: {ALLOWED_SENTENCE}."
        )
    if extension not in ALLOWED:
        raise ValidationError(f"Không nhận loại tệp “.{extension}”. Cổng nhận: {ALLOWED_SENTENCE}.")
    if extension in OFFICE:
        return _check_office(upload, extension, name)
    return _check_plain(upload, extension, name)


def check_workbook(upload: UploadedFile) -> None:
    """Only a workbook of a size that people fill is read as data."""
    if not (upload.name or "").lower().endswith(".xlsx"):
        raise ValidationError(
            "Cần tệp Excel đuôi .xlsx. Tệp .xls, .csv hãy mở bằng Excel rồi lưu dạng .xlsx."
        )
    if (upload.size or 0) > WORKBOOK_MAX_BYTES:
        raise ValidationError("Tệp lớn hơn 5 MB. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
    check_upload(upload)


def store(upload: UploadedFile, *, by: Any) -> StoredFile:
    """Check the upload, write it to private storage and make its row; run inside the act's transaction."""
    mime = check_upload(upload)
    digest = sha256()
    file = StoredFile(
        name=normalize(Path(upload.name or "tep").name)[:255],
        size=upload.size or 0,
        mime=mime,
        uploaded_by=by,
    )
    path = path_of(file)
    temporary = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.touch(mode=0o600)
        with temporary.open("wb") as target:
            for chunk in upload.chunks():
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        temporary.rename(path)
    except OSError as error:
        with suppress(OSError):  # on a read-only disk even removing fails
            temporary.unlink(missing_ok=True)
        log.error("upload was not stored: %s", error)
        raise ValidationError("Máy chủ không lưu được tệp lúc này. Hãy thử lại sau ít phút.") from error
    file.sha256 = digest.hexdigest()
    file.save()
    return file


def download(file: StoredFile) -> FileResponse:
    """The stored file as an attachment; the caller has checked that this user may see it."""
    try:
        response = FileResponse(
            path_of(file).open("rb"), as_attachment=True, filename=file.name, content_type=file.mime
        )
    except FileNotFoundError as error:
        log.error("stored file %s is missing on disk", file.pk)
        raise Http404("Tệp không còn trên máy chủ.") from error
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def path_of(file: StoredFile) -> Path:
    return settings.EVIDENCE_DIR / file.relative_path


def remove_orphans(*, older_than: timedelta) -> int:
    """Remove files on disk that have no row: left by an act that was rolled back or a machine that fell over."""
    limit = (clock.now() - older_than).timestamp()
    known = {token.hex for token in StoredFile.objects.values_list("token", flat=True)}
    orphans = [
        path
        for path in settings.EVIDENCE_DIR.glob("*/*")
        if path.stem not in known and path.stat().st_mtime < limit
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _check_plain(upload: UploadedFile, extension: str, name: str) -> str:
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        found = set()
    expected = PLAIN[extension]
    starts = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
    if expected not in found or not head.startswith(starts[expected]):
        raise ValidationError(f"Nội dung tệp “{name}” không phải là .{extension}. Hãy chọn đúng tệp.")
    return expected


def _check_office(upload: UploadedFile, extension: str, name: str) -> str:
    mime, folder = OFFICE[extension]
    wrong = ValidationError(f"Nội dung tệp “{name}” không phải là .{extension}. Hãy chọn đúng tệp.")
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
            with archive.open("[Content_Types].xml") as part:
                types = part.read(1024 * 1024)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise wrong from error
    finally:
        upload.seek(0)
    names = [entry.filename for entry in entries]
    if not any(entry.startswith(folder) for entry in names):
        raise wrong
    has_macro = any(entry.lower().endswith("vbaproject.bin") for entry in names)
    if has_macro or b"vbaProject" in types or b"macroEnabled" in types:
        raise ValidationError(f"Tệp “{name}” có chứa macro nên không được nhận.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or len(entries) > 10_000:
        raise ValidationError(f"Tệp “{name}” quá lớn sau khi giải nén nên không được nhận.")
    return mime
