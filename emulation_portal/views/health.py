"""The health check: whether database, broker and worker answer."""

from datetime import timedelta

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from core import clock
from core.models import Pulse

FRESH = timedelta(seconds=90)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all three answer, 503 otherwise; the values are "ok" or "down"."""
    answers = {"database": _database(), "broker": _broker(), "worker": False}
    answers["worker"] = answers["database"] and _worker()
    well = all(answers.values())
    words = {name: "ok" if answer else "down" for name, answer in answers.items()}
    return JsonResponse({"status": "ok" if well else "down", **words}, status=200 if well else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def _worker() -> bool:
    """The worker's pulse passes through beat, broker and worker."""
    return Pulse.objects.filter(name="worker", at__gte=clock.now() - FRESH).exists()
