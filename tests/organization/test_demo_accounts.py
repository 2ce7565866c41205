"""Demo accounts open a trial portal and never a real one."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from organization.models import User
from tests.cast import PASSWORD


@pytest.fixture
def demo_clerk(clerk: User) -> User:
    User.objects.filter(pk=clerk.pk).update(is_demo=True)
    return clerk


def sign_in(client: Client) -> Any:
    return client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})


def test_a_demo_account_opens_a_trial_portal(demo_clerk: User, client: Client) -> None:
    assert sign_in(client).status_code == 302
    assert client.session["_auth_user_id"] == str(demo_clerk.pk)


def test_a_demo_account_does_not_open_a_real_one(demo_clerk: User, client: Client, settings: Any) -> None:
    settings.PRODUCTION = True
    answer = sign_in(client)
    assert "không đăng nhập được vào cổng thật" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_ordinary_account_opens_a_real_one(clerk: User, client: Client, settings: Any) -> None:
    settings.PRODUCTION = True
    assert sign_in(client).status_code == 302


def test_a_real_portal_builds_no_demo_office(db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="PRODUCTION=1"):
        call_command("demo")


def test_a_portal_with_people_is_left_alone(clerk: User) -> None:
    people = User.objects.count()
    call_command("demo", if_empty=True)
    assert User.objects.count() == people
    with pytest.raises(CommandError, match="đã có người"):
        call_command("demo")
