"""Campaigns and indexes: the plan, its rounds with their calendars, classes and participants."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from campaigns.calculations import days_of, time_in_words
from core import clock
from core.fields import CharField, DateField, ScoreField, TextField
from core.models import LegalDocument, StoredFile
from organization.models import Post, Unit


class Recipient(models.TextChoices):
    """Whom a criterion, sheet, band or award is about."""

    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"


class AppliesTo(models.TextChoices):
    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"
    BOTH = "both", "Tập thể và cá nhân"


class Stage(models.TextChoices):
    """The stages of a campaign year, in the order of the calendar."""

    REGISTRATION = "registration", "Đăng ký thi đua"
    ACHIEVEMENTS = "achievements", "Nộp thành tích"
    SELF_SCORE = "self_score", "Tự chấm điểm"
    APPROVAL = "approval", "Thủ trưởng duyệt"
    APPRAISAL = "appraisal", "Văn phòng Sở thẩm định"
    EXPLANATION = "explanation", "Giải trình"
    SECOND_APPRAISAL = "second", "Thẩm định lần 2"
    SURVEY = "survey", "Điều tra xã hội học"
    COUNCIL = "council", "Hội đồng kết luận"
    PUBLICATION = "publication", "Công bố kết quả"
    AWARDS = "awards", "Lập danh sách khen thưởng"


EMULATION_STAGES = (
    Stage.REGISTRATION,
    Stage.ACHIEVEMENTS,
    Stage.SELF_SCORE,
    Stage.APPROVAL,
    Stage.APPRAISAL,
    Stage.PUBLICATION,
    Stage.AWARDS,
)
INDEX_STAGES = (
    Stage.SELF_SCORE,
    Stage.APPROVAL,
    Stage.APPRAISAL,
    Stage.EXPLANATION,
    Stage.SECOND_APPRAISAL,
    Stage.SURVEY,
    Stage.COUNCIL,
    Stage.PUBLICATION,
)


class Period(models.TextChoices):
    """The part of the year that a round scores."""

    YEAR = "year", "Cả năm"
    HALF_1 = "h1", "6 tháng đầu năm"
    HALF_2 = "h2", "6 tháng cuối năm"
    QUARTER_1 = "q1", "Quý I"
    QUARTER_2 = "q2", "Quý II"
    QUARTER_3 = "q3", "Quý III"
    QUARTER_4 = "q4", "Quý IV"
    MONTH_1 = "m01", "Tháng 1"
    MONTH_2 = "m02", "Tháng 2"
    MONTH_3 = "m03", "Tháng 3"
    MONTH_4 = "m04", "Tháng 4"
    MONTH_5 = "m05", "Tháng 5"
    MONTH_6 = "m06", "Tháng 6"
    MONTH_7 = "m07", "Tháng 7"
    MONTH_8 = "m08", "Tháng 8"
    MONTH_9 = "m09", "Tháng 9"
    MONTH_10 = "m10", "Tháng 10"
    MONTH_11 = "m11", "Tháng 11"
    MONTH_12 = "m12", "Tháng 12"


class People(models.TextChoices):
    """Which people a round scores, by the post each has in it."""

    ALL = "all", "Mọi cá nhân"
    LEADERS = "leaders", "Lãnh đạo, quản lý"
    STAFF = "staff", "Không giữ chức vụ lãnh đạo, quản lý"


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CampaignQuerySet":
        """The Office and the inspectorate see drafts; everybody sees what was launched."""
        if user.acting.reads_everything:
            return self
        return self.exclude(state=Campaign.State.DRAFT)


class Campaign(models.Model):
    """A movement with what the law asks of it (Law 06/2022, Điều 17): aim, scope, subject, criteria, time, measures.

    An index (bộ chỉ số) of one block of units is a campaign of its own kind: the same rounds, criteria, sheets,
    ranking and publication, without registration and achievements (ADR 9).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        LAUNCHED = "launched", "Đã phát động"
        CONCLUDED = "concluded", "Đã tổng kết"

    class Kind(models.TextChoices):
        THEMATIC = "thematic", "Theo chuyên đề"
        REGULAR = "regular", "Thường xuyên hằng năm"
        INDEX = "index", "Bộ chỉ số đánh giá, xếp hạng"

    class Launcher(models.TextChoices):
        """Who launched it decides which awards its results can support (Law 06/2022, Điều 26, 73, 74)."""

        AGENCY = "agency", "Cơ quan, đơn vị"
        PROVINCE = "province", "Tỉnh"
        MINISTRY = "ministry", "Bộ, ban, ngành trung ương"
        PRIME_MINISTER = "prime_minister", "Thủ tướng Chính phủ"

    code = models.SlugField("Mã", max_length=40, unique=True)
    name = CharField("Tên phong trào", max_length=300)
    short_name = CharField("Tên ngắn", max_length=80)
    kind = models.CharField("Hình thức tổ chức", max_length=10, choices=Kind.choices, default=Kind.THEMATIC)
    plan = models.ForeignKey(
        LegalDocument,
        verbose_name="Kế hoạch phát động",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    launched_by = models.CharField("Cấp phát động", max_length=14, choices=Launcher.choices, blank=True)
    legal_basis = models.ManyToManyField(
        LegalDocument, verbose_name="Căn cứ pháp lý", blank=True, related_name="+"
    )
    starts_on = DateField("Bắt đầu")
    ends_on = DateField("Kết thúc")
    objective = TextField("Mục đích, yêu cầu", blank=True)
    scope = TextField("Phạm vi", blank=True)
    subject = TextField("Đối tượng", blank=True)
    content = TextField("Nội dung thi đua", blank=True)
    measures = TextField("Biện pháp tổ chức thực hiện", blank=True)
    commendation = TextField("Khen thưởng", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "phong trào"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_dates")
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_index(self) -> bool:
        return self.kind == self.Kind.INDEX

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of a round, in the order of the calendar."""
        return INDEX_STAGES if self.is_index else EMULATION_STAGES


class Paper(models.Model):
    """A paper of the campaign: plan, guidance, follow-up, sơ kết, tổng kết."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Kế hoạch, văn bản phát động"
        GUIDANCE = "guidance", "Hướng dẫn, đôn đốc"
        FOLLOW_UP = "follow_up", "Kiểm tra, theo dõi"
        INTERIM = "interim", "Sơ kết"
        FINAL = "final", "Tổng kết"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField("Loại", max_length=10, choices=Kind.choices)
    title = CharField("Tên văn bản, nội dung", max_length=300)
    number = CharField("Số, ký hiệu", max_length=60, blank=True)
    on = DateField("Ngày")
    summary = TextField("Tóm tắt kết quả", blank=True)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "văn bản của phong trào"
        ordering = ["-on"]

    def __str__(self) -> str:
        return self.title


class CampaignYearQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CampaignYearQuerySet":
        if user.acting.reads_everything:
            return self
        return self.exclude(campaign__state=Campaign.State.DRAFT)

    def of_movements(self) -> "CampaignYearQuerySet":
        """Without the rounds of indexes, which have no registration, achievements and awards."""
        return self.exclude(campaign__kind=Campaign.Kind.INDEX)

    def open(self) -> "CampaignYearQuerySet":
        return self.filter(state=CampaignYear.State.OPEN, campaign__state=Campaign.State.LAUNCHED)


class CampaignYear(models.Model):
    """One round of a campaign, mostly a year: its calendar, its criteria, its registrations, sheets and awards.

    An index may score parts of a year; ``period`` says which. ``locks`` closes a stage after its last day. Leaders and
    staff may be scored by criteria of their own, each in a campaign of their own; ``people`` says whom this one scores.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Chưa mở"
        OPEN = "open", "Đang thực hiện"
        CLOSED = "closed", "Đã khóa sổ"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField("Năm")
    period = models.CharField("Kỳ đánh giá", max_length=4, choices=Period.choices, default=Period.YEAR)
    people = models.CharField("Cá nhân được chấm", max_length=7, choices=People.choices, default=People.ALL)
    locks = models.BooleanField("Khóa cột chấm khi hết hạn", default=False)
    needs_council = models.BooleanField("Hội đồng kết luận trước khi công bố", default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # of its calendar and classes

    objects = CampaignYearQuerySet.as_manager()

    class Meta:
        verbose_name = "năm của phong trào"
        ordering = ["-year", "period"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year", "period"], name="campaign_year_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign.short_name} – {self.when}"

    @property
    def when(self) -> str:
        """The round in words: “năm 2025”, “quý I năm 2025”."""
        return time_in_words(self.year, self.period)

    @property
    def first_day(self) -> date:
        return days_of(self.year, self.period)[0]

    @property
    def last_day(self) -> date:
        return days_of(self.year, self.period)[1]

    def scores_post(self, post: Post) -> bool:
        """Whether somebody in this post is among the people that the round scores."""
        return self.people == People.ALL or post.is_leader == (self.people == People.LEADERS)

    @property
    def is_running(self) -> bool:
        """Whether people may register, report and score."""
        return self.state == self.State.OPEN and self.campaign.state == Campaign.State.LAUNCHED


class Deadline(models.Model):
    """The last day of a stage, until 23:59 in Việt Nam."""

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="deadlines")
    stage = models.CharField("Công đoạn", max_length=14, choices=Stage.choices)
    due_on = DateField("Hạn cuối")
    note = CharField("Ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "thời hạn"
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["campaign_year", "stage"], name="deadline_once")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.due_on:%d/%m/%Y}"


class Band(models.Model):
    """A class of the result: everything from ``lower_bound`` (included) up to the next band. Data of the round.

    ``gates`` are conditions beside the index: rows ``{"code", "op", "bound"}``, the share in percent that a criterion
    must reach. ``ceiling_percent`` is how many may have the class, in percent of those in the next lower one: it is
    shown where it is passed, never solved silently.
    """

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="bands")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    name = CharField("Xếp loại", max_length=60)
    lower_bound = ScoreField("Từ điểm")
    colour = models.CharField(max_length=20, default="blue")
    gates = models.JSONField("Điều kiện kèm theo", default=list, blank=True)
    ceiling_percent = ScoreField("Tỷ lệ khống chế (%)", null=True, blank=True)

    class Meta:
        verbose_name = "mức xếp loại"
        ordering = ["recipient", "-lower_bound"]
        constraints = [
            models.UniqueConstraint(fields=["campaign_year", "recipient", "name"], name="band_name_once"),
            models.UniqueConstraint(
                fields=["campaign_year", "recipient", "lower_bound"], name="band_bound_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (≥ {self.lower_bound})"


class Participant(models.Model):
    """A unit that an index scores in one round; one that is scored may be left out of the ranking."""

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="participants")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="+")
    is_ranked = models.BooleanField("Xếp hạng", default=True)
    note = CharField("Ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "đơn vị được đánh giá"
        ordering = ["unit__order", "unit_id"]
        constraints = [models.UniqueConstraint(fields=["campaign_year", "unit"], name="participant_once")]

    def __str__(self) -> str:
        return str(self.unit)


class Extension(models.Model):
    """More time for one unit in one stage: with its reason, beside the calendar that all the others keep."""

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="extensions")
    stage = models.CharField("Công đoạn", max_length=14, choices=Stage.choices)
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="+")
    until = DateField("Gia hạn đến hết ngày")
    reason = TextField("Lý do")
    given_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "gia hạn"
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign_year", "stage", "unit"], name="extension_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_stage_display()} đến {self.until:%d/%m/%Y}"


class RoundFile(models.Model):
    """An uploaded workbook of a round, shown as a preview and written only when confirmed."""

    class Kind(models.TextChoices):
        SCHEME = "scheme", "Bộ tiêu chí"
        RESULTS = "results", "Kết quả đã công bố"

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "tệp của đợt"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return str(self.file)
