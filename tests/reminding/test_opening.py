"""The link of a reminder leads through its notice: when its recipient came by it is known, and of nobody else."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear, Deadline
from core import clock
from core.models import Entry, Notice
from emulation_portal.reminding import reference
from emulation_portal.reminding.pressing import remind
from emulation_portal.tasks import write_digests
from organization.actions import reset_password
from organization.models import User
from tests.cast import PASSWORD
from tests.reminding.test_notices import LATE, send
from tests.reminding.test_planning import DUE, PLANS, moment

LINK = re.compile(r"/nhac/[0-9a-f-]{36}/")
NEW = "sông-xanh-chảy-mãi-7"


@pytest.fixture
def year(campaign_year: CampaignYear) -> Iterator[CampaignYear]:
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    with clock.at(moment(LATE)):
        yield campaign_year


@pytest.fixture
def link(year: CampaignYear, clerk: User, office: User, django_capture_on_commit_callbacks: Any) -> str:
    """As the clerk reads it in his letter."""
    with django_capture_on_commit_callbacks(execute=True):
        remind(year, "registration", seen={clerk.pk}, by=office)
    [letter] = mail.outbox
    [plain], [pretty] = LINK.findall(letter.body), LINK.findall(letter.alternatives[0].content)
    assert plain == pretty
    assert f"{settings.SITE_URL}{plain}" in letter.body
    return plain


def target(link: str) -> str:
    return Notice.objects.get(code=link.split("/")[2]).href


def test_the_recipient_s_first_coming_is_noted_once(link: str, clerk: User, client_of: Any) -> None:
    first = moment(LATE, 11)
    for later in (timedelta(0), timedelta(hours=2)):
        with clock.at(first + later):
            answer = client_of(clerk).get(link)
        assert (answer.status_code, answer["Location"]) == (302, target(link))
    assert client_of(clerk).get(answer["Location"]).status_code == 200
    assert Notice.objects.get().opened_at == first


def test_nobody_else_s_coming_is_noted_and_he_is_led_on(
    link: str, cast: dict[str, User], client_of: Any
) -> None:
    for part in ("colleague", "head", "office", "technician", "stranger"):
        answer = client_of(cast[part]).get(link)
        assert (answer.status_code, answer["Location"]) == (302, target(link)), part
    assert client_of(cast["clerk"]).head(link).status_code == 302  # whoever looks without reading
    assert Client().get(link).status_code == 302
    assert Notice.objects.get().opened_at is None
    assert client_of(cast["clerk"]).get("/nhac/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client_of(cast["clerk"]).post(link).status_code == 405


def test_work_done_elsewhere_opens_no_letter(
    link: str, year: CampaignYear, clerk: User, client_of: Any
) -> None:
    client_of(clerk).get(reverse("home"))
    send(year, clerk)
    assert Entry.objects.filter(actor=clerk).exists()
    assert Notice.objects.get().opened_at is None


def test_every_line_of_a_digest_has_its_own_link(year: CampaignYear, head: User, client_of: Any) -> None:
    with clock.at(moment(LATE + timedelta(days=1))):
        assert write_digests()
    notices = Notice.objects.filter(kind="plan")
    assert notices.count() == len(set(notices.values_list("code", flat=True)))
    for one in notices.select_related("letter"):
        assert f"/nhac/{one.code}/" in one.letter.body
        assert f"/nhac/{one.code}/" in one.letter.body_html
        assert one.href.startswith("/")
    for copy in Notice.objects.filter(kind="copy"):
        assert (copy.code, copy.href) == (None, "")


# --- signing in ------------------------------------------------------------------------------------------
def sign_in(client: Client, link: str, user: User, password: str) -> Any:
    door = client.get(link)["Location"]
    return client.post(door, {"username": user.username, "password": password})


def test_after_sign_in_it_leads_on_to_the_very_place(link: str, clerk: User) -> None:
    place = (
        f"{reverse('scoring:scorecard_list')}#don-vi-7"  # a browser sends no fragment: the notice keeps it
    )
    Notice.objects.update(href=place)
    client = Client()
    answer = sign_in(client, link, clerk, PASSWORD)
    assert answer["Location"] == link
    assert client.get(link)["Location"] == place
    assert Notice.objects.get().opened_at is not None


def test_after_the_first_password_too(link: str, clerk: User, technician: User) -> None:
    password = reset_password(clerk, by=technician)
    client = Client()
    assert sign_in(client, link, clerk, password)["Location"] == link
    door = client.get(link)["Location"]
    assert door == reverse("password_change", query={"next": link})
    assert Notice.objects.get().opened_at is None
    client.get(reverse("bell"), headers={"HX-Request": "true"})
    form = {"old_password": password, "new_password1": NEW, "new_password2": NEW}
    assert client.post(door, form)["Location"] == link
    assert client.get(link)["Location"] == target(link)
    assert Notice.objects.get().opened_at is not None


@pytest.mark.parametrize(
    "elsewhere", ["https://ke-gian.example/", "//ke-gian.example", "javascript:alert(1)", ""]
)
def test_a_first_password_leads_to_no_other_host(elsewhere: str, clerk: User, technician: User) -> None:
    password = reset_password(clerk, by=technician)
    client = Client()
    sign_in(client, reverse("letter_list"), clerk, password)
    form = {"old_password": password, "new_password1": NEW, "new_password2": NEW}
    door = reverse("password_change", query={"next": elsewhere})
    assert client.post(door, form)["Location"] == reverse("home")


def test_a_browser_that_loads_ahead_has_opened_nothing(link: str, clerk: User, client_of: Any) -> None:
    client_of(clerk).get(link, headers={"Sec-Purpose": "prefetch;prerender"})
    assert Notice.objects.get(user=clerk).opened_at is None
    client_of(clerk).get(link)
    assert Notice.objects.get(user=clerk).opened_at is not None
