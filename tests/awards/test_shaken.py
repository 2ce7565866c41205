"""What a cancelled title or a lowered initiative takes with it is shown, and somebody keeps it or cancels it too."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.actions import affirm, decisions, initiatives, register
from awards.models import AnnualRating, Award, Decision, Honour, Initiative, Nomination, Review
from awards.queries import tasks_of
from awards.queries.decisions import decidable, waiting
from awards.queries.register import resting_on_cancelled
from awards.queries.shaken import shaken_collectives
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Posting, Unit, User
from tests.awards.seasons import COLLECTIVE, DECISION_HEAD, FIGHTER, LABORER, carried_review
from tests.cast import fresh

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
CANCELLED = {"on": date(2025, 3, 1), "number": "50/QĐ-SNV"}
Cast = dict[str, User]


@pytest.fixture
def review(office: User, cast: Cast, units: dict[str, Unit]) -> Review:
    review = carried_review(office, cast["clerk"], units["cchc"])
    AnnualRating.objects.update(grade="good")  # so that the higher title rests on the initiative
    return review


@pytest.fixture
def whole(review: Review, office: User, cast: Cast, units: dict[str, Unit]) -> Review:
    """Everybody of the unit has the title of the year, and so the unit has its own."""
    unit = units["cchc"]
    AnnualRating.objects.create(unit=unit, year=2024, grade="good", set_by=office)
    for point in ("movement_active", "unity"):
        affirm(review, unit, point, holds=True, by=office)
    proposal, award = review.proposals.get(), Award.objects.get(code=LABORER)
    common: dict[str, Any] = {
        "review": review,
        "proposal": proposal,
        "verdict": "accepted",
        "outcome": "passed",
    }
    for posting in Posting.objects.current().filter(unit__path__startswith=unit.path):
        if posting.person_id != cast["clerk"].person.pk:  # type: ignore[attr-defined]
            AnnualRating.objects.create(person=posting.person, year=2024, grade="good", set_by=office)
            Nomination.objects.create(**common, award=award, person=posting.person)
    Nomination.objects.create(**common, award=Award.objects.get(code=COLLECTIVE), unit=unit)
    return review


def issue(review: Review, office: User, number: str, **which: Any) -> Decision:
    rows = decidable(review).filter(**which)
    decision = decisions.draft(review, "so", rows, DECISION_HEAD, by=office)
    decisions.issue(decision, {**PAPER, "number": number}, by=office)
    return decision


# --- collectives ----------------------------------------------------------------------------------------
def test_a_collective_that_misses_its_share_is_shown_before_and_after(
    whole: Review, office: User, clerk: User, client_of: Any
) -> None:
    issue(whole, office, "40/QĐ", award__code=COLLECTIVE)
    people = issue(whole, office, "41/QĐ", person__isnull=False)
    collective = Honour.objects.get(award__code=COLLECTIVE)
    mine = Honour.objects.filter(person=clerk.person, award__code=LABORER)  # type: ignore[attr-defined]
    total = Honour.objects.filter(award__code=LABORER).count()
    alone = [one for one, _ in shaken_collectives(mine)]
    assert bool(alone) == ((total - 1) * 100 < 70 * total)
    [(found, why)] = shaken_collectives(Honour.objects.filter(person__isnull=False))
    assert found == collective
    assert "Ít nhất 70% cá nhân" in why
    client, act = client_of(office), reverse("awards:decision_act", args=[people.pk, "cancel"])
    assert str(collective.award) in client.get(act).content.decode()

    assert collective in decisions.cancel(people, **CANCELLED, by=office, comment="Kê khai sai")  # type: ignore[arg-type]
    collective.refresh_from_db()
    assert "Ít nhất 70% cá nhân" in collective.doubt
    assert list(resting_on_cancelled(Honour.objects.all())) == [collective]
    assert "Khen thưởng dựa trên căn cứ đã bị hủy" in [one.title for one in tasks_of(fresh(office))]
    page = client.get(reverse("awards:honour_detail", args=[collective.pk])).content.decode()
    assert "Cần xem lại: giữ, hoặc hủy theo quyết định." in page
    assert (
        collective.name_then
        in client.get(reverse("awards:decision_detail", args=[people.pk])).content.decode()
    )


def test_a_collective_whose_share_still_holds_is_left_alone(whole: Review, office: User) -> None:
    issue(whole, office, "40/QĐ", award__code=COLLECTIVE)
    issue(whole, office, "41/QĐ", person__isnull=False)
    assert shaken_collectives(Honour.objects.filter(award__code=FIGHTER)) == []


# --- kept -----------------------------------------------------------------------------------------------
def test_what_rests_on_a_cancelled_title_is_kept_with_a_reason(
    review: Review, office: User, clerk: User, client_of: Any
) -> None:
    decisions.issue(
        decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office), PAPER, by=office
    )
    lower, higher = (Honour.objects.get(award__code=code) for code in (LABORER, FIGHTER))
    higher.bases.create(honour=lower, person=lower.person, award=higher.award, year=2024)
    with pytest.raises(AlreadyDone):
        register.keep(higher, reason="Không cần", by=office)
    register.cancel(lower, **CANCELLED, reason="Kê khai sai", by=office)  # type: ignore[arg-type]
    assert list(resting_on_cancelled(Honour.objects.all())) == [higher]
    client, address = client_of(office), reverse("awards:honour_keep", args=[higher.pk])
    assert client_of(clerk).get(address).status_code == 404
    assert client.post(address, {"reason": ""}).status_code == 422
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        register.keep(higher, reason="Tiêu chuẩn vẫn đạt", by=clerk)
    client.post(address, {"reason": "Tiêu chuẩn vẫn đạt", "version": higher.version})
    assert not resting_on_cancelled(Honour.objects.all()).exists()
    assert history_of(higher).filter(verb="keep").get().comment == "Tiêu chuẩn vẫn đạt"
    with pytest.raises(AlreadyDone):
        register.keep(higher, reason="Lần nữa", by=office)


# --- initiatives ----------------------------------------------------------------------------------------
def test_an_initiative_whose_awards_are_cancelled_is_judged_again(review: Review, office: User) -> None:
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, PAPER, by=office)
    initiative = Initiative.objects.get()
    with pytest.raises(Refused, match="1 lần"):
        initiatives.reopen(initiative, by=office, comment="Trùng")
    decisions.cancel(decision, **CANCELLED, by=office, comment="Kê khai sai")  # type: ignore[arg-type]
    initiative.refresh_from_db()
    initiatives.reopen(initiative, by=office, comment="Trùng")
    assert initiative.state == "submitted"


def test_a_spent_initiative_that_reaches_less_far_shakes_what_rests_on_it(
    review: Review, office: User
) -> None:
    Initiative.objects.update(level="province", reach="province", recognised_by="UBND tỉnh")
    decisions.issue(
        decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office), PAPER, by=office
    )
    initiative, honour = Initiative.objects.get(), Honour.objects.get(award__code=FIGHTER)
    facts = {name: getattr(initiative, name) for name in initiatives.RECOGNITION}
    assert initiatives.correct_recognition(initiative, {**facts, "evaluation": "Tốt"}, by=office) == []
    assert initiatives.correct_recognition(initiative, {**facts, "reach": "agency"}, by=office) == [honour]
    honour.refresh_from_db()
    assert "phạm vi cấp cơ sở" in honour.doubt
    assert list(resting_on_cancelled(Honour.objects.all())) == [honour]
    register.keep(honour, reason="Cấp cơ sở là đủ", by=office)
    assert not resting_on_cancelled(Honour.objects.all()).exists()
