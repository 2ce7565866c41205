"""The side menu marks the entry that a page belongs to."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear
from organization.models import User
from scoring.actions.sheets import open_sheets

MARKED = re.compile(r'aria-current="page">.*?<span>(.*?)</span>')


def entry(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    menu = page.content.decode().partition('aria-label="Menu chính"')[2].partition("</nav>")[0]
    return ", ".join(MARKED.findall(menu))


@pytest.fixture
def opened(campaign_year: CampaignYear, office: User) -> CampaignYear:
    open_sheets(campaign_year, by=office)
    return campaign_year


@pytest.mark.parametrize(("kind", "label"), [("thematic", "Phong trào"), ("index", "Bộ chỉ số")])
def test_pages_of_a_campaign_belong_to_its_kind(
    kind: str, label: str, campaign_year: CampaignYear, office: User, client_of: Callable[[User], Client]
) -> None:
    type(campaign_year.campaign).objects.update(kind=kind)
    client, table = client_of(office), campaign_year.criteria_sets.get()
    leaf = table.criteria.filter(is_leaf=True)[0]
    pages = [
        ("campaign_detail", campaign_year.campaign_id),
        ("campaign_change", campaign_year.campaign_id),
        ("year_detail", campaign_year.pk),
        ("deadlines_change", campaign_year.pk),
        ("scheme_upload", campaign_year.pk),
        ("criteria_set_detail", table.pk),
    ]
    for name, pk in pages:
        assert entry(client, reverse(f"campaigns:{name}", args=[pk])) == label, name
    table.state = "draft"
    table.save()
    assert entry(client, reverse("campaigns:criterion_change", args=[leaf.pk])) == label
    assert entry(client, reverse("campaigns:campaign_create") + f"?kind={kind}") == label


def test_pages_that_stand_elsewhere(
    opened: CampaignYear, office: User, client_of: Callable[[User], Client]
) -> None:
    type(opened.campaign).objects.update(kind="index")
    client = client_of(office)
    for name in ("matrix", "progress", "losses_of_round", "survey"):
        assert entry(client, reverse(f"scoring:{name}", args=[opened.pk])) == "Bộ chỉ số", name
    assert entry(client, reverse("scoring:appraisal_list")) == "Phiếu chấm điểm"
    assert entry(client, reverse("scoring:publication_list")) == "Xếp hạng"
    assert entry(client, reverse("home")) == "Việc của tôi"


def test_an_index_opens_at_its_rounds(
    campaign_year: CampaignYear, office: User, client_of: Callable[[User], Client]
) -> None:
    type(campaign_year.campaign).objects.update(kind="index", measures="")
    client, address = (
        client_of(office),
        reverse("campaigns:campaign_detail", args=[campaign_year.campaign_id]),
    )
    assert "Xem năm 2025" in client.get(address).content.decode()
    texts = client.get(address, {"muc": "thong-tin"}).content.decode()
    assert "Nâng cao chất lượng phục vụ" in texts
    assert "Chưa ghi.</p>" not in texts
    form = client.get(reverse("campaigns:campaign_create") + "?kind=index").content.decode()
    assert "Lập bộ chỉ số" in form
    assert '<option value="index" selected>' in form
