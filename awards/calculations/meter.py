"""How a list is composed: quotas used, leaders and direct workers, women, who comes again. Pure: no Django."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

HUNDRED = 100


@dataclass(frozen=True)
class Line:
    """One candidate for one award. ``row`` is in which year in a row he would receive it, 1 for the first."""

    award: str
    subject: tuple[str, int]
    is_leader: bool = False
    is_woman: bool = False
    row: int = 1

    @property
    def is_person(self) -> bool:
        return self.subject[0] == "person"


@dataclass(frozen=True)
class Rule:
    """At most ``percent`` of ``of``, and always ``minimum``."""

    award: str
    percent: Decimal
    of: str
    minimum: int
    source: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class Gauge:
    """A quota and how much of it a list uses; half a candidate is none."""

    rule: Rule
    used: int
    base: int

    @property
    def limit(self) -> int:
        share = (self.rule.percent * self.base / HUNDRED).to_integral_value(ROUND_DOWN)
        return max(int(share), self.rule.minimum)

    @property
    def over(self) -> int:
        return max(0, self.used - self.limit)


@dataclass(frozen=True)
class Composition:
    """Of the people on a list, each counted once."""

    people: int
    leaders: int
    women: int
    percent: Decimal | None

    @property
    def direct(self) -> int:
        return self.people - self.leaders

    @property
    def too_many_leaders(self) -> bool:
        """More leaders than their share; a single candidate has no share to keep."""
        return (
            self.percent is not None
            and self.people > 1
            and Decimal(self.leaders * HUNDRED) > self.percent * self.people
        )


def gauges(
    rules: Iterable[Rule],
    lines: Iterable[Line],
    outside: Mapping[tuple[str, str], int],
    counted_as: Mapping[str, Collection[str]] | None = None,
) -> list[Gauge]:
    """Every quota whose award is on the list.

    Where the base is another award, whoever is proposed for the higher one counts as proposed for the lower. So does
    everybody whose award includes it (``counted_as``, by award the lower ones), as among the members of a collective.
    ``outside`` gives the other bases by award and ``of``: members, those who qualify.
    """
    holders: dict[str, set[tuple[str, int]]] = {}
    counted: dict[str, set[tuple[str, int]]] = {}
    for line in lines:
        for award in (line.award, *(counted_as or {}).get(line.award, ())):
            counted.setdefault(award, set()).add(line.subject)
        holders.setdefault(line.award, set()).add(line.subject)
    found = []
    for rule in rules:
        mine = holders.get(rule.award, set())
        if not mine:
            continue
        base = outside.get((rule.award, rule.of))
        if base is None:
            base = len(mine | counted.get(rule.of, set()))
        found.append(Gauge(rule, len(mine), base))
    return found


def composition(lines: Iterable[Line], percent: Decimal | None) -> Composition:
    people = {line.subject: line for line in lines if line.is_person}
    return Composition(
        people=len(people),
        leaders=sum(one.is_leader for one in people.values()),
        women=sum(one.is_woman for one in people.values()),
        percent=percent,
    )


def years_in_a_row(years: Iterable[int], last: int) -> int:
    """In which year in a row ``last`` would be, after the years that were won."""
    won, count = set(years), 1
    while last - count in won:
        count += 1
    return count
