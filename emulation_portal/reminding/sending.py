"""Digests are written: one letter for each person and working day, in working hours; a missed day is caught up once."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core import clock
from core.models import DigestDay, Letter, Notice, ReminderPlan
from core.outbox import post
from core.reminding import workdays
from core.workdays import Workdays
from core.workflow import lock
from emulation_portal.reminding.gathering import gather, plans_in_use
from emulation_portal.reminding.planning import FARTHEST, Digest, Item, Matter, digests, matter_of, monday_of
from organization.models import User

KIND = "reminders/digest"
SEALED = "reminders/private/digest"  # the same words, opened by its reader alone
AT_ONCE = 200  # letters of one transaction


def write_digests() -> int:
    """Today's digests, if it is time for them and they are not written yet; how many letters were written.

    Safe to run at any moment and twice: a person's letter of a day has one key, and what a run that broke off has
    written stays written.
    """
    day, calendar = clock.today(), workdays()
    if not is_time(calendar):
        return 0
    run, _ = DigestDay.objects.get_or_create(day=day)
    if run.ended_at:
        return 0
    since, behind = told_until(day, calendar)
    found = digests(gather(day), plans_in_use(), calendar, since, behind, told_this_week(day))
    written = sum(_write(run, part) for part in _parts(found.values()))
    _end(run)
    return written


def is_time(calendar: Workdays) -> bool:
    """Working hours of a working day, in Việt Nam."""
    hour = timezone.localtime(clock.now()).hour
    return calendar.is_workday(clock.today()) and settings.DIGEST_HOUR <= hour < settings.WORK_ENDS_HOUR


def end_of_work(day: date) -> datetime:
    """Until when a digest of this day may leave: later it would tell what may not be true any more."""
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(hours=settings.WORK_ENDS_HOUR))


def told_until(day: date, calendar: Workdays) -> tuple[date, dict[int, date]]:
    """The day up to which everybody was told what was to be told, and another one for each account that differs.

    Looking back from yesterday: on a day that came to its end everybody was told, but for those whose digest did not
    arrive; on a day that broke off nobody was, but for those whose digest did. Where there were no digests, nothing
    before today was missed.
    """
    differs = dict[int, date]()
    left: set[int] | None = None  # who is still looked for; None is everybody
    since, oldest = None, day
    for run in DigestDay.objects.filter(day__lt=day).order_by("-day")[:FARTHEST]:
        if left is not None and not left:
            break
        oldest = run.day
        letters = Letter.objects.filter(key__startswith=f"digest:{run.day}:")
        missed = _readers(letters.not_arrived())
        if run.ended_at:
            told = (left or set()) - missed
            since, left = since or run.day, missed - differs.keys() if left is None else left & missed
        else:
            arrived = _readers(letters) - missed
            told = arrived - differs.keys() if left is None else left & arrived
            left = None if left is None else left - told
        differs |= dict.fromkeys(told, run.day)
    before_all = calendar.on_or_before(oldest - timedelta(days=1))
    return since or before_all, differs | dict.fromkeys(left or (), before_all)


def told_this_week(day: date) -> set[Matter]:
    """What those who are told weekly have been told since Monday, in letters that arrived."""
    monday = monday_of(day)
    lost = Letter.objects.not_arrived().filter(notices__day__range=(monday, day))
    rows = Notice.objects.filter(
        day__range=(monday, day),
        user__digest=User.Digest.WEEKLY,
        kind__in=(Notice.Kind.PLAN, Notice.Kind.PRESSED),
    ).exclude(letter__in=lost)
    return set(rows.order_by().values_list("user", "stage", "round_id", "review_id", "what"))


def _readers(letters: QuerySet[Letter]) -> set[int]:
    return {pk for pk in letters.values_list("recipient", flat=True) if pk}


def _parts(found: Iterable[Digest]) -> Iterable[list[Digest]]:
    rest = iter(found)
    while part := list(islice(rest, AT_ONCE)):
        yield part


@transaction.atomic
def _write(run: DigestDay, part: list[Digest]) -> int:
    lock(run)
    if run.ended_at:  # another worker was faster
        return 0
    hold_plans()
    part = _without_what_was_pressed(run.day, part)
    keys = {f"digest:{run.day}:{one.user.pk}": one for one in part}
    known = set(Letter.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = {one.user.pk: one for key, one in keys.items() if key not in known}
    if not fresh:
        return 0
    letters = dict[int, Letter]()
    for kind, sealed in ((KIND, False), (SEALED, True)):
        to = [one for one in fresh.values() if one.is_sealed == sealed]
        letters |= letters_to(to, kind, f"digest:{run.day}", about=run, good_until=end_of_work(run.day))
    lines = [line for pk, letter in letters.items() for line in _notices(fresh[pk], letter, run.day)]
    Notice.objects.bulk_create(lines, batch_size=1000)
    run.letters += len(letters)
    run.save(update_fields=["letters"])
    return len(letters)


def hold_plans() -> None:
    """Whoever tells people of what they owe waits for whoever is telling them: a digest and a press at once, or two
    presses, know of each other."""
    list(ReminderPlan.objects.select_for_update().order_by("pk").values_list("pk"))


def _without_what_was_pressed(day: date, part: list[Digest]) -> list[Digest]:
    """What the Office has reminded somebody of today is not told him again by plan."""
    rows = Notice.objects.reached().filter(
        day=day, kind=Notice.Kind.PRESSED, user__in=[one.user.pk for one in part]
    )
    pressed = set(rows.values_list("user", "stage", "round_id", "review_id", "what"))
    for one in part:
        one.items = [item for item in one.items if matter_of(item.owed) not in pressed]
    return [one for one in part if one.items or one.copies]


def letters_to(
    to: Iterable[Digest],
    kind: str,
    key: str,
    *,
    about: Model,
    good_until: datetime | None = None,
    **context: Any,
) -> dict[int, Letter]:
    """By account the letters that were written; every reader has words of his own, so each is posted by itself."""
    to = list(to)
    for one in to:
        one.with_codes()
    return {
        one.user.pk: letter
        for one in to
        for letter in post(
            kind,
            key,
            to=[one.user],
            about=about,
            link=reverse("home"),
            context={"digest": one, **context},
            good_until=good_until,
        )
    }


@transaction.atomic
def _end(run: DigestDay) -> None:
    lock(run)
    run.ended_at = run.ended_at or clock.now()
    run.save(update_fields=["ended_at"])


def _notices(digest: Digest, letter: Letter, day: date) -> Iterable[Notice]:
    for item in digest.items:
        yield notice_of(item, digest.user, letter, Notice.Kind.PLAN, day)
    for one in digest.copies:  # they name people and have no link
        notice = notice_of(one.item, digest.user, letter, Notice.Kind.COPY, day)
        notice.what = f"{one.who}: {one.item.plan.name}"[:250]
        yield notice


def notice_of(item: Item, user: User, letter: Letter, kind: str, day: date) -> Notice:
    owed = item.owed
    return Notice(
        user=user,
        letter=letter,
        kind=kind,
        stage=owed.stage,
        round_id=owed.round_id,
        review_id=owed.review_id,
        what=owed.task.title[:250],
        due=owed.task.due,
        day=day,
        code=item.code,
        href=owed.task.href if item.code else "",
    )


def text_of(digest: Digest) -> str:
    return words_of(digest, KIND)


def words_of(digest: Digest, kind: str, **context: Any) -> str:
    """The letter's subject and text as it would be sent; in a preview its links lead straight to the pages."""
    everything = {
        "digest": digest,
        "recipient": digest.user,
        "link": f"{settings.SITE_URL}{reverse('home')}",
        **context,
    }
    subject = " ".join(render_to_string(f"emails/{kind}.subject.txt", everything).split())
    return f"{subject}\n\n{render_to_string(f'emails/{kind}.txt', everything)}"
