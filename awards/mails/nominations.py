"""Letters about what units propose: handed in, returned, verified; to a person that he is nominated."""

from typing import Any

from django.urls import reverse

from awards.models import Nomination, Proposal
from awards.queries.agenda import due_of
from core.outbox import post
from organization import roles
from organization.models import User
from organization.queries import readers_of, users_heading, users_with_role


def proposal_submitted(proposal: Proposal, *, by: Any, again: bool) -> None:
    _tell_about("proposal_submitted", proposal, users_with_role(roles.OFFICE), by=by, again=again)


def proposes_nobody(proposal: Proposal, *, by: Any) -> None:
    _tell_about("proposes_nobody", proposal, users_with_role(roles.OFFICE), by=by)


def proposal_returned(proposal: Proposal, *, by: Any) -> None:
    _tell_about("proposal_returned", proposal, _of_unit(proposal), by=by)


def proposal_closed(proposal: Proposal, *, by: Any) -> None:
    """The Office has closed what the unit did not hand in."""
    _tell_about("proposal_closed", proposal, _of_unit(proposal), by=by)


def proposal_verified(proposal: Proposal, *, by: Any) -> None:
    _tell_about("proposal_verified", proposal, _of_unit(proposal), by=by)


def nominated(nomination: Nomination, proposal: Proposal) -> None:
    """To the person, once: handed in again it is no news."""
    post(
        "awards/nominated",
        f"nominated:{nomination.pk}",
        to=User.objects.filter(is_active=True, person=nomination.person_id) if nomination.person_id else [],
        about=nomination,
        link=reverse("awards:dossier", args=[nomination.pk]),
        context={"nomination": nomination, "proposal": proposal, "review": proposal.review},
    )


def occasion_chosen(nomination: Nomination, *, by: Any) -> None:
    """To the candidate, and to those who lead the unit that proposed; the reason stands on the page."""
    own = User.objects.filter(is_active=True, person=nomination.person_id) if nomination.person_id else []
    post(
        "awards/occasion_chosen",
        f"occasion_chosen:{nomination.pk}:{nomination.version}",
        to=[*own, *users_heading(nomination.proposal.unit)],
        about=nomination,
        link=reverse("awards:dossier", args=[nomination.pk]),
        context={"nomination": nomination, "review": nomination.review, "by": by},
    )


def _of_unit(proposal: Proposal) -> list[User]:
    """The head, and who wrote it while he may open it."""
    found = [*users_heading(proposal.unit), proposal.prepared_by]
    return readers_of(proposal, found, otherwise=proposal.unit)


def _tell_about(letter: str, proposal: Proposal, to: Any, **context: Any) -> None:
    post(
        f"awards/{letter}",
        f"{letter}:{proposal.pk}:{proposal.version}",
        to=to,
        about=proposal,
        link=reverse("awards:proposal_detail", args=[proposal.pk]),
        context={"proposal": proposal, "review": proposal.review, "due": due_of(proposal), **context},
    )
