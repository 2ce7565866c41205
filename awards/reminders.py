"""Who owes what in reviews, for everybody at once: what ``awards.queries`` tells first pages."""

from collections.abc import Iterator
from datetime import date

from awards.models import ReviewDeadline
from awards.queries import notices
from awards.queries.agenda import STAGES, Agenda
from campaigns.queries import OpenCalendar
from core.agenda import Owed
from organization import roles
from organization.reminders import Roster

__all__ = ["STAGES", "owed"]


def owed(roster: Roster, calendar: OpenCalendar, day: date) -> Iterator[Owed]:
    """A review stands in no campaign year, so what is owed in it belongs to no round.

    Comments and complaints are the Office's, whose handful of people are asked one by one: nobody handles his own.
    """
    agenda = Agenda(day)
    for user in roster if agenda.reviews else ():
        for one in agenda.of(user):
            if one.task.is_waiting_for_me:
                yield Owed(user.pk, one.stage, one.task, None, one.unit_id)
    for user in roster:
        if user.acting.is_(roles.OFFICE):
            for task in notices.tasks_of(user):
                yield Owed(user.pk, ReviewDeadline.Step.OPEN_PERIOD, task)
