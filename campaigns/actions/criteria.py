"""Acts on criteria sets: a draft is edited, a set in use is frozen and corrected by a new version."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from campaigns.actions.feeding import check_target
from campaigns.methods import GROUPS, group_problems, problems_of
from campaigns.models import LEAF_FACTS, CampaignYear, CriteriaSet, Criterion
from campaigns.queries import criteria_in_use, differences, draft_of
from campaigns.rules import require
from campaigns.workflow import CRITERIA_SET, MANAGE, SUPERSESSION
from core.journal import record
from core.workflow import Refused, check_version, lock

DRAFT = CriteriaSet.State.DRAFT
GROUP_FACTS = ("method", "params", "max_score")
OWN_MATTERS = ("in_charge", "feeds")  # of a row that is of the frame
COPIED = (
    "position",
    "level",
    "code",
    "name",
    "is_leaf",
    "lineage",
    "feeds",
    "is_of_frame",
    *LEAF_FACTS,
)


@transaction.atomic
def create_set(campaign_year: CampaignYear, *, by: Any, title: str, **facts: Any) -> CriteriaSet:
    """Begin an empty draft; a year has at most one draft at a time."""
    made = begin_draft(campaign_year, by, title=title, **facts)
    record(made, "create", by=by, label="Lập bộ tiêu chí", after=made.state)
    return made


@transaction.atomic
def copy_set(source: CriteriaSet, *, by: Any, campaign_year: CampaignYear, title: str = "") -> CriteriaSet:
    """Copy a set, usually last year's, as the draft of a year; every criterion keeps its lineage."""
    title = title or source.title.replace(str(source.campaign_year.year), str(campaign_year.year))
    made = begin_draft(
        campaign_year, by, title=title, note=source.note, **_declared(source), copied_from=source
    )
    _copy_criteria(source, made)
    record(made, "copy", by=by, label="Sao chép bộ tiêu chí", after=made.state, comment=f"Từ: {source}")
    return made


@transaction.atomic
def correct(criteria_set: CriteriaSet, *, by: Any, change_note: str = "") -> CriteriaSet:
    """Begin the next version of the set in use. Sheets that are open keep the version they were opened with."""
    lock(criteria_set)
    if criteria_set.state != CriteriaSet.State.IN_USE:
        raise Refused("Chỉ bộ tiêu chí đang áp dụng mới cần phiên bản sửa đổi.")
    made = begin_draft(
        criteria_set.campaign_year,
        by,
        title=criteria_set.title,
        note=criteria_set.note,
        change_note=change_note,
        **_declared(criteria_set),
        copied_from=criteria_set,
    )
    _copy_criteria(criteria_set, made)
    record(made, "correct", by=by, label="Lập phiên bản sửa đổi", after=made.state, comment=change_note)
    return made


