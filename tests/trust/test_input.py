"""Odd requests: a NUL anywhere, pages that do not exist, filters nobody made, addresses that lead away."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organization.models import User
from tests.cast import PASSWORD
from tests.trust.conftest import World
from tests.trust.routes import all_routes

LISTS = [
    "letter_list",
    "organization:unit_list",
    "organization:person_list",
    "organization:account_list",
    "campaigns:campaign_list",
    "campaigns:registration_list",
    "scoring:achievement_list",
    "scoring:evidence_list",
    "scoring:scorecard_list",
    "scoring:appraisal_list",
    "scoring:ranking",
    "scoring:publication_list",
    "awards:award_list_list",
    "organization:import_list",
]
ODD = [
    "0",
    "-1",
    "999999999999999999999999",
    "9" * 5000,
    "1.5",
    "1e9",
    "ＮaN",
    "null",
    "None",
    "' OR '1'='1",
    "1; DROP TABLE core_entry; --",
    "%' UNION SELECT password FROM organization_user --",
    "😀👩‍👩‍👧",
    "Ngữ\u0301",
    "x" * 20_000,
    "a " * 3000,
    "<script>window.__xss=1</script>",
    "{{ settings.SECRET_KEY }}",
    "${7*7}",
    "../../../x",
    "\ud7ff\uffff",
    "\r\nSet-Cookie: x=1",
    "[]",
    "__class__",
    "-password",
]
NAMES = [
    "q",
    "trang",
    "sap",
    "xuat",
    "tinh-trang",
    "nam",
    "don-vi",
    "loai",
    "khong-co",
    "pk",
    "id__in",
    "year",
    "view",
]


@pytest.mark.parametrize("name", LISTS)
def test_lists_answer_whatever_is_asked(
    name: str, world: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    part = "technician" if name == "organization:account_list" else "office"
    client, address = client_of(cast[part]), reverse(name)
    assert client.get(address).status_code == 200
    asked = [dict.fromkeys(NAMES, value) for value in ODD] + [{name: "' OR 1=1 --"} for name in NAMES]
    asked += [{name: value} for name in ("q", "trang", "sap") for value in ODD]
    wrong = []
    for query in asked:
        answer = client.get(address, query)
        if answer.status_code not in {200, 404} or "__xss=1</script>" in answer.content.decode():
            wrong.append(f"{str(query)[:80]} → {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    twice = client.get(address + "?q=a&q=b&trang=1&trang=2&sap=&sap=x")
    assert twice.status_code == 200
    assert client.get(address + "?q=%ED%A0%80&%FF=%FE&=&&").status_code == 200


def test_filters_of_each_page_survive_odd_values(
    world: World, office: User, client_of: Callable[[User], Client]
) -> None:
    """The page's own filter names, read from its form."""
    client = client_of(office)
    for name in LISTS:
        page = client.get(reverse(name))
        listing = page.context and page.context.get("list")
        for choice in getattr(listing, "choices", []):
            for value in ("khong-co", "0", "-1", "9" * 30, "1 OR 1=1", "😀"):
                assert client.get(reverse(name), {choice["name"]: value}).status_code == 200, (
                    name,
                    choice["name"],
                )
            for value in re.findall(r'value="([^"]*)"', choice["options"]):
                answer = client.get(reverse(name), {choice["name"]: unescape(value)})
                assert answer.status_code == 200, (name, choice["name"], value)


