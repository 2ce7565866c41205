"""How many have a class that is capped, in the whole round and unit by unit: as it stands at this moment."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import Band, CampaignYear, Recipient
from core.prepared import Prepared
from organization import roles
from scoring.models import Publication, Scorecard
from scoring.queries.ranking import Ceiling, bands_of, ceilings, ranking_rules, sheets_of, standings
from scoring.queries.sheets import FILLING

Home = tuple[int, str]  # a unit's number and its short name


@dataclass(frozen=True)
class Capped:
    """A class with a ceiling: the whole round, and the units in which somebody has it."""

    whole: Ceiling
    units: list[tuple[str, Ceiling]]

    @property
    def units_over(self) -> int:
        return sum(bool(one.over) for _, one in self.units)


@dataclass(frozen=True)
class Board:
    """What one round says about its capped classes; ``bands`` is the class of each sheet that was counted."""

    campaign_year: CampaignYear
    recipient: str
    capped: list[Capped]
    waiting: int = 0
    bands: Mapping[int, str] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        return len(self.bands)

    @property
    def is_over(self) -> bool:
        return any(one.whole.over or one.units_over for one in self.capped)


def has_ceiling(bands: Iterable[Band]) -> bool:
    return any(band.ceiling_percent is not None for band in bands)


def board_of(
    campaign_year: CampaignYear, recipient: str, *, units: Collection[int] | None = None
) -> Board | None:
    """Counted from what is handed in, by the furthest column of each sheet; None where no class is capped.

    ``units`` are those that are told one by one; the counts of the whole round are for everybody who decides.
    """
    bands = bands_of(campaign_year, recipient)
    if not has_ceiling(bands):
        return None
    facts, homes, waiting = [], {}, 0
    for pk, state, unit, name, result, approved, own, most, is_ranked in (
        sheets_of(campaign_year, recipient).order_by("unit__order", "unit_id", "pk").values_list(*READ)
    ):
        if state in FILLING:
            waiting += 1
            continue
        score = next((total for total in (result, approved, own) if total is not None), None)
        facts.append((pk, score, most, is_ranked))
        homes[pk] = (unit, name)
    placed = standings(facts, bands, ranking_rules(campaign_year))
    named = {pk: place.band for pk, place in placed.items()}
    return Board(campaign_year, recipient, _capped(bands, named, homes, recipient, units), waiting, named)


READ = (
    "pk", "state", "unit_id", "unit__short_name", "result_total", "approved_total", "self_total",
    "applicable_max", "is_ranked",
)  # fmt: skip


def board_of_places(
    campaign_year: CampaignYear, recipient: str, bands: list[Band], named: Mapping[int, str]
) -> Board | None:
    """The same of sheets whose classes are known already, as a ranking shows them."""
    if not has_ceiling(bands):
        return None
    rows = sheets_of(campaign_year, recipient).order_by("unit__order", "unit_id", "pk")
    homes = {pk: (unit, name) for pk, unit, name in rows.values_list("pk", "unit_id", "unit__short_name")}
    return Board(campaign_year, recipient, _capped(bands, named, homes, recipient, None), 0, named)


def board_of_publication(publication: Publication, bands: list[Band]) -> Board | None:
    if not has_ceiling(bands):
        return None
    named = dict(publication.results.order_by().values_list("scorecard_id", "band"))
    return board_of_places(publication.campaign_year, publication.recipient, bands, named)


CAPPED_ROUNDS = Prepared(
    lambda: (
        CampaignYear.objects.open()
        .filter(pk__in=Band.objects.filter(ceiling_percent__isnull=False).order_by().values("campaign_year"))
        .select_related("campaign")
        .order_by("-year", "-pk")
    )
)


def capped_rounds(user: Any) -> list[CampaignYear]:
    """The open rounds with a capped class, for who heads units and for those who read everything."""
    acting = user.acting
    return CAPPED_ROUNDS.rows() if acting.headed or acting.reads_everything else []


def boards_for(user: Any, chosen: str) -> list[Board]:
    """Of the one open round that a list is narrowed to, if it caps a class. Every sheet of the round is read for it."""
    acting = user.acting
    units = None if acting.is_(roles.OFFICE) or acting.reads_everything else acting.units_below
    rounds = [one for one in capped_rounds(user) if str(one.pk) == chosen] if chosen else []
    made = [board_of(one, recipient, units=units) for one in rounds for recipient in Recipient.values]
    return [board for board in made if board and _concerns(board, units)]


def board_beside(sheet: Scorecard) -> Board | None:
    """What somebody who decides on this sheet sees beside it: its unit and the whole round."""
    return board_of(sheet.campaign_year, sheet.recipient, units=[sheet.unit_id])


def boards_of(sheets: Iterable[Scorecard], user: Any) -> list[Board]:
    """Of the rounds that these sheets belong to."""
    rounds = {str(sheet.campaign_year_id) for sheet in sheets}
    return [board for one in sorted(rounds) for board in boards_for(user, one)]


def _concerns(board: Board, units: Collection[int] | None) -> bool:
    """A head sees the rounds in which people of his units are scored."""
    if units is None:
        return board.counted + board.waiting > 0
    own = sheets_of(board.campaign_year, board.recipient)
    return own.filter(unit_id__in=units).exists()


def _capped(
    bands: list[Band],
    named: Mapping[int, str],
    homes: Mapping[int, Home],
    recipient: str,
    units: Collection[int] | None,
) -> list[Capped]:
    whole = ceilings(bands, Counter(named.values()))
    groups: dict[Home, Counter[str]] = {}
    for pk, home in homes.items():
        if pk in named and recipient == Recipient.INDIVIDUAL and (units is None or home[0] in units):
            groups.setdefault(home, Counter())[named[pk]] += 1
    by_unit = [(name, ceilings(bands, counts)) for (_, name), counts in groups.items()]
    return [
        Capped(one, [(name, found[place]) for name, found in by_unit if found[place].count])
        for place, one in enumerate(whole)
    ]
