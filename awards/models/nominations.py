"""What a unit proposes in a review after its meeting: the proposal with its minutes, and a dossier per candidate."""

from typing import Any, cast

from django.db import models
from django.db.models import F, Q

from awards.eligibility import facts
from awards.models.catalogue import Award
from awards.models.facts import one_of_two
from awards.models.reviews import Review
from campaigns.models import Recipient
from core import clock
from core.fields import CharField, DateField, TextField
from core.models import StoredFile
from organization import roles
from organization.models import Person, Unit


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """A unit's proposal is its own people's; what is handed in also the Office's and the inspector's, and what is
        verified, or says that the unit proposes nobody, the council's and the Director's."""
        acting = user.acting
        handed_in = ~Q(state=Proposal.State.DRAFT)
        own = Q(unit_id__in=acting.units | acting.units_below)
        if acting.is_(
            roles.OFFICE
        ):  # writes the proposal of the Sở's leadership, closes what nobody has handed in
            late = Review.objects.filter(deadlines__step="nomination", deadlines__due_on__lt=clock.today())
            own |= Q(unit__parent__isnull=True) | Q(review__in=late.values("pk"))
        if acting.reads_everything:
            return self.filter(own | handed_in)
        if acting.is_(roles.COUNCIL) or acting.heads_the_agency:
            own |= Q(state__in=Proposal.ANSWERED)
        return self.filter(own) if acting.person_id else self.none()


