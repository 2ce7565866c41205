"""Texts that mean harm, in every field, on every page of a real browser: nothing of them runs."""

import pytest
from django.test import Client

from organization.models import User
from tests.journeys.conftest import Enter
from tests.trust.conftest import World, world  # noqa: F401
from tests.trust.routes import all_routes, finish
from tests.trust.test_markup import poisoned  # noqa: F401

pytestmark = pytest.mark.browser


def test_no_text_runs_in_the_browser(enter: Enter, poisoned: World, office: User) -> None:  # noqa: F811
    visit, seen, ran = enter("office"), 0, []
    visit.page.on("dialog", lambda dialog: (ran.append(f"dialog {dialog.message}"), dialog.dismiss()))
    for path in pages(poisoned, office):
        visit.page.goto(path, wait_until="domcontentloaded")
        seen += "__xss" in visit.page.content()
        if visit.page.evaluate("typeof window.__xss") != "undefined":
            ran.append(path)
    assert seen > 5
    assert ran == []


def pages(world: World, user: User) -> list[str]:  # noqa: F811
    """One page of each kind that this user may open."""
    client, found = Client(), []
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for route in all_routes():
        for number in [] if route.name == "health" else world.numbers(route):
            answer = finish(client.get(route.path(number)))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found.append(route.path(number))
                break
    return found
