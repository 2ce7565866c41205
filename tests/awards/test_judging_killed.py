"""A worker that is killed with -9 while it judges: nothing half of it is left, and the next one finishes."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awards import actions
from awards.models import Prospect, Review
from awards.tasks import judge_outdated
from core import clock
from organization.models import User
from tests.awards.seasons import open_review, rate
from tests.cast import build_cast
from tests.letters.machinery import Machinery
from tests.letters.sink import free_port
from tests.trust.racing import shared_database

pytestmark = pytest.mark.django_db(transaction=True)

# The worker's own work, until the database has carried out the statement after which it dies.
DYING = """
import os, signal, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "emulation_portal.settings"
django.setup()
from django.db import connection
from awards.models import Review
from awards.tasks import judge_review

def watched(execute, sql, params, many, context):
    found = execute(sql, params, many, context)
    if sql.startswith(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    return found

with connection.execute_wrapper(watched):
    judge_review(Review.objects.get().pk)
"""
MOMENTS = {
    "while it judges": 'UPDATE "awards_review"',  # it has told how far it has come
    "when the old words are gone": 'DELETE FROM "awards_prospect"',
    "when the new ones are written": 'INSERT INTO "awards_prospect"',
}


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


def said() -> list[tuple[Any, ...]]:
    return list(
        Prospect.objects.order_by("pk").values_list(
            "pk", "award", "person", "unit", "state", "missing", "earliest"
        )
    )


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_judging_that_is_killed_leaves_nothing_half_done(
    moment: str, cast: dict[str, User], tmp_path: Path
) -> None:
    office = cast["office"]
    review = open_review(office)
    actions.judge(review)
    for part in ("clerk", "colleague", "head"):
        rate(cast[part], "completed", office)  # of whom was open it will be said that he does not qualify
    actions.ask_for_judging(review, by=office)
    before, judged_at = said(), Review.objects.get().judged_at

    worker = Machinery(tmp_path, free_port()).start([sys.executable, "-c", DYING, MOMENTS[moment]])
    assert worker.wait(60) == -signal.SIGKILL

    assert said() == before
    review.refresh_from_db()
    assert (review.judged_at, review.judging_since is not None) == (judged_at, True)
    assert judge_outdated.apply().get() == 0  # for all that anybody knows a worker is at it
    with clock.at(clock.now() + 2 * actions.PATIENCE):
        assert judge_outdated.apply().get() == len(before)
    review.refresh_from_db()
    assert review.judging_since is None
    assert len(said()) == len(before)
    unmet = Prospect.objects.filter(person=cast["clerk"].person, state=Prospect.State.UNMET)  # type: ignore[attr-defined]
    assert unmet.count() == 2
    assert {one[0] for one in said()} != {one[0] for one in before}
