"""The signed decision: noted, written into the register, and cancelled."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.actions.decisions.parts import OF_PAPER, check_day, move, write
from awards.actions.register import cancel as cancel_honour
from awards.actions.register import doubt_collectives, fill_in, save_honour
from awards.models import BasisUse, Decision, DecisionEntry, Honour, Initiative, Nomination, Review
from awards.queries.decisions import resting_on
from awards.queries.giving import Given, honour_of_review, judged
from awards.queries.recoveries import worth_of
from awards.rules import is_on_its_list
from awards.workflow import DECISION
from core import clock
from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import AlreadyDone, Refused, lock

ON_THE_LIST = "Người ghi có tên trong danh sách kèm theo quyết định này."


@transaction.atomic
def issue(
    decision: Decision, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> list[Honour]:
    """Note the signed decision: every one on its list enters the register, what he got it for is spent, letters go out.

    Until the transaction ends nothing of it is there.
    """
    lock(decision)
    if decision.state in DECISION.moves["issue"].source:
        if decision.goes_up and decision.state == Decision.State.DRAFT:
            raise Refused("Danh hiệu, hình thức này do cấp trên quyết định: hãy trình trước.")
        write(decision, values, OF_PAPER, "Hãy ghi số, ngày ký, cơ quan ban hành quyết định.")
        check_day(decision)
    given = judged(decision) if decision.state in DECISION.moves["issue"].source else []
    said = f"Quyết định {decision.number}"
    move(decision, "issue", by=by, comment=said, version=version)
    aside = [
        one for one in given if one.stops
    ]  # of a paper of the level above: elsewhere the guard has refused
    if aside:
        reasons = dict.fromkeys(reason for one in aside for reason in one.stops)
        label = f"Để lại {len(aside)} trường hợp, chưa ghi vào Sổ khen thưởng"
        record(decision, "put_aside", by=by, label=label, comment="\n".join(reasons))
    honours = [_give(decision, one, by) for one in given if not one.stops]
    mails.decided(decision, honours, by=by)
    return honours


@transaction.atomic
def enter_aside(entry: DecisionEntry, *, by: Any) -> Honour:
    """What was put aside when the paper was noted enters the register, once nothing stops it any more."""
    decision = entry.decision
    lock(decision)
    if not rules.has_perm("awards.issue_decision", by, decision):
        raise Refused("Chỉ Văn phòng Sở, Giám đốc Sở ghi quyết định vào Sổ khen thưởng.")
    entry.refresh_from_db()
    if entry.honour_id:
        raise AlreadyDone("Trường hợp này đã có trong Sổ khen thưởng.")
    if not entry.waits:
        raise Refused("Trường hợp này không còn chờ ghi vào Sổ khen thưởng.")
    [one] = [one for one in judged(decision, by) if one.entry.pk == entry.pk]
    if one.stops:
        raise Refused(*one.stops)
    honour = _give(decision, one, by)
    record(decision, "enter_aside", by=by, label=f"Ghi vào Sổ khen thưởng: {entry}")
    mails.decided(decision, [honour], by=by)
    return honour


@transaction.atomic
def cancel(
    decision: Decision,
    *,
    on: date,
    number: str,
    by: Any,
    comment: str = "",
    version: int | None = None,
) -> list[Honour]:
    """Cancel a whole decision. Gives the honours in force that rest on what is cancelled.

    The Office notes a paper that others have signed, so whoever is on the list may note it; the journal says so.
    """
    lock(decision)
    if decision.state == Decision.State.ISSUED:
        if not normalize(number):
            raise Refused("Hãy ghi số quyết định hủy.")
        if decision.signed_on and on < decision.signed_on:
            raise Refused(f"Ngày hủy phải từ ngày ký quyết định ({format_date(decision.signed_on)}) trở đi.")
        if on > clock.today():
            raise Refused("Ngày hủy không được sau hôm nay.")
        decision.cancellation_number, decision.cancelled_on = normalize(number), on
        decision.save(update_fields=["cancellation_number", "cancelled_on"])
    reason = normalize(comment)
    said = [reason, ON_THE_LIST] if reason and is_on_its_list(by, decision) else [reason]
    move(decision, "cancel", by=by, comment="\n".join(said), version=version)
    own = [one.honour for one in decision.entries.select_related("honour__person") if one.honour]
    in_force = [one for one in own if one.cancelled_on is None]
    worth = worth_of(
        in_force
    )  # before any of them is cancelled: what was paid depends on what stood beside it
    for honour in in_force:
        cancel_honour(honour, on=on, number=number, reason=comment, by=by, worth=worth)
    decision.entries.update(is_in_force=False)
    mails.decision_cancelled(decision, own, by=by)
    return resting_on(own) + doubt_collectives(in_force, by)


# --- parts ----------------------------------------------------------------------------------------------
def _give(decision: Decision, given: Given, by: Any) -> Honour:
    """The register's line, and the ledger's lines of what it rests on."""
    entry, nomination = given.entry, given.entry.nomination
    honour = Honour(
        person=nomination.person,
        unit=nomination.unit,
        award=nomination.award,
        year=decision.review.year,
        occasion=given.given_for.occasion,
        occasion_basis=given.given_for.basis,
        campaign_year=_campaign_year(decision.review),
        decision_number=decision.number,
        decided_on=decision.signed_on,
        decided_by=decision.issuer,
        merit=entry.merit or nomination.merit,
        source=Honour.Source.DECIDED,
        entered_by=by,
    )
    fill_in(honour)
    save_honour(honour)
    record(honour, "decided", by=by, label=f"Khen thưởng theo quyết định {decision.number}")
    entry.honour = honour
    entry.save(update_fields=["honour"])
    _spend(decision.review, nomination, honour, given)
    return honour


def _campaign_year(review: Review) -> Any:
    return review.campaign.years.filter(year=review.year, period="year").first() if review.campaign else None


def _spend(review: Review, nomination: Nomination, honour: Honour, given: Given) -> None:
    for basis in given.bases:
        kind, _, key = basis.key.partition("-")
        which: dict[str, Any] = {}
        if kind == "initiative":
            which["initiative"] = Initiative.objects.get(pk=key)
        elif kind == "nominated":
            which["honour"] = honour_of_review(review, nomination, key)
        else:
            which["honour"] = Honour.objects.get(pk=key)
        if not all(which.values()):
            continue  # a title of the same review that was not given after all
        BasisUse.objects.update_or_create(
            **which,
            person=nomination.person,
            unit=nomination.unit,
            award=nomination.award,
            year=honour.year,
            defaults={"gave": honour},
        )
