"""Chi và thu hồi: what was really paid for an honour, and what comes back when it is cancelled: its money and the thing
that was handed over."""

from typing import Any

from django.db import models
from django.db.models import Q

from awards.models.register import Honour
from core import clock
from core.fields import CharField, DateField, TextField


class MoneyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "MoneyQuerySet":
        """Money is for those who keep it and look after it: the Office, the inspector, the Director."""
        acting = user.acting
        return self if acting.reads_everything or acting.heads_the_agency else self.none()


class PaymentQuerySet(MoneyQuerySet):
    def in_force(self) -> "PaymentQuerySet":
        return self.filter(undone_at__isnull=True)


class Payment(models.Model):
    """What was really paid for a line of the bonus list. A record that was wrong is undone and stays to be read."""

    honour = models.ForeignKey(Honour, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField("Số tiền đã chi", max_digits=12, decimal_places=0)
    paid_on = DateField("Ngày chi")
    voucher = CharField("Chứng từ chi", max_length=200)
    note = TextField("Ghi chú", blank=True)
    noted_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=clock.now, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undo_reason = TextField("Lý do bỏ ghi", blank=True, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "khoản chi thưởng"
        ordering = ["paid_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["honour"], condition=Q(undone_at__isnull=True), name="payment_in_force_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(voucher=""), name="payment_whole"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | ~Q(undo_reason=""), name="payment_undone_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Chi thưởng: {self.honour}"


class Recovery(models.Model):
    """One thing to be recovered for a cancelled honour. ``amount`` is what the bonus list of its decision gave."""

    class Kind(models.TextChoices):
        MONEY = "money", "Tiền thưởng"
        GIFT = "gift", "Hiện vật (bằng, giấy chứng nhận, khung)"

    class State(models.TextChoices):
        DUE = "due", "Chưa thu hồi"
        DONE = "done", "Đã thu hồi"
        NOTHING = "nothing", "Không phải thu hồi"

    honour = models.ForeignKey(Honour, on_delete=models.PROTECT, related_name="recoveries")
    kind = models.CharField("Nội dung thu hồi", max_length=6, choices=Kind.choices)
    amount = models.DecimalField(
        "Số tiền phải thu hồi",
        max_digits=12,
        decimal_places=0,
        null=True,
        help_text="None: nobody could tell.",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE, editable=False)
    recovered = models.DecimalField(
        "Số tiền đã thu hồi", max_digits=12, decimal_places=0, null=True, editable=False
    )
    done_on = DateField("Ngày thu hồi", null=True, editable=False)
    paper = CharField("Chứng từ, biên bản", max_length=200, blank=True, editable=False)
    note = TextField("Ghi chú", blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "khoản thu hồi"
        ordering = ["-honour__cancelled_on", "honour", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["honour", "kind"], name="recovery_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False) & ~Q(paper=""),
                name="recovery_done_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="nothing") | ~Q(note=""), name="recovery_nothing_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"], name="recovery_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.honour}"

    @property
    def is_money(self) -> bool:
        return self.kind == self.Kind.MONEY
