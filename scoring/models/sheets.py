"""Score sheets and their lines: self, approved and appraised scores side by side."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from campaigns.methods import METHODS, Filler
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion, Recipient
from core import clock
from core.fields import CharField, KeyField, ScoreField, TextField
from organization import roles
from organization.models import Person, Unit, entrusted_to

# What no unit scores itself: the Office enters it, or it follows when all figures are closed.
OUTSIDE = [method.id for method in METHODS.values() if method.filler != Filler.UNIT]


class ScorecardQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ScorecardQuerySet":
        """Own sheet, own unit's sheet, sheets of units one heads; the appraising side from approval on."""
        acting = user.acting
        if acting.reads_everything:
            return self
        if not acting.person_id:
            return self.none()
        seen = entrusted_to(user)
        if acting.roles & {roles.APPRAISER, roles.COUNCIL}:
            seen |= Q(
                state__in=[
                    Scorecard.State.APPROVED,
                    Scorecard.State.EXPLAINING,
                    Scorecard.State.EXPLAINED,
                    Scorecard.State.APPRAISED,
                    Scorecard.State.CONCLUDED,
                    Scorecard.State.PUBLISHED,
                ]
            )
        return self.filter(seen)


class Scorecard(models.Model):
    """The score sheet of a unit or a person for one round: self, approved, appraised … scores side by side.

    Unit, its name and the post are those of the round, whatever happens later. Totals, applicable maximum and
    components (score and maximum of the top rows, by the criterion's number) follow from the lines with every change.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang tự chấm"
        SUBMITTED = "submitted", "Chờ thủ trưởng duyệt"
        RETURNED = "returned", "Trả lại"
        APPROVED = "approved", "Chờ thẩm định"
        EXPLAINING = "explaining", "Chờ giải trình"
        EXPLAINED = "explained", "Chờ thẩm định lần 2"
        APPRAISED = "appraised", "Đã thẩm định"
        CONCLUDED = "concluded", "Hội đồng đã kết luận"
        PUBLISHED = "published", "Đã công bố"

    campaign_year = models.ForeignKey(CampaignYear, on_delete=models.PROTECT, related_name="scorecards")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="scorecards")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scorecards")
    unit_name = CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="scorecards"
    )
    post_name = CharField(max_length=100, blank=True)
    post_order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    approving_unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    prepared_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    appraised_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    second_appraised_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    concluded_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    self_total = ScoreField(default=Decimal(0), editable=False)
    approved_total = ScoreField(null=True, editable=False)
    appraised_total = ScoreField(null=True, editable=False)
    second_total = ScoreField(null=True, editable=False)
    final_total = ScoreField(null=True, editable=False)
    result_total = ScoreField(null=True, editable=False)
    applicable_max = ScoreField(default=Decimal(0), editable=False)
    components = models.JSONField(default=dict, editable=False)
    is_ranked = models.BooleanField(default=True, editable=False)
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
            models.Index(fields=["state", "id"], name="scorecard_by_state"),
            models.Index(fields=["self_total", "id"], name="scorecard_by_self"),
            models.Index(fields=["approved_total", "id"], name="scorecard_by_approved"),
            models.Index(fields=["appraised_total", "id"], name="scorecard_by_appraised"),
        ]

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.unit_name

    @property
    def recipient(self) -> str:
        return Recipient.INDIVIDUAL if self.person_id else Recipient.COLLECTIVE

    @property
    def divides_rows(self) -> bool:
        """Different rows of an index go to different appraisers. A movement's sheet goes to one appraiser as a whole;
        the unit in charge of a criterion is named there, for questions, and holds nothing up."""
        return self.campaign_year.campaign.is_index


class LineQuerySet(models.QuerySet):
    def waiting_in_charge(self) -> "LineQuerySet":
        """Rows that another unit than the sheet's own is in charge of and nobody has appraised yet, where the
        rows of a sheet are divided (``Scorecard.divides_rows``)."""
        foreign = Q(criterion__in_charge__isnull=False) & ~Q(criterion__in_charge=F("scorecard__unit"))
        divided = Q(scorecard__campaign_year__campaign__kind=Campaign.Kind.INDEX)
        rows = self.filter(foreign & divided, appraised_score__isnull=True, is_excluded=False)
        return rows.exclude(criterion__method__in=OUTSIDE)


class Line(models.Model):
    """One criterion on a sheet. Inputs are kept apart from the score; a changed score needs its reason.

    ``office_score`` is what the Office enters (survey) or computes (against the leading unit) for a row that no unit
    scores itself. A flagged line is open to who must correct or explain it; ``flagged_by`` is who looks again.
    """

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="lines")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="lines")
    inputs = models.JSONField(default=dict, blank=True)
    self_score = ScoreField("Tự chấm", null=True, blank=True)
    note = TextField("Giải trình", blank=True)
    approved_score = ScoreField("Thủ trưởng duyệt", null=True, blank=True)
    approved_reason = TextField("Lý do thủ trưởng sửa", blank=True)
    appraised_score = ScoreField("Thẩm định", null=True, blank=True)
    appraised_reason = TextField("Lý do thẩm định sửa", blank=True)
    second_score = ScoreField("Thẩm định lần 2", null=True, blank=True)
    second_reason = TextField("Lý do thẩm định lần 2 sửa", blank=True)
    final_score = ScoreField("Hội đồng kết luận", null=True, blank=True)
    final_reason = TextField("Lý do Hội đồng sửa", blank=True)
    office_score = ScoreField("Điều tra, tính chung", null=True, blank=True)
    office_inputs = models.JSONField(default=dict, blank=True)
    is_excluded = models.BooleanField("Không áp dụng", default=False)
    excluded_reason = TextField("Lý do không áp dụng", blank=True)
    explanation = TextField("Giải trình khi được yêu cầu", blank=True)
    links: "list[LineEvidence]"  # set by scoring.queries.sheets.lines_of: its documents
    is_flagged = models.BooleanField(default=False, editable=False)
    flag_reason = TextField(blank=True, editable=False)
    flagged_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng chấm điểm"
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "criterion"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.self_score}"


class LineEvidence(models.Model):
    """The link of a document to a line of a sheet."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="evidence_links")
    document = models.ForeignKey(
        "scoring.EvidenceDocument", on_delete=models.PROTECT, related_name="line_links"
    )
    page = CharField("Trang, mục", max_length=60, blank=True)
    is_later = models.BooleanField("Bổ sung khi giải trình", default=False, editable=False)

    class Meta:
        verbose_name = "tài liệu của dòng chấm điểm"
        constraints = [models.UniqueConstraint(fields=["line", "document"], name="line_evidence_once")]

    def __str__(self) -> str:
        return str(self.document)
