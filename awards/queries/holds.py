"""Who is held (tạm dừng xét khen thưởng): asked by every list, vote and decision, for all their rows at once.

A hold of a unit concerns the unit as a collective only, and whatever carries it on after it was closed. It does not
reach its head or its people: whoever of them is under verification himself is held by name, under a paper of his own,
because nobody answers for another's matter.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from awards.calculations import AwardRow
from awards.models import AwardEntry, AwardList, Hold
from awards.queries.lineage import successors_of
from core import clock
from core.vietnamese import format_date
from organization.models import Posting, Unit, User
from organization.queries import approving_unit, users_heading

REMOVED = AwardEntry.Source.REMOVED


def held_people(ids: Collection[int] | None, day: date) -> dict[int, Hold]:
    """Of these people (or, with None, of all) those held on the day, each with his oldest hold. One query."""
    rows = Hold.objects.on(day).filter(person__isnull=False)
    rows = rows if ids is None else rows.filter(person__in=ids)
    return {one.person_id: one for one in _newest_first(rows) if one.person_id}


def held_units(ids: Collection[int] | None, day: date) -> dict[int, Hold]:
    """Of these units (or, with None, of all) those held as a collective on the day. One query, one more where a
    closed unit is held: whoever carries it on is held for it."""
    found = _by_unit(_newest_first(Hold.objects.on(day).filter(unit__isnull=False)))
    return found if ids is None else {pk: one for pk, one in found.items() if pk in set(ids)}


def all_held(day: date) -> tuple[dict[int, Hold], dict[int, Hold]]:
    """People and units held on the day, as the two questions before give them, in one query less."""
    rows = list(_newest_first(Hold.objects.on(day)))
    return {one.person_id: one for one in rows if one.person_id}, _by_unit(rows)


def _by_unit(holds: Iterable[Hold]) -> dict[int, Hold]:
    rows = [one for one in holds if one.unit_id]
    closed = {one.unit_id for one in rows if one.unit_id and one.unit and one.unit.closed_on}
    heirs = successors_of(closed) if closed else {}
    return {unit: one for one in rows if one.unit_id for unit in (one.unit_id, *heirs.get(one.unit_id, ()))}


def _newest_first(rows: QuerySet[Hold]) -> QuerySet[Hold]:
    """The oldest comes last and so stays in the dictionary."""
    return rows.select_related("person", "unit").order_by("-started_on", "-pk")


def knows_reason(hold: Hold, user: Any) -> bool:
    """Why somebody is held is for himself, those who prepare and supervise, and the heads; asked without a query."""
    acting = user.acting
    if acting.reads_everything or acting.heads_the_agency:
        return True
    if hold.person_id:
        return hold.person_id == acting.person_id
    return hold.unit_id in acting.units_below


def hold_sentence(hold: Hold, for_user: Any) -> str:
    """What a list, a vote or a decision says of a held row; the reason and the paper only to whom they concern."""
    if knows_reason(hold, for_user):
        return f"{_since(hold)}: {hold.get_reason_display()} ({hold.paper})."
    return sentence_for_all(hold)


def sentence_for_all(hold: Hold) -> str:
    """For a record that everybody reads: without the reason."""
    return f"{_since(hold)}, đến khi có kết luận."


def _since(hold: Hold) -> str:
    return f"Tạm dừng xét khen thưởng từ ngày {format_date(hold.started_on)}"


def sentence_of(subject: Any, for_user: Any, day: date | None = None) -> str:
    """The sentence of one person or unit held now, or nothing."""
    asked = held_units if isinstance(subject, Unit) else held_people
    hold = asked([subject.pk], day or clock.today()).get(subject.pk)
    return hold_sentence(hold, for_user) if hold else ""


# --- award lists --------------------------------------------------------------------------------------
def held_on(entries: Iterable[AwardEntry], day: date) -> dict[int, Hold]:
    """By entry: a row about a person is stopped by his own hold, a row about a unit by the unit's."""
    rows = list(entries)
    people = held_people([one.scorecard.person_id for one in rows if one.scorecard.person_id], day)
    units = held_units([one.scorecard.unit_id for one in rows if not one.scorecard.person_id], day)
    found = {
        one.pk: people.get(one.scorecard.person_id)
        if one.scorecard.person_id
        else units.get(one.scorecard.unit_id)
        for one in rows
    }
    return {pk: hold for pk, hold in found.items() if hold}


def held_names(award_list: AwardList, day: date) -> list[str]:
    """Whom the list proposes although his review is paused."""
    rows = list(award_list.entries.exclude(source=REMOVED).select_related("scorecard__person"))
    held = held_on(rows, day)
    return [str(one.scorecard) for one in rows if one.pk in held]


def marked(rows: Iterable[AwardRow], award_list: AwardList) -> Iterator[AwardRow]:
    """The lines of the paper, those of people and units who are held today noted as such, without the reason."""
    people, units = all_held(clock.today())
    of_unit = Q(scorecard__person=None, scorecard__unit__in=units)
    held = set(
        award_list.entries.filter(Q(scorecard__person__in=people) | of_unit).values_list("pk", flat=True)
    )
    for row in rows:
        note = "; ".join(part for part in ("Tạm dừng xét khen thưởng", row.note) if part)
        yield replace(row, note=note) if row.entry_id in held else row


# --- letters ------------------------------------------------------------------------------------------
def leaders_of(hold: Hold) -> list[User]:
    """The held person and who decides for his unit; of a held unit, who heads it. Nobody is written to twice."""
    if hold.unit:
        return list(users_heading(hold.unit))
    person = hold.person
    assert person is not None  # noqa: S101 - a hold is of one of the two
    found = [person.user] if person.user and person.user.is_active else []
    posting = Posting.objects.current().filter(person=person).select_related("unit").first()
    if posting:
        found += users_heading(approving_unit(posting.unit, excluding=[person.pk]))
    return found
