"""Achievements with their evidence, score sheets with their lines, and published results."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models import CampaignYear, CriteriaSet, Criterion, Recipient
from core import clock
from core.fields import CharField, DateField, KeyField, ScoreField, TextField
from core.models import StoredFile
from organization import roles
from organization.models import Person, Unit


def branch(user: Any, *, own: Q) -> Q:
    """Own rows, and the rows of every unit below one that the user heads."""
    for path in user.acting.headed_paths:
        own |= Q(unit__path__startswith=path)
    return own


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """A document is seen by its unit, by whoever may see a dossier that rests on it, and by readers of all."""
        acting = user.acting
        if acting.reads_everything:
            return self
        if not acting.person_id:
            return self.none()
        visible = Achievement.objects.visible_to(user).values("pk")
        sheets = Scorecard.objects.visible_to(user).values("pk")
        return self.filter(
            Q(uploaded_by=user)
            | branch(user, own=Q(unit_id=acting.unit_id))
            | Q(pk__in=AchievementEvidence.objects.filter(achievement__in=visible).values("document"))
            | Q(pk__in=LineEvidence.objects.filter(line__scorecard__in=sheets).values("document"))
        )


class EvidenceDocument(models.Model):
    """One document of proof, uploaded once and linked to as many achievements and criteria as it proves."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    number = CharField("Số, ký hiệu", max_length=60, blank=True)
    title = CharField("Tên, trích yếu tài liệu", max_length=300)
    issued_on = DateField("Ngày ban hành", null=True, blank=True)
    issuer = CharField("Nơi ban hành", max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    uploaded_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = KeyField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "tài liệu kiểm chứng"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.number} – {self.title}" if self.number else self.title


class AchievementQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "AchievementQuerySet":
        """Own ones, the unit's collective ones, those of units one heads; confirmed ones for the appraising side."""
        acting = user.acting
        if acting.reads_everything:
            return self
        if not acting.person_id:
            return self.none()
        own = (
            Q(person_id=acting.person_id)
            | Q(person__user__isnull=True, unit_id=acting.unit_id)
            | Q(pk__in=CoAuthor.objects.filter(person_id=acting.person_id).values("achievement"))
        )
        if acting.roles & {roles.APPRAISER, roles.COUNCIL}:
            own |= Q(state=Achievement.State.CONFIRMED)
        if acting.is_(roles.DEPUTY):
            own |= Q(unit_id=acting.unit_id)
        return self.filter(branch(user, own=own))


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
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="achievements")
    person = models.ForeignKey(
        Person, verbose_name="Cá nhân", null=True, blank=True, on_delete=models.PROTECT, related_name="achievements"
    )
    criterion = models.ForeignKey(
        Criterion, verbose_name="Tiêu chí", null=True, blank=True, on_delete=models.PROTECT, related_name="achievements"
    )
    title = CharField("Thành tích", max_length=300, blank=True)
    happened_on = DateField("Ngày hoàn thành", null=True, blank=True)
    quantity = ScoreField("Số lượng", null=True, blank=True)
    measure = CharField("Đơn vị tính", max_length=40, blank=True)
    result = TextField("Kết quả đạt được", blank=True)
    role = models.CharField("Vai trò", max_length=5, choices=Role.choices, default=Role.SOLE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    approving_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+", editable=False)
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
        ]

    def __str__(self) -> str:
        return self.title or "(chưa đặt tên)"

    @property
    def recipient(self) -> str:
        return Recipient.INDIVIDUAL if self.person_id else Recipient.COLLECTIVE


