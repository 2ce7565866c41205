"""What happens with decisions: drafted by the Office, sent up or signed, written into the register, cancelled."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import rules
from django.db import IntegrityError, transaction

from awards import mails
from awards.actions.register import cancel as cancel_honour
from awards.actions.register import fill_in, save_honour
from awards.models import Award, BasisUse, Decision, DecisionEntry, Honour, Initiative, Nomination, Review
from awards.queries.decisions import Given, decidable, given_by, honour_of_review, resting_on
from awards.queries.recoveries import worth_of
from awards.workflow import DECISION
from core import clock
from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import AlreadyDone, Refused, check_version, lock

PREPARE = "awards.prepare_decision"
HEAD = ("title", "basis", "issuer", "signer_title", "signer_name")
OF_LETTER = ("letter_number", "letter_date")
OF_PAPER = ("number", "signed_on", *HEAD[2:])


@transaction.atomic
def draft(
    review: Review, level: str, nominations: Iterable[Nomination], values: Mapping[str, Any], *, by: Any
) -> Decision:
    """A decision of one level with its list; a review may have several."""
    lock(review)
    _demand(by)
    if review.state != Review.State.DECIDING:
        raise Refused("Chỉ lập quyết định khi Hội đồng đã xét xong.")
    if level not in Award.Level.values:
        raise Refused("Hãy chọn cấp ra quyết định.")
    decision = Decision(review=review, level=level, prepared_by=by, **{name: values[name] for name in HEAD})
    decision.save()
    _add(decision, nominations)
    record(decision, "draft", by=by, label="Lập quyết định", after=decision.state)
    return decision


@transaction.atomic
def change(
    decision: Decision,
    nominations: Iterable[Nomination],
    values: Mapping[str, Any],
    *,
    by: Any,
    version: int | None = None,
) -> None:
    """Text and list of a draft, or of what came back from above to be completed."""
    _hold_open(decision, by)
    check_version(decision, version)
    kept = {one.pk for one in nominations}
    for name in HEAD:
        setattr(decision, name, values[name])
    decision.version += 1
    decision.save()
    decision.entries.exclude(nomination__in=kept).delete()
    present = set(decision.entries.values_list("nomination_id", flat=True))
    _add(decision, [one for one in nominations if one.pk not in present])
    record(decision, "change", by=by, label="Sửa quyết định, danh sách kèm theo")


@transaction.atomic
def remove(decision: Decision, *, by: Any) -> None:
    """Throw a draft away; its nominations wait for another one, and its journal stays."""
    try:
        lock(decision)
    except Decision.DoesNotExist as error:
        raise AlreadyDone("Dự thảo này đã được xóa rồi.") from error
    _demand(by)
    if decision.state != Decision.State.DRAFT:
        raise Refused("Chỉ xóa được dự thảo.")
    record(decision, "remove", by=by, label="Xóa dự thảo", data={"title": decision.title})
    decision.delete()


# --- what goes up ---------------------------------------------------------------------------------------
@transaction.atomic
def send_up(decision: Decision, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> None:
    """Note that the proposal has gone to the province, by which letter."""
    lock(decision)
    if decision.state in DECISION.moves["send_up"].source:
        _write(decision, values, OF_LETTER, "Hãy ghi số và ngày tờ trình lên cấp trên.")
    said = f"Tờ trình {decision.letter_number}"
    _move(decision, "send_up", by=by, comment=said, version=version)


@transaction.atomic
def query(decision: Decision, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The level above wants more; the list may be put right before it goes up again."""
    _move(decision, "query", by=by, comment=normalize(comment), version=version)


