"""Taking published indexes over into the rows of other sheets: for one sheet, and for all of a round at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rules
from django.db import transaction

from campaigns.models import CampaignYear
from core.journal import record
from core.vietnamese import format_decimal
from core.workflow import Refused, lock
from scoring.actions.lines import Change, enter, hold_sheet, keep_lines
from scoring.actions.origins import is_own_figure, plain
from scoring.models import Line, Scorecard
from scoring.queries.deadlines import STAGE_OF, is_over
from scoring.queries.indexes import Key, Source, index_lines, key_of, sources_for
from scoring.queries.sheets import FILLING

NOTHING_TO_TAKE = "Không có tiêu chí nào lấy theo chỉ số đã công bố."


@dataclass
class Taken:
    """What taking over has come to: rows that changed, and in words what stayed and what is not published."""

    changed: int = 0
    sheets: int = 0
    closed: int = 0  # sheets whose column is closed, because its last day is over
    said: list[str] = field(default_factory=list)


@transaction.atomic
def take_indexes(sheet: Scorecard, *, by: Any) -> Taken:
    """Fill the rows of one sheet from what is published now, as long as the sheet is being filled."""
    hold_sheet(sheet, "scoring.fill_scorecard", by, FILLING, "self")
    lines = list(index_lines([sheet.pk]))
    if not lines:
        raise Refused(NOTHING_TO_TAKE)
    taken = Taken()
    _take(sheet, lines, _sources(sheet.campaign_year, [sheet], lines), taken, by)
    return taken


@transaction.atomic
def take_indexes_of_round(campaign_year: CampaignYear, *, by: Any) -> Taken:
    """The same for every sheet of the round that is still being filled; the Office's act. What is not published leaves
    the rows as they are."""
    if not rules.has_perm("scoring.open_scorecards", by, campaign_year):
        raise Refused("Chỉ Văn phòng Sở lấy chỉ số cho mọi phiếu của đợt.")
    lock(campaign_year)
    if campaign_year.state != CampaignYear.State.OPEN:
        raise Refused("Đợt đánh giá chưa mở hoặc đã khóa sổ.")
    rows = Scorecard.objects.filter(campaign_year=campaign_year, state__in=FILLING)
    held = list(rows.select_for_update(of=("self",)).select_related("unit").order_by("pk"))
    for sheet in held:
        sheet.campaign_year = campaign_year
    lines: dict[int, list[Line]] = {}
    for line in index_lines([sheet.pk for sheet in held]):
        lines.setdefault(line.scorecard_id, []).append(line)
    if not lines:
        raise Refused(f"{NOTHING_TO_TAKE.removesuffix('.')} ở phiếu nào đang chấm của đợt.")
    sources = _sources(campaign_year, held, [line for rows_of in lines.values() for line in rows_of])
    taken = Taken()
    for sheet in held:
        if sheet.pk in lines and is_over(sheet, STAGE_OF["self"]):
            taken.closed += 1
        elif sheet.pk in lines:
            _take(sheet, lines[sheet.pk], sources, taken, by)
    label = f"Lấy chỉ số đã công bố: {taken.changed} dòng của {taken.sheets} phiếu"
    record(campaign_year, "take_indexes", by=by, label=label, comment="\n".join(taken.said))
    return taken


def _sources(
    campaign_year: CampaignYear, sheets: Iterable[Scorecard], lines: Iterable[Line]
) -> Mapping[Key, Source]:
    units = {sheet.pk: sheet.unit for sheet in sheets}
    keys = {key_of(line, units[line.scorecard_id].pk) for line in lines}
    by_number = {unit.pk: unit for unit in units.values()}
    return sources_for(campaign_year, [(scheme, whose, by_number[unit]) for scheme, whose, unit in keys])


def _take(sheet: Scorecard, lines: list[Line], sources: Mapping[Key, Source], taken: Taken, by: Any) -> None:
    only_flagged = sheet.lines.filter(is_flagged=True).exists()
    changes: list[Change] = []
    for line in lines:
        source = sources[key_of(line, sheet.unit_id)]
        line.scorecard = sheet
        if only_flagged and not line.is_flagged:
            continue
        if source.value is None:
            _say(taken, source.words)
        elif is_own_figure(line, source):
            kept = format_decimal(line.self_score)
            _say(
                taken,
                f"{sheet}, tiêu chí {line.criterion.code}: giữ số nhập tay ({kept} điểm) vì có giải trình.",
            )
        else:
            given = {"index": plain(source.value)}
            changes.append((line, enter(line, by, given, None, line.note, source=source)))
    changed = keep_lines(sheet, changes)
    taken.changed += changed
    taken.sheets += bool(changed)


def _say(taken: Taken, sentence: str) -> None:
    if sentence not in taken.said:
        taken.said.append(sentence)
