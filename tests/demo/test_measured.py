"""What `make bench` asks for is there: every page of the demo answers, small and grown."""

import pytest

from emulation_portal.bench import index, judging, report, scenarios
from emulation_portal.demo import bulk
from organization.models import Person, Unit
from scoring.models import Line, Result, Scorecard

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.usefixtures("demo_office")
def test_every_page_of_the_bench_answers_before_and_after_the_office_grows() -> None:
    found = scenarios.measured(scenarios.pages(2))
    assert {one["kind"] for one in found["scenarios"]} == set(report.BARS) == set(report.KINDS)
    assert all(0 < one["queries"] < 40 for one in found["scenarios"])
    assert set(found["cookies"]) == {one["user"] for one in found["scenarios"]}

    bulk.grow(people=200, units=30)
    assert (Person.objects.count(), Unit.objects.count()) == (200, 30)
    copies = Person.objects.filter(code__startswith="CB")
    assert Scorecard.objects.filter(person__in=copies).exists()
    assert Result.objects.filter(scorecard__person__in=copies).exists()
    ranks = Result.objects.filter(publication__recipient="individual").order_by("-index")
    assert list(ranks.values_list("rank", flat=True)) == sorted(ranks.values_list("rank", flat=True))
    grown = {one["name"]: one["queries"] for one in scenarios.measured(scenarios.pages(2))["scenarios"]}
    assert {one["name"]: one["queries"] for one in found["scenarios"]}.keys() == grown.keys()


@pytest.mark.usefixtures("demo_office")
def test_every_page_of_the_great_index_answers_and_its_jobs_are_done() -> None:
    index.grow(units=4, criteria=25, many_units=9)
    great = Scorecard.objects.filter(campaign_year__campaign__code="cchc-trieu-dong")
    assert (great.count(), Line.objects.filter(scorecard__in=great).count()) == (9, 9 * 25)
    found = scenarios.measured(index.scenarios(2))["scenarios"]
    assert {one["kind"] for one in found} == {"index", "post"}
    assert all(0 < one["queries"] < 40 for one in found)
    done = list(index.jobs(indexes=100))
    assert [bar for *_, bar in done] == [2, 2, 2, 0, 5]
    assert "225 dòng" in done[1][0]


@pytest.mark.usefixtures("demo_office")
def test_every_page_of_the_great_review_answers_and_everybody_is_judged() -> None:
    bulk.grow(people=120, units=20)
    judging.grow()
    found = scenarios.measured(judging.scenarios(2))["scenarios"]
    assert {one["kind"] for one in found} == set(report.REVIEW_MS)
    assert all(0 < one["queries"] < 45 for one in found)
    first, again = judging.jobs()
    assert first[-1] == again[-1] == judging.JUDGED_IN
    assert "Xét 120 người, 16 danh hiệu" in first[0]
