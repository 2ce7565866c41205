"""Decisions on the awards of a review: what the Director signs himself, what goes up to the province (khen cao), and
what the council carried and nobody rewards."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from awards.models.catalogue import Award
from awards.models.nominations import Nomination
from awards.models.register import Honour
from awards.models.reviews import Review
from core import clock
from core.fields import CharField, DateField, TextField


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """What is issued is public inside the Sở, and stays so when it is cancelled; what is prepared or waits above is
        for those who prepare and sign."""
        acting = user.acting
        if acting.reads_everything or acting.heads_the_agency:
            return self
        signed = Q(state=Decision.State.ISSUED) | Q(cancelled_on__isnull=False)
        return self.filter(signed) if acting.person_id else self.none()


class Decision(models.Model):
    """Quyết định khen thưởng with its list; of a higher level first the proposal that goes up, then its answer."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        SENT = "sent", "Đã trình cấp trên"
        QUERIED = "queried", "Cấp trên yêu cầu bổ sung"
        ISSUED = "issued", "Đã ban hành"
        REFUSED = "refused", "Cấp trên không khen"
        CANCELLED = "cancelled", "Đã hủy"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    level = models.CharField("Cấp quyết định", max_length=8, choices=Award.Level.choices)
    title = CharField("Trích yếu", max_length=300)
    basis = TextField("Căn cứ", blank=True)
    letter_number = CharField("Số tờ trình lên cấp trên", max_length=60, blank=True)
    letter_date = DateField("Ngày tờ trình", null=True, blank=True)
    number = CharField("Số quyết định", max_length=60, blank=True)
    signed_on = DateField("Ngày ký", null=True, blank=True)
    issuer = CharField("Cơ quan ban hành", max_length=200, blank=True)
    signer_title = CharField("Chức vụ người ký", max_length=150, blank=True)
    signer_name = CharField("Người ký", max_length=150, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    cancellation_number = CharField("Số quyết định hủy", max_length=60, blank=True, editable=False)
    cancelled_on = DateField("Ngày hủy", null=True, blank=True, editable=False)
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định khen thưởng"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("issued", "cancelled"))
                | ~Q(number="") & ~Q(issuer="") & Q(signed_on__isnull=False),
                name="decision_issued_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sent", "queried"))
                | ~Q(letter_number="") & Q(letter_date__isnull=False),
                name="decision_sent_whole",
            ),
            models.UniqueConstraint(
                fields=["number", "signed_on", "issuer"], condition=~Q(number=""), name="decision_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Quyết định {self.number}" if self.number else self.title

    @property
    def goes_up(self) -> bool:
        """Somebody above the Director decides."""
        return self.level != Award.Level.AGENCY

    @cached_property
    def people(self) -> frozenset[int | None]:
        """Who is on its list; read once and kept with it, for it is asked for every reader."""
        return frozenset(self.entries.order_by().values_list("nomination__person", flat=True))


class DecisionEntry(models.Model):
    """One nomination on a decision's list, and the honour that it became.

    A decision that is cancelled, and what the level above refuses, keeps its entries for the record; in force they are
    no more, and their nominations may be decided anew.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="entries")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="entries")
    is_in_force = models.BooleanField(default=True, editable=False)
    merit = TextField("Thành tích ghi trong quyết định", blank=True)
    refusal = TextField("Lý do cấp trên không khen", blank=True, editable=False)
    explanation = TextField("Lý do vẫn khen", blank=True, editable=False)
    honour = models.OneToOneField(
        Honour, null=True, on_delete=models.PROTECT, related_name="entry", editable=False
    )

    class Meta:
        verbose_name = "dòng của quyết định"
        ordering = ["nomination__award__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(is_in_force=True), name="entry_in_force_once"
            ),
            models.UniqueConstraint(fields=["decision", "nomination"], name="entry_of_decision_once"),
        ]

    def __str__(self) -> str:
        return str(self.nomination)

    @property
    def waits(self) -> bool:
        """On a signed paper, but put aside while it was noted: it enters the register later, or is not rewarded."""
        issued = self.decision.state == Decision.State.ISSUED
        return issued and self.is_in_force and not self.refusal and self.honour_id is None


class Dropping(models.Model):
    """Không khen thưởng: carried by the council, and whoever decides does not reward it."""

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="dropping")
    reason = TextField("Lý do không khen thưởng")
    paper = CharField("Văn bản kèm theo", max_length=200, blank=True)
    dropped_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "trường hợp không khen thưởng"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="dropping_with_reason")]

    def __str__(self) -> str:
        return str(self.nomination)
