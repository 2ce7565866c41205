"""Published results, frozen with what they were computed from; those of past years as they were published."""

from django.db import models
from django.db.models import Q

from campaigns.models import CampaignYear, Recipient
from core import clock
from core.fields import CharField, ScoreField, TextField
from organization.models import Unit
from scoring.models.sheets import Scorecard


class PublicationQuerySet(models.QuerySet):
    def in_force(self) -> "PublicationQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Publication(models.Model):
    """The results of a year as published: frozen with their inputs; a reopening withdraws it and keeps it."""

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.PROTECT, related_name="publications")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    published_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = TextField(blank=True)
    digest = models.CharField(max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "lần công bố"
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_year", "recipient"],
                condition=Q(withdrawn_at__isnull=True),
                name="publication_in_force",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="publication_withdrawal_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_year} – {self.get_recipient_display()}"


class Result(models.Model):
    """One row of a publication: rounded score, index, class, rank, and the lines it was computed from."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="results")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="results")
    score = ScoreField()
    applicable_max = ScoreField()
    index = ScoreField()
    components = models.JSONField(default=dict)
    band = CharField(max_length=60)
    band_colour = models.CharField(max_length=20, default="blue")
    rank = models.PositiveIntegerField(null=True)  # scored, not ranked
    is_tied = models.BooleanField(default=False)
    frozen = models.JSONField(default=dict)

    class Meta:
        verbose_name = "kết quả"
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["publication", "scorecard"], name="result_once")]
        indexes = [models.Index(fields=["publication", "rank"], name="result_rank")]

    def __str__(self) -> str:
        return f"{self.rank or '–'}. {self.scorecard}"


class PastResult(models.Model):
    """A row of a table that was published before the portal, read from a file.

    Index, rank and class are computed again; what was published stays beside them, empty where the table had none.
    """

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="past_results")
    position = models.PositiveIntegerField()
    unit_name = CharField("Đơn vị", max_length=200)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    applicable_max = ScoreField("Điểm tối đa áp dụng", null=True)
    score = ScoreField("Điểm đạt", null=True)
    index = ScoreField("Chỉ số", null=True)
    rank = models.PositiveIntegerField("Xếp hạng", null=True)
    is_tied = models.BooleanField(default=False)
    band = CharField("Xếp loại", max_length=60, blank=True)
    published_index = ScoreField("Chỉ số đã công bố", null=True)
    published_rank = models.PositiveIntegerField("Hạng đã công bố", null=True)
    published_band = CharField("Xếp loại đã công bố", max_length=60, blank=True)
    differences = models.JSONField(default=list)

    class Meta:
        verbose_name = "kết quả năm trước"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign_year", "unit_name"], name="past_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.rank or '–'}. {self.unit_name}"
