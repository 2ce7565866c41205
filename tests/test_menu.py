"""The side menu marks the entry that a page belongs to."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear
from emulation_portal.navigation import MENU, MOST
from organization.models import User
from scoring.actions.sheets import open_sheets
from tests.cast import CAST

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


def groups(client: Client, address: str) -> list[tuple[str, bool, list[str]]]:
    """Name, whether it is open, and entries of every group of the menu."""
    page = client.get(address).content.decode()
    menu = page.partition('aria-label="Menu chính"')[2].partition("</nav>")[0]
    parts = re.split(r"<details", menu)
    found = []
    for part in parts:
        name = re.search(r"<summary>(.*?)<svg", part)
        is_open = name is None or part.startswith(" open")
        found.append((name[1] if name else "", is_open, re.findall(r"<span>(.*?)</span>", part)))
    return found


@pytest.mark.parametrize("part", CAST)
def test_every_entry_of_a_role_is_there_and_the_open_ones_fit(
    part: str, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client, user = client_of(cast[part]), cast[part]
    told = groups(client, reverse("home"))
    assert [name for name, *_ in told] == [name for name, _ in MENU]
    held = user.acting.roles | ({"director"} if user.acting.heads_the_agency else set())
    wanted = [
        label for _, rows in MENU for label, _, _, audience in rows if audience is None or held & audience
    ]
    assert [label for *_, labels in told for label in labels] == wanted
    assert sum(len(labels) for _, is_open, labels in told if is_open) <= MOST


def test_the_group_of_the_present_page_is_open(office: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(office)
    pages = {
        "Tổ chức, hệ thống": ["organization:person_list", "timetable"],
        "Bình xét, khen thưởng": ["awards:register", "awards:rating_board"],
        "Thi đua, chấm điểm": ["scoring:ranking"],
    }
    for name, routes in pages.items():
        for route in routes:
            shown = {group: is_open for group, is_open, _ in groups(client, reverse(route))}
            assert shown[name], route
            assert not all(shown.values()), "the Office has more than a small screen shows"
