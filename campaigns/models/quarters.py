"""Achievements reported quarter by quarter: the last day of each."""

from django.db import models

from campaigns.models.campaigns import CampaignYear, Period
from core.fields import DateField

QUARTERS = (Period.QUARTER_1, Period.QUARTER_2, Period.QUARTER_3, Period.QUARTER_4)


class QuarterDeadline(models.Model):
    """Until when the achievements of a quarter are reported; the stage's own last day ends the year."""

    campaign_year = models.ForeignKey(
        CampaignYear, on_delete=models.CASCADE, related_name="quarter_deadlines"
    )
    quarter = models.CharField("Quý", max_length=4, choices=[(one.value, one.label) for one in QUARTERS])
    due_on = DateField("Hạn cuối")

    class Meta:
        verbose_name = "hạn nộp thành tích của quý"
        ordering = ["campaign_year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["campaign_year", "quarter"], name="quarter_deadline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_quarter_display()}: {self.due_on:%d/%m/%Y}"
