"""Which closed units a unit carries on, and what it holds through them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from organization.models import Succession, Unit

Key = tuple[Any, int]  # award, year
Facts = tuple[date, date | None, bool]  # opened, closed, whether it takes part as a collective


class Lineage:
    """Of these units, read with two queries."""

    def __init__(self, units: Iterable[int]) -> None:
        self.before: dict[int, dict[int, date]] = defaultdict(dict)  # by successor
        for predecessor, successor, on in Succession.objects.values_list("predecessor", "successor", "on"):
            self.before[successor][predecessor] = on
        self.heirs: dict[int, set[int]] = defaultdict(set)  # by unit those of the units that it counts for
        for unit in units:
            for one in self.line_of(unit):
                self.heirs[one].add(unit)
        rows = Unit.objects.filter(pk__in=self.heirs)
        of = ("opened_on", "closed_on", "is_collective")
        self.facts: dict[int, Facts] = {pk: tuple(known) for pk, *known in rows.values_list("pk", *of)}

    def line_of(self, unit: int) -> set[int]:
        """The unit and every unit that was merged into it, divided into it or replaced by it, however long ago."""
        found, waiting = set[int](), [unit]
        while waiting:
            if (one := waiting.pop()) not in found:
                found.add(one)
                waiting += self.before[one]
        return found

    def founded_on(self, unit: int) -> date:
        return min(self.facts[one][0] for one in self.line_of(unit))

    def held(self, own: Mapping[int, Collection[Key]]) -> dict[int, dict[Key, list[int]]]:
        """By unit what it holds, and which units hold it for it: itself, or all that it carries on."""
        found: dict[int, dict[Key, list[int]]] = {}
        for unit in {heir for heirs in self.heirs.values() for heir in heirs}:
            keys = sorted({key for one in self.line_of(unit) for key in own.get(one, ())})
            given = {key: self._holders(unit, key, own) for key in keys}
            found[unit] = {key: holders for key, holders in given.items() if holders}
        return found

    def _holders(self, unit: int, key: Key, own: Mapping[int, Collection[Key]]) -> list[int]:
        """A title of a year passes on where every unit of that year had it: one cannot lend it to the other."""
        if key in own.get(unit, ()):
            return [unit]
        opened, year = self.facts[unit][0], key[1]
        of_year = [one for one in self.before[unit] if self._competed(one, year)]
        if opened.year <= year and any(opened < self.before[unit][one] for one in of_year):
            return []  # it was there beside them, and did not receive it
        each = [self._holders(one, key, own) for one in sorted(of_year)]
        return [one for holders in each for one in holders] if all(each) else []

    def _competed(self, unit: int, year: int) -> bool:
        """Whether the unit, or one that it carries on, could be honoured for the year."""
        for opened, closed, is_collective in (self.facts[one] for one in self.line_of(unit)):
            ended_before = closed is not None and closed <= date(year, 1, 1)
            if is_collective and opened.year <= year and not ended_before:
                return True
        return False


def successors_of(units: Iterable[int] | None = None) -> dict[int, set[int]]:
    """By unit (of these, or with None of all that were closed so) every unit that carries it on, however far."""
    after: dict[int, set[int]] = defaultdict(set)
    for predecessor, successor in Succession.objects.values_list("predecessor", "successor"):
        after[predecessor].add(successor)
    found: dict[int, set[int]] = {}
    for unit in list(after) if units is None else units:
        reached, waiting = set[int](), list(after[unit])
        while waiting:
            if (one := waiting.pop()) not in reached:
                reached.add(one)
                waiting += after[one]
        found[unit] = reached
    return found
