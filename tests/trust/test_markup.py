"""What people typed is text on every page, in every letter and in every paper, whatever it looks like."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from django.core import mail
from django.db import models
from django.test import Client

from campaigns.actions import registrations
from core.fields import CharField, TextField
from core.models import Entry, Letter
from core.tasks import deliver
from organization.models import Person, User
from tests.trust.conftest import World, our_models
from tests.trust.routes import all_routes, finish

MARKS = [
    "<script>window.__xss=1</script>",
    '"><img src=x onerror=window.__xss=1>',
    "javascript:window.__xss=1",
    "{{ 7|add:7000 }}{% now 'Y' %}",
    "'><svg onload=window.__xss=1>",
]
SHORT = ['"><b>x', "<i>y</i>", "'><u>z"]
RAW = [
    "<script>window",
    "<img src=x",
    "<svg onload",
    '"><b>',
    "'><u>",
    "<i>y</i>",
    'href="javascript',
    "7007",
]
TEXTS = (CharField, TextField)


def text_fields(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, TEXTS) and not field.choices and not field.unique
    ]


@pytest.fixture
def poisoned(world: World) -> World:
    """The world with harm in every text that a person may have typed."""
    marks = cycle(MARKS)
    for model in our_models():
        if model is Entry:
            continue  # its lines are only added: see below
        for field in text_fields(model):
            long = (field.max_length or 1000) >= 40
            for row in model._default_manager.order_by("pk")[:20]:
                text = next(marks) if long else SHORT[row.pk % len(SHORT)][: field.max_length]
                model._default_manager.filter(pk=row.pk).update(**{field.name: text})
    return world


def test_every_kind_of_text_is_poisoned(poisoned: World) -> None:
    assert sum(len(text_fields(model)) for model in our_models()) > 40
    poisoned.achievement.refresh_from_db()
    assert any(mark in poisoned.achievement.result for mark in MARKS)


@pytest.mark.parametrize("part", ["clerk", "office", "head", "technician"])
def test_no_page_lets_text_become_markup(
    part: str, poisoned: World, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    client, wrong, seen = client_of(cast[part]), [], 0
    for route in all_routes():
        if route.name == "health":
            continue
        for number in poisoned.numbers(route):
            answer = finish(client.get(route.path(number)))
            if answer.get("Content-Type", "").startswith("text/html"):
                html = answer.content.decode()
                seen += html.count("__xss")
                wrong += [f"{route.path(number)}: {raw}" for raw in RAW if raw in html]
    assert seen > 10  # the harm is on the pages, as text
    assert not wrong, "\n".join(wrong)


def test_a_refused_form_gives_back_text_as_text(
    world: World, clerk: User, head: User, client_of: Callable[[User], Client]
) -> None:
    harm = MARKS[1]
    pages = [
        client_of(clerk).post(
            f"/cham-diem/thanh-tich/{world.achievement.pk}/sua/", {"title": harm, "quantity": harm}
        ),
        client_of(head).post("/doi-mat-khau/", {"old_password": harm, "new_password1": harm}),
        Client().post("/dang-nhap/", {"username": harm, "password": harm}),
        Client().post("/quen-mat-khau/", {"email": harm}),
    ]
    for page in pages:
        assert "<img" not in page.content.decode().replace('<img src="/static', "")


def test_a_comment_of_an_act_is_text_on_the_timeline(
    world: World, head: User, client_of: Callable[[User], Client]
) -> None:
    registrations.send_back(world.registration, by=head, comment=MARKS[0])
    html = client_of(head).get(f"/phong-trao/dang-ky/{world.registration.pk}/").content.decode()
    assert "<script>window" not in html
    assert "&lt;script&gt;window" in html


# --- letters -------------------------------------------------------------------------------------------
def test_letters_escape_in_markup_and_not_in_text(
    world: World, clerk: User, head: User, django_capture_on_commit_callbacks: Any
) -> None:
    Person.objects.filter(pk=clerk.person.pk).update(given_name="A & B <b>")
    with django_capture_on_commit_callbacks(execute=True):
        registrations.send_back(world.registration, by=head, comment="x & y <script>z</script>")
    [message] = mail.outbox
    html, _ = message.alternatives[0]
    assert "<script>" not in html
    assert "A &amp; B &lt;b&gt;" in html
    assert "A & B <b>" in message.body
    assert "x &" not in html + message.body  # a reason stands on the page alone
    assert "&amp;" not in message.body + message.subject


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("An\r\nBcc: evil@x.example", "Thư\r\nBcc: evil@x.example"),
        ('An" <evil@x.example>, "x', "Thư\nX-Header: 1"),
        ("An\rBình", "Thư\rnối"),
        ("An\\", "Thư\x0bnối"),
    ],
)
def test_no_line_break_gets_into_a_header(name: str, subject: str, clerk: User) -> None:
    letter = Letter.objects.create(
        key="x",
        recipient=clerk,
        recipient_name=name,
        address=clerk.email,
        kind="x",
        subject=subject,
        body="x",
        body_html="x",
    )
    deliver([letter.pk])
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT, letter.last_error
    [message] = mail.outbox
    sent = message.message()
    assert set(sent.keys()) & {"Bcc", "X-Header"} == set()
    assert message.recipients() == [message.to[0]]
    assert sent["To"].count("@") == 1 or "evil" not in sent["To"].rpartition("<")[2]
    assert sent["To"].rstrip().endswith(f"<{clerk.email}>")
