"""The pages of ranking and publication."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from campaigns.models import CampaignYear
from organization.models import User
from scoring.models import Publication, Scorecard
from scoring.views import publishing as ranking_views
from tests.scoring.sheets.conftest import publish_all

Find = Callable[..., Any]


def test_before_publication_only_the_office_and_inspectors_see_ranks(
    ranked: CampaignYear, client_of: Find, office: User, inspector: User, clerk: User, director: User
) -> None:
    address = "/cham-diem/xep-hang/?doi-tuong=individual"
    for user in (office, inspector):
        text = client_of(user).get(address).content.decode()
        assert "Tạm tính" in text
        assert "Chưa chấm: 10" in text
    for user in (clerk, director):
        text = client_of(user).get(address).content.decode()
        assert "chưa được công bố" in text
        assert "38,50" not in text


def test_after_publication_everybody_sees_ranks_and_ties(
    ranked: CampaignYear, client_of: Find, office: User, stranger: User, clerk: User
) -> None:
    publish_all(ranked, "individual", office)
    address = "/cham-diem/xep-hang/?doi-tuong=individual"
    text = client_of(stranger).get(address).content.decode()
    assert text.count('<span class="badge bg-yellow-lt">Đồng hạng</span>') == 2
    assert "77,00" in text
    assert "/ket-qua/" not in text
    result = Publication.objects.get().results.get(scorecard__person=clerk.person)
    assert f"/ket-qua/{result.pk}/" in client_of(clerk).get(address).content.decode()
    assert client_of(stranger).get(f"/cham-diem/ket-qua/{result.pk}/").status_code == 404
    assert "Chất lượng tham mưu" in client_of(clerk).get(f"/cham-diem/ket-qua/{result.pk}/").content.decode()
    sheet = load_workbook(BytesIO(client_of(stranger).get(f"{address}&xuat=xlsx").content)).active
    assert [cell.value for cell in sheet[5]][:2] == [1, "Đồng hạng"]


def test_the_rank_of_last_year_stands_beside_the_provisional_and_the_published_one(
    ranked: CampaignYear, client_of: Find, office: User, clerk: User
) -> None:
    before = CampaignYear.objects.create(campaign=ranked.campaign, year=ranked.year - 1, state="closed")
    sheet = Scorecard.objects.get(person=clerk.person)
    sheet.pk, sheet.campaign_year, sheet.state = None, before, "published"
    sheet.save()
    last_year = Publication.objects.create(campaign_year=before, recipient="individual", published_by=office)
    last_year.results.create(scorecard=sheet, score=40, applicable_max=50, index=80, band="Khá", rank=7)

    def ranks() -> dict[str, int | None]:
        address = f"/cham-diem/xep-hang/?nam={ranked.pk}&doi-tuong=individual&xuat=xlsx"
        rows = load_workbook(BytesIO(client_of(office).get(address).content)).active.iter_rows(
            min_row=5, max_row=6, values_only=True
        )
        return {row[2]: row[8] for row in rows}

    expected = {"Nguyễn Văn An": 7, "Trần Thị Bình": None}
    assert ranks() == expected
    publish_all(ranked, "individual", office)
    assert ranks() == expected


def test_whole_points_stand_in_their_place_before_publication(
    ranked: CampaignYear, client_of: Find, office: User, clerk: User, colleague: User
) -> None:
    """41 of 50 is more than 40,5 of 50, also where the database keeps 41 as an integer."""
    for user, total in ((clerk, "40.5"), (colleague, "41")):
        Scorecard.objects.filter(campaign_year=ranked, person=user.person).update(result_total=Decimal(total))
    for order, expected in (("", ["82,00", "81,00"]), ("&sap=chi-so", ["81,00", "82,00"])):
        page = client_of(office).get(f"/cham-diem/xep-hang/?nam={ranked.pk}&doi-tuong=individual{order}")
        found = page.context["list"]
        index = next(column for column in found.listing.columns if column.label == "Chỉ số")
        assert [index.text(row) for row in found.page] == expected


def test_publishing_on_the_page(ranked: CampaignYear, client_of: Find, office: User, clerk: User) -> None:
    address = f"/cham-diem/cong-bo/{ranked.pk}/individual/"
    client = client_of(office)
    assert client_of(clerk).get(address).status_code == 404
    assert client.get(f"/cham-diem/cong-bo/{ranked.pk}/ai-do/").status_code == 404
    assert "2 phiếu đã thẩm định xong" in client.get(address).content.decode()
    seen = client.get(address).context["form"]["seen"].value()
    wrong = client.post(address, {"confirmation": "cong bo", "without_unready": "on", "seen": seen})
    assert wrong.status_code == 422
    assert client.post(address, {"confirmation": "CÔNG BỐ", "seen": seen}).status_code == 422
    agreed = {"confirmation": "CÔNG BỐ", "without_unready": "on", "seen": seen}
    assert client.post(address, agreed).status_code == 302
    publication = Publication.objects.get()
    back = f"/cham-diem/cong-bo/{publication.pk}/mo-lai/"
    assert client_of(clerk).get(back).status_code == 404
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "Sót một phiếu"}).status_code == 302
    assert "Sót một phiếu" in client_of(clerk).get("/cham-diem/cong-bo/").content.decode()


def test_a_very_long_list_of_unready_sheets_is_shown_in_part_and_agreed_to_as_a_whole(
    ranked: CampaignYear, client_of: Find, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking_views, "UNREADY_SHOWN", 2)
    page = client_of(office).get(f"/cham-diem/cong-bo/{ranked.pk}/individual/")
    listed = page.context["form"]["seen"].value().split(",")
    shown = [str(sheet.pk) for sheet in page.context["unready"]]
    assert len(listed) > 2
    assert shown == listed[:2]
    assert f"và {len(listed) - 2} phiếu khác" in page.content.decode()


def test_queries_of_the_ranking_do_not_grow(
    ranked: CampaignYear,
    sheet_of: Find,
    led_to: Find,
    client_of: Find,
    assert_same_queries: Find,
    deputy: User,
    head: User,
    office: User,
) -> None:
    address = "/cham-diem/xep-hang/?doi-tuong=individual"
    assert_same_queries(
        client_of(office),
        address,
        lambda: led_to(sheet_of(deputy), "appraised", by=deputy, head=head, appraiser=office),
    )
    publish_all(ranked, "individual", office)
    one = Publication.objects.get().results.all()[0]
    kept = list(Publication.objects.get().results.exclude(pk=one.pk))
    Publication.objects.get().results.exclude(pk=one.pk).delete()
    assert_same_queries(client_of(office), address, lambda: type(one).objects.bulk_create(kept))
