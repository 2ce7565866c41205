"""The ranking command over a round of the portal's own, and files that may not touch it."""

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from campaigns.models import CampaignYear
from organization.models import User
from scoring.models import PastResult
from tests.scoring.sheets.conftest import publish_all

HUE = Path(__file__).parents[2] / "cases" / "published_hue_2021.csv"


def command(name: str, *args: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_round_with_a_publication_of_its_own_takes_no_file(ranked: CampaignYear, office: Any) -> None:
    publish_all(ranked, "individual", office)
    with pytest.raises(CommandError, match="đã có kết quả công bố"):
        command("import_results", HUE, "--scheme", ranked.campaign.code, "--year", ranked.year)
    told = command(
        "ranking", "--scheme", ranked.campaign.code, "--year", ranked.year, "--recipient", "individual"
    )
    assert "kết quả đã công bố" in told
    assert told.count("đồng hạng") == 2


def test_before_publication_the_table_says_that_it_is_provisional(ranked: CampaignYear) -> None:
    args = ("--scheme", ranked.campaign.code, "--year", ranked.year, "--recipient", "individual")
    told = command("ranking", *args)
    assert "tạm tính, chưa công bố" in told
    assert "Nguyễn Văn An" in told
    assert command("ranking", *args, "--format", "csv").splitlines()[0].startswith("rank,unit,score")


def test_the_office_uploads_a_past_table_looks_and_confirms(
    campaign_year: CampaignYear, office: User, clerk: User, client_of: Any
) -> None:
    book = Workbook()
    for row in (["Đơn vị", "Chỉ số", "Xếp hạng"], ["Sở A", 91.5, 2], ["Sở B", 90, 1]):
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    address = f"/cham-diem/xep-hang/{campaign_year.pk}/nap/"
    assert client_of(clerk).get(address).status_code == 404
    client = client_of(office)
    bad = client.post(address, {"file": SimpleUploadedFile("a.xlsx", b"abc")})
    assert bad.status_code == 422
    sent = client.post(address, {"file": SimpleUploadedFile("ket-qua.xlsx", target.getvalue())})
    page = client.get(sent.url).content.decode()
    assert "2 dòng khác với bản công bố" in page
    assert not PastResult.objects.exists()
    assert client_of(clerk).get(sent.url).status_code == 404
    assert client.post(sent.url).status_code == 302
    kept = dict(PastResult.objects.values_list("unit_name", "rank"))
    assert kept == {"Sở A": 1, "Sở B": 2}
    client.post(sent.url)
    assert PastResult.objects.count() == 2
