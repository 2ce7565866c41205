"""The award register: every honour of a person or a unit, under the names of its day, and what it was spent on."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from awards.eligibility import facts
from awards.models.catalogue import Award
from awards.models.facts import one_of_two
from awards.models.initiatives import Initiative
from campaigns.models import CampaignYear
from core import clock
from core.fields import CharField, DateField, KeyField, TextField
from core.models import StoredFile
from core.vietnamese import format_moment
from organization.models import Person, Unit


class HonourQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "HonourQuerySet":
        """Awards are public inside the Sở."""
        return self if user.is_authenticated else self.none()

    def in_force(self) -> "HonourQuerySet":
        return self.filter(cancelled_on__isnull=True)


class Honour(models.Model):
    """An award given to a person or a unit; ``year`` is the year of the achievement, not of the decision."""

    class Source(models.TextChoices):
        IMPORTED = "imported", "Nhập từ hồ sơ cũ"
        DECIDED = "decided", "Quyết định trên cổng"

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="honours")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="honours")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="honours")
    year = models.PositiveSmallIntegerField("Năm")
    occasion = models.CharField(
        "Loại khen thưởng", max_length=12, choices=list(facts.OCCASIONS.items()), default="regular"
    )
    occasion_basis = TextField("Vì sao là loại khen thưởng này", blank=True, editable=False)
    campaign_year = models.ForeignKey(
        CampaignYear, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_number = CharField("Số quyết định", max_length=60)
    decided_on = DateField("Ngày quyết định")
    decided_by = CharField("Cơ quan, người quyết định", max_length=200)
    merit = TextField("Thành tích", blank=True)
    name_then = CharField("Tên khi được khen", max_length=200)
    post_then = CharField("Chức vụ khi được khen", max_length=150, blank=True)
    unit_then = CharField("Đơn vị khi được khen", max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.IMPORTED)
    worked_in = models.ForeignKey(
        Unit,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The unit of that day of a person.",
    )
    entered_by = models.ForeignKey(
        "organization.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None: by a command.",
    )
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    cancelled_on = DateField("Ngày hủy", null=True, blank=True, editable=False)
    cancellation_number = CharField("Số quyết định hủy", max_length=60, blank=True)
    cancellation_reason = TextField("Lý do hủy", blank=True)
    doubt = TextField(
        "Vì sao phải xem lại",
        blank=True,
        editable=False,
        help_text="What it stood on has changed; empty again when somebody has looked at it.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = KeyField()
    search_key = KeyField()

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = "khen thưởng đã nhận"
        ordering = ["-year", "-decided_on", "award__order"]
        constraints = [
            one_of_two("honour_of_one"),
            models.UniqueConstraint(
                fields=["person", "award", "year", "decision_number"], name="honour_of_person_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "award", "year", "decision_number"], name="honour_of_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True)
                | Q(cancelled_on__gte=F("decided_on")) & ~Q(cancellation_reason=""),
                name="honour_cancellation_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["award", "year"], name="honour_award"),
            models.Index(fields=["-decided_on", "id"], name="honour_newest"),
            models.Index(fields=["sort_key", "id"], name="honour_sort"),
            models.Index(fields=["decision_number", "decided_on"], name="honour_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.name_then}: {self.award}, năm {self.year}"

    @property
    def recipient(self) -> str:
        return "individual" if self.person_id else "collective"


class BasisUseQuerySet(models.QuerySet):
    def in_force(self) -> "BasisUseQuerySet":
        """What served for an honour that was cancelled is free again."""
        return self.filter(Q(gave__isnull=True) | Q(gave__cancelled_on__isnull=True))


class BasisUse(models.Model):
    """The ledger: an honour or an initiative that served as the basis of an award of a year."""

    honour = models.ForeignKey(Honour, null=True, on_delete=models.PROTECT, related_name="uses")
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="uses")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    gave = models.ForeignKey(Honour, null=True, on_delete=models.CASCADE, related_name="bases")
    at = models.DateTimeField(default=clock.now, editable=False)
    kept_at = models.DateTimeField(
        null=True, editable=False, help_text="Its basis was cancelled, and the award was kept all the same."
    )

    objects = BasisUseQuerySet.as_manager()

    class Meta:
        verbose_name = "căn cứ đã dùng"
        ordering = ["-year", "-pk"]
        constraints = [
            one_of_two("basis_use_of_one"),
            models.CheckConstraint(
                condition=Q(honour__isnull=False, initiative__isnull=True)
                | Q(honour__isnull=True, initiative__isnull=False),
                name="basis_use_one_basis",
            ),
            # Both successors of a unit that was split may rest on one inherited title.
            models.UniqueConstraint(
                fields=["honour", "person", "award", "year"],
                condition=Q(honour__isnull=False, person__isnull=False),
                name="basis_honour_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["honour", "unit", "award", "year"],
                condition=Q(honour__isnull=False, unit__isnull=False),
                name="basis_honour_of_unit_once",
            ),
            models.UniqueConstraint(
                fields=["initiative", "person", "award", "year"],
                condition=Q(initiative__isnull=False),
                name="basis_initiative_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.honour or self.initiative} → {self.award} năm {self.year}"


class HistoryImport(models.Model):
    """An uploaded sheet of earlier honours or of a year's ratings: a preview first, written only when confirmed."""

    class Kind(models.TextChoices):
        HONOURS = "honours", "Khen thưởng"
        RATINGS = "ratings", "Xếp loại năm"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HONOURS)
    year = models.PositiveSmallIntegerField(null=True, help_text="Of a sheet of ratings.")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        verbose_name = "lần nhập khen thưởng"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"Nhập {self.get_kind_display().lower()} {format_moment(self.uploaded_at)}"
