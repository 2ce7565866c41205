"""Schemes by their code: what the commands and the pages of Excel files ask."""

from campaigns.models import AppliesTo, Campaign, CriteriaSet, Period
from core.vietnamese import fold
from organization.models import Unit


def scheme_of(code: str, year: int, period: str = Period.YEAR) -> CriteriaSet | None:
    """The criteria of a round: those in use, else the newest there are."""
    sets = CriteriaSet.objects.filter(
        campaign_year__campaign__code=code, campaign_year__year=year, campaign_year__period=period
    ).select_related("campaign_year__campaign")
    in_use = sets.filter(state=CriteriaSet.State.IN_USE).first()
    return in_use or sets.order_by("-version_number").first()


def unit_numbers() -> dict[str, int]:
    """The number of every unit that works today, by its folded name, short name and code; the code counts first."""
    units = list(Unit.objects.open().order_by("path"))
    by_name = {fold(unit.name): unit.pk for unit in units}
    by_short_name = {fold(unit.short_name): unit.pk for unit in units}
    return {**by_name, **by_short_name, **{fold(unit.code): unit.pk for unit in units}}


def usual_recipient(code: str) -> str:
    """Whom a row scores where the table does not say it: an index scores units, a movement units and people."""
    movements = Campaign.objects.filter(code=code).exclude(kind=Campaign.Kind.INDEX)
    return AppliesTo.BOTH if movements.exists() else AppliesTo.COLLECTIVE
