"""Đăng ký, giao ước thi đua of units and people."""

from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models.campaigns import CampaignYear
from campaigns.models.criteria import Criterion
from core import clock
from core.fields import CharField, KeyField, ScoreField, TextField
from organization import roles
from organization.models import Person, Unit, entrusted_to


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
            .exclude(prepared_by_id=user.pk)
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
