"""Registrations: how many stand in which state, of the Sở and of every unit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from campaigns.models import CampaignYear, Recipient, Registration
from core import clock
from core.models import Entry
from core.prepared import Prepared, Slot
from organization.models import Posting, Unit

STATES = Registration.State
OF_UNIT = ExpressionWrapper(Q(person__isnull=True), output_field=BooleanField())


@dataclass(frozen=True)
class Counts:
    """How many recipients stand in which of the four states; whoever has no row counts as "Chưa gửi"."""

    total: int
    by_state: Mapping[str, int]

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        return [(state, STATES(state).label, self.by_state[state]) for state in STATES.values]

    @property
    def percent_approved(self) -> int:
        return round(100 * self.by_state[STATES.APPROVED] / self.total) if self.total else 0


@dataclass(frozen=True)
class UnitRow:
    """A unit's own registration and its people's."""

    unit: Unit
    state: str
    people: Counts


def counting_day(campaign_year: CampaignYear) -> date:
    """Who takes part is asked today, or for a past year at its end."""
    return min(clock.today(), date(campaign_year.year, 12, 31))


def registration_counts(campaign_year: CampaignYear, unit: Unit | None = None) -> dict[str, Counts]:
    """The four states for units and for people, of the whole Sở or of one unit."""
    rows = Registration.objects.filter(campaign_year=campaign_year).exclude(state=STATES.NOT_SENT)
    units, people = _taking_part(campaign_year)
    if unit:
        rows, units, people = rows.filter(unit=unit), units.filter(pk=unit.pk), people.filter(unit=unit)
    sent = {
        (row["of_unit"], row["state"]): row["n"]
        for row in rows.annotate(of_unit=OF_UNIT)
        .values("of_unit", "state")
        .annotate(n=Count("pk"))
        .order_by()
    }
    waiting = {
        Recipient.COLLECTIVE: units.exclude(_sent_by_unit(campaign_year)).count(),
        Recipient.INDIVIDUAL: people.exclude(_sent_by_person(campaign_year)).count(),
    }
    return {
        recipient: _counts(sent, recipient == Recipient.COLLECTIVE, n) for recipient, n in waiting.items()
    }


def registration_counts_by_unit(campaign_year: CampaignYear) -> list[UnitRow]:
    """One row for every unit: its own state and how many of its people stand in which state. Three queries."""
    units, people = _taking_part(campaign_year)
    silent = dict(
        people.exclude(_sent_by_person(campaign_year)).values_list("unit").annotate(n=Count("pk")).order_by()
    )
    sent: dict[tuple[int, bool, str], int] = {
        (row["unit"], row["of_unit"], row["state"]): row["n"]
        for row in Registration.objects.filter(campaign_year=campaign_year)
        .annotate(of_unit=OF_UNIT)
        .values("unit", "of_unit", "state")
        .annotate(n=Count("pk"))
        .order_by()
    }
    found = []
    for unit in units.order_by("order", "pk"):
        own = next((state for state in STATES.values if sent.get((unit.pk, True, state))), STATES.NOT_SENT)
        numbers = {(False, state): sent.get((unit.pk, False, state), 0) for state in STATES.values}
        counts = _counts(numbers, False, silent.get(unit.pk, 0))
        found.append(UnitRow(unit, own, counts))
    return found


def missing_people(campaign_year: CampaignYear, paths: Collection[str] | None = None) -> QuerySet[Posting]:
    """Where everybody works who has not sent a registration; of these branches, or with None of the whole Sở.

    ``has_draft``: it was begun.
    """
    _, people = _taking_part(campaign_year)
    begun = Registration.objects.filter(campaign_year=campaign_year, person=OuterRef("person"))
    rows = people.exclude(_sent_by_person(campaign_year)).annotate(has_draft=Exists(begun))
    rows = rows.select_related("person", "post", "unit")
    if paths is None:
        return rows
    branches = Q(pk__in=[])
    for path in paths:
        branches |= Q(unit__path__startswith=path)
    return rows.filter(branches)


def _taking_part(campaign_year: CampaignYear) -> tuple[QuerySet[Unit], QuerySet[Posting]]:
    day = counting_day(campaign_year)
    here = Q(person__left_on__isnull=True) | Q(person__left_on__gt=day)
    return Unit.objects.scored().open_on(day), Posting.objects.on(day).filter(here)


def _sent_by_unit(campaign_year: CampaignYear) -> Exists:
    sent = Registration.objects.filter(campaign_year=campaign_year, person__isnull=True, unit=OuterRef("pk"))
    return Exists(sent.exclude(state=STATES.NOT_SENT))


def _sent_by_person(campaign_year: CampaignYear) -> Exists:
    sent = Registration.objects.filter(campaign_year=campaign_year, person=OuterRef("person"))
    return Exists(sent.exclude(state=STATES.NOT_SENT))


def _counts(sent: Mapping[tuple[bool, str], int], of_units: bool, silent: int) -> Counts:
    by_state = {state: sent.get((of_units, state), 0) for state in STATES.values}
    by_state[STATES.NOT_SENT] = silent
    return Counts(sum(by_state.values()), by_state)


def registration_of(
    campaign_year: CampaignYear, *, person_id: int | None, unit_id: int | None
) -> Registration | None:
    """The registration of a person, or with ``person_id`` None that of a unit."""
    if person_id:
        found = OF_PERSON.rows(year=campaign_year.pk, person=person_id)
    else:
        found = OF_ITS_UNIT.rows(year=campaign_year.pk, unit=unit_id)
    return found[0] if found else None


def _returns() -> QuerySet[Entry]:
    lines = Entry.objects.filter(target_type=Registration._meta.label_lower, to_state=STATES.RETURNED)
    return lines.filter(target_id=Slot("registration"))[:1]


RETURNS = Prepared(_returns)


def last_return(registration: Registration) -> Entry | None:
    """Why a returned registration came back: the newest such line of its journal."""
    if registration.state != STATES.RETURNED:
        return None
    return next(iter(RETURNS.rows(registration=registration.pk)), None)


def _registration(**whose: Any) -> QuerySet[Registration]:
    rows = Registration.objects.filter(campaign_year=Slot("year"), **whose)
    return rows.select_related("campaign_year__campaign", "unit", "person")


OF_PERSON = Prepared(lambda: _registration(person=Slot("person")))
OF_ITS_UNIT = Prepared(lambda: _registration(person__isnull=True, unit=Slot("unit")))
