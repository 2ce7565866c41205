"""What counts on a score sheet, and what waits for whom."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from campaigns.models import CampaignYear, Criterion
from campaigns.queries import open_calendar
from organization.models import User
from scoring.actions import achievements as actions
from scoring.models import Achievement
from scoring.queries.achievement_tasks import tasks_of
from scoring.queries.counting import confirmed_quantities

Maker = Callable[..., Achievement]


def test_shares_count_on_every_authors_sheet(
    draft_of: Maker, clerk: User, colleague: User, head: User, director: User, campaign_year: CampaignYear,
    criteria: dict[str, Criterion], django_assert_num_queries: Any,
) -> None:  # fmt: skip
    achievement, used = draft_of(clerk, quantity=Decimal(3)), criteria["1.1"].criteria_set
    actions.set_co_authors(
        achievement, [(colleague.person, Decimal("33.33")), (head.person, Decimal(20))], by=clerk
    )
    actions.submit(achievement, by=clerk)
    assert confirmed_quantities(campaign_year, achievement.unit, clerk.person, used) == {}
    actions.confirm(achievement, by=director)
    key, unit = criteria["1.1"].pk, achievement.unit
    with django_assert_num_queries(2):
        own = confirmed_quantities(campaign_year, unit, clerk.person, used)
    assert own == {key: (Decimal("1.4001"), [achievement])}
    for person, part in ((colleague.person, "0.9999"), (head.person, "0.6")):
        assert confirmed_quantities(campaign_year, unit, person, used)[key][0] == Decimal(part)
    assert confirmed_quantities(campaign_year, unit, None, used) == {}


def test_collective_ones_count_for_the_unit(
    submitted_by: Maker, clerk: User, head: User, campaign_year: CampaignYear, criteria: dict[str, Criterion]
) -> None:
    for title in ["Một việc", "Việc khác hẳn"]:
        achievement = submitted_by(clerk, collective=True, title=title, quantity=Decimal("1.5"))
        actions.confirm(achievement, by=head)
    used, unit = criteria["1.1"].criteria_set, achievement.unit
    total, behind = confirmed_quantities(campaign_year, unit, None, used)[criteria["1.1"].pk]
    assert (total, len(behind)) == (Decimal(3), 2)
    assert confirmed_quantities(campaign_year, unit, clerk.person, used) == {}


def test_an_achievement_counts_under_the_corrected_criteria(
    in_state: Callable[[str], Achievement],
    campaign_year: CampaignYear,
    criteria: dict[str, Criterion],
    clerk: User,
) -> None:
    lineage = "5b0e5a7e-9d1c-4a53-8c55-0123456789ab"
    Criterion.objects.filter(code="1.1").update(lineage=lineage)
    in_state("confirmed")
    campaign_year.criteria_sets.update(state="superseded")
    newer = campaign_year.criteria_sets.create(title="Bản 2", version_number=2, state="in_use")
    successor = newer.criteria.create(code="1.1", name="Chất lượng", lineage=lineage)
    found = confirmed_quantities(campaign_year, clerk.acting.unit_id, clerk.person, newer)
    assert list(found) == [successor.pk]


def test_everybody_finds_his_work(
    in_state: Callable[[str], Achievement], clerk: User, head: User, colleague: User
) -> None:
    in_state("returned")
    in_state("draft")
    in_state("submitted")
    in_state("confirmed")
    titles = {task.title: task.due for task in tasks_of(clerk, open_calendar())}
    due = timezone.localdate() + timedelta(days=30)
    assert titles == {"Thành tích bị trả lại, cần sửa": due, "Bản nháp thành tích chưa nộp": due}
    assert [(task.title, task.count) for task in tasks_of(head, open_calendar())] == [
        ("Thành tích chờ xác nhận", 1)
    ]
    assert tasks_of(colleague, open_calendar()) == []
