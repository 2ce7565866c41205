"""Accounts, what their holders may act as today, their sessions, and Excel imports."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from core import clock
from core.fields import CharField, TextField
from core.models import StoredFile
from core.prepared import Prepared, Slot
from core.vietnamese import format_moment
from organization import roles
from organization.models.people import Appointment, Posting
from organization.models.units import Unit


@dataclass(frozen=True)
class Acting:
    """What a user may act as today; read once per request, never kept in the session."""

    person_id: int | None
    unit_id: int | None
    unit_path: str
    label: str
    roles: frozenset[str]
    headed: frozenset[int]
    headed_paths: tuple[str, ...]
    has_predecessors: bool = False

    @cached_property
    def units(self) -> frozenset[int]:
        """The units whose papers this user's unit writes: its own, and those of closed units that it carries on."""
        if self.unit_id is None:
            return frozenset()
        closed = Unit.objects.carried_on_by(self.unit_id) if self.has_predecessors else set()
        return frozenset({self.unit_id, *closed})

    @cached_property
    def units_below(self) -> frozenset[int]:
        """The units of the branches that this user heads: as plain numbers an index finds their rows."""
        branches = Q(pk__in=[])
        for path in self.headed_paths:
            branches |= Q(path__startswith=path)
        rows = Unit.objects.filter(branches).order_by().values_list("pk", flat=True)
        return frozenset(rows) if self.headed_paths else frozenset()

    def is_(self, role: str) -> bool:
        return role in self.roles

    @property
    def heads_the_agency(self) -> bool:
        """The head of the topmost unit: the Director."""
        return any(path.count("/") == 1 for path in self.headed_paths)

    def heads(self, unit_id: int | None) -> bool:
        return unit_id in self.headed

    @property
    def reads_everything(self) -> bool:
        return bool(self.roles & {roles.OFFICE, roles.INSPECTOR})


def _posting() -> QuerySet:
    facts = ("person_id", "unit_id", "unit__path", "unit__short_name", "post__name")
    names = ("person__family_name", "person__given_name")
    before = Q(successions__successor=OuterRef("unit")) | Q(parent=OuterRef("unit"))
    left = Exists(Unit.objects.filter(before, closed_on__isnull=False))
    return Posting.objects.current().filter(person__user=Slot("user")).values_list(*facts, left, *names)


def _held() -> QuerySet:
    today = Appointment.objects.on(Slot("day", models.DateField()))
    return today.filter(person_id=Slot("person")).values_list("role", "unit_id", "unit__path")


POSTING_OF, HELD_BY = Prepared(_posting), Prepared(_held)


class User(AbstractUser):
    """An account. What its holder may do follows from appointments, never from flags on the account."""

    class Digest(models.TextChoices):
        """How often its holder wants to be reminded; what is compulsory always comes by its plan."""

        DAILY = "daily", "Mỗi ngày có việc đến lịch nhắc"
        WEEKLY = "weekly", "Mỗi tuần một thư, vào ngày làm việc đầu tuần"
        URGENT = "urgent", "Chỉ việc sát hạn và quá hạn"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    must_change_password = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    digest = models.CharField(
        "Nhận thư nhắc việc", max_length=6, choices=Digest.choices, default=Digest.DAILY
    )
    # The private address of his calendar of deadlines; empty when he has switched it off, or never on.
    calendar_key = models.CharField(max_length=43, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "tài khoản"

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @cached_property
    def display_name(self) -> str:
        person = getattr(self, "person", None)
        return person.full_name if person else self.username

    @cached_property
    def acting(self) -> Acting:
        """Plain values from prepared questions: every page asks this, and rows would cost it a third of its time."""
        found = POSTING_OF.ask(user=self.pk)
        if not found:
            return Acting(None, None, "", "Tài khoản không gắn với người", frozenset(), frozenset(), ())
        person_id, unit_id, path, unit, post, has_predecessors, *name = found[0]
        self.__dict__["display_name"] = " ".join(name).strip()
        held = HELD_BY.ask(person=person_id, day=clock.today())
        headed = {unit_id: path for role, unit_id, path in held if role == roles.HEAD and unit_id}
        headed |= Unit.objects.left_to(headed) if headed else {}
        return Acting(
            person_id=person_id,
            unit_id=unit_id,
            unit_path=path,
            label=f"{post}, {unit}",
            roles=frozenset(role for role, *_ in held),
            headed=frozenset(headed),
            headed_paths=tuple(headed.values()),
            has_predecessors=has_predecessors,
        )


class OpenSession(models.Model):
    """A sign-in of an account: what is shown on its page, and what is closed when the account is shut."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=clock.now)
    address = models.GenericIPAddressField(null=True)
    device = CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "phiên đăng nhập"
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.user} {format_moment(self.started_at)}"


class ImportBatch(models.Model):
    """An uploaded sheet of units or people, shown as a preview and written only when confirmed."""

    class Kind(models.TextChoices):
        UNITS = "units", "Đơn vị"
        PEOPLE = "people", "Người"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)
    note = TextField(blank=True)

    class Meta:
        verbose_name = "lần nhập Excel"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {format_moment(self.uploaded_at)}"
