"""What everybody owes today, gathered from every app; an app plugs in with its ``reminders.py``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from awards import reminders as awards
from campaigns import reminders as campaigns
from campaigns.queries import OpenCalendar, open_calendar
from core import clock
from core.agenda import Owed
from core.models import ReminderPlan
from organization.reminders import Roster, everybody
from scoring import reminders as scoring

# One line for each app: what its people owe, and the stages it knows of. A plan of a stage that no app knows of is
# neither shown nor used.
SOURCES: list[tuple[tuple[str, ...], Callable[[Roster, OpenCalendar, date], Iterator[Owed]]]] = [
    (campaigns.STAGES, campaigns.owed),
    (scoring.STAGES, scoring.owed),
    (awards.STAGES, awards.owed),
]
STAGES = frozenset(str(stage) for stages, _ in SOURCES for stage in stages)
# A review of the awards belongs to no round of a campaign: the pages of a round know the other stages alone, and those
# of a review its own.
STAGES_OF_ROUND = frozenset(map(str, (*campaigns.STAGES, *scoring.STAGES)))
STAGES_OF_REVIEW = frozenset(map(str, awards.STAGES_OF_REVIEW))


@dataclass
class Gathered:
    """Everybody, what each owes, and the plans that are in use."""

    day: date
    roster: Roster
    calendar: OpenCalendar
    owed: list[Owed]


def gather(day: date | None = None) -> Gathered:
    """As many questions for one person as for all."""
    day = day or clock.today()
    roster, calendar = everybody(day), open_calendar()
    found = [one for _, owed in SOURCES for one in owed(roster, calendar, day)]
    return Gathered(day, roster, calendar, found)


def plans_in_use() -> list[ReminderPlan]:
    return list(ReminderPlan.objects.filter(stage__in=STAGES))
