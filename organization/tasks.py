"""Background work about accounts."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command

from organization import actions
from organization.models import OpenSession


@shared_task
def clear_sessions() -> None:
    """Expired sessions carry personal data and serve nobody; what was noted of them goes with them."""
    call_command("clearsessions")
    OpenSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@shared_task
def disable_idle_accounts() -> int:
    """An account that nobody uses is one that nobody misses when a stranger uses it."""
    return actions.disable_idle_accounts()
