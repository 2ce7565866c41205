"""Letters about achievements: to the head who must decide, and back to the author."""

from typing import Any

from django.urls import reverse

from core.outbox import post
from organization.models import User
from organization.queries import readers_of, users_heading
from scoring.models import Achievement
from scoring.queries.achievement_tasks import due_of
from scoring.queries.achievements import authors_of


def submitted(achievement: Achievement, *, by: Any) -> None:
    _post("achievement_submitted", achievement, to=users_heading(achievement.approving_unit), by=by)


def confirmed(achievement: Achievement, *, by: Any) -> None:
    _post("achievement_confirmed", achievement, to=_authors(achievement), by=by)


def returned(achievement: Achievement, *, by: Any) -> None:
    _post("achievement_returned", achievement, to=_authors(achievement), by=by)


def refused(achievement: Achievement, *, by: Any) -> None:
    _post("achievement_refused", achievement, to=_authors(achievement), by=by)


def _authors(achievement: Achievement) -> list[User]:
    return readers_of(achievement, authors_of(achievement), otherwise=achievement.unit)


def _post(kind: str, achievement: Achievement, *, to: Any, by: Any) -> None:
    """The version makes the key: each act writes its letters once, a second round writes new ones. What it asks for is
    due when the first page says so."""
    post(
        f"scoring/{kind}",
        f"{kind}:{achievement.pk}:{achievement.version}",
        to=to,
        about=achievement,
        link=reverse("scoring:achievement_detail", args=[achievement.pk]),
        context={"achievement": achievement, "by": by, "due": due_of(achievement)},
    )
