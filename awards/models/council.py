"""The council that concludes on what is proposed: its sessions, who sits in them, what is on the agenda."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from awards.calculations.votes import Rule
from awards.models.nominations import Nomination
from awards.models.reviews import Review
from core import clock
from core.fields import CharField, DateField, TextField
from organization.models import Person

TITLES: dict[str, str] = {Person.Gender.MALE: "ông", Person.Gender.FEMALE: "bà"}


class CouncilSessionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CouncilSessionQuerySet":
        """Those who prepare and supervise, the Director, and who sits in it once he is invited."""
        acting = user.acting
        if acting.reads_everything or acting.heads_the_agency:
            return self
        if not acting.person_id:
            return self.none()
        sits = CouncilMember.objects.filter(person=acting.person_id).values("session")
        return self.filter(pk__in=sits, invited_at__isnull=False)


class CouncilSession(models.Model):
    """Phiên họp Hội đồng: invited, held with quorum, closed for good. Who presides and writes stands in the roster."""

    class State(models.TextChoices):
        PLANNED = "planned", "Đang chuẩn bị"
        INVITED = "invited", "Đã mời họp"
        OPEN = "open", "Đang họp"
        CLOSED = "closed", "Đã kết thúc"
        CANCELLED = "cancelled", "Đã hủy"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField("Phiên thứ")
    held_on = DateField("Ngày họp")
    starts_at = models.TimeField("Giờ bắt đầu")
    place = CharField("Địa điểm", max_length=200)
    agenda_note = TextField("Nội dung gửi kèm giấy mời", blank=True)
    course = TextField("Diễn biến, ý kiến thảo luận", blank=True)
    quorum = models.CharField(
        max_length=7, blank=True, editable=False, help_text="Share present, as it was then."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    invited_at = models.DateTimeField(null=True, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CouncilSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên họp Hội đồng"
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="council_session_number_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(state="open"), name="council_session_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Phiên họp Hội đồng thứ {self.number}"


class CouncilMember(models.Model):
    """Somebody on the roster of the day; name and seat stay as they were on it."""

    class Seat(models.TextChoices):
        CHAIR = "chair", "Chủ tịch Hội đồng"
        VICE = "vice", "Phó Chủ tịch Hội đồng"
        STANDING = "standing", "Ủy viên thường trực"
        MEMBER = "member", "Ủy viên"
        SECRETARY = "secretary", "Ủy viên, thư ký"

    class Attendance(models.TextChoices):
        UNKNOWN = "", "Chưa điểm danh"
        PRESENT = "present", "Có mặt"
        ABSENT = "absent", "Vắng mặt"
        WRITTEN = "written", "Vắng mặt, gửi ý kiến bằng văn bản"

    class Duty(models.TextChoices):
        """Who presides and who writes while the session is open: the seat says who begins, it may be handed over."""

        PRESIDES = "presides", "chủ trì phiên họp"
        RECORDS = "records", "làm thư ký phiên họp"

    session = models.ForeignKey(CouncilSession, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name_then = models.CharField(max_length=150)
    seat = models.CharField("Cương vị", max_length=10, choices=Seat.choices, default=Seat.MEMBER)
    is_teller = models.BooleanField("Ban kiểm phiếu", default=False)
    attendance = models.CharField(
        "Điểm danh", max_length=10, choices=Attendance.choices, default=Attendance.UNKNOWN, blank=True
    )
    absence_reason = CharField("Lý do vắng", max_length=200, blank=True)
    duty = models.CharField(max_length=8, choices=Duty.choices, blank=True, default="", editable=False)

    class Meta:
        verbose_name = "thành viên Hội đồng"
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="council_member_once"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(seat="chair"), name="council_session_one_chair"
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(seat="secretary"), name="council_session_one_secretary"
            ),
            models.UniqueConstraint(
                fields=["session", "duty"], condition=~Q(duty=""), name="council_session_duty_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name_then

    @property
    def styled(self) -> str:
        """As the minutes name somebody; the person has to be loaded."""
        return f"{TITLES.get(self.person.gender, 'ông/bà')} {self.name_then}"


class Handover(models.Model):
    """From this moment on somebody else presides, writes or counts; handing back is another one."""

    class Duty(models.TextChoices):
        PRESIDES = "presides", CouncilMember.Duty.PRESIDES.label
        RECORDS = "records", CouncilMember.Duty.RECORDS.label
        COUNTS = "counts", "kiểm phiếu"

    session = models.ForeignKey(CouncilSession, on_delete=models.CASCADE, related_name="handovers")
    duty = models.CharField(max_length=8, choices=Duty.choices)
    giver = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="+")
    reason = CharField("Lý do", max_length=300)
    noted_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "bàn giao trong phiên họp"
        ordering = ["session", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="handover_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.taker} thay {self.giver} {self.get_duty_display()}"


class AgendaItem(models.Model):
    """One nomination on the agenda, with the rule of its vote as it was when the session opened."""

    session = models.ForeignKey(CouncilSession, on_delete=models.CASCADE, related_name="items")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="agenda_items")
    again_because = CharField("Lý do xét lại", max_length=500, blank=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, editable=False)
    is_more_than = models.BooleanField(default=False, editable=False)
    base = models.CharField(max_length=10, blank=True, editable=False)
    counts_recused = models.BooleanField(default=True, editable=False)
    is_secret = models.BooleanField(default=False, editable=False)
    chair_decides_tie = models.BooleanField(default=False, editable=False)
    citation = models.CharField(max_length=300, blank=True, editable=False)
    is_confirmed = models.BooleanField(default=False, editable=False)
    deferral = TextField("Lý do để lại", blank=True, editable=False)
    conclusion = models.CharField(
        max_length=10,
        choices=Nomination.Outcome.choices,
        default=Nomination.Outcome.NONE,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = "nội dung của phiên họp"
        ordering = [
            "nomination__award__recipient",
            "-nomination__award__order",
            "nomination__proposal__unit__order",
            "pk",
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "nomination"], name="agenda_item_once"),
        ]

    def __str__(self) -> str:
        return str(self.nomination)

    @property
    def rule(self) -> Rule | None:
        """With how much a vote carries; nothing where no rule is known."""
        return Rule(self.percent, self.is_more_than, self.base) if self.percent is not None else None


class Recusal(models.Model):
    """A member who may not vote on an item. Which kin it is stays with those who keep the record."""

    class Kind(models.TextChoices):
        SELF = "self", "Hồ sơ của chính mình"
        UNIT = "unit", "Hồ sơ của đơn vị mình"
        COLLEAGUE = "colleague", "Hồ sơ của người trong đơn vị mình"
        KIN = "kin", "Người thân đã khai"
        DECLARED = "declared", "Tự đề nghị không bỏ phiếu"

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="recusals")
    member = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="recusals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = CharField("Lý do", max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "không tham gia bỏ phiếu"
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_kind_display()}"


class KinshipQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "KinshipQuerySet":
        """Confidential: who declared it, and those who prepare and supervise the council."""
        acting = user.acting
        return self if acting.reads_everything else self.filter(member=acting.person_id or 0)


class Kinship(models.Model):
    """A member of the council says who of the staff is related to him, so that he is kept from that vote."""

    member = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relation = CharField("Quan hệ", max_length=100)
    declared_at = models.DateTimeField(default=clock.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = KinshipQuerySet.as_manager()

    class Meta:
        verbose_name = "khai người thân"
        ordering = ["-declared_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(member=F("relative")), name="kinship_of_two"),
            models.UniqueConstraint(
                fields=["member", "relative"], condition=Q(withdrawn_at=None), name="kinship_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} – {self.relative}"
