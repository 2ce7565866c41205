"""Who was in the council's room from when to when, and who counted its votes: kept as it changes."""

from django.db import models
from django.db.models import F, Q

from awards.models.council import CouncilMember, CouncilSession
from core import clock
from core.fields import CharField


class Presence(models.Model):
    """A member in the room, from when to when. Whoever comes back has another one."""

    member = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="presences")
    came_at = models.DateTimeField(default=clock.now, editable=False)
    left_at = models.DateTimeField(null=True, editable=False)
    reason = CharField("Lý do rời phiên họp", max_length=200, blank=True)

    class Meta:
        verbose_name = "có mặt"
        ordering = ["member", "came_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(left_at=None), name="presence_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")), name="presence_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class TellerBoard(models.Model):
    """Ban kiểm phiếu from this moment on, until there is another one."""

    session = models.ForeignKey(CouncilSession, on_delete=models.CASCADE, related_name="boards")
    members = models.ManyToManyField(CouncilMember, related_name="+")
    since = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "Ban kiểm phiếu"
        ordering = ["session", "since", "pk"]

    def __str__(self) -> str:
        return f"Ban kiểm phiếu, {self.session}"
