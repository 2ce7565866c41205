"""What an award rests on when it is signed: spent whatever the verdict, once only, asked again of what fell since."""

from datetime import date
from typing import Any

import pytest

from awards.actions import affirm, decisions
from awards.models import (
    AnnualRating,
    Award,
    BasisUse,
    Decision,
    Honour,
    Initiative,
    InitiativeAuthor,
    Nomination,
    Review,
)
from awards.queries.decisions import decidable
from awards.queries.giving import judged
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review

PROVINCIAL = "provincial_emulation_fighter"
PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Fighter of the two years before, rated good this year; one initiative that reaches through the province."""
    review, clerk = carried_review(office, cast["clerk"], units["cchc"]), cast["clerk"]
    AnnualRating.objects.update(grade="good")
    Initiative.objects.update(level="province", reach="province")
    fighter = Award.objects.get(code=FIGHTER)
    for year in (2022, 2023):
        Honour.objects.create(
            person=clerk.person, award=fighter, year=year, decision_number=f"{year}/QĐ", decided_on=date(year, 12, 30),
            decided_by="Giám đốc", name_then="An",
        )  # fmt: skip
    affirm(review, clerk.person, "outstanding_in_province", holds=True, by=office)  # type: ignore[attr-defined]
    Award.objects.update(level="so")  # on one list, whoever decides
    Nomination.objects.create(
        review=review, proposal=review.proposals.get(), award=Award.objects.get(code=PROVINCIAL),
        person=clerk.person, verdict="accepted", outcome="passed", merit="Tiêu biểu.",  # type: ignore[attr-defined]
    )  # fmt: skip
    return review


def of(review: Review, code: str) -> Nomination:
    return review.nominations.get(award__code=code)


def with_reuse(review: Review, value: str) -> None:
    review.figures = [
        one | {"value": value} if one["code"] == "basis-reuse" else one for one in review.figures
    ]
    review.save(update_fields=["figures"])


def drafted(review: Review, office: User, *codes: str) -> Decision:
    rows = decidable(review).filter(award__code__in=codes)
    return decisions.draft(review, "so", rows, DECISION_HEAD, by=office)


def spent() -> set[tuple[str, str]]:
    rows = BasisUse.objects.select_related("honour", "initiative", "award")
    return {(str(one.initiative or one.honour.year), one.award.code) for one in rows}  # type: ignore[union-attr]


def second_initiative(person: Any, unit: Unit, office: User) -> None:
    one = Initiative.objects.create(
        name="Số hóa hồ sơ", unit=unit, state="recognised", level="province", reach="province",
        recognised_on=date(2024, 8, 1), decision_number="8/QĐ-UBND", prepared_by=office,
    )  # fmt: skip
    InitiativeAuthor.objects.create(initiative=one, person=person, share=100)


# --- spent ----------------------------------------------------------------------------------------------
def test_what_a_person_had_to_say_does_not_keep_the_ledger_empty(review: Review, office: User) -> None:
    review.affirmations.all().delete()
    decisions.issue(drafted(review, office, LABORER, FIGHTER), PAPER, by=office)
    assert spent() == {("Sổ tay một cửa", FIGHTER)}


def test_an_exception_spends_what_it_does_rest_on(review: Review, office: User) -> None:
    Initiative.objects.update(reach="agency")
    Nomination.objects.filter(award__code=PROVINCIAL).update(verdict="exception")
    decisions.issue(drafted(review, office, FIGHTER, PROVINCIAL), PAPER, by=office)
    assert spent() == {
        ("Sổ tay một cửa", FIGHTER),
        *((year, PROVINCIAL) for year in ("2022", "2023", "2024")),
    }


# --- once -----------------------------------------------------------------------------------------------
def test_where_a_basis_serves_once_the_second_award_of_the_list_is_refused(
    review: Review, office: User
) -> None:
    with_reuse(review, "once")
    decision = drafted(review, office, FIGHTER, PROVINCIAL)
    said = "cấp tỉnh không còn đủ điều kiện.*Căn cứ đã dùng cho .* danh sách này: Sổ tay một cửa"
    with pytest.raises(Refused, match=said):
        decisions.issue(decision, PAPER, by=office)
    assert not BasisUse.objects.exists()
    with_reuse(review, "once_per_award")
    decision.refresh_from_db()
    decisions.issue(decision, PAPER, by=office)
    assert {award for basis, award in spent() if basis == "Sổ tay một cửa"} == {FIGHTER, PROVINCIAL}


def test_a_second_initiative_serves_the_second_award(
    review: Review, office: User, clerk: User, units: dict[str, Unit]
) -> None:
    with_reuse(review, "once")
    second_initiative(clerk.person, units["cchc"], office)  # type: ignore[attr-defined]
    decisions.issue(drafted(review, office, FIGHTER, PROVINCIAL), PAPER, by=office)
    initiatives = {(basis, award) for basis, award in spent() if not basis.isdecimal()}
    assert initiatives == {("Sổ tay một cửa", FIGHTER), ("Số hóa hồ sơ", PROVINCIAL)}


def test_two_successors_rest_on_one_inherited_title(units: dict[str, Unit], office: User) -> None:
    award = Award.objects.create(
        code="co", name="Cờ", kind="title", recipient="collective", level="so", order=1
    )
    title = Honour.objects.create(
        unit=units["cchc"], award=award, year=2022, decision_number="1", decided_on=date(2022, 12, 1),
        decided_by="GĐ", name_then="Phòng cũ",
    )  # fmt: skip
    for code in ("cchc", "tccb"):
        BasisUse.objects.create(honour=title, unit=units[code], award=award, year=2024)
    assert title.uses.count() == 2


# --- what fell meanwhile ----------------------------------------------------------------------------------
def test_a_title_of_the_year_that_failed_carries_no_higher_one(review: Review, office: User) -> None:
    decision = drafted(review, office, PROVINCIAL)
    assert [one.stops for one in judged(decision)] == [()]
    Nomination.objects.filter(award__code=FIGHTER).update(outcome="failed")
    with pytest.raises(
        Refused, match="Chiến sĩ thi đua cấp tỉnh.*không còn đủ điều kiện.*3 năm liên tục đến năm 2024"
    ):
        decisions.issue(decision, PAPER, by=office)
    assert not Honour.objects.filter(year=2024).exists()
    Nomination.objects.filter(award__code=PROVINCIAL).update(verdict="exception")
    decision.refresh_from_db()
    decisions.issue(decision, PAPER, by=office)
    assert Honour.objects.get(year=2024).award.code == PROVINCIAL


def test_a_title_cancelled_or_not_given_meanwhile_neither(review: Review, office: User) -> None:
    higher = drafted(review, office, PROVINCIAL)
    lower = drafted(review, office, FIGHTER)
    decisions.issue(lower, PAPER, by=office)
    assert judged(higher)[0].stops == ()
    decisions.cancel(lower, on=date(2025, 3, 1), number="50/QĐ", by=office, comment="Kê khai sai")
    assert "không còn đủ điều kiện" in judged(higher)[0].stops[0]
    Award.objects.filter(code=PROVINCIAL).update(level="tinh")
    Decision.objects.filter(pk=higher.pk).update(level="tinh")
    with pytest.raises(Refused, match="không còn đủ điều kiện"):
        decisions.send_up(higher, {"letter_number": "7", "letter_date": date(2025, 3, 2)}, by=office)
