"""The annual award list of a campaign, and the head of the Office's papers."""

from typing import Any

from django.db import models
from django.db.models import Q

from awards.models.catalogue import Award
from campaigns.models import CampaignYear
from core import clock
from core.fields import CharField, ScoreField, TextField
from organization import roles
from organization.models import Acting
from scoring.models import Scorecard


class AwardListQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "AwardListQuerySet":
        """The Office and the inspectorate see drafts; the Director and the council what is settled."""
        acting = user.acting
        if acting.reads_everything:
            return self
        return self.filter(state=AwardList.State.SETTLED) if _reads_settled(acting) else self.none()

    def hidden_from(self, user: Any) -> "AwardListQuerySet":
        """What the Director or somebody of the council reads only once it is settled."""
        acting = user.acting
        waits = _reads_settled(acting) and not acting.reads_everything
        return self.filter(state=AwardList.State.DRAFT) if waits else self.none()


def _reads_settled(acting: Acting) -> bool:
    return acting.is_(roles.COUNCIL) or acting.heads_the_agency


class AwardList(models.Model):
    """The annual award list of a campaign: computed from published results, adjusted with reasons, exported."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SETTLED = "settled", "Đã chốt"

    campaign_year = models.OneToOneField(CampaignYear, on_delete=models.PROTECT, related_name="award_list")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT, editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    computed_at = models.DateTimeField(null=True, editable=False)
    basis = models.JSONField(
        default=dict, editable=False, help_text="What it was computed from: publications, conditions."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AwardListQuerySet.as_manager()

    class Meta:
        verbose_name = "danh sách khen thưởng"
        ordering = ["-campaign_year__year"]

    def __str__(self) -> str:
        return f"Danh sách khen thưởng {self.campaign_year}"


class AwardEntry(models.Model):
    """One recipient on the list, or one left out with the reason."""

    class Source(models.TextChoices):
        COMPUTED = "computed", "Đủ điều kiện"
        ADDED = "added", "Bổ sung"
        REMOVED = "removed", "Đưa ra khỏi danh sách"
        CHANGED = "changed", "Đổi hình thức"

    award_list = models.ForeignKey(AwardList, on_delete=models.CASCADE, related_name="entries")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="award_entries")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="entries")
    computed_award = models.ForeignKey(
        Award, null=True, on_delete=models.PROTECT, related_name="+", help_text="What the conditions propose."
    )
    score = ScoreField(null=True)
    band = CharField(max_length=60, blank=True)
    rank = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.COMPUTED)
    reason = TextField("Lý do điều chỉnh", blank=True)
    also_meets = CharField("Đồng thời đủ điều kiện", max_length=300, blank=True)
    note = CharField("Ghi chú", max_length=300, blank=True)
    change = CharField("Thay đổi sau lần tính gần nhất", max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "dòng khen thưởng"
        ordering = ["scorecard__unit__order", "scorecard__post_order", "scorecard__sort_key"]
        constraints = [
            # One achievement, one award.
            models.UniqueConstraint(fields=["award_list", "scorecard"], name="award_entry_once"),
            models.CheckConstraint(condition=Q(source="computed") | ~Q(reason=""), name="award_entry_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} – {self.award}"


class PaperHead(models.Model):
    """What the Office's papers carry at head and foot (Decree 30/2020). One row; what is blank is printed as dots."""

    parent_agency = CharField("Cơ quan chủ quản", max_length=200, blank=True)
    agency = CharField("Cơ quan ban hành", max_length=200, blank=True)
    symbol = CharField("Ký hiệu sau số", max_length=40, blank=True)
    place = CharField("Địa danh", max_length=60, blank=True)
    signer_title = TextField("Quyền hạn, chức vụ người ký", blank=True)
    signer_name = CharField("Họ tên người ký", max_length=100, blank=True)
    copies_to = TextField("Nơi nhận", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "thể thức văn bản"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="paper_head_one_row")]

    def __str__(self) -> str:
        return self.agency
