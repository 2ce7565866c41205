"""What the portal knows of people and units for a review: everything the law asks, with a fixed number of queries."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.eligibility import facts
from awards.eligibility.words import MEANING
from awards.models import (
    Absence,
    AnnualRating,
    Award,
    BasisUse,
    Discipline,
    Hold,
    Honour,
    Initiative,
    InitiativeAuthor,
)
from awards.queries.facts import Asked, candidates_of_people, candidates_of_units
from campaigns.models import CampaignYear
from organization.models import Person, Posting, Succession, Unit, User

pytestmark = pytest.mark.django_db
ASKED = Asked(2024, date(2024, 12, 31))


def award(code: str, recipient: str = "individual") -> Award:
    return Award.objects.get_or_create(
        code=code,
        defaults={
            "name": code,
            "kind": "title",
            "recipient": recipient,
            "level": "so",
            "decided_by": "Giám đốc Sở",
        },
    )[0]


@pytest.fixture
def give(office: User) -> Callable[..., Honour]:
    def make(owner: Person | Unit, code: str, year: int, **more: Any) -> Honour:
        whose: dict[str, Any] = {"person": owner} if isinstance(owner, Person) else {"unit": owner}
        recipient = "individual" if "person" in whose else "collective"
        given = {"decided_on": date(year + 1, 1, 20), "decision_number": f"{year}/QĐ-SNV", **more}
        return Honour.objects.create(
            award=award(code, recipient),
            year=year,
            decided_by="Giám đốc Sở Nội vụ",
            name_then=str(owner),
            entered_by=office,
            **whose,
            **given,
        )

    return make


def test_a_persons_history_is_gathered(
    cast: dict[str, User], office: User, give: Callable[..., Honour]
) -> None:
    person = cast["clerk"].person
    for year, grade in [(2023, "excellent"), (2024, "good")]:
        AnnualRating.objects.create(person=person, year=year, grade=grade, set_by=office)
    kept = give(person, "grassroots_emulation_fighter", 2023)
    give(
        person,
        "grassroots_emulation_fighter",
        2022,
        cancelled_on=date(2024, 5, 1),
        cancellation_reason="Kê khai sai",
    )
    give(person, "grassroots_emulation_fighter", 2024, decided_on=date(2025, 1, 20))
    BasisUse.objects.create(
        honour=kept, person=person, award=award("provincial_emulation_fighter"), year=2023
    )
    Discipline.objects.create(person=person, form="reprimand", number="5/QĐ", decided_on=date(2021, 3, 1))
    Absence.objects.create(person=person, year=2024, kind="maternity", working_days=120)
    Hold.objects.create(
        person=person,
        reason="inspection",
        paper="QĐ thanh tra",
        started_on=date(2024, 11, 1),
        placed_by=office,
    )

    one = candidates_of_people(ASKED)[person.pk]

    assert one.ratings == {2023: "excellent", 2024: "good"}
    assert [(title.award, title.year) for title in one.titles] == [("grassroots_emulation_fighter", 2023)]
    assert one.titles[0].spent_on == (facts.Use("provincial_emulation_fighter", 2023),)
    assert one.disciplines == (facts.Discipline("reprimand", date(2021, 3, 1)),)
    assert one.absences == (facts.Absence("maternity", 120),)
    assert one.holds[0].reason == "inspection"
    assert (one.employment, one.is_leader, one.is_registered) == ("cong-chuc", False, False)


def test_an_initiative_counts_for_each_author_once_recognised(cast: dict[str, User], office: User) -> None:
    clerk, colleague = cast["clerk"].person, cast["colleague"].person
    made = Initiative.objects.create(
        name="Số hóa hồ sơ một cửa",
        unit=Unit.objects.get(code="cchc"),
        state="recognised",
        level="agency",
        reach="province",
        recognised_on=date(2024, 10, 1),
        decision_number="30/QĐ-SNV",
        prepared_by=office,
    )
    for person, share in [(clerk, 60), (colleague, 40)]:
        InitiativeAuthor.objects.create(initiative=made, person=person, share=share)
    BasisUse.objects.create(
        initiative=made, person=clerk, award=award("grassroots_emulation_fighter"), year=2024
    )

    found = candidates_of_people(ASKED)

    assert found[clerk.pk].initiatives[0].reach == "province"
    assert found[clerk.pk].initiatives[0].spent_on == (facts.Use("grassroots_emulation_fighter", 2024),)
    assert found[colleague.pk].initiatives[0].spent_on == ()
    assert candidates_of_people(Asked(2024, date(2024, 9, 30)))[clerk.pk].initiatives == ()


def test_a_transfer_leaves_months_in_both_units(cast: dict[str, User]) -> None:
    person = cast["clerk"].person
    old = person.postings.get()
    Posting.objects.filter(pk=old.pk).update(ended_on=date(2024, 6, 30))
    Posting.objects.create(
        person=person, unit=Unit.objects.get(code="vp"), post=old.post, started_on=date(2024, 7, 1)
    )

    places = candidates_of_people(ASKED)[person.pk].places

    assert [(place.unit, place.months, place.is_present) for place in places] == [
        ("Phòng Cải cách hành chính", Decimal(6), False),
        ("Văn phòng Sở", Decimal(6), True),
    ]


def test_a_unit_is_known_by_its_members_and_its_predecessors(
    cast: dict[str, User], office: User, give: Callable[..., Honour]
) -> None:
    unit = Unit.objects.get(code="cchc")
    old = Unit.objects.create(
        code="ccvc",
        name="Phòng Công chức, viên chức",
        short_name="Phòng CCVC",
        kind=unit.kind,
        parent=unit.parent,
        path="so/ccvc/",
        opened_on=date(2010, 1, 1),
        closed_on=date(2022, 12, 31),
    )
    Unit.objects.filter(pk=unit.pk).update(opened_on=date(2023, 1, 1))
    Succession.objects.create(predecessor=old, successor=unit, kind="merged", on=date(2023, 1, 1), basis="QĐ")
    give(old, "excellent_labor_collective", 2021)
    give(unit, "excellent_labor_collective", 2023)
    AnnualRating.objects.create(unit=old, year=2021, grade="excellent", set_by=office)
    AnnualRating.objects.create(unit=unit, year=2021, grade="good", set_by=office)
    for part, grade in [("clerk", "good"), ("colleague", "completed"), ("head", "excellent")]:
        AnnualRating.objects.create(person=cast[part].person, year=2024, grade=grade, set_by=office)
    give(cast["clerk"].person, "advanced_laborer", 2024, decided_on=date(2024, 12, 20))

    one = candidates_of_units(ASKED)[unit.pk]

    assert [title.year for title in one.titles] == [2021, 2023]
    assert one.ratings[2021] == "good"
    assert one.founded_on == date(2010, 1, 1)
    assert one.members == facts.Members(
        count=4, grades={"good": 1, "completed": 1, "excellent": 1}, titles={"advanced_laborer": 1}
    )
    assert old.pk not in candidates_of_units(ASKED)


def test_results_are_ones_own_of_the_unit_led_and_of_the_unit_belonged_to(
    cast: dict[str, User], published: CampaignYear
) -> None:
    asked = Asked(published.year, date(published.year, 12, 31))
    found = candidates_of_people(asked)

    head = {(one.whose, one.score) for one in found[cast["head"].person.pk].results}
    clerk = {(one.whose, one.score) for one in found[cast["clerk"].person.pk].results}

    assert found[cast["head"].person.pk].heads_unit is True
    deputy = found[cast["deputy"].person.pk]
    assert (deputy.is_leader, deputy.heads_unit) == (True, False)
    asked_of_heads = {"campaign": published.campaign.code, "whose": "led"}
    assert (
        MEANING["result"](deputy, asked_of_heads).state == "met"
    )  # no result of his own unit will ever come
    assert head == {("own", Decimal(93)), ("led", Decimal("96.25")), ("member", Decimal("96.25"))}
    assert clerk == {("own", Decimal("95.75")), ("member", Decimal("96.25"))}


def test_the_number_of_queries_does_not_grow(
    cast: dict[str, User], office: User, give: Callable[..., Honour]
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            candidates_of_people(ASKED)
            candidates_of_units(ASKED)
        return len(captured)

    before = count()
    for part in ("clerk", "head", "colleague"):
        for year in (2021, 2022, 2023):
            give(cast[part].person, "advanced_laborer", year)
            AnnualRating.objects.create(person=cast[part].person, year=year, grade="good", set_by=office)

    assert count() == before
