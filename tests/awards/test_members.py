"""A collective's members: who counts as holding a title, and which discipline counts."""

from collections.abc import Iterator
from datetime import date

import pytest

from awards.actions import proposals
from awards.models import (
    Award,
    Discipline,
    Honour,
    Nomination,
    Proposal,
    Review,
    Setting,
    SettingValue,
)
from awards.queries.facts import candidates_of_units
from awards.queries.meter import meter_of_unit
from awards.queries.reviews import asked_of, rulebook_of
from core import clock
from organization.models import Unit, User
from tests.awards.seasons import (
    COLLECTIVE,
    FIGHTER,
    LABORER,
    begin,
    load_law,
    open_review,
    propose,
    qualify,
)

pytestmark = pytest.mark.django_db
FOUR = ("clerk", "colleague", "head", "deputy")


@pytest.fixture
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(at_the_end_of_2024: None, office: User) -> Review:
    return open_review(office)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    for part in FOUR:
        qualify(review, cast[part], cast["office"])
    return begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]


def test_who_is_proposed_for_the_higher_title_only_counts_for_the_seventy_percent(
    proposal: Proposal, cast: dict[str, User], clerk: User, head: User, units: dict[str, Unit]
) -> None:
    """Three of four: two Lao động tiên tiến, and one who is proposed for Chiến sĩ thi đua cơ sở alone."""
    propose(proposal, COLLECTIVE, units["cchc"], by=clerk)
    for part in ("colleague", "deputy"):
        propose(proposal, LABORER, cast[part].person, by=clerk)  # type: ignore[attr-defined]
    propose(proposal, FIGHTER, cast["clerk"].person, by=clerk)  # type: ignore[attr-defined]

    meter = meter_of_unit(proposal)
    assert meter.conflicts == []
    assert [(one.used, one.base) for one in meter.gauges] == [(1, 3)]
    review = proposal.review
    asked = asked_of(review, rulebook_of(review), with_nominated=True)
    members = candidates_of_units(asked, [proposal.unit_id])[proposal.unit_id].members
    assert members is not None
    assert members.titles == {LABORER: 3, FIGHTER: 1}
    proposals.write_minutes(proposal, {"reason": "Dẫn đầu."}, by=clerk)
    proposals.submit(proposal, by=head)


@pytest.mark.parametrize("forms", [("warning", "reprimand"), ("reprimand", "warning")])
def test_of_two_disciplines_in_a_year_the_heavier_counts(
    forms: tuple[str, str], review: Review, clerk: User, units: dict[str, Unit]
) -> None:
    for form, on in zip(forms, (date(2024, 3, 1), date(2024, 9, 1)), strict=True):
        person = clerk.person  # type: ignore[attr-defined]
        Discipline.objects.create(person=person, form=form, number=f"{form}/QĐ", decided_on=on)
    pk = units["cchc"].pk
    members = candidates_of_units(asked_of(review), [pk])[pk].members
    assert members is not None
    assert members.disciplines == {"warning": 1}


def test_the_share_of_the_provincial_title_is_of_those_with_the_row_of_titles(
    at_the_end_of_2024: None, cast: dict[str, User], clerk: User, office: User, units: dict[str, Unit]
) -> None:
    """Two have three years in a row, one of them with this year's proposal; nobody was found outstanding yet."""
    load_law()
    setting = Setting.objects.get(code="provincial-fighter-percent")
    SettingValue.objects.create(setting=setting, value="50", basis="Quy chế", set_by=office)
    review = open_review(office)
    provincial = Award.objects.get(code="provincial_emulation_fighter")
    review.awards.add(provincial)
    row = {"clerk": (2022, 2023, 2024), "colleague": (2022, 2023), "deputy": (2021, 2022), "head": ()}
    for part, years in row.items():
        for year in years:
            Honour.objects.create(
                award=Award.objects.get(code=FIGHTER), person=cast[part].person, year=year, entered_by=office,  # type: ignore[attr-defined]
                decided_on=date(year, 12, 30), decision_number=f"{year}/QĐ", decided_by="Giám đốc Sở", name_then=part,
            )  # fmt: skip
    proposal = Proposal.objects.create(review=review, unit=units["cchc"], prepared_by=clerk)
    for code, part in ((FIGHTER, "colleague"), (provincial.code, "clerk")):
        Nomination.objects.create(
            review=review, proposal=proposal, award=Award.objects.get(code=code), person=cast[part].person  # type: ignore[attr-defined]
        )  # fmt: skip
    gauges = {one.rule.award: one for one in meter_of_unit(proposal).gauges}
    assert (gauges[provincial.code].base, gauges[provincial.code].limit) == (2, 1)
