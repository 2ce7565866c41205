"""One score sheet as an Excel file: its lines in the order of the tree, numbers as numbers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from core.listing import Column
from core.sheets import sheet_response
from scoring.calculations import PUBLISHED_PLACES
from scoring.models import Line, Scorecard
from scoring.queries.sheets import lines_of


def _of(name: str) -> Callable[[Any], Any]:
    return lambda line: getattr(line, name)


def _reasons(line: Line) -> str:
    pairs = [
        ("Giải trình", line.note),
        ("Thủ trưởng", line.approved_reason),
        ("Thẩm định", line.appraised_reason),
    ]
    return "\n".join(f"{who}: {text}" for who, text in pairs if text)


COLUMNS = (
    Column("Mã", lambda line: line.criterion.code, width=8),
    Column("Nội dung", lambda line: line.criterion.name, width=60),
    Column("Điểm tối đa", lambda line: line.criterion.max_score, width=10),
    Column("Tự chấm", _of("self_score"), places=PUBLISHED_PLACES, width=10),
    Column("Thủ trưởng duyệt", _of("approved_score"), places=PUBLISHED_PLACES, width=12),
    Column("Thẩm định", _of("appraised_score"), places=PUBLISHED_PLACES, width=10),
    Column("Giải trình, lý do", _reasons, width=50),
    Column(
        "Tài liệu kiểm chứng",
        lambda line: "\n".join(str(link) for link in line.links),
        width=40,
    ),
)


def sheet_file(sheet: Scorecard) -> HttpResponse:
    title = f"Phiếu chấm điểm năm {sheet.campaign_year.year} – {sheet}"
    return sheet_response(title, COLUMNS, lines_of(sheet))
