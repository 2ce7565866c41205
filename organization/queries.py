"""Questions about the Sở that more than one floor asks."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import DateField, Q, QuerySet
from django.urls import reverse

from core import clock
from core.agenda import Task
from core.models import Entry
from core.prepared import Prepared, Slot
from organization import roles
from organization.models import Appointment, Person, Posting, Unit, User

EVERY_UNIT = Prepared(lambda: Unit.objects.values_list("pk", "short_name"))
OPEN_UNITS = Prepared(lambda: Unit.objects.open_on(Slot("day", DateField())).values_list("pk", "short_name"))


def _heads() -> QuerySet:
    held = Appointment.objects.on(Slot("day", DateField())).filter(role=roles.HEAD, unit=Slot("unit"))
    return held.filter(person__left_on__isnull=True).values_list("person_id", "delegated_by_id")


HEADS = Prepared(_heads)


def unit_choices() -> list[tuple[str, str]]:
    """Every unit, closed ones too, as a filter of a list offers them."""
    return [(str(pk), name) for pk, name in EVERY_UNIT.ask()]


def open_unit_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in OPEN_UNITS.ask(day=clock.today())]


def standing(unit: Unit | None, day: date | None = None) -> Unit | None:
    """The unit itself while it works; of a closed one its only successor, else the unit above it."""
    day = day or clock.today()
    while unit and unit.closed_on and unit.closed_on <= day:
        successors = [one.successor for one in unit.successions.select_related("successor")[:2]]
        unit = successors[0] if len(successors) == 1 else unit.parent
    return unit


def heads_of(unit: Unit, day: date | None = None) -> list[int]:
    """The people who decide for the unit on that day: its head and whoever holds a written delegation."""
    return [person_id for person_id, _ in _held_by(unit, day)]


def approving_unit(unit: Unit, *, excluding: Collection[int | None]) -> Unit | None:
    """The nearest unit upwards whose head is none of the excluded people; None when nobody is above them.

    Nobody decides on his own matter: the dossier of a head goes one level up, past whoever stands in for him.
    """
    out = {person_id for person_id in excluding if person_id}
    level = standing(unit)
    while level:
        if any(not {person_id, giver_id} & out for person_id, giver_id in _held_by(level)):
            return level
        level = level.parent
    return None


def _held_by(unit: Unit, day: date | None = None) -> list[tuple[int, int | None]]:
    """Who decides for the unit, each with the head he stands in for."""
    stands = standing(unit)
    return HEADS.ask(unit=stands.pk, day=day or clock.today()) if stands else []


def users_heading(unit: Unit | None) -> QuerySet[User]:
    """The accounts of those who decide for the unit today."""
    return User.objects.filter(
        is_active=True,
        person__in=Person.objects.filter(pk__in=heads_of(unit) if unit else []),
    ).select_related("person")


def readers_of(document: Any, users: Iterable[User | None], otherwise: Unit | None) -> list[User]:
    """Those of these accounts that may still open the document; when none is left, who decides for the unit today."""
    rows = type(document)._default_manager.filter(pk=document.pk)
    known = {one.pk: one for one in users if one and one.is_active}.values()
    found = [one for one in known if rows.visible_to(one).exists()]
    return found or list(users_heading(otherwise))


def users_with_role(role: str) -> QuerySet[User]:
    holders = Appointment.objects.today().filter(role=role).values("person_id")
    return User.objects.filter(is_active=True, person__in=holders).select_related("person")


def users_of_unit(unit: Unit) -> QuerySet[User]:
    """The accounts of everybody who works in the unit today."""
    people = Posting.objects.current().filter(unit=unit).values("person_id")
    return User.objects.filter(is_active=True, person__in=people).select_related("person")


def colleagues_without_account(unit: Unit) -> QuerySet[Person]:
    """People of the unit for whom a colleague writes."""
    here = Posting.objects.current().filter(unit=unit).values("person_id")
    return Person.objects.filter(pk__in=here, user__isnull=True).order_by("sort_key")


def running_roles(people: Collection[Person]) -> dict[int, list[Appointment]]:
    """What these people hold from today on, by person."""
    rows = Appointment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=clock.today()))
    found: dict[int, list[Appointment]] = {}
    for one in rows.filter(person__in=[person.pk for person in people]).select_related("unit"):
        found.setdefault(one.person_id, []).append(one)
    return found


def posting_on(person: Person, day: date) -> Posting | None:
    """Where the person worked on that day: a sheet of 2023 shows the unit of 2023."""
    return Posting.objects.on(day).filter(person=person).select_related("unit", "post").first()


def unit_name_on(unit: Unit, day: date) -> str:
    """What the unit was called on that day."""
    name = unit.names.on(day).order_by("-started_on").first()
    return name.name if name else unit.name


FIRST_PASSWORD_LIFE = timedelta(days=7)
DELEGATION_NOTICE = timedelta(days=3)
IDLE_NOTICE_DAYS = 7
SIGNS_OF_USE = ("opened", "enabled", "password_given", "password_changed", "signed_in")


def own_heads_of(unit: Unit, day: date | None = None) -> QuerySet[Person]:
    """The unit's appointed heads, without those who only stand in for them."""
    held = Appointment.objects.on(day or clock.today()).filter(
        role=roles.HEAD, unit=unit, delegated_by__isnull=True, person__left_on__isnull=True
    )
    return Person.objects.filter(pk__in=held.values("person_id"))


