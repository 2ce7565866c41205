"""Initiatives (sáng kiến) and projects (đề tài, đề án): who wrote them, how far they are recognised and reach."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from awards.eligibility import facts
from core import clock
from core.fields import CharField, DateField, KeyField, TextField
from core.models import StoredFile
from organization.models import Person, Unit


class InitiativeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "InitiativeQuerySet":
        """What is recognised is public in the Sở; before that it is for its authors, for whoever writes it down, and,
        once handed in, for the head of the unit and the readers of everything. A draft is nobody else's business."""
        acting = user.acting
        written = InitiativeAuthor.objects.filter(initiative=OuterRef("pk"), person_id=acting.person_id)
        mine = Q(prepared_by=user) | Q(Exists(written))
        handed_in = ~Q(state=Initiative.State.DRAFT)
        if acting.reads_everything:
            return self.filter(mine | handed_in)
        below = handed_in & Q(unit_id__in=acting.units_below)
        return self.filter(Q(state=Initiative.State.RECOGNISED) | mine | below)


class Initiative(models.Model):
    """A sáng kiến or a đề tài, đề án, from its application to its recognition.

    What its council said is in the fields ``council_…`` and in ``evaluation``; what was recognised before the portal
    kept the council's numbers has the text alone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Chờ đánh giá"
        EVALUATED = "evaluated", "Chờ quyết định"
        RECOGNISED = "recognised", "Được công nhận"
        REFUSED = "refused", "Không công nhận"

    class Kind(models.TextChoices):
        INITIATIVE = "initiative", "Sáng kiến"
        PROJECT = "project", "Đề tài, đề án"

    class Advice(models.TextChoices):
        RECOGNISE = "recognise", "Đề nghị công nhận"
        REFUSE = "refuse", "Đề nghị không công nhận"

    kind = models.CharField("Loại", max_length=10, choices=Kind.choices, default=Kind.INITIATIVE)
    name = CharField("Tên", max_length=300)
    summary = TextField("Nội dung, tính mới", blank=True)
    effect = TextField("Hiệu quả áp dụng", blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="initiatives"
    )
    first_used_on = DateField("Áp dụng lần đầu", null=True, blank=True)
    applied_on = DateField("Ngày nộp đơn", null=True, blank=True)
    level = models.CharField("Cấp công nhận", max_length=10, choices=list(facts.LEVELS.items()), blank=True)
    reach = models.CharField(
        "Phạm vi ảnh hưởng", max_length=10, choices=list(facts.LEVELS.items()), blank=True
    )
    decision_number = CharField("Số quyết định công nhận", max_length=60, blank=True)
    recognised_on = DateField("Ngày công nhận", null=True, blank=True)
    recognised_by = CharField("Cơ quan công nhận", max_length=200, blank=True)
    council_met_on = DateField("Ngày họp Hội đồng sáng kiến", null=True, blank=True)
    council_minutes = CharField("Số biên bản họp Hội đồng", max_length=60, blank=True)
    council_members = models.PositiveSmallIntegerField("Tổng số thành viên Hội đồng", null=True, blank=True)
    council_present = models.PositiveSmallIntegerField("Số thành viên có mặt", null=True, blank=True)
    council_in_favour = models.PositiveSmallIntegerField("Số phiếu đồng ý công nhận", null=True, blank=True)
    council_mark = models.DecimalField(
        "Điểm trung bình", max_digits=6, decimal_places=2, null=True, blank=True
    )
    council_scale = models.DecimalField("Thang điểm", max_digits=6, decimal_places=2, null=True, blank=True)
    council_advice = models.CharField(
        "Kết luận của Hội đồng", max_length=10, choices=Advice.choices, blank=True
    )
    council_rule = models.JSONField(
        null=True,
        editable=False,
        help_text="The province's figures on the council, as they were when decided on.",
    )
    evaluation = TextField("Ý kiến đánh giá của Hội đồng sáng kiến", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_key = KeyField()

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "sáng kiến"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="recognised")
                | Q(recognised_on__isnull=False) & ~Q(level="") & ~Q(reach="") & ~Q(decision_number=""),
                name="initiative_recognition_whole",
            ),
            models.CheckConstraint(
                condition=Q(council_met_on__isnull=True) & ~Q(state="evaluated")
                | Q(
                    council_met_on__isnull=False,
                    council_members__isnull=False,
                    council_present__isnull=False,
                    council_in_favour__isnull=False,
                )
                & ~Q(council_minutes="")
                & ~Q(council_advice=""),
                name="initiative_evaluation_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    council_members__gte=F("council_present"), council_present__gte=F("council_in_favour")
                ),
                name="initiative_council_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state="recognised", council_advice="refuse"),
                name="initiative_recognised_as_advised",
            ),
        ]
        indexes = [models.Index(fields=["state", "-recognised_on"], name="initiative_recognised")]

    def __str__(self) -> str:
        return self.name


class InitiativeAuthor(models.Model):
    """An author and his share in percent; the shares of an initiative add to 100."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="initiative_shares")
    share = models.DecimalField("Tỷ lệ đóng góp (%)", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "tác giả sáng kiến"
        ordering = ["-share", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "person"], name="initiative_author_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=100), name="initiative_share_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.share}%)"


class InitiativeFile(models.Model):
    """A paper of the application or its recognition: whoever reads the initiative reads it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="files")
    title = CharField("Tên tài liệu", max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tài liệu của sáng kiến"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
