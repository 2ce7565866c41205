"""Somebody of another unit meets 404 at every address of a dossier that is not his; extra fields change nothing."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from campaigns.models import Registration
from core.models import Letter
from organization import roles
from organization.actions import ask_password_reset
from organization.models import Appointment, Posting, Unit, User
from scoring.models import Achievement, Scorecard
from tests.trust.conftest import World
from tests.trust.routes import all_routes, ask, finish

DOSSIERS = ("registration", "achievement", "evidence", "scorecard", "letter", "award_list", "entry", "export")
OUTSIDERS = ["stranger", "stranger_head", "technician"]


def dossier(name: str, world: World, clerk: User) -> int:
    """The number of the clerk's dossier that this address is about."""
    kind = name.rpartition(":")[2].partition("_")[0]
    sheet = Scorecard.objects.get(person=clerk.person)
    award_list = world.campaign_year.award_list  # type: ignore[attr-defined]
    return {
        "registration": world.registration.pk,
        "achievement": world.achievement.pk,
        "evidence": world.evidence.pk,
        "scorecard": sheet.pk,
        "line": sheet.pk,
        "letter": Letter.objects.get(recipient=clerk).pk,
        "award": award_list.pk,
        "export": award_list.pk,
        "entry": award_list.entries.get(scorecard__person=clerk.person).pk,
    }[kind]


ROUTES = [
    route
    for route in all_routes()
    if route.arguments[:1] == ["pk"]
    and route.name.rpartition(":")[2].startswith((*DOSSIERS, "line_"))
    # these are asked for with the number of a year or of a line, and answer for one's own dossier
    and route.name not in {"campaigns:registration_edit", "campaigns:registration_missing"}
]


def test_the_walk_meets_every_kind_of_dossier() -> None:
    assert {route.name.rpartition(":")[2].partition("_")[0] for route in ROUTES} >= {
        "registration", "achievement", "evidence", "scorecard", "letter", "award", "entry", "export", "line"
    }  # fmt: skip


@pytest.mark.parametrize("part", OUTSIDERS)
def test_another_unit_s_dossier_is_not_found(
    part: str, world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client, wrong = client_of(cast[part]), []
    for route in ROUTES:
        if part == "technician" and route.name == "letter_detail":
            continue  # he looks after delivery and reads every letter but those with a key in them
        path = route.path(dossier(route.name, world, cast["clerk"]))
        for method in ("GET", "POST"):
            code = ask(client, method, path).status_code
            if code not in {404, 405}:
                wrong.append(f"{method} {path} ({route.name}) → {code}")
    assert not wrong, "\n".join(wrong)


def words_of(answer: HttpResponse) -> str:
    """What a page or a sheet says; a sheet is packed and has to be opened for it."""
    content = answer.getvalue()
    if not content.startswith(b"PK"):
        return content.decode()
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return " ".join(str(cell) for row in sheet.values for cell in row)


def test_the_owner_s_sheet_says_what_a_stranger_s_must_not(
    world: World, clerk: User, client_of: Callable[[User], Client]
) -> None:
    answer = client_of(clerk).get(reverse("scoring:achievement_list"), {"xuat": "xlsx"})
    assert world.achievement.title in words_of(answer)


@pytest.mark.parametrize("part", OUTSIDERS)
def test_lists_search_and_exports_leak_nothing(
    part: str, world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast[part])
    title = world.achievement.title
    for name in (
        "scoring:achievement_list",
        "scoring:evidence_list",
        "campaigns:registration_list",
        "letter_list",
    ):
        for query in (
            {},
            {"q": "rut ngan"},
            {"q": "nguyen van an"},
            {"xuat": "xlsx"},
            {"sap": "-thanh-tich"},
        ):
            answer = client.get(reverse(name), query)
            assert answer.status_code in {200, 404}
            assert title not in words_of(answer)
            assert "12/QĐ" not in words_of(answer)
    evidence_titles = client.get(reverse("scoring:evidence_list"), {"q": "sang kien"}).content.decode()
    assert "Công nhận sáng kiến" not in evidence_titles


def test_fields_that_no_form_has_change_nothing(
    world: World, clerk: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(clerk)
    harm: dict[str, Any] = {
        "state": "approved",
        "person": "1",
        "unit": "1",
        "approving_unit": "1",
        "prepared_by": "1",
        "approved_score": "10",
        "appraised_score": "10",
        "self_total": "100",
        "is_superuser": "1",
        "role": "office",
    }
    before = [list(model.objects.order_by("pk").values()) for model in (Registration, Achievement, Scorecard)]
    people = User.objects.filter(is_superuser=True).count(), Appointment.objects.count()
    own = [route for route in ROUTES if not route.name.endswith(("_move", "_remove", "_refresh"))]
    for route in own:
        finish(client.post(route.path(dossier(route.name, world, clerk)), harm))
    after = [list(model.objects.order_by("pk").values()) for model in (Registration, Achievement, Scorecard)]
    assert after == before
    assert (User.objects.filter(is_superuser=True).count(), Appointment.objects.count()) == people


@pytest.mark.parametrize("part", ["office", "inspector", "technician"])
def test_a_letter_that_opens_an_account_is_read_by_its_holder_alone(
    part: str, clerk: User, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    ask_password_reset(clerk.email)
    letter = Letter.objects.get(recipient=clerk)
    address = reverse("letter_detail", args=[letter.pk])
    assert client_of(cast[part]).get(address).status_code == 404
    assert address not in client_of(cast[part]).get(reverse("letter_list")).content.decode()
    assert client_of(clerk).get(address).status_code == 200


# --- standing is read at every request -----------------------------------------------------------------
def test_a_role_that_ends_ends_at_once(world: World, head: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(head)
    address = reverse("campaigns:registration_detail", args=[world.registration.pk])
    assert client.get(address).status_code == 200
    Appointment.objects.filter(person=head.person, role=roles.HEAD).delete()
    assert client.get(address).status_code == 404
    move = reverse("campaigns:registration_move", args=[world.registration.pk, "approve"])
    assert client.post(move).status_code == 404
    world.registration.refresh_from_db()
    assert world.registration.state == "waiting"


def test_a_transfer_counts_at_once(
    world: World, colleague: User, units: dict[str, Unit], client_of: Callable[[User], Client]
) -> None:
    client = client_of(colleague)
    address = reverse("scoring:evidence_detail", args=[world.evidence.pk])
    assert client.get(address).status_code == 200
    world.achievement.co_authors.all().delete()  # type: ignore[attr-defined]
    Achievement.objects.exclude(pk=world.achievement.pk).delete()
    Posting.objects.filter(person=colleague.person).update(unit=units["ttlt"])
    assert client.get(address).status_code == 404


def test_the_menu_and_the_pages_of_a_role_go_together(
    cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    accounts = reverse("organization:account_list")
    assert client_of(cast["technician"]).get(accounts).status_code == 200
    for part in ("clerk", "head", "stranger"):
        client = client_of(cast[part])
        assert client.get(accounts).status_code in {403, 404}
        assert accounts not in client.get("/").content.decode()
