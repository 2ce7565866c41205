"""Results of past years, read from the tables in which they were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import rules
from django.db import transaction

from campaigns.calculations import published
from campaigns.models import Band, CampaignYear, CriteriaSet, Recipient
from campaigns.queries import totals
from campaigns.queries.schemes import unit_numbers
from core.journal import record
from core.vietnamese import fold
from core.workflow import Refused, lock
from scoring.calculations import Class, ComputedRow, PublishedRow, compute_again, places_in
from scoring.models import PastResult, Publication
from scoring.queries.ranking import ranking_rules

FACTS = (
    "position",
    "unit_id",
    "applicable_max",
    "score",
    "index",
    "rank",
    "is_tied",
    "band",
    "published_index",
    "published_rank",
    "published_band",
    "differences",
)


@dataclass(frozen=True)
class Kept:
    """What became of a table: every row computed again, and how many were new, changed, unchanged or gone."""

    rows: list[ComputedRow]
    added: int
    changed: int
    unchanged: int
    removed: int


def compare(campaign_year: CampaignYear, rows: Sequence[PublishedRow]) -> list[ComputedRow]:
    """The rows computed again by the rounding, the tie rule and the classes of the round. Nothing is written."""
    own = CriteriaSet.objects.filter(campaign_year=campaign_year).order_by("-version_number").first()
    settings = ranking_rules(campaign_year)
    classes = [
        Class(band.name, band.lower_bound)
        for band in Band.objects.filter(campaign_year=campaign_year, recipient=Recipient.COLLECTIVE)
    ]
    return compute_again(
        rows,
        classes,
        lambda value, places: published(value, places, settings.rounding),
        places=max(settings.places, places_in(rows)) if own else places_in(rows),
        dense=settings.dense,
        usual_max=_usual_max(own),
    )


@transaction.atomic
def keep_results(
    campaign_year: CampaignYear, rows: Sequence[PublishedRow], *, by: Any, source: str = ""
) -> Kept:
    """Replace the past results of the round by this table; ``by`` is None for a command of the technician."""
    if by is not None and not rules.has_perm("scoring.publish_results", by, campaign_year):
        raise Refused("Chỉ Văn phòng Sở nạp kết quả của các năm trước.")
    lock(campaign_year)
    if Publication.objects.in_force().filter(campaign_year=campaign_year).exists():
        raise Refused(f"{campaign_year} đã có kết quả công bố trên cổng nên không nạp kết quả từ tệp.")
    computed = compare(campaign_year, rows)
    units = unit_numbers()
    present = {fold(one.unit_name): one for one in campaign_year.past_results.all()}
    added = changed = unchanged = 0
    for position, one in enumerate(computed, start=1):
        facts = _facts(one, position, units.get(fold(one.row.unit)))
        was = present.pop(fold(one.row.unit), None)
        if was is None:
            PastResult.objects.create(campaign_year=campaign_year, unit_name=one.row.unit, **facts)
            added += 1
        elif {name: getattr(was, name) for name in FACTS} != facts:
            PastResult.objects.filter(pk=was.pk).update(**facts)
            changed += 1
        else:
            unchanged += 1
    PastResult.objects.filter(pk__in=[one.pk for one in present.values()]).delete()
    if added or changed or present:
        label = f"Nạp kết quả đã công bố: {len(computed)} đơn vị"
        record(campaign_year, "import_results", by=by, label=label, comment=source)
    return Kept(computed, added, changed, unchanged, len(present))


@transaction.atomic
def set_classes(campaign_year: CampaignYear, classes: Sequence[tuple[str, Decimal]], *, by: Any) -> None:
    """The classes that a past table was published with, for a command of the technician."""
    lock(campaign_year)
    colours = ("green", "teal", "blue", "yellow", "red")
    Band.objects.filter(campaign_year=campaign_year, recipient=Recipient.COLLECTIVE).delete()
    ordered = sorted(classes, key=lambda one: one[1], reverse=True)
    for place, (name, bound) in enumerate(ordered):
        Band.objects.create(
            campaign_year=campaign_year,
            recipient=Recipient.COLLECTIVE,
            name=name,
            lower_bound=bound,
            colour=colours[min(place, len(colours) - 1)],
        )
    said = ", ".join(f"{name} từ {bound}" for name, bound in ordered)
    record(campaign_year, "set_bands", by=by, label="Đặt mức xếp loại", comment=said)


def _usual_max(own: CriteriaSet | None) -> Decimal | None:
    if own is None:
        return None
    most = totals(list(own.criteria.order_by("position")))[Recipient.COLLECTIVE]
    return most or None


def _facts(one: ComputedRow, position: int, unit: int | None) -> dict[str, Any]:
    row = one.row
    return {
        "position": position,
        "unit_id": unit,
        "applicable_max": row.applicable_max,
        "score": row.score,
        "index": one.index,
        "rank": one.rank,
        "is_tied": one.is_tied,
        "band": one.band,
        "published_index": row.index,
        "published_rank": row.rank,
        "published_band": row.band,
        "differences": one.differences,
    }
