"""A letter that comes back after the mail server took it: read from its report, or noted by the Office."""

import io
import re
from datetime import timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.urls import reverse

from core import clock
from core.bounces import note_bounce, report_in, take
from core.delivery import message_id
from core.journal import history_of
from core.models import Letter
from core.outbox import post, resend
from core.tasks import deliver
from core.workflow import AlreadyDone, Refused
from organization.models import User
from tests.letters.reports import exchange_bounce, postfix_bounce, postfix_delay, postfix_expired

UNKNOWN = "550 5.1.1 <clerk@snv.example>: Recipient address rejected: User unknown in virtual mailbox table"


@pytest.fixture
def letter(clerk: User, django_capture_on_commit_callbacks: Any) -> Letter:
    """It has left."""
    with django_capture_on_commit_callbacks(execute=True):
        [letter] = post("account_idle", "x", to=[clerk], about=clerk, link="", context={"days": 45})
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
    return letter


def again(letter: Letter) -> Letter:
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (
            postfix_bounce,
            "Máy chủ thư trả lại: 550 5.1.1 <{address}>: Recipient address rejected: User unknown",
        ),
        (lambda one: postfix_bounce(one, headers_only=True), "Máy chủ thư trả lại: 550 5.1.1 <{address}>"),
        (postfix_expired, "connect to mail.snv.example[10.1.0.7]:25: Connection timed out (4.4.1)."),
        (
            exchange_bounce,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
        (lambda one: exchange_bounce(one, headers_only=True), "RecipientNotFound"),
    ],
)
def test_a_report_marks_the_letter_once(write: Any, words: str, letter: Letter) -> None:
    raw, sent = write(letter), letter.sent_at
    assert take(raw).startswith(f"Thư số {letter.pk}: ghi là không tới được. Máy chủ thư trả lại")
    assert take(raw) == f"Thư số {letter.pk}: đã ghi là không tới được."
    assert again(letter).state == Letter.State.BOUNCED
    assert words.format(address=letter.address) in letter.last_error
    assert letter.bounced_at is not None
    assert (letter.sent_at, letter.is_held_up) == (sent, True)
    line = history_of(letter).get()
    assert (line.verb, line.actor, line.comment) == ("bounced", None, letter.last_error)


def test_a_delay_is_no_end(letter: Letter) -> None:
    assert "chưa phải trả lại: bỏ qua" in take(postfix_delay(letter))
    assert again(letter).state == Letter.State.SENT
    assert not history_of(letter).exists()


def test_what_is_no_report_or_of_no_letter_is_passed_over(letter: Letter) -> None:
    for raw in (
        b"",
        b"\x00\xff\xfe",
        b"Subject: Re: x\nIn-Reply-To: " + message_id(letter).encode() + b"\n\nok",
    ):
        assert "bỏ qua" in take(raw)
        assert report_in(raw) is None
    strange = Letter(key="never written", recipient_name="x", address="x@y.example", subject="x", body="x")
    assert take(postfix_bounce(strange)) == "Thông báo không nói về thư nào của cổng: bỏ qua."
    half = postfix_bounce(letter)[:900]  # cut off on the way
    assert "bỏ qua" in take(half)
    assert again(letter).state == Letter.State.SENT


def test_a_report_about_an_earlier_try_marks_nothing(
    letter: Letter, clerk: User, office: User, django_capture_on_commit_callbacks: Any
) -> None:
    """The file is taken again after the Office has sent the letter to the corrected address, or to the same one."""
    early = {"Date": format_datetime(clock.now() - timedelta(hours=2))}
    first = postfix_bounce(letter, **early)
    take(postfix_bounce(letter))
    resend(again(letter), by=office, address_checked=True)
    assert "lần gửi trước" in take(first)  # it waits
    deliver([letter.pk])
    assert "lần gửi trước" in take(first)  # it has left
    assert again(letter).state == Letter.State.SENT
    take(postfix_bounce(letter))
    User.objects.filter(pk=clerk.pk).update(email="an.moi@snv.example")
    old = postfix_bounce(letter)
    with django_capture_on_commit_callbacks(execute=True):
        resend(again(letter), by=office)
    assert "lần gửi trước" in take(old)
    assert again(letter).state == Letter.State.SENT


