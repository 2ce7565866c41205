"""How many may be rated highest, and which class a published band stands for. Pure: no Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

HUNDRED = 100


@dataclass(frozen=True)
class Ceiling:
    """At most ``percent`` of those rated ``of`` may be ``grade``; ``limit`` is rounded down: no half persons."""

    group: str
    grade: str
    of: str
    percent: Decimal
    count: int
    base: int

    @property
    def limit(self) -> int:
        return int((self.percent * self.base / HUNDRED).to_integral_value(ROUND_DOWN))

    @property
    def over(self) -> int:
        return max(0, self.count - self.limit)


def ceilings(rule: tuple[str, str, Decimal], groups: Mapping[str, Iterable[str]]) -> list[Ceiling]:
    """For each group of people with similar duties, from their classes; a group without a rating is left out."""
    grade, of, percent = rule
    found = []
    for name, grades in groups.items():
        known = list(grades)
        if known:
            found.append(Ceiling(name, grade, of, percent, known.count(grade), known.count(of)))
    return found


def grade_of_band(band: str, names: Mapping[str, str]) -> str:
    """The class that a published band means: "Hoàn thành tốt" is "hoàn thành tốt nhiệm vụ"; else nothing."""
    words = band.strip().lower().removesuffix(" nhiệm vụ")
    return next((grade for grade, name in names.items() if name.removesuffix(" nhiệm vụ") == words), "")
