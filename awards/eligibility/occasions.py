"""For which kind of commendation an award is given: that of the way by which its standard is met. Pure.

Who is commended for a movement or for something sudden has no basis for a higher award of merit by that; so it is kept
by which of the law's alternatives somebody got there. The rules name the kind of a way (``occasion``); a way without
one is công trạng.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from awards.eligibility.assessing import Assessment
from awards.eligibility.findings import CHOICES, Finding, State, distance, every, some
from awards.eligibility.provisions import Condition
from awards.eligibility.rulebook import Rulebook

REGULAR = "regular"
BEST_FIRST = (REGULAR, "contribution", "thematic", "sudden")  # what may be a basis later comes first
NO_BASIS = ("thematic", "sudden")


def occasions(assessment: Assessment) -> list[str]:
    """The kinds for which it may be given as it stands, the best for the candidate first.

    Of alternatives those count that are met; while none is, the nearest ones: those that lack least and have most.
    """
    found = _kinds(every(assessment.findings), standing=True)
    return sorted(found, key=BEST_FIRST.index)


def branches(assessment: Assessment) -> bool:
    """Whether the standard has ways to more kinds than one."""
    return len(_kinds(every(assessment.findings), standing=False)) > 1


def has_way(conditions: Iterable[Condition], occasion: str) -> bool:
    """Whether a standard says of one of its ways that it is of this kind."""
    return any(one.occasion == occasion or has_way(one.parts, occasion) for one in conditions)


def given_as(assessment: Assessment, occasion: str) -> Assessment:
    """As if only the ways of that kind were there: what it rests on, and spends, is theirs alone."""
    return assessment._replace(findings=tuple(_only(one, occasion) for one in assessment.findings))


def told_ways(assessment: Assessment, occasion: str, rulebook: Rulebook) -> tuple[str, bool]:
    """By which alternatives it is of that kind, with their articles; and whether they are met."""
    ways = [way for one in assessment.findings for way in _ways(one, occasion)]
    text = "; ".join(f"{one.wording} ({one.citation}, {rulebook.title(one.document)})" for one in ways)
    return text, bool(ways) and all(one.state is State.MET for one in ways)


def _kinds(one: Finding, *, standing: bool) -> frozenset[str]:
    if one.occasion:
        return frozenset((one.occasion,))
    parts = _standing(one) if standing else one.parts
    below = [_kinds(part, standing=standing) for part in parts]
    if one.word in CHOICES:
        return frozenset().union(*below)
    return frozenset(_joined(kinds) for kinds in product(*below))


def _standing(one: Finding) -> Iterable[Finding]:
    if one.word not in CHOICES:
        return one.parts
    if one.state is State.MET:
        return [part for part in one.parts if part.state is State.MET]
    near = min(distance(part) for part in one.parts)
    return [part for part in one.parts if distance(part) == near]


def _joined(kinds: Iterable[str]) -> str:
    """Of conditions that all must hold the one with a kind says it for the whole."""
    return next((kind for kind in kinds if kind != REGULAR), REGULAR)


def _only(one: Finding, occasion: str) -> Finding:
    if one.occasion or not one.parts:
        return one
    if one.word == "any":
        kept = [part for part in one.parts if occasion in _kinds(part, standing=False)] or one.parts
        found = some([_only(part, occasion) for part in kept])
    elif one.word == "all":
        found = every([_only(part, _led(part, occasion)) for part in one.parts])
    else:
        return one
    return one._replace(state=found.state, bases=found.bases, parts=found.parts, earliest=found.earliest)


def _led(part: Finding, occasion: str) -> str:
    return occasion if occasion in _kinds(part, standing=False) else REGULAR


def _ways(one: Finding, occasion: str) -> Iterator[Finding]:
    """Below a fork the alternatives of that kind; the conditions that all kinds share say nothing of it."""
    if one.occasion:
        if one.occasion == occasion:
            yield one
    elif _kinds(one, standing=False) != {REGULAR}:
        parts = [part for part in _standing(one) if occasion in _kinds(part, standing=True)]
        for part in parts if one.word in CHOICES else one.parts:
            inside = list(_ways(part, occasion))
            yield from inside or ([part] if one.word in CHOICES else [])