class Neighbour(BaseEmailBackend):
    """A mail server next door: it has answered and reported before the worker has written anything down."""

    def send_messages(self, messages: Any) -> int:
        assert "ghi là không tới được" in take(postfix_bounce(Letter.objects.get()))
        return len(messages)


def test_a_report_that_is_faster_than_our_own_note_is_not_lost(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.letters.test_bounces.Neighbour"
    waits = {"state": Letter.State.WAITING, "sent_at": None, "attempts": 0, "next_attempt_at": clock.now()}
    Letter.objects.update(**waits)
    deliver([letter.pk])
    assert (again(letter).state, letter.attempts, letter.sent_at) == (Letter.State.BOUNCED, 1, None)
    assert UNKNOWN.partition("<")[0] in letter.last_error


# --- the command -----------------------------------------------------------------------------------------
def told(*files: Path) -> str:
    out = io.StringIO()
    call_command("take_bounces", *map(str, files), stdout=out)
    return out.getvalue()


def test_the_command_takes_files(letter: Letter, tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(postfix_delay(letter))
    (tmp_path / "2").write_bytes(exchange_bounce(letter))
    lines = told(*sorted(tmp_path.iterdir())).splitlines()
    assert [line[:2] for line in lines] == ["1:", "2:"]
    assert "bỏ qua" in lines[0]
    assert again(letter).state == Letter.State.BOUNCED
    with pytest.raises(CommandError, match="không đọc được"):
        told(tmp_path / "none")


def test_the_command_takes_what_a_mail_server_pipes(letter: Letter, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(postfix_bounce(letter))))
    assert "ghi là không tới được" in told()
    assert again(letter).state == Letter.State.BOUNCED


# --- by hand ---------------------------------------------------------------------------------------------
def test_the_office_notes_what_it_found_in_a_mailbox(letter: Letter, office: User, client_of: Any) -> None:
    client, page = client_of(office), reverse("letter_detail", args=[letter.pk])
    address = reverse("letter_bounce", args=[letter.pk])
    assert address in client.get(page).content.decode()
    assert "Hãy ghi lý do" in client.post(address, {"reason": "  "}, follow=True).content.decode()
    html = client.post(address, {"reason": "Hộp thư\nđã đầy"}, follow=True).content.decode()
    assert "Hộp thư đã đầy" in html
    assert "Báo trả lại lúc" in html
    assert "Ghi thư bị trả lại" in html  # the timeline
    assert address not in html
    assert again(letter).state == Letter.State.BOUNCED
    with pytest.raises(AlreadyDone):
        note_bounce(letter, by=office, reason="x")


def test_what_has_not_left_does_not_come_back(letter: Letter, office: User) -> None:
    Letter.objects.update(state=Letter.State.WAITING)
    with pytest.raises(Refused, match="Chỉ thư đã gửi"):
        note_bounce(letter, by=office, reason="x")


def test_others_note_nothing(letter: Letter, cast: dict[str, User], client_of: Any) -> None:
    address = reverse("letter_bounce", args=[letter.pk])
    for part, found in [("clerk", True), ("inspector", True), ("technician", False), ("stranger", False)]:
        with pytest.raises(Refused):
            note_bounce(letter, by=cast[part], reason="x")
        assert client_of(cast[part]).post(address, {"reason": "x"}).status_code == (302 if found else 404)
    assert again(letter).state == Letter.State.SENT


def test_who_only_knows_the_key_cannot_say_that_it_came_back(letter: Letter) -> None:
    """The mark is not the digest of the key, and a report names the address that could not be reached."""
    assert letter.mark != sha256(letter.key.encode()).hexdigest()[:40]
    stranger = postfix_bounce(letter).replace(letter.address.encode(), b"somebody@else.example")
    assert "bỏ qua" in take(stranger)
    assert again(letter).state == Letter.State.SENT


def test_a_date_that_no_calendar_knows_is_no_obstacle(letter: Letter) -> None:
    raw = postfix_bounce(letter)
    wrong = re.sub(rb"\nDate: [^\n]*", b"\nDate: Mon, 1 Jan 99999999999999999999 00:00:00 +0700", raw)
    take(wrong)
    assert again(letter).state == Letter.State.BOUNCED
