"""People, where each works in which post, and who holds which role, all from one day to another."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.fields import CharField, DateField, KeyField
from organization import roles
from organization.models.units import DatedQuerySet, Unit


class Post(models.Model):
    """Reference data: a chức vụ or chức danh; ``order`` is the order in which offices list people."""

    code = models.SlugField(max_length=40, unique=True)
    name = CharField(max_length=100)
    order = models.PositiveSmallIntegerField()
    is_leader = models.BooleanField("Lãnh đạo, quản lý", default=False)

    class Meta:
        verbose_name = "chức vụ"
        ordering = ["order"]
        indexes = [models.Index(fields=["order", "id"], name="post_place")]

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
        indexes = [
            models.Index(fields=["sort_key"], name="person_sort"),
            models.Index(fields=["employment", "sort_key"], name="person_by_employment"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


def has_no_account() -> Any:
    """For rows of a unit or a person: nobody signs in for them, so the unit looks after them.

    Asked row by row, so that an index may choose the rows by another condition.
    """
    return ~Exists(Person.objects.filter(pk=OuterRef("person_id"), user__isnull=False))


def entrusted_to(user: Any) -> Q:
    """The rows of a unit or a person that a user looks after: his own, all of the units he heads or deputises in, and
    those of his unit, and of closed ones that it carries on, for which nobody signs in.

    Units are plain numbers, and one condition does not repeat what another one says: an index finds the rows.
    """
    acting = user.acting
    whole = acting.units_below | acting.units if acting.is_(roles.DEPUTY) else acting.units_below
    own = Q(person_id=acting.person_id)
    if whole:
        own |= Q(unit_id__in=whole)
    if rest := acting.units - whole:
        own |= Q(has_no_account(), unit_id__in=rest)
    return own


class PostingQuerySet(DatedQuerySet):
    def current(self) -> "PostingQuerySet":
        """The present posting of everybody who has not left: leaving ends it."""
        return self.filter(ended_on__isnull=True)


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

    def ends_with_posting(self, old: Unit, new: Unit) -> bool:
        """Whether the role is left behind by somebody who moves from one unit to the other."""
        role = roles.ROLES[self.role]
        if role.of_unit:
            return self.unit_id == old.pk != new.pk
        return bool(role.kind) and old.kind.code == role.kind != new.kind.code
