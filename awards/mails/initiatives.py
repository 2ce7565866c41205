"""Letters about initiatives, to their authors and to who decides."""

from typing import Any

from django.urls import reverse

from awards.models import Initiative
from awards.queries.initiatives import tellers
from core.outbox import post
from organization import roles
from organization.queries import users_with_role


def initiative_submitted(initiative: Initiative, *, by: Any) -> None:
    _tell_of("initiative_submitted", initiative, users_with_role(roles.OFFICE), by=by)


def initiative_recognised(initiative: Initiative, *, by: Any) -> None:
    _tell_of("initiative_recognised", initiative, tellers(initiative), by=by)


def initiative_refused(initiative: Initiative, *, by: Any) -> None:
    _tell_of("initiative_refused", initiative, tellers(initiative), by=by)


def initiative_returned(initiative: Initiative, *, by: Any) -> None:
    _tell_of("initiative_returned", initiative, tellers(initiative), by=by)


def _tell_of(letter: str, initiative: Initiative, to: Any, *, by: Any) -> None:
    """The version makes the key: a second round writes new letters."""
    post(
        f"awards/{letter}",
        f"{letter}:{initiative.pk}:{initiative.version}",
        to=to,
        about=initiative,
        link=reverse("awards:initiative_detail", args=[initiative.pk]),
        context={"initiative": initiative, "by": by},
    )
