"""Who meets which award conditions, and who misses them by what. Pure: no Django, exact decimals.

A condition has up to three parts (class, smallest score, last rank); all parts of one condition must hold together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Condition:
    """When a result deserves an award. ``order`` ranks the awards: the highest that is met is proposed."""

    award: str
    name: str
    recipient: str
    bands: tuple[str, ...] = ()
    minimum_score: Decimal | None = None
    maximum_rank: int | None = None
    order: int = 0


@dataclass(frozen=True)
class Row:
    """A published result: who, the score on the scale of 100, the class and the rank."""

    recipient: str
    score: Decimal
    band: str
    rank: int | None


@dataclass(frozen=True)
class Part:
    """One part of a condition, judged: the sentence says what was asked and what was found."""

    word: str
    is_met: bool
    sentence: str


@dataclass(frozen=True)
class Finding:
    """One condition judged for one result."""

    condition: Condition
    parts: tuple[Part, ...]

    @property
    def is_met(self) -> bool:
        return all(part.is_met for part in self.parts)

    @property
    def misses(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.is_met)

    @property
    def reason(self) -> str:
        """Why it is met, or by what it is missed."""
        told = self.parts if self.is_met else self.misses
        return "; ".join(part.sentence for part in told) or "không đặt điều kiện"


def assess(row: Row, conditions: Iterable[Condition]) -> list[Finding]:
    """Every condition for this kind of recipient, the highest award first."""
    asked = [condition for condition in conditions if condition.recipient == row.recipient]
    return [_judge(row, condition) for condition in sorted(asked, key=lambda one: -one.order)]


def proposed(findings: Sequence[Finding]) -> Finding | None:
    """One achievement, one award: the highest that is met."""
    return next((finding for finding in findings if finding.is_met), None)


def also_met(findings: Sequence[Finding]) -> list[Finding]:
    """The lower awards that are met as well."""
    return [finding for finding in findings if finding.is_met][1:]


def number(value: Decimal) -> str:
    """A score as people write it: 95,00; more than two decimals only when there are more."""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole},{decimals.rstrip('0').ljust(2, '0')}"


def _judge(row: Row, condition: Condition) -> Finding:
    parts = []
    if condition.bands:
        parts.append(_band(row, condition.bands))
    if condition.minimum_score is not None:
        parts.append(_score(row.score, condition.minimum_score))
    if condition.maximum_rank is not None:
        parts.append(_rank(row.rank, condition.maximum_rank))
    return Finding(condition, tuple(parts))


def _band(row: Row, bands: tuple[str, ...]) -> Part:
    if row.band in bands:
        return Part("band", True, f"xếp loại {row.band}")
    return Part("band", False, f"xếp loại {row.band or '(chưa xếp)'}, cần {' hoặc '.join(bands)}")


def _score(score: Decimal, minimum: Decimal) -> Part:
    if score >= minimum:
        return Part("score", True, f"{number(score)} điểm (từ {number(minimum)} điểm)")
    return Part(
        "score", False, f"{number(score)} điểm, thiếu {number(minimum - score)} điểm so với {number(minimum)}"
    )


def _rank(rank: int | None, maximum: int) -> Part:
    if rank is None:
        return Part("rank", False, "được chấm điểm nhưng không xếp hạng")
    if rank <= maximum:
        return Part("rank", True, f"xếp thứ {rank} (trong {maximum} thứ hạng đầu)")
    return Part("rank", False, f"xếp thứ {rank}, kém {rank - maximum} bậc so với thứ {maximum}")
