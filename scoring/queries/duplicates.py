"""Achievements that look like one another: pointed out to author and head, never blocked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q, QuerySet

from scoring.models import Achievement

NEAR_DAYS = 3
ALIKE_WORDS = 0.7
ALIKE_LETTERS = 0.88
LOOKED_AT = 2000


@dataclass
class Duplicates:
    """What looks alike: the ones this user may see with the reason, and how many he may not."""

    visible: list[tuple[Achievement, str]] = field(default_factory=list)
    hidden: int = 0

    @property
    def count(self) -> int:
        return len(self.visible) + self.hidden


def near_duplicates(achievement: Achievement, user: Any) -> Duplicates:
    """Same title, same person with the same criterion within days, or most words alike. Two queries at most."""
    reasons = {pk: reason for pk, *facts in _candidates(achievement) if (reason := _why(achievement, *facts))}
    if not reasons:
        return Duplicates()
    seen = Achievement.objects.visible_to(user).filter(pk__in=reasons)
    rows = list(seen.select_related("unit", "person", "campaign_year").order_by("-created_at")[:20])
    return Duplicates(
        [(row, reasons[row.pk]) for row in rows], len(reasons) - len(rows) if len(rows) < 20 else 0
    )


def _candidates(achievement: Achievement) -> QuerySet[Any, tuple[Any, ...]]:
    """Those of the same campaign, whatever the year, that could be alike. Drafts of others are nobody's business."""
    alike = Q(unit=achievement.unit_id)
    if achievement.title_key:
        alike |= Q(title_key=achievement.title_key)
    if achievement.person_id:
        alike |= Q(person=achievement.person_id)
    if achievement.criterion:
        alike |= Q(criterion=achievement.criterion_id)
        if achievement.criterion.lineage:
            alike |= Q(criterion__lineage=achievement.criterion.lineage)
    return (
        Achievement.objects.filter(alike, campaign_year__campaign=achievement.campaign_year.campaign_id)
        .exclude(pk=achievement.pk)
        .exclude(~Q(prepared_by=achievement.prepared_by_id), state=Achievement.State.DRAFT)
        .order_by("-pk")
        .values_list("pk", "title_key", "person", "criterion", "criterion__lineage", "happened_on")[
            :LOOKED_AT
        ]
    )


def _why(
    achievement: Achievement, title_key: str, person: Any, criterion: Any, lineage: Any, day: Any
) -> str:
    if title_key and title_key == achievement.title_key:
        return "trùng tên"
    same_criterion = criterion is not None and (
        criterion == achievement.criterion_id
        or (
            lineage is not None
            and achievement.criterion is not None
            and lineage == achievement.criterion.lineage
        )
    )
    near = day and achievement.happened_on and abs(day - achievement.happened_on) <= timedelta(days=NEAR_DAYS)
    if achievement.person_id and person == achievement.person_id and same_criterion and near:
        return "cùng người, cùng tiêu chí, ngày gần nhau"
    if alike(achievement.title_key, title_key):
        return "tên gần giống"
    return ""


def alike(one: str, other: str) -> bool:
    """Most words shared, or nearly the same letters (a typing error)."""
    first, second = set(one.split()), set(other.split())
    if len(first) < 3 or len(second) < 3:
        return False
    if 2 * len(first & second) / (len(first) + len(second)) >= ALIKE_WORDS:
        return True
    letters = SequenceMatcher(None, one, other, autojunk=False)
    return (
        letters.real_quick_ratio() >= ALIKE_LETTERS
        and letters.quick_ratio() >= ALIKE_LETTERS
        and letters.ratio() >= ALIKE_LETTERS
    )


def same_titles(achievements: Iterable[Achievement]) -> set[int]:
    """Those of the given ones whose title stands on another reported achievement of the same campaign. One query."""
    rows = list(achievements)
    keys = {row.title_key for row in rows if row.title_key}
    others = Achievement.objects.filter(title_key__in=keys).exclude(state=Achievement.State.DRAFT)
    found = Counter(others.order_by().values_list("title_key", "campaign_year__campaign"))
    return {row.pk for row in rows if found[row.title_key, row.campaign_year.campaign_id] > 1}
