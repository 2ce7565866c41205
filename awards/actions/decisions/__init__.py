"""What happens with decisions: drafted by the Office, sent up or signed, written into the register, cancelled."""

from awards.actions.decisions.answers import query, refuse, refuse_one, send_up
from awards.actions.decisions.drafting import change, draft, remove
from awards.actions.decisions.parts import HEAD
from awards.actions.decisions.signing import cancel, issue

__all__ = ["HEAD", "cancel", "change", "draft", "issue", "query", "refuse", "refuse_one", "remove", "send_up"]
