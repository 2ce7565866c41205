"""Background work of the roof: what needs every app."""

from celery import shared_task

from emulation_portal.reminding.sending import write_digests as write


@shared_task
def write_digests() -> int:
    """Asked often and cheaply; what it does once a working day is in ``reminding.sending``."""
    return write()
