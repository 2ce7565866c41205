"""Letters are written with the act that causes them and delivered after its commit, once each."""

from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rules
from django.conf import settings
from django.db import models, transaction
from django.template.loader import get_template
from django.utils.html import escape

from core import clock
from core.journal import record, record_many
from core.models import Letter, mark_of
from core.tasks import MOST, hand_over
from core.vietnamese import fold
from core.workflow import AlreadyDone, Refused, lock

Texts = tuple[str, str, str]
PARTS = (".subject.txt", ".txt", ".html")
SOMEBODY = "\ue000\ue001\ue000"  # stands for a name that is put in later; no name holds it
BATCH = 500


@dataclass(frozen=True)
class Draft:
    """A letter to one person, with words of its own."""

    key: str
    to: Any
    about: models.Model
    link: str
    context: dict[str, Any] = field(default_factory=dict)
    good_until: datetime | None = None


def post(
    kind: str,
    key: str,
    *,
    to: Iterable[Any],
    about: models.Model,
    link: str,
    context: dict[str, Any],
    good_until: datetime | None = None,
) -> list[Letter]:
    """Write one letter to every user in ``to``; a key that exists already is a letter that was written already.

    ``kind`` names the three templates ``emails/<kind>.subject.txt``, ``.txt`` and ``.html``; what lies in a folder
    ``private`` is read by its recipient alone. After ``good_until`` it is not sent any more.
    """
    users = {user.pk: user for user in to}.values()
    if not users:
        return []
    templates = _templates(kind)
    wording = _wording if len(users) > 1 else _words_of_each
    words = wording(templates, link, context)
    drafts = [Draft(f"{key}:{user.pk}", user, about, link, good_until=good_until) for user in users]
    return _write(kind, [(draft, words(draft.to)) for draft in drafts])


def post_each(kind: str, drafts: Iterable[Draft]) -> list[Letter]:
    """Write many letters of one kind that differ in more than the name; their keys are taken as they are."""
    templates = _templates(kind)
    return _write(
        kind, [(draft, _rendered(templates, draft.link, draft.context, draft.to)) for draft in drafts]
    )


@transaction.atomic
def resend(letter: Letter, *, by: Any, address_checked: bool = False) -> Letter:
    """Send a letter that did not leave once more, to the address that holds for it today.

    What came back from an address is sent there again only when somebody says that he has checked it.
    """
    if not rules.has_perm("letters.resend", by, letter):
        raise Refused("Chỉ Văn phòng Sở gửi lại thư.")
    lock(letter)
    if letter.is_over and letter.state not in (Letter.State.SENT, Letter.State.SENDING):
        raise Refused(
            "Thư nhắc việc này chỉ gửi trong giờ làm việc của ngày viết thư, nay đã qua; không gửi lại điều có thể"
            " không còn đúng. Việc còn nợ được nhắc trong thư của ngày làm việc sau."
        )
    if letter.state in (Letter.State.SENT, Letter.State.SENDING) or not letter.is_held_up:
        raise AlreadyDone(f"Thư này không cần gửi lại: {letter.get_state_display().lower()}.")
    before, address = letter.address, letter.address_now
    if not address:
        raise Refused(f"Tài khoản của {letter.recipient_name} chưa có địa chỉ thư. Ghi địa chỉ rồi gửi lại.")
    if letter.state == Letter.State.BOUNCED and address == before and not address_checked:
        raise Refused(
            f"Máy chủ thư đã từ chối địa chỉ {address} và thư vẫn phải gửi tới địa chỉ đó. Sửa địa chỉ trong trang"
            " của người nhận, hoặc xác nhận đã kiểm tra địa chỉ này."
        )
    letter.hurry(address)
    letter.save(update_fields=["state", "address", "attempts", "next_attempt_at", "queued_at"])
    label = "Gửi lại thư" if address == before else f"Gửi lại thư tới địa chỉ mới {address}"
    checked = "Đã kiểm tra địa chỉ." if address_checked else ""
    record(letter, "resent", by=by, label=label, comment=checked, data={"before": before, "address": address})
    _hand_over_after_commit([letter.pk])
    return letter


