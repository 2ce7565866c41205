"""A frame of the province, a set that takes it over, and what both look like."""

from typing import Any

from campaigns.actions.schemes import write_scheme
from campaigns.models import CampaignYear, CriteriaSet, Criterion
from organization.models import User
from tests.campaigns.test_scheme_files import Rows, plan

FRAME: Rows = [
    (1, "1", "Chỉ đạo, điều hành", None),
    (2, "1.1", "Kế hoạch", 2, "all_or_nothing"),
    (2, "1.2", "Báo cáo", 1, "all_or_nothing"),
    (1, "2", "Thủ tục hành chính", None),
    (2, "2.1", "Đúng hạn", 5, "all_or_nothing"),
]
# The second version: 1.1 is worth more, 1.2 is gone, 1.3 is new, 2 comes first.
NEWER: Rows = [
    (1, "2", "Thủ tục hành chính", None),
    (2, "2.1", "Đúng hạn", 5, "all_or_nothing"),
    (1, "1", "Chỉ đạo, điều hành", None),
    (2, "1.1", "Kế hoạch", 3, "all_or_nothing"),
    (2, "1.3", "Kiểm tra", 2, "all_or_nothing"),
]


def written(year: CampaignYear, rows: Rows, office: User) -> CriteriaSet:
    return write_scheme(year, plan(rows), by=office, use=True).criteria_set


def table(criteria_set: CriteriaSet) -> list[tuple[str, bool]]:
    """Code and whether it is of the frame, in order."""
    return list(criteria_set.criteria.order_by("position").values_list("code", "is_of_frame"))


def codes(criteria_set: CriteriaSet) -> str:
    return " ".join(code for code, _ in table(criteria_set))


def leaf_facts(one: Criterion, **changes: Any) -> dict[str, Any]:
    return {"method": one.method, "params": one.params, "max_score": one.max_score, **changes}
