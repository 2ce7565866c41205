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
    CriteriaSet,
    CriteriaSetQuerySet,
    Criterion,
    Ties,
)
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
    "Paper",
    "Participant",
    "People",
    "Period",
    "Recipient",
    "Registration",
    "RegistrationItem",
    "RegistrationQuerySet",
    "RoundFile",
    "Stage",
    "Ties",
]
