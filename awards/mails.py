"""Letters about award lists, initiatives and holds, each to those whom they concern."""

from typing import Any

from django.urls import reverse

from awards.models import AwardList, Hold, Initiative
from awards.queries import totals
from awards.queries.holds import leaders_of
from awards.queries.initiatives import tellers
from core.outbox import post
from organization import roles
from organization.models import Unit
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
