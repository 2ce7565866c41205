"""Judges a person or a unit against an award of a rulebook. The machine advises; people decide. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from awards.eligibility.facts import Candidate
from awards.eligibility.findings import Basis, Finding, State, every, some
from awards.eligibility.rulebook import Condition, Rulebook, RuleError
from awards.eligibility.words import MEANING


class Outlook(NamedTuple):
    """What is missing on the way that goes by facts: also where another way needs nothing but somebody's word.

    ``only_signed``: no such way is met, so that the award rests on what a person may say alone.
    """

    lacking: tuple[Finding, ...]
    earliest: int | None
    only_signed: bool


class Assessment(NamedTuple):
    """All findings for one award; ``state`` and ``earliest`` sum them up."""

    award: str
    findings: tuple[Finding, ...]
    state: State
    earliest: int | None
    bases: tuple[Basis, ...]

    @property
    def spent_bases(self) -> tuple[Basis, ...]:
        """What the award spends when it is given, each once, also where a condition is open or was dispensed with."""
        found = (basis for one in self.findings for basis in one.spent())
        return tuple({(basis.kind, basis.key): basis for basis in found}.values())

    @property
    def outlook(self) -> Outlook:
        """Told anew whenever it is asked for: of thousands only those who wait for a person are asked."""
        lacking = tuple(leaf for one in self.findings for leaf in one.lacking(by_facts=True))
        missed = [leaf for leaf in lacking if leaf.state is State.UNMET]
        if self.state is State.UNMET:
            return Outlook(lacking, self.earliest, only_signed=False)
        years = [leaf.earliest for leaf in lacking if leaf in missed or leaf.earliest]
        known = [year for year in years if year is not None]
        return Outlook(lacking, max(known) if known and len(known) == len(years) else None, bool(missed))


def assess(award: str, candidate: Candidate, rulebook: Rulebook) -> Assessment:
    """Every condition of the award in the order of the law; ``RuleError`` where the rulebook has no such award."""
    return _assess(award, candidate, rulebook, {})


def assess_all(candidate: Candidate, rulebook: Rulebook, awards: Mapping[str, str]) -> list[Assessment]:
    """Every award of the rulebook that is for this kind of recipient; ``awards`` says for whom each is."""
    known: Known = {}  # what one award asks of another is judged once
    return [
        _assess(award, candidate, rulebook, known)
        for award in rulebook.conditions
        if awards.get(award) == candidate.recipient
    ]


Known = dict[str, tuple[Finding, ...] | None]


def _assess(award: str, candidate: Candidate, rulebook: Rulebook, known: Known) -> Assessment:
    findings = _findings(award, candidate, rulebook, known)
    whole = every(findings)
    return Assessment(award, findings, whole.state, whole.earliest, whole.bases)


def _findings(award: str, candidate: Candidate, rulebook: Rulebook, known: Known) -> tuple[Finding, ...]:
    """``None`` stands for an award that is just being judged: whoever meets it there runs in a circle."""
    if award not in rulebook.conditions:
        raise RuleError(f"Quy định áp dụng ngày {rulebook.day:%d/%m/%Y} không có “{rulebook.name(award)}”.")
    if award not in known:
        known[award] = None
        known[award] = tuple(_judge(one, candidate, rulebook, known) for one in rulebook.conditions[award])
    found = known[award]
    if found is None:
        raise RuleError(f"Tiêu chuẩn vòng tròn: “{rulebook.name(award)}” dẫn trở lại chính nó.")
    return found


def _judge(condition: Condition, candidate: Candidate, rulebook: Rulebook, known: Known) -> Finding:
    word = condition.word
    if word == "meets":  # what the other award rests on is not spent by this one
        found = every(_findings(condition.asked["award"], candidate, rulebook, known))._replace(bases=())
    elif word in ("all", "any", "n_of"):
        parts = [_judge(part, candidate, rulebook, known) for part in condition.parts]
        found = every(parts) if word == "all" else some(parts, condition.asked.get("n", 1))
    else:
        found = MEANING[word](candidate, condition.asked)
    return Finding(*(found[:6] + condition.told))
