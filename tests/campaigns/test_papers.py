"""Papers of a campaign with their files."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.actions import campaigns as acts
from campaigns.models import Paper
from core.workflow import Refused
from tests.campaigns.stories import draft_campaign, paper, post, text_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_paper_with_its_file(office, clerk, client_of, campaign_year):
    campaign = campaign_year.campaign
    upload = SimpleUploadedFile("Kế hoạch.pdf", PDF, content_type="application/pdf")
    response = post(
        client_of(office),
        "paper_create",
        campaign.pk,
        kind="plan",
        title="Kế hoạch năm",
        number="12/KH",
        on="09/03/2022",
        upload=upload,
    )
    assert response.status_code == 302
    made = campaign.papers.get()
    answer = client_of(clerk).get(reverse("campaigns:paper_download", args=[made.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert "Kế hoạch năm" in text_of(
        client_of(clerk).get(reverse("campaigns:campaign_detail", args=[campaign.pk]) + "?muc=van-ban")
    )
    assert post(client_of(clerk), "paper_create", campaign.pk, title="x").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rong.pdf", b"", "rỗng"),
        ("la.exe", b"MZ", "Không nhận loại tệp"),
        ("gia.pdf", b"khong phai", "không phải là .pdf"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(office, client_of, campaign_year, files, name, content, said):
    file = BytesIO(content)
    file.name = name
    response = post(
        client_of(office),
        "paper_create",
        campaign_year.campaign_id,
        kind="plan",
        title="Kế hoạch",
        on="09/03/2022",
        upload=file,
    )
    assert response.status_code == 422
    assert said in text_of(response)
    assert not Paper.objects.exists()
    assert files() == []


def test_papers_of_a_draft_are_not_downloaded_by_strangers(office, clerk, client_of):
    campaign = draft_campaign(office)
    made = acts.add_paper(campaign, by=office, upload=SimpleUploadedFile("a.pdf", PDF), **paper())
    assert client_of(clerk).get(reverse("campaigns:paper_download", args=[made.pk])).status_code == 404


def test_a_paper_from_the_future_is_refused(office):
    with pytest.raises(Refused, match="tương lai"):
        acts.add_paper(draft_campaign(office), by=office, **paper(on=date(2999, 1, 1)))