class Proposal(models.Model):
    """Tờ trình của đơn vị: what its meeting decided, with the minutes, handed to the Office as one."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SUBMITTED = "submitted", "Đã trình"
        RETURNED = "returned", "Trả lại hoàn thiện"
        VERIFIED = "verified", "Đã thẩm định"
        NOBODY = "nobody", "Không đề nghị ai"

    ANSWERED = (State.VERIFIED, State.NOBODY)  # nothing of it waits any more

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="proposals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="proposals")
    letter_number = CharField("Số tờ trình", max_length=60, blank=True)
    letter_date = DateField("Ngày tờ trình", null=True, blank=True)
    met_on = DateField("Ngày họp bình xét", null=True, blank=True)
    place = CharField("Địa điểm", max_length=200, blank=True)
    chair = models.ForeignKey(
        Person, verbose_name="Chủ trì", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    secretary = models.ForeignKey(
        Person, verbose_name="Thư ký", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    members = models.PositiveSmallIntegerField("Số người của đơn vị", null=True, blank=True)
    present = models.PositiveSmallIntegerField("Số người có mặt", null=True, blank=True)
    absent = TextField("Vắng mặt (họ tên, lý do)", blank=True)
    course = TextField("Diễn biến, ý kiến thảo luận", blank=True)
    minutes = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    reason = TextField("Giải trình vượt chỉ tiêu, cơ cấu", blank=True)
    # Kept when the Office returns it: then there is no dossier yet, and everything may be written.
    nobody_reason = TextField("Lý do không đề nghị", blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "tờ trình của đơn vị"
        ordering = ["unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "unit"], name="proposal_of_unit_once"),
            models.CheckConstraint(
                condition=Q(present__isnull=True) | Q(members__gte=F("present")),
                name="proposal_present_are_members",
            ),
            models.CheckConstraint(
                condition=~Q(state="nobody") | ~Q(nobody_reason=""), name="proposal_nobody_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.review}"

    @property
    def is_asked_again(self) -> bool:
        """The unit proposed nobody, and the Office has returned that: it may write a whole proposal."""
        return self.state == self.State.RETURNED and bool(self.nobody_reason)


class ReportSection(models.Model):
    """Reference data: a heading of the achievement report of a person or a unit, and what the portal fills in."""

    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    code = models.SlugField(max_length=40)
    part = CharField(max_length=100)
    title = CharField(max_length=200)
    hint = TextField(blank=True)
    prefill = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField()
    citation = CharField(max_length=200)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        verbose_name = "mục của báo cáo thành tích"
        ordering = ["recipient", "order"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "code"], name="report_section_once"),
        ]

    def __str__(self) -> str:
        return self.title


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "NominationQuerySet":
        """Whoever reads the proposal reads its dossiers, and everybody his own."""
        acting = user.acting
        if not acting.person_id:
            return self.none()
        readable = Proposal.objects.visible_to(user).values("pk")
        return self.filter(Q(proposal__in=readable) | Q(person_id=acting.person_id))

    def standing(self) -> "NominationQuerySet":
        """Not withdrawn by the unit."""
        return self.filter(withdrawn_at__isnull=True)

    def counted(self) -> "NominationQuerySet":
        """Those that a list still counts: neither withdrawn nor rejected."""
        return self.standing().exclude(verdict=Nomination.Verdict.REJECTED)

    def in_question(self) -> "NominationQuerySet":
        """Counted, and neither voted down, put off, nor refused or cancelled by whoever decides."""
        lost = (Nomination.Outcome.FAILED, Nomination.Outcome.DEFERRED)
        over = self.model.objects.filter(entries__isnull=False).exclude(entries__is_in_force=True)
        rows = self.counted().filter(dropping__isnull=True).exclude(outcome__in=lost)
        return rows.exclude(pk__in=over.values("pk"))

    def unsigned(self) -> "NominationQuerySet":
        """In question, and nothing was signed: neither a decision nor a part of one has made an honour of it."""
        given = self.model.objects.filter(entries__is_in_force=True, entries__honour__isnull=False)
        return self.in_question().exclude(pk__in=given.values("pk"))

    def forwarded(self) -> "NominationQuerySet":
        """What the Office sends on: found in order, or sent on as an exception with its reason."""
        return self.standing().filter(verdict__in=(Nomination.Verdict.ACCEPTED, Nomination.Verdict.EXCEPTION))

    def undecided(self) -> "NominationQuerySet":
        """Carried by the council, and nothing was decided yet."""
        return self._carried().filter(entries__isnull=True, dropping__isnull=True)

    def decidable(self) -> "NominationQuerySet":
        """Carried by the council and on no decision in force: undecided, or to be decided anew if somebody wants to,
        because its decision was cancelled or the level above has refused it."""
        return self._carried().filter(dropping__isnull=True).exclude(entries__is_in_force=True)

    def _carried(self) -> "NominationQuerySet":
        return self.standing().filter(outcome=Nomination.Outcome.PASSED)


class Nomination(models.Model):
    """Hồ sơ đề nghị: one person or one unit, proposed for one award of the review."""

    class Verdict(models.TextChoices):
        """What the Office finds when it verifies."""

        PENDING = "pending", "Chưa thẩm định"
        ACCEPTED = "accepted", "Đủ điều kiện"
        FLAGGED = "flagged", "Cần hoàn thiện"
        EXCEPTION = "exception", "Trình ngoại lệ"
        REJECTED = "rejected", "Không đủ điều kiện"

    class Outcome(models.TextChoices):
        """What the council concluded."""

        NONE = "", "Chưa xét"
        PASSED = "passed", "Được đề nghị"
        FAILED = "failed", "Không đạt phiếu"
        DEFERRED = "deferred", "Để lại"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="nominations")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="nominations")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="nominations")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="nominations")
    votes_for = models.PositiveSmallIntegerField("Phiếu đồng ý", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("Phiếu không đồng ý", null=True, blank=True)
    merit = TextField("Tóm tắt thành tích (ghi trong quyết định)", blank=True)
    report = models.JSONField(default=dict, editable=False, help_text="Text of the report by section.")
    findings = models.JSONField(default=list, editable=False, help_text="As they were when handed in.")
    findings_state = models.CharField(max_length=6, blank=True, editable=False)
    findings_at = models.DateTimeField(null=True, editable=False)
    verdict = models.CharField(
        max_length=10, choices=Verdict.choices, default=Verdict.PENDING, editable=False
    )
    verdict_reason = TextField("Ý kiến thẩm định", blank=True)
    distinct_because = TextField("Vì sao không trùng thành tích", blank=True, editable=False)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.NONE, blank=True, editable=False
    )
    occasion = models.CharField(
        max_length=12,
        choices=list(facts.OCCASIONS.items()),
        blank=True,
        editable=False,
        help_text="The kind of commendation, as it was last judged; empty before the unit hands it in.",
    )
    occasion_basis = TextField("Vì sao là loại khen thưởng này", blank=True, editable=False)
    occasion_choice = models.CharField(
        max_length=12, choices=list(facts.OCCASIONS.items()), blank=True, editable=False
    )
    occasion_reason = TextField("Lý do chọn loại khen thưởng", blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawal_reason = TextField("Lý do rút", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ đề nghị"
        ordering = ["award__order", "pk"]
        constraints = [
            one_of_two("nomination_of_one"),
            models.UniqueConstraint(fields=["review", "award", "person"], name="nomination_of_person_once"),
            models.UniqueConstraint(fields=["review", "award", "unit"], name="nomination_of_unit_once"),
        ]
        indexes = [models.Index(fields=["review", "verdict"], name="nomination_verdict")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.award}"

    @property
    def subject(self) -> Person | Unit:
        return cast(Person | Unit, self.person or self.unit)  # one of the two (constraint)


class NominationPaper(models.Model):
    """A paper of the dossier that the rules ask for (``awards.eligibility.provisions.PAPERS``), or a further one."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="papers")
    paper = models.CharField("Loại giấy tờ", max_length=30, blank=True)
    title = CharField("Tên tài liệu", max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "giấy tờ của hồ sơ đề nghị"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Flag(models.Model):
    """A point of a dossier that the Office asks to put right; only what is flagged may then be changed."""

    class Point(models.TextChoices):
        REPORT = "report", "Báo cáo thành tích"
        PAPERS = "papers", "Giấy tờ"
        VOTES = "votes", "Phiếu của đơn vị"
        AWARD = "award", "Danh hiệu, hình thức đề nghị"
        OTHER = "other", "Nội dung khác"

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="flags")
    point = models.CharField("Nội dung", max_length=10, choices=Point.choices)
    text = TextField("Yêu cầu hoàn thiện")
    raised_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    answer = TextField("Trả lời của đơn vị", blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "yêu cầu hoàn thiện"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_point_display()}: {self.text}"
