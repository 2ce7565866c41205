"""The matrix of units and criteria as an Excel sheet: the rows and columns of the screen."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from campaigns.models import CampaignYear, Criterion
from core.listing import Column
from core.sheets import sheet_response
from core.vietnamese import format_points
from scoring.models import Scorecard
from scoring.queries.analysis import Matrix, index_of, total_of

LONGEST_HEAD = 90


def matrix_file(
    campaign_year: CampaignYear, made: Matrix, chosen: Criterion | None, column: str
) -> HttpResponse:
    """Of the whole table with totals, or of one field in the column of scores that was chosen."""
    title = f"Ma trận điểm {campaign_year.when} – {campaign_year.campaign.short_name}"
    if chosen:
        title += f" – {chosen.code}. {chosen.name} – {column}"
    columns = [Column("Đơn vị", lambda sheet: sheet.unit_name, width=44)]
    columns += [Column(_head(one), _value(made, place), width=14) for place, one in enumerate(made.columns)]
    if chosen is None:
        columns += [
            Column("Tổng", total_of, places=2, width=12),
            Column("Chỉ số", index_of, places=2, width=12),
        ]
    return sheet_response(title, columns, made.sheets)


def _head(one: Criterion) -> str:
    words = f"{one.code}. {one.name}"
    words = words if len(words) <= LONGEST_HEAD else f"{words[: LONGEST_HEAD - 1].rstrip()}…"
    return f"{words} (tối đa {format_points(one.max_score)})" if one.is_leaf and one.max_score else words


def _value(made: Matrix, place: int) -> Callable[[Scorecard], Any]:
    def of(sheet: Scorecard) -> Any:
        _, fact = made.cells[sheet.pk][place]
        return "KAD" if fact.is_excluded else fact.score

    return of
