"""Who is held or put aside is not counted on when his collective is decided, and whoever falls later shakes it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from awards.actions import affirm, decisions
from awards.actions.holds import place_hold, release_hold
from awards.models import AnnualRating, Award, Decision, DecisionEntry, Honour, Nomination, Review
from awards.queries.decisions import waiting
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Posting, Unit, User
from tests.awards.seasons import COLLECTIVE, DECISION_HEAD, LABORER, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
WHY = "Kết luận sơ bộ: không vi phạm"


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Of four people three are carried for the title of the year; their collective, too. One of them is held after
    the council."""
    unit, review = units["cchc"], carried_review(office, cast["clerk"], units["cchc"])
    review.nominations.exclude(award__code=LABORER).delete()
    AnnualRating.objects.create(unit=unit, year=2024, grade="good", set_by=office)
    for point in ("movement_active", "unity"):
        affirm(review, unit, point, holds=True, by=office)
    common: dict[str, Any] = {"review": review, "verdict": "accepted", "outcome": "passed"}
    common["proposal"] = review.proposals.get()
    inside = Posting.objects.current().filter(unit__path__startswith=unit.path)
    others = inside.exclude(person=cast["clerk"].person).order_by("pk")
    assert inside.count() == 4
    for at, posting in enumerate(others):
        AnnualRating.objects.create(person=posting.person, year=2024, grade="good", set_by=office)
        if at < 2:
            award = Award.objects.get(code=LABORER)
            Nomination.objects.create(**common, award=award, person=posting.person, merit="Tốt.")
    Nomination.objects.create(**common, award=Award.objects.get(code=COLLECTIVE), unit=unit, merit="Tốt.")
    place_hold(
        reason="inspection",
        paper="1/TTr",
        started_on=date(2025, 1, 15),
        by=office,
        person=cast["clerk"].person,
    )
    return review


@pytest.fixture
def collective(review: Review, office: User) -> Decision:
    rows = waiting(review).filter(award__code=COLLECTIVE)
    return decisions.draft(review, "so", rows, DECISION_HEAD, by=office)


def number(at: int) -> dict[str, Any]:
    return {**PAPER, "number": f"{at}/QĐ-SNV"}


def people_decided(review: Review, office: User, clerk: User) -> Decision:
    rows = waiting(review).filter(person__isnull=False).exclude(person=clerk.person)
    decision = decisions.draft(review, "so", rows, DECISION_HEAD, by=office)
    decisions.issue(decision, number(40), by=office)
    return decision


def test_a_collective_waits_while_a_counted_member_is_held(
    review: Review, collective: Decision, office: User, clerk: User
) -> None:
    people_decided(review, office, clerk)
    with pytest.raises(Refused, match="chưa tính 1 người đang tạm dừng xét") as refusal:
        decisions.issue(collective, PAPER, by=office)
    assert "Ít nhất 70% cá nhân" in refusal.value.reasons[0]
    release_hold(clerk.person.holds.get(), reason="Không vi phạm", by=office)
    assert len(decisions.issue(collective, PAPER, by=office)) == 1


def test_or_it_is_rewarded_with_a_reason_and_shaken_when_the_member_is_dropped(
    review: Review, collective: Decision, office: User, clerk: User
) -> None:
    people_decided(review, office, clerk)
    entry = collective.entries.get()
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        decisions.explain(entry, reason=WHY, by=clerk)
    decisions.explain(entry, reason=WHY, by=office)
    with pytest.raises(AlreadyDone):
        decisions.explain(entry, reason=WHY, by=office)
    assert history_of(collective)[0].comment == WHY
    [honour] = decisions.issue(collective, PAPER, by=office)
    assert honour.doubt == ""
    decisions.drop(review.nominations.get(person=clerk.person), reason="Bị kỷ luật", by=office)
    honour.refresh_from_db()
    assert "Ít nhất 70% cá nhân" in honour.doubt
    with pytest.raises(Refused, match="chưa trình, chưa ký"):
        decisions.explain(entry, reason="Khác", by=office)


def test_who_was_put_aside_and_is_then_dropped_shakes_it_too(
    review: Review, collective: Decision, office: User, clerk: User
) -> None:
    clerk.person.holds.all().delete()
    people_decided(review, office, clerk)
    mine = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    Decision.objects.filter(pk=mine.pk).update(
        state="issued", number="39/QĐ", signed_on=date(2025, 2, 1), issuer="Giám đốc"
    )
    assert DecisionEntry.objects.get(decision=mine).waits
    with pytest.raises(Refused, match="chưa tính 1 người"):
        decisions.issue(collective, PAPER, by=office)
    decisions.explain(collective.entries.get(), reason=WHY, by=office)
    [honour] = decisions.issue(collective, PAPER, by=office)
    decisions.drop(review.nominations.get(person=clerk.person), reason="Bị kỷ luật", by=office)
    honour.refresh_from_db()
    assert "Ít nhất 70% cá nhân" in honour.doubt


def test_whom_the_level_above_refuses_shakes_it(
    review: Review, collective: Decision, office: User, clerk: User
) -> None:
    clerk.person.holds.all().delete()
    people_decided(review, office, clerk)
    [honour] = decisions.issue(collective, PAPER, by=office)
    Award.objects.filter(code=LABORER).update(level="tinh")
    mine = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    decisions.send_up(mine, {"letter_number": "7", "letter_date": date(2025, 2, 1)}, by=office)
    decisions.refuse_one(mine.entries.get(), reason="Không đồng ý", by=office)
    assert "Ít nhất 70% cá nhân" in Honour.objects.get(pk=honour.pk).doubt


def test_the_page(
    review: Review, collective: Decision, office: User, clerk: User, client_of: Callable[[User], Client]
) -> None:
    client, address = client_of(office), f"/khen-thuong/quyet-dinh/{collective.pk}/"
    page = client.get(address).content.decode()
    assert "chưa tính 1 người đang tạm dừng xét" in page
    act = f"/khen-thuong/quyet-dinh/dong/{collective.entries.get().pk}/ly-do/van-khen/"
    assert act in page
    assert client_of(clerk).post(act, {"reason": WHY}).status_code == 404
    client.post(act, {"reason": WHY})
    page = client.get(address).content.decode()
    assert f"Lý do vẫn khen:</strong> {WHY}" in page
    assert "chưa tính 1 người" not in page
    decisions.issue(collective, PAPER, by=office)
    assert WHY not in client_of(clerk).get(address).content.decode()
