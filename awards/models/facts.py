"""Facts that the law asks about: class of the year, discipline, absence, what is under verification."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from awards.eligibility import facts
from core import clock
from core.fields import CharField, DateField, TextField
from organization.models import Person, Posting, Unit


def one_of_two(name: str) -> models.CheckConstraint:
    """The row is about a person or about a unit."""
    return models.CheckConstraint(
        condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
        name=name,
    )


class FactQuerySet(models.QuerySet):
    """Facts about people that concern only himself, who leads him, and those who prepare and supervise reviews."""

    def visible_to(self, user: Any) -> "FactQuerySet":
        acting = user.acting
        if acting.reads_everything or acting.heads_the_agency:
            return self
        return self.filter(self._of_mine(acting)) if acting.person_id else self.none()

    def _of_mine(self, acting: Any) -> Q:
        own = Q(person=acting.person_id)
        if acting.units_below:
            led = Posting.objects.current().filter(unit__in=acting.units_below)
            own |= Q(person__in=led.values("person"))
        return own


class HoldQuerySet(FactQuerySet):
    """The day of the release is no day of the hold any more: what was cleared in the morning is free the same day."""

    def _of_mine(self, acting: Any) -> Q:
        return super()._of_mine(acting) | Q(unit__in=acting.units_below)

    def on(self, day: date) -> "HoldQuerySet":
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), started_on__lte=day)


class AnnualRating(models.Model):
    """The class of the year of a person or a unit: entered, imported, or taken over from a published score."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", "Hoàn thành xuất sắc nhiệm vụ"
        GOOD = "good", "Hoàn thành tốt nhiệm vụ"
        COMPLETED = "completed", "Hoàn thành nhiệm vụ"
        FAILED = "failed", "Không hoàn thành nhiệm vụ"

    class Source(models.TextChoices):
        ENTERED = "entered", "Nhập tay"
        IMPORTED = "imported", "Nhập từ Excel"
        SCORED = "scored", "Lấy từ kết quả chấm điểm"

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="ratings")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="ratings")
    year = models.PositiveSmallIntegerField("Năm")
    grade = models.CharField("Xếp loại", max_length=10, choices=Grade.choices)
    rated_in = models.ForeignKey(
        Unit, verbose_name="Đơn vị khi xếp loại", null=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = CharField("Căn cứ", max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ENTERED)
    set_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "xếp loại năm"
        ordering = ["-year"]
        constraints = [
            one_of_two("rating_of_one"),
            models.UniqueConstraint(fields=["person", "year"], name="rating_of_person_once"),
            models.UniqueConstraint(fields=["unit", "year"], name="rating_of_unit_once"),
        ]
        indexes = [models.Index(fields=["year", "grade"], name="rating_year")]

    def __str__(self) -> str:
        return f"{self.person or self.unit}, năm {self.year}: {self.get_grade_display()}"


class Discipline(models.Model):
    """A disciplinary decision and the last day of its effect."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disciplines")
    form = models.CharField("Hình thức", max_length=12, choices=list(facts.DISCIPLINES.items()))
    number = CharField("Số quyết định", max_length=60)
    decided_on = DateField("Ngày quyết định")
    ended_on = DateField("Hết thời hạn ngày", null=True, blank=True)
    note = TextField("Ghi chú", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "kỷ luật"
        ordering = ["-decided_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("decided_on")),
                name="discipline_dates",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_form_display()}, {self.number}"


class Absence(models.Model):
    """Working days of a year that a person was away, and why; of a training also its length and its result."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    year = models.PositiveSmallIntegerField("Năm")
    kind = models.CharField("Loại", max_length=12, choices=list(facts.ABSENCES.items()))
    working_days = models.PositiveSmallIntegerField("Số ngày làm việc")
    months = models.PositiveSmallIntegerField("Số tháng đào tạo", default=0)
    result = CharField("Kết quả học tập", max_length=40, blank=True)
    note = TextField("Ghi chú", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "thời gian nghỉ"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["person", "year", "kind", "months"], name="absence_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}, năm {self.year}: {self.get_kind_display()}"


class UnitComment(models.Model):
    """What the unit that a person left in the year says of his work there (nhận xét của đơn vị cũ)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="unit_comments")
    year = models.PositiveSmallIntegerField("Năm")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị cũ", on_delete=models.PROTECT, related_name="+")
    paper = CharField("Văn bản nhận xét", max_length=200)
    given_on = DateField("Ngày văn bản")
    content = TextField("Nội dung nhận xét", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "nhận xét của đơn vị cũ"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "year"], name="unit_comment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, năm {self.year}: nhận xét của {self.unit}"


class Hold(models.Model):
    """Something under verification stops a person or a unit: no list, vote or decision passes it until released."""

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="holds")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField("Lý do", max_length=14, choices=list(facts.HOLDS.items()))
    paper = CharField("Văn bản", max_length=200)
    started_on = DateField("Từ ngày")
    ended_on = DateField("Đến ngày", null=True, blank=True, editable=False)
    placed_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    release_reason = TextField("Lý do gỡ", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = "tạm dừng xét khen thưởng"
        ordering = ["-started_on"]
        constraints = [
            one_of_two("hold_of_one"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, released_by__isnull=True)
                | Q(ended_on__isnull=False, released_by__isnull=False) & ~Q(release_reason=""),
                name="hold_release_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_reason_display()}"

    @property
    def subject(self) -> Person | Unit:
        found = self.person or self.unit
        assert found is not None  # noqa: S101 - one of the two, by constraint
        return found
