"""The round after a round: planned in one act with everything the last one had, and taken back while nobody uses it."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from campaigns.actions import criteria
from campaigns.actions.campaigns import add_year
from campaigns.calculations import period_after, time_in_words
from campaigns.models import CampaignYear
from campaigns.queries import criteria_in_use
from campaigns.rules import require
from campaigns.workflow import MANAGE
from core.journal import record
from core.workflow import Refused, lock

STILL_USED = "đã có phiếu hoặc kết quả nên không bỏ được."


@transaction.atomic
def plan_next(campaign_year: CampaignYear, *, by: Any) -> CampaignYear:
    """Plan the round that follows, equally long: its calendar moved on, classes, units and settings as in this one, a
    copy of the criteria in force put to use. It waits to be opened and can be removed until then."""
    if not campaign_year.campaign.is_index:
        raise Refused("Chỉ bộ chỉ số mới có đợt đánh giá nối tiếp.")
    year, period = period_after(campaign_year.year, campaign_year.period)
    made = add_year(campaign_year.campaign, by=by, year=year, period=period, like=campaign_year)
    source = criteria_in_use(campaign_year)
    if source:
        before, after = (time_in_words(one.year, one.period) for one in (campaign_year, made))
        title = source.title.replace(before, after) if before in source.title else ""
        criteria.put_in_use(criteria.copy_set(source, by=by, campaign_year=made, title=title), by=by)
    return made


@transaction.atomic
def remove_round(campaign_year: CampaignYear, *, by: Any) -> None:
    """Take a planned round back, with its calendar, classes and criteria; one that anybody has used stays."""
    campaign = campaign_year.campaign
    lock(campaign_year)
    require(MANAGE, by, campaign)
    when = campaign_year.when
    if not campaign.is_index or campaign_year.state != CampaignYear.State.PLANNED:
        raise Refused(f"Chỉ bỏ được đợt đánh giá chưa mở; {when} thì không.")
    if campaign_year.past_results.exists():
        raise Refused(f"{when.capitalize()} {STILL_USED}")
    try:
        campaign_year.delete()
    except ProtectedError:
        raise Refused(f"{when.capitalize()} {STILL_USED}") from None
    data = {"year": campaign_year.year, "period": campaign_year.period}
    record(campaign, "remove_round", by=by, label=f"Bỏ đợt đánh giá {when} chưa mở", data=data)