class CoAuthor(models.Model):
    """Somebody who shares in the achievement; all shares together, the reporter's included, make 100 %."""

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="co_authors")
    person = models.ForeignKey(Person, verbose_name="Đồng tác giả", on_delete=models.PROTECT, related_name="+")
    share = models.DecimalField("Tỷ lệ đóng góp (%)", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "đồng tác giả"
        constraints = [
            models.UniqueConstraint(fields=["achievement", "person"], name="co_author_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lt=100), name="co_author_share"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.share} %)"


class AchievementEvidence(models.Model):
    """The link of a document to an achievement, with the page that proves it."""

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="evidence_links")
    document = models.ForeignKey(EvidenceDocument, on_delete=models.PROTECT, related_name="achievement_links")
    page = CharField("Trang, mục", max_length=60, blank=True)

    class Meta:
        verbose_name = "tài liệu của thành tích"
        constraints = [models.UniqueConstraint(fields=["achievement", "document"], name="achievement_evidence_once")]

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


class ScorecardQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ScorecardQuerySet":
        """Own sheet, own unit's sheet, sheets of units one heads; the appraising side from approval on."""
        acting = user.acting
        if acting.reads_everything:
            return self
        if not acting.person_id:
            return self.none()
        own = Q(person_id=acting.person_id) | Q(person__user__isnull=True, unit_id=acting.unit_id)
        if acting.roles & {roles.APPRAISER, roles.COUNCIL}:
            own |= Q(state__in=[Scorecard.State.APPROVED, Scorecard.State.APPRAISED, Scorecard.State.PUBLISHED])
        if acting.is_(roles.DEPUTY):
            own |= Q(unit_id=acting.unit_id)
        return self.filter(branch(user, own=own))


class Scorecard(models.Model):
    """The score sheet of a unit or a person for one year: self, approved and appraised scores side by side.

    Unit, its name and the post are those of the year, whatever happens later.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang tự chấm"
        SUBMITTED = "submitted", "Chờ thủ trưởng duyệt"
        RETURNED = "returned", "Trả lại"
        APPROVED = "approved", "Chờ thẩm định"
        APPRAISED = "appraised", "Đã thẩm định"
        PUBLISHED = "published", "Đã công bố"

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.PROTECT, related_name="scorecards")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="scorecards")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scorecards")
    unit_name = CharField(max_length=200)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="scorecards")
    post_name = CharField(max_length=100, blank=True)
    post_order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    approving_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    prepared_by = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
    appraised_by = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, editable=False)
    self_total = ScoreField(default=Decimal(0), editable=False)
    approved_total = ScoreField(null=True, editable=False)
    appraised_total = ScoreField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_key = KeyField()
    sort_key = KeyField()

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu chấm điểm"
        ordering = ["unit__order", "post_order", "sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["campaign_year", "person"], name="scorecard_person_once"),
            models.UniqueConstraint(
                fields=["campaign_year", "unit"], condition=Q(person__isnull=True), name="scorecard_unit_once"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign_year", "state"], name="scorecard_state"),
            models.Index(fields=["approving_unit", "state"], name="scorecard_waiting"),
        ]

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.unit_name

    @property
    def recipient(self) -> str:
        return Recipient.INDIVIDUAL if self.person_id else Recipient.COLLECTIVE


class Line(models.Model):
    """One criterion on a sheet. Inputs are kept apart from the score; a changed score needs its reason."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="lines")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="lines")
    inputs = models.JSONField(default=dict, blank=True)
    self_score = ScoreField("Tự chấm", null=True, blank=True)
    note = TextField("Giải trình", blank=True)
    approved_score = ScoreField("Thủ trưởng duyệt", null=True, blank=True)
    approved_reason = TextField("Lý do thủ trưởng sửa", blank=True)
    appraised_score = ScoreField("Thẩm định", null=True, blank=True)
    appraised_reason = TextField("Lý do thẩm định sửa", blank=True)
    is_flagged = models.BooleanField(default=False, editable=False)
    flag_reason = TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "dòng chấm điểm"
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "criterion"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.self_score}"


class LineEvidence(models.Model):
    """The link of a document to a line of a sheet."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="evidence_links")
    document = models.ForeignKey(EvidenceDocument, on_delete=models.PROTECT, related_name="line_links")
    page = CharField("Trang, mục", max_length=60, blank=True)

    class Meta:
        verbose_name = "tài liệu của dòng chấm điểm"
        constraints = [models.UniqueConstraint(fields=["line", "document"], name="line_evidence_once")]

    def __str__(self) -> str:
        return str(self.document)


class PublicationQuerySet(models.QuerySet):
    def in_force(self) -> "PublicationQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Publication(models.Model):
    """The results of a year as published: frozen with their inputs; a reopening withdraws it and keeps it."""

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.PROTECT, related_name="publications")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    published_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
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
    band = CharField(max_length=60)
    band_colour = models.CharField(max_length=20, default="blue")
    rank = models.PositiveIntegerField()
    is_tied = models.BooleanField(default=False)
    frozen = models.JSONField(default=dict)

    class Meta:
        verbose_name = "kết quả"
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["publication", "scorecard"], name="result_once")]
        indexes = [models.Index(fields=["publication", "rank"], name="result_rank")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.scorecard}"
