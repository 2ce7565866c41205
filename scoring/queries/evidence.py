"""Questions about the store of evidence: where a document is used, and whether a file is in it already."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from scoring.models import Achievement, AchievementEvidence, EvidenceDocument, LineEvidence, Scorecard


@dataclass
class Uses:
    """Where a document is used: what this user may open, and how many dossiers he may not."""

    achievements: list[Achievement]
    scorecards: list[Scorecard]
    hidden: int

    @property
    def total(self) -> int:
        return len(self.achievements) + len(self.scorecards) + self.hidden

    @property
    def words(self) -> str:
        """ "2 thành tích, 1 phiếu chấm điểm, 1 hồ sơ khác"."""
        parts = [
            (len(self.achievements), "thành tích"),
            (len(self.scorecards), "phiếu chấm điểm"),
            (self.hidden, "hồ sơ khác"),
        ]
        return ", ".join(f"{count} {name}" for count, name in parts if count) or "chưa dùng ở đâu"


def uses_of(document: EvidenceDocument, user: Any) -> Uses:
    links = AchievementEvidence.objects.filter(document=document).values("achievement")
    lines = LineEvidence.objects.filter(document=document).values("line__scorecard")
    achievements = Achievement.objects.filter(pk__in=links)
    scorecards = Scorecard.objects.filter(pk__in=lines)
    seen = list(achievements.visible_to(user).select_related("unit", "person", "campaign_year"))
    sheets = list(scorecards.visible_to(user).select_related("person", "campaign_year__campaign"))
    return Uses(seen, sheets, achievements.count() + scorecards.count() - len(seen) - len(sheets))


def is_used(document: EvidenceDocument) -> bool:
    return document.achievement_links.exists() or document.line_links.exists()


def _count(links: type[AchievementEvidence | LineEvidence]) -> Coalesce:
    """Counted one document at a time: two joins would multiply each other."""
    rows = links.objects.filter(document=OuterRef("pk")).order_by().values("document")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


USES = _count(AchievementEvidence) + _count(LineEvidence)
"""How many achievements and sheet lines rest on a document."""


def stored_already(sha256: str, user: Any) -> EvidenceDocument | None:
    """The document with the same file, if this user may see one; others are never hinted at."""
    same = EvidenceDocument.objects.visible_to(user).filter(file__sha256=sha256)
    return same.select_related("unit", "file").order_by("pk").first()
