"""Who of the council may not vote on what, and who is left to vote."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from awards.calculations.votes import Electorate
from awards.models import AgendaItem, CouncilMember, CouncilSession, Kinship, Recusal, VoteRound
from organization import roles
from organization.models import Appointment, Posting

Attendance, Kind = CouncilMember.Attendance, Recusal.Kind


@dataclass(frozen=True)
class Conflict:
    item_id: int
    member_id: int
    kind: str


def conflicts_of(
    items: Iterable[AgendaItem], members: Iterable[CouncilMember], day: date, *, own_unit_too: bool
) -> list[Conflict]:
    """Who may not vote on what: himself, his unit, his kin, and where the province says so his unit's people."""
    sitting = list(members)
    people = [one.person_id for one in sitting]
    units = dict(Posting.objects.on(day).filter(person__in=people).values_list("person_id", "unit_id"))
    headed = defaultdict(set)
    heads = Appointment.objects.on(day).filter(person__in=people, role=roles.HEAD, unit__isnull=False)
    for person, unit in heads.values_list("person_id", "unit_id"):
        headed[person].add(unit)
    kin = set(
        Kinship.objects.filter(member__in=people, withdrawn_at=None).values_list("member_id", "relative_id")
    )
    found = []
    for item in items:
        one = item.nomination
        for member in sitting:
            person, own = member.person_id, {units.get(member.person_id), *headed[member.person_id]}
            if one.person_id == person:
                found.append(Conflict(item.pk, member.pk, Kind.SELF))
            elif one.unit_id and one.unit_id in own:
                found.append(Conflict(item.pk, member.pk, Kind.UNIT))
            elif (person, one.person_id) in kin:
                found.append(Conflict(item.pk, member.pk, Kind.KIN))
            elif own_unit_too and one.person_id and one.proposal.unit_id in own:
                found.append(Conflict(item.pk, member.pk, Kind.COLLEAGUE))
    return found


def recused_of(items: Iterable[AgendaItem]) -> dict[int, dict[int, Recusal]]:
    """By item and member, as recorded."""
    found: dict[int, dict[int, Recusal]] = defaultdict(dict)
    for one in Recusal.objects.filter(item__in=list(items)).select_related("member"):
        found[one.item_id][one.member_id] = one
    return found


def electorate_of(members: list[CouncilMember], recused: Iterable[int]) -> Electorate:
    """For one item; ``recused`` are the numbers of its recused members."""
    out = set(recused)
    free = [one.attendance for one in members if one.pk not in out]
    return Electorate(
        members=len(members),
        recused=len(out),
        present=free.count(Attendance.PRESENT),
        written=free.count(Attendance.WRITTEN),
    )


def standing_electorate(item: AgendaItem) -> Electorate:
    """Asked of the database, for one item under its session's lock."""
    return electorate_of(list(item.session.members.all()), item.recusals.values_list("member_id", flat=True))


def present_for(session: CouncilSession, rounds: Iterable[VoteRound]) -> dict[int, int]:
    """By round how many of those present may vote. Two questions, however many rounds."""
    asked = list(rounds)
    members, recused = list(session.members.all()), recused_of(one.item for one in asked)
    return {one.pk: electorate_of(members, recused[one.item_id]).present for one in asked}
