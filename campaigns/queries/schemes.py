"""Schemes by their code, and what a table read from Excel would make of one."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol

from campaigns.models import AppliesTo, Campaign, CampaignYear, CriteriaSet, Criterion, Period
from campaigns.queries.criteria import Difference, criteria_in_use, differences_between, draft_of
from campaigns.queries.feeding import is_same_row, with_schemes
from core.vietnamese import fold
from organization.models import Unit

FACTS = (
    "code",
    "name",
    "is_leaf",
    "level",
    "method",
    "params",
    "max_score",
    "guidance",
    "evidence",
    "evidence_required",
    "applies_to",
)
Path = tuple[tuple[str, str, int], ...]


class SchemeRow(Protocol):
    """One row of a table that was read; ``row`` is its number in the file."""

    row: int
    level: int
    code: str
    name: str
    in_charge: int | None
    feeds: int | None
    tells_feeds: bool

    @property
    def facts(self) -> dict[str, Any]: ...


class SchemeTable(Protocol):
    """The rows in order; the digest is the same for the same table."""

    @property
    def nodes(self) -> Sequence[SchemeRow]: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class Outlook:
    """What a table would change: ``present`` is the draft it replaces, or else the set in use that it follows."""

    present: CriteriaSet | None
    is_same: bool
    differences: list[Difference]
    digest: str


def scheme_of(code: str, year: int, period: str = Period.YEAR) -> CriteriaSet | None:
    """The criteria of a round: those in use, else the newest there are."""
    sets = CriteriaSet.objects.filter(
        campaign_year__campaign__code=code, campaign_year__year=year, campaign_year__period=period
    ).select_related("campaign_year__campaign")
    in_use = sets.filter(state=CriteriaSet.State.IN_USE).first()
    return in_use or sets.order_by("-version_number").first()


def unit_numbers() -> dict[str, int]:
    """The number of every unit that works today by its folded name and short name, of every unit by its code; the
    code counts first."""
    units = list(Unit.objects.open().order_by("path"))
    by_name = {fold(unit.name): unit.pk for unit in units}
    by_short_name = {fold(unit.short_name): unit.pk for unit in units}
    by_code = {fold(code): pk for code, pk in Unit.objects.values_list("code", "pk")}
    return {**by_name, **by_short_name, **by_code}


def usual_recipient(code: str) -> str:
    """Whom a row scores where the table does not say it: an index scores units, a movement units and people."""
    movements = Campaign.objects.filter(code=code).exclude(kind=Campaign.Kind.INDEX)
    return AppliesTo.BOTH if movements.exists() else AppliesTo.COLLECTIVE


def latest_set(campaign_year: CampaignYear) -> CriteriaSet | None:
    """The newest set of the campaign: an earlier round's criteria are the same criteria."""
    sets = CriteriaSet.objects.filter(campaign_year__campaign=campaign_year.campaign_id)
    return sets.order_by("-campaign_year__year", "-version_number").first()


def facts_of(criteria_set: CriteriaSet) -> list[dict[str, Any]]:
    """The rows of a set as the rows of a table would tell them."""
    return [
        {
            **{name: getattr(one, name) for name in FACTS},
            "max_score": f"{one.max_score.normalize():f}",
            "in_charge": one.in_charge_id,
        }
        for one in criteria_set.criteria.order_by("position")
    ]


def criteria_from(campaign_year: CampaignYear, rows: Sequence[SchemeRow]) -> list[Criterion]:
    """The rows as criteria that are not written yet.

    A row that was there before stays the same criterion: it keeps its lineage and what no column of the file tells.
    """
    draft, in_use = draft_of(campaign_year), criteria_in_use(campaign_year)
    present = draft or in_use
    known = _known(draft, in_use or latest_set(campaign_year))
    units = Unit.objects.in_bulk({row.in_charge for row in rows if row.in_charge})
    above_all = with_schemes(
        {row.feeds for row in rows if row.feeds} | {one.feeds_id or 0 for one in known.values()}
    )
    paths, above, made = _Paths(), dict[int, Criterion](), list[Criterion]()
    for position, row in enumerate(rows, start=1):
        before = known.get(paths.of(row.level, row.code, row.name))
        facts = {**row.facts, "max_score": Decimal(row.facts["max_score"])}
        unit = facts.pop("in_charge")
        above[row.level] = Criterion(
            position=position,
            parent=above.get(row.level - 1) if row.level > 1 else None,
            lineage=(before and before.lineage) or uuid.uuid4(),
            feeds=_feeds(row, above_all.get((before and before.feeds_id) or 0), above_all),
            is_of_frame=bool(
                before and before.is_of_frame and present and before.criteria_set_id == present.pk
            ),
            in_charge=units.get(unit),
            **facts,
        )
        made.append(above[row.level])
    return made


def _feeds(row: SchemeRow, before: Criterion | None, rows: dict[int, Criterion]) -> Criterion | None:
    """The same row of another version of its scheme is no change."""
    told = rows.get(row.feeds or 0)
    return before if not row.tells_feeds or is_same_row(told, before) else told


def is_as_told(criteria_set: CriteriaSet, rows: Sequence[SchemeRow], made: Sequence[Criterion]) -> bool:
    """Whether a set says the same as a table and what would be made of it."""
    feeds = list(criteria_set.criteria.order_by("position").values_list("feeds", flat=True))
    return facts_of(criteria_set) == [row.facts for row in rows] and feeds == [one.feeds_id for one in made]


def outlook(campaign_year: CampaignYear, table: SchemeTable) -> Outlook:
    """What would become of the round's criteria; the digest also tells the present ones, so that nobody writes over
    what a colleague has changed meanwhile."""
    present = draft_of(campaign_year) or criteria_in_use(campaign_year)
    before = facts_of(present) if present else []
    feeds = list(present.criteria.order_by("position").values_list("feeds", flat=True)) if present else []
    stamp = [table.digest, present and present.pk, before, feeds]
    content = json.dumps(stamp, sort_keys=True, ensure_ascii=False)
    made = criteria_from(campaign_year, table.nodes)
    return Outlook(
        present,
        present is not None and is_as_told(present, table.nodes, made),
        differences_between(present, made) if present else [],
        sha256(content.encode()).hexdigest(),
    )


class _Paths:
    """The place of each row in a table: codes and names from the top down; the second of two equal ones counts 2."""

    def __init__(self) -> None:
        self.above: dict[int, Path] = {}
        self.seen: Counter[tuple[Path, str, str]] = Counter()

    def of(self, level: int, code: str, name: str) -> Path:
        parent, folded = self.above.get(level - 1, ()), fold(name)
        self.seen[parent, code, folded] += 1
        self.above[level] = (*parent, (code, folded, self.seen[parent, code, folded]))
        return self.above[level]


def place_of_each(criteria: Iterable[Criterion]) -> dict[Path, Criterion]:
    """The rows of a table, given in order, by their place in it."""
    paths = _Paths()
    return {paths.of(one.level, one.code, one.name): one for one in criteria}


def _known(*sets: CriteriaSet | None) -> dict[Path, Criterion]:
    """The criteria of these sets by their place, each criterion once: where the first set has it."""
    found: dict[Path, Criterion] = {}
    lineages: set[uuid.UUID | None] = set()
    for criteria_set in filter(None, sets):
        here = place_of_each(criteria_set.criteria.order_by("position"))
        found = {path: one for path, one in here.items() if one.lineage not in lineages} | found
        lineages |= {one.lineage for one in here.values()}
    return found
