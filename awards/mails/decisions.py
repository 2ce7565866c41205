"""Letters about decisions: congratulation, and that one is cancelled."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from awards.models import Decision, Honour
from core.outbox import Draft, post_each
from organization.models import User
from organization.queries import users_heading


def decided(decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    """To every one who is rewarded, and of a collective to its head."""
    _tell_rewarded("congratulation", decision, honours, by=by)


def decision_cancelled(decision: Decision, honours: Sequence[Honour], *, by: Any, reason: str) -> None:
    """The reason stands on the page, not in the letter."""
    _tell_rewarded("decision_cancelled", decision, honours, by=by)


def _tell_rewarded(letter: str, decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    people = [one.person_id for one in honours if one.person_id]
    users = {
        one.person.pk: one
        for one in User.objects.filter(is_active=True, person__in=people).select_related("person")
    }
    drafts = []
    for one in honours:
        to = users.get(one.person_id) if one.person_id else next(iter(users_heading(one.unit)), None)
        if to is not None:
            drafts.append(
                Draft(
                    f"{letter}:{one.pk}",
                    to,
                    one,
                    reverse("awards:honour_detail", args=[one.pk]),
                    {"honour": one, "decision": decision, "by": by},
                )
            )
    post_each(f"awards/{letter}", drafts)
