"""Who owes what in the running reviews, for everybody at once: what ``awards.queries`` tells first pages."""

from collections.abc import Iterator
from datetime import date

from awards.queries import agenda, answers
from awards.queries.agenda import Agenda
from awards.queries.answers import Unanswered
from awards.rules import Deciders, is_kept_from, is_meant_by_comment
from campaigns.queries import OpenCalendar
from core.agenda import Owed
from organization import roles
from organization.reminders import Roster

STAGES_OF_REVIEW = agenda.STAGES
STAGES = (*STAGES_OF_REVIEW, *answers.STAGES)
KEPT_FROM = {answers.COMMENTS: is_meant_by_comment, answers.COMPLAINTS: is_kept_from}

__all__ = ["STAGES", "STAGES_OF_REVIEW", "owed"]


def owed(roster: Roster, calendar: OpenCalendar, day: date) -> Iterator[Owed]:
    """A review stands in no campaign year, so what is owed in it belongs to no round. Comments and complaints, of which
    some must not hear, belong to no list of a review either."""
    stages = Agenda(day)
    for user in roster if stages.reviews else ():
        for one in stages.of(user):
            if one.task.is_waiting_for_me:
                yield Owed(user.pk, one.stage, one.task, unit_id=one.unit_id, review_id=one.review_id)
    yield from _unanswered(roster)


def _unanswered(roster: Roster) -> Iterator[Owed]:
    """Whom a comment or a complaint is about does not hear of it, not even that a colleague is late with it; of a
    denunciation nobody does who may not read it."""
    waiting, hidden = Unanswered(_deciders(roster)), dict[tuple[str, int], frozenset[int]]()
    for user in roster:
        for line in waiting.of(user):
            if not line.task.is_waiting_for_me:
                continue
            for one in line.about:
                if (line.stage, one.pk) not in hidden:
                    kept_from = KEPT_FROM[line.stage]
                    hidden[line.stage, one.pk] = frozenset(who.pk for who in roster if kept_from(who, one))
            not_to = frozenset[int]().union(*(hidden[line.stage, one.pk] for one in line.about))
            yield Owed(user.pk, line.stage, line.task, hidden_from=not_to)


def _deciders(roster: Roster) -> Deciders:
    """As ``awards.rules.deciders_today`` reads them."""
    top = [pk for pk, parent in roster.parents.items() if parent is None]
    own = [
        user
        for user in roster
        if any(user.acting.heads(unit) and not roster.givers.get((user.pk, unit)) for unit in top)
    ]
    return Deciders(roster.holding(roles.OFFICE), own)
