"""The minutes of a session of the council."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from awards.models import CouncilMember
from awards.queries import attendance, room
from awards.queries import council as queries
from awards.views.council import find_session

Duty = CouncilMember.Duty


@require_GET
def council_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """As the record has them, to be printed and signed by everybody who presided, wrote or counted."""
    session = find_session(request, pk)
    members, handed = queries.roster_of(session), queries.handovers_of(session)
    stays, boards = attendance.stays_of(session, members), attendance.boards_of(session)
    lines = room.lines_of(session, members)
    counted = {one.pk for board in boards for one in board.members.all()}
    context = {
        "session": session,
        "review": session.review,
        "stays": stays,
        "boards": boards,
        "tellers": [one for one in members if one.pk in counted],
        "groups": room.by_award(lines),
        "at_votes": {one.pk: attendance.at_vote(one, stays) for line in lines for one in line.rounds},
        "needed": queries.needed(session, members),
        "quorum": queries.quorum_of(session),
        "at_opening": attendance.at_opening(session, stays),
        "came": sum(one.came for one in stays),
        "handovers": handed,
        "chairs": queries.signing(members, handed, Duty.PRESIDES),
        "secretaries": queries.signing(members, handed, Duty.RECORDS),
    }
    return render(request, "awards/council/minutes.html", context)
