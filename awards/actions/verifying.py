"""What the Office does with handed-in dossiers: judge each, flag points, return, finish, reopen; the whole list."""

from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.actions.proposals import lock_both
from awards.eligibility.findings import State
from awards.models import Flag, Nomination, Proposal, Review
from awards.queries.nominations import assessed
from awards.queries.occasions import KEPT, keep_kind
from awards.queries.repeats import repeats_of, unanswered
from awards.queries.reviews import rulebook_of
from awards.workflow import PROPOSAL
from core import clock
from core.journal import record, record_many
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, check_version, lock

Verdict = Nomination.Verdict
LABELS = {
    Verdict.ACCEPTED: "Thẩm định: đủ điều kiện",
    Verdict.EXCEPTION: "Thẩm định: trình ngoại lệ",
    Verdict.REJECTED: "Thẩm định: không đủ điều kiện",
    Verdict.PENDING: "Bỏ kết luận thẩm định",
}


@transaction.atomic
def judge_dossier(
    nomination: Nomination,
    verdict: str,
    *,
    by: Any,
    reason: str = "",
    distinct: str | None = None,
    version: int | None = None,
) -> None:
    """Accept, reject with a reason, or send on with a reason what does not meet the rules. ``distinct``: why it is not
    the achievement of another form of the year; without it what was said before stands."""
    _hold(nomination, by)
    check_version(nomination, version)
    if verdict not in LABELS:
        raise Refused("Hãy chọn kết luận thẩm định.")
    kept = normalize(reason)
    if verdict in (Verdict.EXCEPTION, Verdict.REJECTED) and not kept:
        raise Refused("Hãy ghi lý do của kết luận này.")
    judged = verdict in (Verdict.ACCEPTED, Verdict.EXCEPTION)
    today = assessed(nomination.review, [nomination]).get(nomination.pk) if judged else None
    state = today.state if today else State.OPEN
    if verdict == Verdict.ACCEPTED and state is State.OPEN and not kept:
        raise Refused("Còn điều kiện cần người xác nhận; hãy xác nhận ở trang khả năng xét, hoặc ghi căn cứ.")
    if verdict == Verdict.ACCEPTED and state is State.UNMET:
        raise Refused(
            "Hồ sơ chưa đủ điều kiện theo quy định; chỉ trình ngoại lệ (ghi lý do) hoặc kết luận không đủ điều kiện."
        )
    apart = nomination.distinct_because if distinct is None else normalize(distinct)
    if (nomination.verdict, nomination.verdict_reason, nomination.distinct_because) == (verdict, kept, apart):
        raise AlreadyDone("Hồ sơ đã có kết luận này rồi.")
    same = repeats_of([nomination]) if verdict in (Verdict.ACCEPTED, Verdict.EXCEPTION) and not apart else {}
    if same:
        raise Refused(
            f"Lời ghi thành tích trùng hoặc gần trùng với: {'; '.join(same[nomination.pk])}. Không khen nhiều lần cho"
            " một thành tích: hãy trả lại đơn vị, hoặc ghi vì sao không phải một thành tích."
        )
    said = [kept, f"Không trùng thành tích: {apart}"] if apart != nomination.distinct_because else [kept]
    nomination.verdict, nomination.verdict_reason, nomination.distinct_because = verdict, kept, apart
    if judged:
        keep_kind(nomination.review, nomination, today, rulebook_of(nomination.review))
    nomination.version += 1
    nomination.save(update_fields=["verdict", "verdict_reason", "distinct_because", "version", *KEPT])
    if verdict != Verdict.PENDING:
        nomination.flags.filter(closed_at=None).update(closed_at=clock.now())
    record(
        nomination, "verdict", by=by, label=LABELS[Verdict(verdict)], comment="\n".join(filter(None, said))
    )


