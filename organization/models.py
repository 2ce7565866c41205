"""The Sở: its units through time, its people, where each works, and who holds which role from when to when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from core import clock
from core.fields import CharField, DateField, KeyField, TextField
from core.models import StoredFile
from organization import roles


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another, both included; an open end is null."""

    def on(self, day: date) -> "DatedQuerySet":
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), started_on__lte=day)

    def today(self) -> "DatedQuerySet":
        return self.on(clock.today())


class UnitKind(models.Model):
    """Reference data: what kinds of units a Sở has."""

    code = models.SlugField(max_length=40, unique=True)
    name = CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "loại đơn vị"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet):
    def open_on(self, day: date) -> "UnitQuerySet":
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)

    def open(self) -> "UnitQuerySet":
        return self.open_on(clock.today())

    def scored(self) -> "UnitQuerySet":
        """Units that take part as collectives: everything but the Sở itself."""
        return self.filter(parent__isnull=False, is_collective=True)

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """The structure of the Sở is known to everybody in it."""
        return self if user.is_authenticated else self.none()


class Unit(models.Model):
    """A unit of the Sở; ``path`` lists the codes from the top, so that a branch is one comparison."""

    code = models.SlugField("Mã", max_length=40, unique=True)
    name = CharField("Tên đơn vị", max_length=200)
    short_name = CharField("Tên ngắn", max_length=60)
    kind = models.ForeignKey(UnitKind, verbose_name="Loại", on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", verbose_name="Thuộc", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=400, editable=False, db_index=True, default="")
    order = models.PositiveSmallIntegerField("Thứ tự", default=0)
    is_collective = models.BooleanField("Tham gia thi đua với tư cách tập thể", default=True)
    opened_on = DateField("Ngày thành lập")
    closed_on = DateField("Ngày kết thúc hoạt động", null=True, blank=True, editable=False)
    search_key = KeyField()

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """What a unit was called from one day to another."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = CharField(max_length=200)
    short_name = CharField(max_length=60)
    started_on = DateField()
    ended_on = DateField(null=True)
    basis = CharField("Căn cứ", max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "tên đơn vị"
        ordering = ["started_on"]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """A closed unit and the unit that took over from it."""

    class Kind(models.TextChoices):
        MERGED = "merged", "Hợp nhất, sáp nhập"
        SPLIT = "split", "Chia, tách"
        REPLACED = "replaced", "Chuyển đổi"

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = DateField()
    basis = CharField("Căn cứ", max_length=200)

    class Meta:
        verbose_name = "kế thừa"
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Post(models.Model):
    """Reference data: a chức vụ or chức danh; ``order`` is the order in which offices list people."""

    code = models.SlugField(max_length=40, unique=True)
    name = CharField(max_length=100)
    order = models.PositiveSmallIntegerField()
    is_leader = models.BooleanField("Lãnh đạo, quản lý", default=False)

    class Meta:
        verbose_name = "chức vụ"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "PersonQuerySet":
        """Colleagues know who works where; what they did is another matter."""
        return self if user.is_authenticated else self.none()


class Person(models.Model):
    """Somebody who works or worked at the Sở, with or without an account."""

    class Employment(models.TextChoices):
        CIVIL_SERVANT = "cong-chuc", "Công chức"
        PUBLIC_EMPLOYEE = "vien-chuc", "Viên chức"
        LABOURER = "nguoi-lao-dong", "Người lao động"

    class Gender(models.TextChoices):
        MALE = "nam", "Nam"
        FEMALE = "nu", "Nữ"

    code = models.CharField("Mã cán bộ", max_length=20, unique=True)
    family_name = CharField("Họ và tên đệm", max_length=100)
    given_name = CharField("Tên", max_length=40)
    gender = models.CharField("Giới tính", max_length=4, choices=Gender.choices, blank=True)
    born_on = DateField("Ngày sinh", null=True, blank=True)
    email = models.EmailField("Thư điện tử", blank=True)
    employment = models.CharField("Loại lao động", max_length=20, choices=Employment.choices)
    joined_on = DateField("Ngày vào cơ quan")
    left_on = DateField("Ngày thôi việc", null=True, blank=True, editable=False)
    user = models.OneToOneField(
        "organization.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="person",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = KeyField()
    search_key = KeyField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người"
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["sort_key"], name="person_sort")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


class PostingQuerySet(DatedQuerySet):
    def current(self) -> "PostingQuerySet":
        """The present posting of everybody who has not left."""
        return self.filter(ended_on__isnull=True, person__left_on__isnull=True)


class Posting(models.Model):
    """Where a person works, in which post, from when to when: a transfer ends one row and opens the next."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings")
    started_on = DateField("Từ ngày")
    ended_on = DateField("Đến ngày", null=True, blank=True)
    basis = CharField("Căn cứ", max_length=200, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "vị trí công tác"
        ordering = ["-started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_on__isnull=True), name="posting_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="posting_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} – {self.unit}"


class Appointment(models.Model):
    """Who holds which role, in which unit (or the whole Sở when null), from when to when, on which basis.

    A delegation is an appointment as head for a period, given in writing by the head it stands in for.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField("Vai trò", max_length=12, choices=roles.CHOICES)
    unit = models.ForeignKey(
        Unit,
        verbose_name="Đơn vị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    started_on = DateField("Từ ngày")
    ended_on = DateField("Đến hết ngày", null=True, blank=True)
    delegated_by = models.ForeignKey(
        Person,
        verbose_name="Người ủy quyền",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegations",
    )
    basis = CharField("Căn cứ (số, ngày văn bản)", max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò"
        ordering = ["role", "-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="appointment_dates",
            ),
            models.CheckConstraint(
                condition=Q(delegated_by__isnull=True) | Q(ended_on__isnull=False),
                name="delegation_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        name = roles.ROLES[self.role].name
        return f"{name} – {self.unit.short_name}" if self.unit else name


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

    @property
    def reads_all_letters(self) -> bool:
        return bool(self.roles & {roles.OFFICE, roles.INSPECTOR, roles.TECHNICIAN})


class User(AbstractUser):
    """An account. What its holder may do follows from appointments, never from flags on the account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    must_change_password = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)

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
        posting = (
            Posting.objects.current()
            .filter(person__user=self)
            .select_related("person", "unit", "post")
            .first()
        )
        if not posting:
            return Acting(None, None, "", "Tài khoản không gắn với người", frozenset(), frozenset(), ())
        self.__dict__["display_name"] = posting.person.full_name
        held = list(Appointment.objects.today().filter(person_id=posting.person_id).select_related("unit"))
        headed = [one for one in held if one.role == roles.HEAD and one.unit]
        return Acting(
            person_id=posting.person_id,
            unit_id=posting.unit_id,
            unit_path=posting.unit.path,
            label=f"{posting.post.name}, {posting.unit.short_name}",
            roles=frozenset(one.role for one in held),
            headed=frozenset(one.unit_id for one in headed if one.unit_id),
            headed_paths=tuple(one.unit.path for one in headed if one.unit),
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
        return f"{self.user} {self.started_at:%d/%m/%Y %H:%M}"


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
        return f"{self.get_kind_display()} {self.uploaded_at:%d/%m/%Y %H:%M}"
