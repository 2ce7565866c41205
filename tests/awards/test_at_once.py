"""Many at the same moment: one wins, the others are told, nothing is written twice."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.actions import history, initiatives, register
from awards.importing.history import plan_of_import
from awards.models import Award, HistoryImport, Honour, Initiative
from core.attachments import store
from core.models import Entry, Letter
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.builders import TITLE, build_catalogue
from tests.awards.initiatives import DECISION, bring_to, facts
from tests.awards.test_history_import import AN, workbook
from tests.cast import build_campaign_year, build_cast
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


@pytest.fixture
def awards(cast: dict[str, User]) -> dict[str, Award]:
    return build_catalogue(build_campaign_year())


def _won(results: list[Any]) -> int:
    """Whoever was not told that he came too late; anything else that was raised is an error."""
    for one in results:
        assert not isinstance(one, Exception) or isinstance(one, Refused), one
    return sum(not isinstance(one, Exception) for one in results)


def test_the_same_honour_is_written_once(cast: dict[str, User], awards: dict[str, Award]) -> None:
    paper = {
        "award": awards[TITLE], "year": 2022, "occasion": "regular", "decision_number": "1/QĐ",
        "decided_on": date(2023, 1, 9), "decided_by": "Giám đốc Sở Nội vụ",
    }  # fmt: skip
    person = cast["clerk"].person
    results = race(lambda _: register.enter(person=person, by=cast["office"], **paper), AT_ONCE)
    assert (_won(results), Honour.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="enter").count() == 1


def test_an_initiative_is_recognised_or_refused_never_both(cast: dict[str, User]) -> None:
    one = initiatives.start(
        facts(Unit.objects.get(code="cchc")), [(cast["clerk"].person, Decimal(100))], by=cast["clerk"]
    )
    bring_to(one, "evaluated", cast)

    def act(number: int) -> None:
        mine = Initiative.objects.get(pk=one.pk)
        if number % 2:
            initiatives.refuse(mine, by=cast["office"], comment="Không mới.")
        else:
            initiatives.recognise(mine, DECISION, by=cast["office"])

    assert _won(race(act, AT_ONCE)) == 1
    one.refresh_from_db()
    assert (one.state == "recognised") == (one.decision_number == "77/QĐ-SNV")
    assert Letter.objects.exclude(kind="awards/initiative_submitted").count() == 1


def test_a_sheet_is_written_once(cast: dict[str, User], awards: dict[str, Award]) -> None:
    office = cast["office"]
    file = store(SimpleUploadedFile("so-cu.xlsx", workbook(AN)), by=office)
    one = history.receive(file, by=office, counts={})
    shown = plan_of_import(one, own=None).digest

    def act(_: int) -> None:
        mine = HistoryImport.objects.select_related("file").get(pk=one.pk)
        history.apply(mine, plan=lambda: plan_of_import(mine, own=None), shown=shown, by=office)

    results = race(act, AT_ONCE)
    assert (_won(results), Honour.objects.count()) == (1, 1)
    assert sum(isinstance(result, AlreadyDone) for result in results) == AT_ONCE - 1
