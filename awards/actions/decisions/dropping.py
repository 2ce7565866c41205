"""Không khen thưởng: what the council carried and whoever decides does not reward, and how that is taken back."""

from typing import Any

from django.db import transaction

from awards import mails
from awards.actions.decisions.parts import demand
from awards.actions.register import doubt_without
from awards.models import Dropping, Nomination
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, lock

NOT_NOW = "Chỉ ghi khi đợt bình xét đang ở bước ra quyết định."


@transaction.atomic
def drop(nomination: Nomination, *, reason: str, by: Any, paper: str = "") -> Dropping:
    """Of what waits for a decision, or was put aside when its decision was noted: nobody rewards it. After the end of
    the review only what was put aside waits."""
    _hold(nomination, by)
    if Dropping.objects.filter(nomination=nomination).exists():
        raise AlreadyDone("Trường hợp này đã được ghi là không khen thưởng.")
    kept = normalize(reason)
    if not kept:
        raise Refused("Hãy ghi lý do không khen thưởng.")
    if nomination.withdrawn_at or nomination.outcome != Nomination.Outcome.PASSED:
        raise Refused("Chỉ ghi với trường hợp được Hội đồng đề nghị.")
    entries = list(nomination.entries.select_related("decision"))
    aside = [one for one in entries if one.waits]
    if entries and not aside:
        raise Refused(
            "Trường hợp này đã có trong một quyết định, tờ trình: hãy đưa ra khỏi danh sách đó trước, hoặc hủy."
        )
    if nomination.review.is_over and not aside:
        raise Refused(NOT_NOW)
    for one in aside:
        one.refusal, one.is_in_force = kept, False
        one.save(update_fields=["refusal", "is_in_force"])
    dropping = Dropping.objects.create(
        nomination=nomination, reason=kept, paper=normalize(paper), dropped_by=by
    )
    said = f"{kept}\nVăn bản: {dropping.paper}" if dropping.paper else kept
    record(nomination, "drop", by=by, label="Không khen thưởng", comment=said)
    mails.nomination_dropped(dropping, by=by)
    doubt_without([nomination], by)
    return dropping


@transaction.atomic
def take_up(nomination: Nomination, *, by: Any) -> None:
    """It was noted wrongly, or whoever decides has thought again: it waits for a decision once more."""
    _hold(nomination, by)
    dropping = Dropping.objects.filter(nomination=nomination).first()
    if dropping is None:
        raise AlreadyDone("Trường hợp này không còn được ghi là không khen thưởng.")
    aside = nomination.entries.filter(decision__state="issued", honour=None, refusal=dropping.reason)
    if nomination.review.is_over and not aside.exists():  # nobody may draft it any more
        raise Refused(NOT_NOW)
    aside.update(refusal="", is_in_force=True)
    dropping.delete()
    record(nomination, "take_up", by=by, label="Bỏ ghi không khen thưởng")


def _hold(nomination: Nomination, by: Any) -> None:
    lock(nomination.review)
    lock(nomination)
    demand(by)
    if not nomination.review.may_be_decided:
        raise Refused(NOT_NOW)
