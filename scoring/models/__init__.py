"""Achievements with their evidence, score sheets with their lines, and published results."""

from scoring.models.achievements import (
    Achievement,
    AchievementEvidence,
    AchievementQuerySet,
    CoAuthor,
    Flag,
    branch,
)
from scoring.models.evidence import EvidenceDocument, EvidenceQuerySet
from scoring.models.results import PastResult, Publication, PublicationQuerySet, Result
from scoring.models.sheets import Line, LineEvidence, Scorecard, ScorecardQuerySet

__all__ = [
    "Achievement",
    "AchievementEvidence",
    "AchievementQuerySet",
    "CoAuthor",
    "EvidenceDocument",
    "EvidenceQuerySet",
    "Flag",
    "Line",
    "LineEvidence",
    "PastResult",
    "Publication",
    "PublicationQuerySet",
    "Result",
    "Scorecard",
    "ScorecardQuerySet",
    "branch",
]