@transaction.atomic
def resend_held_up(*, by: Any) -> int:
    """Let all letters that a mail server's absence held up be tried at once, without their waits. Not those that an
    address refused: each of them has to be looked at."""
    if not rules.has_perm("letters.resend", by):
        raise Refused("Chỉ Văn phòng Sở gửi lại thư.")
    held = list(Letter.objects.held_up().select_for_update(skip_locked=True).order_by("pk")[:MOST])
    if not held:
        raise AlreadyDone("Không còn thư nào phải gửi lại.")
    pks = [letter.pk for letter in held]
    for start in range(0, len(pks), BATCH):
        Letter.objects.filter(pk__in=pks[start : start + BATCH]).hurry()
    record_many(held, "resent", by=by, label="Gửi lại cùng mọi thư chưa đi được")
    _hand_over_after_commit(pks)
    return len(pks)


def _hand_over_after_commit(letter_ids: list[int]) -> None:
    # In this moment's context: where the clock was set, the letter leaves at the hour of its act.
    here = copy_context()
    transaction.on_commit(lambda: here.run(hand_over, letter_ids))


def _write(kind: str, worded: Iterable[tuple[Draft, Texts]]) -> list[Letter]:
    # One order of keys for all, so that two acts that write the same letters do not wait for each other.
    made = {
        letter.key: letter
        for letter in sorted((_letter(kind, *one) for one in worded), key=lambda row: row.key)
    }
    # What is known already is passed over; handing a letter over twice is harmless.
    Letter.objects.bulk_create(made.values(), batch_size=BATCH, ignore_conflicts=True)
    keys, written = list(made), []
    for start in range(0, len(keys), BATCH):
        found = Letter.objects.filter(key__in=keys[start : start + BATCH], state=Letter.State.WAITING)
        for pk, key in found.values_list("pk", "key"):
            made[key].pk = pk
            written.append(made[key])
    if written:
        _hand_over_after_commit([letter.pk for letter in written])
    return written


def _letter(kind: str, draft: Draft, texts: Texts) -> Letter:
    subject, body, body_html = texts
    now = clock.now()
    return Letter(
        key=draft.key,
        mark=mark_of(draft.key),
        recipient=draft.to,
        recipient_name=draft.to.display_name,
        address=draft.to.email,
        kind=kind,
        subject=subject,
        body=body,
        body_html=body_html,
        link=draft.link,
        target_type=draft.about._meta.label_lower,
        target_id=draft.about.pk,
        created_at=now,
        good_until=draft.good_until,
        next_attempt_at=now,
        queued_at=now,
        search_key=fold(f"{subject} {draft.to.display_name}"),
    )


class _Somebody:
    """Whoever a letter is addressed to. A template that asks for more than the name is rendered for each person."""

    display_name = SOMEBODY

    def __init__(self) -> None:
        self.was_asked_more = False

    def __getattr__(self, name: str) -> Any:
        self.__dict__["was_asked_more"] = True
        raise AttributeError(name)


def _templates(kind: str) -> list[Any]:
    return [get_template(f"emails/{kind}{part}") for part in PARTS]


def _wording(templates: list[Any], link: str, context: dict[str, Any]) -> Callable[[Any], Texts]:
    """The same letter to many: its templates are rendered once, and only the name is put in for each."""
    somebody = _Somebody()
    subject, body, html = _rendered(templates, link, context, somebody)
    if somebody.was_asked_more:
        return _words_of_each(templates, link, context)

    def named(user: Any) -> Texts:
        name = user.display_name
        return (
            subject.replace(SOMEBODY, name),
            body.replace(SOMEBODY, name),
            html.replace(SOMEBODY, escape(name)),
        )

    return named


def _words_of_each(templates: list[Any], link: str, context: dict[str, Any]) -> Callable[[Any], Texts]:
    return lambda user: _rendered(templates, link, context, user)


def _rendered(templates: list[Any], link: str, context: dict[str, Any], recipient: Any) -> Texts:
    everything = {
        **context,
        "recipient": recipient,
        "link": f"{settings.SITE_URL}{link}" if link else "",
        "site_url": settings.SITE_URL,
    }
    subject, body, html = (template.render(everything) for template in templates)
    return " ".join(subject.split()), body, html
