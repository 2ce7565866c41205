"""That a recipient came to his dossier by the link of his letter: noted once, and only of himself."""

from typing import Any

from core import clock
from core.models import Notice


def opened(notice: Notice, *, by: Any) -> None:
    if notice.user_id == by.pk and notice.opened_at is None:
        Notice.objects.filter(pk=notice.pk, opened_at__isnull=True).update(opened_at=clock.now())
