"""Judges a person or a unit against an award of a rulebook. The machine advises; people decide. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from awards.eligibility.facts import Candidate
from awards.eligibility.findings import Basis, Finding, State, every, some, titled
from awards.eligibility.provisions import Condition, RuleError
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.words import MEANING


@dataclass(frozen=True)
class Assessment:
    """All findings for one award; ``state`` and ``earliest`` sum them up."""

    award: str
    findings: tuple[Finding, ...]
    state: State
    earliest: int | None
    bases: tuple[Basis, ...]


def assess(award: str, candidate: Candidate, rulebook: Rulebook) -> Assessment:
    """Every condition of the award in the order of the law; ``RuleError`` where the rulebook has no such award."""
    if award not in rulebook.conditions:
        raise RuleError(f"Quy định áp dụng ngày {rulebook.day:%d/%m/%Y} không có “{rulebook.name(award)}”.")
    findings = tuple(_judge(one, candidate, rulebook, award, (award,)) for one in rulebook.conditions[award])
    whole = every(findings)
    return Assessment(award, findings, whole.state, whole.earliest, whole.bases)


def assess_all(candidate: Candidate, rulebook: Rulebook, awards: Mapping[str, str]) -> list[Assessment]:
    """Every award of the rulebook that is for this kind of recipient; ``awards`` says for whom each is."""
    return [
        assess(award, candidate, rulebook)
        for award in rulebook.conditions
        if awards.get(award) == candidate.recipient
    ]


def _judge(
    condition: Condition, candidate: Candidate, rulebook: Rulebook, award: str, path: tuple[str, ...]
) -> Finding:
    if condition.word == "meets":
        finding = _other(condition, candidate, rulebook, award, path)
    elif condition.word in ("all", "any", "n_of"):
        parts = [_judge(part, candidate, rulebook, award, path) for part in condition.parts]
        needed = condition.asked.get("n", 1)
        finding = every(parts) if condition.word == "all" else some(parts, needed)
    else:
        finding = MEANING[condition.word](candidate, _asked(condition, rulebook, award))
    return titled(
        finding,
        word=condition.word,
        wording=condition.wording,
        citation=condition.citation,
        document=condition.document,
        is_confirmed=condition.is_confirmed,
    )


def _other(
    condition: Condition, candidate: Candidate, rulebook: Rulebook, award: str, path: tuple[str, ...]
) -> Finding:
    """The standard of another award, all its conditions; what it rests on is not spent by this one."""
    other = condition.asked["award"]
    if other in path:
        raise RuleError(f"Tiêu chuẩn vòng tròn: {' → '.join([*path, other])}.")
    if other not in rulebook.conditions:
        raise RuleError(f"“{award}” dẫn đến “{other}” không có trong quy định cùng thời điểm.")
    parts = [_judge(one, candidate, rulebook, award, (*path, other)) for one in rulebook.conditions[other]]
    return replace(every(parts), bases=())


def _asked(condition: Condition, rulebook: Rulebook, award: str) -> dict[str, Any]:
    """The parameters of the condition, with what the rulebook says about names, reuse and excluded occasions."""
    asked = {"award": award, "reuse": rulebook.reuse, "name_of": rulebook.name, **condition.asked}
    if condition.word == "title":
        named = condition.asked["awards"]
        asked["names"] = " hoặc ".join(f"“{rulebook.name(one)}”" for one in named)
        asked.setdefault("excluded_occasions", rulebook.excluded_occasions)
    if condition.word == "members" and "title" in asked:
        asked["name"] = f"“{rulebook.name(asked['title'])}”"
    return asked
