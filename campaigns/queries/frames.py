"""Frames: the rows that a set takes over from the scheme of a higher level, and what a new version of it would change.

A row of the frame and its twin in the set have one lineage, or stand at the same place of the set that was the frame
until now. What is said of a row in the frame holds; who is in charge here and which row it feeds are own matters.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from campaigns.models import LEAF_FACTS, CampaignYear, CriteriaSet, Criterion
from campaigns.queries.criteria import (
    Difference,
    changes_between,
    criteria_in_use,
    differences_between,
    draft_of,
)
from campaigns.queries.feeding import WITH_SCHEME
from campaigns.queries.schemes import SchemeRow, criteria_from, place_of_each
from core.vietnamese import fold

OF_FRAME = ("code", "name", "is_leaf", *(name for name in LEAF_FACTS if name != "in_charge"))
OWN_MATTERS = {"Đơn vị phụ trách", "Cấp số liệu cho"}


# --- which frames there are --------------------------------------------------------------------------
def frames_for(campaign_year: CampaignYear) -> QuerySet[CriteriaSet]:
    """The sets in use of other schemes, newest first."""
    sets = CriteriaSet.objects.in_use().exclude(campaign_year__campaign=campaign_year.campaign_id)
    rows = sets.select_related("campaign_year__campaign")
    return rows.order_by(
        "-campaign_year__year", "campaign_year__campaign__short_name", "campaign_year__period"
    )


def newer_frame(criteria_set: CriteriaSet) -> CriteriaSet | None:
    """What applies now of the scheme that the set's frame belongs to, unless it is the frame already."""
    frame = criteria_set.frame
    if frame is None:
        return None
    year = criteria_set.campaign_year.year
    sets = frames_for(criteria_set.campaign_year).filter(
        campaign_year__campaign=frame.campaign_year.campaign_id, campaign_year__year__lte=year
    )
    newest = sets.first()
    is_older = newest is not None and newest.campaign_year.year < frame.campaign_year.year
    return None if newest is None or newest.pk == frame.pk or is_older else newest


def rests_on(frame: CriteriaSet, campaign_year: CampaignYear) -> bool:
    """Whether the frame, or what it takes over itself, belongs to this scheme: then it can be no frame for it."""
    seen: set[int] = set()
    above: CriteriaSet | None = frame
    while above is not None and above.pk not in seen:
        if above.campaign_year.campaign_id == campaign_year.campaign_id:
            return True
        seen.add(above.pk)
        above = CriteriaSet.objects.select_related("campaign_year").filter(pk=above.frame_id).first()
    return False


