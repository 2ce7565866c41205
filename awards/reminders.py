"""Who owes what in the running reviews, for everybody at once: what ``awards.queries.agenda`` tells first pages."""

from collections.abc import Iterator
from datetime import date

from awards.queries.agenda import STAGES, Agenda
from campaigns.queries import OpenCalendar
from core.agenda import Owed
from organization.reminders import Roster

__all__ = ["STAGES", "owed"]


def owed(roster: Roster, calendar: OpenCalendar, day: date) -> Iterator[Owed]:
    """A review stands in no campaign year, so what is owed in it belongs to no round."""
    agenda = Agenda(day)
    for user in roster if agenda.reviews else ():
        for one in agenda.of(user):
            if one.task.is_waiting_for_me:
                yield Owed(user.pk, one.stage, one.task, None, one.unit_id)
