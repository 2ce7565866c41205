"""Quotas, leaders and direct workers, women, years in a row; collective and individual lists against each other."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from awards import actions
from awards.actions import proposals, verifying
from awards.calculations.meter import Gauge, Line, Rule, composition, gauges, years_in_a_row
from awards.models import Award, Honour, Nomination, Proposal, Review
from awards.queries.meter import meter_of_review, meter_of_unit
from core import clock
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER, begin, open_review, propose, qualify

UNIT_OF_FOUR = ("clerk", "colleague", "head", "deputy")


@pytest.fixture
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


# --- the arithmetic -------------------------------------------------------------------------------------
def rule(percent: str = "15", minimum: int = 0, of: str = "low") -> Rule:
    return Rule("high", Decimal(percent), of, minimum, "Điều 9")


@pytest.mark.parametrize(
    ("base", "minimum", "limit"), [(6, 0, 0), (7, 0, 1), (13, 0, 1), (14, 0, 2), (3, 1, 1), (0, 0, 0)]
)
def test_a_quota_is_rounded_down_and_never_below_its_minimum(base: int, minimum: int, limit: int) -> None:
    assert Gauge(rule(minimum=minimum), 0, base).limit == limit


def test_who_is_proposed_for_the_higher_title_counts_in_the_base() -> None:
    low = [Line("low", ("person", pk)) for pk in range(6)]
    [found] = gauges([rule()], [*low, Line("high", ("person", 6)), Line("high", ("person", 0))], {})
    assert (found.used, found.base, found.limit, found.over) == (2, 7, 1, 1)


def test_whose_award_includes_the_base_counts_in_it() -> None:
    """Proposed for the higher title only, and for another one that rests on it."""
    lines = [Line("low", ("person", 1)), Line("high", ("person", 2)), Line("highest", ("person", 3))]
    counted = {"high": {"low"}, "highest": {"high", "low"}}
    [found] = gauges([rule()], lines, {}, counted)
    assert (found.used, found.base) == (1, 3)


def test_another_base_is_given_from_outside_and_a_quota_without_candidates_is_not_shown() -> None:
    line = Line("high", ("person", 1))
    [found] = gauges([rule("50", of="members")], [line], {("high", "members"): 4})
    assert (found.base, found.limit, found.over) == (4, 2, 0)
    assert gauges([rule()], [Line("low", ("person", 1))], {}) == []


def test_everybody_counts_once_however_many_titles_he_is_proposed_for() -> None:
    lines = [
        Line("low", ("person", 1), is_leader=True, is_woman=True),
        Line("high", ("person", 1), is_leader=True, is_woman=True),
        Line("low", ("person", 2)),
        Line("low", ("unit", 1)),
    ]
    found = composition(lines, Decimal(50))
    assert (found.people, found.leaders, found.direct, found.women) == (2, 1, 1, 1)
    assert not found.too_many_leaders
    assert composition(lines, Decimal("49.9")).too_many_leaders
    assert not composition(lines[:2], Decimal(50)).too_many_leaders  # one alone has no share to keep
    assert not composition(lines, None).too_many_leaders


def test_years_in_a_row() -> None:
    assert years_in_a_row([], 2024) == 1
    assert years_in_a_row([2023, 2022, 2020], 2024) == 3
    assert years_in_a_row([2022], 2024) == 1


# --- a unit's list --------------------------------------------------------------------------------------
@pytest.fixture
def review(at_the_end_of_2024: None, office: User) -> Review:
    return open_review(office)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    for part in UNIT_OF_FOUR:
        qualify(review, cast[part], cast["office"])
    return begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]


def people(cast: dict[str, User], *parts: str) -> list[Any]:
    return [cast[part].person for part in parts]  # type: ignore[attr-defined]


def test_over_the_quota_only_with_a_reason(
    proposal: Proposal, cast: dict[str, User], clerk: User, head: User
) -> None:
    for one in people(cast, "clerk", "colleague"):
        propose(proposal, LABORER, one, by=clerk)
    propose(proposal, FIGHTER, people(cast, "clerk")[0], by=clerk)
    meter = meter_of_unit(proposal)
    assert (meter.composition.people, meter.composition.leaders, meter.composition.women) == (2, 0, 1)
    assert meter.over == ["“Chiến sĩ thi đua cơ sở”: 1 đề nghị, chỉ tiêu 0"]
    with pytest.raises(Refused, match="phải có giải trình"):
        proposals.submit(proposal, by=head)
    proposals.write_minutes(proposal, {"reason": "Đơn vị dẫn đầu chuyển đổi số của tỉnh."}, by=clerk)
    proposals.submit(proposal, by=head)
    assert proposal.state == Proposal.State.SUBMITTED


def test_more_leaders_than_direct_workers_only_with_a_reason(
    proposal: Proposal, cast: dict[str, User], clerk: User, head: User
) -> None:
    for one in people(cast, "clerk", "head", "deputy"):
        propose(proposal, LABORER, one, by=clerk)
    assert meter_of_unit(proposal).over == ["lãnh đạo, quản lý 2/3 người, tối đa 50%"]
    with pytest.raises(Refused, match="lãnh đạo, quản lý 2/3"):
        proposals.submit(proposal, by=head)


def test_a_collective_needs_its_people_on_the_same_list(
    proposal: Proposal, cast: dict[str, User], clerk: User, head: User, units: dict[str, Unit]
) -> None:
    propose(proposal, COLLECTIVE, units["cchc"], by=clerk)
    propose(proposal, LABORER, people(cast, "clerk")[0], by=clerk)
    conflicts = meter_of_unit(proposal).conflicts
    assert any("1/4 người đạt “Lao động tiên tiến”" in one for one in conflicts), conflicts
    with pytest.raises(Refused, match="1/4 người đạt"):
        proposals.submit(proposal, by=head)
    for one in people(cast, "colleague", "head", "deputy"):
        propose(proposal, LABORER, one, by=clerk)
    assert meter_of_unit(proposal).conflicts == []


def test_the_same_person_year_after_year_is_shown(
    proposal: Proposal, cast: dict[str, User], clerk: User
) -> None:
    award, [person] = Award.objects.get(code=LABORER), people(cast, "clerk")
    for year in (2022, 2023):
        Honour.objects.create(
            award=award,
            person=person,
            year=year,
            decision_number=f"{year}/QĐ",
            decided_on=date(year, 12, 30),
            entered_by=clerk,
            decided_by="Giám đốc Sở Nội vụ",
            name_then=person.full_name,
        )
    nomination = propose(proposal, LABORER, person, by=clerk)
    assert meter_of_unit(proposal).again == [(nomination, 3)]


def test_the_whole_list_needs_its_own_reason(
    proposal: Proposal, cast: dict[str, User], clerk: User, head: User, office: User
) -> None:
    for one in people(cast, "clerk", "colleague"):
        propose(proposal, LABORER, one, by=clerk)
    propose(proposal, FIGHTER, people(cast, "clerk")[0], by=clerk)
    proposals.write_minutes(proposal, {"reason": "Dẫn đầu."}, by=clerk)
    proposals.submit(proposal, by=head)
    for one in Nomination.objects.filter(proposal=proposal):
        verifying.judge_dossier(one, "accepted", by=office)
    verifying.verify(proposal, by=office)
    review = proposal.review
    assert {unit.code for unit in meter_of_review(review).without} == {"so", "vp", "ttra", "tccb", "ttlt"}

    with pytest.raises(Refused, match="Danh sách vượt chỉ tiêu"):
        actions.move_review(review, "publish_notice", by=office)
    with pytest.raises(Refused):
        verifying.explain_list(review, "Lý do", by=head)
    verifying.explain_list(review, "Tập thể Lãnh đạo Sở thống nhất.", by=office)
    actions.move_review(review, "publish_notice", by=office)
    assert review.state == Review.State.NOTICE
