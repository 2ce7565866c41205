"""Letters are written with the act that causes them and delivered after its commit, once each."""

import logging
from collections.abc import Iterable
from contextvars import copy_context
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.template.loader import render_to_string
from kombu.exceptions import OperationalError

from core.models import Letter
from core.tasks import deliver
from core.vietnamese import fold

log = logging.getLogger("portal.outbox")


def post(
    kind: str,
    key: str,
    *,
    to: Iterable[Any],
    about: models.Model,
    link: str,
    context: dict[str, Any],
) -> list[Letter]:
    """Write one letter to every user in ``to``; a key that exists already is a letter that was written already.

    ``kind`` names the three templates ``emails/<kind>.subject.txt``, ``.txt`` and ``.html``.
    """
    letters = [
        _letter(kind, f"{key}:{user.pk}", user, about, link, context)
        for user in {user.pk: user for user in to}.values()
    ]
    # What is known already is passed over; handing a letter over twice is harmless.
    Letter.objects.bulk_create(letters, batch_size=500, ignore_conflicts=True)
    keys = [letter.key for letter in letters]
    written = list(Letter.objects.filter(key__in=keys, state=Letter.State.WAITING))
    # In this moment's context: where the clock was set, the letter leaves at the hour of its act.
    here = copy_context()
    transaction.on_commit(lambda: here.run(hand_over, [letter.pk for letter in written]))
    return written


class _Broker:
    """Remembers for a few seconds that the broker is away, so that no page waits for it again and again."""

    PAUSE = 10.0
    away_until = 0.0


def hand_over(letter_ids: list[int]) -> None:
    """Ask the worker to deliver; when the broker is away the letters wait for the next sweep."""
    if monotonic() < _Broker.away_until:
        return
    try:
        for letter_id in letter_ids:
            deliver.delay(letter_id)
    except (OperationalError, OSError):
        _Broker.away_until = monotonic() + _Broker.PAUSE
        log.warning("broker is away; letters wait for the sweep")


def _letter(
    kind: str, key: str, user: Any, about: models.Model, link: str, context: dict[str, Any]
) -> Letter:
    everything = {
        **context,
        "recipient": user,
        "link": f"{settings.SITE_URL}{link}",
        "site_url": settings.SITE_URL,
    }
    subject = " ".join(render_to_string(f"emails/{kind}.subject.txt", everything).split())
    return Letter(
        key=key,
        recipient=user,
        recipient_name=user.display_name,
        address=user.email,
        kind=kind,
        subject=subject,
        body=render_to_string(f"emails/{kind}.txt", everything),
        body_html=render_to_string(f"emails/{kind}.html", everything),
        link=link,
        target_type=about._meta.label_lower,
        target_id=about.pk,
        search_key=fold(f"{subject} {user.display_name}"),
    )
