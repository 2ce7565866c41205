"""Votes of the council: a round on one item, and the box of a secret ballot with its envelopes."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from awards.calculations.votes import Count, share_of, shown
from awards.models.council import AgendaItem, CouncilMember, CouncilSession
from core import clock
from core.fields import CharField

FEW = 3  # so few votes are a member's own, whatever hides his name


class BallotBoxQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "BallotBoxQuerySet":
        return self.filter(session__in=CouncilSession.objects.visible_to(user))


class BallotBox(models.Model):
    """A secret electronic ballot on some items of a session.

    While it is open a vote is an envelope: the member's name outside, inside the choice, sealed so that two tellers
    together open it. Counting replaces all envelopes by ballots without names, in one transaction (docs/adr/0013).
    """

    class State(models.TextChoices):
        PREPARED = "prepared", "Chờ Ban kiểm phiếu nhận mã"
        OPEN = "open", "Đang bỏ phiếu"
        COUNTED = "counted", "Đã kiểm phiếu"
        ANNULLED = "annulled", "Đã hủy"

    session = models.ForeignKey(CouncilSession, on_delete=models.CASCADE, related_name="boxes")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    key_prints = models.JSONField(
        default=list,
        editable=False,
        help_text="Of the tellers' keys as the box was opened; the journal has them too.",
    )
    prepared_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BallotBoxQuerySet.as_manager()

    class Meta:
        verbose_name = "hòm phiếu kín"
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="ballot_box_number_once"),
        ]

    def __str__(self) -> str:
        return f"Bỏ phiếu kín lần {self.number}"


class TellerKey(models.Model):
    """The public half of a teller's key. The other half was shown to him once and is nowhere in the portal."""

    box = models.ForeignKey(BallotBox, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="+")
    public_key = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "mã kiểm phiếu"
        ordering = ["box", "pk"]
        constraints = [models.UniqueConstraint(fields=["box", "member"], name="teller_key_once")]

    def __str__(self) -> str:
        return str(self.member)


class VoteRound(models.Model):
    """One vote on one item. A further round has its reason and leaves the first as it was."""

    class Way(models.TextChoices):
        HANDS = "hands", "Giơ tay"
        PAPERS = "papers", "Phiếu giấy"
        ELECTRONIC = "electronic", "Phiếu kín điện tử"

    class State(models.TextChoices):
        OPEN = "open", "Đang lấy phiếu"
        COUNTED = "counted", "Đã kiểm phiếu"
        ANNULLED = "annulled", "Đã hủy"

    class Side(models.TextChoices):
        IN_FAVOUR = "for", "Đồng ý"
        AGAINST = "against", "Không đồng ý"

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField("Lượt")
    way = models.CharField("Cách bỏ phiếu", max_length=10, choices=Way.choices)
    reason = CharField("Lý do bỏ phiếu lại", max_length=300, blank=True)
    box = models.ForeignKey(BallotBox, null=True, on_delete=models.CASCADE, related_name="rounds")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    issued = models.PositiveSmallIntegerField("Phát ra", default=0)
    collected = models.PositiveSmallIntegerField("Thu về", default=0)
    in_favour = models.PositiveSmallIntegerField("Đồng ý", default=0)
    against = models.PositiveSmallIntegerField("Không đồng ý", default=0)
    abstained = models.PositiveSmallIntegerField("Không có ý kiến", default=0)
    invalid = models.PositiveSmallIntegerField("Không hợp lệ", default=0)
    written_in_favour = models.PositiveSmallIntegerField("Văn bản: đồng ý", default=0)
    written_against = models.PositiveSmallIntegerField("Văn bản: không đồng ý", default=0)
    written_invalid = models.PositiveSmallIntegerField("Văn bản: không hợp lệ", default=0)
    present = models.ManyToManyField(
        CouncilMember, related_name="+", editable=False, help_text="Who was in the room when the vote began."
    )
    may_vote = models.PositiveSmallIntegerField(default=0, editable=False, help_text="When the vote began.")
    may_write = models.PositiveSmallIntegerField(default=0, editable=False, help_text="When the vote began.")
    base = models.PositiveSmallIntegerField(null=True, editable=False, help_text="The denominator.")
    carried = models.BooleanField(null=True, editable=False)
    chair = models.ForeignKey(
        CouncilMember,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        help_text="Whose side decides a tie of this vote, if the province says so and the vote is open.",
    )
    chair_side = models.CharField(
        max_length=7, choices=Side.choices, blank=True, default="", editable=False, help_text="Only of a tie."
    )
    remark = models.TextField(blank=True, editable=False, help_text="Why it was corrected or annulled.")
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "lượt bỏ phiếu"
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="vote_round_number_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(state="open"), name="vote_round_one_open"),
            models.CheckConstraint(
                condition=~Q(state="counted") | Q(base__isnull=False, carried__isnull=False),
                name="vote_round_counted_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Lượt {self.number}: {self.item}"

    @property
    def count(self) -> Count:
        return Count(**{name: getattr(self, name) for name in Count.__dataclass_fields__})

    @property
    def leavers(self) -> list[CouncilMember]:
        """Of a vote that is being taken: who was there when it began and is not there now."""
        return [one for one in self.present.all() if one.attendance != CouncilMember.Attendance.PRESENT]

    @property
    def share(self) -> Any:
        """In percent, for the eye."""
        return shown(share_of(self.count.all_in_favour, self.base or 0))

    @property
    def tells_written(self) -> bool:
        """Written answers stand beside the names of the absent: one or two in a secret vote show in the sums only."""
        return self.way == self.Way.HANDS or not 0 < self.count.written < FEW

    @property
    def all_against(self) -> int:
        return self.count.all_against

    @property
    def is_unanimous(self) -> bool:
        """Then everybody's vote is known, however secret it was."""
        count = self.count
        return count.collected > 0 and count.collected in (count.in_favour, count.against, count.abstained)


class Envelope(models.Model):
    """One member's sealed vote on one item while the box is open. Nobody counts or opens it before the end."""

    round = models.ForeignKey(VoteRound, on_delete=models.CASCADE, related_name="envelopes")
    member = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = "phong bì phiếu"
        ordering = ["round", "member"]
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="envelope_once")]

    def __str__(self) -> str:
        return f"Phong bì {self.pk}"


class Ballot(models.Model):
    """A vote without a voter. Its number and its receipt are random, so that no order tells who it was."""

    class Choice(models.TextChoices):
        IN_FAVOUR = "for", "Đồng ý"
        AGAINST = "against", "Không đồng ý"
        ABSTAINED = "blank", "Không có ý kiến"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(VoteRound, on_delete=models.CASCADE, related_name="ballots")
    choice = models.CharField(max_length=7, choices=Choice.choices)
    receipt = models.CharField("Mã phiếu", max_length=12)

    class Meta:
        verbose_name = "lá phiếu"
        ordering = ["receipt"]

    def __str__(self) -> str:
        return f"Phiếu {self.receipt}"
