"""Acts about the frame of a draft: begin on one, bring the draft up to it, leave it."""

from typing import Any

from django.db import transaction

from campaigns.actions.criteria import begin_draft, hold_draft
from campaigns.models import CampaignYear, CriteriaSet, Criterion, Recipient
from campaigns.queries import totals
from campaigns.queries.frames import OF_FRAME, FrameOutlook, Merged, frame_outlook, rests_on
from core.journal import record
from core.workflow import AlreadyDone, Refused, lock

PUBLISHED_BY = ("places", "rounding", "ties", "tie_codes")
CONTENT = (*OF_FRAME, "parent_id", "is_of_frame")
PLACE = ("position", "level")


@transaction.atomic
def begin_on_frame(
    campaign_year: CampaignYear, frame: CriteriaSet, *, by: Any, title: str = ""
) -> CriteriaSet:
    """A draft that holds the rows of a frame; figures are published as the frame says."""
    facts = {name: getattr(frame, name) for name in PUBLISHED_BY}
    name = title or f"{campaign_year.campaign.short_name} {campaign_year.when}"
    made = begin_draft(campaign_year, by, title=name, **facts)
    record(made, "create", by=by, label="Lập bộ tiêu chí", after=made.state)
    take_frame(made, frame, by=by)
    most = totals(list(made.criteria.order_by("position")))
    made.declared_max_collective = most[Recipient.COLLECTIVE]
    made.declared_max_individual = most[Recipient.INDIVIDUAL]
    made.save(update_fields=["declared_max_collective", "declared_max_individual"])
    return made


@transaction.atomic
def take_frame(
    criteria_set: CriteriaSet, frame: CriteriaSet, *, by: Any, shown: str | None = None
) -> FrameOutlook:
    """Bring a draft up to a frame: its rows become those of the frame, own rows stay where they are.

    ``shown`` is the digest of the outlook that somebody confirmed.
    """
    hold_draft(criteria_set, by)
    lock(frame)
    if frame.state != CriteriaSet.State.IN_USE:
        raise Refused("Chỉ bộ chỉ số đang áp dụng mới làm khung được.")
    if rests_on(frame, criteria_set.campaign_year):
        raise Refused("Khung phải là bộ chỉ số khác, và không được dựa trên chính bộ chỉ số này.")
    outlook = frame_outlook(criteria_set, frame)
    is_new = criteria_set.frame_id is None
    if criteria_set.frame_id == frame.pk and outlook.is_same:
        raise AlreadyDone("Bản nháp đã đúng theo khung.")
    if shown is not None and shown != outlook.digest:
        raise Refused("Bản nháp hoặc khung đã thay đổi từ lúc bạn xem. Hãy xem lại rồi xác nhận.")
    _write(criteria_set, outlook.merged)
    criteria_set.frame = frame
    criteria_set.version += 1
    criteria_set.save(update_fields=["frame", "version"])
    told = [f"{one.label}: {one.criterion}" for one in outlook.differences]
    label = "Lập theo khung" if is_new else "Cập nhật theo khung"
    record(
        criteria_set,
        "take_frame",
        by=by,
        label=label,
        comment=f"{frame} ({len(told)} thay đổi)",
        data={"differences": told, "notes": outlook.merged.notes},
    )
    return outlook


@transaction.atomic
def leave_frame(criteria_set: CriteriaSet, *, by: Any, reason: str) -> CriteriaSet:
    """All rows become own rows; the reason is kept."""
    hold_draft(criteria_set, by)
    if criteria_set.frame is None:
        raise Refused("Bộ tiêu chí này không dựa trên khung nào.")
    if not reason.strip():
        raise Refused("Hãy ghi lý do rời khung.")
    left = criteria_set.frame
    criteria_set.criteria.filter(is_of_frame=True).update(is_of_frame=False)
    criteria_set.frame = None
    criteria_set.version += 1
    criteria_set.save(update_fields=["frame", "version"])
    record(criteria_set, "leave_frame", by=by, label="Rời khung", comment=f"{left}. Lý do: {reason.strip()}")
    return criteria_set


def _write(criteria_set: CriteriaSet, merged: Merged) -> None:
    """New rows level by level, so that every parent has its key first; then what changed; then what goes."""
    new = {id(row) for row in merged.rows if row.pk is None}
    for level in sorted({row.level for row in merged.rows}):
        here = [row for row in merged.rows if row.level == level]
        for row in here:
            row.criteria_set = criteria_set
            row.parent_id = row.parent.pk if row.parent else None
        Criterion.objects.bulk_create([row for row in here if id(row) in new], batch_size=500)
    kept = [row for row in merged.rows if id(row) not in new]
    changed = [row for row in kept if _differs(row, CONTENT)]
    for row in changed:
        row.version += 1
    fields = [name.removesuffix("_id") for name in CONTENT]
    Criterion.objects.bulk_update(changed, [*fields, "version"], batch_size=100)
    moved = [row for row in kept if _differs(row, PLACE)]
    Criterion.objects.bulk_update(moved, PLACE, batch_size=500)
    criteria_set.criteria.filter(pk__in=[one.pk for one in merged.gone]).delete()


def _differs(row: Criterion, names: tuple[str, ...]) -> bool:
    was: Criterion = row.was  # type: ignore[attr-defined]
    return any(getattr(row, name) != getattr(was, name) for name in names)
