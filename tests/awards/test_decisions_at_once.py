"""Decisions under many hands, and under a process that dies: one wins, the others are told, nothing is half done."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from awards.actions import decisions, recoveries
from awards.models import BasisUse, Decision, DecisionEntry, Dropping, Honour, Nomination, Recovery, Review
from awards.queries.decisions import waiting
from core.models import Entry, Letter
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, carried_review
from tests.cast import build_cast
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8
PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


@pytest.fixture
def review(cast: dict[str, User]) -> Review:
    return carried_review(cast["office"], cast["clerk"], Unit.objects.get(code="cchc"))


def drafted(review: Review, office: User, title: str = "Khen thưởng") -> Decision:
    return decisions.draft(review, "so", waiting(review), {**DECISION_HEAD, "title": title}, by=office)


def won(results: list[Any]) -> int:
    for one in results:
        assert not isinstance(one, Exception) or isinstance(one, Refused), one
    return sum(not isinstance(one, Exception) for one in results)


def test_a_decision_is_noted_as_signed_once(review: Review, cast: dict[str, User]) -> None:
    office = cast["office"]
    pk = drafted(review, office).pk
    results = race(lambda _: decisions.issue(Decision.objects.get(pk=pk), PAPER, by=office), AT_ONCE)
    assert (won(results), Honour.objects.count()) == (1, 2)
    assert sum(isinstance(one, AlreadyDone) for one in results) == AT_ONCE - 1
    assert Entry.objects.filter(verb="issue").count() == 1
    assert Letter.objects.filter(kind="awards/congratulation").count() == 2


def test_two_people_sign_it_under_two_numbers(review: Review, cast: dict[str, User]) -> None:
    pk, by = drafted(review, cast["office"]).pk, [cast["office"], cast["director"]]

    def act(number: int) -> None:
        paper = {**PAPER, "number": f"{number}/QĐ-SNV"}
        decisions.issue(Decision.objects.get(pk=pk), paper, by=by[number % 2], version=1)

    assert won(race(act, AT_ONCE)) == 1
    number = Decision.objects.get().number
    assert set(Honour.objects.values_list("decision_number", flat=True)) == {number}


def test_two_decisions_under_one_number(review: Review, cast: dict[str, User]) -> None:
    """Each has a lock of its own; the number is taken once, and the other is told."""
    office = cast["office"]
    pks = [
        decisions.draft(review, "so", waiting(review).filter(pk=one.pk), DECISION_HEAD, by=office).pk
        for one in waiting(review)
    ]
    results = race(lambda at: decisions.issue(Decision.objects.get(pk=pks[at]), PAPER, by=office), len(pks))
    assert (won(results), Decision.objects.filter(number=PAPER["number"]).count()) == (1, 1)
    assert Honour.objects.count() == 1


def test_a_nomination_is_put_on_a_list_or_dropped(review: Review, cast: dict[str, User]) -> None:
    office, one = cast["office"], waiting(review)[0]

    def act(at: int) -> None:
        if at % 2:
            decisions.drop(Nomination.objects.get(pk=one.pk), reason="Giám đốc không đồng ý", by=office)
        else:
            decisions.draft(Review.objects.get(pk=review.pk), "so", [one], DECISION_HEAD, by=office)

    assert won(race(act, 4)) == 1
    assert Dropping.objects.count() + DecisionEntry.objects.count() == 1


def test_a_nomination_stands_on_one_draft(review: Review, cast: dict[str, User]) -> None:
    office, chosen = cast["office"], list(waiting(review))
    results = race(
        lambda at: decisions.draft(
            Review.objects.get(pk=review.pk), "so", chosen, {**DECISION_HEAD, "title": f"Bản {at}"}, by=office
        ),
        AT_ONCE,
    )
    assert (won(results), Decision.objects.count(), DecisionEntry.objects.count()) == (1, 1, 2)


def test_two_drafts_reach_for_the_same_nomination(review: Review, cast: dict[str, User]) -> None:
    """Each draft has a lock of its own; the table itself keeps a nomination on one of them."""
    office, chosen = cast["office"], list(waiting(review))
    drafts = []
    for at in range(AT_ONCE):
        one = decisions.draft(review, "so", [], {**DECISION_HEAD, "title": f"Bản {at}"}, by=office)
        drafts.append(one.pk)

    def act(at: int) -> None:
        mine = Decision.objects.get(pk=drafts[at])
        decisions.change(mine, chosen, {**DECISION_HEAD, "title": f"Bản {at} sửa"}, by=office, version=1)

    assert won(race(act, AT_ONCE)) == 1
    assert DecisionEntry.objects.values("decision").distinct().count() == 1
    assert Decision.objects.filter(version=2).count() == 1  # who was told has changed nothing


def test_cancelled_once_recovered_once(review: Review, cast: dict[str, User]) -> None:
    office = cast["office"]
    decision = drafted(review, office)
    decisions.issue(decision, PAPER, by=office)
    facts = {"on": date(2025, 3, 1), "number": "50/QĐ-SNV", "comment": "Kê khai sai"}
    results = race(
        lambda _: decisions.cancel(Decision.objects.get(pk=decision.pk), **facts, by=office),  # type: ignore[arg-type]
        AT_ONCE,
    )
    assert (won(results), Recovery.objects.count()) == (1, 4)
    gift = Recovery.objects.filter(kind="gift").first()
    assert gift

    def act(at: int) -> None:
        mine = Recovery.objects.get(pk=gift.pk)
        if at % 2:
            recoveries.waive(mine, by=office, comment="Chưa trao bằng")
        else:
            recoveries.recover(mine, on=date(2025, 3, 5), paper="Biên bản 1", by=office)

    assert won(race(act, AT_ONCE)) == 1
    gift.refresh_from_db()
    assert (gift.state == "done") == (gift.paper == "Biên bản 1")
    assert (gift.state == "nothing") == (gift.note == "Chưa trao bằng")


def test_a_process_that_dies_in_the_middle_leaves_nothing(review: Review, cast: dict[str, User]) -> None:
    office = cast["office"]
    decision = drafted(review, office)
    lines = Entry.objects.count()

    inserts: list[str] = []

    def die(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "awards_honour"'):
            inserts.append(sql)
            if len(inserts) == 2:
                raise SystemExit
        return execute(sql, *rest)

    with connection.execute_wrapper(die), pytest.raises(SystemExit):
        decisions.issue(Decision.objects.get(pk=decision.pk), PAPER, by=office)
    decision.refresh_from_db()
    assert (decision.state, decision.number, decision.version) == ("draft", "", 1)
    assert not Honour.objects.exists()
    assert not BasisUse.objects.exists()
    assert not decision.entries.exclude(honour=None).exists()
    assert Entry.objects.count() == lines
    assert not Letter.objects.filter(kind="awards/congratulation").exists()
    assert len(decisions.issue(decision, PAPER, by=office)) == 2  # and then it goes as if nothing had been


def test_what_stands_in_the_register_already_is_told(review: Review, cast: dict[str, User]) -> None:
    office, decision = cast["office"], drafted(review, cast["office"])
    entry = decision.entries.get(nomination__award__code=FIGHTER)
    Honour.objects.create(
        person=cast["clerk"].person,  # type: ignore[attr-defined]
        award=entry.nomination.award, year=2024, decision_number=PAPER["number"], decided_on=PAPER["signed_on"],
        decided_by="Giám đốc", name_then="Nguyễn Văn An",
    )  # fmt: skip
    with pytest.raises(Refused, match="Sổ đã có"):
        decisions.issue(decision, PAPER, by=office)
    decision.refresh_from_db()
    assert (decision.state, Honour.objects.count()) == ("draft", 1)
