"""The Celery application; its timetable is in ``schedule.py``."""

import gc
import os

from celery import Celery

from emulation_portal.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emulation_portal.settings")

app = Celery("emulation_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
# As in ``wsgi.py``: a worker that judges thousands of people should not look through all of them again and again.
gc.set_threshold(20_000, 50, 100)
