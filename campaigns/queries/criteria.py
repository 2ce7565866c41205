"""Criteria sets: the tree with its sums, what is wrong with a draft, what a new version changes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from campaigns.methods import METHODS, Node, describe, evaluate, group_problems, node, problems_of
from campaigns.models import AppliesTo, CampaignYear, CriteriaSet, Criterion, Recipient
from campaigns.queries.feeding import WITH_SCHEME, reference_of
from core.prepared import Prepared, Slot
from core.vietnamese import format_decimal


def criteria_in_use(campaign_year: CampaignYear) -> CriteriaSet | None:
    """The one version of the year's criteria that applies today."""
    return CriteriaSet.objects.in_use().filter(campaign_year=campaign_year).first()


def _names() -> QuerySet[Criterion]:
    used = {"criteria_set__campaign_year": Slot("year"), "criteria_set__state": CriteriaSet.State.IN_USE}
    return Criterion.objects.filter(**used).order_by("position").only("code", "name", "level")


NAMES = Prepared(_names)


def names_in_use(campaign_year: CampaignYear) -> list[Criterion]:
    """Codes, names and levels of the whole tree that applies today."""
    return NAMES.rows(year=campaign_year.pk)


def draft_of(campaign_year: CampaignYear) -> CriteriaSet | None:
    return CriteriaSet.objects.filter(campaign_year=campaign_year, state=CriteriaSet.State.DRAFT).first()


def leaves(criteria_set: CriteriaSet, recipient: str) -> QuerySet[Criterion]:
    """The criteria that a sheet of this recipient has a line for, in the order of the tree."""
    return Criterion.objects.filter(
        criteria_set=criteria_set, is_leaf=True, applies_to__in=[recipient, AppliesTo.BOTH]
    ).order_by("position")


def totals(criteria: list[Criterion]) -> Mapping[str, Decimal]:
    """The maximum of a table, or of a branch of it, per recipient; given in the order of the table."""
    return {recipient: evaluate(nodes(criteria, recipient), {}).maximum for recipient in Recipient.values}


def nodes(criteria: list[Criterion], recipient: str) -> list[Node]:
    """The rows that one recipient is scored by."""
    return [
        node(one.pk, one.level, one.is_leaf, one.max_score, one.method, one.params)
        for one in criteria
        if not one.is_leaf or one.scores(recipient)
    ]


def tree(criteria_set: CriteriaSet) -> list[dict[str, Any]]:
    """The rows of the criteria table: every node with its points per recipient and its method in words."""
    rows = criteria_set.criteria.select_related("in_charge", WITH_SCHEME)
    criteria = list(rows.order_by("position"))
    below: dict[int | None, list[Criterion]] = {}
    for one in criteria:
        below.setdefault(one.parent_id, []).append(one)

    def gather(node: Criterion) -> list[Criterion]:
        return [node, *(leaf for child in below.get(node.pk, []) for leaf in gather(child))]

    return [
        {
            "criterion": one,
            "totals": totals(gather(one)),
            "method": describe(one.method, one.params),
            "problems": _problems(one),
            "is_first": below[one.parent_id][0] is one,
            "is_last": below[one.parent_id][-1] is one,
        }
        for one in criteria
    ]


def problems_in_set(criteria_set: CriteriaSet) -> list[str]:
    """Why a set cannot be put to use; an empty list means it can."""
    criteria = list(criteria_set.criteria.order_by("position"))
    parents = {one.parent_id for one in criteria}
    found = [] if any(one.is_leaf for one in criteria) else ["Bộ tiêu chí chưa có tiêu chí chấm điểm nào."]
    for one in criteria:
        if not one.is_leaf and one.pk not in parents:
            found.append(f"Nhóm “{one}” chưa có tiêu chí nào.")
        found += [f"{'Tiêu chí' if one.is_leaf else 'Nhóm'} “{one}”: {why}" for why in _problems(one)]
    return found


def _problems(one: Criterion) -> list[str]:
    if not one.is_leaf:
        return group_problems(one.method, one.params, one.max_score)
    found = problems_of(one.method, one.params, one.max_score)
    is_outside = one.method in METHODS and not found and METHODS[one.method].maximum(one.params) == 0
    return ["điểm tối đa phải lớn hơn 0."] if one.max_score <= 0 and not is_outside and not found else found


def sum_warnings(criteria_set: CriteriaSet) -> list[str]:
    """Sums that differ from what the set declares, and codes that stand twice: told, not refused."""
    criteria = list(criteria_set.criteria.order_by("position"))
    sum_of = totals(criteria)
    declared = {
        Recipient.COLLECTIVE: criteria_set.declared_max_collective,
        Recipient.INDIVIDUAL: criteria_set.declared_max_individual,
    }
    repeated = [code for code, times in Counter(one.code for one in criteria).items() if times > 1]
    return [f"Mã {code} đứng ở nhiều dòng của bảng." for code in repeated] + [
        f"{recipient.label}: các tiêu chí cộng lại được {format_decimal(sum_of[recipient])} điểm, "
        f"khác tổng đã khai {format_decimal(points)} điểm."
        for recipient, points in declared.items()
        if sum_of[recipient] != points
        and (sum_of[recipient] or not criteria_set.campaign_year.campaign.is_index)
    ]


