"""Uploads: judged by content, kept under a name of ours, never left by half, given back only as a download."""

import resource
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import clock
from core.attachments import check_upload, download, path_of, remove_orphans, store
from core.models import StoredFile
from organization.models import User
from tests.trust.corpus import ACCEPTED, PDF, REFUSED, bomb, office, png

Files = Callable[[], list[Path]]


def upload(name: str, content: bytes, mime: str = "application/octet-stream") -> SimpleUploadedFile:
    made = SimpleUploadedFile("x", content, mime)
    made._name = name  # as a client may send it, before Django cleans it
    return made


@pytest.mark.parametrize("name", ACCEPTED)
def test_honest_files_are_taken_with_their_true_kind(name: str, clerk: User, files: Files) -> None:
    mime, content = ACCEPTED[name]
    kept = store(
        upload(name, content, "text/html"), by=clerk
    )  # what the browser says of the kind is not believed
    assert (kept.mime, kept.size, kept.name) == (mime, len(content), name)
    assert path_of(kept).read_bytes() == content
    assert files() == [path_of(kept)]


@pytest.mark.parametrize("what", REFUSED)
def test_other_files_are_refused_with_a_sentence_and_leave_nothing(
    what: str, clerk: User, files: Files
) -> None:
    name, content, sentence = REFUSED[what]
    with pytest.raises(ValidationError, match=sentence.replace(".", r"\.")):
        store(upload(name, content), by=clerk)
    assert not StoredFile.objects.exists()
    assert files() == []


def test_a_zip_bomb_is_judged_by_its_directory(clerk: User, files: Files) -> None:
    content = bomb(210)
    assert len(content) < 1024 * 1024
    with pytest.raises(ValidationError, match="quá lớn sau khi giải nén"):
        store(upload("bao-cao.docx", content), by=clerk)
    assert files() == []


def test_too_many_parts_are_refused() -> None:
    parts = {f"word/{number}.xml": b"" for number in range(10_001)}
    with pytest.raises(ValidationError, match="quá lớn sau khi giải nén"):
        check_upload(upload("bao-cao.docx", office("word", **parts)))


def test_the_size_has_a_limit_that_is_told(settings: Any, clerk: User, files: Files) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    with pytest.raises(ValidationError, match="lớn hơn 1 MB"):
        store(upload("to.pdf", PDF + b"\x00" * (1024 * 1024)), by=clerk)
    assert files() == []


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.integers(0, 400), st.sampled_from(["docx", "xlsx", "pdf", "png", "jpg"]))
@example(b"PK\x05\x06" + b"\xff" * 18, 0, "docx")
@example(
    b"PK\x06\x06" + b"\xff" * 60 + b"PK\x06\x07" + b"\xff" * 16 + b"PK\x05\x06" + b"\xff" * 18, 0, "docx"
)
def test_broken_bytes_end_in_a_sentence(noise: bytes, at: int, extension: str) -> None:
    whole = office("word")
    for content in (noise or b"x", whole[:at] + noise + whole[at + len(noise) :]):
        with suppress(ValidationError):  # taken or refused with a sentence; anything else is an error of ours
            check_upload(upload(f"tep.{extension}", content))


# --- names ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../../../x/evil.pdf", "evil.pdf"),
        ("/x/evil.pdf", "evil.pdf"),
        ("evil.pdf\x00", "evil.pdf"),
        ("evil\u202efdp.pdf", "evilfdp.pdf"),
        ("Báo cáo tổng kết.pdf", "Báo cáo tổng kết.pdf"),
        ("Báo cáo.pdf", "Báo cáo.pdf"),
    ],
)
def test_names_are_shown_clean_and_never_used_on_disk(
    sent: str, shown: str, clerk: User, files: Files
) -> None:
    kept = store(upload(sent, PDF), by=clerk)
    assert kept.name == shown
    [path] = files()
    assert path.name == kept.token.hex
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="evil.html.pdf',
        "a;b.pdf",
        "a%0d%0aSet-Cookie: x=1.pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        "Báo cáo tổng kết năm 2025.pdf",
        "=HYPERLINK.pdf",
        "a\\b.pdf",
        "x" * 300 + ".pdf",
    ],
)
def test_every_name_gives_a_header_of_one_safe_line(name: str, clerk: User) -> None:
    kept = store(upload(name, PDF), by=clerk)
    kept.refresh_from_db()
    response = download(kept)
    header = response["Content-Disposition"]
    response.close()
    assert header.startswith("attachment")
    assert "\n" not in header
    assert "\r" not in header
    assert len(kept.name) <= 255
    assert header.isascii() or header.startswith("=?")
    quoted = header.partition('filename="')[2]
    assert quoted.count('"') - quoted.count('\\"') <= 1  # the name cannot leave its quotes


def test_a_download_is_never_shown_inside_the_browser(clerk: User) -> None:
    kept = store(upload("anh.png", png()), by=clerk)
    response = download(kept)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert b"".join(response.streaming_content) == png()
    response.close()


# --- disk ----------------------------------------------------------------------------------------------
def test_a_folder_that_cannot_be_written_gives_a_sentence(settings: Any, tmp_path: Path, clerk: User) -> None:
    settings.EVIDENCE_DIR = tmp_path / "taken"
    settings.EVIDENCE_DIR.write_text("a file stands where the folder should be")
    with pytest.raises(ValidationError, match="không lưu được tệp"):
        store(upload("a.pdf", PDF), by=clerk)
    assert not StoredFile.objects.exists()


def test_a_full_disk_gives_a_sentence_and_leaves_no_part(clerk: User, files: Files) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    content = PDF + b"\x00" * (3 * 1024 * 1024)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * 1024 * 1024, before[1]))
    try:
        with pytest.raises(ValidationError, match="không lưu được tệp"):
            store(upload("a.pdf", content), by=clerk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files() == []
    assert not StoredFile.objects.exists()


def test_a_file_lost_on_disk_is_a_404_that_the_log_tells(clerk: User, caplog: Any) -> None:
    kept = store(upload("a.pdf", PDF), by=clerk)
    path_of(kept).unlink()
    with pytest.raises(Http404):
        download(kept)
    assert "missing on disk" in caplog.text


def test_the_sweep_takes_what_no_row_names_and_leaves_the_rest(clerk: User, files: Files) -> None:
    kept = store(upload("a.pdf", PDF), by=clerk)
    with transaction.atomic():
        store(upload("b.pdf", PDF), by=clerk)
        transaction.set_rollback(True)
    half = path_of(kept).parent / ("0" * 32 + ".part")
    half.write_bytes(b"half")
    assert len(files()) == 3
    assert remove_orphans(older_than=timedelta(days=1)) == 0  # an act may still be running
    with clock.at(clock.now() + timedelta(days=2)):
        assert remove_orphans(older_than=timedelta(days=1)) == 2
    assert files() == [path_of(kept)]
