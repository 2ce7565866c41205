"""The examples of the decree through the real schemes: figures as a person enters them, points and classes as known."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from campaigns.models import Band, CampaignYear, CriteriaSet
from campaigns.queries import sum_warnings
from core.workflow import Refused
from organization.models import User
from scoring.actions import lines as line_actions
from scoring.actions import publication, sheets
from scoring.models import Result
from scoring.queries.ranking import provisional_ranking
from scoring.reference import load_ratings
from tests.scoring.people.conftest import fill, lead, lines_of

CASES = {
    one["case"]: one
    for one in json.loads((settings.BASE_DIR / "tests/cases/nd335_examples.json").read_text())["examples"]
}
# What a person enters so that the shares of the example follow.
ENTERED = {
    "no error, one of 12 products late once": {"giao": "12", "xong": "12", "loi": "0", "cham": "1"},
    "one of 10 products with 2 major errors": {"giao": "10", "xong": "10", "loi": "2", "cham": "0"},
    "quantity 80 %, one of 4 late once": {"giao": "5", "xong": "4", "loi": "0", "cham": "1"},
    "leader, one subordinate not completing (d = 50)": {"giao": "8", "xong": "8", "loi": "0", "cham": "0"},
}
LEADER = {"r2_2": {"index": "50"}, "r2_3": {"trienkhai": "100", "doanket": "100"}}
Find = Callable[..., Any]


def test_every_example_has_its_figures() -> None:
    assert set(CASES) == set(ENTERED)


@pytest.mark.parametrize("case", [name for name in ENTERED if not name.startswith("leader")])
def test_staff(
    case: str, staff_round: CampaignYear, sheet_in: Find, clerk: User, head: User, office: User
) -> None:
    _check(CASES[case], ENTERED[case], staff_round, sheet_in, (clerk, head, office), {})


def test_leaders(
    leader_round: CampaignYear, sheet_in: Find, head: User, director: User, office: User
) -> None:
    case = "leader, one subordinate not completing (d = 50)"
    _check(CASES[case], ENTERED[case], leader_round, sheet_in, (head, director, office), LEADER)


def _check(
    known: dict[str, Any],
    given: dict[str, str],
    campaign_year: CampaignYear,
    sheet_in: Find,
    people: tuple[User, User, User],
    more: dict[str, dict[str, str]],
) -> None:
    """Scored, approved, appraised and published: the total and the class of the example."""
    subject, superior, office = people
    sheets.open_sheets(campaign_year, by=office)
    sheet = fill(sheet_in(campaign_year, subject), subject, known["general_max_30"], given, **more)
    assert sheet.applicable_max == 100
    tasks = [line.self_score for line in lines_of(sheet) if line.criterion.code.startswith("2")]
    assert round(sum(tasks), 2) == Decimal(known["task_points"])
    lead(sheet, by=subject, head=superior, appraiser=office)
    others = campaign_year.scorecards.exclude(pk=sheet.pk).values_list("pk", flat=True)
    publication.publish(
        campaign_year, "individual", by=office, confirmation="CÔNG BỐ", not_scored=list(others)
    )
    result = Result.objects.get(scorecard=sheet)
    assert result.score == result.index == Decimal(known["total"])
    assert result.band == known["band"]


def test_the_classes_are_those_of_the_catalogue(
    staff_round: CampaignYear, leader_round: CampaignYear
) -> None:
    ratings = load_ratings()
    for campaign_year in (staff_round, leader_round):
        bands = list(Band.objects.filter(campaign_year=campaign_year).order_by("-lower_bound"))
        assert [(one.name, one.lower_bound) for one in bands] == [
            (one.name, one.lower_bound) for one in ratings.bands
        ]
        assert [one.ceiling_percent for one in bands] == [ratings.ceiling_percent, None, None, None]
    for criteria_set in CriteriaSet.objects.filter(campaign_year__campaign__kind="index"):
        assert criteria_set.is_sample
        assert sum_warnings(criteria_set) == []


def test_discipline_takes_every_higher_class(
    staff_round: CampaignYear, sheet_in: Find, clerk: User, head: User, office: User
) -> None:
    sheets.open_sheets(staff_round, by=office)
    sheet = fill(sheet_in(staff_round, clerk), clerk, r1_4={"met": "0"})
    assert sheet.self_total == 97
    lead(sheet, by=clerk, head=head, appraiser=office)
    [place] = provisional_ranking(staff_round, "individual").values()
    assert (place.index, place.band) == (97, "Không hoàn thành")


@pytest.mark.parametrize(
    "given",
    [
        {"giao": "0", "xong": "0", "loi": "0", "cham": "0"},
        {"giao": "5", "xong": "0", "loi": "0", "cham": "0"},
        {"giao": "5", "xong": "5", "loi": "-1", "cham": "0"},
    ],
    ids=["nothing was given", "nothing is done", "a negative number"],
)
def test_what_the_rule_does_not_decide_is_asked(
    given: dict[str, str], staff_round: CampaignYear, sheet_in: Find, clerk: User, office: User
) -> None:
    sheets.open_sheets(staff_round, by=office)
    [line] = [one for one in lines_of(sheet_in(staff_round, clerk)) if one.criterion.code == "2.1"]
    assert line_actions.save_line(line, by=clerk, inputs=given).self_score is None
    with pytest.raises(Refused, match="giải trình"):
        line_actions.save_line(line, by=clerk, inputs=given, self_score=Decimal(50))
    line_actions.save_line(line, by=clerk, inputs=given, self_score=Decimal(50), note="Đi học cả kỳ")
    assert line.self_score == 50


def test_a_product_loses_no_more_than_itself(
    staff_round: CampaignYear, sheet_in: Find, clerk: User, office: User
) -> None:
    """More done than given is 100 %; errors and delays never go below nothing."""
    sheets.open_sheets(staff_round, by=office)
    given = {"giao": "2", "xong": "3", "loi": "20", "cham": "12"}
    sheet = fill(sheet_in(staff_round, clerk), clerk, "30", given)
    assert [line.self_score for line in lines_of(sheet)][-1] == Decimal("23.3333")