@transaction.atomic
def refuse(decision: Decision, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The level above gives nothing of this list."""
    _move(decision, "refuse", by=by, comment=normalize(comment), version=version)
    decision.entries.filter(refusal="").update(refusal=normalize(comment))
    decision.entries.update(is_in_force=False)


@transaction.atomic
def refuse_one(entry: DecisionEntry, *, reason: str, by: Any) -> None:
    """The level above leaves one out of its decision."""
    decision = entry.decision
    lock(decision)
    if not rules.has_perm("awards.send_up", by, decision):
        raise Refused("Chỉ Văn phòng Sở ghi trả lời của cấp trên.")
    if decision.state != Decision.State.SENT:
        raise Refused("Chỉ ghi khi hồ sơ đã trình cấp trên và chưa có quyết định.")
    entry.refresh_from_db()
    if entry.refusal:
        raise AlreadyDone("Trường hợp này đã được ghi là không khen.")
    if not normalize(reason):
        raise Refused("Hãy ghi lý do cấp trên không khen.")
    entry.refusal, entry.is_in_force = normalize(reason), False
    entry.save(update_fields=["refusal", "is_in_force"])
    record(decision, "refuse_one", by=by, label=f"Cấp trên không khen: {entry}", comment=entry.refusal)


# --- signed ---------------------------------------------------------------------------------------------
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
        _write(decision, values, OF_PAPER, "Hãy ghi số, ngày ký, cơ quan ban hành quyết định.")
        _check_day(decision)
    given = given_by(decision)
    said = f"Quyết định {decision.number}"
    _move(decision, "issue", by=by, comment=said, version=version)
    honours = [_give(decision, one, by) for one in given]
    mails.decided(decision, honours, by=by)
    return honours


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
    """Cancel a whole decision. Gives the honours in force that rest on what is cancelled."""
    lock(decision)
    if decision.state == Decision.State.ISSUED:
        if not normalize(number):
            raise Refused("Hãy ghi số quyết định hủy.")
        decision.cancellation_number, decision.cancelled_on = normalize(number), on
        decision.save(update_fields=["cancellation_number", "cancelled_on"])
    _move(decision, "cancel", by=by, comment=normalize(comment), version=version)
    own = [one.honour for one in decision.entries.select_related("honour__person") if one.honour]
    in_force = [one for one in own if one.cancelled_on is None]
    worth = worth_of(
        in_force
    )  # before any of them is cancelled: what was paid depends on what stood beside it
    for honour in in_force:
        cancel_honour(honour, on=on, number=number, reason=comment, by=by, worth=worth)
    decision.entries.update(is_in_force=False)
    mails.decision_cancelled(decision, own, by=by, reason=normalize(comment))
    return resting_on(own)


# --- parts ----------------------------------------------------------------------------------------------
def _demand(by: Any) -> None:
    if not rules.has_perm(PREPARE, by):
        raise Refused("Chỉ Văn phòng Sở lập quyết định khen thưởng.")


def _hold_open(decision: Decision, by: Any) -> None:
    lock(decision)
    _demand(by)
    if decision.state not in (Decision.State.DRAFT, Decision.State.QUERIED):
        raise Refused("Chỉ sửa được dự thảo, hoặc hồ sơ cấp trên yêu cầu bổ sung.")


def _add(decision: Decision, nominations: Iterable[Nomination]) -> None:
    wanted = list(nominations)
    free = set(decidable(decision.review, decision.level).values_list("pk", flat=True))
    for one in wanted:
        if one.pk not in free:
            raise Refused(
                f"{one} không đưa vào được: chưa được Hội đồng đề nghị, thuộc cấp khác, hoặc đã ở quyết định khác."
            )
    try:
        with transaction.atomic():
            DecisionEntry.objects.bulk_create(
                DecisionEntry(decision=decision, nomination=one, merit=one.merit) for one in wanted
            )
    except IntegrityError as error:
        raise Refused("Một trường hợp vừa được đưa vào quyết định khác. Hãy tải lại trang.") from error


def _move(decision: Decision, verb: str, *, by: Any, comment: str, version: int | None) -> None:
    DECISION.advance(decision, verb, by=by, comment=comment, version=version)
    decision.version += 1
    decision.save(update_fields=["version"])


def _write(decision: Decision, values: Mapping[str, Any], names: Iterable[str], lacking: str) -> None:
    for name in names:
        setattr(decision, name, values.get(name) or getattr(decision, name))
    if not all(getattr(decision, name) for name in tuple(names)[:2]):
        raise Refused(lacking)
    if "number" in names and not decision.issuer:
        raise Refused(lacking)
    decision.save(update_fields=list(names))


def _check_day(decision: Decision) -> None:
    signed = decision.signed_on
    if signed and signed > clock.today():
        raise Refused("Ngày ký không được sau hôm nay.")
    if signed and signed.year < decision.review.year:
        raise Refused(f"Ngày ký {format_date(signed)} trước năm xét {decision.review.year}.")
    same = Decision.objects.filter(number=decision.number, signed_on=signed, issuer=decision.issuer)
    if same.exclude(pk=decision.pk).exists():
        raise Refused(f"Đã có quyết định {decision.number} ngày {format_date(signed)} trên cổng.")


def _give(decision: Decision, given: Given, by: Any) -> Honour:
    """The register's line, and the ledger's lines of what it rests on."""
    entry, nomination = given.entry, given.entry.nomination
    honour = Honour(
        person=nomination.person,
        unit=nomination.unit,
        award=nomination.award,
        year=decision.review.year,
        occasion=decision.review.occasion,
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
