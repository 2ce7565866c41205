"""Who may do what with award lists."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import rules

from awards.models import (
    BallotBox,
    Comment,
    Complaint,
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
from organization.models import Appointment, Unit, User
from organization.queries import users_with_role
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
    return one.way != VoteRound.Way.ELECTRONIC and _is_meant(user, one.item.nomination)


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


# --- the open period ------------------------------------------------------------------------------------
def _is_meant(user: Any, nomination: Nomination | None) -> bool:
    """Himself, or a collective that he heads."""
    if nomination is None:
        return False
    return is_about(user, nomination) or user.acting.heads(nomination.unit_id)


@rules.predicate
def wrote_comment(user: Any, comment: Comment) -> bool:
    return comment.author_id == user.pk


@rules.predicate
def is_meant_by_comment(user: Any, comment: Comment) -> bool:
    return _is_meant(user, comment.nomination)


@rules.predicate
def sent_complaint(user: Any, complaint: Complaint) -> bool:
    return complaint.author_id == user.pk


@rules.predicate
def came_on_paper(user: Any, complaint: Complaint) -> bool:
    return complaint.author_id is None


@rules.predicate
def is_concerned(user: Any, complaint: Complaint) -> bool:
    """Complained of, or rewarded by the decision that is complained of."""
    if complaint.decision:
        return is_on_its_list(user, complaint.decision)
    return _is_meant(user, complaint.nomination)


@rules.predicate
def was_given(user: Any, complaint: Complaint) -> bool:
    """The Director has named him for this one complaint."""
    return complaint.handler_id == user.pk and works_here(user)


@rules.predicate
def stands_in_for_office(user: Any, complaint: Complaint) -> bool:
    """Where everybody of the Office is barred the Director handles it, or names somebody who does. Who stands in for
    the Director does so too, but not past him: where the Director himself is barred it is the level above's."""
    return heads_the_agency(user) and left_by_office(complaint) and not left_to_level_above(complaint)


class Deciders(NamedTuple):
    """Who would handle a complaint today: those of the Office, and the Director, without whom he has delegated to."""

    office: list[User]
    directors: list[User]


def deciders_today() -> Deciders:
    own = Appointment.objects.today().filter(
        role=roles.HEAD, unit__parent__isnull=True, delegated_by__isnull=True
    )
    directors = User.objects.filter(is_active=True, person__in=own.values("person")).select_related("person")
    return Deciders([one for one in users_with_role(roles.OFFICE) if is_office(one)], list(directors))


def left_by_office(complaint: Complaint) -> bool:
    """Everybody of the Office has sent it himself, is complained of, or is rewarded by what is complained of."""
    return all(_is_barred(one, complaint) for one in _deciders(complaint).office)


def left_to_level_above(complaint: Complaint) -> bool:
    """Nobody of the Sở may handle it: neither the Office nor the Director, and nobody was named in time."""
    barred = any(_is_barred(one, complaint) for one in _deciders(complaint).directors)
    return barred and complaint.handler_id is None and left_by_office(complaint)


def _is_barred(user: Any, complaint: Complaint) -> bool:
    return sent_complaint(user, complaint) or is_concerned(user, complaint)


def _deciders(complaint: Complaint) -> Deciders:
    """Asked by every button of a page: read once and kept with the complaint, or given with it for many at once."""
    if "deciders" not in complaint.__dict__:
        complaint.__dict__["deciders"] = deciders_today()
    return complaint.__dict__["deciders"]


may_take_it = is_office | was_given | stands_in_for_office
handles_complaint = may_take_it & ~sent_complaint & ~is_concerned
rules.add_perm("awards.comment", works_here)
rules.add_perm("awards.answer_comment", is_office & ~wrote_comment & ~is_meant_by_comment)
rules.add_perm("awards.take_back_comment", wrote_comment)
rules.add_perm("awards.complain", works_here)
rules.add_perm("awards.enter_complaint", is_office)
rules.add_perm("awards.handle_complaint", handles_complaint)
rules.add_perm("awards.give_complaint", stands_in_for_office & ~sent_complaint & ~is_concerned)
rules.add_perm("awards.take_complaint", works_here & ~is_technician & ~sent_complaint & ~is_concerned)
rules.add_perm("awards.withdraw_complaint", sent_complaint | (came_on_paper & handles_complaint))
