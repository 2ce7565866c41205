"""The open period of a review (công khai lấy ý kiến): when its list was public, comments, complaints."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from awards.models.decisions import Decision
from awards.models.facts import Hold
from awards.models.nominations import Nomination
from awards.models.reviews import Review
from core import clock
from core.fields import CharField, DateField, TextField
from core.models import StoredFile
from organization import roles
from organization.models import Appointment, Person
from organization.queries import users_with_role


class OpenPeriod(models.Model):
    """One time in which the list of a review was public. Taken back and published again it is another one.

    ``counted_to`` is the last day by the province's number of working days, as it was counted when it opened.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="open_periods")
    number = models.PositiveSmallIntegerField("Lần công khai")
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    counted_to = DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lần công khai lấy ý kiến"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="open_period_number_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(closed_at__isnull=True), name="open_period_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: công khai lần {self.number}"


def _about(acting: Any) -> Q:
    """His own dossier, or of a collective that he heads."""
    return Q(nomination__person=acting.person_id) | Q(nomination__unit__in=acting.headed)


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CommentQuerySet":
        """One's own, and what was published with its answer. The Office and the inspector read all, but not what is
        said of themselves or of a collective that they head; where that leaves nobody of the Office, the Director
        reads it, who answers it then."""
        acting = user.acting
        if not acting.person_id:
            return self.none()
        open_to_all = Q(author=user) | Q(is_published=True, state=Comment.State.ANSWERED)
        said = ~Q(state=Comment.State.TAKEN_BACK) & (Q(nomination__isnull=True) | ~_about(acting))
        if acting.reads_everything:
            return self.filter(open_to_all | said)
        if acting.heads_the_agency:
            office = [one for one in users_with_role(roles.OFFICE) if one.acting.is_(roles.OFFICE)]
            for one in office:
                said &= Q(author=one) | _about(one.acting)
            return self.filter(open_to_all | said)
        return self.filter(open_to_all)


class Comment(models.Model):
    """Ý kiến góp ý on one dossier of the published list, or (without one) on the whole list."""

    class State(models.TextChoices):
        SENT = "sent", "Chờ trả lời"
        ANSWERED = "answered", "Đã trả lời"
        TAKEN_BACK = "taken_back", "Đã rút"

    class Verdict(models.TextChoices):
        NONE = "", "Chưa trả lời"
        ACCEPTED = "accepted", "Tiếp thu"
        DECLINED = "declined", "Không tiếp thu"

    period = models.ForeignKey(OpenPeriod, on_delete=models.PROTECT, related_name="comments")
    nomination = models.ForeignKey(
        Nomination, verbose_name="Góp ý về", null=True, on_delete=models.PROTECT, related_name="comments"
    )
    author = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    text = TextField("Nội dung góp ý")
    is_named = models.BooleanField("Đồng ý hiện tên khi ý kiến được công khai", default=False)
    sent_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT, editable=False)
    verdict = models.CharField(
        "Kết luận", max_length=8, choices=Verdict.choices, default=Verdict.NONE, blank=True, editable=False
    )
    answer = TextField("Trả lời", blank=True)
    is_published = models.BooleanField("Công khai ý kiến cùng câu trả lời", default=False)
    answered_by = models.ForeignKey(
        "organization.User", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến góp ý"
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered")
                | ~Q(verdict="") & ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="comment_answer_whole",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="comment_state")]

    def __str__(self) -> str:
        return f"Góp ý về {self.about}"

    @property
    def about(self) -> str:
        return str(self.nomination) if self.nomination else "cả danh sách"


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ComplaintQuerySet":
        """Its author's, and of those who handle, supervise and head the agency; never of whom it is about.

        Who denounces, and what he says, the Office does not read: only the Director, whom he names for it, and the
        inspectorate. ``awards.rules.is_kept_from`` says the same of one person and one complaint.
        """
        acting = user.acting
        if not acting.person_id:
            return self.none()
        read = Q(handler=user)
        if acting.is_(roles.OFFICE):
            read |= ~SECRET
        if acting.is_(roles.INSPECTOR):
            read |= Q(pk__isnull=False)
        if acting.heads_the_agency:
            read |= ~SECRET | ~Q(pk__in=Complaint.objects.filter(_of_director()).values("pk"))
        return self.filter(Q(author=user) | _not_about(acting) & read)

    def known_to(self, user: Any) -> "ComplaintQuerySet":
        """For the list of a review: what he reads (``is_read``), and for the Office that a denunciation is there, with
        its term and its state alone; but not to whom it is about."""
        there = Q(is_read=True)
        if user.acting.is_(roles.OFFICE):
            there |= SECRET & _not_about(user.acting)
        read = Complaint.objects.visible_to(user).filter(pk=OuterRef("pk"))
        return self.annotate(is_read=Exists(read)).filter(there)

    def open(self) -> "ComplaintQuerySet":
        """Not settled: of what went to the level above no answer is recorded yet."""
        state = Complaint.State
        return self.filter(state__in=(state.RECEIVED, state.ACCEPTED, state.FORWARDED))


SECRET = Q(kind="denunciation")


def _not_about(acting: Any) -> Q:
    """Neither his own dossier, nor of a collective that he heads, and he is not named as the one complained of."""
    named = Q(accused__isnull=True) | ~Q(accused=acting.person_id)
    return named & (Q(nomination__isnull=True) | ~_about(acting))


