"""Who owes what on the scoring floor: achievements, sheets and rows, for everybody at once, in seven questions.

It says the same as ``scoring.queries.tasks_of``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count

from campaigns.models import CampaignYear, Stage
from campaigns.queries import OpenCalendar
from core.agenda import Owed
from organization import roles
from organization.models import User
from organization.reminders import Roster
from scoring.models import Achievement, Line, Scorecard
from scoring.queries.achievement_tasks import TASKS, task_of_state
from scoring.queries.quarters import Missing, missing, quarter_task
from scoring.queries.rows import (
    BY_OFFICE,
    JUDGED_NOW,
    OUTSIDE_CRITERIA,
    YEAR,
    in_charge_tasks,
    office_tasks,
)
from scoring.queries.sheets import (
    APPRAISES,
    APPROVES,
    CONCLUDES,
    EXPLAINS,
    FILLING,
    LOOKS_AGAIN,
    Kind,
    counted_task,
    fill_task,
)

# The stages that this app reminds of; a second look is a part of the appraisal.
STAGES = (
    Stage.ACHIEVEMENTS,
    Stage.SELF_SCORE,
    Stage.APPROVAL,
    Stage.APPRAISAL,
    Stage.EXPLANATION,
    Stage.SURVEY,
    Stage.COUNCIL,
)
State = Scorecard.State
WAITING = [*FILLING, State.SUBMITTED, State.APPROVED, State.EXPLAINING, State.EXPLAINED, State.APPRAISED]
OPEN = {"campaign_year__state": CampaignYear.State.OPEN}


def owed(roster: Roster, calendar: OpenCalendar, day: date) -> Iterator[Owed]:
    yield from _achievements(roster, calendar)
    yield from _quarters(roster, calendar, day)
    sheets = _Sheets(calendar, day)
    for user in roster:
        if user.acting.person_id:
            yield from sheets.of(user)
    if calendar.names.keys() - calendar.movements:  # only indexes go on after the first appraisal
        yield from sheets.after_appraisal(roster)
        yield from _rows_of_office(roster, calendar)
    yield from sheets.rows_in_charge(roster)


# --- achievements ----------------------------------------------------------------------------------------
def _achievements(roster: Roster, calendar: OpenCalendar) -> Iterator[Owed]:
    by_person: dict[int, list[Any]] = {}
    by_preparer: dict[int, list[Any]] = {}
    by_unit: dict[int, list[Any]] = {}
    facts = ("campaign_year", "state", "person", "unit", "prepared_by", "approving_unit")
    rows = Achievement.objects.filter(campaign_year__in=list(calendar.names), state__in=list(TASKS))
    for year, state, person, unit, preparer, approving, count in (
        rows.order_by().values_list(*facts).annotate(Count("pk"))
    ):
        if state == Achievement.State.SUBMITTED:
            by_unit.setdefault(approving, []).append((year, state, unit, count))
        elif person:
            by_person.setdefault(person, []).append((year, state, unit, count))
        else:
            by_preparer.setdefault(preparer, []).append((year, state, unit, count))
    for user in roster if by_unit or by_person or by_preparer else ():
        acting, counts = user.acting, dict[tuple[int, str], dict[int, int]]()
        found = [*by_person.get(acting.person_id or 0, ())]
        found += [row for row in by_preparer.get(user.pk, ()) if row[2] in acting.units]
        found += [row for unit in acting.headed for row in by_unit.get(unit, ())]
        for year, state, unit, count in found:
            of_units = counts.setdefault((year, state), {})
            of_units[unit] = of_units.get(unit, 0) + count
        for (year, state), of_units in counts.items():
            stage = Stage.APPROVAL if state == Achievement.State.SUBMITTED else Stage.ACHIEVEMENTS
            yield Owed(user.pk, stage, task_of_state(calendar, year, state, of_units), year)


def _quarters(roster: Roster, calendar: OpenCalendar, day: date) -> Iterator[Owed]:
    of_people: dict[int, list[Missing]] = {}
    of_units: dict[int, list[Missing]] = {}
    for one in missing(calendar, day):
        laid = of_people.setdefault(one.person, []) if one.person else of_units.setdefault(one.unit, [])
        laid.append(one)
    for user in roster if of_people or of_units else ():
        for one in of_people.get(user.acting.person_id or 0, ()):
            yield Owed(user.pk, Stage.ACHIEVEMENTS, quarter_task(calendar, one), one.quarter.year)
        for unit in user.acting.headed:
            for one in of_units.get(unit, ()):
                yield Owed(user.pk, Stage.ACHIEVEMENTS, quarter_task(calendar, one), one.quarter.year, unit)


# --- sheets ----------------------------------------------------------------------------------------------
class _Sheet(NamedTuple):
    pk: int
    person: int | None
    unit: int
    unit_name: str
    state: str
    round_id: int
    year: int
    approving: int | None
    submitted_by: int | None
    approved_by: int | None
    needs_council: bool
    locks: bool


FACTS = ("pk", "person", "unit", "unit_name", "state", "campaign_year", "campaign_year__year")
DECIDERS = ("approving_unit", "submitted_by", "approved_by")
MANNER = ("campaign_year__needs_council", "campaign_year__locks")
Sorted = dict[Any, list[_Sheet]]


@dataclass
class _Sheets:
    """The sheets that wait for somebody, laid out by whom they wait for."""

    calendar: OpenCalendar
    day: date

    def __post_init__(self) -> None:
        rows = Scorecard.objects.filter(**OPEN, state__in=WAITING).order_by()
        self.of_people, self.of_units = _Laid(), _Laid()
        self.to_approve, self.in_state = _Laid(), _Laid()
        for facts_of_one in rows.values_list(*FACTS, *DECIDERS, *MANNER).iterator(chunk_size=5000):
            sheet = _Sheet(*facts_of_one)
            if sheet.state in FILLING or sheet.state == State.EXPLAINING:
                if sheet.person:
                    self.of_people.add(sheet.person, sheet)
                else:
                    self.of_units.add(sheet.unit, sheet)
            elif sheet.state == State.SUBMITTED:
                self.to_approve.add(sheet.approving, sheet)
            else:
                self.in_state.add(sheet.state, sheet)
        self.in_charge = self._rows_in_charge() if State.APPROVED in self.in_state else []
        self.divided = {row[0] for row in self.in_charge}

    def of(self, user: User) -> Iterator[Owed]:
        acting = user.acting
        own = self._written_by(user)
        for sheet in own:
            if sheet.state in FILLING:
                facts = (
                    sheet.pk,
                    sheet.person,
                    sheet.unit_name,
                    sheet.state,
                    sheet.round_id,
                    sheet.year,
                    sheet.unit,
                    sheet.locks,
                )
                task = fill_task(self.calendar, self.day, *facts)
                shared = None if sheet.person else sheet.unit
                yield Owed(user.pk, Stage.SELF_SCORE, task, sheet.round_id, shared)
        approve = [one for unit in acting.headed for one in self.to_approve.get(unit, ())]
        approve = [one for one in approve if one.submitted_by != user.pk and _not_about(user, one)]
        yield from self._counted(user, approve, APPROVES, Stage.APPROVAL)
        if acting.roles & {roles.OFFICE, roles.APPRAISER}:
            yield from self._counted(user, self._to_appraise(user), APPRAISES, Stage.APPRAISAL)

    def after_appraisal(self, roster: Roster) -> Iterator[Owed]:
        asked: dict[int, set[int]] = {}
        flags = Line.objects.filter(
            is_flagged=True, scorecard__state=State.EXPLAINED, flagged_by__isnull=False
        )
        again = {one.pk: one for one in self.in_state.get(State.EXPLAINED, ())}
        for who, pk in flags.order_by().values_list("flagged_by", "scorecard").distinct() if again else ():
            asked.setdefault(who, set()).add(pk)
        for user in roster:
            explain = [one for one in self._written_by(user) if one.state == State.EXPLAINING]
            yield from self._counted(user, explain, EXPLAINS, Stage.EXPLANATION)
            second = [again[pk] for pk in asked.get(user.pk, ()) if pk in again]
            yield from self._counted(user, second, LOOKS_AGAIN, Stage.APPRAISAL)
            if user.acting.roles & {roles.OFFICE, roles.APPRAISER}:
                yield from self._counted(user, self._to_conclude(user, roster), CONCLUDES, Stage.COUNCIL)

    def rows_in_charge(self, roster: Roster) -> Iterator[Owed]:
        for user in roster.holding(roles.APPRAISER) if self.in_charge else ():
            if user.acting.is_(roles.OFFICE):
                continue
            mine: list[tuple[int, int, int, int, int]] = []
            for _, in_charge, unit, person, submitted, approved, pk, year, count in self.in_charge:
                is_mine = in_charge in user.acting.units and unit not in user.acting.units
                own = person is not None and person == user.acting.person_id
                if is_mine and not own and user.pk not in (submitted, approved):
                    mine.append((pk, year, unit, count, 1))
            for pk, task in in_charge_tasks(self.calendar, mine):
                yield Owed(user.pk, Stage.APPRAISAL, task, pk)

    def _written_by(self, user: User) -> list[_Sheet]:
        """His own sheet and those of his units; the technician his own alone."""
        acting = user.acting
        own = list(self.of_people.get(acting.person_id, ()))
        if acting.is_(roles.TECHNICIAN):
            return own
        return own + [one for unit in acting.units for one in self.of_units.get(unit, ())]

    def _to_appraise(self, user: User) -> list[_Sheet]:
        acting, whole = user.acting, user.acting.is_(roles.OFFICE)
        return [
            one
            for one in self.in_state.get(State.APPROVED, ())
            if one.unit not in acting.units
            and (whole or one.pk not in self.divided)
            and user.pk not in (one.submitted_by, one.approved_by)
            and _not_about(user, one)
        ]

    def _to_conclude(self, user: User, roster: Roster) -> list[_Sheet]:
        """The Office's own unit is left to an appraiser of another one, when everybody of the Office is in it."""
        found = [one for one in self.in_state.get(State.APPRAISED, ()) if one.needs_council]
        if not user.acting.is_(roles.OFFICE):
            units = set(roster.office_units)
            found = [one for one in found if units == {one.unit}]
        return [one for one in found if one.unit not in user.acting.units and _not_about(user, one)]

    def _counted(self, user: User, sheets: list[_Sheet], kind: Kind, stage: str) -> Iterator[Owed]:
        """One task for each round, due when the first of its sheets is."""
        rounds: Sorted = {}
        for sheet in sheets:
            rounds.setdefault(sheet.round_id, []).append(sheet)
        for round_id, found in rounds.items():
            counts = dict(Counter(one.unit for one in found))
            facts = (round_id, found[0].year, found[0].locks, counts)
            task = counted_task(self.calendar, self.day, *kind, *facts)
            units = {one.unit for one in found if one.person is None}
            shared = units.pop() if len(units) == 1 and all(one.person is None for one in found) else None
            yield Owed(user.pk, stage, task, round_id, shared if stage == Stage.EXPLANATION else None)

    def _rows_in_charge(self) -> list[tuple[Any, ...]]:
        rows = Line.objects.waiting_in_charge().filter(
            scorecard__state=State.APPROVED, scorecard__campaign_year__state=CampaignYear.State.OPEN
        )
        of_sheet = (
            "scorecard__unit",
            "scorecard__person",
            "scorecard__submitted_by",
            "scorecard__approved_by",
        )
        facts = ("scorecard", "criterion__in_charge", *of_sheet, *YEAR)
        return list(rows.order_by().values_list(*facts).annotate(Count("pk")))


