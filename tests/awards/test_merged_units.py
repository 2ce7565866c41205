"""Units that were merged, divided or closed: titles, holds, transfers and the years in a row go on as the law means."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from awards.models import Award, Hold, Honour, Nomination, Proposal, Review
from awards.queries.facts import Asked, candidates_of_people, candidates_of_units
from awards.queries.holds import held_units
from awards.queries.meter import meter_of_unit
from organization.models import Posting, Succession, Unit, User
from tests.awards.seasons import COLLECTIVE, open_review

pytestmark = pytest.mark.django_db
ON = date(2024, 7, 1)
ASKED = Asked(2024, date(2024, 12, 31))
EXCELLENT = "excellent_labor_collective"
Make = Callable[..., Unit]


@pytest.fixture
def unit(units: dict[str, Unit]) -> Make:
    def make(code: str, opened_on: date = date(2010, 1, 1), **more: Any) -> Unit:
        root = units["so"]
        name = f"Phòng {code.upper()}"
        return Unit.objects.create(
            code=code, name=name, short_name=name, kind=units["cchc"].kind, parent=root,
            path=f"{root.path}{code}/", opened_on=opened_on, **more,
        )  # fmt: skip

    return make


@pytest.fixture
def give(office: User) -> Callable[..., Honour]:
    def make(owner: Unit, *years: int, code: str = EXCELLENT) -> None:
        award, _ = Award.objects.get_or_create(
            code=code,
            defaults={"name": code, "kind": "title", "recipient": "collective", "level": "tinh", "decided_by": "Tỉnh"},
        )  # fmt: skip
        for year in years:
            Honour.objects.create(
                award=award, unit=owner, year=year, name_then=owner.name, entered_by=office,
                decided_by="Tỉnh", decided_on=date(year + 1, 1, 20), decision_number=f"{year}/{owner.code}",
            )  # fmt: skip

    return make  # type: ignore[return-value]


def merge(into: Unit, *old: Unit, on: date = ON) -> None:
    for one in old:
        Unit.objects.filter(pk=one.pk).update(closed_on=on)
        Succession.objects.create(predecessor=one, successor=into, kind="merged", on=on, basis="QĐ")


def years_of(one: Unit, asked: Asked = ASKED) -> list[int]:
    return [title.year for title in candidates_of_units(asked, [one.pk])[one.pk].titles]


def test_titles_of_two_units_do_not_make_a_row_of_one(unit: Make, give: Callable[..., None]) -> None:
    """One had 2021 and 2022, the other 2022 and 2023: only 2022 is a year of both."""
    a, b, c = unit("a"), unit("b"), unit("c", ON)
    give(a, 2021, 2022)
    give(b, 2022, 2023)
    merge(c, a, b)
    assert years_of(c) == [2022]


def test_a_unit_that_takes_another_in_keeps_its_own_titles_only(
    unit: Make, give: Callable[..., None]
) -> None:
    a, b = unit("a"), unit("b")
    give(a, 2022, 2023)
    give(b, 2023)
    merge(b, a)
    assert years_of(b) == [2023]


def test_a_divided_unit_leaves_its_titles_to_each_part_and_over_generations(
    unit: Make, give: Callable[..., None]
) -> None:
    """A unit that did not exist yet, or was no collective, hinders nobody."""
    a, young, office_of_nobody = unit("a"), unit("y", date(2023, 2, 1)), unit("n", is_collective=False)
    b, c, d = unit("b", ON), unit("c", ON), unit("d", date(2024, 9, 1))
    give(a, 2022, 2023)
    merge(b, a)
    Succession.objects.create(predecessor=a, successor=c, kind="split", on=ON, basis="QĐ")
    merge(d, b, young, office_of_nobody, on=date(2024, 9, 1))
    assert years_of(c) == [2022, 2023]
    assert years_of(d) == [2022]


def test_nobody_of_a_merged_unit_was_transferred(unit: Make, units: dict[str, Unit], clerk: User) -> None:
    """Seven months in the closed unit and five in the one that carries it on are a year in one place."""
    person, new = clerk.person, unit("c", date(2024, 8, 1))  # type: ignore[attr-defined]
    old = person.postings.get()
    Posting.objects.filter(pk=old.pk).update(ended_on=date(2024, 7, 31))
    Posting.objects.create(person=person, unit=new, post=old.post, started_on=date(2024, 8, 1))
    merge(new, units["cchc"], on=date(2024, 8, 1))
    [place] = candidates_of_people(ASKED, [person.pk])[person.pk].places
    assert (place.unit, place.months, place.is_present) == (new.name, Decimal(12), True)


def test_a_hold_of_a_closed_unit_reaches_whoever_carries_it_on(unit: Make, office: User) -> None:
    a, c = unit("a"), unit("c", ON)
    Hold.objects.create(
        unit=a, reason="inspection", paper="QĐ thanh tra", started_on=date(2024, 5, 1), placed_by=office
    )
    merge(c, a)
    assert [one.reason for one in candidates_of_units(ASKED, [c.pk])[c.pk].holds] == ["inspection"]
    assert set(held_units([c.pk], ASKED.day)) == {c.pk}
    assert set(held_units(None, ASKED.day)) == {a.pk, c.pk}
    assert held_units([c.pk], date(2024, 4, 30)) == {}


def test_years_in_a_row_go_on_after_a_merger(
    unit: Make, give: Callable[..., None], office: User, clerk: User
) -> None:
    review: Review = open_review(office)
    a, c = unit("a"), unit("c", ON)
    give(a, 2022, 2023, code=COLLECTIVE)
    merge(c, a)
    proposal = Proposal.objects.create(review=review, unit=c, prepared_by=clerk)
    one = Nomination.objects.create(
        review=review, proposal=proposal, award=Award.objects.get(code=COLLECTIVE), unit=c
    )  # fmt: skip
    assert meter_of_unit(proposal).again == [(one, 3)]
