"""Findings as plain data for JSON, and whether they are what somebody expected. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from awards.eligibility.assessing import Assessment
from awards.eligibility.facts import OCCASIONS
from awards.eligibility.findings import Basis, Finding, State
from awards.eligibility.occasions import given_as, occasions
from awards.eligibility.rulebook import Rulebook


def told(assessment: Assessment, rulebook: Rulebook) -> dict[str, Any]:
    return {
        "award": assessment.award,
        "name": rulebook.name(assessment.award),
        "state": assessment.state.value,
        "earliest": assessment.earliest,
        "occasions": occasions(assessment),
        "findings": [_finding(one, rulebook) for one in assessment.findings],
        "bases": _bases(assessment.bases),
    }


def disagreements(assessment: Assessment, expected: Mapping[str, Any]) -> list[str]:
    """Where the finding is not what was expected, in sentences."""
    found = []
    if assessment.state.value != expected["state"]:
        found.append(f"mong đợi {expected['state']}, kết quả {assessment.state.value}")
    if "earliest" in expected and assessment.earliest != expected["earliest"]:
        found.append(
            f"mong đợi sớm nhất năm {expected['earliest']}, kết quả {assessment.earliest or 'không rõ'}"
        )
    decisive = list(_decisive(assessment.findings, assessment.state))
    for reason in expected.get("because", ()):
        if not any(
            reason in (one.word, one.document) or reason in one.citation or reason in one.wording
            for one in decisive
        ):
            words = ", ".join(one.word for one in decisive) or "không có"
            found.append(f"mong đợi vì “{reason}”, kết quả vì {words}")
    said = " ".join(f"{leaf.fact} {leaf.wanting}" for one in assessment.findings for leaf in one.leaves())
    found += [
        f"mong đợi câu “{text}”, kết quả: {said}" for text in expected.get("says", ()) if text not in said
    ]
    outlook = assessment.outlook
    if "earliest_by_facts" in expected and outlook.earliest != expected["earliest_by_facts"]:
        found.append(
            f"mong đợi theo dữ kiện sớm nhất năm {expected['earliest_by_facts']}, kết quả {outlook.earliest}"
        )
    lacking = sorted({leaf.word for leaf in outlook.lacking})
    if "lacks" in expected and lacking != sorted(expected["lacks"]):
        found.append(f"mong đợi còn thiếu {expected['lacks']}, kết quả {lacking}")
    given = occasions(assessment)[0]
    if "given_for" in expected and given != expected["given_for"]:
        found.append(f"mong đợi khen {OCCASIONS[expected['given_for']]}, kết quả khen {OCCASIONS[given]}")
    spent = sorted(one.key for one in given_as(assessment, given).spent_bases)
    if "spends" in expected and spent != sorted(expected["spends"]):
        found.append(f"mong đợi dùng {expected['spends']}, kết quả dùng {spent}")
    return found


def _decisive(findings: Iterable[Finding], state: State) -> Iterable[Finding]:
    """The conditions that make the whole what it is, those under a connective after it."""
    for one in findings:
        if one.state is state:
            yield one
            yield from _decisive(one.parts, state)


def _finding(one: Finding, rulebook: Rulebook) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "word": one.word,
        "wording": one.wording,
        "fact": one.fact,
        "wanting": one.wanting,
        "citation": one.citation,
        "document": one.document,
        "number": rulebook.title(one.document),
        "earliest": one.earliest,
        "is_confirmed": one.is_confirmed,
        "bases": _bases(one.bases),
        "parts": [_finding(part, rulebook) for part in one.parts],
    }


def _bases(bases: Iterable[Basis]) -> list[dict[str, str]]:
    return [{"kind": one.kind, "key": one.key, "name": one.name} for one in bases]
