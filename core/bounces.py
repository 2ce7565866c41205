"""Letters that come back after the mail server took them: its report (RFC 3464) is read, and the letter is marked.

Which letter it was is known by the Message-ID, which a report gives back with the letter's headers; it is fixed for
each letter (``core.delivery.message_id``).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

import rules
from django.db import transaction

from core.delivery import LEASE
from core.journal import record
from core.models import Letter
from core.workflow import AlreadyDone, Refused, lock

MARK = re.compile(r"<([0-9a-f]{40})@")


@dataclass(frozen=True)
class Report:
    """What a mail server says of a letter. ``marks`` are of the letters it may mean; ``addresses`` are those to which
    it could not be given, ``written`` stands in the headers that it gives back."""

    marks: list[str]
    is_final: bool
    words: str
    addresses: frozenset[str]
    written: datetime | None


def report_in(raw: bytes) -> Report | None:
    """The report that this mail is, if it is one."""
    mail = message_from_bytes(raw)
    parts = list(mail.walk())
    told = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    rows = [row for row in _blocks(told) if row["Action"] or row["Status"]]
    if not rows:
        return None
    row = next((row for row in rows if _has_failed(row)), rows[0])
    returned = next(_returned(parts), Message())
    named = [_text(returned["Message-ID"]), _text(mail["In-Reply-To"]), _text(mail["References"])]
    return Report(
        marks=[mark for text in named for mark in MARK.findall(text)],
        is_final=_has_failed(row),
        words=_diagnosis(row),
        addresses=frozenset(_addresses(row, returned)),
        written=_moment(returned["Date"]),
    )


@transaction.atomic
def take(raw: bytes) -> str:
    """Mark the letter that came back, as if the server had refused it at once; says what was done. Safe to repeat."""
    report = report_in(raw)
    if report is None:
        return "Không phải thông báo của máy chủ thư về một thư đã gửi: bỏ qua."
    letter = Letter.objects.filter(mark__in=report.marks).first()
    if letter is None:
        return "Thông báo không nói về thư nào của cổng: bỏ qua."
    name = f"Thư số {letter.pk}"
    if not report.is_final:
        return f"{name}: máy chủ thư còn gửi tiếp hoặc đã giao, chưa phải trả lại: bỏ qua. {report.words}"
    lock(letter)
    if letter.state == Letter.State.BOUNCED:
        return f"{name}: đã ghi là không tới được."
    if _is_of_an_earlier_try(report, letter):
        return f"{name}: thông báo về một lần gửi trước, thư đã được gửi lại sau đó: bỏ qua."
    _mark(letter, report.words, by=None, label="Máy chủ thư trả lại thư")
    return f"{name}: ghi là không tới được. {report.words}"


@transaction.atomic
def note_bounce(letter: Letter, *, by: Any, reason: str) -> None:
    """Somebody has seen that it came back: the report lies in a mailbox that no program reads."""
    if not rules.has_perm("letters.resend", by, letter):
        raise Refused("Chỉ Văn phòng Sở ghi thư bị trả lại.")
    reason = " ".join(reason.split())
    lock(letter)
    if letter.state == Letter.State.BOUNCED:
        raise AlreadyDone("Thư này đã được ghi là không tới được.")
    if letter.state != Letter.State.SENT:
        raise Refused("Chỉ thư đã gửi mới bị trả lại.")
    if not reason:
        raise Refused("Hãy ghi lý do trả lại, như máy chủ thư viết.")
    _mark(letter, reason, by=by, label="Ghi thư bị trả lại")


def _mark(letter: Letter, words: str, *, by: Any, label: str) -> None:
    letter.came_back(words)
    letter.save(update_fields=["state", "bounced_at", "queued_at", "last_error"])
    record(letter, "bounced", by=by, label=label, comment=letter.last_error)


def _is_of_an_earlier_try(report: Report, letter: Letter) -> bool:
    """It was sent again since: to another address, or it waits for that, or it left after the copy that came back."""
    if letter.address.lower() not in report.addresses:
        return True
    if letter.state == Letter.State.WAITING and not letter.attempts:
        return True
    return bool(report.written and letter.sent_at and report.written < letter.sent_at - LEASE)


# --- reading -----------------------------------------------------------------------------------------------
def _blocks(told: Message | None) -> list[Message]:
    """The first is of the whole report, each other of one recipient."""
    found: Any = told.get_payload() if told else []
    return found if isinstance(found, list) else []


def _has_failed(row: Message) -> bool:
    """ "failed" is the end, also with a 4.x.x: the server has given up trying. "delayed" is not."""
    action = _text(row["Action"]).lower()
    return action == "failed" or (not action and _text(row["Status"]).startswith("5"))


def _addresses(row: Message, returned: Message) -> Iterator[str]:
    """As the server was asked, as it tried, and as the letter itself says."""
    for name in ("Original-Recipient", "Final-Recipient"):
        yield _text(row[name]).rpartition(";")[2].strip().strip("<>").lower()
    yield parseaddr(_text(returned["To"]))[1].lower()


def _diagnosis(row: Message) -> str:
    kind, _, answer = _text(row["Diagnostic-Code"]).partition(";")
    said = answer.strip() or kind
    status = _text(row["Status"])
    return f"Máy chủ thư trả lại: {said} ({status})." if said else f"Máy chủ thư trả lại, mã {status}."


def _returned(parts: list[Message]) -> Iterator[Message]:
    """The letter that the report is about, or its headers alone."""
    for part in parts:
        payload: Any = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list) and payload:
            yield payload[0]
        if part.get_content_type() == "text/rfc822-headers":
            content: Any = part.get_payload(decode=True)
            yield message_from_string(content.decode(errors="replace").lstrip())


def _moment(value: Any) -> datetime | None:
    with suppress(ValueError, TypeError, OverflowError):
        found = parsedate_to_datetime(_text(value))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _text(value: Any) -> str:
    """A header in one line; PostgreSQL stores no NUL and no half of a character."""
    one = " ".join(str(value or "").replace("\x00", "").split())
    return one.encode(errors="replace").decode()
