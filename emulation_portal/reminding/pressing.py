"""The Office reminds those who still owe something in one press: exactly those it has seen, and nobody too often.

It presses for the stages of one whole: a round of a campaign, or a review.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from awards.models import Review
from campaigns.models import CampaignYear
from core import clock
from core.journal import record
from core.models import Notice, ReminderPlan
from core.reminding import told_on, workdays
from core.workflow import Refused, lock
from emulation_portal.reminding.gathering import STAGES_OF_REVIEW, STAGES_OF_ROUND, Gathered, gather
from emulation_portal.reminding.planning import Digest, Item, planned, reminded
from emulation_portal.reminding.plans import KEEP
from emulation_portal.reminding.sending import hold_plans, letters_to, notice_of, words_of
from organization.actions.permission import demand

KIND = "reminders/pressed"
Plans = dict[str, ReminderPlan]
Whole = CampaignYear | Review


def stages_of(whole: Whole) -> frozenset[str]:
    return STAGES_OF_ROUND if isinstance(whole, CampaignYear) else STAGES_OF_REVIEW


def named(whole: Whole) -> dict[str, int]:
    """As the notices of it name it."""
    return {"round_id" if isinstance(whole, CampaignYear) else "review_id": whole.pk}


@dataclass
class Owing:
    """Who owes something in a stage today. ``late`` says that only those who are late are listed."""

    plan: ReminderPlan
    to_tell: list[Digest] = field(default_factory=list)
    told_today: list[Digest] = field(default_factory=list)
    late: bool = False

    @property
    def everybody(self) -> list[Digest]:
        return [*self.to_tell, *self.told_today]

    @property
    def due(self) -> Item | None:
        return next((one.nearest for one in self.everybody), None)


def owing_in(whole: Whole, day: date | None = None) -> tuple[Gathered, list[Owing]]:
    """Stage by stage, in the order of the calendar; stages in which nobody owes anything are left out."""
    day = day or clock.today()
    gathered, calendar = gather(day), workdays()
    [(field_name, number)] = named(whole).items()
    gathered.owed = [one for one in gathered.owed if getattr(one, field_name) == number]
    plans = {plan.stage: plan for plan in ReminderPlan.objects.filter(stage__in=stages_of(whole))}
    items: dict[str, list[Item]] = {}
    for item in planned(gathered, plans, calendar):
        items.setdefault(item.owed.stage, []).append(item)
    for one in reminded(gathered, plans):
        if one.task.due is None:  # the Office has set no last day: it may be asked for all the same
            items.setdefault(one.stage, []).append(Item(one, plans[one.stage], 0, day))
    told = told_on(day, **named(whole))
    found = [_owing(gathered, plan, items[stage], told) for stage, plan in plans.items() if stage in items]
    return gathered, found


def _owing(gathered: Gathered, plan: ReminderPlan, items: list[Item], told: dict[int, int]) -> Owing:
    """When somebody is late, those who still have time (more of it was given to them) are left in peace. Each quarter
    is for itself: it has a last day of its own."""
    late = {_part(item) for item in items if item.is_late}
    found: dict[int, Digest] = {}
    for item in items:
        if _part(item) in late and not item.is_late:
            continue
        user = gathered.roster.users[item.owed.user_id]
        found.setdefault(user.pk, Digest(user)).items.append(item)
    owing = Owing(plan, late=bool(late))
    for pk in gathered.roster.users:
        if pk in found:
            has_enough = told.get(pk, 0) >= settings.REMINDERS_PER_DAY
            (owing.told_today if has_enough else owing.to_tell).append(found[pk])
    return owing


def _part(item: Item) -> str:
    """The quarter that it is of: the place on the page to which its link leads."""
    return item.owed.task.href.partition("#")[2]


@transaction.atomic
def remind(whole: Whole, stage: str, *, seen: Collection[int], by: Any) -> int:
    """Write to everybody in ``seen`` who still owes it and was not told enough today; how many letters were written."""
    demand(KEEP, by)
    lock(whole)
    hold_plans()
    _, found = owing_in(whole)
    owing = next((one for one in found if one.plan.stage == stage), None)
    to = [one for one in owing.to_tell if one.user.pk in seen] if owing else []
    if owing is None or not to:
        raise Refused("Không còn ai để nhắc: việc đã xong, hoặc hôm nay họ đã được nhắc đủ số lần cho phép.")
    count = sum(_write(whole, number, part, by) for number, part in _by_number(whole, to))
    record(
        whole,
        "reminded",
        by=by,
        label=f"Nhắc {count} người: {owing.plan.name}",
        data={"stage": stage, "users": [one.user.pk for one in to]},
    )
    return count


def _by_number(whole: Whole, to: Iterable[Digest]) -> Iterable[tuple[int, list[Digest]]]:
    """By how many letters of a press each has got today, also of those that did not reach him: each has its key."""
    rows = Notice.objects.filter(day=clock.today(), kind=Notice.Kind.PRESSED, **named(whole)).order_by()
    pressed = dict(rows.values_list("user").annotate(Count("letter", distinct=True)))
    parts = dict[int, list[Digest]]()
    for one in to:
        parts.setdefault(pressed.get(one.user.pk, 0), []).append(one)
    return parts.items()


def _write(whole: Whole, number: int, part: list[Digest], by: Any) -> int:
    mark = f"{'' if isinstance(whole, CampaignYear) else 'review-'}{whole.pk}"
    key, words = f"pressed:{mark}:{clock.today()}:{number}", {"whole": whole, "sender": by.display_name}
    letters = letters_to(part, KIND, key, about=whole, **words)
    of = {one.user.pk: one for one in part}
    lines = [
        notice_of(item, of[pk].user, letter, Notice.Kind.PRESSED, clock.today())
        for pk, letter in letters.items()
        for item in of[pk].items
    ]
    Notice.objects.bulk_create(lines, batch_size=1000)
    return len(letters)


def text_for(digest: Digest, whole: Whole, by: Any) -> str:
    """The letter's subject and text as it would be sent; its links lead straight to the pages."""
    return words_of(digest, KIND, whole=whole, sender=by.display_name)
