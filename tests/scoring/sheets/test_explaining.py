"""The unit answers with more documents; what was published shows every column and stays where a sheet is reopened."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.actions import rounds
from campaigns.models import CampaignYear
from core.workflow import Refused
from organization.models import Unit, User
from scoring.actions import appraisal, columns, proofs, publication
from scoring.models import EvidenceDocument, LineEvidence, Scorecard
from tests.scoring.sheets.conftest import again
from tests.trust.corpus import PDF

Find = Callable[..., Any]


@pytest.fixture
def approved(sheet_of: Find, led_to: Find, units: dict[str, Unit], clerk: User, head: User) -> Scorecard:
    return led_to(sheet_of(units["cchc"]), "approved", by=clerk, head=head)


@pytest.fixture
def asked(approved: Scorecard, line_of: Find, office: User) -> Scorecard:
    appraisal.ask(approved, by=office, flags={line_of(approved, "1.1").pk: "Văn bản nào?"})
    return again(approved)


def test_documents_are_added_to_questioned_lines_alone(
    asked: Scorecard, line_of: Find, document: EvidenceDocument, clerk: User, client_of: Find
) -> None:
    proofs.attach_evidence(line_of(asked, "1.1"), document, by=clerk, page="tr. 9")
    assert LineEvidence.objects.get().is_later
    with pytest.raises(Refused, match="không có yêu cầu giải trình"):
        proofs.attach_evidence(line_of(asked, "2.1"), document, by=clerk)
    page = client_of(clerk).get(f"/cham-diem/phieu/{asked.pk}/").content.decode()
    assert "bổ sung khi giải trình" in page
    proofs.detach_evidence(LineEvidence.objects.get(), by=clerk)
    assert not LineEvidence.objects.exists()


def test_what_the_head_has_approved_is_neither_changed_nor_taken_away(
    asked: Scorecard, line_of: Find, document: EvidenceDocument, clerk: User
) -> None:
    earlier = LineEvidence.objects.create(line=line_of(asked, "1.1"), document=document, page="2")
    with pytest.raises(Refused, match="giữ nguyên"):
        proofs.attach_evidence(line_of(asked, "1.1"), document, by=clerk, page="9")
    with pytest.raises(Refused, match="giữ nguyên"):
        proofs.detach_evidence(earlier, by=clerk)
    earlier.refresh_from_db()
    assert earlier.page == "2"


def test_a_new_file_is_uploaded_and_attached_in_one_step(
    sheet_of: Find, line_of: Find, clerk: User, stranger: User, client_of: Find
) -> None:
    line = line_of(sheet_of(clerk), "1.2")
    address = f"/cham-diem/phieu/{line.scorecard_id}/dong/{line.pk}/tai-lieu/"
    upload = SimpleUploadedFile("qd.pdf", PDF, "application/pdf")
    typed = {"title": "Quyết định công nhận", "number": "9/QĐ", "page": "tr. 3"}
    assert client_of(stranger).post(address, {**typed, "file": upload}).status_code == 404
    wrong = client_of(clerk).post(address, {**typed, "title": ""})
    assert wrong.status_code == 422
    assert 'value="9/QĐ"' in wrong.content.decode()
    upload.seek(0)
    assert client_of(clerk).post(address, {**typed, "file": upload}).status_code == 302
    link = LineEvidence.objects.select_related("document").get()
    assert (link.line_id, link.page, link.document.title) == (line.pk, "tr. 3", "Quyết định công nhận")
    assert not link.is_later


def test_the_published_page_shows_every_column_that_counted(
    asked: Scorecard, line_of: Find, opened: CampaignYear, clerk: User, office: User, client_of: Find
) -> None:
    rounds.set_options(opened, by=office, needs_council=True)
    columns.save_explanation(line_of(asked, "1.1"), by=clerk, text="Hai văn bản, đã sửa trong ngày")
    appraisal.explain(again(asked), by=clerk)
    columns.save_second(line_of(asked, "1.1"), by=office, score=Decimal("7.25"), reason="Một văn bản chậm")
    appraisal.appraise_again(again(asked), by=office)
    columns.save_final(line_of(asked, "1.1"), by=office, score=Decimal("7.75"), reason="Biên bản ngày 5/1")
    appraisal.conclude(again(asked), by=office)
    before = client_of(office).get(f"/cham-diem/cong-bo/{opened.pk}/collective/").content.decode()
    assert "1 phiếu đã có kết luận của Hội đồng" in before
    others = Scorecard.objects.filter(campaign_year=opened, person=None).exclude(pk=asked.pk)
    published = publication.publish(
        opened,
        "collective",
        by=office,
        confirmation="CÔNG BỐ",
        not_scored=list(others.values_list("pk", flat=True)),
    )
    page = client_of(clerk).get(f"/cham-diem/ket-qua/{published.results.get().pk}/").content.decode()
    for words in (
        "Thẩm định lần 1",
        "7,25",
        "7,75",
        "Một văn bản chậm",
        "Biên bản ngày 5/1",
        "đã sửa trong ngày",
    ):
        assert words in page
    appraisal.reopen_published(again(asked), by=office, comment="Theo đơn đề nghị")
    ranking = client_of(clerk).get(f"/cham-diem/xep-hang/?nam={opened.pk}").content.decode()
    assert ranking.count(">Phòng Cải cách hành chính<") == 1
    assert f"Chưa chấm: {others.count()}" in ranking


def test_a_unit_that_is_scored_and_not_ranked_has_no_rank_on_its_page(
    approved: Scorecard, opened: CampaignYear, office: User, client_of: Find
) -> None:
    Scorecard.objects.filter(pk=approved.pk).update(is_ranked=False)
    appraisal.appraise(again(approved), by=office)
    unready = Scorecard.objects.filter(campaign_year=opened, person=None).exclude(pk=approved.pk)
    published = publication.publish(
        opened, "collective", by=office, confirmation="CÔNG BỐ", not_scored=[one.pk for one in unready]
    )
    page = client_of(office).get(f"/cham-diem/ket-qua/{published.results.get().pk}/").content.decode()
    assert "None" not in page
    assert "Không xếp hạng" in page
