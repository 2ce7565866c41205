"""The procedures of the award floor; every table of moves has a file of its own."""

from awards.workflow.comments import COMMENT
from awards.workflow.complaints import COMPLAINT
from awards.workflow.council import BOX, ROUND, SESSION
from awards.workflow.decisions import DECISION
from awards.workflow.initiatives import INITIATIVE
from awards.workflow.lists import AWARD_LIST
from awards.workflow.nominations import PROPOSAL
from awards.workflow.recoveries import RECOVERY
from awards.workflow.reviews import REVIEW

__all__ = [
    "AWARD_LIST",
    "BOX",
    "COMMENT",
    "COMPLAINT",
    "DECISION",
    "INITIATIVE",
    "PROPOSAL",
    "RECOVERY",
    "REVIEW",
    "ROUND",
    "SESSION",
]
