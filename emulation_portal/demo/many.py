"""A review of thousands with ten years behind them, for measuring: what is known of each, and what units propose.

The rows are written in bulk; everything is made up and the same at every run.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from awards import actions
from awards.models import (
    Absence,
    AnnualRating,
    Award,
    BasisUse,
    Discipline,
    Honour,
    Initiative,
    InitiativeAuthor,
    Nomination,
    Proposal,
    Review,
)
from core import clock
from organization.models import Person, Posting, Unit, User

YEAR, YEARS = 2025, 10
LABORER, FIGHTER, MERIT = (
    "advanced_laborer",
    "grassroots_emulation_fighter",
    "certificate_of_merit_individual",
)
AT_ONCE = 2_000
REPORT = {
    "nhiem-vu": "Tham mưu, thực hiện nhiệm vụ theo kế hoạch công tác năm.",
    "thanh-tich": "– Đúng hạn 100 %.",
}


def grow(by: User) -> Review:
    """In a database with the demo office at the wanted size: ten years of history, everybody of the review judged."""
    review = Review.objects.get(kind=Review.Kind.ANNUAL, year=YEAR)
    review.awards.set(Award.objects.all())
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    chance = Random(YEAR)  # noqa: S311 - made up
    _ratings(people, by, chance)
    _honours(people, chance)
    _initiatives(people, by, chance)
    _facts(people)
    _proposals(review, by)
    actions.judge(review)
    return review


def _pour(rows: Iterator[Any]) -> list[Any]:
    made = list(rows)
    for start in range(0, len(made), AT_ONCE):
        type(made[0])._default_manager.bulk_create(made[start : start + AT_ONCE])
    return made


def _ratings(people: list[int], by: User, chance: Random) -> None:
    known = set(AnnualRating.objects.filter(person__isnull=False).values_list("person_id", "year"))
    grades = ["excellent"] * 15 + ["good"] * 75 + ["completed"] * 9 + ["failed"]
    _pour(
        AnnualRating(person_id=person, year=year, grade=chance.choice(grades), basis="QĐ 1/QĐ-SNV", set_by=by)
        for person in people
        for year in range(YEAR - YEARS + 1, YEAR + 1)
        if (person, year) not in known
    )
    known_units = set(AnnualRating.objects.filter(unit__isnull=False).values_list("unit_id", "year"))
    _pour(
        AnnualRating(unit_id=unit, year=year, grade=chance.choice(grades[:60]), set_by=by)
        for unit in Unit.objects.scored().open().values_list("pk", flat=True)
        for year in range(YEAR - YEARS + 1, YEAR + 1)
        if (unit, year) not in known_units
    )


def _honours(people: list[int], chance: Random) -> None:
    awards = {code: Award.objects.get(code=code) for code in (LABORER, FIGHTER, MERIT)}

    def given() -> Iterator[Honour]:
        for person in people:
            for year in range(YEAR - YEARS, YEAR):
                for code, share in ((LABORER, 0.85), (FIGHTER, 0.2), (MERIT, 0.04)):
                    if chance.random() < share:
                        yield Honour(
                            person_id=person,
                            award=awards[code],
                            year=year,
                            decision_number=f"{person}-{year}/QĐ-SNV",
                            decided_on=date(year + 1, 1, 20),
                            decided_by="Giám đốc Sở Nội vụ",
                            name_then="Người được khen",
                            sort_key=f"{person:06d}",
                        )

    made = _pour(given())
    _pour(
        BasisUse(honour=one, person_id=one.person_id, award=awards[MERIT], year=one.year)
        for one in made
        if one.award.code == FIGHTER and one.pk % 10 == 0
    )


def _initiatives(people: list[int], by: User, chance: Random) -> None:
    unit = Unit.objects.filter(parent__isnull=True).order_by("pk")[0]
    made = _pour(
        Initiative(
            name=f"Sáng kiến số {number} về xử lý hồ sơ",
            unit=unit,
            level="province" if number % 9 == 0 else "agency",
            reach="province" if number % 9 == 0 else "agency",
            decision_number=f"{number}/QĐ-SK",
            recognised_on=date(YEAR - number % YEARS, 11, 20),
            recognised_by="Giám đốc Sở Nội vụ",
            state=Initiative.State.RECOGNISED,
            prepared_by=by,
        )
        for number in range(len(people) * 2)
    )
    _pour(
        InitiativeAuthor(initiative=one, person_id=chance.choice(people), share=Decimal(100)) for one in made
    )


def _facts(people: list[int]) -> None:
    _pour(
        Discipline(person_id=person, form="reprimand", number=f"{person}/QĐ-KL", decided_on=date(YEAR, 3, 1))
        for person in people[::100]
    )
    known = set(Absence.objects.filter(year=YEAR).values_list("person_id", flat=True))
    _pour(
        Absence(person_id=person, year=YEAR, kind="maternity", working_days=120)
        for person in people[7::30]
        if person not in known
    )


def _proposals(review: Review, by: User) -> None:
    """Every collective proposes most of its people, handed in and verified."""
    known = set(review.proposals.values_list("unit_id", flat=True))
    units = Unit.objects.scored().open().exclude(pk__in=known)
    made = _pour(
        Proposal(
            review=review, unit=unit, prepared_by=by, state=Proposal.State.SUBMITTED, letter_number="1/TTr",
            letter_date=clock.today(), met_on=clock.today(), members=50, present=50,
        )
        for unit in units
    )  # fmt: skip
    of_unit = {one.unit_id: one for one in made}
    laborer = Award.objects.get(code=LABORER)
    places = Posting.objects.current().filter(unit__in=of_unit).order_by("pk")
    _pour(
        Nomination(
            review=review, proposal=of_unit[unit], award=laborer, person_id=person, votes_for=50, votes_against=0,
            merit="Hoàn thành tốt nhiệm vụ được giao.", report=REPORT,
        )
        for person, unit in places.values_list("person_id", "unit_id")
        if person % 5
    )  # fmt: skip
