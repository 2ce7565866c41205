"""The catalogue of awards, and the conditions of a campaign's award list."""

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, Recipient
from core.fields import CharField, ScoreField, TextField
from core.models import LegalDocument


class AwardQuerySet(models.QuerySet):
    def for_list_of(self, campaign: Campaign) -> "AwardQuerySet":
        """What Sở and province decide; a thematic campaign gives no annual titles."""
        awards = self.exclude(level=Award.Level.STATE)
        return awards.exclude(kind=Award.Kind.TITLE) if campaign.kind == Campaign.Kind.THEMATIC else awards


class Award(models.Model):
    """Reference data: a title or a form of commendation, who receives it and who decides it."""

    class Kind(models.TextChoices):
        TITLE = "title", "Danh hiệu thi đua"
        COMMENDATION = "commendation", "Hình thức khen thưởng"

    class Level(models.TextChoices):
        AGENCY = "so", "Cấp Sở"
        PROVINCE = "tinh", "Cấp tỉnh"
        STATE = "nha-nuoc", "Cấp Nhà nước"

    code = models.SlugField(max_length=60, unique=True)
    name = CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    level = models.CharField(max_length=8, choices=Level.choices)
    decided_by = CharField(max_length=200)
    legal_document = models.ForeignKey(LegalDocument, null=True, on_delete=models.PROTECT, related_name="+")
    citation = CharField(max_length=200, blank=True)
    is_confirmed = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = "danh hiệu, hình thức khen thưởng"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """When a result of the campaign deserves an award: classes, smallest score, last rank.

    A row without a year comes from the reference file; the Office writes rows of one year, which go before it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="award_conditions")
    year = models.PositiveSmallIntegerField("Năm (để trống: mọi năm)", null=True, blank=True)
    award = models.ForeignKey(
        Award, verbose_name="Hình thức khen thưởng", on_delete=models.PROTECT, related_name="+"
    )
    bands = models.JSONField("Xếp loại được xét", default=list, blank=True)
    minimum_score = ScoreField("Điểm tối thiểu", null=True, blank=True)
    maximum_rank = models.PositiveIntegerField("Thứ hạng từ", null=True, blank=True)
    basis = CharField("Căn cứ", max_length=300, blank=True)
    note = TextField("Ghi chú", blank=True)
    is_confirmed = models.BooleanField("Văn phòng Sở đã xác nhận", default=False)
    is_used = models.BooleanField("Xét hình thức này", default=True)

    class Meta:
        verbose_name = "điều kiện khen thưởng"
        ordering = ["award__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year", "award"], name="condition_of_year_once"),
            models.UniqueConstraint(
                fields=["campaign", "award"],
                condition=Q(year__isnull=True),
                name="condition_of_campaign_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.award)
