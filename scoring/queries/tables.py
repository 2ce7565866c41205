"""The table of a round as people read it: published, of a past year, or provisional."""

from dataclasses import dataclass
from decimal import Decimal

from campaigns.models import CampaignYear, Recipient
from scoring.queries.ranking import names_of, provisional_ranking, publication_in_force, sheets_of

PUBLISHED, PAST, PROVISIONAL = "published", "past", "provisional"


@dataclass(frozen=True)
class TableRow:
    """One unit or person; without a rank it is scored and not ranked, or was not scored."""

    rank: int | None
    unit: str
    score: Decimal | None
    applicable_max: Decimal | None
    index: Decimal | None
    band: str
    tied: bool


def table_of(campaign_year: CampaignYear, recipient: str) -> tuple[str, list[TableRow]]:
    """Where the table comes from, and its rows: ranked ones first, equal ranks in the order of the Sở's lists."""
    publication = publication_in_force(campaign_year, recipient)
    if publication:
        results = publication.results.select_related("scorecard__person").order_by("pk")
        rows = [
            TableRow(
                one.rank,
                str(one.scorecard),
                one.score,
                one.applicable_max,
                one.index,
                one.band,
                one.is_tied,
            )
            for one in results
        ]
        return PUBLISHED, _ordered(rows)
    if recipient == Recipient.COLLECTIVE and campaign_year.past_results.exists():
        past = campaign_year.past_results.all()
        return PAST, _ordered(
            [
                TableRow(
                    one.rank, one.unit_name, one.score, one.applicable_max, one.index, one.band, one.is_tied
                )
                for one in past
            ]
        )
    places = provisional_ranking(campaign_year, recipient)
    names = {sheet.pk: str(sheet) for sheet in names_of(sheets_of(campaign_year, recipient))}
    return PROVISIONAL, _ordered(
        [
            TableRow(
                place.rank,
                names[pk],
                place.score,
                place.applicable_max,
                place.index,
                place.band,
                place.is_tied,
            )
            for pk, place in places.items()
        ]
    )


def _ordered(rows: list[TableRow]) -> list[TableRow]:
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0))
