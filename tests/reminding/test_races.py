"""Two workers write the same digests, the Office presses twice: everybody gets one letter."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from campaigns.models import CampaignYear, Deadline
from core import clock
from core.models import DigestDay, Letter, Notice
from core.workflow import Refused
from emulation_portal.reminding import reference
from emulation_portal.reminding.pressing import remind
from emulation_portal.tasks import write_digests
from organization.models import User
from tests.cast import build_campaign_year, build_cast, fresh
from tests.reminding.test_planning import DUE, PLANS, moment
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
EVE = moment(date(2025, 12, 12))


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        people = build_cast()
        reference.load(PLANS)
        year = build_campaign_year()
        Deadline.objects.filter(campaign_year=year).update(due_on=date(2026, 12, 15))
        Deadline.objects.filter(campaign_year=year, stage="registration").update(due_on=DUE)
        yield people


def test_two_workers_write_one_digest_each(cast: dict[str, User]) -> None:
    def work(_: int) -> Any:
        with clock.at(EVE):
            return write_digests()

    counts = race(work, 6)
    assert sum(counts) == 12, counts
    assert Letter.objects.filter(kind="reminders/digest").count() == 12
    assert Notice.objects.count() == 16
    assert DigestDay.objects.get().letters == 12


def test_pressing_twice_at_once_writes_once(cast: dict[str, User]) -> None:
    year, everybody = CampaignYear.objects.get(), set(User.objects.values_list("pk", flat=True))

    def press(_: int) -> Any:
        with clock.at(EVE):
            return remind(
                CampaignYear.objects.get(pk=year.pk), "registration", seen=everybody, by=fresh(cast["office"])
            )

    results = race(press, 5)
    assert [one for one in results if one == 12] == [12], results
    assert sum(isinstance(one, Refused) for one in results) == 4
    assert Letter.objects.filter(kind="reminders/pressed").count() == 12


def test_a_press_and_the_digests_at_once_tell_everybody_once(cast: dict[str, User]) -> None:
    everybody = set(User.objects.values_list("pk", flat=True))

    def work(number: int) -> Any:
        with clock.at(EVE):
            if number:
                return write_digests()
            year = CampaignYear.objects.get()
            return remind(year, "registration", seen=everybody, by=fresh(cast["office"]))

    results = race(work, 2)
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    told = Notice.objects.exclude(kind=Notice.Kind.COPY).order_by().values_list("user", "letter").distinct()
    letters = Counter(user for user, _ in told)
    assert len(letters) == 12
    assert max(letters.values()) == 1, results
