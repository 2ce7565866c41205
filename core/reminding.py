"""What the office keeps for reminding: its working days, a plan for every stage, and who was told what and when."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models

from core import clock
from core.fields import CharField, DateField, TextField
from core.prepared import Prepared
from core.workdays import Workdays


class WorkYear(models.Model):
    """A year of the calendar. Days off and swapped days are announced yearly, so the Office confirms each year."""

    year = models.PositiveSmallIntegerField("Năm", unique=True)
    is_confirmed = models.BooleanField("Văn phòng Sở đã xác nhận", default=False)
    basis = CharField("Căn cứ", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "lịch làm việc năm"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"Lịch làm việc năm {self.year}"


class WorkDay(models.Model):
    """A day that differs from the week: a day off, or a day of the weekend on which the office works."""

    class Kind(models.TextChoices):
        OFF = "off", "Nghỉ"
        ON = "on", "Làm việc bù"

    day = DateField("Ngày", unique=True)
    kind = models.CharField("Loại", max_length=3, choices=Kind.choices, default=Kind.OFF)
    name = CharField("Nội dung", max_length=120)
    is_certain = models.BooleanField("Theo luật định", default=False)

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.name}"


WORKDAYS = Prepared(lambda: WorkDay.objects.order_by().values_list("day", "kind"))


def workdays() -> Workdays:
    """The office's calendar, with one question."""
    rows = WORKDAYS.ask()
    return Workdays(*(frozenset(day for day, one in rows if one == kind) for kind in WorkDay.Kind.values))


class ReminderPlan(models.Model):
    """When people are reminded of what they owe in a stage, in working days; ``stage`` is the code of the stage.

    ``before`` and ``after`` are working days before and after the last day; 0 is the last day itself, or the last
    working day before it.
    """

    class Audience(models.TextChoices):
        HEADS = "heads", "Người có việc; hồ sơ của tập thể chỉ nhắc thủ trưởng đơn vị"
        EVERYBODY = "everybody", "Mọi người có việc, hồ sơ của tập thể nhắc cả đơn vị"

    stage = models.SlugField(max_length=20, unique=True, editable=False)
    name = CharField("Công đoạn", max_length=100, editable=False)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    is_active = models.BooleanField("Có nhắc", default=True)
    before = models.JSONField("Nhắc trước hạn (số ngày làm việc)", default=list, blank=True)
    after = models.JSONField("Nhắc khi quá hạn (số ngày làm việc)", default=list, blank=True)
    audience = models.CharField("Nhắc ai", max_length=10, choices=Audience.choices, default=Audience.HEADS)
    intro = TextField("Lời nhắc", blank=True)
    head_after = models.PositiveSmallIntegerField("Báo thủ trưởng sau (ngày làm việc)", null=True, blank=True)
    office_after = models.PositiveSmallIntegerField(
        "Báo Văn phòng Sở sau (ngày làm việc)", null=True, blank=True
    )
    is_compulsory = models.BooleanField("Bắt buộc nhận, không tắt được", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "kế hoạch nhắc việc"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class DigestDay(models.Model):
    """A day on which digests were written: what was missed since the one before is caught up once."""

    day = models.DateField(unique=True)
    began_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    letters = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "ngày nhắc việc"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class NoticeQuerySet(models.QuerySet):
    def reached(self) -> "NoticeQuerySet":
        """Their letters have arrived, or are on their way."""
        return self.exclude(letter__state__in=("bounced", "failed", "expired"))


class Notice(models.Model):
    """That somebody was told of one thing he owes, in which letter. ``round_id`` names the campaign year,
    ``review_id`` the review. The link in the letter is an address of the notice, made of ``code``: it leads on to
    ``href`` and notes when its recipient came by it first. A copy for those above has no link."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Theo kế hoạch"
        COPY = "copy", "Báo cấp trên"
        PRESSED = "pressed", "Văn phòng Sở nhắc"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    letter = models.ForeignKey("core.Letter", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    stage = models.CharField(max_length=20)
    round_id = models.BigIntegerField(null=True)
    review_id = models.BigIntegerField(null=True)
    what = CharField(max_length=250)
    due = models.DateField(null=True)
    day = models.DateField()
    at = models.DateTimeField(default=clock.now)
    code = models.UUIDField(null=True, unique=True, editable=False)
    href = models.CharField(max_length=250, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhắc"
        ordering = ["-at", "pk"]
        indexes = [
            models.Index(fields=["round_id", "-at"], name="notice_round"),
            models.Index(fields=["review_id", "-at"], name="notice_review"),
            models.Index(fields=["user", "day"], name="notice_user_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.what}"


def told_on(day: date, **whole: int) -> dict[int, int]:
    """How many letters each person got on that day about what he owes himself in this round (``round_id``) or review
    (``review_id``); not those that did not reach him."""
    rows: Any = Notice.objects.reached().filter(day=day, **whole).exclude(kind=Notice.Kind.COPY).order_by()
    counted = rows.values_list("user").annotate(n=models.Count("letter", distinct=True))
    return dict(counted)
