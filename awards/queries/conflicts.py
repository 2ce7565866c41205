"""Who of the council may not vote on what, and who is left to vote."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from awards.calculations.votes import Electorate
from awards.models import AgendaItem, CouncilMember, CouncilSession, Kinship, Recusal
from awards.queries.reviews import rulebook_of
from organization import roles
from organization.models import Appointment, Posting, Unit

Attendance, Kind = CouncilMember.Attendance, Recusal.Kind


@dataclass(frozen=True)
class Conflict:
    item_id: int
    member_id: int
    kind: str


def conflicts_of(
    items: Iterable[AgendaItem], members: Iterable[CouncilMember], day: date, *, own_unit_too: bool
) -> list[Conflict]:
    """Who may not vote on what: himself, his unit, his kin, and his unit's people unless the province lets him."""
    sitting = list(members)
    people = [one.person_id for one in sitting]
    places = dict(Posting.objects.on(day).filter(person__in=people).values_list("person_id", "unit__path"))
    headed = defaultdict(list)
    heads = Appointment.objects.on(day).filter(person__in=people, role=roles.HEAD, unit__parent__isnull=False)
    for person, path in heads.values_list("person_id", "unit__path"):
        headed[person].append(path)
    kin = _kin_of(people)
    found = []
    for item in items:
        one = item.nomination
        for member in sitting:
            person, place = member.person_id, places.get(member.person_id, "")
            if one.person_id == person:
                found.append(Conflict(item.pk, member.pk, Kind.SELF))
            elif one.unit and _is_own(one.unit, place, headed[person]):
                found.append(Conflict(item.pk, member.pk, Kind.UNIT))
            elif (person, one.person_id) in kin:
                found.append(Conflict(item.pk, member.pk, Kind.KIN))
            elif own_unit_too and one.person_id and _is_own(one.proposal.unit, place, headed[person]):
                found.append(Conflict(item.pk, member.pk, Kind.COLLEAGUE))
    return found


def missing_recusals(
    session: CouncilSession, items: Iterable[AgendaItem], members: Iterable[CouncilMember]
) -> list[Recusal]:
    """What is not written down yet, as rows nobody has saved: the opening saves them, before it they are only shown."""
    asked = list(items)
    own_unit_too = bool(rulebook_of(session.review).settings.get("conflict-own-unit", True))
    known = set(Recusal.objects.filter(item__in=asked).values_list("item_id", "member_id"))
    return [
        Recusal(item_id=one.item_id, member_id=one.member_id, kind=one.kind)
        for one in conflicts_of(asked, members, session.held_on, own_unit_too=own_unit_too)
        if (one.item_id, one.member_id) not in known
    ]


def _is_own(unit: Unit, place: str, headed: list[str]) -> bool:
    """He works in it or in a part of it, or heads it or what it is a part of. The Sở as a whole is everybody's."""
    if unit.parent_id is None:
        return False
    return place.startswith(unit.path) or any(unit.path.startswith(path) for path in headed)


def _kin_of(people: list[int]) -> set[tuple[int, int]]:
    """Both ways: whoever of two declared it, neither votes on the other."""
    rows = Kinship.objects.filter(Q(member__in=people) | Q(relative__in=people), withdrawn_at=None)
    pairs = set(rows.values_list("member_id", "relative_id"))
    return pairs | {(relative, member) for member, relative in pairs}


def recused_of(items: Iterable[AgendaItem]) -> dict[int, dict[int, Recusal]]:
    """By item and member, as recorded."""
    found: dict[int, dict[int, Recusal]] = defaultdict(dict)
    for one in Recusal.objects.filter(item__in=list(items)).select_related("member"):
        found[one.item_id][one.member_id] = one
    return found


def electorate_of(
    members: list[CouncilMember], recused: Iterable[int], *, expects_all: bool = False
) -> Electorate:
    """For one item; ``recused`` are the numbers of its recused members. Before it opens whoever has not been marked
    yet is expected to come."""
    out = set(recused)
    free = [one.attendance for one in members if one.pk not in out]
    return Electorate(
        members=len(members),
        recused=len(out),
        present=free.count(Attendance.PRESENT) + (free.count(Attendance.UNKNOWN) if expects_all else 0),
        written=free.count(Attendance.WRITTEN),
    )
