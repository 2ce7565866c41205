"""Sessions: they end without losing what was typed, and only its author gets it back."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organization.models import Unit, User
from tests.cast import PASSWORD

ClientOf = Callable[[User], Client]


def _signed_in(username: str) -> Client:
    client = Client()
    client.post(reverse("login"), {"username": username, "password": PASSWORD})
    return client


def _age(client: Client, *, minutes: int, key: str = "seen_at") -> None:
    session = client.session
    session[key] = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def _typed(units: dict[str, Unit]) -> dict[str, str]:
    return {"name": "Tên gõ dở\nhai dòng", "short_name": "Phòng X", "on": "02/09/2025", "basis": "1/QĐ <b>"}


def _sign_in_again(client: Client, username: str) -> str:
    return client.post(reverse("login"), {"username": username, "password": PASSWORD}).headers["Location"]


def test_an_idle_session_ends_and_the_late_form_is_kept(office: User, units: dict[str, Unit]) -> None:
    client = _signed_in("office")
    address = reverse("organization:unit_rename", args=[units["cchc"].pk])
    client.get(address)
    _age(client, minutes=31)
    response = client.post(address, _typed(units))
    assert response.headers["Location"].startswith(reverse("login"))
    units["cchc"].refresh_from_db()
    assert units["cchc"].name == "Phòng Cải cách hành chính"
    assert "được giữ lại" in client.get(reverse("login")).content.decode()
    assert _sign_in_again(client, "office") == reverse("held_form")
    page = client.get(reverse("held_form"))
    text = page.content.decode()
    assert f'action="{address}"' in text
    assert "1/QĐ &lt;b&gt;" in text
    assert ["name", "Tên gõ dở\nhai dòng"] in page.context["held"]["fields"]
    assert client.post(address, _typed(units)).status_code == 302
    units["cchc"].refresh_from_db()
    assert units["cchc"].short_name == "Phòng X"


def test_a_kept_form_can_be_dropped(office: User, units: dict[str, Unit]) -> None:
    client = _signed_in("office")
    client.get(reverse("organization:account"))
    _age(client, minutes=31)
    client.post(reverse("organization:unit_rename", args=[units["cchc"].pk]), _typed(units))
    _sign_in_again(client, "office")
    assert client.post(reverse("held_form")).headers["Location"] == reverse("home")
    assert client.get(reverse("held_form")).headers["Location"] == reverse("home")


def test_somebody_else_never_sees_it(office: User, clerk: User, units: dict[str, Unit]) -> None:
    client = _signed_in("office")
    client.get(reverse("organization:account"))
    _age(client, minutes=31)
    client.post(reverse("organization:unit_rename", args=[units["cchc"].pk]), _typed(units))
    assert _sign_in_again(client, "clerk") == reverse("home")
    assert client.get(reverse("held_form")).headers["Location"] == reverse("home")
    client.post(reverse("logout"))
    assert _sign_in_again(client, "office") == reverse("home")


def test_a_form_sent_after_the_browser_lost_its_session_is_kept_too(
    office: User, units: dict[str, Unit]
) -> None:
    client = _signed_in("office")
    del client.cookies[settings.SESSION_COOKIE_NAME]
    client.post(reverse("organization:unit_rename", args=[units["cchc"].pk]), _typed(units))
    assert _sign_in_again(client, "office") == reverse("held_form")


def test_after_a_late_autosave_the_form_itself_is_still_kept(office: User, units: dict[str, Unit]) -> None:
    client = _signed_in("office")
    client.get(reverse("organization:account"))
    _age(client, minutes=31)
    address = reverse("organization:unit_rename", args=[units["cchc"].pk])
    assert client.post(address, _typed(units), headers={"X-Autosave": "1"}).status_code == 401
    assert client.post(address, _typed(units), headers={"X-Autosave": "1"}).status_code == 401
    client.post(address, _typed(units))
    assert _sign_in_again(client, "office") == reverse("held_form")


def test_passwords_are_never_kept(office: User) -> None:
    client = _signed_in("office")
    client.get(reverse("organization:account"))
    _age(client, minutes=31)
    client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x"}
    )
    assert "held_form" not in client.session
    assert _sign_in_again(client, "office") != reverse("held_form")


def test_a_stranger_without_the_signed_cookie_fills_no_session(units: dict[str, Unit]) -> None:
    client = Client()
    client.cookies["nguoi"] = "1:forged"
    client.post(reverse("organization:unit_rename", args=[units["cchc"].pk]), _typed(units))
    assert "held_form" not in client.session


def test_a_busy_session_ends_after_its_whole_life(office: User) -> None:
    client = _signed_in("office")
    client.get(reverse("organization:account"))
    _age(client, minutes=5)
    assert client.get(reverse("organization:account")).status_code == 200
    _age(client, minutes=12 * 60 + 1, key="began_at")
    assert client.get(reverse("organization:account")).status_code == 302


def test_sign_in_renews_the_session_and_sign_out_kills_it(clerk: User) -> None:
    client = Client()
    client.get(reverse("login"))
    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("logout"))
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get(reverse("organization:account")).status_code == 302
    assert client.get(reverse("logout")).status_code in (302, 405)


def test_sign_in_stays_on_this_site(clerk: User) -> None:
    for target in ("//evil.example", "https:evil.example", "\\\\evil.example"):
        fields = {"username": "clerk", "password": PASSWORD, "next": target}
        assert Client().post(reverse("login"), fields).headers["Location"] == reverse("home")


def test_the_login_page_asks_in_vietnamese(db: None) -> None:
    page = Client().get(reverse("login")).content.decode()
    for word in ("Tên đăng nhập", "Mật khẩu", "Quên mật khẩu", 'data-toggle-password="id_password"'):
        assert word in page
    page = Client().post(reverse("login"), {"username": "", "password": ""})
    assert "Hãy nhập tên đăng nhập." in page.content.decode()
