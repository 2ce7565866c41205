"""Whose plan says today: from what everybody owes, the digest of each person and what is copied to those above.

Nothing here reads or writes the database, so that a preview is what is sent. Only the links of a letter differ: they
lead through its notices.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse

from core.agenda import Owed
from core.models import ReminderPlan
from core.workdays import Workdays, at_in_words, before_in_words, left_in_words
from emulation_portal.reminding.gathering import Gathered
from organization import roles
from organization.models import User

FARTHEST = 60  # working days before or after a last day
URGENT = -1  # from the last working day before the last day on
DAY = timedelta(days=1)
Choice = User.Digest
Matter = tuple[int, str, int | None, int | None, str]
NOBODY: Mapping[int, date] = {}


class Window(NamedTuple):
    """The days whose reminders a digest of ``day`` carries: after ``since`` (the last digests) up to ``until``."""

    day: date
    since: date
    until: date


@dataclass(frozen=True)
class Item:
    """One thing that somebody is told of on ``day``. ``place`` counts working days from the last day: negative before
    it, 0 also on a day off right before or after it. ``code`` is of the notice that is written with the letter; a
    preview has none, and links straight to the page."""

    owed: Owed
    plan: ReminderPlan
    place: int
    day: date
    code: UUID | None = None

    @property
    def label(self) -> str:
        return "Thời gian" if self.owed.task.at else "Thời hạn"

    @property
    def deadline(self) -> str:
        due, at = self.owed.task.due, self.owed.task.at
        if due and at:
            return at_in_words(due, at)
        return before_in_words(due, settings.CLOSING_HOUR) if due else ""

    @property
    def left(self) -> str:
        due = self.owed.task.due
        if self.place or due is None or due == self.day:
            return "họp hôm nay" if self.owed.task.at and due == self.day else left_in_words(-self.place)
        return "vừa quá hạn" if self.is_late else "sau hôm nay không còn ngày làm việc nào"

    @property
    def link(self) -> str:
        way = reverse("notice_open", args=[self.code]) if self.code else self.owed.task.href
        return f"{settings.SITE_URL}{way}"

    @property
    def is_late(self) -> bool:
        due = self.owed.task.due
        return due is not None and self.day > due


@dataclass(frozen=True)
class Copied:
    """For those above: who is late with what. ``who`` is the person, or the unit whose paper it is."""

    item: Item
    who: str
    unit: str


@dataclass
class Digest:
    """What one person is told on one day."""

    user: User
    items: list[Item] = field(default_factory=list)
    copies: list[Copied] = field(default_factory=list)

    def with_codes(self) -> None:
        """Right before it is written as a letter: every line leads through a notice of its own."""
        self.items = [replace(item, code=uuid4()) for item in self.items]

    @property
    def groups(self) -> list[tuple[ReminderPlan, list[Item]]]:
        """By stage, the nearest deadline first."""
        found: dict[int, tuple[ReminderPlan, list[Item]]] = {}
        for item in sorted(self.items, key=lambda one: (one.owed.task.due or date.max, one.plan.order)):
            found.setdefault(item.plan.pk, (item.plan, []))[1].append(item)
        return list(found.values())

    @property
    def copied(self) -> list[tuple[str, str, list[Copied]]]:
        """By stage and round, each with who is late."""
        found: dict[tuple[str, str, str], list[Copied]] = {}
        for one in self.copies:
            key = (one.item.plan.name, one.item.deadline, one.item.left)
            found.setdefault(key, []).append(one)
        return [(f"{name} ({deadline})", left, rows) for (name, deadline, left), rows in found.items()]

    @property
    def count(self) -> int:
        return sum(item.owed.task.count for item in self.items)

    @property
    def is_sealed(self) -> bool:
        """Something in it is hidden from somebody, who might else read it in the list of all letters."""
        told = [*self.items, *(one.item for one in self.copies)]
        return any(item.owed.hidden_from for item in told)

    @property
    def nearest(self) -> Item | None:
        return min(self.items, key=lambda one: one.owed.task.due or date.max, default=None)


def place_of(due: date, day: date, calendar: Workdays) -> int:
    """Where a day stands to a last day, in working days: -3 is three before it, 0 the last one that counts."""
    return calendar.between(due, day) if day > due else -calendar.between(day, due)


def digests(
    gathered: Gathered,
    plans: Iterable[ReminderPlan],
    calendar: Workdays,
    since: date,
    behind: Mapping[int, date] = NOBODY,
    told: Collection[Matter] = (),
) -> dict[int, Digest]:
    """By account, everybody who is to be told something today; ``since`` is the day of the last digests, ``behind``
    that of accounts whose last digest was another one; ``told`` is what was told this week already."""
    by_stage = {plan.stage: plan for plan in plans if plan.is_active}
    found: dict[int, Digest] = {}
    office = gathered.roster.holding(roles.OFFICE)
    copied: set[tuple[object, ...]] = set()

    def of(user: User) -> Digest:
        return found.setdefault(user.pk, Digest(user))

    frames = {day: windows(gathered.day, day, calendar) for day in {since, *behind.values()}}

    def frame(user: User) -> tuple[Window, Window | None]:
        return frames[behind.get(user.pk, since)]

    for item in planned(gathered, by_stage, calendar):
        user = gathered.roster.users[item.owed.user_id]
        choices = [Choice(user.digest)]
        if choices == [Choice.WEEKLY] and is_new(item, calendar, told):
            choices.append(Choice.DAILY)
        if any(is_told(item, choice, *frame(user), calendar) for choice in choices):
            of(user).items.append(item)
        for above, count in _above(gathered, user, item, office):
            if count not in _places(item.place, frame(above)[0], calendar):
                continue
            line = _copied(gathered, user, item)
            owed = item.owed
            key = (above.pk, owed.stage, owed.round_id, owed.review_id, owed.task.href, line.who)
            if key not in copied:
                copied.add(key)
                of(above).copies.append(line)
    return found


def planned(gathered: Gathered, plans: dict[str, ReminderPlan], calendar: Workdays) -> Iterator[Item]:
    """What is owed under a plan and has a last day, by those whom the plan reminds."""
    places: dict[date, int] = {}
    for one in reminded(gathered, plans):
        due = one.task.due
        if due:
            if due not in places:
                places[due] = place_of(due, gathered.day, calendar)
            yield Item(one, plans[one.stage], places[due], gathered.day)


def reminded(gathered: Gathered, plans: dict[str, ReminderPlan]) -> Iterator[Owed]:
    """A paper of the unit is its head's, if the plan says so and the unit has one who owes it."""
    headed: set[tuple[object, ...]] = set()
    users = gathered.roster.users
    for one in gathered.owed:
        if one.unit_id and users[one.user_id].acting.heads(one.unit_id):
            headed.add(_paper(one))
    for one in gathered.owed:
        plan = plans.get(one.stage)
        if plan is None:
            continue
        to_head = plan.audience == ReminderPlan.Audience.HEADS and _paper(one) in headed
        if not to_head or users[one.user_id].acting.heads(one.unit_id):
            yield one


