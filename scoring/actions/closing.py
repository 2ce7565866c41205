"""Closing the figures of a round: points that depend on other units are computed for everybody at once."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import rules
from django.db import transaction

from campaigns.methods import STORED_PLACES, Filler, filler_of, round_half_up
from campaigns.models import CampaignYear
from core.journal import record
from core.workflow import Refused, lock
from scoring.actions.lines import keep_lines, let_follow, told
from scoring.calculations import relative_points, relative_without_target
from scoring.models import Line, Scorecard
from scoring.queries.ranking import ready_state

State = Scorecard.State
# A published sheet keeps its points; one that is not approved yet has no figures that count.
COUNTED = [State.APPROVED, State.EXPLAINING, State.EXPLAINED, State.APPRAISED]


@transaction.atomic
def close_figures(campaign_year: CampaignYear, *, by: Any) -> int:
    """Compute every row against the leading unit from the figures of all approved sheets, and freeze the figures with
    the points. Repeating it computes from the present figures. Gives how many lines changed."""
    if not rules.has_perm("scoring.publish_results", by, campaign_year):
        raise Refused("Chỉ Văn phòng Sở chốt số liệu để tính điểm so sánh.")
    lock(campaign_year)
    if campaign_year.state != CampaignYear.State.OPEN:
        raise Refused("Đợt đánh giá chưa mở hoặc đã khóa sổ.")
    sheets = Scorecard.objects.filter(campaign_year=campaign_year, state__in=COUNTED)
    held = {
        sheet.pk: sheet for sheet in sheets.select_for_update(of=("self",)).select_related("campaign_year")
    }
    lines = _lines(held)
    if not lines:
        raise Refused("Chưa có phiếu nào đã duyệt với số liệu cần so sánh.")
    changes: dict[int, list[Any]] = {}
    for criterion_lines in _by_criterion(lines):
        for line, points, facts in _scored(criterion_lines):
            if (points, facts) != (line.office_score, line.office_inputs):
                before, line.office_score, line.office_inputs = line.office_score, points, facts
                let_follow(line, "approved")
                entry = told(line, "office", by, "Tính so với đơn vị dẫn đầu", before, points)
                changes.setdefault(line.scorecard_id, []).append((line, entry))
    for pk, changed in changes.items():
        keep_lines(held[pk], changed)
    count = sum(map(len, changes.values()))
    record(campaign_year, "close_figures", by=by, label=f"Chốt số liệu so sánh: {count} dòng thay đổi")
    return count


def waits_for_closing(campaign_year: CampaignYear) -> bool:
    """Whether a sheet that could be published has a row that is not computed yet."""
    rows = Line.objects.filter(
        scorecard__campaign_year=campaign_year,
        scorecard__state__in=[*COUNTED, ready_state(campaign_year)],
        is_excluded=False,
        office_score__isnull=True,
    )
    methods = set(rows.values_list("criterion__method", flat=True))
    return any(filler_of(method) == Filler.CLOSING for method in methods)


def _lines(held: dict[int, Scorecard]) -> list[Line]:
    rows = Line.objects.filter(scorecard__in=held, is_excluded=False).exclude(inputs={})
    found = [
        line
        for line in rows.select_related("criterion")
        if filler_of(line.criterion.method) == Filler.CLOSING
    ]
    for line in found:
        line.scorecard = held[line.scorecard_id]
    return found


def _by_criterion(lines: list[Line]) -> Iterable[list[Line]]:
    groups: dict[Any, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.criterion.lineage or line.criterion_id, []).append(line)
    return groups.values()


def _scored(lines: list[Line]) -> Iterable[tuple[Line, Decimal, dict[str, str]]]:
    """Units with a target against the best achieved ÷ target, those without against the best of their own group."""
    with_target = [line for line in lines if line.inputs.get("target")]
    without = [line for line in lines if not line.inputs.get("target")]
    ratios = [_achieved(line) / Decimal(line.inputs["target"]) for line in with_target]
    leader = max([Decimal(1), *ratios])
    for line in with_target:
        target = Decimal(line.inputs["target"])
        points = relative_points(line.criterion.max_score, _achieved(line), target, leader)
        yield line, _kept(points), {**line.inputs, "leader": str(leader)}
    best = max((_achieved(line) for line in without), default=Decimal(0))
    for line in without:
        points = relative_without_target(line.criterion.max_score, _achieved(line), best)
        yield line, _kept(points), {**line.inputs, "best": str(best)}


def _achieved(line: Line) -> Decimal:
    return Decimal(line.inputs.get("achieved", "0"))


def _kept(points: Decimal) -> Decimal:
    return round_half_up(points, STORED_PLACES)
