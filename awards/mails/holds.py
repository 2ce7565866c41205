"""Letters about holds: that the review is paused or goes on. The reason and the paper stand on the page, for those who
may know them: a paper alone says that there is a complaint."""

from typing import Any

from django.urls import reverse

from awards.models import Hold
from awards.queries.holds import leaders_of
from core.outbox import post
from organization import roles
from organization.queries import users_with_role


def hold_placed(hold: Hold) -> None:
    _tell_of_hold("hold_placed", hold)


def hold_released(hold: Hold) -> None:
    others = Hold.objects.filter(person=hold.person, unit=hold.unit, ended_on__isnull=True).exists()
    _tell_of_hold("hold_released", hold, still_held=others)


def hold_corrected(hold: Hold) -> None:
    _tell_of_hold("hold_corrected", hold)


def _tell_of_hold(letter: str, hold: Hold, **context: Any) -> None:
    post(
        f"awards/{letter}",
        f"{letter}:{hold.pk}:{hold.version}",
        to=[*leaders_of(hold), *users_with_role(roles.OFFICE)],
        about=hold,
        link=reverse("awards:hold_detail", args=[hold.pk]),
        context={"hold": hold, **context},
    )
