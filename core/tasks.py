"""Background work of the ground floor: letters, the pulse, the ledger of the timetable, files nobody claimed."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic

from celery import shared_task
from kombu.exceptions import OperationalError

from core import clock, jobs
from core.attachments import remove_orphans
from core.delivery import LEASE, give_up_outdated, send_letters
from core.models import Letter, Pulse

log = logging.getLogger("portal.outbox")
TOGETHER = 50  # letters of one message, sent over one connection
FEW = 5  # so few need not queue behind a thousand others
MANY, FIRST = "letters", "celery"
MOST = 20_000  # letters that one sweep takes up


@shared_task
def deliver(letter_ids: list[int]) -> None:
    """Send letters over one connection. Only who wins a letter's claim sends it, however often it is queued."""
    left = send_letters(letter_ids)
    if left:
        hand_over(left)


class _Broker:
    """Remembers for a few seconds that the broker is away, so that no page waits for it again and again."""

    PAUSE = 10.0
    away_until = 0.0


def hand_over(letter_ids: Sequence[int]) -> int:
    """Ask the workers to deliver, and say how many letters were taken; the others wait for the next sweep."""
    queue = FIRST if len(letter_ids) <= FEW else MANY
    taken = 0
    try:
        for some in _in_parts(letter_ids):
            if monotonic() < _Broker.away_until:
                break
            deliver.apply_async([some], queue=queue)
            taken += len(some)
    except (OperationalError, OSError):
        _Broker.away_until = monotonic() + _Broker.PAUSE
        log.warning("broker is away; letters wait for the sweep")
    for some in _in_parts(letter_ids[taken:]):
        Letter.objects.filter(pk__in=some).change(queued_at=None)
    return taken


@shared_task
def resend_stuck() -> int:
    """Queue every letter whose time has come again: broker away or emptied, worker killed, mail server down. What was
    to be said on a day that is over is not sent any more."""
    now = clock.now()
    give_up_outdated()
    forgotten = Letter.objects.forgotten(now, now - LEASE).order_by("next_attempt_at")
    found = list(forgotten.values_list("pk", flat=True)[:MOST])
    for some in _in_parts(found):
        Letter.objects.filter(pk__in=some).change(queued_at=now)
    return hand_over(found)


@shared_task
def pulse() -> None:
    Pulse.objects.update_or_create(name="worker", defaults={"at": clock.now()})


@shared_task
def carry_out(run_id: int) -> None:
    """A job of the timetable, by its row in the ledger."""
    jobs.carry_out(run_id)


def hand_over_run(run_id: int) -> None:
    """Ask a worker to carry it out; what no broker takes stands in the ledger as lost and is tried again."""
    try:
        carry_out.apply_async([run_id], expires=jobs.LONGEST.total_seconds())
    except (OperationalError, OSError):
        log.warning("broker is away; run %s waits", run_id)


@shared_task
def trim_runs() -> int:
    return jobs.trim()


@shared_task
def sweep_orphan_files() -> int:
    return remove_orphans(older_than=timedelta(days=1))


def _in_parts(letter_ids: Sequence[int]) -> list[list[int]]:
    return [list(letter_ids[start : start + TOGETHER]) for start in range(0, len(letter_ids), TOGETHER)]
