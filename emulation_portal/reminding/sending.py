"""Digests are written: one letter for each person and working day, in working hours; a missed day is caught up once."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core import clock
from core.models import DigestDay, Letter, Notice
from core.outbox import post
from core.reminding import workdays
from core.workdays import Workdays
from core.workflow import lock
from emulation_portal.reminding.gathering import gather, plans_in_use
from emulation_portal.reminding.planning import Digest, Item, digests
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
    found = digests(gather(day), plans_in_use(), calendar, last_day_before(day, calendar))
    written = sum(_write(run, part) for part in _parts(found.values()))
    _end(run)
    return written


def is_time(calendar: Workdays) -> bool:
    """Working hours of a working day, in Việt Nam."""
    hour = timezone.localtime(clock.now()).hour
    return calendar.is_workday(clock.today()) and settings.DIGEST_HOUR <= hour < settings.WORK_ENDS_HOUR


def last_day_before(day: date, calendar: Workdays) -> date:
    """The day of the last digests; where there were none, nothing before today was missed."""
    ended = DigestDay.objects.filter(day__lt=day, ended_at__isnull=False).order_by("-day")
    last = ended.values_list("day", flat=True).first()
    return last or calendar.on_or_before(day - timedelta(days=1))


def _parts(found: Iterable[Digest]) -> Iterable[list[Digest]]:
    rest = iter(found)
    while part := list(islice(rest, AT_ONCE)):
        yield part


@transaction.atomic
def _write(run: DigestDay, part: list[Digest]) -> int:
    lock(run)
    if run.ended_at:  # another worker was faster
        return 0
    keys = {f"digest:{run.day}:{one.user.pk}": one for one in part}
    known = set(Letter.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = {one.user.pk: one for key, one in keys.items() if key not in known}
    if not fresh:
        return 0
    letters = dict[int, Letter]()
    for kind, sealed in ((KIND, False), (SEALED, True)):
        to = [one for one in fresh.values() if one.is_sealed == sealed]
        letters |= letters_to(to, kind, f"digest:{run.day}", about=run)
    lines = [line for pk, letter in letters.items() for line in _notices(fresh[pk], letter, run.day)]
    Notice.objects.bulk_create(lines, batch_size=1000)
    run.letters += len(letters)
    run.save(update_fields=["letters"])
    return len(letters)


def letters_to(
    to: Iterable[Digest], kind: str, key: str, *, about: Model, **context: Any
) -> dict[int, Letter]:
    """By account the letters that were written; every reader has words of his own, so each is posted by itself."""
    to = list(to)
    for one in to:
        one.with_codes()
    return {
        one.user.pk: letter
        for one in to
        for letter in post(
            kind, key, to=[one.user], about=about, link=reverse("home"), context={"digest": one, **context}
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
