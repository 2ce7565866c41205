"""Published indexes that rows of other sheets take over: which result counts, and where it comes from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.calculations import periods_around
from campaigns.methods import STORED_PLACES, round_half_up
from campaigns.models import Campaign, CampaignYear, Recipient
from core.vietnamese import format_date, format_decimal
from organization.models import Unit
from scoring.models import Line, PastResult, Publication, Result, Scorecard

METHOD = "index_share"
BELOW = "below"
Wanted = tuple[str, str, Unit]  # the code of the scheme, whose index, for a sheet of which unit
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Source:
    """A published index with the words that say where it comes from; without a value, why there is none."""

    value: Decimal | None
    words: str
    publication: int | None = None


@dataclass(frozen=True)
class _Round:
    """One round of a scheme with the published index of every unit, and what its results are called."""

    words: str
    publication: int | None
    indexes: dict[int, tuple[str, Decimal]]  # of a unit: its path, its index

    def of(self, unit: Unit, whose: str) -> Source | None:
        if whose != BELOW:
            found = self.indexes.get(unit.pk)
            return Source(found[1], self.words, self.publication) if found else None
        below = [
            value
            for pk, (path, value) in self.indexes.items()
            if path.startswith(unit.path) and pk != unit.pk
        ]
        if not below:
            return None
        mean = round_half_up(sum(below, Decimal(0)) / len(below), STORED_PLACES)
        return Source(mean, f"bình quân {len(below)} đơn vị, {self.words}", self.publication)


def index_lines(sheets: Collection[int]) -> QuerySet[Line]:
    """The rows of these sheets that take over a published index."""
    rows = Line.objects.filter(scorecard__in=sheets, criterion__method=METHOD)
    return rows.select_related("criterion").order_by("scorecard_id", "criterion__position")


def key_of(line: Line, unit_id: int) -> Key:
    params = line.criterion.params
    return str(params.get("scheme", "")), str(params.get("whose", "")), unit_id


def source_of(line: Line, sheet: Scorecard) -> Source:
    """Where the index of one row comes from now."""
    scheme, whose, unit_id = key_of(line, sheet.unit_id)
    return sources_for(sheet.campaign_year, [(scheme, whose, sheet.unit)])[scheme, whose, unit_id]


def sources_for(campaign_year: CampaignYear, wanted: Iterable[Wanted]) -> dict[Key, Source]:
    """What is published for these units, with the same number of questions however many they are.

    A round takes the index of the same part of the same year; where that is not published for the unit, of the next
    longer part around it: a month from its quarter, half or year. Another year's index is never taken.
    """
    asked = list(wanted)
    schemes = {scheme for scheme, _, _ in asked}
    names = dict(Campaign.objects.filter(code__in=schemes).values_list("code", "short_name"))
    rounds = _rounds(campaign_year, schemes)
    return {
        (scheme, whose, unit.pk): _first(rounds.get(scheme, []), unit, whose)
        or Source(None, _why_not(names.get(scheme, ""), scheme, whose, unit, campaign_year))
        for scheme, whose, unit in asked
    }


def withdrawn(publications: Collection[str]) -> set[str]:
    """Which of the publications that rows were filled from no longer hold."""
    given = [int(one) for one in publications if one.isdecimal()]
    if not given:
        return set()
    gone = Publication.objects.filter(pk__in=given, withdrawn_at__isnull=False)
    return {str(pk) for pk in gone.values_list("pk", flat=True)}


def _first(rounds: Iterable[_Round], unit: Unit, whose: str) -> Source | None:
    return next((found for one in rounds if (found := one.of(unit, whose))), None)


def _why_not(name: str, scheme: str, whose: str, unit: Unit, campaign_year: CampaignYear) -> str:
    if not name:
        return f"Trên cổng không có bộ chỉ số mang mã “{scheme}”."
    of = f"các đơn vị thuộc {unit.short_name}" if whose == BELOW else unit.short_name
    around = len(periods_around(campaign_year.period)) > 1
    longer = f" hoặc kỳ dài hơn của năm {campaign_year.year}" if around else ""
    return f"{name} chưa công bố kết quả của {of} cho {campaign_year.when}{longer}."


def _rounds(campaign_year: CampaignYear, schemes: Collection[str]) -> dict[str, list[_Round]]:
    """The rounds of each scheme that may count, the nearest first, with what is published of them."""
    around = periods_around(campaign_year.period)
    rounds = CampaignYear.objects.filter(
        campaign__code__in=schemes, year=campaign_year.year, period__in=around
    ).select_related("campaign")
    in_force = Publication.objects.in_force().filter(campaign_year__in=rounds, recipient=Recipient.COLLECTIVE)
    publications = {one.campaign_year_id: one for one in in_force}
    published: dict[int, dict[int, tuple[str, Decimal]]] = {}
    rows = Result.objects.filter(publication__in=publications.values()).order_by()
    for pk, unit, path, value in rows.values_list(
        "publication_id", "scorecard__unit_id", "scorecard__unit__path", "index"
    ):
        published.setdefault(pk, {})[unit] = (path, value)
    past = _past(rounds)
    found: dict[str, list[_Round]] = {}
    for one in sorted(rounds, key=lambda one: around.index(one.period)):
        publication = publications.get(one.pk)
        if publication:
            day = format_date(timezone.localdate(publication.published_at))
            made = _Round(f"{one}, công bố ngày {day}", publication.pk, published.get(publication.pk, {}))
        else:
            made = _Round(f"{one}, nạp từ kết quả đã công bố", None, past.get(one.pk, {}))
        found.setdefault(one.campaign.code, []).append(made)
    return found


def _past(rounds: QuerySet[CampaignYear]) -> dict[int, dict[int, tuple[str, Decimal]]]:
    """Results that were published elsewhere and read from a file."""
    rows = PastResult.objects.filter(campaign_year__in=rounds, unit__isnull=False)
    found: dict[int, dict[int, tuple[str, Decimal]]] = {}
    for year, unit, path, said, computed in rows.values_list(
        "campaign_year_id", "unit_id", "unit__path", "published_index", "index"
    ):
        value = computed if said is None else said
        if value is not None:
            found.setdefault(year, {})[unit] = (path, value)
    return found


def in_words(source: Source) -> str:
    """The figure and where it comes from."""
    return source.words if source.value is None else f"{format_decimal(source.value)} % ({source.words})"
