"""Accounts that nobody uses: listed, then shut by the timetable, given back by the technician."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.journal import history_of
from core.models import Letter
from organization import actions
from organization.models import User
from organization.queries import idle_accounts, soon_idle_accounts
from organization.tasks import disable_idle_accounts
from tests.cast import PASSWORD, fresh

LATER = timedelta(days=46)


@pytest.fixture
def later(cast: dict[str, User]) -> Iterator[None]:
    """Six weeks after the accounts were made; only the technician has signed in since."""
    User.objects.filter(pk=cast["technician"].pk).update(last_login=clock.now() + timedelta(days=40))
    with clock.at(clock.now() + LATER):
        yield


def open_accounts() -> set[str]:
    return set(User.objects.filter(is_active=True).values_list("username", flat=True))


def test_an_account_is_shut_after_its_days_and_its_holder_is_told(later: None, clerk: User) -> None:
    assert disable_idle_accounts() == User.objects.count() - 1
    assert open_accounts() == {"technician"}
    line = history_of(clerk).filter(verb="disabled").get()
    assert (line.actor_name, line.comment) == ("Hệ thống", "Không đăng nhập trong 45 ngày.")
    letter = Letter.objects.get(recipient=clerk, kind="account_idle")
    assert "clerk" in letter.body
    assert "45 ngày" in letter.body_html
    assert Client().post(reverse("login"), {"username": "clerk", "password": PASSWORD}).status_code == 422
    assert disable_idle_accounts() == 0
    assert Letter.objects.filter(kind="account_idle", recipient=clerk).count() == 1


def test_who_signs_in_stays(cast: dict[str, User]) -> None:
    User.objects.filter(username="clerk").update(last_login=clock.now() + timedelta(days=2))
    with clock.at(clock.now() + LATER):
        assert "clerk" not in {user.username for user in idle_accounts(45)}


def test_a_fresh_account_has_its_days_too(cast: dict[str, User]) -> None:
    """Never signed in: counted from the day it was opened or given a new first password."""
    actions.reset_password(cast["clerk"], by=cast["technician"])
    with clock.at(clock.now() + timedelta(days=40)):
        actions.reset_password(fresh(cast["colleague"]), by=fresh(cast["technician"]))
    with clock.at(clock.now() + LATER):
        idle = {user.username for user in idle_accounts(45)}
    assert "clerk" in idle
    assert "colleague" not in idle


def test_the_technician_gives_it_back_and_it_stays(later: None, clerk: User, technician: User) -> None:
    disable_idle_accounts()
    actions.enable_account(fresh(clerk), by=fresh(technician))
    assert disable_idle_accounts() == 0
    assert Client().post(reverse("login"), {"username": "clerk", "password": PASSWORD}).status_code == 302


def test_one_technician_stays_however_long_nobody_came(cast: dict[str, User]) -> None:
    with clock.at(clock.now() + LATER):
        disable_idle_accounts()
    assert open_accounts() == {"technician"}


def test_demo_accounts_and_a_portal_without_the_rule_are_left_alone(later: None, settings: Any) -> None:
    User.objects.filter(username="clerk").update(is_demo=True)
    disable_idle_accounts()
    assert open_accounts() == {"clerk", "technician"}
    User.objects.update(is_active=True)
    settings.ACCOUNT_IDLE_DAYS = 0
    assert disable_idle_accounts() == 0
    assert not soon_idle_accounts()


def test_the_technician_sees_them_a_week_before(
    cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    User.objects.exclude(username="clerk").update(last_login=clock.now() + timedelta(days=30))
    with clock.at(clock.now() + timedelta(days=39)):
        assert open_accounts() == set(cast)
        client = client_of(fresh(cast["technician"]))
        assert "Tài khoản lâu không đăng nhập" in client.get("/").content.decode()
        page = client.get(reverse("organization:account_list"), {"tinh-trang": "lau-khong-dung"})
        shown = {row.person.user.username for row in page.context["list"].page}
    assert shown - {"technician"} == {"clerk"}  # whose own sign-in here is of today's real clock
