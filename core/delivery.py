"""How letters leave: one conversation with the mail server for many of them, and what its answers mean.

What is promised is in docs/adr/0011-letters.md. The rule behind it: a letter is claimed, with a commit of its own,
right before it is handed to the server and noted right after, so "being sent" says exactly when a crash leaves a doubt.
"""

import logging
import random
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Case, F, Value, When

from core import clock
from core.models import Letter

log = logging.getLogger("portal.outbox")
LEASE = timedelta(minutes=5)  # longer than the mail server may take over one letter (EMAIL_TIMEOUT)
BUDGET = (
    45.0  # seconds after which a message gives the rest of its letters back, so that others are served too
)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 960, 1440)]


@dataclass(frozen=True)
class Trouble:
    """Why a letter did not leave: in words, whether another try makes sense, whether it may have left all the same."""

    words: str
    final: str = ""  # the state in which the letter stays
    in_doubt: bool = False


class Unsendable(Exception):
    """A letter that no server need be asked about."""


def send_letters(letter_ids: Sequence[int]) -> list[int]:
    """Send those that are due; the answer is what was left when the time was up. Safe to repeat and to race."""
    due = Letter.objects.due(clock.now()).filter(pk__in=letter_ids).order_by("pk")
    waiting = list(due.values_list("pk", flat=True))
    until = monotonic() + BUDGET
    line = get_connection()
    try:
        while waiting and monotonic() < until:
            try:
                line.open()
            except Exception as error:  # noqa: BLE001 - whatever keeps the server away, the letters stay
                _postpone_all(waiting, trouble_of(error))
                return []
            if not _send_one(waiting.pop(0), line):
                _hang_up(line)  # after a refusal nobody knows in which state the conversation is
    finally:
        _hang_up(line)
    return waiting


def give_up_outdated() -> int:
    """Letters whose day is over stay where they are, for good; of one that a worker held when it fell silent nobody
    knows whether it arrived."""
    late = Letter.objects.outdated(clock.now())
    late.filter(state=Letter.State.SENDING).change(may_be_double=True)
    return late.change(state=Letter.State.EXPIRED, queued_at=None)


def send_history() -> None:
    """For the demo office, whose waiting letters are of past seasons: all leave in one conversation, each noted as sent
    at the hour of its act. When the mail server does not take them, they wait like any others."""
    waiting = Letter.objects.filter(state=Letter.State.WAITING).exclude(address="").order_by("pk")
    letters = list(waiting)
    try:
        get_connection().send_messages([message_of(letter) for letter in letters])
    except Exception as error:  # noqa: BLE001 - whatever the mail server says, the letters stay
        log.warning("%s letters of the past were not delivered: %s", len(letters), trouble_of(error).words)
        return
    waiting.update(state=Letter.State.SENT, attempts=1, sent_at=F("created_at"), queued_at=F("created_at"))


def message_id(letter: Letter) -> str:
    """The same for every try, so that a mail server can drop a copy."""
    domain = urlsplit(settings.SITE_URL).hostname
    return f"<{letter.mark}@{domain}>"


