"""The roof of the house: settings, addresses, timetable, first page. It assembles and decides nothing."""

from emulation_portal.celery import app as celery_app

__all__ = ["celery_app"]