def waiting_first_passwords(*, expired: bool) -> QuerySet[User]:
    """Accounts whose one-time password was never used: still good, or too old to sign in with."""
    limit = clock.now() - FIRST_PASSWORD_LIFE
    waiting = User.objects.filter(is_active=True, must_change_password=True)
    return (
        waiting.filter(password_changed_at__lt=limit)
        if expired
        else waiting.exclude(password_changed_at__lt=limit)
    )


def idle_accounts(days: int) -> QuerySet[User]:
    """Open accounts that nobody has used for so many days, counted anew from the day they were opened or given back.

    Demo accounts are no risk to a real portal: they do not sign in there.
    """
    since = clock.now() - timedelta(days=days)
    handled = Entry.objects.filter(target_type=User._meta.label_lower, verb__in=SIGNS_OF_USE, at__gte=since)
    used = Q(last_login__gte=since) | Q(date_joined__gte=since) | Q(pk__in=handled.values("target_id"))
    return User.objects.filter(is_active=True, is_demo=False).exclude(used).select_related("person")


def soon_idle_accounts() -> QuerySet[User]:
    """Those that the timetable will disable within a week."""
    days = settings.ACCOUNT_IDLE_DAYS
    return idle_accounts(max(days - IDLE_NOTICE_DAYS, 1)) if days else User.objects.none()


def locked_usernames() -> set[str]:
    """The names that django-axes lets nobody sign in with for the moment."""
    since = clock.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(
        attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(attempts.values_list("username", flat=True))


def tasks_of(user: User) -> list[Task]:
    """What waits for this user about people and accounts."""
    tasks: list[Task] = []
    if user.acting.headed:
        tasks += _ending_delegations(user)
    if user.acting.is_(roles.TECHNICIAN):
        tasks += _expired_first_passwords() + _soon_idle()
    return tasks


def _ending_delegations(user: User) -> list[Task]:
    today = clock.today()
    ending = Appointment.objects.on(today).filter(
        delegated_by_id=user.acting.person_id, ended_on__lte=today + DELEGATION_NOTICE
    )
    return [
        Task(
            title=f"Ủy quyền cho {one.person.full_name} sắp hết hạn",
            detail=f"Đơn vị {one.unit.short_name}" if one.unit else "",
            href=reverse("organization:delegation_create"),
            verb="Xem ủy quyền",
            due=one.ended_on,
            is_waiting_for_me=False,
        )
        for one in ending.select_related("person", "unit")
    ]


def _expired_first_passwords() -> list[Task]:
    count = waiting_first_passwords(expired=True).count()
    if not count:
        return []
    return [
        Task(
            title="Mật khẩu tạm quá hạn, chưa được dùng",
            detail="Người được cấp không đăng nhập được nữa; cấp lại hoặc vô hiệu hóa tài khoản.",
            href=reverse("organization:account_list") + "?tinh-trang=mat-khau-tam-qua-han",
            verb="Xem tài khoản",
            count=count,
        )
    ]


def _soon_idle() -> list[Task]:
    count = soon_idle_accounts().count()
    if not count:
        return []
    return [
        Task(
            title="Tài khoản lâu không đăng nhập",
            detail=f"Sau {settings.ACCOUNT_IDLE_DAYS} ngày cổng tự vô hiệu hóa; bạn mở lại được khi cần.",
            href=reverse("organization:account_list") + "?tinh-trang=lau-khong-dung",
            verb="Xem tài khoản",
            count=count,
            is_waiting_for_me=False,
        )
    ]