def _of_director() -> Q:
    """Of whom heads the Sở by himself: of that whoever stands in for him reads no denunciation either."""
    own = Appointment.objects.today().filter(
        role=roles.HEAD, unit__parent__isnull=True, delegated_by__isnull=True
    )
    people = own.values("person")
    return Q(accused__in=people) | Q(nomination__person__in=people)


class Complaint(models.Model):
    """Khiếu nại, kiến nghị, tố cáo: sent on the portal, or entered by the Office from paper; with its days."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "Khiếu nại"
        PETITION = "petition", "Kiến nghị"
        DENUNCIATION = "denunciation", "Tố cáo"

    class State(models.TextChoices):
        RECEIVED = "received", "Đã tiếp nhận"
        ACCEPTED = "accepted", "Đang giải quyết"
        FORWARDED = "forwarded", "Đã chuyển cấp trên"
        DECLINED = "declined", "Không thụ lý"
        RESOLVED = "resolved", "Đã giải quyết"
        WITHDRAWN = "withdrawn", "Đã rút đơn"

    class Outcome(models.TextChoices):
        NONE = "", "Chưa có kết quả"
        UPHELD = "upheld", "Nội dung đơn là đúng"
        PARTLY = "partly", "Nội dung đơn đúng một phần"
        REJECTED = "rejected", "Nội dung đơn không đúng"

    class Consequence(models.TextChoices):
        NONE = "", "Không thay đổi hồ sơ"
        HOLD = "hold", "Tạm dừng xét khen thưởng"
        RETURN = "return", "Đưa hồ sơ trở lại thẩm định"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="complaints")
    kind = models.CharField("Loại đơn", max_length=12, choices=Kind.choices)
    nomination = models.ForeignKey(
        Nomination, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    accused = models.ForeignKey(
        Person,
        verbose_name="Người bị khiếu nại, tố cáo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    author = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
    author_name = CharField("Người gửi đơn", max_length=200)
    address = CharField("Địa chỉ, đơn vị của người gửi", max_length=300, blank=True)
    text = TextField("Nội dung")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    received_on = DateField("Ngày nhận")
    entered_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED, editable=False)
    accept_by = DateField("Hạn thụ lý", null=True, editable=False)
    accepted_on = DateField("Ngày thụ lý", null=True, editable=False)
    resolve_by = DateField("Hạn giải quyết", null=True, editable=False)
    extended_from = DateField("Hạn giải quyết trước khi gia hạn", null=True, editable=False)
    extension_reason = TextField("Lý do gia hạn", blank=True, editable=False)
    extension_number = CharField("Số văn bản gia hạn", max_length=60, blank=True, editable=False)
    extension_date = DateField("Ngày văn bản gia hạn", null=True, editable=False)
    forwarded_to = CharField("Cơ quan cấp trên", max_length=200, blank=True, editable=False)
    forward_number = CharField("Số văn bản chuyển đơn", max_length=60, blank=True, editable=False)
    forwarded_on = DateField("Ngày chuyển đơn", null=True, editable=False)
    reply = TextField("Lý do không thụ lý", blank=True, editable=False)
    outcome = models.CharField(
        "Kết luận", max_length=8, choices=Outcome.choices, default=Outcome.NONE, blank=True
    )
    resolution = TextField("Nội dung giải quyết", blank=True)
    document_number = CharField("Số văn bản giải quyết", max_length=60, blank=True)
    document_date = DateField("Ngày văn bản", null=True, blank=True)
    consequence = models.CharField(
        "Xử lý hồ sơ", max_length=6, choices=Consequence.choices, default=Consequence.NONE, blank=True
    )
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="complaints")
    ended_on = DateField("Ngày kết thúc", null=True, editable=False)
    handler = models.ForeignKey(
        "organization.User",
        verbose_name="Người được giao giải quyết",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn khiếu nại, kiến nghị, tố cáo"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nomination__isnull=True) | Q(decision__isnull=True), name="complaint_of_one"
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved")
                | ~Q(outcome="")
                & ~Q(resolution="")
                & ~Q(document_number="")
                & Q(document_date__isnull=False, ended_on__isnull=False),
                name="complaint_resolution_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reply=""), name="complaint_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(resolve_by__isnull=True)
                | Q(accepted_on__isnull=False, resolve_by__gte=F("accepted_on")),
                name="complaint_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="forwarded")
                | ~Q(forwarded_to="") & ~Q(forward_number="") & Q(forwarded_on__isnull=False),
                name="complaint_forwarded_whole",
            ),
            models.CheckConstraint(
                condition=Q(extended_from__isnull=True)
                | ~Q(extension_reason="")
                & ~Q(extension_number="")
                & Q(extension_date__isnull=False, resolve_by__gt=F("extended_from")),
                name="complaint_extension_whole",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="complaint_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} về {self.about}"

    @property
    def about(self) -> str:
        """What it is directed against."""
        if self.nomination:
            return f"hồ sơ {self.nomination}"
        return f"{self.decision}" if self.decision else "việc bình xét của đợt"

    @property
    def is_secret(self) -> bool:
        """Who denounces is protected: it is kept from everybody who does not handle it."""
        return self.kind == self.Kind.DENUNCIATION

    @property
    def due(self) -> date | None:
        """The last day of what has to happen next; nothing when it is over."""
        if self.state == self.State.RECEIVED:
            return self.accept_by
        return self.resolve_by if self.state == self.State.ACCEPTED else None