def _paper(one: Owed) -> tuple[object, ...]:
    return (one.stage, one.round_id, one.task.href, one.unit_id)


def windows(day: date, since: date, calendar: Workdays) -> tuple[Window, Window | None]:
    """Of those who are told daily; and, on the first digests of a week, of those who are told weekly.

    A week's digest looks ahead to its Sunday, so that nobody is told too late, and back over the week before.
    """
    monday = monday_of(day)
    first = calendar.on_or_after(monday)
    is_weekly = since < first <= day
    week = Window(day, min(since, monday - 8 * DAY), monday + 6 * DAY) if is_weekly else None
    return Window(day, since, day), week


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def is_told(item: Item, choice: Choice, daily: Window, weekly: Window | None, calendar: Workdays) -> bool:
    """Whether the item is told of in this digest to somebody with this choice; what is compulsory follows its plan."""
    plan = item.plan
    wanted = {-count for count in plan.before} | set(plan.after)
    if choice == Choice.URGENT and not plan.is_compulsory:
        wanted = {URGENT, *plan.after}
    days = _places(item.place, daily, calendar)
    if choice == Choice.WEEKLY and not plan.is_compulsory:
        days = _places(item.place, weekly, calendar) if weekly else range(0)
    elif choice == Choice.WEEKLY and weekly and wanted & set(_places(item.place, weekly, calendar)):
        return True
    return any(count in days for count in wanted)


def is_new(item: Item, calendar: Workdays, told: Collection[Matter]) -> bool:
    """Whether it came after this week's letter and is due before the next one has been read: then it is told by plan,
    as to those who are told daily."""
    due, next_letter = item.owed.task.due, calendar.on_or_after(monday_of(item.day) + 7 * DAY)
    return due is not None and item.day <= due <= next_letter and matter_of(item.owed) not in told


def matter_of(owed: Owed) -> Matter:
    """One thing that somebody owes, as notices name it: what came back is another one."""
    return (owed.user_id, owed.stage, owed.round_id, owed.review_id, owed.task.title[:250])


def _places(place: int, window: Window, calendar: Workdays) -> range:
    """Where the working days of the window stand to the item's last day."""
    first = place - calendar.between(window.since, window.day) + 1
    return range(first, place + calendar.between(window.day, window.until) + 1)


def _above(gathered: Gathered, user: User, item: Item, office: list[User]) -> Iterator[tuple[User, int]]:
    """Who is told that it is overdue, each after how many working days: the head, then the Office; never whom it is
    about."""
    if not item.is_late:
        return
    heads = gathered.roster.above(user) if item.plan.head_after else []
    others = [one for one in office if one.pk != user.pk] if item.plan.office_after else []
    for count, found in ((item.plan.head_after, heads), (item.plan.office_after, others)):
        yield from ((one, count) for one in found if count and one.pk not in item.owed.hidden_from)


def _copied(gathered: Gathered, user: User, item: Item) -> Copied:
    names, unit_id = gathered.roster.names, user.acting.unit_id
    unit = names.get(unit_id, "") if unit_id else ""
    shared = names.get(item.owed.unit_id, "") if item.owed.unit_id else ""
    return Copied(item, f"tập thể {shared}" if shared else user.display_name, "" if shared else unit)
