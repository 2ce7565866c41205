"""Awards: the catalogue, the law as dated data, facts about people and units, the register, and the annual list."""

from awards.models.catalogue import Award, Condition
from awards.models.council import (
    AgendaItem,
    CouncilMember,
    CouncilSession,
    Handover,
    Kinship,
    Recusal,
)
from awards.models.decisions import Decision, DecisionEntry, Dropping
from awards.models.facts import Absence, AnnualRating, Discipline, Hold, UnitComment
from awards.models.initiatives import Initiative, InitiativeAuthor, InitiativeFile
from awards.models.lists import AwardEntry, AwardList, AwardListQuerySet, PaperHead
from awards.models.nominations import Flag, Nomination, NominationPaper, Proposal, ReportSection
from awards.models.notices import Comment, Complaint, OpenPeriod
from awards.models.presence import Presence, TellerBoard
from awards.models.recoveries import Payment, Recovery
from awards.models.register import BasisUse, HistoryImport, Honour
from awards.models.reviews import Affirmation, Prospect, Review, ReviewDeadline
from awards.models.rules import (
    BaseSalary,
    RuleConfirmation,
    RuleDocument,
    Setting,
    SettingValue,
    figures,
    pinned_source,
    rule_source,
    rulebook_on,
    settings_on,
)
from awards.models.votes import Ballot, BallotBox, Envelope, TellerKey, VoteRound

__all__ = [
    "Absence",
    "Affirmation",
    "AgendaItem",
    "AnnualRating",
    "Award",
    "AwardEntry",
    "AwardList",
    "AwardListQuerySet",
    "Ballot",
    "BallotBox",
    "BaseSalary",
    "BasisUse",
    "Comment",
    "Complaint",
    "Condition",
    "CouncilMember",
    "CouncilSession",
    "Decision",
    "DecisionEntry",
    "Discipline",
    "Dropping",
    "Envelope",
    "Flag",
    "HistoryImport",
    "Handover",
    "Hold",
    "Honour",
    "Initiative",
    "InitiativeAuthor",
    "InitiativeFile",
    "Kinship",
    "Nomination",
    "NominationPaper",
    "OpenPeriod",
    "PaperHead",
    "Payment",
    "Presence",
    "Proposal",
    "Prospect",
    "Recusal",
    "Recovery",
    "ReportSection",
    "Review",
    "ReviewDeadline",
    "RuleConfirmation",
    "RuleDocument",
    "Setting",
    "SettingValue",
    "TellerBoard",
    "TellerKey",
    "UnitComment",
    "VoteRound",
    "figures",
    "pinned_source",
    "rule_source",
    "rulebook_on",
    "settings_on",
]