# --- what a frame would make of a set ----------------------------------------------------------------
@dataclass
class Merged:
    """The rows as they would be, in order; those that would go; and what is told about them."""

    rows: list[Criterion] = field(default_factory=list)
    gone: list[Criterion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FrameOutlook:
    """What taking over a frame changes; the digest tells whether somebody else changed either side meanwhile."""

    merged: Merged
    differences: list[Difference]
    is_reordered: bool
    digest: str

    @property
    def is_same(self) -> bool:
        return not (self.differences or self.newly_locked or self.is_reordered or self.merged.notes)

    @property
    def newly_locked(self) -> int:
        """Rows that stood here before and now belong to the frame, with nothing else changed."""
        return sum(getattr(one, "becomes_locked", False) for one in self.merged.rows)


def frame_outlook(criteria_set: CriteriaSet, frame: CriteriaSet) -> FrameOutlook:
    local, wanted = _rows(criteria_set), _rows(frame)
    before = _rows(criteria_set.frame) if criteria_set.frame else []
    stamp = [[one.pk, one.version, one.position, one.is_of_frame] for one in [*local, *wanted]]
    digest = sha256(json.dumps([criteria_set.frame_id, frame.pk, stamp]).encode()).hexdigest()
    merged = _Merge(local, wanted, twins(local, before, wanted)).made()
    away = {one.pk for one in merged.gone}
    stay = [one.pk for one in local if one.pk not in away]
    is_reordered = [row.pk for row in merged.rows if row.pk] != stay
    return FrameOutlook(merged, differences_between(criteria_set, merged.rows), is_reordered, digest)


def _rows(criteria_set: CriteriaSet) -> list[Criterion]:
    return list(criteria_set.criteria.select_related("in_charge", "parent", WITH_SCHEME).order_by("position"))


def twins(
    local: Sequence[Criterion], before: Sequence[Criterion], wanted: Sequence[Criterion]
) -> dict[int, Criterion]:
    """The local row of each row of the wanted frame, by its number, where there is one."""
    found: dict[int, Criterion] = {}
    if before:
        here = _paired(before, [one for one in local if one.is_of_frame])
        then = _paired(wanted, before)
        found = {pk: here[old.pk] for pk, old in then.items() if old.pk in here}
    taken = {one.pk for one in found.values()}
    for pk, one in _paired(wanted, local).items():
        if pk not in found and one.pk not in taken:
            found[pk] = one
    return found


def _paired(left: Sequence[Criterion], right: Sequence[Criterion]) -> dict[int, Criterion]:
    """By lineage, else by code and name under the same parents."""
    by_lineage = {one.lineage: one for one in right if one.lineage}
    found = {one.pk: by_lineage[one.lineage] for one in left if one.lineage in by_lineage}
    taken = {one.pk for one in found.values()}
    places = {path: one for path, one in place_of_each(right).items() if one.pk not in taken}
    for path, one in place_of_each(left).items():
        if one.pk not in found and path in places:
            found[one.pk] = places[path]
    return found


class _Merge:
    """The rows of the wanted frame in its order, own rows behind the neighbour they stood behind."""

    def __init__(
        self, local: Sequence[Criterion], wanted: Sequence[Criterion], found: dict[int, Criterion]
    ) -> None:
        self.local, self.wanted, self.found = local, wanted, found
        self.merged = Merged()
        self.below: dict[int, list[Criterion]] = {}  # by the id() of the parent: new rows have no number yet
        self.made_of: dict[int, Criterion] = {}  # what stands for a local row, by its number
        self.moved_after: dict[
            int, Criterion
        ] = {}  # the last own row that moved down behind a group that is none now

    def made(self) -> Merged:
        self._take_over()
        self._keep_own()
        self._walk(None, 1)
        return self.merged

    def _take_over(self) -> None:
        by_frame: dict[int, Criterion] = {}
        for one in self.wanted:
            twin = self.found.get(one.pk)
            row = _locked(one, twin)
            row.parent = by_frame[one.parent_id] if one.parent_id else None
            by_frame[one.pk] = row
            if twin:
                self.made_of[twin.pk] = row
            self._put(row, None, is_at_end=True)

    def _keep_own(self) -> None:
        """Own rows stay; a group that the frame gave up stays as an own one while own rows stand below it."""
        kept = {one.pk for one in self.local if not one.is_of_frame}
        parents = {one.pk: one.parent_id for one in self.local}
        above: set[int | None] = set()
        for pk in kept - self.made_of.keys():
            parent = parents[pk]
            while parent and parent not in above:
                above.add(parent)
                parent = parents[parent]
        before: dict[int | None, Criterion] = {}
        last = {
            one.parent_id: one.position for one in self.local if one.is_of_frame or one.pk in self.made_of
        }
        for one in self.local:
            row = self.made_of.get(one.pk)
            if row is None and (one.pk in kept or one.pk in above):
                if one.is_of_frame:
                    self.merged.notes.append(
                        f"Khung bỏ nhóm “{one}”; nhóm còn dòng riêng nên ở lại làm dòng riêng."
                    )
                is_at_end = one.position > last.get(one.parent_id, 0)
                row = self._own(one, before.get(one.parent_id), is_at_end=is_at_end)
            if row is not None:
                before[one.parent_id] = row
            else:
                self.merged.gone.append(one)

    def _own(self, one: Criterion, neighbour: Criterion | None, *, is_at_end: bool) -> Criterion:
        row = _copied(one, is_of_frame=False)
        parent = self.made_of[one.parent_id] if one.parent_id else None
        if parent is not None and parent.is_leaf:
            self.merged.notes.append(
                f"“{parent}” nay là tiêu chí chấm điểm; dòng riêng “{one}” chuyển xuống sau nó."
            )
            neighbour = self.moved_after.get(id(parent), parent)
            self.moved_after[id(parent)] = row
            parent, is_at_end = parent.parent, False
        row.parent = parent
        self.made_of[one.pk] = row
        self._put(row, neighbour, is_at_end=is_at_end)
        return row

    def _put(self, row: Criterion, neighbour: Criterion | None, *, is_at_end: bool) -> None:
        """Behind the neighbour if it stands under the same parent; what was first or last stays it."""
        siblings = self.below.setdefault(id(row.parent) if row.parent else 0, [])
        place = next((number for number, one in enumerate(siblings, start=1) if one is neighbour), 0)
        siblings.insert(len(siblings) if is_at_end else place, row)

    def _walk(self, parent: Criterion | None, level: int) -> None:
        for row in self.below.get(id(parent) if parent else 0, []):
            row.level, row.position = level, len(self.merged.rows) + 1
            self.merged.rows.append(row)
            self._walk(row, level + 1)


def _locked(one: Criterion, twin: Criterion | None) -> Criterion:
    """The row of the frame in the set: its twin brought up to it, or a new one."""
    facts = {name: getattr(one, name) for name in OF_FRAME}
    if twin is None:
        return Criterion(
            lineage=one.lineage or uuid.uuid4(), in_charge=one.in_charge, is_of_frame=True, **facts
        )
    row = _copied(twin, is_of_frame=True, **facts)
    row.becomes_locked = not twin.is_of_frame  # type: ignore[attr-defined]
    return row


def _copied(one: Criterion, **changes: Any) -> Criterion:
    """The same row, not written yet; the one that was read stays as it is, as ``was``."""
    values = {item.attname: getattr(one, item.attname) for item in Criterion._meta.concrete_fields}
    row = Criterion(**{**values, **changes})
    row.in_charge, row.feeds = one.in_charge, one.feeds
    row.was = one  # type: ignore[attr-defined]
    row._state.adding = False
    return row


# --- what a table from Excel may not change ----------------------------------------------------------
def frame_faults(campaign_year: CampaignYear, rows: Sequence[SchemeRow]) -> list[str]:
    """Rows of the frame that a file changes, moves or leaves out, each with its row number."""
    present = draft_of(campaign_year) or criteria_in_use(campaign_year)
    standing = _rows(present) if present else []
    if not any(one.is_of_frame for one in standing):
        return []
    made = list(zip(criteria_from(campaign_year, rows), rows, strict=True))
    told = {one.lineage: (one, row.row) for one, row in made}
    known = {one.lineage for one in standing}
    strangers = [(one, row.row) for one, row in made if one.lineage not in known]
    found, last = [], 0
    for was in standing:
        now, number = told.get(was.lineage, (None, last))
        if was.is_of_frame and now is None:
            found.append(_missing(was, strangers, last))
        elif was.is_of_frame and now is not None:
            found += [
                f"Dòng {number}: thuộc khung nên không đổi được “{label}” ({then or 'trống'} → {new or 'trống'})."
                for label, then, new in changes_between(was, now)
                if label not in OWN_MATTERS and label != "Thuộc nhóm"
            ]
        last = number
    return found + _out_of_order(standing, made)


def _missing(was: Criterion, strangers: Iterable[tuple[Criterion, int]], last: int) -> str:
    parent = was.parent.lineage if was.parent else None
    for one, number in strangers:
        is_beside = (one.parent.lineage if one.parent else None) == parent
        if is_beside and (one.code == was.code or fold(one.name) == fold(was.name)):
            return f"Dòng {number}: thuộc khung nên “{was}” không đổi được thành “{one}”."
    where = f"sau dòng {last}" if last else "ở đầu bảng"
    return f"Thiếu dòng khung “{was}”, phải đứng {where}."


def _out_of_order(standing: Sequence[Criterion], made: Sequence[tuple[Criterion, SchemeRow]]) -> list[str]:
    places = {one.lineage: place for place, one in enumerate(standing) if one.is_of_frame}
    found, highest = [], -1
    for one, row in made:
        place = places.get(one.lineage, highest)
        if place < highest:
            found.append(f"Dòng {row.row}: dòng khung “{one}” không đứng theo thứ tự của khung.")
        highest = max(highest, place)
    return found
