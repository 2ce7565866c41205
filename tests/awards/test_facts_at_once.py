"""Holds, facts and sheets of ratings at the same moment: one wins, the others are told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.actions import history
from awards.actions.facts import enter_fact, withdraw_fact
from awards.actions.holds import place_hold, release_hold
from awards.importing.ratings import plan_of_ratings
from awards.models import AnnualRating, Discipline, HistoryImport, Hold
from core.attachments import store
from core.models import Entry, Letter
from core.workflow import Refused
from organization.models import User
from tests.awards.test_facts import REPRIMAND
from tests.awards.test_holds import FACTS
from tests.awards.test_rating_import import AN, YEAR, workbook
from tests.cast import build_cast
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


def won(results: list[Any]) -> int:
    for one in results:
        assert not isinstance(one, Exception) or isinstance(one, Refused), one
    return sum(not isinstance(one, Exception) for one in results)


def test_a_hold_is_placed_and_released_once(cast: dict[str, User]) -> None:
    person, office = cast["clerk"].person, cast["office"]  # type: ignore[attr-defined]
    assert won(race(lambda _: place_hold(person=person, by=office, **FACTS), AT_ONCE)) == 1
    hold = Hold.objects.get()
    again = race(lambda _: release_hold(Hold.objects.get(), reason="Kết luận", by=office), AT_ONCE)
    assert won(again) == 1
    hold.refresh_from_db()
    assert (hold.ended_on is not None, hold.version) == (True, 2)
    assert Entry.objects.filter(target_type="awards.hold").count() == 2
    assert Letter.objects.filter(kind="awards/hold_released").count() == 3


def test_a_fact_is_written_and_withdrawn_once(cast: dict[str, User]) -> None:
    person, office = cast["clerk"].person, cast["office"]  # type: ignore[attr-defined]
    assert won(race(lambda _: enter_fact(Discipline, person, REPRIMAND, by=office), AT_ONCE)) == 1
    rows = [Discipline.objects.get() for _ in range(AT_ONCE)]
    assert won(race(lambda at: withdraw_fact(rows[at], reason="Nhầm", by=office), AT_ONCE)) == 1
    assert Entry.objects.filter(verb="withdraw").count() == 1


def test_a_sheet_of_ratings_is_written_once(cast: dict[str, User]) -> None:
    office = cast["office"]
    file = store(SimpleUploadedFile("xep-loai.xlsx", workbook(AN)), by=office)
    one = history.receive(file, by=office, counts={}, kind=HistoryImport.Kind.RATINGS, year=YEAR)
    shown = plan_of_ratings(one, own=None).digest

    def confirm(_: int) -> Any:
        mine = HistoryImport.objects.get(pk=one.pk)
        return history.apply(mine, plan=lambda: plan_of_ratings(mine, own=None), shown=shown, by=office)

    assert won(race(confirm, AT_ONCE)) == 1
    assert AnnualRating.objects.get().version == 1
