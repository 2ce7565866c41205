"""A review whose list is public: what the stories about the open period begin with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from awards import actions
from awards.models import Award, Nomination, Proposal, Review, ReviewDeadline
from core import clock
from organization.models import Unit, User
from tests.awards.seasons import COLLECTIVE, LABORER, open_review

HANOI = timedelta(hours=7)
PUBLISHED = datetime(2025, 1, 6, 2, 30, tzinfo=UTC)  # 9:30 on a Monday in Hà Nội
LAST = date(2025, 1, 13)  # of the calendar


def moment(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the clock on the wall in Việt Nam."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC) - HANOI


def nominate(review: Review, unit: Unit, who: Any, by: User, code: str = LABORER) -> Nomination:
    """Verified by the Office; how it came to that is the business of other stories."""
    proposal, _ = Proposal.objects.get_or_create(
        review=review, unit=unit, defaults={"prepared_by": by, "state": Proposal.State.VERIFIED}
    )
    whose = {"unit": who} if isinstance(who, Unit) else {"person": getattr(who, "person", who)}
    return Nomination.objects.create(
        review=review,
        proposal=proposal,
        award=Award.objects.get(code=code),
        verdict=Nomination.Verdict.ACCEPTED,
        merit="Hoàn thành xuất sắc nhiệm vụ.",
        votes_for=4,
        votes_against=0,
        **whose,
    )


def season(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Open: all of Phòng CCHC, Hà of the Office herself, and Phòng CCHC as a collective are verified."""
    review = open_review(office)
    ReviewDeadline.objects.filter(review=review, step="open_period").update(due_on=LAST)
    for part in ("clerk", "colleague", "head", "deputy"):
        nominate(review, units["cchc"], cast[part], cast["clerk"])
    nominate(review, units["vp"], cast["office"], cast["office"])
    nominate(review, units["cchc"], units["cchc"], cast["clerk"], COLLECTIVE)
    return review


def publish(review: Review, office: User, at: datetime = PUBLISHED) -> Review:
    with clock.at(at):
        actions.move_review(review, "publish_notice", by=office)
    return review


def of(review: Review, who: Any) -> Nomination:
    if isinstance(who, Unit):
        return review.nominations.get(unit=who)
    return review.nominations.get(person=who.person)
