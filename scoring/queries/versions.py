"""When a criteria set is corrected: which open sheets could follow it, and what becomes of their lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from campaigns.methods import Asked, bounds, fields, points
from campaigns.models import CampaignYear, CriteriaSet, Criterion, Recipient
from campaigns.queries import criteria_in_use
from core.agenda import Task
from core.models import Entry
from core.prepared import Prepared
from organization import roles
from scoring.calculations import problems_with_score
from scoring.models import Line, Scorecard

State = Scorecard.State
# From the head's approval on a sheet stays with the version it was judged by.
MOVING = (State.DRAFT, State.SUBMITTED, State.RETURNED)
RENEW = "renew"  # the journal's verb


@dataclass
class Pairing:
    """The leaves of two versions for one recipient, paired by lineage: the same criterion keeps its line."""

    same: list[tuple[Criterion, Criterion]] = field(default_factory=list)
    changed: list[tuple[Criterion, Criterion]] = field(default_factory=list)
    removed: list[Criterion] = field(default_factory=list)
    added: list[Criterion] = field(default_factory=list)


def pairing(old: CriteriaSet, new: CriteriaSet, recipient: str) -> Pairing:
    """``changed`` are those whose points may come out differently; another wording alone changes nothing on a sheet."""
    before = {one.lineage or one.pk: one for one in _leaves(old, recipient)}
    made = Pairing()
    for one in _leaves(new, recipient):
        was = before.pop(one.lineage or one.pk, None)
        if was is None:
            made.added.append(one)
        elif all(getattr(was, name) == getattr(one, name) for name in ("method", "params", "max_score")):
            made.same.append((was, one))
        else:
            made.changed.append((was, one))
    made.removed = list(before.values())
    return made


def _leaves(criteria_set: CriteriaSet, recipient: str) -> list[Criterion]:
    rows = Criterion.objects.filter(criteria_set=criteria_set, is_leaf=True).order_by("position")
    return [one for one in rows if one.scores(recipient)]


@dataclass(frozen=True)
class Refitted:
    """What was entered on a line, read by the corrected criterion. ``fits`` is False where it must be scored again."""

    inputs: dict[str, str]
    score: Decimal | None
    fits: bool


def refit(
    was: Criterion | None, now: Criterion, inputs: Mapping[str, str], score: Decimal | None, note: str
) -> Refitted:
    """Inputs that the criterion still knows are kept; the score is computed again, or kept where it was typed."""
    if was and was.method != now.method:
        return Refitted({}, None, score is None)
    known = {one.name: dict(one.choices) for one in fields(now.method, now.params)} | {"confirmed": {}}
    kept = {
        name: value
        for name, value in inputs.items()
        if name in known and (not known[name] or value in known[name])
    }
    computed = points(now.method, now.params, kept)
    is_typed = now.method == "typed" or (computed.asked == Asked.UNDECIDED and note)
    found = computed.value
    if is_typed and score is not None:
        limits = bounds(now.method, now.params, now.max_score)
        found = None if problems_with_score(score, *limits) else score
    return Refitted(kept, found, found is not None or score is None)


@dataclass
class Group:
    """The sheets of one recipient that are on one earlier version."""

    version: CriteriaSet
    target: CriteriaSet
    recipient: str
    sheets: QuerySet[Scorecard]
    pairing: Pairing

    @property
    def label(self) -> str:
        return str(Recipient(self.recipient).label)

    @cached_property
    def states(self) -> list[tuple[str, int]]:
        counts = self.sheets.order_by().values_list("state").annotate(count=Count("pk"))
        return [(State(state).label, count) for state, count in counts]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.states)

    @property
    def returned(self) -> int:
        """How many submitted sheets come back to their owners because something new has to be scored."""
        if self.pairing.added:
            return dict(self.states).get(State.SUBMITTED.label, 0)
        unfit = {line.scorecard_id for line, _, new in self.refitted if not new.fits}
        return self.sheets.filter(state=State.SUBMITTED, pk__in=unfit).count()

    @cached_property
    def refitted(self) -> list[tuple[Line, Criterion, Refitted]]:
        """The lines of changed criteria, each with what becomes of it."""
        now = {was.pk: (was, one) for was, one in self.pairing.changed}
        rows = Line.objects.filter(scorecard__in=self.sheets.values("pk"), criterion__in=list(now))
        return [
            (line, now[line.criterion_id][1], refit(*now[line.criterion_id], line.inputs, line.self_score, line.note))
            for line in rows.select_related("scorecard__person", "criterion").order_by("scorecard_id", "pk")
        ]  # fmt: skip

    @property
    def unfit(self) -> list[Line]:
        return [line for line, _, new in self.refitted if not new.fits]


def groups_for(target: CriteriaSet) -> list[Group]:
    """The sheets that would move to this version, by the version they are on and by recipient."""
    sheets = movable_sheets(target)
    on = sheets.order_by().values_list("criteria_set_id", flat=True).distinct()
    found = []
    for version in CriteriaSet.objects.filter(pk__in=on).order_by("-version_number"):
        for recipient in Recipient.values:
            rows = sheets.filter(
                criteria_set=version, person__isnull=recipient == Recipient.COLLECTIVE
            ).select_related("person")
            if rows.exists():
                paired = pairing(version, target, recipient)
                found.append(Group(version, target, recipient, rows, paired))
    return found


def movable_sheets(target: CriteriaSet) -> QuerySet[Scorecard]:
    """To the version in use: every open sheet on another one. To an earlier version: those that were moved from it."""
    rows = Scorecard.objects.filter(campaign_year=target.campaign_year_id, state__in=MOVING)
    if target.state == CriteriaSet.State.IN_USE:
        return rows.exclude(criteria_set=target)
    current = criteria_in_use(target.campaign_year)
    if target.state != CriteriaSet.State.SUPERSEDED or current is None:
        return rows.none()
    moved = Entry.objects.filter(
        target_type=Scorecard._meta.label_lower, verb=RENEW, data__from=target.pk, data__to=current.pk
    )
    return rows.filter(criteria_set=current, pk__in=moved.values("target_id"))


def remembered(sheet_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """By sheet and lineage what stood on lines that an earlier move took away: it comes back with the criterion."""
    found: dict[int, dict[str, Any]] = {}
    rows = Entry.objects.filter(
        target_type=Scorecard._meta.label_lower, verb=RENEW, target_id__in=list(sheet_ids)
    )
    for sheet_id, data in rows.order_by("pk").values_list("target_id", "data"):
        found.setdefault(sheet_id, {}).update(data.get("removed", {}))
    return found


def _left_behind() -> QuerySet:
    """Years with sheets on an earlier version; the versions first, for few years have any."""
    earlier = CriteriaSet.objects.filter(
        state=CriteriaSet.State.SUPERSEDED, campaign_year__state=CampaignYear.State.OPEN
    )
    sheets = Scorecard.objects.filter(state__in=MOVING, criteria_set__in=earlier.values("pk")).order_by()
    return sheets.values_list("campaign_year", "campaign_year__year").annotate(Count("pk"))


LEFT_BEHIND = Prepared(_left_behind)


def tasks_of(user: Any) -> list[Task]:
    """For the Office: open sheets that a correction of the criteria left on an earlier version."""
    if not user.acting.is_(roles.OFFICE):
        return []
    return [
        Task(
            title=f"Phiếu chấm điểm năm {year} còn theo bộ tiêu chí cũ",
            detail=f"{count} phiếu chưa duyệt mở trước khi bộ tiêu chí được sửa đổi",
            href=reverse("scoring:move_sheets_of_year", args=[pk]),
            verb="Xem và chuyển",
            is_waiting_for_me=False,
        )
        for pk, year, count in LEFT_BEHIND.ask()
    ]
