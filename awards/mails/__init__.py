"""Letters of the award floor, each to those whom it concerns."""

from awards.mails.council import (
    ballot_opened,
    council_cancelled,
    council_changed,
    council_invitation,
    council_uninvited,
    duty_taken,
)
from awards.mails.decisions import decided, decision_cancelled, nomination_dropped
from awards.mails.holds import hold_corrected, hold_placed, hold_released
from awards.mails.initiatives import (
    initiative_recognised,
    initiative_refused,
    initiative_returned,
    initiative_submitted,
)
from awards.mails.lists import list_reopened, list_settled
from awards.mails.nominations import (
    nominated,
    occasion_chosen,
    proposal_closed,
    proposal_returned,
    proposal_submitted,
    proposal_verified,
    proposes_nobody,
)
from awards.mails.notices import (
    comment_answered,
    comment_came,
    complaint_came,
    complaint_decided,
    complaint_extended,
    complaint_given,
    complaint_received,
)

__all__ = [
    "comment_answered",
    "comment_came",
    "complaint_came",
    "complaint_decided",
    "complaint_extended",
    "complaint_given",
    "complaint_received",
    "ballot_opened",
    "council_cancelled",
    "council_changed",
    "council_invitation",
    "council_uninvited",
    "decided",
    "decision_cancelled",
    "duty_taken",
    "hold_corrected",
    "hold_placed",
    "hold_released",
    "initiative_submitted",
    "initiative_recognised",
    "initiative_refused",
    "initiative_returned",
    "list_settled",
    "list_reopened",
    "proposal_submitted",
    "proposal_closed",
    "proposal_returned",
    "proposal_verified",
    "proposes_nobody",
    "nominated",
    "nomination_dropped",
    "occasion_chosen",
]
