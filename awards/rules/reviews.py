"""Who may do what with award lists, reviews, dossiers, decisions, the council and the register."""

from collections.abc import Iterable
from typing import Any

import rules

from awards.models import (
    BallotBox,
    CouncilMember,
    CouncilSession,
    Decision,
    Honour,
    Initiative,
    Nomination,
    Proposal,
    Recovery,
    VoteRound,
)
from organization import roles
from organization.models import Unit
from organization.rules import is_inspector, is_office, is_technician


@rules.predicate
def reads_lists(user: Any) -> bool:
    """May open the page of award lists; which lists are on it is asked by ``visible_to``."""
    return bool(user.acting.roles & {roles.OFFICE, roles.INSPECTOR, roles.COUNCIL, roles.HEAD})


rules.add_perm("awards.prepare_list", is_office)
rules.add_perm("awards.view_lists", reads_lists)

# --- the register ---------------------------------------------------------------------------------------
rules.add_perm("awards.keep_register", is_office)

# --- the review -----------------------------------------------------------------------------------------
rules.add_perm("awards.prepare_review", is_office)
rules.add_perm("awards.affirm", is_office)

# --- the annual ratings ---------------------------------------------------------------------------------
rules.add_perm("awards.keep_ratings", is_office)
rules.add_perm("awards.view_ratings", reads_lists)

# --- facts by hand, holds: who reads them is asked by ``visible_to`` ---------------------------------------
rules.add_perm("awards.keep_facts", is_office)
rules.add_perm("awards.place_hold", is_office)


@rules.predicate
def heads_the_agency(user: Any) -> bool:
    return user.acting.heads_the_agency


@rules.predicate
def is_his_own(user: Any, honour: Honour | None = None) -> bool:
    return honour is not None and honour.person_id is not None and honour.person_id == user.acting.person_id


rules.add_perm("awards.view_bonus", is_office | is_inspector | heads_the_agency)
rules.add_perm("awards.pay_bonus", is_office & ~is_his_own)


# --- initiatives ----------------------------------------------------------------------------------------
@rules.predicate
def works_here(user: Any) -> bool:
    return user.acting.unit_id is not None


@rules.predicate
def is_author_or_writer(user: Any, initiative: Initiative) -> bool:
    """Asked by every button of a page: the authors are read once and kept with it."""
    person_id = user.acting.person_id
    return initiative.prepared_by_id == user.pk or (
        person_id is not None and any(one.person_id == person_id for one in initiative.authors.all())
    )


@rules.predicate
def is_author(user: Any, initiative: Initiative) -> bool:
    person_id = user.acting.person_id
    return person_id is not None and any(one.person_id == person_id for one in initiative.authors.all())


rules.add_perm("awards.start_initiative", works_here)
rules.add_perm("awards.prepare_initiative", is_author_or_writer)
rules.add_perm("awards.decide_initiative", is_office & ~is_author)
rules.add_perm("awards.enter_initiative", is_office)


# --- nominations ----------------------------------------------------------------------------------------
def _is_for_unit(user: Any, unit: Unit) -> bool:
    """Everybody of the unit; for the Sở's own leadership the Office."""
    if unit.parent_id is None:
        return is_office(user) or user.acting.heads(unit.pk)
    return (unit.pk in user.acting.units or user.acting.heads(unit.pk)) and not is_technician(user)


@rules.predicate
def works_in_unit(user: Any, unit: Unit) -> bool:
    return _is_for_unit(user, unit)


@rules.predicate
def prepares_proposal(user: Any, proposal: Proposal) -> bool:
    return _is_for_unit(user, proposal.unit)


@rules.predicate
def heads_proposing_unit(user: Any, proposal: Proposal) -> bool:
    """The unit's head signs, himself on the list or not: the list is his unit's, and the journal keeps who signed."""
    return user.acting.heads(proposal.unit_id)


@rules.predicate
def has_signed(user: Any, proposal: Proposal) -> bool:
    return proposal.submitted_by_id == user.pk


@rules.predicate
def is_about(user: Any, nomination: Nomination) -> bool:
    return nomination.person_id is not None and nomination.person_id == user.acting.person_id


def is_meant(user: Any, nomination: Nomination | None) -> bool:
    """Himself, or a collective that he heads."""
    if nomination is None:
        return False
    return is_about(user, nomination) or user.acting.heads(nomination.unit_id)


@rules.predicate
def heads_its_collective(user: Any, nomination: Nomination) -> bool:
    return nomination.unit_id is not None and user.acting.heads(nomination.unit_id)


@rules.predicate
def works_on_dossier(user: Any, nomination: Nomination) -> bool:
    """The unit's people, and the candidate himself, who writes his report."""
    return _is_for_unit(user, nomination.proposal.unit) or is_about(user, nomination)


@rules.predicate
def signed_its_proposal(user: Any, nomination: Nomination) -> bool:
    return has_signed(user, nomination.proposal)


rules.add_perm("awards.begin_proposal", works_in_unit)
rules.add_perm("awards.prepare_proposal", prepares_proposal)
rules.add_perm("awards.sign_proposal", heads_proposing_unit)
rules.add_perm("awards.verify_proposal", is_office & ~has_signed)
rules.add_perm("awards.write_dossier", works_on_dossier)
rules.add_perm("awards.verify_dossier", is_office & ~is_about & ~signed_its_proposal)
rules.add_perm("awards.choose_occasion", is_office & ~is_about & ~heads_its_collective)
rules.add_perm("awards.view_whole_list", is_office | is_inspector)


