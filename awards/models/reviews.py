"""A review (bình xét): of a year's titles, or of a stage of a campaign; its calendar, its rules, who qualifies."""

from typing import Any

from django.db import models
from django.db.models import Q

from awards.models.catalogue import Award
from awards.models.facts import one_of_two
from awards.models.rules import RuleDocument
from campaigns.models import Campaign
from core import clock
from core.fields import CharField, DateField, TextField
from organization import roles
from organization.models import Person, Unit, entrusted_to

# Until it ends, and after its end for what is decided anew; a sitting for the rest keeps nobody waiting.
MAY_BE_DECIDED = Q(state__in=("deciding", "closed")) | Q(supplement_since__isnull=False)


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """What is still prepared is the Office's; from its opening on everybody knows of it."""
        acting = user.acting
        if acting.reads_everything:
            return self
        return self.exclude(state=Review.State.PLANNED) if acting.person_id else self.none()

    def may_be_decided(self) -> "ReviewQuerySet":
        """Those of which ``Review.may_be_decided`` is true."""
        return self.filter(MAY_BE_DECIDED)


class Review(models.Model):
    """One season from the opening letter to the end. Its rules are pinned when it opens: later law changes nothing."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", "Công trạng hằng năm"
        CAMPAIGN = "campaign", "Theo phong trào (chuyên đề)"

    class Phase(models.TextChoices):
        YEAR = "year", "Hằng năm"
        INTERIM = "interim", "Sơ kết"
        FINAL = "final", "Tổng kết"

    class State(models.TextChoices):
        PLANNED = "planned", "Đang chuẩn bị"
        OPEN = "open", "Đơn vị đề nghị"
        NOTICE = "notice", "Công khai lấy ý kiến"
        COUNCIL = "council", "Hội đồng xét"
        DECIDING = "deciding", "Ra quyết định"
        CLOSED = "closed", "Kết thúc"
        STOPPED = "stopped", "Đã dừng"

    OVER = (State.CLOSED, State.STOPPED)
    BEFORE_COUNCIL = (State.PLANNED, State.OPEN, State.NOTICE)

    kind = models.CharField("Loại", max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("Năm xét")
    phase = models.CharField("Đợt", max_length=10, choices=Phase.choices, default=Phase.YEAR)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name="Phong trào",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    title = CharField("Tên đợt bình xét", max_length=200)
    reference_date = DateField("Ngày lấy quy định")
    letter_number = CharField("Số văn bản hướng dẫn", max_length=60, blank=True)
    letter_date = DateField("Ngày văn bản", null=True, blank=True)
    guidance = TextField("Nội dung hướng dẫn", blank=True)
    period_reason = TextField("Lý do công khai ngắn hơn quy định", blank=True)
    awards = models.ManyToManyField(Award, verbose_name="Danh hiệu, hình thức được xét", related_name="+")
    left_out = models.ManyToManyField(
        Unit, verbose_name="Đơn vị không tham gia", related_name="+", editable=False
    )
    papers = models.JSONField("Giấy tờ cần thêm", default=list, editable=False, help_text="Codes of papers.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    rule_documents = models.ManyToManyField(RuleDocument, related_name="+", editable=False)
    figures = models.JSONField(default=list, editable=False, help_text="The province's figures, as pinned.")
    pinned_at = models.DateTimeField(null=True, editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    list_reason = TextField("Giải trình vượt chỉ tiêu, cơ cấu của cả danh sách", blank=True, editable=False)
    ended_on = models.DateField(null=True, editable=False, help_text="When it was closed or stopped.")
    # A sitting for what was put off, though the rest is decided; both are empty where none is under way.
    supplement = TextField("Lý do xét bổ sung", blank=True, editable=False)
    supplement_since = models.DateTimeField(null=True, editable=False)
    judged_at = models.DateTimeField(null=True, editable=False)
    judging_since = models.DateTimeField(null=True, editable=False)
    judged = models.PositiveIntegerField(default=0, editable=False)
    to_judge = models.PositiveIntegerField(default=0, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt bình xét"
        ordering = ["-year", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(kind="annual") & ~Q(state="stopped"),
                name="review_of_year_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "year", "phase"],
                condition=Q(kind="campaign") & ~Q(state="stopped"),
                name="review_of_campaign_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="annual", campaign__isnull=True)
                | Q(kind="campaign", campaign__isnull=False),
                name="review_campaign_where_meant",
            ),
            models.CheckConstraint(
                condition=Q(supplement_since__isnull=True) | ~Q(supplement=""),
                name="review_supplement_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_supplementary(self) -> bool:
        """The council sits once more, for what it had put off alone."""
        return self.supplement_since is not None

    @property
    def may_be_decided(self) -> bool:
        """As ``MAY_BE_DECIDED`` has it."""
        return self.state in (self.State.DECIDING, self.State.CLOSED) or self.is_supplementary

    @property
    def occasion(self) -> str:
        """The kind of commendation that its honours carry: what is thematic is no basis for a higher merit award."""
        return "regular" if self.kind == self.Kind.ANNUAL else "thematic"


class ReviewDeadline(models.Model):
    """The last day of a step, included."""

    class Step(models.TextChoices):
        MEETING = "unit_meeting", "Đơn vị họp bình xét"
        NOMINATION = "nomination", "Nộp hồ sơ đề nghị"
        VERIFICATION = "verification", "Văn phòng Sở thẩm định"
        OPEN_PERIOD = "open_period", "Công khai lấy ý kiến"
        COUNCIL = "council", "Hội đồng họp"
        DECISION = "decision", "Ra quyết định"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="deadlines")
    step = models.CharField(max_length=14, choices=Step.choices)
    due_on = DateField()

    class Meta:
        verbose_name = "hạn của đợt bình xét"
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["review", "step"], name="review_deadline_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.due_on:%d/%m/%Y}"


class ProspectQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ProspectQuerySet":
        """Who stands where is for those who prepare and decide; everybody else sees himself and whom he heads."""
        acting = user.acting
        if acting.reads_everything or acting.is_(roles.COUNCIL) or acting.heads_the_agency:
            return self
        return self.filter(entrusted_to(user)) if acting.person_id else self.none()


class Prospect(models.Model):
    """What the rules say of a person or a unit for one award of a review: qualifies, misses, or a person has to say."""

    class State(models.TextChoices):
        MET = "met", "Đủ điều kiện"
        OPEN = "open", "Cần người xác nhận"
        UNMET = "unmet", "Chưa đủ điều kiện"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="prospects")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    is_collective = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=State.choices)
    missing = TextField("Còn thiếu", blank=True)
    earliest = models.PositiveSmallIntegerField("Sớm nhất năm", null=True)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        verbose_name = "khả năng xét"
        ordering = ["award__order", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "award", "person"], name="prospect_of_person_once"),
            models.UniqueConstraint(
                fields=["review", "award", "unit"],
                condition=Q(is_collective=True),
                name="prospect_of_unit_once",
            ),
        ]
        indexes = [models.Index(fields=["review", "award", "state"], name="prospect_by_award")]

    def __str__(self) -> str:
        return str(self.person or self.unit)


class Affirmation(models.Model):
    """Somebody has signed for a point that only a person can judge, of a person or a unit, in a review."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="affirmations")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    point = models.SlugField(max_length=60)
    holds = models.BooleanField()
    note = TextField(blank=True)
    given_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "xác nhận"
        constraints = [
            one_of_two("affirmation_of_one"),
            models.UniqueConstraint(fields=["review", "person", "point"], name="affirmation_of_person_once"),
            models.UniqueConstraint(fields=["review", "unit", "point"], name="affirmation_of_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.point}: {'đạt' if self.holds else 'không đạt'}"
