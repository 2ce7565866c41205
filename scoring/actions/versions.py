"""Moving open score sheets to a corrected version of the year's criteria, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import rules
from django.db import transaction
from django.db.models import F

from campaigns.models import CampaignYear, CriteriaSet, Criterion
from core.journal import record, record_many
from core.workflow import Refused, lock
from scoring.mails import sheets as mails
from scoring.models import EvidenceDocument, Line, LineEvidence, Scorecard
from scoring.queries.totals import SCORED, SUMMED, nodes_of, scored, sum_up
from scoring.queries.versions import RENEW, Group, groups_for, movable_sheets, refit, remembered
from scoring.workflow.sheets import SCORECARD

NEW_LINE = "Tiêu chí mới của bộ tiêu chí sửa đổi."
UNFIT_LINE = "Tiêu chí đã sửa đổi, số liệu đã nhập không còn phù hợp."
DECIDED = ("approved_score", "approved_reason", "appraised_score", "appraised_reason")


@dataclass
class Moved:
    """What a move has done: nothing when it is repeated."""

    sheets: int = 0
    returned: int = 0
    unfit: int = 0


@dataclass
class _Story:
    """What happens to one sheet: lines that go, and by criterion why a line must be scored (again)."""

    sheet: Scorecard
    before: str
    removed: dict[str, Any] = field(default_factory=dict)
    asked: dict[int, str] = field(default_factory=dict)

    @property
    def returns(self) -> bool:
        """A submitted sheet with something to score comes back to its owner."""
        return bool(self.asked) and self.before in SCORECARD.moves[RENEW].source


Stories = Mapping[int, _Story]


@transaction.atomic
def move_sheets(target: CriteriaSet, *, by: Any, comment: str = "") -> Moved:
    """Let every sheet that nobody has approved yet follow the criteria in use; or take such a move back.

    Lines of unchanged criteria stay as they are. Where a criterion was changed the score is computed again from what
    was entered; what no longer fits is emptied and must be scored again. What stood on a line that goes is kept in the
    journal and comes back with the criterion. A submitted sheet with something to score returns to its owner, with
    just these lines open.
    """
    _check(target, by)
    list(movable_sheets(target).select_for_update().values_list("pk", flat=True))
    moved = Moved()
    everybody: list[Scorecard] = []
    for group in groups_for(target):
        stories = {sheet.pk: _Story(sheet, sheet.state) for sheet in group.sheets}
        moved.unfit += _refit(group, stories)
        _repoint(group)
        _take_away(group, stories)
        _add(group, stories)
        _flag(group, stories)
        _keep_sheets(group, stories)
        _tell(group, stories, by, comment)
        moved.sheets += len(stories)
        moved.returned += sum(story.returns for story in stories.values())
        everybody += [story.sheet for story in stories.values()]
    if everybody:
        label = f"Chuyển {len(everybody)} phiếu chưa duyệt sang phiên bản {target.version_number}"
        entry = record(target.campaign_year, "move_sheets", by=by, label=label, comment=comment)
        mails.sheets_moved(target, everybody, entry)
    return moved


def _check(target: CriteriaSet, by: Any) -> None:
    if not rules.has_perm("scoring.move_scorecards", by, target.campaign_year):
        raise Refused("Chỉ Văn phòng Sở chuyển phiếu sang phiên bản khác của bộ tiêu chí.")
    lock(target.campaign_year)
    lock(target)
    if target.campaign_year.state != CampaignYear.State.OPEN:
        raise Refused("Năm này của phong trào chưa mở hoặc đã khóa sổ.")
    if target.state == CriteriaSet.State.DRAFT:
        raise Refused("Bộ tiêu chí còn là bản nháp. Hãy áp dụng trước khi chuyển phiếu.")


def _refit(group: Group, stories: Stories) -> int:
    """Lines of changed criteria; the number of those that must be scored again."""
    unfit = 0
    lines = []
    for line, now, new in group.refitted:
        if not new.fits:
            unfit += 1
            stories[line.scorecard_id].asked[now.pk] = UNFIT_LINE
        if new.score != line.self_score:  # what was approved was said about another score
            line.approved_score = line.appraised_score = None
            line.approved_reason = line.appraised_reason = ""
        line.criterion, line.inputs, line.self_score = now, new.inputs, new.score
        line.version += 1
        lines.append(line)
    changed = ["criterion", "inputs", "self_score", "version", *DECIDED]
    Line.objects.bulk_update(lines, changed, batch_size=500)
    return unfit


def _repoint(group: Group) -> None:
    for was, now in group.pairing.same:
        rows = Line.objects.filter(scorecard__in=group.sheets.values("pk"), criterion=was)
        rows.update(criterion=now, version=F("version") + 1)


def _take_away(group: Group, stories: Stories) -> None:
    """Lines of criteria that are gone; the journal keeps what stood on them."""
    gone = Line.objects.filter(scorecard__in=group.sheets.values("pk"), criterion__in=group.pairing.removed)
    for line in gone.select_related("criterion").prefetch_related("evidence_links"):
        stories[line.scorecard_id].removed[str(line.criterion.lineage)] = {
            "criterion": str(line.criterion),
            "method": line.criterion.method,
            "inputs": line.inputs,
            "score": None if line.self_score is None else str(line.self_score),
            "note": line.note,
            "documents": [[link.document_id, link.page] for link in line.evidence_links.all()],
        }
    gone.delete()


def _add(group: Group, stories: Stories) -> None:
    """Lines of new criteria, with what an earlier move took away from them."""
    if not group.pairing.added:
        return
    before = remembered(stories)
    lines, links = [], []
    for pk, story in stories.items():
        for criterion in group.pairing.added:
            kept = before.get(pk, {}).get(str(criterion.lineage), {})
            line = _line(story.sheet, criterion, kept)
            lines.append(line)
            links += [(line, *link) for link in kept.get("documents", [])]
            if line.self_score is None:
                story.asked[criterion.pk] = NEW_LINE
    Line.objects.bulk_create(lines, batch_size=2000)
    _link_again(links)


def _line(sheet: Scorecard, criterion: Criterion, kept: Mapping[str, Any]) -> Line:
    line = Line(scorecard=sheet, criterion=criterion)
    if kept and kept["method"] == criterion.method:
        score = None if kept["score"] is None else Decimal(kept["score"])
        new = refit(None, criterion, kept["inputs"], score, kept["note"])
        line.inputs, line.self_score, line.note = new.inputs, new.score, kept["note"]
    return line


def _link_again(links: Iterable[tuple[Line, int, str]]) -> None:
    wanted = {pk for _, pk, _ in links}
    there = set(EvidenceDocument.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    LineEvidence.objects.bulk_create(
        [LineEvidence(line=line, document_id=pk, page=page) for line, pk, page in links if pk in there]
    )


def _flag(group: Group, stories: Stories) -> None:
    """Of a sheet that comes back only the flagged lines open; in a draft everything is open anyway."""
    asked = {
        (pk, criterion_id): reason
        for pk, story in stories.items()
        if story.before != Scorecard.State.DRAFT
        for criterion_id, reason in story.asked.items()
    }
    lines = []
    if asked:
        sheets, criteria = {pk for pk, _ in asked}, {criterion_id for _, criterion_id in asked}
        for line in Line.objects.filter(scorecard__in=sheets, criterion__in=criteria):
            if reason := asked.get((line.scorecard_id, line.criterion_id)):
                line.is_flagged, line.flag_reason = True, reason
                lines.append(line)
    Line.objects.bulk_update(lines, ["is_flagged", "flag_reason"], batch_size=500)


def _keep_sheets(group: Group, stories: Stories) -> None:
    rows: dict[int, list[Any]] = {pk: [] for pk in stories}
    lines = Line.objects.filter(scorecard__in=group.sheets.values("pk"))
    for pk, *row in lines.values_list("scorecard_id", *SCORED):
        rows[pk].append(row)
    nodes = nodes_of(group.target.pk, group.recipient)
    for pk, story in stories.items():
        sheet = story.sheet
        sum_up(sheet, nodes, scored(rows[pk]))
        sheet.criteria_set = group.target
        if story.returns:
            SCORECARD.turn(sheet, RENEW)
        sheet.version += 1
    sheets = [story.sheet for story in stories.values()]
    Scorecard.objects.bulk_update(sheets, ["criteria_set", "state", "version", *SUMMED], batch_size=500)


def _tell(group: Group, stories: Stories, by: Any, comment: str) -> None:
    def facts(sheet: Any) -> dict[str, Any]:
        story = stories[sheet.pk]
        data = {"from": group.version.pk, "to": group.target.pk, "removed": story.removed}
        return {"before": story.before, "after": sheet.state, "data": data | {"asked": len(story.asked)}}

    label = f"Chuyển từ phiên bản {group.version.version_number} sang {group.target.version_number} của bộ tiêu chí"
    sheets = [story.sheet for story in stories.values()]
    record_many(sheets, RENEW, by=by, label=label, comment=comment, each=facts)
