"""Sets of criteria: the tree that a round is scored by, in versions."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.calculations import Rounding
from campaigns.models.campaigns import AppliesTo, Campaign, CampaignYear
from core.fields import CharField, ScoreField, TextField
from organization.models import Unit

# What a scored row says beside its code and name.
LEAF_FACTS = (
    "max_score",
    "applies_to",
    "method",
    "params",
    "guidance",
    "evidence_required",
    "evidence",
    "in_charge",
)


class Ties(models.TextChoices):
    """What equal indexes mean for the ranks."""

    SHARED = "shared", "Cùng hạng, bỏ hạng sau (1-2-2-4)"
    DENSE = "dense", "Cùng hạng, không bỏ hạng (1-2-2-3)"
    CRITERIA = "criteria", "Phân định bằng điểm các tiêu chí nêu tên"


class CriteriaSetQuerySet(models.QuerySet):
    def in_use(self) -> "CriteriaSetQuerySet":
        return self.filter(state=CriteriaSet.State.IN_USE)

    def visible_to(self, user: Any) -> "CriteriaSetQuerySet":
        if user.acting.reads_everything:
            return self
        return self.exclude(state=CriteriaSet.State.DRAFT).exclude(
            campaign_year__campaign__state=Campaign.State.DRAFT
        )


class CriteriaSet(models.Model):
    """The criteria of a round in one version. Once in use it is frozen: a correction is a new version.

    How the result is rounded and how ties are ranked belongs to the set. ``frame`` is the set of a higher level whose
    rows this one took over: they stay as they are, own rows stand beside them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        IN_USE = "in_use", "Đang áp dụng"
        SUPERSEDED = "superseded", "Đã thay thế"

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="criteria_sets")
    version_number = models.PositiveSmallIntegerField("Phiên bản", default=1)
    title = CharField("Tên bộ tiêu chí", max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    is_sample = models.BooleanField("Mẫu chờ Văn phòng Sở xác nhận", default=False)
    note = TextField("Ghi chú", blank=True)
    change_note = TextField("Nội dung sửa đổi so với phiên bản trước", blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    declared_max_collective = ScoreField("Tổng điểm tối đa của tập thể", default=Decimal(100))
    declared_max_individual = ScoreField("Tổng điểm tối đa của cá nhân", default=Decimal(100))
    places = models.PositiveSmallIntegerField(
        "Số chữ số thập phân khi công bố", choices=[(2, "2 chữ số"), (3, "3 chữ số")], default=2
    )
    rounding = models.CharField(
        "Cách làm tròn khi công bố", max_length=10, choices=Rounding.choices(), default=Rounding.HALF_UP
    )
    ties = models.CharField("Khi bằng chỉ số", max_length=8, choices=Ties.choices, default=Ties.SHARED)
    tie_codes = CharField(
        "Tiêu chí phân định", max_length=200, blank=True, help_text="Mã tiêu chí, cách nhau bằng dấu phẩy"
    )
    frame = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)  # of the draft's head, for stale forms

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ tiêu chí"
        ordering = ["-campaign_year__year", "-version_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_year", "version_number"], name="criteria_set_version_once"
            ),
            models.UniqueConstraint(
                fields=["campaign_year"], condition=Q(state="in_use"), name="criteria_set_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (phiên bản {self.version_number})"


class Criterion(models.Model):
    """A node of the tree; a leaf is scored by a method with parameters, an inner node sums its children.

    An inner node may join its children otherwise: ``method`` then names one of ``campaigns.methods.GROUPS``.
    ``feeds`` is the row of a higher level's scheme that the results of this row give a figure to.

    ``code`` is a label and may repeat; ``position`` is the order of the whole tree, parents before children.
    """

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    level = models.PositiveSmallIntegerField(default=1, editable=False)
    code = CharField("Mã", max_length=20)
    name = CharField("Nội dung", max_length=500)
    is_leaf = models.BooleanField(default=True, editable=False)
    max_score = ScoreField("Điểm tối đa", default=Decimal(0))
    applies_to = models.CharField(
        "Đối tượng chấm", max_length=10, choices=AppliesTo.choices, default=AppliesTo.BOTH
    )
    method = models.CharField("Cách chấm", max_length=30, blank=True)
    params = models.JSONField("Tham số", default=dict, blank=True)
    guidance = TextField("Hướng dẫn chấm", blank=True)
    evidence_required = models.BooleanField("Bắt buộc có tài liệu kiểm chứng", default=False)
    evidence = TextField("Tài liệu kiểm chứng", blank=True)
    in_charge = models.ForeignKey(
        Unit,
        verbose_name="Đơn vị phụ trách",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lineage = models.UUIDField(
        null=True, editable=False, db_index=True, help_text="The same criterion through versions and years."
    )
    is_of_frame = models.BooleanField("Thuộc khung", default=False, editable=False)
    feeds = models.ForeignKey(
        "self",
        verbose_name="Cấp số liệu cho tiêu chí của bộ chỉ số cấp trên",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="fed_by",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "tiêu chí"
        ordering = ["position"]
        indexes = [models.Index(fields=["criteria_set", "position"], name="criterion_position")]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"

    def scores(self, recipient: str) -> bool:
        """Whether a sheet of this recipient has a line for the criterion."""
        return self.is_leaf and self.applies_to in (recipient, AppliesTo.BOTH)
