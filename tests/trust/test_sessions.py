"""Sessions: new at sign-in, dead after sign-out, gone with the password or the account; nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as portal
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from core import clock
from organization.actions import disable_account, reset_password
from organization.models import User
from tests.cast import PASSWORD
from tests.trust.conftest import World

NEW = "câu-khác-cũng-rất-dài-7"
COOKIE = portal.SESSION_COOKIE_NAME


@pytest.fixture
def browser(sign_in: Any) -> Callable[..., Client]:
    def open_one(username: str = "clerk", password: str = PASSWORD) -> Client:
        client = Client()
        assert sign_in(client, username, password).status_code == 302
        return client

    return open_one


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_the_session_is_a_new_one_after_sign_in(cast: Any, client: Client, sign_in: Any) -> None:
    client.get(reverse("login"))
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies[COOKIE] = session.session_key
    before = client.cookies[COOKIE].value
    sign_in(client, "clerk")
    assert client.cookies[COOKIE].value != before
    stolen = Client()
    stolen.cookies[COOKIE] = before
    assert not is_in(stolen)


def test_a_cookie_is_dead_after_sign_out(cast: Any, browser: Any) -> None:
    client = browser()
    copy = Client()
    copy.cookies[COOKIE] = client.cookies[COOKIE].value
    assert is_in(copy)
    client.post(reverse("logout"))
    assert not is_in(copy)


def test_signing_out_is_a_post(cast: Any, browser: Any) -> None:
    client = browser()
    assert client.get(reverse("logout")).status_code == 405
    assert is_in(client)


def test_a_changed_password_ends_the_other_sessions(cast: Any, browser: Any) -> None:
    here, elsewhere = browser(), browser()
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post(reverse("password_change"), form).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert is_in(browser("clerk", NEW))


def test_a_password_given_by_the_technician_ends_all_sessions(cast: Any, browser: Any) -> None:
    client = browser()
    reset_password(cast["clerk"], by=cast["technician"])
    assert not is_in(client)


def test_a_disabled_account_is_out_at_once(cast: Any, browser: Any, client_of: Any) -> None:
    client, forced = browser(), client_of(cast["clerk"])
    disable_account(User.objects.get(pk=cast["clerk"].pk), by=cast["technician"], reason="Nghỉ việc")
    assert not is_in(client)
    assert not is_in(forced)
    with pytest.raises(AssertionError):
        browser()


def test_other_sessions_can_be_closed_from_the_account_page(cast: Any, browser: Any) -> None:
    here, elsewhere = browser(), browser()
    assert here.post(reverse("organization:account_close_sessions")).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_first_password_opens_only_the_page_where_it_is_changed(cast: Any, browser: Any) -> None:
    given = reset_password(cast["clerk"], by=cast["technician"])
    client = browser("clerk", given)
    for address in ("/", reverse("scoring:achievement_list"), reverse("letter_list")):
        assert client.get(address)["Location"].partition("?")[0] == reverse("password_change")
    form = {"old_password": given, "new_password1": NEW, "new_password2": NEW}
    client.post(reverse("password_change"), form)
    assert is_in(client)


def test_a_first_password_is_good_for_a_week(cast: Any, client: Client, sign_in: Any) -> None:
    given = reset_password(cast["clerk"], by=cast["technician"])
    with clock.at(clock.now() + timedelta(days=8)):
        assert sign_in(client, "clerk", given).status_code == 422


# --- idle ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "inside"), [(14, True), (16, False)])
def test_a_session_ends_after_the_idle_time(cast: Any, browser: Any, minutes: int, inside: bool) -> None:
    client = browser()
    assert is_in(client)
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        assert is_in(client) is inside


def test_work_keeps_the_session_but_not_for_more_than_twelve_hours(cast: Any, browser: Any) -> None:
    client = browser()
    start = clock.now()
    assert is_in(client)
    for minutes in range(12, 12 * 60, 12):
        with clock.at(start + timedelta(minutes=minutes)):
            assert is_in(client), minutes
    with clock.at(start + timedelta(hours=12, minutes=1)):
        assert not is_in(client)


def test_asking_how_long_is_left_does_not_lengthen_the_session_and_going_on_does(
    cast: Any, browser: Any
) -> None:
    client, start, address = browser(), clock.now(), reverse("session_time")
    assert re.search(r'data-left="(900|899)"', client.get("/").content.decode())
    with clock.at(start + timedelta(minutes=14)):
        told = client.get(address).json()
        assert 0 < told["left"] <= 60
        assert told["can_go_on"] is True
    with clock.at(start + timedelta(minutes=14, seconds=30)):
        assert client.post(address).json()["left"] == 15 * 60
    with clock.at(start + timedelta(minutes=29)):
        assert is_in(client)
    with clock.at(start + timedelta(minutes=45)):
        answer = client.get(address, headers={"X-Autosave": "1"})
        assert answer.status_code == 401


def test_near_the_twelfth_hour_going_on_is_not_offered(cast: Any, browser: Any) -> None:
    client, start = browser(), clock.now()
    for minutes in range(0, 12 * 60, 12):
        with clock.at(start + timedelta(minutes=minutes)):
            assert is_in(client)
    with clock.at(start + timedelta(hours=11, minutes=59)):
        told = client.post(reverse("session_time")).json()
        assert told["can_go_on"] is False
        assert told["left"] <= 60


@pytest.mark.parametrize("header", ["X-Autosave", "HX-Request"])
def test_what_saves_itself_is_told_that_the_session_ended(cast: Any, browser: Any, header: str) -> None:
    client = browser()
    is_in(client)
    with clock.at(clock.now() + timedelta(hours=1)):
        for method in (client.get, client.post):
            answer = method(reverse("scoring:achievement_list"), headers={header: "true"})
            assert answer.status_code == 401
            assert "hết hạn" in answer.content.decode()


def late_form(client: Client, world: World) -> str:
    """A form that arrives an hour too late; gives its address."""
    assert is_in(client)
    address = reverse("scoring:achievement_edit", args=[world.achievement.pk])
    with clock.at(clock.now() + timedelta(hours=1)):
        answer = client.post(address, {"title": "Câu tôi vừa gõ", "result": "<b>dòng một</b>\ndòng hai"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))
    return address


def test_what_was_typed_waits_for_the_same_person(world: World, browser: Any, sign_in: Any) -> None:
    client = browser()
    address = late_form(client, world)
    world.achievement.refresh_from_db()
    assert world.achievement.title != "Câu tôi vừa gõ"
    answer = sign_in(client, "clerk")
    assert answer["Location"] == reverse("held_form")
    html = client.get(reverse("held_form")).content.decode()
    assert "Câu tôi vừa gõ" in html
    assert "&lt;b&gt;dòng một&lt;/b&gt;" in html
    assert f'action="{address}"' in html
    client.post(reverse("held_form"))
    assert client.get(reverse("held_form")).status_code == 302


def test_another_person_at_the_same_machine_sees_nothing_of_it(
    world: World, browser: Any, sign_in: Any
) -> None:
    client = browser()
    late_form(client, world)
    assert sign_in(client, "colleague")["Location"] == "/"
    assert client.get(reverse("held_form")).status_code == 302
    assert not [key for key in client.session.keys() if "held" in key]  # noqa: SIM118
    client.post(reverse("logout"))
    sign_in(client, "clerk")
    assert client.get(reverse("held_form")).status_code == 302  # and it is not kept behind his back


def test_passwords_are_never_held(cast: Any, browser: Any) -> None:
    client = browser()
    is_in(client)
    with clock.at(clock.now() + timedelta(hours=1)):
        client.post(
            reverse("password_change"), {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
        )
    for session in Session.objects.all():
        assert NEW not in str(session.get_decoded())
        assert PASSWORD not in str(session.get_decoded())


def test_nothing_about_roles_is_kept_in_the_session(cast: Any, browser: Any) -> None:
    client = browser("head")
    is_in(client)
    words = str(dict(client.session.items()))
    assert "head" not in words
    assert "cchc" not in words