SCORED = Prepared(
    lambda: (
        Criterion.objects.filter(criteria_set__campaign_year=Slot("year"), is_leaf=True)
        .exclude(criteria_set__state=CriteriaSet.State.DRAFT)
        .order_by()
        .values_list("method", "applies_to")
        .distinct()
    )
)


@dataclass(frozen=True)
class Scored:
    """Whom the criteria of a round score, and whether a row of them takes over the published index of a unit."""

    recipients: tuple[str, ...]
    takes_indexes: bool = False

    @property
    def units(self) -> bool:
        return Recipient.COLLECTIVE in self.recipients


def scored_in(campaign_year: CampaignYear) -> Scored:
    """Of a round without criteria in force, and of a movement, everybody."""
    rows = SCORED.ask(year=campaign_year.pk) if campaign_year.campaign.is_index else []
    applied = {applies_to for _, applies_to in rows}
    if not rows or AppliesTo.BOTH in applied:
        applied = set(Recipient.values)
    found = tuple(one for one in Recipient.values if one in applied)
    return Scored(found, any(method == "index_share" for method, _ in rows))


@dataclass(frozen=True)
class Difference:
    """What happened to one criterion between two versions; ``kind`` is added, removed or changed."""

    kind: str
    criterion: Criterion
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return {"added": "Thêm", "removed": "Bỏ", "changed": "Sửa"}[self.kind]

    @property
    def colour(self) -> str:
        return {"added": "green", "removed": "red", "changed": "yellow"}[self.kind]


def differences(old: CriteriaSet, new: CriteriaSet) -> list[Difference]:
    """What is new, gone or changed in ``new``, in the order of its table."""
    after = new.criteria.select_related("in_charge", "parent", WITH_SCHEME).order_by("position")
    return differences_between(old, list(after))


def differences_between(old: CriteriaSet, after: list[Criterion]) -> list[Difference]:
    """The same criterion has the same lineage; the rows of ``after`` need not be written yet."""
    before = {one.lineage: one for one in old.criteria.select_related("in_charge", "parent", WITH_SCHEME)}
    found = []
    for one in after:
        was = before.pop(one.lineage, None)
        if was is None:
            found.append(Difference("added", one))
        elif changes := changes_between(was, one):
            found.append(Difference("changed", one, changes))
    return found + [Difference("removed", one) for one in before.values()]


def changes_between(was: Criterion, one: Criterion) -> list[tuple[str, str, str]]:
    """What is told differently of one row: label, before, after. Groups are compared by lineage, told by name."""
    found = [
        (label, then, now)
        for (label, then), (_, now) in zip(_facts(was), _facts(one), strict=True)
        if then != now
    ]
    groups = ("Thuộc nhóm", str(was.parent or ""), str(one.parent or ""))
    return [groups if label == groups[0] else (label, then, now) for label, then, now in found]


def _facts(one: Criterion) -> list[tuple[str, str]]:
    points = format_decimal(one.max_score) if one.is_leaf or one.max_score else ""
    return [
        ("Mã", one.code),
        ("Nội dung", one.name),
        ("Thuộc nhóm", str(one.parent.lineage) if one.parent else ""),
        ("Điểm tối đa", points),
        ("Đối tượng", one.get_applies_to_display() if one.is_leaf else ""),
        ("Cách chấm", describe(one.method, one.params)),
        ("Hướng dẫn chấm", one.guidance),
        ("Bắt buộc tài liệu", "Có" if one.evidence_required else "Không"),
        ("Tài liệu kiểm chứng", one.evidence),
        ("Đơn vị phụ trách", one.in_charge.short_name if one.in_charge else ""),
        ("Cấp số liệu cho", reference_of(one.feeds) if one.feeds else ""),
    ]


def locked_facts(one: Criterion) -> list[tuple[str, str]]:
    """What the frame says of a row, label and text, for reading."""
    return [("Nội dung", one.name), *(fact for fact in _facts(one)[3:9] if fact[1])]


def previous_version(criteria_set: CriteriaSet) -> CriteriaSet | None:
    """The version before this one in the same year, or the set of another year that it was copied from."""
    earlier = CriteriaSet.objects.filter(
        campaign_year=criteria_set.campaign_year_id, version_number__lt=criteria_set.version_number
    ).order_by("-version_number")
    return earlier.first() or criteria_set.copied_from
