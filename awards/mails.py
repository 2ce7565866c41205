"""Letters of the award floor, each to those whom it concerns."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from awards.models import AwardList, Decision, Hold, Honour, Initiative, Nomination, Proposal
from awards.queries import totals
from awards.queries.holds import leaders_of
from awards.queries.initiatives import tellers
from core.outbox import Draft, post, post_each
from organization import roles
from organization.models import Unit, User
from organization.queries import users_heading, users_with_role


def list_settled(award_list: AwardList) -> None:
    whole, per_award = totals(award_list)
    _tell("list_settled", award_list, {"whole": whole, "per_award": per_award})


def list_reopened(award_list: AwardList, reason: str) -> None:
    _tell("list_reopened", award_list, {"reason": reason})


def _tell(letter: str, award_list: AwardList, context: dict[str, object]) -> None:
    readers = list(users_with_role(roles.COUNCIL))
    for root in Unit.objects.filter(parent__isnull=True):
        readers += users_heading(root)
    post(
        f"awards/{letter}",
        f"{letter}:{award_list.pk}:{award_list.version}",
        to=readers,
        about=award_list,
        link=reverse("awards:award_list_detail", args=[award_list.pk]),
        context={"award_list": award_list, **context},
    )


# --- initiatives ----------------------------------------------------------------------------------------
def initiative_submitted(initiative: Initiative, *, by: Any) -> None:
    _tell_of("initiative_submitted", initiative, users_with_role(roles.OFFICE), by=by)


def initiative_recognised(initiative: Initiative, *, by: Any) -> None:
    _tell_of("initiative_recognised", initiative, tellers(initiative), by=by)


def initiative_refused(initiative: Initiative, *, by: Any, reason: str) -> None:
    _tell_of("initiative_refused", initiative, tellers(initiative), by=by, reason=reason)


def initiative_returned(initiative: Initiative, *, by: Any, reason: str) -> None:
    _tell_of("initiative_returned", initiative, tellers(initiative), by=by, reason=reason)


def _tell_of(letter: str, initiative: Initiative, to: Any, **context: Any) -> None:
    """The version makes the key: a second round writes new letters."""
    post(
        f"awards/{letter}",
        f"{letter}:{initiative.pk}:{initiative.version}",
        to=to,
        about=initiative,
        link=reverse("awards:initiative_detail", args=[initiative.pk]),
        context={"initiative": initiative, **context},
    )


# --- nominations ----------------------------------------------------------------------------------------
def proposal_submitted(proposal: Proposal, *, by: Any, again: bool) -> None:
    _tell_about("proposal_submitted", proposal, users_with_role(roles.OFFICE), by=by, again=again)


def proposal_returned(proposal: Proposal, *, by: Any, reason: str) -> None:
    _tell_about("proposal_returned", proposal, _of_unit(proposal), by=by, reason=reason)


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


def _of_unit(proposal: Proposal) -> list[Any]:
    """The head and who wrote it."""
    return [*users_heading(proposal.unit), proposal.prepared_by]


def _tell_about(letter: str, proposal: Proposal, to: Any, **context: Any) -> None:
    post(
        f"awards/{letter}",
        f"{letter}:{proposal.pk}:{proposal.version}",
        to=to,
        about=proposal,
        link=reverse("awards:proposal_detail", args=[proposal.pk]),
        context={"proposal": proposal, "review": proposal.review, **context},
    )


# --- decisions ------------------------------------------------------------------------------------------
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


# --- holds: never the reason, only that the review is paused, and under which paper --------------------------
def hold_placed(hold: Hold) -> None:
    _tell_of_hold("hold_placed", hold)


def hold_released(hold: Hold) -> None:
    others = Hold.objects.filter(person=hold.person, unit=hold.unit, ended_on__isnull=True).exists()
    _tell_of_hold("hold_released", hold, still_held=others)


def _tell_of_hold(letter: str, hold: Hold, **context: Any) -> None:
    post(
        f"awards/{letter}",
        f"{letter}:{hold.pk}:{hold.version}",
        to=[*leaders_of(hold), *users_with_role(roles.OFFICE)],
        about=hold,
        link=reverse("awards:hold_detail", args=[hold.pk]),
        context={"hold": hold, **context},
    )