# --- NUL -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address", ["/\x00", "/%00", "/phong-trao/%00/", "/?q=%00", "/dang-nhap/?next=%00", "/?%00=1"]
)
def test_a_nul_in_the_address_is_a_bad_request(address: str, client: Client, db: Any) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_nul_in_a_form_is_a_bad_request(
    signed_in: bool, world: World, clerk: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(clerk) if signed_in else Client()
    for route in all_routes():
        number = world.numbers(route)[0]
        answer = client.post(route.path(number), {"username": "a\x00b", "q": "\x00", "title": "x\x00"})
        assert answer.status_code == 400, route.name
    multipart = client.post(reverse("login"), {"username": "a\x00", "password": PASSWORD})
    encoded = client.post(
        reverse("login"), "username=a%00b&password=x", content_type="application/x-www-form-urlencoded"
    )
    assert multipart.status_code == encoded.status_code == 400


def test_a_nul_in_a_cookie_is_a_bad_request(client: Client, db: Any) -> None:
    answer = client.get("/", headers={"cookie": 'sessionid="aaaaaaaaaa\\000bbbb"'})
    assert answer.status_code == 400


def test_a_form_with_too_many_fields_is_a_bad_request(client: Client, db: Any, settings: Any) -> None:
    many = {f"f{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert client.post(reverse("login"), many).status_code == 400


def test_a_form_that_is_too_long_is_a_bad_request(client: Client, db: Any, settings: Any) -> None:
    text = "username=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = client.post(reverse("login"), text, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


# --- where one is sent ---------------------------------------------------------------------------------
AWAY = [
    "//evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "/%2F/evil.example\r\nX: 1",
    "///evil.example",
]


def is_ours(location: str) -> bool:
    """A path on this host: browsers read "//x" and "/\\x" as another host."""
    return location.startswith("/") and location[1:2] not in {"/", "\\"} and "\n" not in location


@pytest.mark.parametrize("away", AWAY)
def test_signing_in_stays_here(away: str, cast: dict[str, User]) -> None:
    for address in (reverse("login"), reverse("login") + f"?next={away}"):
        answer = Client().post(address, {"username": "clerk", "password": PASSWORD, "next": away})
        if answer.status_code == 302:
            assert is_ours(answer["Location"])
    page = Client().get(reverse("login"), {"next": away}).content.decode()
    assert 'href="javascript' not in page


@pytest.mark.parametrize("away", AWAY)
def test_buttons_return_to_our_pages_only(
    away: str, world: World, head: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("campaigns:registration_move", args=[world.registration.pk, "approve"])
    answer = client_of(head).post(address, {"next": away})
    assert answer.status_code == 302
    assert is_ours(answer["Location"])


def test_a_page_asked_for_before_sign_in_is_where_one_lands(cast: dict[str, User], client: Client) -> None:
    wanted = reverse("scoring:achievement_list") + "?q=rut+ngan"
    login = client.get(wanted)["Location"]
    answer = client.post(login, {"username": "clerk", "password": PASSWORD})
    assert answer["Location"] == wanted


# --- who asks ------------------------------------------------------------------------------------------
FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "6.6.6.6",
}


def test_forwarded_headers_of_a_stranger_change_nothing(
    cast: dict[str, User], client: Client, settings: Any
) -> None:
    settings.PROXY_COUNT = 0
    answer = client.post(reverse("login"), {"username": "clerk", "password": PASSWORD}, headers=FORGED)
    assert cast["clerk"].open_sessions.get().address == "127.0.0.1"  # type: ignore[attr-defined]
    assert "evil.example" not in answer["Location"]
    request = client.get("/", headers=FORGED).wsgi_request
    assert request.is_secure() is False
    assert request.get_host() == "testserver"


def test_a_new_address_in_the_header_opens_no_lock(cast: dict[str, User], settings: Any) -> None:
    settings.PROXY_COUNT = 0
    for number in range(6):
        answer = Client().post(
            reverse("login"),
            {"username": "clerk", "password": f"sai-mật-khẩu-{number}"},
            headers={"X-Forwarded-For": f"6.6.6.{number}"},
        )
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("count", "header", "address"),
    [
        (1, "6.6.6.6, 10.1.2.3", "10.1.2.3"),
        (2, "6.6.6.6, 10.1.2.3, 10.0.0.1", "10.1.2.3"),
        (1, "", "127.0.0.1"),
        (2, "10.0.0.1", "127.0.0.1"),
        (1, "6.6.6.6, nonsense", None),
    ],
)
def test_behind_proxies_the_one_they_saw_is_noted(
    count: int, header: str, address: str | None, cast: dict[str, User], client: Client, settings: Any
) -> None:
    settings.PROXY_COUNT = count
    headers = {"X-Forwarded-For": header} if header else {}
    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD}, headers=headers)
    assert cast["clerk"].open_sessions.get().address == address  # type: ignore[attr-defined]
