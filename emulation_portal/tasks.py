"""Background work of the roof: the timetable, and what needs every app."""

from celery import shared_task

from core import jobs
from core.tasks import hand_over_run
from emulation_portal.reminding.sending import write_digests as write
from emulation_portal.schedule import JOBS


@shared_task
def keep_timetable() -> int:
    """Start what is due. Which runs took place is in the ledger, so this may come late, twice or after a day."""
    return jobs.run_due(JOBS, hand_over_run)


@shared_task
def write_digests() -> int:
    """Asked often and cheaply; what it does once a working day is in ``reminding.sending``."""
    return write()
