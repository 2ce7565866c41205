"""What of the confirmed achievements counts on a sheet."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from campaigns.models import CampaignYear, CriteriaSet, Criterion
from core.prepared import Prepared, Slot
from organization.models import Person, Unit
from scoring.models import Achievement, CoAuthor
from scoring.queries.achievements import WHOLE, last_day

State = Achievement.State


def confirmed_quantities(
    campaign_year: CampaignYear, unit: Unit, person: Person | None, criteria_set: CriteriaSet
) -> dict[int, tuple[Decimal, list[Achievement]]]:
    """What counts on a sheet: per criterion the confirmed quantity, by share, and what is behind it. Two queries.

    On a unit's sheet that is also what a unit has left to it that was closed by the end of the year (docs/adr/0008).
    An achievement confirmed under an earlier version of the criteria counts for the same criterion of ``criteria_set``.
    Each achievement carries ``counted``, its part of the sum.
    """
    asked = {"year": campaign_year.pk, "criteria_set": criteria_set.pk}
    if person:
        rows = [*SHARED.rows(person=person.pk, **asked), *OWN.rows(person=person.pk, **asked)]
    else:
        units = [unit.pk, *Unit.objects.left_to([unit.pk], last_day(campaign_year))]
        rows = [row for pk in units for row in OF_UNIT.rows(unit=pk, **asked)]
    found: dict[int, tuple[Decimal, list[Achievement]]] = {}
    once = {row.pk: row for row in rows}.values()
    for row in sorted(once, key=lambda row: (row.happened_on or date.max, row.pk)):
        row.counted = _counted(row, person)
        total, behind = found.get(row.counts_for, (Decimal(0), []))
        found[row.counts_for] = (total + row.counted, [*behind, row])
    return found


def _confirmed(**whose: Any) -> QuerySet[Achievement]:
    """Confirmed achievements of a year with the criterion of the given set and what their co-authors have taken."""
    successor = Criterion.objects.filter(
        lineage=OuterRef("criterion__lineage"), criteria_set=Slot("criteria_set")
    ).values("pk")[:1]
    shares = CoAuthor.objects.filter(achievement=OuterRef("pk")).order_by().values("achievement")
    taken = shares.annotate(total=Sum("share")).values("total")
    rows = Achievement.objects.filter(
        campaign_year=Slot("year"), state=State.CONFIRMED, quantity__isnull=False, **whose
    )
    return rows.annotate(
        counts_for=Coalesce(Subquery(successor), F("criterion_id")),
        taken=Subquery(taken, output_field=DecimalField(max_digits=7, decimal_places=2)),
    ).order_by()


OWN = Prepared(lambda: _confirmed(person=Slot("person")))
OF_UNIT = Prepared(lambda: _confirmed(person__isnull=True, unit=Slot("unit")))
SHARED = Prepared(
    lambda: _confirmed(co_authors__person=Slot("person")).annotate(co_share=F("co_authors__share"))
)


def _counted(row: Any, person: Person | None) -> Decimal:
    if person is None or row.person_id == person.pk:
        share = WHOLE - (row.taken or Decimal(0))
    else:
        share = row.co_share
    part = row.quantity * share.quantize(Decimal("0.01")) / WHOLE
    return part.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
