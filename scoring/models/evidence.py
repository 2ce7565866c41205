"""The store of documents of proof."""

from typing import Any

from django.db import models
from django.db.models import Q

from core import clock
from core.fields import CharField, DateField, KeyField
from core.models import StoredFile
from organization import roles
from organization.models import AskedBy, Unit
from scoring.models.achievements import Achievement, AchievementEvidence, branch
from scoring.models.sheets import LineEvidence, Scorecard


class EvidenceQuerySet(models.QuerySet):
    def kept_for(self, user: Any) -> "EvidenceQuerySet":
        """The user's part of the store, without what he sees through a dossier: his own documents, those of units he
        heads, those shared in his unit. The technician, who has no say in dossiers, is no colleague to share with."""
        kept = branch(user, own=Q(uploaded_by=user.pk))
        if not user.acting.is_(roles.TECHNICIAN):
            kept |= Q(unit_id__in=user.acting.units, is_shared=True)
        return self.filter(kept)

    def rested_on_by(self, user: Any) -> models.QuerySet[Any, Any]:
        """One's part of the store and what the dossiers rest on that one may see, as numbers.

        A union and not one condition with OR: each part has its index, and the database then fetches only the
        documents that were found, however big the store is.
        """
        links = AchievementEvidence.objects.order_by()
        achievements = Achievement.objects.looked_after_by(user).order_by().values("pk")
        sheets = Scorecard.objects.visible_to(user).order_by().values("pk")
        return (
            self.kept_for(user)
            .values("pk")
            .union(
                links.filter(achievement__in=achievements).values("document"),
                links.filter(achievement__co_authors__person=user.acting.person_id).values("document"),
                LineEvidence.objects.filter(line__scorecard__in=sheets).values("document"),
            )
        )

    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """One's part of the store, and whatever a dossier that one may see rests on."""
        acting = user.acting
        if acting.reads_everything or acting.heads_the_agency:
            return self
        if not acting.person_id:
            return self.none()
        return self.filter(pk__in=SEEN_BY.within(user))


SEEN_BY = AskedBy(lambda user: EvidenceDocument.objects.order_by().rested_on_by(user))


class EvidenceDocument(models.Model):
    """One document of proof, uploaded once and linked to as many achievements and criteria as it proves."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    number = CharField("Số, ký hiệu", max_length=60, blank=True)
    title = CharField("Tên, trích yếu tài liệu", max_length=300)
    issued_on = DateField("Ngày ban hành", null=True, blank=True)
    issuer = CharField("Nơi ban hành", max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    is_shared = models.BooleanField("Dùng chung trong đơn vị", default=False)
    uploaded_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = KeyField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "tài liệu kiểm chứng"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.number} – {self.title}" if self.number else self.title
