"""Rounds that lock a column after its last day, and units that were given more time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from campaigns.actions import rounds
from campaigns.models import CampaignYear, Deadline, Stage
from core import clock
from core.models import Letter
from core.workflow import Refused
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import sheets as actions
from tests.scoring.sheets.conftest import again

Find = Callable[..., Any]


def test_a_round_that_locks_refuses_after_the_last_day_but_not_the_unit_with_more_time(
    opened: CampaignYear, sheet_of: Find, line_of: Find, units: dict[str, Unit], clerk: User, office: User
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Deadline.objects.filter(campaign_year=opened, stage=Stage.SELF_SCORE).update(due_on=yesterday)
    sheet = sheet_of(units["cchc"])
    line_actions.save_line(line_of(sheet, "2.3"), by=clerk, inputs={"choice": "Kịp thời"})
    rounds.set_options(opened, by=office, locks=True)
    with pytest.raises(Refused, match="đã khóa vì hết hạn"):
        line_actions.save_line(line_of(sheet, "2.3"), by=clerk, inputs={})
    rounds.extend(
        opened,
        by=office,
        stage=Stage.SELF_SCORE,
        unit=units["cchc"],
        until=clock.today() + timedelta(days=2),
        reason="Mất điện ba ngày",
    )
    line_actions.save_line(line_of(sheet, "2.3"), by=clerk, inputs={})
    other = sheet_of(units["ttlt"])
    with pytest.raises(Refused, match="khóa"):
        actions.submit(again(other), by=User.objects.get(username="stranger"))
    assert Letter.objects.filter(kind="campaigns/extended").exists()
