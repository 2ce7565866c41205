"""Letters about decisions: that one is signed, congratulation, that one is cancelled, that somebody gets nothing."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from awards.models import Decision, Dropping, Honour
from awards.queries.register import leading
from core.outbox import Draft, post, post_each
from organization.models import User
from organization.queries import users_heading


def decided(decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    """To every one who is rewarded, of a collective to all who head it; to those who lead the units that proposed."""
    _tell_rewarded("congratulation", decision, honours, by=by)
    _tell_units("decision_issued", decision, honours, by=by)


def decision_cancelled(decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    """To whoever was told that it is signed. The reason stands on the page, not in the letter."""
    _tell_rewarded("decision_cancelled", decision, honours, by=by)
    _tell_units("decision_revoked", decision, honours, by=by)


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


def _tell_units(letter: str, decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    entries = decision.entries.filter(honour__in=list(honours)).select_related("nomination__proposal__unit")
    units = {one.nomination.proposal.unit_id: one.nomination.proposal.unit for one in entries}
    post(
        f"awards/{letter}",
        f"{letter}:{decision.pk}:{max((one.pk for one in honours), default=0)}",
        to=[head for unit in units.values() for head in users_heading(unit)],
        about=decision,
        link=reverse("awards:decision_detail", args=[decision.pk]),
        context={"decision": decision, "by": by},
    )


def _tell_rewarded(letter: str, decision: Decision, honours: Sequence[Honour], *, by: Any) -> None:
    """Who has no account is told by who heads him, and that is said in the letter."""
    people = [one.person_id for one in honours if one.person_id]
    users = {
        one.person.pk: one
        for one in User.objects.filter(is_active=True, person__in=people).select_related("person")
    }
    drafts = []
    for one in honours:
        own = users.get(one.person_id) if one.person_id else None
        context = {"honour": one, "decision": decision, "by": by, "to_pass_on": one.person_id and not own}
        link = reverse("awards:honour_detail", args=[one.pk])
        for user in [own] if own else leading(one):
            drafts.append(Draft(f"{letter}:{one.pk}:{user.pk}", user, one, link, context))
    post_each(f"awards/{letter}", drafts)
