"""Who owes what in the campaigns: registrations to send and to decide, for everybody at once, in three questions."""

from collections.abc import Iterator
from datetime import date

from campaigns.models import Registration, Stage
from campaigns.queries import OpenCalendar
from campaigns.queries.agenda import decision_task, own_task, registers
from core.agenda import Owed
from organization import roles
from organization.models import Unit, User
from organization.reminders import Roster

STATES = Registration.State
# The stages that this app reminds of.
STAGES = (Stage.REGISTRATION, Stage.APPROVAL)
Rows = dict[tuple[int, int], str]
# By who decides: the year, the person, the unit and who has prepared it.
Waiting = dict[int | None, list[tuple[int, int | None, int, int | None]]]


def owed(roster: Roster, calendar: OpenCalendar, day: date) -> Iterator[Owed]:
    """Everything of ``campaigns.queries.tasks_of`` that waits for the people of the roster and has a stage."""
    facts = ("campaign_year", "person", "unit", "state", "approving_unit", "prepared_by")
    rows = list(
        Registration.objects.filter(campaign_year__in=list(calendar.names)).order_by().values_list(*facts)
    )
    of_people = {(year, person): state for year, person, _, state, *_ in rows if person}
    of_units = {(year, unit): state for year, person, unit, state, *_ in rows if not person}
    scored = dict(Unit.objects.scored().open_on(day).order_by().values_list("pk", "short_name"))
    years = [pk for pk in calendar.movements if calendar.due.get((pk, Stage.PUBLICATION), date.max) >= day]
    for user in roster:
        yield from _own(user, calendar, years, of_people, of_units, scored)
    waiting: Waiting = {}
    for year, person, unit, state, approving, prepared in rows:
        if state == STATES.WAITING:
            waiting.setdefault(approving, []).append((year, person, unit, prepared))
    for user in roster if waiting else ():
        yield from _decisions(user, calendar, waiting)


def _own(
    user: User, calendar: OpenCalendar, years: list[int], people: Rows, units: Rows, scored: dict[int, str]
) -> Iterator[Owed]:
    acting = user.acting
    if acting.person_id is None or acting.unit_id is None or not registers(acting):
        return
    for year in years:
        state = people.get((year, acting.person_id), STATES.NOT_SENT)
        task = own_task(calendar, year, "toi", "Đăng ký thi đua của tôi", state, acting.unit_id)
        if task and task.is_waiting_for_me:
            yield Owed(user.pk, Stage.REGISTRATION, task, year)
        if not acting.heads(acting.unit_id) or acting.unit_id not in scored:
            continue
        state, title = units.get((year, acting.unit_id), STATES.NOT_SENT), scored[acting.unit_id]
        task = own_task(calendar, year, "don-vi", f"Đăng ký thi đua của {title}", state, acting.unit_id)
        if task and task.is_waiting_for_me:
            yield Owed(user.pk, Stage.REGISTRATION, task, year, acting.unit_id)


def _decisions(user: User, calendar: OpenCalendar, waiting: Waiting) -> Iterator[Owed]:
    acting = user.acting
    deciding: list[int | None] = [*acting.headed]
    if acting.is_(roles.OFFICE):
        deciding.append(None)
    counts: dict[int, dict[int, int]] = {}
    for approving in deciding:
        for year, person, unit, prepared in waiting.get(approving, ()):
            if prepared != user.pk and (person is None or person != acting.person_id):
                found = counts.setdefault(year, {})
                found[unit] = found.get(unit, 0) + 1
    for year in calendar.names:
        if year in counts:
            yield Owed(user.pk, Stage.APPROVAL, decision_task(calendar, year, counts[year]), year)
