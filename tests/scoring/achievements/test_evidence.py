"""The evidence store: what it takes, what it refuses, who may download, where a document is used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.workflow import AlreadyDone, Refused
from organization.models import User
from scoring.actions import achievements as actions
from scoring.actions import evidence
from scoring.actions.evidence import AlreadyStored
from scoring.models import Achievement, EvidenceDocument
from scoring.queries.evidence import uses_of
from tests.scoring.achievements.files import HTML, JPG, PDF, bomb, office, png, upload

Browser = Callable[[User], Client]
Files = Callable[[], list[Path]]
DOCX = office("word")


def send(client: Client, name: str, content: bytes, **more: str) -> Any:
    data = {"file": SimpleUploadedFile(name, content), "title": "Quyết định công nhận", **more}
    return client.post(reverse("scoring:evidence_upload"), data)


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.png", png(), "image/png"),
        ("a.jpg", JPG, "image/jpeg"),
        ("a.jpeg", JPG, "image/jpeg"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "a.pptx",
            office("ppt"),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ],
)
def test_welcome_files(
    name: str, content: bytes, mime: str, client_of: Browser, clerk: User, files: Files
) -> None:
    assert send(client_of(clerk), name, content).status_code == 302
    document = EvidenceDocument.objects.get()
    assert (document.file.mime, document.file.size, document.unit.code) == (mime, len(content), "cchc")
    assert [path.read_bytes() for path in files()] == [content]
    response = client_of(clerk).get(reverse("scoring:evidence_download", args=[document.pk]))
    assert response.getvalue() == content
    assert response["Content-Type"] == mime
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", HTML, "không phải là .pdf"),
        ("a.html", HTML, "Không nhận loại tệp"),
        ("a.svg", b"<svg onload='alert(1)'/>", "Không nhận loại tệp"),
        ("a.exe", b"MZ", "Không nhận loại tệp"),
        ("a", PDF, "Không nhận"),
        (".pdf", PDF, "Không nhận"),
        ("a.pdf", b"", "rỗng"),
        ("a.png", PDF, "không phải là .png"),
        ("a.jpg", png(), "không phải là .jpg"),
        ("a.pdf", DOCX, "không phải là .pdf"),
        ("a.docx", PDF, "không phải là .docx"),
        ("a.docx", office("xl"), "không phải là .docx"),
        ("a.docx", office("word", **{"vbaProject.bin": b"x"}), "macro"),
        ("a.docx", bomb(), "quá lớn sau khi giải nén"),
        ("a.docx", DOCX[:40], "không phải là .docx"),
        ("a.pdf.exe", PDF, "Không nhận loại tệp"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unwelcome_files(
    name: str, content: bytes, sentence: str, client_of: Browser, clerk: User, files: Files
) -> None:
    response = send(client_of(clerk), name, content, number="125/QĐ-SNV")
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "125/QĐ-SNV" in page
    assert not EvidenceDocument.objects.exists()
    assert files() == []


def test_an_oversized_file(client_of: Browser, clerk: User, settings: Any, files: Files) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    response = send(client_of(clerk), "a.pdf", PDF + b"x" * (1024 * 1024))
    assert response.status_code == 422
    assert "lớn hơn 1 MB" in response.content.decode()
    assert files() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../../tmp/evil.pdf", "evil.pdf"),
        ("C:\\Users\\An\\quyet dinh.pdf", "quyet dinh.pdf"),
        ("Báo cáo số 5.pdf", "Báo cáo số 5.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),
        ("a%22; filename=x.html;.pdf", None),
        ("x" * 300 + ".pdf", None),
    ],
)
def test_strange_names(
    sent: str, kept: str | None, client_of: Browser, clerk: User, settings: Any, files: Files
) -> None:
    assert send(client_of(clerk), sent, PDF).status_code == 302
    file = EvidenceDocument.objects.get().file
    assert file.name.endswith(".pdf")
    assert len(file.name) <= 255
    assert kept is None or file.name == kept
    assert [path.parent.parent for path in files()] == [settings.EVIDENCE_DIR]
    response = client_of(clerk).get(
        reverse("scoring:evidence_download", args=[EvidenceDocument.objects.get().pk])
    )
    assert response.getvalue() == PDF
    assert "\n" not in response["Content-Disposition"]


def test_a_quote_in_a_name_stays_inside_the_header(client_of: Browser, clerk: User) -> None:
    document = evidence.upload_document(upload('a"; filename=x.html;.pdf'), by=clerk, title="Tên lạ")
    response = client_of(clerk).get(reverse("scoring:evidence_download", args=[document.pk]))
    assert response.getvalue() == PDF
    assert response["Content-Disposition"] == 'attachment; filename="a\\"; filename=x.html;.pdf"'


def test_the_same_file_is_linked_not_stored_twice(
    client_of: Browser, clerk: User, colleague: User, draft_of: Any, stored: Any, files: Files
) -> None:
    document = stored(colleague, number="12/QĐ-SNV", is_shared=True)
    evidence.add_evidence(draft_of(colleague, title="Việc của Bình"), document, by=colleague)
    achievement = draft_of(clerk)
    url = reverse("scoring:achievement_evidence", args=[achievement.pk])
    response = client_of(clerk).post(url, {"file": upload(), "title": "Cùng tệp", "page": "4"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Tệp này đã có trong kho: “12/QĐ-SNV – Quyết định công nhận”, đang dùng ở: 1 hồ sơ khác" in page
    assert "Việc của Bình" not in page
    assert "Dùng tài liệu đã có" in page
    assert len(files()) == 1
    url = reverse("scoring:achievement_evidence_link", args=[achievement.pk])
    client_of(clerk).post(url, {"document": document.pk, "page": "4"})
    assert achievement.evidence_links.get().page == "4"


def test_a_hidden_same_file_is_never_hinted_at(
    client_of: Browser, clerk: User, stranger: User, stored: Any, files: Files
) -> None:
    stored(stranger, title="Bí mật")
    response = send(client_of(clerk), "a.pdf", PDF)
    assert response.status_code == 302
    assert len(files()) == 2
    with pytest.raises(AlreadyStored):
        stored(clerk)


def test_adding_new_evidence_writes_all_or_nothing(
    client_of: Browser, clerk: User, draft_of: Any, in_state: Any, files: Files
) -> None:
    achievement = draft_of(clerk)
    url = reverse("scoring:achievement_evidence", args=[achievement.pk])
    response = client_of(clerk).post(
        url, {"file": upload(), "title": "Quyết định", "issued_on": "02/09/2025", "page": "2"}
    )
    assert response.status_code == 302
    document = achievement.evidence_links.get().document
    assert f"{document.issued_on:%d/%m/%Y}" == "02/09/2025"
    confirmed = in_state("confirmed")
    with pytest.raises(Refused):
        evidence.add_new_evidence(confirmed, upload(content=b"%PDF-1.5 khac"), by=clerk, title="Thêm sau")
    assert EvidenceDocument.objects.count() == 1


def test_a_document_of_a_stranger_cannot_be_linked(
    client_of: Browser, clerk: User, stranger: User, draft_of: Any, stored: Any
) -> None:
    hidden = stored(stranger)
    achievement = draft_of(clerk)
    url = reverse("scoring:achievement_evidence_link", args=[achievement.pk])
    for forged in [hidden.pk, 10**9, "x", ""]:
        assert client_of(clerk).post(url, {"document": forged}).status_code == 404
    with pytest.raises(Refused, match="Không tìm thấy"):
        evidence.add_evidence(achievement, hidden, by=clerk)
    assert not achievement.evidence_links.exists()


def test_only_the_author_changes_documents(cast: dict[str, User], in_state: Any, stored: Any) -> None:
    achievement = in_state("draft")
    document = stored(cast["clerk"])
    for part, user in cast.items():
        if part != "clerk":
            with pytest.raises(Refused):
                evidence.add_evidence(achievement, document, by=user)
    evidence.add_evidence(achievement, document, by=cast["clerk"])
    for part, user in cast.items():
        if part != "clerk":
            with pytest.raises(Refused):
                evidence.remove_evidence(achievement, document, by=user)
    evidence.remove_evidence(achievement, document, by=cast["clerk"])
    with pytest.raises(AlreadyDone):
        evidence.remove_evidence(achievement, document, by=cast["clerk"])


def test_a_returned_one_opens_its_documents_only_when_flagged(
    clerk: User, head: User, submitted_by: Any, stored: Any
) -> None:
    achievement, document = submitted_by(clerk), stored(clerk)
    actions.send_back(achievement, by=head, flags={"title": "Sai"})
    with pytest.raises(Refused, match="chỉ mở các điểm"):
        evidence.add_evidence(achievement, document, by=clerk)
    other = submitted_by(clerk, title="Việc khác hẳn")
    actions.send_back(other, by=head, flags={"evidence": "Thiếu"})
    evidence.add_evidence(other, document, by=clerk)
    assert other.flags.get().is_settled


def downloaded(response: Any) -> bool:
    content = response.getvalue()
    assert (response.status_code == 200) == (content == PDF)
    return bool(content == PDF)


def test_who_downloads(
    client_of: Browser, cast: dict[str, User], draft_of: Any, head: User, stored: Any
) -> None:
    clerk = cast["clerk"]
    achievement, document = draft_of(clerk), stored(clerk)
    evidence.add_evidence(achievement, document, by=clerk)
    url = reverse("scoring:evidence_download", args=[document.pk])

    def readers() -> set[str]:
        return {part for part, user in cast.items() if downloaded(client_of(user).get(url))}

    readers_of_the_dossier = {"clerk", "head", "deputy", "director", "office", "inspector"}
    assert readers() == readers_of_the_dossier
    assert client_of(cast["stranger"]).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    actions.submit(achievement, by=clerk)
    actions.confirm(achievement, by=head)
    assert readers() == readers_of_the_dossier | {"appraiser", "council_member"}


def test_a_co_author_of_another_unit_sees_the_documents(
    client_of: Browser, clerk: User, stranger: User, draft_of: Any, stored: Any
) -> None:
    achievement, document = draft_of(clerk), stored(clerk)
    evidence.add_evidence(achievement, document, by=clerk)
    url = reverse("scoring:evidence_detail", args=[document.pk])
    assert client_of(stranger).get(url).status_code == 404
    actions.set_co_authors(achievement, [(stranger.person, 10)], by=clerk)
    assert client_of(stranger).get(url).status_code == 200


def test_uses_show_only_what_one_may_see(
    client_of: Browser, clerk: User, colleague: User, draft_of: Any, stored: Any
) -> None:
    document = stored(clerk, is_shared=True)
    evidence.add_evidence(draft_of(clerk, title="Việc của An"), document, by=clerk)
    evidence.add_evidence(draft_of(colleague, title="Việc của Bình"), document, by=colleague)
    page = client_of(clerk).get(reverse("scoring:evidence_detail", args=[document.pk])).content.decode()
    assert "Việc của An" in page
    assert "Việc của Bình" not in page
    assert "1 hồ sơ khác mà bạn không có quyền xem" in page
    assert uses_of(document, clerk).words == "1 thành tích, 1 hồ sơ khác"


def test_only_unused_documents_are_deleted(
    client_of: Browser, clerk: User, colleague: User, head: User, draft_of: Any, stored: Any, files: Files,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    achievement, document = draft_of(clerk), stored(clerk)
    evidence.add_evidence(achievement, document, by=clerk)
    with pytest.raises(Refused, match="1 thành tích"):
        evidence.remove_document(document, by=clerk)
    evidence.remove_evidence(achievement, document, by=clerk)
    with pytest.raises(Refused, match="Chỉ người tải lên"):
        evidence.remove_document(document, by=colleague)
    assert len(files()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client_of(clerk).post(reverse("scoring:evidence_remove", args=[document.pk]))
    assert not EvidenceDocument.objects.exists()
    assert files() == []


def test_the_store_is_searched_without_diacritics(
    client_of: Browser, clerk: User, stranger: User, stored: Any
) -> None:
    stored(clerk, b"%PDF-1.4 1", title="Quyết định công nhận sáng kiến", number="125/QĐ-SNV")
    stored(clerk, b"%PDF-1.4 2", title="Báo cáo tổng kết")
    stored(stranger, b"%PDF-1.4 3", title="Sáng kiến của đơn vị khác")
    page = client_of(clerk).get(reverse("scoring:evidence_list") + "?q=sang+kien").content.decode()
    assert "Quyết định công nhận sáng kiến" in page
    assert "Báo cáo tổng kết" not in page
    assert "đơn vị khác" not in page


def test_the_list_costs_the_same_with_more_rows(
    client_of: Browser, clerk: User, stored: Any, assert_same_queries: Any
) -> None:
    stored(clerk, b"%PDF-1.4 1")

    def grow() -> None:
        stored(clerk, b"%PDF-1.4 2", title="Khác")
        stored(clerk, b"%PDF-1.4 3", title="Khác nữa")

    assert_same_queries(client_of(clerk), reverse("scoring:evidence_list"), grow)


def test_pages_of_the_store(
    client_of: Browser, clerk: User, stranger: User, draft_of: Any, stored: Any
) -> None:
    document, achievement = stored(clerk), draft_of(clerk)
    add = reverse("scoring:achievement_evidence", args=[achievement.pk])
    assert "Quyết định công nhận" in client_of(clerk).get(add + "?q=quyet+dinh").content.decode()
    assert "Quyết định công nhận" not in client_of(clerk).get(add + "?q=khong+co").content.decode()
    assert client_of(clerk).get(reverse("scoring:evidence_upload")).status_code == 200
    assert client_of(stranger).get(add).status_code == 404
    for name in ["evidence_detail", "evidence_download"]:
        assert client_of(stranger).get(reverse(f"scoring:{name}", args=[document.pk])).status_code == 404
    assert client_of(stranger).post(reverse("scoring:evidence_remove", args=[document.pk])).status_code == 404
    evidence.add_evidence(achievement, document, by=clerk)
    url = reverse("scoring:achievement_edit", args=[achievement.pk])
    data = {"version": Achievement.objects.get().version, "then": f"remove-{document.pk}", "title": "Gõ thêm"}
    client_of(clerk).post(url, data)
    assert not achievement.evidence_links.exists()
    assert Achievement.objects.get().title == "Gõ thêm"


def test_a_missing_file_on_disk_is_not_found(
    client_of: Browser, clerk: User, stored: Any, files: Files
) -> None:
    document = stored(clerk)
    files()[0].unlink()
    assert client_of(clerk).get(reverse("scoring:evidence_download", args=[document.pk])).status_code == 404