# --- decisions ------------------------------------------------------------------------------------------
@rules.predicate
def is_on_its_list(user: Any, decision: Decision) -> bool:
    """Whoever notes a signed paper, of an award or of its cancellation, decides nothing: nearly everybody is on the
    list of the year, the Director who signed it and the Office too. The journal tells that the noter is on it."""
    person = user.acting.person_id
    return person is not None and person in decision.people


rules.add_perm("awards.prepare_decision", is_office)
rules.add_perm("awards.send_up", is_office)
rules.add_perm("awards.issue_decision", is_office | heads_the_agency)
rules.add_perm("awards.cancel_decision", is_office)


# --- the council ----------------------------------------------------------------------------------------
def seat_of(user: Any, session: CouncilSession) -> CouncilMember | None:
    """Asked by every button of the room: the roster is read once and kept with the session."""
    person = user.acting.person_id
    return next((one for one in session.members.all() if one.person_id == person), None) if person else None


def holder_of(members: Iterable[CouncilMember], duty: str) -> CouncilMember | None:
    """Whose duty it is, there or not: whoever it was given to since the opening, before that by the seat."""
    sitting = list(members)
    held = next((one for one in sitting if one.duty == duty), None)
    if held or duty == CouncilMember.Duty.PRESIDES:
        return held or _presiding_by_seat(sitting)
    return next((one for one in sitting if one.seat == CouncilMember.Seat.SECRETARY), None)


def presider_of(members: Iterable[CouncilMember]) -> CouncilMember | None:
    """Who presides now: whoever it was given to, and while he is away the chair or a vice-chair who is there."""
    sitting = list(members)
    held = holder_of(sitting, CouncilMember.Duty.PRESIDES)
    return (
        held if held and held.attendance == CouncilMember.Attendance.PRESENT else _presiding_by_seat(sitting)
    )


def _presiding_by_seat(members: Iterable[CouncilMember]) -> CouncilMember | None:
    seats = (CouncilMember.Seat.CHAIR, CouncilMember.Seat.VICE)
    there = [
        one for one in members if one.seat in seats and one.attendance == CouncilMember.Attendance.PRESENT
    ]
    return min(there, key=lambda one: (seats.index(CouncilMember.Seat(one.seat)), one.pk), default=None)


def keeps_record(user: Any, session: CouncilSession) -> bool:
    """Văn phòng Sở, and whoever is the session's secretary at this moment."""
    seat = seat_of(user, session)
    return is_office(user) or (
        seat is not None and seat == holder_of(session.members.all(), CouncilMember.Duty.RECORDS)
    )


def counts(user: Any, session: CouncilSession) -> bool:
    seat = seat_of(user, session)
    return seat is not None and seat.is_teller and seat.attendance == CouncilMember.Attendance.PRESENT


@rules.predicate
def keeps_session(user: Any, session: CouncilSession) -> bool:
    return keeps_record(user, session)


@rules.predicate
def presides(user: Any, session: CouncilSession) -> bool:
    """Whoever has the chair hands it over himself, and who presides in his absence."""
    seat, members = seat_of(user, session), session.members.all()
    return seat is not None and seat in (
        holder_of(members, CouncilMember.Duty.PRESIDES),
        presider_of(members),
    )


@rules.predicate
def keeps_box(user: Any, box: BallotBox) -> bool:
    return keeps_record(user, box.session)


@rules.predicate
def presides_over_box(user: Any, box: BallotBox) -> bool:
    return bool(presides(user, box.session))


@rules.predicate
def is_teller_of_box(user: Any, box: BallotBox) -> bool:
    return counts(user, box.session)


@rules.predicate
def keeps_round(user: Any, one: VoteRound) -> bool:
    return keeps_record(user, one.item.session)


@rules.predicate
def counts_round(user: Any, one: VoteRound) -> bool:
    """A show of hands is recorded by the secretary or the Office, ballots are counted by the tellers."""
    if one.way == VoteRound.Way.HANDS:
        return keeps_record(user, one.item.session)
    return counts(user, one.item.session)


@rules.predicate
def is_about_round(user: Any, one: VoteRound) -> bool:
    """Nobody counts the vote on himself or on a collective that he heads. What the portal counts, codes only open."""
    return one.way != VoteRound.Way.ELECTRONIC and is_meant(user, one.item.nomination)


rules.add_perm("awards.plan_council", is_office)
rules.add_perm("awards.run_council", keeps_session)
rules.add_perm("awards.hand_over_presides", keeps_session | presides)
rules.add_perm("awards.hand_over_records", keeps_session)
rules.add_perm("awards.run_box", keeps_box)
rules.add_perm("awards.replace_teller", presides_over_box)
rules.add_perm("awards.count_box", is_teller_of_box)
rules.add_perm("awards.count_votes", counts_round & ~is_about_round)
rules.add_perm("awards.annul_vote", keeps_round & ~is_about_round)


# --- recovery -------------------------------------------------------------------------------------------
@rules.predicate
def is_his_own_honour(user: Any, recovery: Recovery) -> bool:
    person = user.acting.person_id
    return person is not None and recovery.honour.person_id == person


rules.add_perm("awards.view_recovery", is_office | is_inspector | heads_the_agency)
rules.add_perm("awards.note_recovery", is_office & ~is_his_own_honour)
