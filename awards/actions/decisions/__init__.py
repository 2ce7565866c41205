"""What happens with decisions: drafted by the Office, sent up or signed, written into the register, cancelled."""

from awards.actions.decisions.answers import (
    query,
    refuse,
    refuse_one,
    send_up,
    take_back_refusal,
    withdraw_file,
)
from awards.actions.decisions.correcting import correct
from awards.actions.decisions.drafting import change, draft, explain, remove, tell_apart, write_merits
from awards.actions.decisions.dropping import drop, take_up
from awards.actions.decisions.parts import HEAD
from awards.actions.decisions.signing import cancel, enter_aside, issue

__all__ = [
    "HEAD",
    "cancel",
    "change",
    "correct",
    "draft",
    "drop",
    "enter_aside",
    "explain",
    "issue",
    "query",
    "refuse",
    "refuse_one",
    "remove",
    "send_up",
    "take_back_refusal",
    "take_up",
    "tell_apart",
    "withdraw_file",
    "write_merits",
]
