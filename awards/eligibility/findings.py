"""What a judged condition says: met, not met, or left to a person; by which fact; and when at the earliest. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """A third answer beside yes and no: nobody has said, or only a person can."""

    MET = "met"
    UNMET = "unmet"
    OPEN = "open"


@dataclass(frozen=True)
class Basis:
    """A title or an initiative that a met condition rests on: it is spent when the award is given."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True)
class Finding:
    """One condition, judged.

    ``fact`` is what was found, ``wanting`` what is missing (or what a person has to say), ``earliest`` the first year
    in which it can be met, ``parts`` the conditions under AND, OR, "any n of" or another award's standard.
    """

    state: State
    wording: str = ""
    citation: str = ""
    document: str = ""
    fact: str = ""
    wanting: str = ""
    earliest: int | None = None
    bases: tuple[Basis, ...] = ()
    parts: tuple["Finding", ...] = ()
    word: str = ""
    is_confirmed: bool = True

    def leaves(self) -> Iterator["Finding"]:
        """The conditions that hold no others, in their order."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self


def met(fact: str, *, bases: Sequence[Basis] = ()) -> Finding:
    return Finding(State.MET, fact=fact, bases=tuple(bases))


def unmet(fact: str, wanting: str = "", *, earliest: int | None = None) -> Finding:
    return Finding(State.UNMET, fact=fact, wanting=wanting, earliest=earliest)


def left_open(fact: str, wanting: str) -> Finding:
    return Finding(State.OPEN, fact=fact, wanting=wanting)


def every(parts: Sequence[Finding]) -> Finding:
    """AND: one that is not met decides; else one that is open leaves it open."""
    states = {part.state for part in parts}
    state = next((one for one in (State.UNMET, State.OPEN) if one in states), State.MET)
    bases = tuple(basis for part in parts for basis in part.bases) if state is State.MET else ()
    return Finding(state, parts=tuple(parts), bases=bases, earliest=_latest(parts))


def some(parts: Sequence[Finding], needed: int = 1) -> Finding:
    """OR, and "any n of": as many as needed must be met. Of those met, the ones that spend least are the basis."""
    holding = sorted((part for part in parts if part.state is State.MET), key=lambda part: len(part.bases))
    hoped = sum(part.state is State.OPEN for part in parts)
    if len(holding) >= needed:
        bases = tuple(basis for part in holding[:needed] for basis in part.bases)
        return Finding(State.MET, parts=tuple(parts), bases=bases)
    years = sorted(part.earliest for part in parts if part.state is State.UNMET and part.earliest is not None)
    lacking = needed - len(holding)
    earliest = years[lacking - 1] if len(years) >= lacking else None
    state = State.OPEN if len(holding) + hoped >= needed else State.UNMET
    return Finding(state, parts=tuple(parts), earliest=earliest if state is State.UNMET else None)


def titled(
    finding: Finding, *, word: str, wording: str, citation: str, document: str, is_confirmed: bool
) -> Finding:
    """The finding under the words and the article of its condition. Built anew: ``replace`` takes thrice as long."""
    return Finding(
        finding.state,
        wording,
        citation,
        document,
        finding.fact,
        finding.wanting,
        finding.earliest,
        finding.bases,
        finding.parts,
        word,
        is_confirmed,
    )


def _latest(parts: Sequence[Finding]) -> int | None:
    """All must hold: the last of the years, unknown as soon as one of those not met cannot say."""
    years = [part.earliest for part in parts if part.state is State.UNMET]
    known = [year for year in years if year is not None]
    return max(known) if known and len(known) == len(years) else None
