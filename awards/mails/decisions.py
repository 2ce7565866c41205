"""Letters about decisions: that one is signed, congratulation, that one is cancelled, that somebody gets nothing."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from awards.models import Decision, Dropping, Honour
from core.outbox import Draft, post, post_each
from organization.models import User
from organization.queries import users_heading


def decided(decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    """To every one who is rewarded, and of a collective to its head; to those who lead the units that proposed."""
    _tell_rewarded("congratulation", decision, honours, by=by)
    entries = decision.entries.filter(honour__in=list(honours)).select_related("nomination__proposal__unit")
    units = {one.nomination.proposal.unit_id: one.nomination.proposal.unit for one in entries}
    post(
        "awards/decision_issued",
        f"decision_issued:{decision.pk}",
        to=[head for unit in units.values() for head in users_heading(unit)],
        about=decision,
        link=reverse("awards:decision_detail", args=[decision.pk]),
        context={"decision": decision, "by": by},
    )


def decision_cancelled(decision: Decision, honours: Sequence[Honour], *, by: Any, reason: str) -> None:
    """The reason stands on the page, not in the letter."""
    _tell_rewarded("decision_cancelled", decision, honours, by=by)


def nomination_dropped(dropping: Dropping, *, by: Any) -> None:
    """To those who lead the unit that proposed; the reason stands on the page, not in the letter."""
    nomination = dropping.nomination
    post(
        "awards/nomination_dropped",
        f"nomination_dropped:{dropping.pk}",
        to=users_heading(nomination.proposal.unit),
        about=nomination,
        link=reverse("awards:dossier", args=[nomination.pk]),
        context={"nomination": nomination, "review": nomination.review, "by": by},
    )


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
