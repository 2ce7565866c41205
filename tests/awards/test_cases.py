"""The cases of ``tests/cases/awards``: what a lawyer expects of every award under every law."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from awards.eligibility.assessing import assess
from awards.eligibility.findings import Finding, State
from awards.eligibility.sources import RuleSource
from awards.eligibility.telling import disagreements
from awards.importing.cases import Case, read_cases
from awards.reference import source_of_files

FOLDER = Path(__file__).parent.parent / "cases" / "awards"
FILES = sorted(FOLDER.glob("*.yaml"))
REGIMES = {"đến 31/12/2023": date(2023, 12, 31), "đến 30/6/2025": date(2025, 6, 30), "từ 01/7/2025": date.max}
BORDERS = {date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1)}


@cache
def source() -> RuleSource:
    return source_of_files(settings.BASE_DIR / "reference")


@cache
def cases() -> dict[str, list[Case]]:
    return {path.stem: read_cases(path, source()) for path in FILES}


def regime(day: date) -> str:
    return next(name for name, last in REGIMES.items() if day <= last)


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_every_case_ends_as_expected(name: str) -> None:
    wrong = []
    for case in cases()[name]:
        rulebook = source().rulebook(case.candidate.day, changed=case.settings)
        for award, expected in case.expected.items():
            found = assess(award, case.candidate, rulebook)
            wrong += [f"{case.name}: {award}: {told}" for told in disagreements(found, expected)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("award", sorted(source().names))
def test_every_award_has_six_cases_under_every_law(award: str) -> None:
    found = [case for each in cases().values() for case in each if award in case.expected]
    counts = Counter(regime(case.candidate.day) for case in found)
    assert {name: counts[name] for name in REGIMES if counts[name] < 6} == {}
    for name in REGIMES:
        states = {case.expected[award]["state"] for case in found if regime(case.candidate.day) == name}
        assert {"met", "unmet"} <= states, name
    assert {case.candidate.day for case in found} >= BORDERS


def test_what_is_not_met_says_why() -> None:
    silent = [
        f"{case.name}: {award}"
        for each in cases().values()
        for case in each
        for award, expected in case.expected.items()
        if expected["state"] != "met" and not expected.get("because")
    ]
    assert not silent


def leaves(finding: Finding) -> list[Finding]:
    return list(finding.leaves())


def test_every_finding_has_wording_article_document_and_fact() -> None:
    for each in cases().values():
        for case in each:
            rulebook = source().rulebook(case.candidate.day, changed=case.settings)
            for award in case.awards:
                for finding in assess(award, case.candidate, rulebook).findings:
                    for leaf in leaves(finding):
                        assert leaf.wording, (case.name, leaf)
                        assert leaf.citation, (case.name, leaf)
                        assert leaf.document in rulebook.titles, (case.name, leaf)
                        assert leaf.fact or leaf.state is State.UNMET, (case.name, leaf)
