"""Letters about the council: to its members, that they are invited, that something changed, that a ballot is open, that
they take over a duty."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from awards.models import BallotBox, CouncilMember, CouncilSession, Handover
from core.outbox import post
from organization.models import User


def council_invitation(session: CouncilSession, to: Iterable[CouncilMember], *, by: Any) -> None:
    _tell("council_invitation", session, to, by=by)


def council_changed(session: CouncilSession, to: Iterable[CouncilMember], *, by: Any) -> None:
    _tell("council_changed", session, to, by=by)


def council_uninvited(session: CouncilSession, to: Iterable[CouncilMember], *, by: Any) -> None:
    """To whoever is no member on the new day: he reads the session no more, so the letter leads to the review."""
    _tell(
        "council_uninvited",
        session,
        to,
        by=by,
        link=reverse("awards:review_detail", args=[session.review_id]),
    )


def council_cancelled(session: CouncilSession, to: Iterable[CouncilMember], *, by: Any) -> None:
    _tell("council_cancelled", session, to, by=by)


def duty_taken(handover: Handover, *, by: Any) -> None:
    """To whoever presides, writes or counts from now on; not to somebody who has noted it himself."""
    session = handover.session
    post(
        "awards/duty_taken",
        f"duty_taken:{handover.pk}",
        to=_users([handover.taker]).exclude(pk=by.pk),
        about=session,
        link=reverse("awards:council_session", args=[session.pk]),
        context={"handover": handover, "session": session, "review": session.review, "by": by},
    )


def ballot_opened(box: BallotBox, members: Iterable[CouncilMember], *, by: Any) -> None:
    """To those who may vote, and again when a teller was replaced; whether they have is nobody's letter."""
    post(
        "awards/ballot_opened",
        f"ballot_opened:{box.pk}:{box.version}",
        to=_users(members),
        about=box,
        link=reverse("awards:ballot_box", args=[box.pk]),
        context={"box": box, "session": box.session, "review": box.session.review, "by": by},
    )


def _tell(
    letter: str, session: CouncilSession, to: Iterable[CouncilMember], *, by: Any, link: str = ""
) -> None:
    post(
        f"awards/{letter}",
        f"{letter}:{session.pk}:{session.version}",
        to=_users(to),
        about=session,
        link=link or reverse("awards:council_session", args=[session.pk]),
        context={"session": session, "review": session.review, "by": by},
    )


def _users(members: Iterable[CouncilMember]) -> Any:
    return User.objects.filter(is_active=True, person__in=[one.person_id for one in members])
