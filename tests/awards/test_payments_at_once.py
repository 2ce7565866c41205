"""Payments noted and undone at the same moment: one wins, the others are told."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from awards.actions import payments
from awards.models import Award, Honour, Payment
from awards.queries.bonus import Decision
from core.models import Entry
from organization.models import User
from tests.awards.seasons import LABORER, load_law
from tests.awards.test_facts_at_once import AT_ONCE, won
from tests.cast import build_cast
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
PAPER = Decision("41/QĐ-SNV", date(2025, 2, 10), "Giám đốc Sở Nội vụ")
WORTH = Decimal(710_000)
VOUCHER: dict[str, Any] = {"on": date(2025, 2, 20), "voucher": "Phiếu chi số 12"}


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


def test_a_line_is_paid_and_undone_once(cast: dict[str, User]) -> None:
    load_law()
    office = cast["office"]
    one = Honour.objects.create(
        award=Award.objects.get(code=LABORER), person=cast["clerk"].person, year=2024,  # type: ignore[attr-defined]
        decided_on=PAPER.day, decision_number=PAPER.number, decided_by=PAPER.issuer, entered_by=office, name_then="An",
    )  # fmt: skip
    assert won(race(lambda _: payments.pay(PAPER, {one.pk: WORTH}, by=office, **VOUCHER), AT_ONCE)) == 1
    assert Payment.objects.count() == 1
    rows = [Payment.objects.get() for _ in range(AT_ONCE)]
    assert won(race(lambda at: payments.undo(rows[at], reason="Nhầm", by=office), AT_ONCE)) == 1
    assert Entry.objects.filter(target_type="awards.payment").count() == 2
