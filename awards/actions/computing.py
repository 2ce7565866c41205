"""Computing a list from published results; what was changed by hand stays."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from awards import queries
from awards.actions.guards import open_for_changes, require_office
from awards.eligibility import results
from awards.models import Award, AwardEntry, AwardList, Condition
from campaigns.models import CampaignYear
from core import clock
from core.journal import record
from core.workflow import Refused, lock
from scoring.models import Result

Source = AwardEntry.Source
FACTS = ["award_id", "computed_award_id", "score", "band", "rank", "also_meets", "change"]


@dataclass(frozen=True)
class Proposal:
    """What the conditions propose for one result; no award when none is met."""

    result: Result
    award: Award | None
    also: str


@transaction.atomic
def compute(campaign_year: CampaignYear, *, by: Any) -> AwardList:
    """Make the year's list from the published results, or compute it again; changes made by hand stay."""
    require_office(by)
    lock(campaign_year)
    publications = sorted(queries.publications_in_force(campaign_year).values_list("pk", flat=True))
    if not publications:
        raise Refused(f"Chưa công bố kết quả nào của {campaign_year} nên chưa lập được danh sách.")
    conditions = queries.conditions_in_force(campaign_year)
    if not conditions:
        raise Refused(f"Chưa có điều kiện khen thưởng cho {campaign_year}. Hãy nhập điều kiện trước.")
    award_list = AwardList.objects.filter(campaign_year=campaign_year).first()
    is_new = award_list is None
    if award_list is None:
        award_list = AwardList.objects.create(campaign_year=campaign_year, prepared_by=by)
    open_for_changes(award_list, by)
    listed = set(award_list.entries.values_list("scorecard", flat=True))
    proposals = _proposals(publications, conditions, listed)
    summary = _rewrite(award_list, proposals, mark=not is_new)
    award_list.basis = {"publications": publications, "conditions": queries.frozen(conditions)}
    award_list.computed_at = clock.now()
    award_list.version += 1
    award_list.save()
    label = "Lập danh sách từ kết quả đã công bố" if is_new else "Tính lại danh sách"
    record(
        award_list,
        "compute",
        by=by,
        label=label,
        after=award_list.state,
        comment=summary,
        data=award_list.basis,
    )
    return award_list


def _proposals(
    publications: list[int], conditions: list[Condition], listed: Container[int]
) -> dict[int, Proposal]:
    """By sheet, for results that meet a condition or stand on the list; the many others are read and let go."""
    asked = [queries.judged(condition) for condition in conditions]
    awards = {condition.award.code: condition.award for condition in conditions}
    found = {}
    for result in queries.published_results(publications).iterator():
        findings = results.assess(queries.row_of(result), asked)
        best = results.proposed(findings)
        if best is None and result.scorecard_id not in listed:
            continue
        also = ", ".join(finding.condition.name for finding in results.also_met(findings))
        found[result.scorecard_id] = Proposal(
            result, awards[best.condition.award] if best else None, also[:300]
        )
    return found


def _rewrite(award_list: AwardList, proposals: Mapping[int, Proposal], *, mark: bool) -> str:
    """Bring the rows up to the proposals; the sentence for the journal says what moved."""
    known = {entry.scorecard_id: entry for entry in queries.ordered(award_list.entries.all())}
    gone, kept, moved = [], [], []
    for entry in known.values():
        proposal = proposals.get(entry.scorecard_id)
        if entry.source == Source.COMPUTED and (proposal is None or proposal.award is None):
            gone.append(entry)
        else:
            before = [getattr(entry, name) for name in FACTS]
            _refresh(entry, proposal)
            kept.append(entry)
            if before != [getattr(entry, name) for name in FACTS]:
                entry.version += 1
                moved.append(entry)
    fresh = [
        AwardEntry(
            award_list=award_list,
            scorecard=proposal.result.scorecard,
            award=proposal.award,
            computed_award=proposal.award,
            also_meets=proposal.also,
            change="Mới đủ điều kiện" if mark else "",
            **figures(proposal.result),
        )
        for scorecard_id, proposal in proposals.items()
        if proposal.award and scorecard_id not in known
    ]
    award_list.entries.filter(pk__in=[entry.pk for entry in gone]).delete()
    AwardEntry.objects.bulk_update(
        moved, [name.removesuffix("_id") for name in [*FACTS, "version"]], batch_size=100
    )
    AwardEntry.objects.bulk_create(fresh, batch_size=1000)
    return _summary(fresh, gone, kept) if mark else f"{len(fresh)} dòng đủ điều kiện."


def _refresh(entry: AwardEntry, proposal: Proposal | None) -> None:
    """Give the row today's figures and a mark of what is different; a hand's decision is not touched."""
    notes = []
    before, now = entry.computed_award, proposal.award if proposal else None
    if proposal is None:
        notes.append("Không còn kết quả đã công bố")
    elif entry.score is not None and entry.score != proposal.result.index:
        notes.append(f"Điểm {results.number(entry.score)} → {results.number(proposal.result.index)}")
    if before != now:
        notes.append(f"Đề xuất theo điều kiện: {before or 'không'} → {now or 'không'}")
    entry.change = "; ".join(notes)[:300]
    if entry.source == Source.COMPUTED and now:
        entry.award = now
    entry.computed_award = now
    entry.also_meets = proposal.also if proposal and entry.award == now else ""
    for name, value in figures(proposal.result if proposal else None).items():
        setattr(entry, name, value)


def _summary(fresh: list[AwardEntry], gone: list[AwardEntry], kept: list[AwardEntry]) -> str:
    marked = [entry for entry in kept if entry.change]
    told = [("Thêm", fresh), ("Bỏ vì không còn đủ điều kiện", gone), ("Có thay đổi", marked)]
    return (
        "\n".join(f"{word}: {_names(entries)}." for word, entries in told if entries)
        or "Không có gì thay đổi."
    )


def _names(entries: list[AwardEntry]) -> str:
    named = ", ".join(str(entry.scorecard) for entry in entries[:20])
    return f"{named} và {len(entries) - 20} dòng khác" if len(entries) > 20 else named


def figures(result: Result | None) -> dict[str, Any]:
    if result is None:
        return {"score": None, "band": "", "rank": None}
    return {"score": result.index, "band": result.band, "rank": result.rank}
