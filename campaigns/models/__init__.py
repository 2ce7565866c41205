"""Campaigns and indexes, their rounds, criteria and registrations."""

from campaigns.models.campaigns import (
    EMULATION_STAGES,
    INDEX_STAGES,
    AppliesTo,
    Band,
    Campaign,
    CampaignQuerySet,
    CampaignYear,
    CampaignYearQuerySet,
    Deadline,
    Extension,
    Paper,
    Participant,
    People,
    Period,
    Recipient,
    RoundFile,
    Stage,
)
from campaigns.models.criteria import (
    LEAF_FACTS,
    CriteriaSet,
    CriteriaSetQuerySet,
    Criterion,
    Ties,
)
from campaigns.models.quarters import QUARTERS, QuarterDeadline
from campaigns.models.registrations import (
    Registration,
    RegistrationItem,
    RegistrationQuerySet,
)

__all__ = [
    "AppliesTo",
    "Band",
    "Campaign",
    "CampaignQuerySet",
    "CampaignYear",
    "CampaignYearQuerySet",
    "CriteriaSet",
    "CriteriaSetQuerySet",
    "Criterion",
    "Deadline",
    "EMULATION_STAGES",
    "Extension",
    "INDEX_STAGES",
    "LEAF_FACTS",
    "QUARTERS",
    "Paper",
    "Participant",
    "People",
    "Period",
    "QuarterDeadline",
    "Recipient",
    "Registration",
    "RegistrationItem",
    "RegistrationQuerySet",
    "RoundFile",
    "Stage",
    "Ties",
]