def message_of(letter: Letter) -> EmailMultiAlternatives:
    if not letter.address:
        raise Unsendable("Người nhận chưa có địa chỉ thư điện tử.")
    mail = EmailMultiAlternatives(
        " ".join(letter.subject.split()),
        letter.body,
        to=[f'"{_quotable(letter.recipient_name)}" <{letter.address}>'],
        reply_to=[settings.EMAIL_REPLY_TO] if settings.EMAIL_REPLY_TO else None,
        # Auto-Submitted: no "out of office" comes back.
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(letter.body_html, "text/html")
    return mail


def trouble_of(error: Exception) -> Trouble:
    """The mail server's answer in words; only what it says of one address or one letter is final."""
    if isinstance(error, Unsendable):
        return Trouble(str(error), final=Letter.State.BOUNCED)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        if code >= 500:
            words = "Máy chủ thư không nhận địa chỉ này"
            return Trouble(_told(words, code, answer), final=Letter.State.BOUNCED)
        return Trouble(_told("Máy chủ thư tạm thời chưa nhận thư cho địa chỉ này", code, answer))
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        words = _told("Máy chủ thư từ chối thư này", error.smtp_code, error.smtp_error)
        return Trouble(words, final=Letter.State.BOUNCED)
    if isinstance(error, smtplib.SMTPResponseException):
        words = next((words for kind, words in ANSWERS if isinstance(error, kind)), "Máy chủ thư báo lỗi")
        return Trouble(_told(words, error.smtp_code, error.smtp_error))
    if isinstance(error, ValueError) and not isinstance(error, OSError):  # a wrong certificate is both
        return Trouble(f"Không lập được thư: {error}", final=Letter.State.FAILED)
    words = next((words for kind, words in BREAKS if isinstance(error, kind)), "Lỗi khi gửi thư")
    # The server said nothing that would settle it, and it may have had the whole letter by then.
    said_nothing = not isinstance(error, smtplib.SMTPNotSupportedError)
    return Trouble(f"{words} ({error}).", in_doubt=said_nothing)


ANSWERS: list[tuple[type[Exception], str]] = [
    (
        smtplib.SMTPAuthenticationError,
        "Máy chủ thư không nhận tên đăng nhập hoặc mật khẩu (EMAIL_URL, EMAIL_PASSWORD)",
    ),
    (smtplib.SMTPSenderRefused, "Máy chủ thư không nhận người gửi (EMAIL_FROM)"),
    (smtplib.SMTPDataError, "Máy chủ thư tạm thời chưa nhận thư này"),
]
BREAKS: list[tuple[type[Exception], str]] = [
    (
        smtplib.SMTPNotSupportedError,
        "Máy chủ thư không có cách mã hóa hoặc đăng nhập mà EMAIL_URL yêu cầu",
    ),
    (smtplib.SMTPServerDisconnected, "Máy chủ thư ngắt kết nối giữa chừng"),
    (ssl.SSLCertVerificationError, "Không tin được chứng thư của máy chủ thư"),
    (ssl.SSLError, "Không lập được kết nối mã hóa với máy chủ thư"),
    (socket.gaierror, "Không tìm thấy máy chủ thư có tên ghi ở EMAIL_URL"),
    (TimeoutError, "Máy chủ thư không trả lời trong thời gian chờ"),
    (ConnectionRefusedError, "Máy chủ thư không mở cổng ghi ở EMAIL_URL"),
    (OSError, "Không nói chuyện được với máy chủ thư"),
]


def _send_one(letter_id: int, line: Any) -> bool:
    """Claim, send, note. True when the conversation can go on."""
    letter = _claim(letter_id)
    if letter is None:
        return True
    try:
        line.send_messages([message_of(letter)])
    except Exception as error:  # noqa: BLE001 - whatever the mail server says, the letter stays
        _postpone(letter, trouble_of(error))
        return False
    # A server near by may have reported that it came back before we note that it left.
    gone = Letter.objects.filter(pk=letter_id).exclude(state=Letter.State.BOUNCED)
    gone.update(state=Letter.State.SENT, sent_at=clock.now(), last_error="")
    return True


def _claim(letter_id: int) -> Letter | None:
    """Take the letter for the length of a lease. Whoever takes it from a worker that fell silent cannot know whether
    the server has it already."""
    now = clock.now()
    doubt = Case(
        When(state=Letter.State.SENDING, then=Value(True)),  # noqa: FBT003 - a value of SQL
        default=F("may_be_double"),
    )
    taken = Letter.objects.due(now).filter(pk=letter_id)
    if not taken.update(
        state=Letter.State.SENDING,
        attempts=F("attempts") + 1,
        next_attempt_at=now + LEASE,
        may_be_double=doubt,
    ):
        return None
    return Letter.objects.get(pk=letter_id)


def _postpone(letter: Letter, trouble: Trouble) -> None:
    # The number of tries is the token of the claim: who lost it to another worker changes nothing.
    Letter.objects.filter(pk=letter.pk, state=Letter.State.SENDING, attempts=letter.attempts).update(
        **_later(letter.attempts, trouble), may_be_double=letter.may_be_double or trouble.in_doubt
    )
    log.warning("letter %s was not delivered: %s", letter.pk, trouble.words)


def _postpone_all(letter_ids: Sequence[int], trouble: Trouble) -> None:
    """The server did not answer at all, so none of these letters has left."""
    found = Letter.objects.due(clock.now()).filter(pk__in=letter_ids)
    held = list(found.values_list("pk", "attempts", "state"))
    found.filter(pk__in=[pk for pk, _, state in held if state == Letter.State.SENDING]).change(
        may_be_double=True
    )
    for tries in {attempts for _, attempts, _ in held}:
        same = found.filter(pk__in=[pk for pk, attempts, _ in held if attempts == tries], attempts=tries)
        # Whatever it was, it was said of no letter.
        same.change(**_later(tries + 1, replace(trouble, final="")), attempts=tries + 1)
    log.warning("%s letters were not delivered: %s", len(letter_ids), trouble.words)


def _later(attempts: int, trouble: Trouble) -> dict[str, Any]:
    out_of_tries = attempts > len(BACK_OFF)
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    return {
        "state": trouble.final or (Letter.State.FAILED if out_of_tries else Letter.State.WAITING),
        "next_attempt_at": clock.now() + wait,
        "queued_at": None,
        "bounced_at": clock.now() if trouble.final == Letter.State.BOUNCED else None,
        "last_error": trouble.words[:500],
    }


def _hang_up(line: Any) -> None:
    with suppress(OSError):  # also what smtplib raises
        line.close()


def _told(words: str, code: int, answer: Any) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{words} (máy chủ trả lời: {code} {' '.join(text.split())})."


def _quotable(text: str) -> str:
    """One line that cannot leave its quotes."""
    return " ".join(text.split()).replace("\\", "").replace('"', "'")
