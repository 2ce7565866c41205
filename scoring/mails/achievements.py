"""Letters about achievements: to the head who must decide, and back to the author."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from core.outbox import post
from organization.queries import users_heading
from scoring.models import Achievement
from scoring.queries.achievements import POINTS, authors_of


def submitted(achievement: Achievement, *, by: Any) -> None:
    _post("achievement_submitted", achievement, to=users_heading(achievement.approving_unit), by=by)


def confirmed(achievement: Achievement, *, by: Any) -> None:
    _post("achievement_confirmed", achievement, to=authors_of(achievement), by=by)


def returned(achievement: Achievement, *, by: Any, flags: Mapping[str, str], comment: str = "") -> None:
    points = [(POINTS[code].label, reason) for code, reason in flags.items()]
    _post(
        "achievement_returned", achievement, to=authors_of(achievement), by=by, points=points, comment=comment
    )


def refused(achievement: Achievement, *, by: Any, comment: str) -> None:
    _post("achievement_refused", achievement, to=authors_of(achievement), by=by, comment=comment)


def _post(kind: str, achievement: Achievement, *, to: Any, by: Any, **more: Any) -> None:
    """The version makes the key: each act writes its letters once, a second round writes new ones."""
    post(
        f"scoring/{kind}",
        f"{kind}:{achievement.pk}:{achievement.version}",
        to=to,
        about=achievement,
        link=reverse("scoring:achievement_detail", args=[achievement.pk]),
        context={"achievement": achievement, "by": by, **more},
    )
