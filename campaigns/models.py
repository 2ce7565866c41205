"""Emulation campaigns: the plan, its years with their calendars, criteria sets, registrations."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from core import clock
from core.fields import CharField, DateField, KeyField, ScoreField, TextField
from core.models import LegalDocument, StoredFile
from organization import roles
from organization.models import Person, Unit, entrusted_to


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
    PUBLICATION = "publication", "Công bố kết quả"
    AWARDS = "awards", "Lập danh sách khen thưởng"


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CampaignQuerySet":
        """The Office and the inspectorate see drafts; everybody sees what was launched."""
        if user.acting.reads_everything:
            return self
        return self.exclude(state=Campaign.State.DRAFT)


class Campaign(models.Model):
    """A movement with what the law asks of it (Law 06/2022, Điều 17): aim, scope, subject, criteria, time, measures."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        LAUNCHED = "launched", "Đã phát động"
        CONCLUDED = "concluded", "Đã tổng kết"

    class Kind(models.TextChoices):
        THEMATIC = "thematic", "Theo chuyên đề"
        REGULAR = "regular", "Thường xuyên hằng năm"

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

    def open(self) -> "CampaignYearQuerySet":
        return self.filter(state=CampaignYear.State.OPEN, campaign__state=Campaign.State.LAUNCHED)


class CampaignYear(models.Model):
    """One year of a campaign: its calendar, its criteria, its registrations, sheets and awards."""

    class State(models.TextChoices):
        PLANNED = "planned", "Chưa mở"
        OPEN = "open", "Đang thực hiện"
        CLOSED = "closed", "Đã khóa sổ"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField("Năm")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # of its calendar and classes

    objects = CampaignYearQuerySet.as_manager()

    class Meta:
        verbose_name = "năm của phong trào"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["campaign", "year"], name="campaign_year_once")]

    def __str__(self) -> str:
        return f"{self.campaign.short_name} – năm {self.year}"

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
    """A class of the result: everything from ``lower_bound`` (included) up to the next band. Data of the year."""

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="bands")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    name = CharField("Xếp loại", max_length=60)
    lower_bound = ScoreField("Từ điểm")
    colour = models.CharField(max_length=20, default="blue")

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
    """The criteria of a year in one version. Once in use it is frozen: a correction is a new version."""

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


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "RegistrationQuerySet":
        if user.acting.reads_everything:
            return self
        return self.filter(entrusted_to(user)) if user.acting.person_id else self.none()

    def waiting_for(self, user: Any) -> "RegistrationQuerySet":
        """What this user may decide today: as head of the approving unit, or as Office when nobody is above."""
        acting = user.acting
        mine = Q(approving_unit_id__in=acting.headed)
        if acting.is_(roles.OFFICE):
            mine |= Q(approving_unit__isnull=True)
        others = ~Q(person_id=acting.person_id) if acting.person_id else Q()
        return (
            self.filter(mine, state=Registration.State.WAITING)
            .exclude(prepared_by=user)
            .filter(Q(person__isnull=True) | others)
        )


class Registration(models.Model):
    """Đăng ký / giao ước thi đua of a unit or a person for one year."""

    class State(models.TextChoices):
        NOT_SENT = "not_sent", "Chưa gửi"
        WAITING = "waiting", "Chờ duyệt"
        RETURNED = "returned", "Trả lại"
        APPROVED = "approved", "Đã duyệt"

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.CASCADE, related_name="registrations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="registrations")
    unit_name = CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    approving_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    pledge = TextField("Nội dung giao ước", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOT_SENT, editable=False)
    prepared_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_key = KeyField()

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "đăng ký thi đua"
        ordering = ["unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign_year", "person"], name="registration_person_once"),
            models.UniqueConstraint(
                fields=["campaign_year", "unit"],
                condition=Q(person__isnull=True),
                name="registration_unit_once",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign_year", "state"], name="registration_state"),
            models.Index(fields=["state", "id"], name="registration_by_state"),
        ]

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.unit_name


class RegistrationItem(models.Model):
    """One registered target: a content of the campaign, what is pledged, how much."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="items")
    criterion = models.ForeignKey(
        Criterion,
        verbose_name="Nội dung thi đua",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    target = CharField("Chỉ tiêu đăng ký", max_length=400)
    quantity = ScoreField("Số lượng", null=True, blank=True)
    measure = CharField("Đơn vị tính", max_length=40, blank=True)

    class Meta:
        verbose_name = "chỉ tiêu đăng ký"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.target
