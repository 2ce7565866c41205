"""The cases of ``tests/cases/awards``: what a lawyer expects of every award under every law."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from awards.eligibility.assessing import assess
from awards.eligibility.facts import Candidate
from awards.eligibility.findings import SIGNED, Finding, State
from awards.eligibility.provisions import Condition
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.sources import RuleSource
from awards.eligibility.telling import disagreements
from awards.importing.cases import Case, read_cases
from awards.reference import source_of_files

FOLDER = Path(__file__).parent.parent / "cases" / "awards"
FILES = sorted(FOLDER.glob("*.yaml"))
REGIMES = {"đến 31/12/2023": date(2023, 12, 31), "đến 30/6/2025": date(2025, 6, 30), "từ 01/7/2025": date.max}
BORDERS = {date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1)}

NOT_OF_RECORD = {
    *SIGNED,
    "no_hold",
}  # what a person says, the review names, or a case of its own is asked for


class Told(NamedTuple):
    """A case as one award sees it."""

    case: Case
    award: str
    rulebook: Rulebook
    leaves: tuple[Finding, ...]

    @property
    def candidate(self) -> Candidate:
        return self.case.candidate

    def ends(self, state: str, *words: str) -> bool:
        """The award ends so, and where words are given one of them is why."""
        found = {leaf.word for leaf in self.leaves if leaf.state == state}
        return self.case.expected[self.award]["state"] == state and (not words or bool(found & set(words)))

    def left(self, *, commented: bool) -> bool:
        """A unit was left after the province's months of the year."""
        least = int(self.rulebook.settings["transfer-months"])
        return any(
            not one.is_present and one.months >= least and one.has_comment == commented
            for one in self.candidate.places
        )

    def spent(self, *, on_itself: bool) -> bool:
        """An initiative has served before: for this very award, or for another one."""
        return any(
            (use.award == self.award) == on_itself
            for one in self.candidate.initiatives
            for use in one.spent_on
        )

    @property
    def lent(self) -> bool:
        """Titles have served before, for nothing but other awards."""
        uses = {use.award for one in self.candidate.titles for use in one.spent_on}
        return bool(uses) and self.award not in uses

    @property
    def carries_on(self) -> bool:
        """It holds the title of a year in which it did not exist yet: of the units that it was made from."""
        founded = self.candidate.founded_on
        return founded is not None and any(one.year < founded.year for one in self.candidate.titles)

    @property
    def is_of_the_year(self) -> bool:
        """Merged in the reviewed year: its members are those of the new unit."""
        founded = self.candidate.founded_on
        return founded is not None and founded.year == self.candidate.year


