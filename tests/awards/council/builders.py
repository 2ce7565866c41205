"""A review at its council: five members, and what they vote on. How it came to that is another story."""

from datetime import date, time
from typing import Any

from awards.actions import ballots, council
from awards.calculations.sealing import tidy
from awards.models import (
    AgendaItem,
    Award,
    BallotBox,
    CouncilMember,
    CouncilSession,
    Nomination,
    Proposal,
    Review,
)
from organization import roles
from organization.models import Appointment, Unit, User
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER, open_review
from tests.cast import SINCE, fresh

DAY = {"held_on": date(2025, 1, 20), "starts_at": time(8, 0), "place": "Phòng họp số 1", "agenda_note": ""}
SEATS = {
    "director": ("chair", False),
    "council_member": ("vice", False),
    "office": ("secretary", False),
    "appraiser": ("member", True),
    "stranger_head": ("member", True),
}


def review_at_council(cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Phòng CCHC proposes the clerk for two titles, its head for one, and itself."""
    office = cast["office"]
    review = open_review(office)
    proposal = Proposal.objects.create(
        review=review, unit=units["cchc"], prepared_by=cast["clerk"], state="verified"
    )
    wanted: list[tuple[str, dict[str, Any]]] = [
        (LABORER, {"person": cast["clerk"].person}),  # type: ignore[attr-defined]
        (FIGHTER, {"person": cast["clerk"].person}),  # type: ignore[attr-defined]
        (LABORER, {"person": cast["head"].person}),  # type: ignore[attr-defined]
        (COLLECTIVE, {"unit": units["cchc"]}),
    ]
    for code, subject in wanted:
        nominate(review, proposal, code, **subject)
    for part in SEATS:
        if part != "council_member":
            Appointment.objects.create(person=cast[part].person, role=roles.COUNCIL, started_on=SINCE)  # type: ignore[attr-defined]
    Review.objects.filter(pk=review.pk).update(state=Review.State.COUNCIL)
    review.refresh_from_db()
    return review


def nominate(review: Review, proposal: Proposal, code: str, **subject: Any) -> Nomination:
    award = Award.objects.get(code=code)
    return Nomination.objects.create(
        review=review, proposal=proposal, award=award, verdict="accepted", merit="Tốt.", **subject
    )


def members(session: CouncilSession, cast: dict[str, User]) -> dict[str, CouncilMember]:
    by_person = {one.person_id: one for one in session.members.all()}
    return {part: by_person[cast[part].person.pk] for part in SEATS}  # type: ignore[attr-defined]


def planned(review: Review, cast: dict[str, User], **changes: Any) -> CouncilSession:
    """With seats and tellers."""
    session = council.plan_session(review, {**DAY, **changes}, by=cast["office"])
    sitting = members(session, cast)
    council.set_roster(session, {sitting[part].pk: seat for part, seat in SEATS.items()}, by=cast["office"])
    return session


def opened(review: Review, cast: dict[str, User], **absent: tuple[str, str]) -> CouncilSession:
    """Invited, everybody there but those named with mark and reason, opened."""
    session = planned(review, cast)
    office = cast["office"]
    council.invite(session, by=office)
    sitting = members(session, cast)
    marks = {sitting[part].pk: absent.get(part, ("present", "")) for part in SEATS}
    council.mark_attendance(session, marks, by=office)
    council.open_session(session, by=office)
    return session


def item_of(session: CouncilSession, code: str, subject: Any = None) -> AgendaItem:
    rows = session.items.filter(nomination__award__code=code)
    if subject is not None:
        rows = rows.filter(nomination__person=subject)
    return rows.get()


def user_of(cast: dict[str, User], part: str) -> User:
    """With the roles of today: the council's members were appointed after the cast was built."""
    return fresh(cast[part])


def codes_of(box: BallotBox, cast: dict[str, User], *parts: str) -> list[str]:
    found = [ballots.take_key(box, by=user_of(cast, part)) for part in parts]
    assert all(tidy(code) for code in found)
    return found
