"""What people and units have done, with co-authors, documents and flagged points."""

from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models import CampaignYear, Criterion, Recipient
from core import clock
from core.fields import CharField, DateField, KeyField, ScoreField, TextField
from core.prepared import Prepared, Slot
from organization import roles
from organization.models import Person, Unit, entrusted_to


def branch(user: Any, *, own: Q) -> Q:
    """Own rows, and the rows of every unit below one that the user heads."""
    below = user.acting.units_below
    return own | Q(unit_id__in=below) if below else own


def _looked_after(user: Any) -> Q:
    seen = entrusted_to(user)
    if user.acting.roles & {roles.APPRAISER, roles.COUNCIL}:
        seen |= Q(state=Achievement.State.CONFIRMED)
    return seen


class AchievementQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "AchievementQuerySet":
        """Own ones, the unit's collective ones, those of units one heads; confirmed ones for the appraising side."""
        shared = [pk for (pk,) in SHARED_BY.ask(person=user.acting.person_id)]
        return self._seen_by(
            user, Q(pk__in=shared)
        )  # as numbers: with a subquery here no index would be used

    def among_visible_to(self, user: Any) -> "AchievementQuerySet":
        """The same for rows that are few already, and for prepared questions."""
        shares = CoAuthor.objects.filter(person=user.acting.person_id)
        return self._seen_by(user, Q(pk__in=shares.values("achievement")))

    def _seen_by(self, user: Any, shared: Q) -> "AchievementQuerySet":
        acting = user.acting
        if acting.reads_everything:
            return self
        return self.filter(_looked_after(user) | shared) if acting.person_id else self.none()

    def looked_after_by(self, user: Any) -> "AchievementQuerySet":
        """What a member of the Sở sees without having a share in it."""
        return self.filter(_looked_after(user))


class Achievement(models.Model):
    """What a person or a unit has done for the campaign: reported, proven, confirmed by the head."""

    class State(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        SUBMITTED = "submitted", "Chờ xác nhận"
        RETURNED = "returned", "Trả lại"
        CONFIRMED = "confirmed", "Đã xác nhận"
        REFUSED = "refused", "Không công nhận"

    class Role(models.TextChoices):
        LEAD = "lead", "Chủ trì"
        JOINT = "joint", "Phối hợp"
        SOLE = "sole", "Tự thực hiện"

    campaign_year = models.ForeignKey(
        CampaignYear, verbose_name="Phong trào, năm", on_delete=models.PROTECT, related_name="achievements"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="achievements"
    )
    person = models.ForeignKey(
        Person,
        verbose_name="Cá nhân",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="achievements",
    )
    criterion = models.ForeignKey(
        Criterion,
        verbose_name="Tiêu chí",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="achievements",
    )
    title = CharField("Thành tích", max_length=300, blank=True)
    happened_on = DateField("Ngày hoàn thành", null=True, blank=True)
    quantity = ScoreField("Số lượng", null=True, blank=True)
    measure = CharField("Đơn vị tính", max_length=40, blank=True)
    result = TextField("Kết quả đạt được", blank=True)
    role = models.CharField("Vai trò", max_length=5, choices=Role.choices, default=Role.SOLE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    approving_unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    prepared_by = models.ForeignKey(
        "organization.User", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    title_key = KeyField(db_index=True)
    search_key = KeyField(max_length=1000)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = "thành tích"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["campaign_year", "state"], name="achievement_state"),
            models.Index(fields=["approving_unit", "state"], name="achievement_waiting"),
            models.Index(fields=["criterion", "state"], name="achievement_criterion"),
            models.Index(fields=["-happened_on", "id"], name="achievement_newest_day"),
            models.Index(fields=["state", "id"], name="achievement_by_state"),
            models.Index(fields=["quantity", "id"], name="achievement_by_quantity"),
        ]

    def __str__(self) -> str:
        return self.title or "(chưa đặt tên)"

    @property
    def recipient(self) -> str:
        return Recipient.INDIVIDUAL if self.person_id else Recipient.COLLECTIVE


class CoAuthor(models.Model):
    """Somebody who shares in the achievement; all shares together, the reporter's included, make 100 %."""

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="co_authors")
    person = models.ForeignKey(
        Person, verbose_name="Đồng tác giả", on_delete=models.PROTECT, related_name="+"
    )
    share = models.DecimalField("Tỷ lệ đóng góp (%)", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "đồng tác giả"
        constraints = [
            models.UniqueConstraint(fields=["achievement", "person"], name="co_author_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lt=100), name="co_author_share"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.share} %)"


SHARED_BY = Prepared(lambda: CoAuthor.objects.filter(person=Slot("person")).values_list("achievement"))


class AchievementEvidence(models.Model):
    """The link of a document to an achievement, with the page that proves it."""

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="evidence_links")
    document = models.ForeignKey(
        "scoring.EvidenceDocument", on_delete=models.PROTECT, related_name="achievement_links"
    )
    page = CharField("Trang, mục", max_length=60, blank=True)

    class Meta:
        verbose_name = "tài liệu của thành tích"
        constraints = [
            models.UniqueConstraint(fields=["achievement", "document"], name="achievement_evidence_once")
        ]

    def __str__(self) -> str:
        return str(self.document)


class Flag(models.Model):
    """A point of a returned achievement that must be corrected: only flagged points reopen."""

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="flags")
    point = models.CharField(max_length=20)
    reason = TextField()
    answer = TextField(blank=True)
    raised_at = models.DateTimeField(default=clock.now)
    is_settled = models.BooleanField(default=False)

    class Meta:
        verbose_name = "điểm cần sửa"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.point}: {self.reason}"

    @property
    def is_done(self) -> bool:
        """The point was changed, or its author said why it stays."""
        return self.is_settled or bool(self.answer)