@transaction.atomic
def change_set(
    criteria_set: CriteriaSet, *, by: Any, version: int | None = None, **facts: Any
) -> CriteriaSet:
    """Change the head of a draft: title, note, declared sums."""
    hold_draft(criteria_set, by)
    check_version(criteria_set, version)
    changed = [name for name, value in facts.items() if getattr(criteria_set, name) != value]
    for name in changed:
        setattr(criteria_set, name, facts[name])
    if changed:
        criteria_set.version += 1
        criteria_set.save(update_fields=[*changed, "version"])
        names = [str(CriteriaSet._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
        record(criteria_set, "change", by=by, label="Sửa bộ tiêu chí", comment=f"Đã sửa: {', '.join(names)}.")
    return criteria_set


@transaction.atomic
def remove_set(criteria_set: CriteriaSet, *, by: Any) -> None:
    """Throw a draft away."""
    hold_draft(criteria_set, by)
    record(
        criteria_set.campaign_year,
        "remove_set",
        by=by,
        label="Bỏ bản nháp bộ tiêu chí",
        comment=str(criteria_set),
    )
    criteria_set.delete()


@transaction.atomic
def put_in_use(criteria_set: CriteriaSet, *, by: Any, comment: str = "") -> CriteriaSet:
    """Freeze the draft and apply it; the version in use so far is superseded. Scorecards stay with their version."""
    lock(criteria_set.campaign_year)
    old = criteria_in_use(criteria_set.campaign_year)
    if old and old.pk != criteria_set.pk:
        SUPERSESSION.advance(
            old, "supersede", by=by, comment=f"Thay bằng phiên bản {criteria_set.version_number}"
        )
    changes = differences(old, criteria_set) if old else []
    told = [f"{one.label}: {one.criterion}" for one in changes]
    CRITERIA_SET.advance(criteria_set, "put_in_use", by=by, comment=comment, data={"differences": told})
    return criteria_set


@transaction.atomic
def add_criterion(
    criteria_set: CriteriaSet, *, by: Any, parent: Criterion | None = None, is_leaf: bool = True, **facts: Any
) -> Criterion:
    """Add a criterion, or with ``is_leaf=False`` a group, as the last under its parent."""
    hold_draft(criteria_set, by)
    if parent and (parent.criteria_set_id != criteria_set.pk or parent.is_leaf):
        raise Refused("Tiêu chí chỉ đặt được vào một nhóm nội dung của chính bộ tiêu chí này.")
    facts = _checked(facts, is_leaf)
    check_target(criteria_set, facts.get("feeds"))
    last = criteria_set.criteria.aggregate(last=Max("position"))["last"] or 0
    made = Criterion.objects.create(
        criteria_set=criteria_set,
        parent=parent,
        is_leaf=is_leaf,
        position=last + 1,
        lineage=uuid.uuid4(),
        **facts,
    )
    _renumber(criteria_set)
    made.refresh_from_db()
    record(criteria_set, "add_criterion", by=by, label="Thêm tiêu chí", comment=str(made))
    return made


@transaction.atomic
def change_criterion(criterion: Criterion, *, by: Any, version: int | None = None, **facts: Any) -> Criterion:
    """Change a criterion of a draft; of a row of the frame only what is an own matter."""
    hold_draft(criterion.criteria_set, by)
    lock(criterion)
    check_version(criterion, version)
    if not criterion.is_of_frame:
        facts = _checked(facts, criterion.is_leaf)
    changed = [name for name, value in facts.items() if getattr(criterion, name) != value]
    if criterion.is_of_frame and set(changed) - set(OWN_MATTERS):
        raise Refused(
            f"“{criterion}” thuộc khung nên được khóa; chỉ đổi được đơn vị phụ trách và nơi cấp số liệu."
        )
    if "feeds" in changed:
        check_target(criterion.criteria_set, facts["feeds"])
    for name in changed:
        setattr(criterion, name, facts[name])
    if changed:
        criterion.version += 1
        criterion.save()
        names = [str(Criterion._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
        record(
            criterion.criteria_set,
            "change_criterion",
            by=by,
            label="Sửa tiêu chí",
            comment=f"{criterion}: {', '.join(names)}",
        )
    return criterion


@transaction.atomic
def move_criterion(criterion: Criterion, *, by: Any, up: bool) -> None:
    """Change places with the neighbour above or below under the same parent; at the end nothing happens."""
    criteria_set = criterion.criteria_set
    hold_draft(criteria_set, by)
    lock(criterion)
    _not_of_frame(criterion, "không chuyển được")
    siblings = list(criteria_set.criteria.filter(parent=criterion.parent_id).order_by("position"))
    here = next(place for place, one in enumerate(siblings) if one.pk == criterion.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(siblings):
        return
    other = siblings[there]
    criterion.position, other.position = other.position, criterion.position
    criterion.save(update_fields=["position"])
    other.save(update_fields=["position"])
    _renumber(criteria_set)
    record(
        criteria_set,
        "move_criterion",
        by=by,
        label="Chuyển lên" if up else "Chuyển xuống",
        comment=str(criterion),
    )


@transaction.atomic
def remove_criterion(criterion: Criterion, *, by: Any) -> None:
    """Remove a criterion of a draft with everything below it."""
    criteria_set = criterion.criteria_set
    hold_draft(criteria_set, by)
    lock(criterion)
    _not_of_frame(criterion, "không bỏ được")
    record(criteria_set, "remove_criterion", by=by, label="Bỏ tiêu chí", comment=str(criterion))
    criterion.delete()
    _renumber(criteria_set)


def begin_draft(campaign_year: CampaignYear, by: Any, **facts: Any) -> CriteriaSet:
    """The next draft of a round that has none."""
    lock(campaign_year)
    require(MANAGE, by, campaign_year.campaign)
    if campaign_year.state == CampaignYear.State.CLOSED:
        raise Refused(f"Năm {campaign_year.year} đã khóa sổ nên không thay được bộ tiêu chí.")
    if draft := draft_of(campaign_year):
        raise Refused(
            f"Năm {campaign_year.year} đã có bản nháp phiên bản {draft.version_number}; hãy sửa tiếp bản đó."
        )
    last = campaign_year.criteria_sets.aggregate(last=Max("version_number"))["last"] or 0
    return CriteriaSet.objects.create(campaign_year=campaign_year, version_number=last + 1, **facts)


def _declared(source: CriteriaSet) -> dict[str, Any]:
    return {
        "declared_max_collective": source.declared_max_collective,
        "declared_max_individual": source.declared_max_individual,
        "places": source.places,
        "rounding": source.rounding,
        "ties": source.ties,
        "tie_codes": source.tie_codes,
        "frame": source.frame,
        "is_sample": source.is_sample,
    }


def _copy_criteria(source: CriteriaSet, target: CriteriaSet) -> None:
    """Level by level, so that every parent has its key before its children are written."""
    twins: dict[int, Criterion] = {}
    rows = list(source.criteria.order_by("level", "position"))
    nameless = [one for one in rows if one.lineage is None]
    for one in nameless:
        one.lineage = uuid.uuid4()
    Criterion.objects.bulk_update(nameless, ["lineage"])
    for level in sorted({one.level for one in rows}):
        here = [one for one in rows if one.level == level]
        copies = [
            Criterion(
                criteria_set=target,
                parent=twins[one.parent_id] if one.parent_id else None,
                **{name: getattr(one, name) for name in COPIED},
            )
            for one in here
        ]
        Criterion.objects.bulk_create(copies)
        twins |= {one.pk: copy for one, copy in zip(here, copies, strict=True)}


def hold_draft(criteria_set: CriteriaSet, by: Any) -> None:
    """Lock the set; it must be a draft, and the user somebody who may edit it."""
    lock(criteria_set)
    require(MANAGE, by, criteria_set.campaign_year.campaign)
    if criteria_set.state != DRAFT:
        raise Refused("Bộ tiêu chí đã áp dụng nên được khóa. Hãy lập phiên bản sửa đổi.")


def _not_of_frame(criterion: Criterion, what: str) -> None:
    if criterion.is_of_frame:
        raise Refused(f"“{criterion}” thuộc khung nên {what}.")


def _checked(facts: dict[str, Any], is_leaf: bool) -> dict[str, Any]:
    """A criterion's method must give exactly its maximum. A group carries no points, unless its rule says so."""
    if not is_leaf:
        kept = {name: value for name, value in facts.items() if name in GROUP_FACTS or name not in LEAF_FACTS}
        rule, points = kept.get("method", ""), kept.get("max_score", Decimal(0))
        if problems := group_problems(rule, kept.get("params", {}), points):
            raise Refused(*problems)
        return {**kept, "max_score": points if rule and GROUPS[rule].has_points else Decimal(0)}
    problems = problems_of(
        facts.get("method", ""), facts.get("params", {}), facts.get("max_score", Decimal(0))
    )
    if problems:
        raise Refused(*problems)
    return facts


def _renumber(criteria_set: CriteriaSet) -> None:
    """Positions count through the whole tree, parents before children."""
    below: dict[int | None, list[Criterion]] = {}
    for one in criteria_set.criteria.order_by("position", "pk"):
        below.setdefault(one.parent_id, []).append(one)
    ordered: list[Criterion] = []

    def walk(parent: int | None, level: int) -> None:
        for one in below.get(parent, []):
            one.level = level
            ordered.append(one)
            one.position = len(ordered)
            walk(one.pk, level + 1)

    walk(None, 1)
    Criterion.objects.bulk_update(ordered, ["position", "level"])
