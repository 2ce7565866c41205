"""Where sheets stand: the provisional ranking, publications and their results."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from campaigns.calculations import Rounding, published
from campaigns.models import Band, CampaignYear, CriteriaSet, Recipient, Ties
from core.prepared import Prepared, Slot, Slots
from scoring.calculations import PUBLISHED_PLACES, Gate, Place, gated_band, index, quota, rank
from scoring.models import Line, Publication, Result, Scorecard

State = Scorecard.State
JUDGED = [State.APPRAISED, State.CONCLUDED, State.PUBLISHED]
# The score that counts on a line, the furthest column first.
LATEST_FIRST = (
    "final_score",
    "second_score",
    "appraised_score",
    "office_score",
    "approved_score",
    "self_score",
)


def latest(line: Line) -> Decimal | None:
    """The score that counts now."""
    return next((score for name in LATEST_FIRST if (score := getattr(line, name)) is not None), None)


@dataclass(frozen=True)
class Standing:
    """Score, index, rank and class of one sheet, rounded as they are published."""

    score: Decimal
    applicable_max: Decimal
    index: Decimal
    rank: int | None
    is_tied: bool
    band: str
    band_colour: str


def ready_state(campaign_year: CampaignYear) -> str:
    """The state in which a sheet waits for publication."""
    return State.CONCLUDED if campaign_year.needs_council else State.APPRAISED


def provisional_ranking(
    campaign_year: CampaignYear, recipient: str, states: Collection[str] = JUDGED
) -> dict[int, Standing]:
    """Where each appraised sheet would stand if the round were published now, by the sheet's id, best first."""
    rows = sheets_of(campaign_year, recipient).filter(state__in=states, result_total__isnull=False)
    facts = rows.order_by("pk").values_list("pk", "result_total", "applicable_max", "is_ranked")
    bands = bands_of(campaign_year, recipient)
    return standings(list(facts), bands, ranking_rules(campaign_year))


def bands_of(campaign_year: CampaignYear, recipient: str) -> list[Band]:
    return [band for band in BANDS.rows(year=campaign_year.pk) if band.recipient == recipient]


BANDS = Prepared(lambda: Band.objects.filter(campaign_year=Slot("year")))


@dataclass(frozen=True)
class RankingRules:
    """How a round rounds its figures and what equal figures mean: settings of its criteria set."""

    places: int = PUBLISHED_PLACES
    rounding: str = Rounding.HALF_UP
    dense: bool = False
    tie_codes: tuple[str, ...] = ()

    def published(self, value: Decimal) -> Decimal:
        return published(value, self.places, self.rounding)


RULES = Prepared(
    lambda: (
        CriteriaSet.objects.filter(campaign_year=Slot("year"))
        .exclude(state=CriteriaSet.State.DRAFT)
        .order_by("-version_number")
        .values_list("places", "rounding", "ties", "tie_codes")
    )
)


def ranking_rules(campaign_year: CampaignYear) -> RankingRules:
    """Those of the newest version that was in use."""
    for places, rounding, ties, codes in RULES.ask(year=campaign_year.pk):
        named = tuple(code.strip() for code in codes.split(",") if code.strip())
        return RankingRules(places, rounding, ties == Ties.DENSE, named if ties == Ties.CRITERIA else ())
    return RankingRules()


@dataclass(frozen=True)
class Figures:
    """What one sheet brings to the ranking: its total, its applicable maximum, whether it is ranked at all."""

    score: Decimal
    applicable_max: Decimal
    is_ranked: bool = True


@dataclass(frozen=True)
class RowsAsked:
    """What gates and ties ask about single rows: shares by sheet and code, the points that decide between equals."""

    shares: dict[int, dict[str, Decimal]]
    breakers: dict[int, tuple[Decimal, ...]] | None = None


def standings(
    totals: Iterable[tuple[int, Decimal | None, Decimal, bool]], bands: list[Band], rules: RankingRules
) -> dict[int, Standing]:
    """Rank on the rounded index, because that is what people see. Who is not ranked has score and class alone."""
    seen = {pk: Figures(score, most, is_ranked) for pk, score, most, is_ranked in totals if score is not None}
    return placed(seen, bands, rules, rows_asked(list(seen), bands, rules))


def rows_asked(sheets: Collection[int], bands: Iterable[Band], rules: RankingRules) -> RowsAsked:
    """Nothing is read where no class has gates and no criteria decide between equals."""
    codes = gate_codes(bands)
    shares = shares_by_code(sheets, codes) if codes else {}
    return RowsAsked(shares, points_by_code(sheets, rules.tie_codes) if rules.tie_codes else None)


def gate_codes(bands: Iterable[Band]) -> set[str]:
    return {gate["code"] for band in bands for gate in band.gates}


def placed(
    seen: Mapping[int, Figures], bands: list[Band], rules: RankingRules, asked: RowsAsked
) -> dict[int, Standing]:
    """The standings of these sheets, from what was read before: it asks the database nothing."""
    indexes = {
        pk: rules.published(index(one.score, one.applicable_max) or Decimal(0)) for pk, one in seen.items()
    }
    ranked = rank(
        ((pk, value) for pk, value in indexes.items() if seen[pk].is_ranked),
        dense=rules.dense,
        breakers=asked.breakers,
    )
    aside = [Place(pk, value, 0, False) for pk, value in indexes.items() if not seen[pk].is_ranked]
    gates = gates_of(bands)
    return {
        place.key: _standing(place, seen[place.key], bands, gates, rules, asked.shares.get(place.key, {}))
        for place in [*ranked, *aside]
    }