class _Laid(dict):
    """Lists by key."""

    def add(self, key: Any, one: Any) -> None:
        self.setdefault(key, []).append(one)


def _not_about(user: User, sheet: _Sheet) -> bool:
    return sheet.person is None or sheet.person != user.acting.person_id


# --- rows of the Office ----------------------------------------------------------------------------------
def _rows_of_office(roster: Roster, calendar: OpenCalendar) -> Iterator[Owed]:
    office = roster.holding(roles.OFFICE)
    criteria = [pk for (pk,) in OUTSIDE_CRITERIA.ask()] if office else []
    if not criteria:
        return
    waiting = Line.objects.filter(
        criterion__in=criteria,
        office_score__isnull=True,
        is_excluded=False,
        scorecard__state__in=JUDGED_NOW,
        scorecard__campaign_year__state=CampaignYear.State.OPEN,
    )
    facts = (*YEAR, "criterion__method", "scorecard__unit")
    by_round = _Laid()
    for round_id, *row in waiting.order_by().values_list(*facts).annotate(Count("pk")):
        by_round.add(round_id, row)
    for user in office:
        for round_id, rows in by_round.items():
            found = [
                (round_id, year, method, unit, count)
                for year, method, unit, count in rows
                if method not in BY_OFFICE or unit not in user.acting.units
            ]
            for task in office_tasks(calendar, found):
                yield Owed(user.pk, Stage.SURVEY, task, round_id)
