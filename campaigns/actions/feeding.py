"""Which row of a higher level's scheme a row feeds."""

from typing import Any

from django.db import transaction

from campaigns.models import CampaignYear, CriteriaSet, Criterion
from campaigns.queries.feeding import leads_back, reference_of
from campaigns.rules import require
from campaigns.workflow import MANAGE
from core.journal import record
from core.workflow import Refused, check_version, lock


@transaction.atomic
def feed(criterion: Criterion, target: Criterion | None, *, by: Any, version: int | None = None) -> Criterion:
    """Say, also for a set in use, which row the results of this row are a figure for: no point follows from it."""
    criteria_set = criterion.criteria_set
    lock(criteria_set)
    require(MANAGE, by, criteria_set.campaign_year.campaign)
    if criteria_set.state == CriteriaSet.State.SUPERSEDED:
        raise Refused("Phiên bản này đã được thay thế nên không sửa được.")
    lock(criterion)
    check_version(criterion, version)
    check_target(criteria_set, target)
    if criterion.feeds_id != (target and target.pk):
        criterion.feeds = target
        criterion.version += 1
        criterion.save(update_fields=["feeds", "version"])
        label = "Đổi nơi cấp số liệu" if target else "Bỏ nơi cấp số liệu"
        told = f"{criterion} → {reference_of(target)}" if target else str(criterion)
        record(criteria_set, "feed", by=by, label=label, comment=told)
    return criterion


def check_target(criteria_set: CriteriaSet, target: Criterion | None) -> None:
    """A row feeds another scheme, and no scheme comes back to itself."""
    if target is not None:
        check_scheme(criteria_set.campaign_year, target)


def check_scheme(campaign_year: CampaignYear, target: Criterion) -> None:
    own, above = campaign_year.campaign_id, target.criteria_set.campaign_year.campaign_id
    if own == above:
        raise Refused("Dòng chỉ cấp số liệu cho bộ chỉ số khác.")
    if leads_back(above, own):
        raise Refused(
            f"“{target.criteria_set.campaign_year.campaign}” đã cấp số liệu cho bộ chỉ số này, "
            "nên bộ này không cấp ngược lại được."
        )
