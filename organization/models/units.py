"""Units through time: opened, renamed, merged, split, closed."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from core import clock
from core.fields import CharField, DateField, KeyField
from core.prepared import Prepared, Slot
from organization.calculations import carried_on_by, left_to


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another, both included; an open end is null."""

    def on(self, day: date | Slot) -> "DatedQuerySet":
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
    def open_on(self, day: date | Slot) -> "UnitQuerySet":
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)

    def open(self) -> "UnitQuerySet":
        return self.open_on(clock.today())

    def scored(self) -> "UnitQuerySet":
        """Units that take part as collectives: everything but the Sở itself."""
        return self.filter(parent__isnull=False, is_collective=True)

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """The structure of the Sở is known to everybody in it."""
        return self if user.is_authenticated else self.none()

    def left_to(self, headed: Collection[int], day: date | None = None) -> dict[int, str]:
        """Closed units, with their paths, whose papers are decided by the heads of these units (on that day)."""
        return left_to(CLOSED.ask(day=day or clock.today()), headed)

    def carried_on_by(self, unit_id: int) -> set[int]:
        """Closed units whose papers the people of this unit go on writing."""
        return carried_on_by(unit_id, CLOSED.ask(day=clock.today()))


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
        # Lists are ordered by unit first: from here PostgreSQL reads only the units of the page.
        indexes = [models.Index(fields=["order", "id"], name="unit_place")]

    def __str__(self) -> str:
        return self.name


def _closed() -> QuerySet:
    facts = ("pk", "path", "parent_id", "successions__successor_id")
    return Unit.objects.filter(closed_on__lte=Slot("day", models.DateField())).values_list(*facts)


CLOSED = Prepared(_closed)


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
