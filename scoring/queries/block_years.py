"""A whole block through the years: index and rank of every unit or person, round by round."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from campaigns.models import CampaignYear, Recipient
from scoring.models import PastResult, Result, Scorecard
from scoring.queries.ranking import names_of, provisional_ranking, sheets_of
from scoring.queries.years import ROUNDS_SHOWN, change_of, rounds_alike


@dataclass(frozen=True)
class Stand:
    """Where one unit or person stood in one round."""

    index: Decimal | None
    rank: int | None
    is_tied: bool
    band: str


NOWHERE = Stand(None, None, False, "")


@dataclass
class Through:
    """One unit or person through the years; ``sheet`` is the newest one, for the link."""

    name: str
    sheet: int | None = None
    stands: dict[int, Stand] = field(default_factory=dict)

    def change(self, rounds: Sequence[CampaignYear]) -> Decimal | None:
        return change_of([self.at(one).index for one in rounds])

    def at(self, one: CampaignYear) -> Stand:
        return self.stands.get(one.pk) or NOWHERE


@dataclass(frozen=True)
class Block:
    """The rounds, the oldest first, and everybody in the order of the newest."""

    rounds: list[CampaignYear]
    rows: list[Through]
    provisional: CampaignYear | None = None

    def climb_of(self, row: Through) -> int | None:
        """How many places up from the last but one to the last round; below 0: down. Places of a table that is not
        complete yet are not compared."""
        ranks = [row.at(one).rank for one in self.rounds[-2:]]
        if self.provisional or len(ranks) < 2 or ranks[0] is None or ranks[1] is None:
            return None
        return ranks[0] - ranks[1]


def block_through_years(here: CampaignYear, recipient: str, *, with_provisional: bool) -> Block:
    """What was published of this block, with a fixed number of queries; the round itself also as it stands now, for
    those who may see that."""
    rounds = rounds_alike(here)
    rows: dict[Any, Through] = {}
    if recipient == Recipient.COLLECTIVE:
        _add_past(rows, rounds)
    _add_results(rows, rounds, recipient)
    known = {pk for row in rows.values() for pk in row.stands}
    provisional = here if with_provisional and here.pk not in known else None
    if provisional:
        _add_provisional(rows, provisional, recipient)
        known |= {pk for row in rows.values() for pk in row.stands}
    shown = [one for one in rounds if one.pk in known][-ROUNDS_SHOWN:]
    told = [row for row in rows.values() if any(one.pk in row.stands for one in shown)]
    return Block(shown, _ordered(told, shown), provisional if provisional in shown else None)


def _add_past(rows: dict[Any, Through], rounds: Collection[CampaignYear]) -> None:
    """A unit of an old table that the portal does not know stands by its name."""
    for one in PastResult.objects.filter(campaign_year__in=rounds).select_related("unit"):
        name = one.unit.name if one.unit else one.unit_name
        row = rows.setdefault(one.unit_id or one.unit_name, Through(name))
        row.stands[one.campaign_year_id] = Stand(one.index, one.rank, one.is_tied, one.band)


def _add_results(rows: dict[Any, Through], rounds: Collection[CampaignYear], recipient: str) -> None:
    who = "unit_id" if recipient == Recipient.COLLECTIVE else "person_id"
    found = Result.objects.filter(
        publication__campaign_year__in=rounds,
        publication__recipient=recipient,
        publication__withdrawn_at__isnull=True,
    ).select_related("publication", "scorecard__person")
    for one in found.defer("frozen", "components").order_by("publication__campaign_year__year", "pk"):
        sheet = one.scorecard
        row = rows.setdefault(getattr(sheet, who), Through(str(sheet)))
        row.name, row.sheet = str(sheet), sheet.pk
        row.stands[one.publication.campaign_year_id] = Stand(one.index, one.rank, one.is_tied, one.band)


def _add_provisional(rows: dict[Any, Through], campaign_year: CampaignYear, recipient: str) -> None:
    places = provisional_ranking(campaign_year, recipient)
    sheets = names_of(sheets_of(campaign_year, recipient)).only(
        "unit_name", "unit", "person__family_name", "person__given_name"
    )
    for sheet in sheets:
        if sheet.pk in places:
            key = sheet.unit_id if recipient == Recipient.COLLECTIVE else sheet.person_id
            row = rows.setdefault(key, Through(str(sheet)))
            row.name, row.sheet = str(sheet), sheet.pk
            place = places[sheet.pk]
            row.stands[campaign_year.pk] = Stand(place.index, place.rank, place.is_tied, place.band)


def _ordered(rows: list[Through], rounds: Sequence[CampaignYear]) -> list[Through]:
    """By the newest round; who is not in it, by the one before, and so on; given order breaks ties."""

    def place(row: Through) -> tuple[Any, ...]:
        ranks = [row.at(one).rank for one in reversed(rounds)]
        return tuple((rank is None, rank or 0) for rank in ranks)

    return sorted(rows, key=place)


def readable(user: Any, rows: Sequence[Through]) -> set[int]:
    """The sheets among them that this user may read."""
    wanted = [row.sheet for row in rows if row.sheet]
    return set(Scorecard.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True))
