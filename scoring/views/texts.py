"""What a line of a sheet says about itself, as text."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from campaigns.methods import Filler, filler_of
from core.vietnamese import format_decimal, format_points, half_up
from scoring.calculations import PUBLISHED_PLACES
from scoring.models import Line
from scoring.queries.readiness import BEFORE
from scoring.queries.sheets import Confirmed
from scoring.queries.words import facts as facts
from scoring.queries.words import is_named as is_named
from scoring.queries.words import origin as origin
from scoring.queries.words import plain as plain
from scoring.views.columns import SPEAKERS

ASKED, EXPLAINED = "Yêu cầu", "Đơn vị giải trình"


def standing_before(line: Line, column: str) -> Decimal | None:
    """The score that stands while this column is left empty."""
    given = (getattr(line, name) for name in BEFORE[column])
    return next((score for score in given if score is not None), None)


def furthest(line: Line) -> Decimal | None:
    """The newest score beside the self-score."""
    scores = (line.final_score, line.second_score, line.appraised_score, line.approved_score)
    return next((score for score in scores if score is not None), None)


def is_done(line: Line) -> bool:
    filler = filler_of(line.criterion.method)
    if filler == Filler.OFFICE:
        return False
    return line.is_excluded or line.self_score is not None or (filler == Filler.CLOSING and bool(line.inputs))


def documents(line: Line, confirmed: Confirmed | None) -> list[dict[str, str]]:
    links: list[tuple[Any, str]] = [
        (link, "bổ sung khi giải trình" if link.is_later else "") for link in line.links
    ]
    links += [(link, "từ thành tích đã xác nhận") for link in (confirmed.links if confirmed else [])]
    return [
        {
            "title": str(link.document),
            "page": link.page,
            "source": source,
            "href": reverse("scoring:evidence_detail", args=[link.document_id]),
        }
        for link, source in links
    ]


def confirmed_text(line: Line, confirmed: Confirmed | None) -> str:
    if not confirmed:
        return ""
    names = "; ".join(f"{one} ({format_decimal(one.counted)})" for one in confirmed.achievements)  # type: ignore[attr-defined]
    return f"Đã xác nhận {format_decimal(confirmed.quantity)}: {names}"


def reasons(line: Line) -> list[tuple[str, str]]:
    pairs = [
        ("Giải trình", line.note),
        ("Không áp dụng", line.excluded_reason),
        (SPEAKERS["approved"], line.approved_reason),
        (SPEAKERS["appraised"], line.appraised_reason),
        (ASKED, line.flag_reason if line.explanation or not line.is_flagged else ""),
        (EXPLAINED, line.explanation),
        (SPEAKERS["second"], line.second_reason),
        (SPEAKERS["final"], line.final_reason),
    ]
    return [pair for pair in pairs if pair[1]]


def in_words(value: Decimal | None) -> str:
    return format_decimal(value)


def sum_shown(value: Decimal | None) -> str:
    """Sums are shown as they will be published; the lines keep their four decimals."""
    return format_points(value)


def total_shown(value: Decimal | None) -> str:
    """The sheet's own total, written as in the ranking."""
    return format_decimal(value, PUBLISHED_PLACES)


def difference(before: Decimal | None, after: Decimal | None) -> str:
    """The difference of the numbers that are shown; of the exact ones where only those differ."""
    if before is None or after is None or before == after:
        return ""
    seen = half_up(after, PUBLISHED_PLACES) - half_up(before, PUBLISHED_PLACES)
    change = seen or after - before
    return f"{'+' if change > 0 else '−'}{format_decimal(abs(change))}"
