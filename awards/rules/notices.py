"""Who may do what in the open period: comments on the published list, complaints about the review."""

from typing import Any, NamedTuple

import rules

from awards.models import Comment, Complaint
from awards.rules.reviews import heads_the_agency, is_meant, is_on_its_list, works_here
from organization import roles
from organization.models import Appointment, User
from organization.queries import users_with_role
from organization.rules import is_inspector, is_office, is_technician


@rules.predicate
def wrote_comment(user: Any, comment: Comment) -> bool:
    return comment.author_id == user.pk


@rules.predicate
def is_meant_by_comment(user: Any, comment: Comment) -> bool:
    return is_meant(user, comment.nomination)


@rules.predicate
def sent_complaint(user: Any, complaint: Complaint) -> bool:
    return complaint.author_id == user.pk


@rules.predicate
def came_on_paper(user: Any, complaint: Complaint) -> bool:
    return complaint.author_id is None


@rules.predicate
def is_complained_of(user: Any, complaint: Complaint) -> bool:
    person = user.acting.person_id
    named = person is not None and complaint.accused_id == person
    return named or is_meant(user, complaint.nomination)


@rules.predicate
def is_concerned(user: Any, complaint: Complaint) -> bool:
    """Complained of, or rewarded by the decision that is complained of."""
    if complaint.decision and is_on_its_list(user, complaint.decision):
        return True
    return is_complained_of(user, complaint)


def is_kept_from(user: Any, complaint: Complaint) -> bool:
    """Who must not hear of it: whom it is about, and of a denunciation everybody who may not read who denounces. Of
    many complaints at once ``Complaint.objects.visible_to`` says the same."""
    if is_concerned(user, complaint):
        return True
    if not complaint.is_secret or sent_complaint(user, complaint):
        return False
    reads = is_inspector(user) or complaint.handler_id == user.pk
    return not reads and not (heads_the_agency(user) and not _is_of_director(complaint))


def _is_of_director(complaint: Complaint) -> bool:
    """Then whoever stands in for him does not read it either."""
    return any(is_complained_of(one, complaint) for one in _deciders(complaint).directors)


@rules.predicate
def is_secret(user: Any, complaint: Complaint) -> bool:
    return complaint.is_secret


@rules.predicate
def was_given(user: Any, complaint: Complaint) -> bool:
    """The Director has named him for this one complaint."""
    return complaint.handler_id == user.pk and works_here(user)


@rules.predicate
def stands_in_for_office(user: Any, complaint: Complaint) -> bool:
    """Where everybody of the Office is barred, as from every denunciation, the Director handles it, or names somebody
    who does. Who stands in for the Director does so too, but not past him: where the Director himself is barred it is
    the level above's."""
    return heads_the_agency(user) and left_by_office(complaint) and not left_to_level_above(complaint)


@rules.predicate
def notes_for_level_above(user: Any, complaint: Complaint) -> bool:
    """Past the Director the inspectorate notes by which paper it went up and what came back. That decides nothing, so
    that being on the list of the decision, as nearly everybody is, keeps nobody from it."""
    return is_inspector(user) and left_to_level_above(complaint)


@rules.predicate
def stands_in_to_answer(user: Any, comment: Comment) -> bool:
    """Where everybody of the Office has written it himself, or is meant by it, the Director answers it."""
    office = _deciders(comment).office if heads_the_agency(user) else []
    barred = (wrote_comment(one, comment) or is_meant_by_comment(one, comment) for one in office)
    return heads_the_agency(user) and all(barred)


class Deciders(NamedTuple):
    """Who would answer a comment or handle a complaint today: those of the Office, and the Director, without whom he
    has delegated to."""

    office: list[User]
    directors: list[User]


def deciders_today() -> Deciders:
    own = Appointment.objects.today().filter(
        role=roles.HEAD, unit__parent__isnull=True, delegated_by__isnull=True
    )
    directors = User.objects.filter(is_active=True, person__in=own.values("person")).select_related("person")
    return Deciders([one for one in users_with_role(roles.OFFICE) if is_office(one)], list(directors))


def left_by_office(complaint: Complaint) -> bool:
    """It is a denunciation, or everybody of the Office has sent it himself, is complained of, or is rewarded by what
    is complained of."""
    return complaint.is_secret or all(_is_barred(one, complaint) for one in _deciders(complaint).office)


def left_to_level_above(complaint: Complaint) -> bool:
    """Nobody of the Sở may handle it: neither the Office nor the Director, and nobody was named in time."""
    barred = any(_is_barred(one, complaint) for one in _deciders(complaint).directors)
    return barred and complaint.handler_id is None and left_by_office(complaint)


def _is_barred(user: Any, complaint: Complaint) -> bool:
    return sent_complaint(user, complaint) or is_concerned(user, complaint)


def _deciders(document: Comment | Complaint) -> Deciders:
    """Asked by every button of a page: read once and kept with the document, or given with it for many at once."""
    if "deciders" not in document.__dict__:
        document.__dict__["deciders"] = deciders_today()
    return document.__dict__["deciders"]


may_take_it = (is_office & ~is_secret) | was_given | stands_in_for_office
handles_complaint = may_take_it & ~sent_complaint & ~is_concerned
may_answer = is_office | stands_in_to_answer
rules.add_perm("awards.comment", works_here)
rules.add_perm("awards.answer_comment", may_answer & ~wrote_comment & ~is_meant_by_comment)
rules.add_perm("awards.take_back_comment", wrote_comment)
rules.add_perm("awards.complain", works_here)
rules.add_perm("awards.enter_complaint", is_office | heads_the_agency)
rules.add_perm("awards.handle_complaint", handles_complaint)
passes_it_on = handles_complaint | (notes_for_level_above & ~sent_complaint & ~is_complained_of)
rules.add_perm("awards.forward_complaint", passes_it_on)
rules.add_perm("awards.give_complaint", stands_in_for_office & ~sent_complaint & ~is_concerned)
rules.add_perm("awards.take_complaint", works_here & ~is_technician & ~sent_complaint & ~is_concerned)
rules.add_perm("awards.withdraw_complaint", sent_complaint | (came_on_paper & passes_it_on))