# What a lawyer must find of every award under every law whose rules know the word (first); for persons or for units.
KINDS: dict[str, tuple[str, str, Callable[[Told], bool]]] = {
    "đang xem xét, xác minh": (
        "no_hold",
        "",
        lambda one: bool(one.candidate.holds) and one.ends("unmet", "no_hold"),
    ),
    "chuyển công tác, chờ nhận xét": (
        "transfer",
        "individual",
        lambda one: one.left(commented=False) and one.ends("open", "transfer"),
    ),
    "chuyển công tác, có nhận xét": (
        "transfer",
        "individual",
        lambda one: one.left(commented=True) and one.ends("met"),
    ),
    "sáng kiến đã dùng cho chính danh hiệu": (
        "initiative",
        "individual",
        lambda one: one.spent(on_itself=True) and one.ends("unmet", "initiative"),
    ),
    "sáng kiến đã dùng cho hình thức khác, mỗi hình thức một lần": (
        "initiative",
        "individual",
        lambda one: one.spent(on_itself=False) and one.rulebook.reuse == "once_per_award" and one.ends("met"),
    ),
    "sáng kiến đã dùng cho hình thức khác, một lần duy nhất": (
        "initiative",
        "individual",
        lambda one: (
            one.spent(on_itself=False) and one.rulebook.reuse == "once" and one.ends("unmet", "initiative")
        ),
    ),
    "danh hiệu đã dùng cho chính danh hiệu, hình thức": (
        "title",
        "",
        lambda one: (
            any(use.award == one.award for held in one.candidate.titles for use in held.spent_on)
            and one.ends("unmet", "title")
        ),
    ),
    "danh hiệu đã dùng cho hình thức khác, mỗi hình thức một lần": (
        "title",
        "",
        lambda one: one.lent and one.rulebook.reuse == "once_per_award" and one.ends("met", "title"),
    ),
    "danh hiệu đã dùng cho hình thức khác, một lần duy nhất": (
        "title",
        "",
        lambda one: one.lent and one.rulebook.reuse == "once" and one.ends("unmet", "title"),
    ),
    "danh hiệu còn thiếu": (
        "title",
        "",
        lambda one: not any(held.spent_on for held in one.candidate.titles) and one.ends("unmet", "title"),
    ),
    "danh hiệu của đơn vị trước sáp nhập": (
        "title",
        "collective",
        lambda one: one.carries_on and one.ends("met", "title"),
    ),
    "sáp nhập trong năm, tỷ lệ tính trên đơn vị mới, đủ": (
        "members",
        "collective",
        lambda one: one.is_of_the_year and one.ends("met", "members"),
    ),
    "sáp nhập trong năm, tỷ lệ tính trên đơn vị mới, thiếu": (
        "members",
        "collective",
        lambda one: one.is_of_the_year and one.ends("unmet", "members"),
    ),
    "đủ số năm thành lập": ("existed", "collective", lambda one: one.ends("met", "existed")),
    "thiếu số năm thành lập": ("existed", "collective", lambda one: one.ends("unmet", "existed")),
}


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


@pytest.mark.parametrize("award", sorted(source().names))
def test_every_award_has_every_kind_of_case_under_every_law(award: str) -> None:
    missing = []
    for name in REGIMES:
        found = [one for one in told(award) if regime(one.candidate.day) == name]
        known = set().union(*(words(one.rulebook, award) for one in found))
        missing += [
            f"{name}: {kind}"
            for kind, (word, recipient, is_one) in KINDS.items()
            if word in known
            and recipient in ("", source().recipients[award])
            and not any(is_one(one) for one in found)
        ]
        if record := known - NOT_OF_RECORD:
            missing += [
                f"{name}: {state} theo dữ kiện"
                for state in ("met", "unmet")
                if not any(one.ends(state, *record) for one in found)
            ]
    assert not missing, "\n".join(missing)


def told(award: str) -> list[Told]:
    return [found(case, award) for each in cases().values() for case in each if award in case.expected]


def found(case: Case, award: str) -> Told:
    rulebook = source().rulebook(case.candidate.day, changed=case.settings)
    judged = assess(award, case.candidate, rulebook)
    return Told(case, award, rulebook, tuple(leaf for one in judged.findings for leaf in one.leaves()))


def words(rulebook: Rulebook, award: str) -> set[str]:
    return set(_words(rulebook, rulebook.conditions[award]))


def _words(rulebook: Rulebook, conditions: Iterable[Condition]) -> Iterable[str]:
    """What the standard asks, that of the award it includes among it."""
    for one in conditions:
        if one.word == "meets":
            yield from words(rulebook, one.asked["award"])
        elif one.parts:
            yield from _words(rulebook, one.parts)
        else:
            yield one.word


def test_what_is_not_met_says_why() -> None:
    silent = [
        f"{case.name}: {award}"
        for each in cases().values()
        for case in each
        for award, expected in case.expected.items()
        if expected["state"] != "met" and not expected.get("because")
    ]
    assert not silent


def test_every_finding_has_wording_article_document_and_fact() -> None:
    for each in cases().values():
        for case in each:
            rulebook = source().rulebook(case.candidate.day, changed=case.settings)
            for award in case.awards:
                for finding in assess(award, case.candidate, rulebook).findings:
                    for leaf in finding.leaves():
                        assert leaf.wording, (case.name, leaf)
                        assert leaf.citation, (case.name, leaf)
                        assert leaf.document in rulebook.titles, (case.name, leaf)
                        assert leaf.fact or leaf.state is State.UNMET, (case.name, leaf)
