"""Background work of the ground floor: letters, the pulse, files nobody claimed."""

import logging
import random
from datetime import timedelta

from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q

from core import clock
from core.attachments import remove_orphans
from core.models import Letter, Pulse

log = logging.getLogger("portal.outbox")
LEASE = timedelta(minutes=5)
BACK_OFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
]


@shared_task
def deliver(letter_id: int) -> None:
    """Send one letter. Only the worker that wins the claim sends it, however often the task is queued."""
    if not _claim(letter_id):
        return
    letter = Letter.objects.get(pk=letter_id)
    try:
        _send(letter)
    except Exception as error:  # noqa: BLE001 - whatever the mail server says, the letter stays and is tried again
        _postpone(letter, error)
    else:
        Letter.objects.filter(pk=letter_id).update(
            state=Letter.State.SENT, sent_at=clock.now(), last_error=""
        )


@shared_task
def resend_stuck() -> int:
    """Queue every letter whose time has come again: broker away, worker killed, mail server down."""
    waiting = Letter.objects.due(clock.now()).order_by("next_attempt_at").values_list("pk", flat=True)[:500]
    for letter_id in waiting:
        deliver.delay(letter_id)
    return len(waiting)


@shared_task
def pulse() -> None:
    Pulse.objects.update_or_create(name="worker", defaults={"at": clock.now()})


@shared_task
def sweep_orphan_files() -> int:
    return remove_orphans(older_than=timedelta(days=1))


def _claim(letter_id: int) -> bool:
    """Take the letter for the length of a lease; a worker that dies loses it when the lease ends."""
    now = clock.now()
    free = Q(state=Letter.State.WAITING) | Q(state=Letter.State.SENDING, next_attempt_at__lte=now)
    claim = Letter.objects.filter(free, pk=letter_id)
    return bool(
        claim.update(state=Letter.State.SENDING, attempts=F("attempts") + 1, next_attempt_at=now + LEASE)
    )


def _send(letter: Letter) -> None:
    if not letter.address:
        raise ValueError("Người nhận chưa có địa chỉ thư điện tử.")
    mail = EmailMultiAlternatives(
        " ".join(letter.subject.split()),
        letter.body,
        to=[f'"{_quotable(letter.recipient_name)}" <{letter.address}>'],
        # Fixed per letter: a mail server that saw it before can drop the second copy.
        headers={"Message-ID": f"<letter-{letter.pk}@portal>"},
    )
    mail.attach_alternative(letter.body_html, "text/html")
    mail.send()


def _quotable(text: str) -> str:
    """One line that cannot leave its quotes."""
    return " ".join(text.split()).replace("\\", "").replace('"', "'")


def _postpone(letter: Letter, error: Exception) -> None:
    out_of_tries = letter.attempts > len(BACK_OFF)
    wait = BACK_OFF[min(letter.attempts, len(BACK_OFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.FAILED if out_of_tries else Letter.State.WAITING,
        next_attempt_at=clock.now() + wait,
        last_error=str(error)[:500],
    )
    log.warning("letter %s was not delivered: %s", letter.pk, error)