@transaction.atomic
def accept_rest(proposal: Proposal, *, by: Any, reason: str = "", version: int | None = None) -> int:
    """Accept all dossiers of a proposal that nobody has judged yet and that meet the rules; with a reason also those
    where a person has to say something. The others, one's own among them, stay for a judgement one by one."""
    lock(proposal.review)
    lock(proposal)
    check_version(proposal, version)
    kept = normalize(reason)
    waiting = proposal.nominations.standing().filter(verdict=Verdict.PENDING).order_by("pk")
    rows = list(
        waiting.select_for_update(of=("self",)).select_related(
            "award", "person", "unit", "proposal", "review"
        )
    )
    today, same = assessed(proposal.review, rows), unanswered(rows)
    wanted = (State.MET, State.OPEN) if kept else (State.MET,)
    rows = [
        one
        for one in rows
        if one.pk in today
        and one.pk not in same
        and today[one.pk].state in wanted
        and rules.has_perm("awards.verify_dossier", by, one)
    ]
    if proposal.review.state != Review.State.OPEN or proposal.state != Proposal.State.SUBMITTED:
        raise Refused("Chỉ thẩm định hồ sơ đã trình, khi đợt đang ở bước đơn vị đề nghị.")
    if not rules.has_perm("awards.verify_proposal", by, proposal):
        raise Refused("Chỉ Văn phòng Sở thẩm định, trừ người đã ký trình.")
    if not rows:
        more = "" if kept else " Hồ sơ còn điều kiện cần người xác nhận thì phải ghi căn cứ."
        raise Refused(f"Không còn hồ sơ nào đủ điều kiện để kết luận một lượt.{more}")
    book = rulebook_of(proposal.review)
    for one in rows:
        one.verdict, one.verdict_reason = Verdict.ACCEPTED, kept
        keep_kind(proposal.review, one, today[one.pk], book)
        one.version += 1
    Nomination.objects.bulk_update(rows, ["verdict", "verdict_reason", "version", *KEPT], batch_size=200)
    record_many(rows, "verdict", by=by, label=LABELS[Verdict.ACCEPTED], comment=kept)
    return len(rows)


@transaction.atomic
def flag_point(nomination: Nomination, point: str, text: str, *, by: Any) -> Flag:
    """Ask the unit to put a point right; it is asked when the proposal is returned."""
    _hold(nomination, by)
    kept = normalize(text)
    if point not in Flag.Point.values or not kept:
        raise Refused("Hãy chọn nội dung và ghi yêu cầu hoàn thiện.")
    if nomination.flags.filter(point=point, text=kept, closed_at=None).exists():
        raise AlreadyDone("Yêu cầu này đã được ghi.")
    flag = Flag.objects.create(nomination=nomination, point=point, text=kept, raised_by=by)
    nomination.verdict, nomination.verdict_reason = Verdict.FLAGGED, ""
    nomination.version += 1
    nomination.save(update_fields=["verdict", "verdict_reason", "version"])
    record(nomination, "flag", by=by, label=f"Yêu cầu hoàn thiện: {flag.get_point_display()}", comment=kept)
    return flag


@transaction.atomic
def return_proposal(proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None) -> None:
    _move(proposal, "return_proposal", by=by, comment=comment, version=version)
    mails.proposal_returned(proposal, by=by)


@transaction.atomic
def verify(proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None) -> None:
    _move(proposal, "verify", by=by, comment=comment, version=version)
    mails.proposal_verified(proposal, by=by)


@transaction.atomic
def reopen_verification(
    proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None
) -> None:
    _move(proposal, "reopen_verification", by=by, comment=comment, version=version)


@transaction.atomic
def explain_list(review: Review, reason: str, *, by: Any, version: int | None = None) -> None:
    """Why the whole list is over a quota or the leaders' share."""
    if not rules.has_perm("awards.prepare_review", by):
        raise Refused("Chỉ Văn phòng Sở giải trình cho cả danh sách.")
    lock(review)
    if review.state != Review.State.OPEN:
        raise Refused("Đợt bình xét không còn ở bước đơn vị đề nghị.")
    check_version(review, version)
    kept = normalize(reason)
    if review.list_reason == kept:
        return
    review.list_reason = kept
    review.version += 1
    review.save(update_fields=["list_reason", "version"])
    record(review, "explain_list", by=by, label="Giải trình vượt chỉ tiêu, cơ cấu", comment=kept)


def _hold(nomination: Nomination, by: Any) -> None:
    lock_both(nomination)
    proposal = nomination.proposal
    if nomination.review.state != Review.State.OPEN or proposal.state != Proposal.State.SUBMITTED:
        raise Refused("Chỉ thẩm định hồ sơ đã trình, khi đợt đang ở bước đơn vị đề nghị.")
    if not rules.has_perm("awards.verify_dossier", by, nomination):
        raise Refused(
            "Bạn không thẩm định được hồ sơ này: việc của Văn phòng Sở, không phải của chính mình hay của người đã ký"
            " trình."
        )
    if nomination.withdrawn_at:
        raise Refused("Hồ sơ đã được đơn vị rút.")


def _move(proposal: Proposal, verb: str, *, by: Any, comment: str = "", version: int | None = None) -> None:
    lock(proposal.review)
    PROPOSAL.advance(proposal, verb, by=by, comment=normalize(comment), version=version)
    proposal.version += 1
    proposal.save(update_fields=["version"])