def shares_by_code(sheets: Collection[int], codes: Collection[str]) -> dict[int, dict[str, Decimal]]:
    """What each sheet has reached of the named criteria, in percent of their points; what is not scored is unknown."""
    rows = Line.objects.filter(scorecard__in=sheets, criterion__code__in=codes, criterion__max_score__gt=0)
    found: dict[int, dict[str, Decimal]] = {pk: {} for pk in sheets}
    for sheet, code, most, *scores in rows.values_list(
        "scorecard_id", "criterion__code", "criterion__max_score", *LATEST_FIRST
    ):
        score = next((score for score in scores if score is not None), None)
        if score is not None:
            found[sheet][code] = score / most * 100
    return found


@dataclass(frozen=True)
class Ceiling:
    """How many may have a class and how many have it."""

    band: str
    percent: Decimal
    count: int
    base: str
    base_count: int
    allowed: int

    @property
    def over(self) -> int:
        return max(self.count - self.allowed, 0)


def ceilings(bands: Sequence[Band], counts: Mapping[str, int]) -> list[Ceiling]:
    """Every class with a ceiling, beside the number in the next lower class that it is measured by."""
    ordered = sorted(bands, key=lambda band: band.lower_bound, reverse=True)
    return [
        Ceiling(
            band.name,
            band.ceiling_percent,
            counts.get(band.name, 0),
            lower.name,
            counts.get(lower.name, 0),
            quota(counts.get(lower.name, 0), band.ceiling_percent),
        )
        for band, lower in pairwise(ordered)
        if band.ceiling_percent is not None
    ]


def points_by_code(sheets: Collection[int], codes: Sequence[str]) -> dict[int, tuple[Decimal, ...]]:
    """The points of the named criteria on each sheet, in the order named; nothing given counts as 0."""
    rows = Line.objects.filter(scorecard__in=sheets, criterion__code__in=codes)
    found: dict[int, dict[str, Decimal]] = {pk: {} for pk in sheets}
    for sheet, code, *scores in rows.values_list("scorecard_id", "criterion__code", *LATEST_FIRST):
        found[sheet][code] = next((score for score in scores if score is not None), Decimal(0))
    return {pk: tuple(points.get(code, Decimal(0)) for code in codes) for pk, points in found.items()}


def _standing(
    place: Place[int],
    figures: Figures,
    bands: list[Band],
    gates: list[Gate],
    rules: RankingRules,
    shares: Mapping[str, Decimal],
) -> Standing:
    band = gated_band(place.value, shares, bands, gates)
    return Standing(
        score=rules.published(figures.score),
        applicable_max=figures.applicable_max,
        index=place.value,
        rank=place.rank or None,
        is_tied=place.is_tied,
        band=band.name if band else "",
        band_colour=band.colour if band else "secondary",
    )


def gates_of(bands: Iterable[Band]) -> list[Gate]:
    return [
        Gate(band.name, gate["code"], gate["op"], Decimal(gate["bound"]))
        for band in bands
        for gate in band.gates
    ]


def sheets_of(campaign_year: CampaignYear, recipient: str) -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(
        campaign_year=campaign_year, person__isnull=recipient == Recipient.COLLECTIVE
    )


def names_of(sheets: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    """Only what says whose sheets these are and how far, in the order in which the Sở lists its people."""
    fields = ("unit_name", "state", "person__family_name", "person__given_name")
    rows = sheets.select_related("person").only(*fields)
    return rows.order_by("unit__order", "unit_id", "post_order", "sort_key")


def publication_in_force(campaign_year: CampaignYear, recipient: str) -> Publication | None:
    return Publication.objects.in_force().filter(campaign_year=campaign_year, recipient=recipient).first()


def reopened_sheets(publication: Publication) -> QuerySet[Scorecard]:
    """Sheets of a publication in force that were opened again since: the round waits to be published anew."""
    others = [state for state in State if state != State.PUBLISHED]  # named, so that the index finds the few
    rows = Scorecard.objects.filter(campaign_year=publication.campaign_year_id, state__in=others)
    return rows.filter(results__publication=publication)


def publications_of_two_years(
    campaign_year: CampaignYear, recipient: str
) -> tuple[Publication | None, Publication | None]:
    """What is published of this round, and of the same one in the year before it."""
    year, same = campaign_year.year, (recipient, campaign_year.period)
    found = PUBLICATIONS.rows(campaign=campaign_year.campaign_id, years=[year, year - 1])
    by_year = {
        one.campaign_year.year: one for one in found if (one.recipient, one.campaign_year.period) == same
    }
    return by_year.get(year), by_year.get(year - 1)


PUBLICATIONS = Prepared(
    lambda: (
        Publication.objects.in_force()
        .filter(campaign_year__campaign=Slot("campaign"), campaign_year__year__in=Slots("years"))
        .select_related("campaign_year")
    )
)


def published_results(campaign_year: CampaignYear, recipient: str) -> QuerySet[Result]:
    """The results in force, best first, with sheet, person and unit; empty before publication."""
    return Result.objects.filter(
        publication__campaign_year=campaign_year,
        publication__recipient=recipient,
        publication__withdrawn_at__isnull=True,
    ).select_related("scorecard__person", "scorecard__unit", "scorecard__campaign_year")


def results_visible_to(user: Any) -> QuerySet[Result]:
    """The lines behind a result are for those who may read the sheet; ranks are for everybody."""
    return Result.objects.filter(scorecard__in=Scorecard.objects.visible_to(user)).select_related(
        "scorecard__person", "scorecard__unit", "publication__campaign_year__campaign"
    )
