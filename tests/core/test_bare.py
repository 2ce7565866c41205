"""Bare rows are what the ORM would give: same values, same joined rows, what was not asked for is read when touched."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from core import bare as module
from core.bare import Bare
from organization.models import Posting, Unit, User

pytestmark = pytest.mark.django_db
READS = (
    "started_on",
    "person__given_name",
    "person__user__username",
    "unit__short_name",
    "unit__parent__name",
)


def facts(row: Posting) -> tuple[Any, ...]:
    person, unit = row.person, row.unit
    account = person.user.username if person.user else ""
    above = unit.parent.name if unit.parent else ""
    keys = (row.pk, row.person_id, row.unit_id, person.user_id, unit.parent_id)
    return (*keys, row.started_on, person.given_name, account, unit.short_name, above)


@pytest.mark.parametrize("stream", [False, True])
def test_they_say_what_whole_rows_say(cast: dict[str, User], stream: bool) -> None:
    rows = Posting.objects.order_by("-pk")
    with CaptureQueriesContext(connection) as asked:
        found = [facts(row) for row in Bare(Posting, READS).rows(rows, stream=stream)]
    assert found == [facts(row) for row in rows]
    assert len(found) > 5
    assert len([one for one in asked if "SELECT" in one["sql"]]) == 1


def test_people_without_an_account_and_the_topmost_unit_have_nothing_there(cast: dict[str, User]) -> None:
    Posting.objects.first().person.__class__.objects.update(user=None)  # type: ignore[union-attr]
    assert {row.person.user for row in Bare(Posting, READS).rows(Posting.objects.all())} == {None}
    tops = Bare(Unit, ("name", "parent__name")).rows(Unit.objects.filter(parent=None))
    assert [unit.parent for unit in tops] == [None]


def test_what_was_not_asked_for_is_read_when_touched(clerk: User) -> None:
    [row] = Bare(Posting, READS).rows(Posting.objects.filter(person__user=clerk))
    whole = Posting.objects.get(pk=row.pk)
    assert row == whole
    assert (row.basis, row.unit.code, row.post) == (whole.basis, whole.unit.code, whole.post)


def test_figures_of_the_database_come_along(cast: dict[str, User]) -> None:
    rows = Unit.objects.annotate(people=Count("postings")).order_by("pk")
    found = {unit.pk: unit.people for unit in Bare(Unit, ("name",), ("people",)).rows(rows)}
    assert found == {unit.pk: unit.postings.count() for unit in Unit.objects.all()}


def test_joined_rows_are_forgotten_now_and_then(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)
    rows = Posting.objects.order_by("pk")
    assert [facts(row) for row in Bare(Posting, READS).rows(rows)] == [facts(row) for row in rows]
