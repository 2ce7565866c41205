"""Letters: written with the act, delivered once, found again when delivery failed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse

from core import clock
from core.models import Letter
from core.outbox import post
from core.tasks import deliver, resend_stuck
from organization.models import User


class DownServer(BaseEmailBackend):
    """A mail server that answers nobody."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("mail server is down")


def write(user: User, key: str = "test:1") -> list[Letter]:
    return post(
        "password_reset",
        key,
        to=[user],
        about=user,
        link="/",
        context={"username": user.username},
    )


@pytest.fixture
def letter(clerk: User) -> Letter:
    """A letter that waits, as if the broker had been away at the commit."""
    return write(clerk)[0]


def test_a_letter_goes_out_after_the_commit(clerk: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        write(clerk)
        assert mail.outbox == []
    assert [message.to for message in mail.outbox] == [[f'"{clerk.display_name}" <{clerk.email}>']]
    assert Letter.objects.get().state == Letter.State.SENT


def test_an_act_that_fails_leaves_no_letter(clerk: User) -> None:
    with transaction.atomic():
        write(clerk)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_the_same_key_is_the_same_letter(clerk: User) -> None:
    write(clerk)
    write(clerk)
    assert Letter.objects.count() == 1


def test_a_letter_queued_ten_times_is_sent_once(letter: Letter) -> None:
    for _ in range(10):
        deliver(letter.pk)
    assert len(mail.outbox) == 1


def test_the_message_id_is_fixed_per_letter(letter: Letter) -> None:
    deliver(letter.pk)
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<letter-{letter.pk}@portal>"


def test_a_mail_server_that_is_down_postpones_the_letter(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer"
    deliver(letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.WAITING
    assert letter.next_attempt_at > clock.now() + timedelta(seconds=40)
    assert "down" in letter.last_error


def test_after_all_tries_a_letter_is_shown_as_undeliverable(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer"
    for _ in range(6):
        Letter.objects.update(state=Letter.State.WAITING)
        deliver(letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED


def test_a_letter_held_by_a_dead_worker_is_sent_after_its_lease(letter: Letter) -> None:
    Letter.objects.update(state=Letter.State.SENDING, next_attempt_at=clock.now() - timedelta(seconds=1))
    assert resend_stuck() == 1
    assert len(mail.outbox) == 1


def test_a_letter_held_by_a_living_worker_is_left_alone(letter: Letter) -> None:
    Letter.objects.update(state=Letter.State.SENDING, next_attempt_at=clock.now() + timedelta(minutes=1))
    assert resend_stuck() == 0
    deliver(letter.pk)
    assert mail.outbox == []


def test_a_letter_that_opens_an_account_is_for_its_holder_alone(
    letter: Letter, clerk: User, colleague: User, office: User, client_of: Any
) -> None:
    address = reverse("letter_detail", args=[letter.pk])
    assert letter.subject in client_of(clerk).get(address).content.decode()
    assert client_of(colleague).get(address).status_code == 404
    assert letter.subject not in client_of(colleague).get(reverse("letter_list")).content.decode()
    assert client_of(office).get(address).status_code == 404


def test_the_office_reads_all_other_letters(
    letter: Letter, colleague: User, office: User, client_of: Any
) -> None:
    Letter.objects.update(kind="campaigns/launched")
    assert letter.subject in client_of(office).get(reverse("letter_list")).content.decode()
    assert letter.subject not in client_of(colleague).get(reverse("letter_list")).content.decode()
