"""The columns and filters of the lists of score sheets."""

from typing import Any

from django.db.models import QuerySet

from campaigns.models import Recipient
from campaigns.queries import begun_year_choices
from core.listing import Column, Filter, Listing, to
from organization.queries import unit_choices
from scoring.models import Scorecard
from scoring.queries.sheets import waiting_for
from scoring.workflow.sheets import SCORECARD


def sheet_listing(user: Any, *, selectable: bool = False, title: str = "Phiếu chấm điểm") -> Listing:
    """The columns and filters of every list of sheets; "waiting for me" depends on who asks."""
    return Listing(
        title=title,
        columns=COLUMNS,
        order=("unit__order", "unit_id", "-campaign_year__year", "post_order", "sort_key"),
        reads=READS,
        search=("search_key",),
        search_hint="Tìm người, đơn vị (không cần dấu)",
        filters=[
            Filter("nam", "Năm", begun_year_choices, lambda rows, value: rows.filter(campaign_year=value)),
            Filter("doi-tuong", "Đối tượng", lambda: Recipient.choices, _of_recipient),
            Filter(
                "trang-thai",
                "Trạng thái",
                lambda: Scorecard.State.choices,
                lambda rows, value: rows.filter(state=value),
            ),
            Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value)),
            Filter(
                "cho", "Chờ tôi", lambda: [("toi", "Chờ tôi")], lambda rows, _: rows.filter(waiting_for(user))
            ),
        ],
        empty="Chưa có phiếu chấm điểm nào. Phiếu xuất hiện khi Văn phòng Sở mở phiếu của năm.",
        selectable=selectable,
        is_narrow=not user.acting.reads_everything,
    )


def _difference(sheet: Scorecard) -> Any:
    final = sheet.approved_total if sheet.appraised_total is None else sheet.appraised_total
    return None if final is None else final - sheet.self_total


def _of_recipient(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(person__isnull=value == Recipient.COLLECTIVE)


READS = (
    "version",  # carried by the ticks
    "person__family_name",
    "person__given_name",
    "unit_name",
    "campaign_year__year",
    "campaign_year__period",
    "campaign_year__campaign__short_name",
    "state",
    "self_total",
    "approved_total",
    "appraised_total",
)
COLUMNS = (
    Column(
        "Người, tập thể",
        str,
        order=("sort_key", "unit__order"),
        width=32,
        link=to("scoring:scorecard_detail"),
    ),
    Column(
        "Đơn vị",
        lambda sheet: sheet.unit_name,
        order=("unit__order", "post_order", "sort_key"),
        width=34,
        hide_on_phone=True,
    ),
    Column(
        "Phong trào, năm",  # a unit has one sheet in the movement and one in an index of the same year
        lambda sheet: str(sheet.campaign_year),
        order=("campaign_year__year", "campaign_year_id"),
        width=36,
    ),
    Column(
        "Trạng thái",
        lambda sheet: SCORECARD.states[sheet.state][0],
        order=("state",),
        badge=lambda sheet: SCORECARD.states[sheet.state][1],
    ),
    Column("Tự chấm", lambda sheet: sheet.self_total, order=("self_total",), places=2, width=12),
    Column("Duyệt", lambda sheet: sheet.approved_total, order=("approved_total",), places=2, width=12),
    Column("Thẩm định", lambda sheet: sheet.appraised_total, order=("appraised_total",), places=2, width=12),
    Column("Chênh lệch", _difference, places=2, width=12, hide_on_phone=True),
)
