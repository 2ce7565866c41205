"""What goes up to the level above, and what it answers."""

from collections.abc import Mapping
from typing import Any

import rules
from django.db import IntegrityError, transaction

from awards.actions.decisions.parts import OF_LETTER, check_letter, move, write
from awards.actions.register import doubt_without
from awards.models import Decision, DecisionEntry
from awards.workflow import DECISION
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, lock

ABOVE = (Decision.State.SENT, Decision.State.QUERIED)


@transaction.atomic
def send_up(decision: Decision, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> None:
    """Note that the proposal has gone to the province, by which letter."""
    lock(decision)
    if decision.state in DECISION.moves["send_up"].source:
        write(decision, values, OF_LETTER, "Hãy ghi số và ngày tờ trình lên cấp trên.")
        check_letter(decision)
    said = f"Tờ trình {decision.letter_number}"
    move(decision, "send_up", by=by, comment=said, version=version)


@transaction.atomic
def query(decision: Decision, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The level above wants more; the list may be put right before it goes up again."""
    move(decision, "query", by=by, comment=normalize(comment), version=version)


@transaction.atomic
def refuse(decision: Decision, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The level above gives nothing of this list."""
    move(decision, "refuse", by=by, comment=normalize(comment), version=version)
    decision.entries.filter(refusal="").update(refusal=normalize(comment))
    decision.entries.update(is_in_force=False)
    entries = decision.entries.select_related("nomination__award", "nomination__review")
    doubt_without([one.nomination for one in entries], by)


@transaction.atomic
def withdraw_file(decision: Decision, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The Office takes back what it has sent up: a draft again, to be changed, sent anew or thrown away."""
    move(decision, "withdraw_file", by=by, comment=normalize(comment), version=version)


@transaction.atomic
def refuse_one(entry: DecisionEntry, *, reason: str, by: Any) -> None:
    """The level above leaves one out of its decision."""
    decision = entry.decision
    lock(decision)
    if not rules.has_perm("awards.send_up", by, decision):
        raise Refused("Chỉ Văn phòng Sở ghi trả lời của cấp trên.")
    if decision.state not in ABOVE:
        raise Refused("Chỉ ghi khi hồ sơ đã trình cấp trên và chưa có quyết định.")
    entry.refresh_from_db()
    if entry.refusal:
        raise AlreadyDone("Trường hợp này đã được ghi là không khen.")
    if not normalize(reason):
        raise Refused("Hãy ghi lý do cấp trên không khen.")
    entry.refusal, entry.is_in_force = normalize(reason), False
    entry.save(update_fields=["refusal", "is_in_force"])
    record(decision, "refuse_one", by=by, label=f"Cấp trên không khen: {entry}", comment=entry.refusal)
    doubt_without([entry.nomination], by)


@transaction.atomic
def take_back_refusal(entry: DecisionEntry, *, by: Any) -> None:
    """It was noted of the wrong one, or the level above has thought again."""
    decision = entry.decision
    lock(decision)
    if not rules.has_perm("awards.send_up", by, decision):
        raise Refused("Chỉ Văn phòng Sở ghi trả lời của cấp trên.")
    if decision.state not in (*ABOVE, Decision.State.DRAFT):
        raise Refused("Chỉ bỏ ghi được khi chưa có quyết định.")
    entry.refresh_from_db()
    if not entry.refusal:
        raise AlreadyDone("Trường hợp này không còn được ghi là không khen.")
    said, entry.refusal, entry.is_in_force = entry.refusal, "", True
    try:
        with transaction.atomic():
            entry.save(update_fields=["refusal", "is_in_force"])
    except IntegrityError as error:
        raise Refused("Trường hợp này đã được đưa vào quyết định, tờ trình khác.") from error
    record(decision, "take_back_refusal", by=by, label=f"Bỏ ghi không khen: {entry}", comment=said)
