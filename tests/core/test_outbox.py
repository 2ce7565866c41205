"""Letters: written with the act, delivered once, found again when delivery failed."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse
from kombu.exceptions import OperationalError

from core import clock
from core.delivery import LEASE, message_id, send_history
from core.models import Letter
from core.outbox import Draft, post, post_each
from core.tasks import _Broker, deliver, hand_over, resend_stuck
from organization.models import Person, User


class DownServer(BaseEmailBackend):
    """A mail server that answers nobody."""

    def open(self) -> None:
        raise ConnectionRefusedError("mail server is down")


class Talking(BaseEmailBackend):
    """A mail server that answers as it was told, and counts."""

    opened = 0
    taken: ClassVar[list[Any]] = []
    answer: Exception | None = None
    meanwhile: Callable[[], Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_open = False

    def open(self) -> None:
        if not self.is_open:
            self.is_open = True
            Talking.opened += 1

    def close(self) -> None:
        self.is_open = False

    def send_messages(self, messages: Any) -> int:
        if Talking.meanwhile:
            Talking.meanwhile()
        if Talking.answer:
            raise Talking.answer
        Talking.taken += messages
        return len(messages)


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
    [letter] = write(clerk)
    Letter.objects.update(queued_at=None)
    return letter


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
        deliver([letter.pk])
    assert len(mail.outbox) == 1


def test_the_message_id_is_fixed_per_letter_and_belongs_to_the_portal(letter: Letter, settings: Any) -> None:
    settings.SITE_URL = "https://thidua.example"
    for _ in range(2):
        Letter.objects.update(state=Letter.State.WAITING, next_attempt_at=clock.now())
        deliver([letter.pk])
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    assert first.endswith("@thidua.example>")


def test_other_letters_have_other_message_ids(clerk: User) -> None:
    one, other = write(clerk, "test:1") + write(clerk, "test:2")
    assert message_id(one) != message_id(other)


def test_a_letter_says_that_no_person_wrote_it_and_where_answers_go(letter: Letter, settings: Any) -> None:
    settings.EMAIL_REPLY_TO = "vanphong@snv.example"
    deliver([letter.pk])
    headers = mail.outbox[0].message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Reply-To"] == "vanphong@snv.example"


def test_many_letters_share_one_conversation(cast: dict[str, User], settings: Any) -> None:
    """... and a refused one among them stops no other."""
    settings.EMAIL_BACKEND = "tests.core.test_outbox.Talking"
    Talking.opened, Talking.taken = 0, []
    users = list(cast.values())
    users[3].email = ""
    letters = post("password_reset", "x", to=users, about=users[0], link="/", context={})
    deliver([letter.pk for letter in letters])
    states = Counter(Letter.objects.values_list("state", flat=True))
    assert states == {"sent": len(users) - 1, "bounced": 1}
    assert len(Talking.taken) == len(users) - 1
    assert Talking.opened <= 2  # one more after the refusal


# --- history -------------------------------------------------------------------------------------------
def test_letters_of_past_seasons_leave_as_of_their_day(
    clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    with clock.at(clock.now() - timedelta(days=400)), django_capture_on_commit_callbacks():
        [old] = write(clerk, "test:old")
    send_history()
    old.refresh_from_db()
    assert (old.state, old.sent_at, old.attempts) == (Letter.State.SENT, old.created_at, 1)
    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [message_id(old)]
    deliver([old.pk])
    assert len(mail.outbox) == 1


def test_history_that_the_server_does_not_take_waits(
    clerk: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.Talking"
    [letter] = write(clerk)
    monkeypatch.setattr(Talking, "answer", ConnectionRefusedError("no"))
    send_history()
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == (Letter.State.WAITING, None)


# --- trouble -------------------------------------------------------------------------------------------
def test_a_mail_server_that_is_down_postpones_the_letter(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer"
    deliver([letter.pk])
    letter.refresh_from_db()
    assert letter.state == Letter.State.WAITING
    assert letter.attempts == 1
    assert letter.next_attempt_at > clock.now() + timedelta(seconds=40)
    assert letter.last_error.startswith("Máy chủ thư không mở cổng")
    deliver([letter.pk])  # a second message of the broker hurries nothing
    letter.refresh_from_db()
    assert letter.attempts == 1


def test_waits_grow_and_differ_from_letter_to_letter(clerk: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer"
    letters = [letter for number in range(8) for letter in write(clerk, f"test:{number}")]
    moment, waits = clock.now(), []
    for _ in range(4):
        with clock.at(moment):
            for letter in letters:
                deliver([letter.pk])
        nexts = list(Letter.objects.values_list("next_attempt_at", flat=True))
        assert len(set(nexts)) > 1
        waits.append(max(nexts) - moment)
        moment = max(nexts)
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(minutes=20)


def test_after_two_days_a_letter_is_shown_as_undeliverable(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer"
    begin = moment = clock.now()
    while letter.state == Letter.State.WAITING:
        with clock.at(moment):
            assert resend_stuck() == 1
        letter.refresh_from_db()
        moment = letter.next_attempt_at
    assert letter.state == Letter.State.FAILED
    assert timedelta(hours=40) < moment - begin < timedelta(hours=110)


ANSWERS: list[tuple[Exception, str, bool, str]] = [
    (SMTPRecipientsRefused({"a": (550, b"5.1.1 No such user")}), "bounced", False, "không nhận địa chỉ này"),
    (SMTPRecipientsRefused({"a": (450, b"4.2.1 Busy")}), "waiting", False, "tạm thời"),
    (SMTPDataError(554, b"5.7.1 Refused"), "bounced", False, "từ chối thư này"),
    (SMTPDataError(451, b"4.3.0 Later"), "waiting", False, "tạm thời"),
    (SMTPSenderRefused(553, b"5.1.8 Who?", "a"), "waiting", False, "EMAIL_FROM"),
    (SMTPAuthenticationError(535, b"5.7.8 No"), "waiting", False, "EMAIL_PASSWORD"),
    (SMTPServerDisconnected("gone"), "waiting", True, "ngắt kết nối"),
    (TimeoutError("timed out"), "waiting", True, "không trả lời"),
    (ValueError("odd"), "failed", False, "Không lập được thư"),
    (RuntimeError("odd"), "waiting", True, "Lỗi khi gửi thư"),
]


@pytest.mark.parametrize(("error", "state", "doubt", "words"), ANSWERS, ids=lambda value: str(value)[:40])
def test_what_the_server_says_is_told_in_words(
    error: Exception, state: str, doubt: bool, words: str, letter: Letter, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.Talking"
    Talking.answer = error
    try:
        deliver([letter.pk])
    finally:
        Talking.answer = None
    letter.refresh_from_db()
    assert letter.state == state
    assert letter.may_be_double is doubt
    assert words in letter.last_error
    assert clock.now() < letter.next_attempt_at < clock.now() + timedelta(minutes=2)


# --- workers that die ----------------------------------------------------------------------------------
def test_a_letter_held_by_a_dead_worker_is_sent_after_its_lease(letter: Letter) -> None:
    """... and told as perhaps sent twice: whether the server had taken it is not known."""
    Letter.objects.update(state=Letter.State.SENDING, next_attempt_at=clock.now() - timedelta(seconds=1))
    assert resend_stuck() == 1
    assert len(mail.outbox) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.may_be_double) == (Letter.State.SENT, True)


def test_a_letter_held_by_a_living_worker_is_left_alone(letter: Letter) -> None:
    Letter.objects.update(state=Letter.State.SENDING, next_attempt_at=clock.now() + timedelta(minutes=1))
    assert resend_stuck() == 0
    deliver([letter.pk])
    assert mail.outbox == []


def test_a_letter_that_was_lost_in_the_broker_is_queued_again_and_not_every_minute(clerk: User) -> None:
    write(clerk)  # queued, and the message was lost
    assert resend_stuck() == 0
    with clock.at(clock.now() + LEASE):
        assert resend_stuck() == 1
    assert Letter.objects.get().state == Letter.State.SENT


def test_a_letter_taken_over_from_a_slow_worker_is_not_postponed_by_it(letter: Letter, settings: Any) -> None:
    """Its failure comes late, when somebody else has sent the letter."""
    settings.EMAIL_BACKEND = "tests.core.test_outbox.Talking"
    Talking.answer, Talking.meanwhile = (
        ConnectionResetError("late"),
        lambda: Letter.objects.update(state=Letter.State.SENT, attempts=2),
    )
    try:
        deliver([letter.pk])
    finally:
        Talking.answer = Talking.meanwhile = None
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == (Letter.State.SENT, "")


# --- many ----------------------------------------------------------------------------------------------
def test_letters_to_many_are_worded_once_and_named_each(cast: dict[str, User]) -> None:
    people = list(cast.values())
    Person.objects.filter(user=people[0]).update(given_name="A & B <b>")
    people[0] = User.objects.get(pk=people[0].pk)
    letters = post("password_reset", "x", to=people, about=people[0], link="/x", context={"username": "u"})
    alone = post("password_reset", "y", to=people[:1], about=people[0], link="/x", context={"username": "u"})
    assert len(letters) == len(people)
    own = {letter.recipient_id: letter for letter in letters}
    same = own[people[0].pk]
    assert (same.subject, same.body, same.body_html) == (alone[0].subject, alone[0].body, alone[0].body_html)
    assert "A & B <b>" in same.body
    assert "A &amp; B &lt;b&gt;" in same.body_html
    for person in people:
        assert own[person.pk].body.startswith(f"Kính gửi {person.display_name},")


class Counted:
    """A word that knows how often it was written."""

    written = 0

    def __str__(self) -> str:
        Counted.written += 1
        return "từ"


def test_a_template_is_rendered_once_for_many_unless_it_asks_for_more_than_the_name(
    cast: dict[str, User],
) -> None:
    people = list(cast.values())
    Counted.written = 0
    post("password_reset", "x", to=people, about=people[0], link="/", context={"username": Counted()})
    assert 1 <= Counted.written <= 3
    letters = post("account_idle", "y", to=people, about=people[0], link="/", context={"days": 45})
    assert all(f"Tài khoản {letter.recipient.username} của bạn" in letter.body for letter in letters)


def test_letters_of_their_own_words_are_written_together(
    cast: dict[str, User], django_assert_num_queries: Any
) -> None:
    people = list(cast.values())
    drafts = [Draft(f"own:{user.pk}", user, user, "/", {"username": user.username}) for user in people]
    with django_assert_num_queries(2):
        letters = post_each("password_reset", drafts)
    assert all(letter.recipient.username in letter.body for letter in letters)
    assert post_each("password_reset", drafts)
    assert Letter.objects.count() == len(people)


def test_few_letters_do_not_queue_behind_thousands(cast: dict[str, User], monkeypatch: Any) -> None:
    taken = []
    monkeypatch.setattr(deliver, "apply_async", lambda args, queue: taken.append((queue, len(args[0]))))
    hand_over(list(range(120)))
    hand_over([1])
    assert taken == [("letters", 50), ("letters", 50), ("letters", 20), ("celery", 1)]


def test_a_broker_that_is_away_leaves_the_letters_to_the_next_sweep(
    clerk: User, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(_Broker, "away_until", 0.0)
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(deliver, "apply_async", away)
        write(clerk)
    monkeypatch.setattr(_Broker, "away_until", 0.0)
    assert Letter.objects.get().queued_at is None
    assert resend_stuck() == 1
    assert Letter.objects.get().state == Letter.State.SENT


# --- who reads them ------------------------------------------------------------------------------------
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
