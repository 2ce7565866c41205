"""What a judged condition says: met, not met, or left to a person; by which fact; and when at the earliest. Pure."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """A third answer beside yes and no: nobody has said, or only a person can."""

    MET = "met"
    UNMET = "unmet"
    OPEN = "open"


class Basis(NamedTuple):
    """A title or an initiative that a met condition rests on: it is spent when the award is given."""

    kind: str
    key: str
    name: str


class Finding(NamedTuple):
    """One condition, judged.

    ``fact`` is what was found, ``wanting`` what is missing (or what a person has to say), ``earliest`` the first year
    in which it can be met, ``parts`` the conditions under AND, OR, "any n of" or another award's standard, ``occasion``
    the kind of commendation that the rules give this way.
    """

    state: State
    fact: str = ""
    wanting: str = ""
    earliest: int | None = None
    bases: tuple[Basis, ...] = ()
    parts: tuple["Finding", ...] = ()
    wording: str = ""
    citation: str = ""
    document: str = ""
    word: str = ""
    is_confirmed: bool = True
    point: str = ""
    occasion: str = ""

    def leaves(self) -> Iterator["Finding"]:
        """The conditions that hold no others, in their order."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self

    @property
    def asks_for_facts(self) -> bool:
        """Whether something of it is on record, rather than for a person to say."""
        return any(leaf.word not in SIGNED or leaf.state is State.MET for leaf in self.leaves())

    def lacking(self, *, by_facts: bool = False) -> Iterator["Finding"]:
        """The conditions that keep it from being met; of alternatives only those of the nearest one, ``by_facts`` of
        the nearest one that is not merely for a person to say."""
        if self.state is State.MET:
            return
        if not self.parts:
            yield self
            return
        waiting = [part for part in self.parts if part.state is not State.MET]
        if self.word in CHOICES:
            of_facts = [part for part in waiting if part.asks_for_facts] if by_facts else []
            waiting = nearest(of_facts or waiting)
        for part in waiting:
            yield from part.lacking(by_facts=by_facts)

    def spent(self) -> Iterator[Basis]:
        """What it rests on as far as it is met, whatever the whole says: an award given in spite of an open or missing
        condition spends that too. Of alternatives of which too few are met, those met and the nearest other."""
        if self.state is State.MET:
            yield from self.bases
        elif self.word in CHOICES:
            kept = [part for part in self.parts if part.state is State.MET]
            for part in [*kept, *nearest([part for part in self.parts if part.state is not State.MET])]:
                yield from part.spent()
        elif self.word != "meets":  # what another award rests on is never spent by this one
            for part in self.parts:
                yield from part.spent()


CHOICES = ("any", "n_of")
SIGNED = ("affirmed", "movement")  # a movement is named by the review, not found of somebody


def nearest(parts: list[Finding]) -> list[Finding]:
    """The alternative that lacks least, alone; of equals the one that has more already, then the order of the law."""
    return parts if len(parts) < 2 else [min(parts, key=distance)]


def distance(part: Finding) -> tuple[int, int, int]:
    """What it lacks, what is open of it, and how much it has: the smaller the nearer."""
    states = [leaf.state for leaf in part.lacking()]
    has = sum(leaf.state is State.MET for leaf in part.leaves())
    return states.count(State.UNMET), states.count(State.OPEN), -has


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


def _latest(parts: Sequence[Finding]) -> int | None:
    """All must hold: the last of the years, unknown as soon as one of those not met cannot say."""
    years = [part.earliest for part in parts if part.state is State.UNMET]
    known = [year for year in years if year is not None]
    return max(known) if known and len(known) == len(years) else None
