"""The Office chooses for which kind of commendation a dossier is given, where the standard leaves a choice."""

from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.actions.proposals import lock_both
from awards.eligibility.facts import OCCASIONS
from awards.models import Decision, Nomination, Proposal, Review
from awards.queries.nominations import assessed
from awards.queries.occasions import KEPT, given_for, keep_kind
from awards.queries.reviews import rulebook_of
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, check_version, lock

PERMISSION = "awards.choose_occasion"


@transaction.atomic
def choose_occasion(
    nomination: Nomination, occasion: str, *, reason: str, by: Any, version: int | None = None
) -> None:
    """Say for what it is given, before the signed decision enters the register; nothing chosen: as it is judged."""
    lock_both(nomination)
    entries = list(nomination.entries.filter(is_in_force=True).select_related("decision"))
    for entry in entries:
        lock(entry.decision)
    if not rules.has_perm(PERMISSION, by, nomination):
        raise Refused(
            "Chỉ Văn phòng Sở chọn loại khen thưởng, và không phải cho hồ sơ của chính mình, của tập thể mình đứng đầu."
        )
    if nomination.withdrawn_at or nomination.proposal.state not in (
        Proposal.State.SUBMITTED,
        Proposal.State.VERIFIED,
    ):
        raise Refused("Chỉ chọn loại khen thưởng của hồ sơ đã trình.")
    if nomination.review.state == Review.State.CLOSED and not entries:
        raise Refused(
            "Đợt bình xét đã kết thúc; chỉ chọn loại khen thưởng của hồ sơ có trong dự thảo chưa ký."
        )
    if nomination.review.state == Review.State.STOPPED:
        raise Refused("Đợt bình xét đã dừng.")
    if any(entry.decision.state == Decision.State.ISSUED for entry in entries):
        raise Refused("Đã có quyết định khen thưởng nên không đổi loại khen được nữa.")
    check_version(nomination, version)
    kept = normalize(reason)
    if not kept:
        raise Refused("Hãy ghi lý do chọn loại khen thưởng.")
    wanted = (occasion, kept if occasion else "")
    if (nomination.occasion_choice, nomination.occasion_reason) == wanted:
        raise AlreadyDone("Hồ sơ đã được ghi như vậy rồi.")
    book = rulebook_of(nomination.review)
    assessment = assessed(nomination.review, [nomination]).get(nomination.pk)
    if occasion and occasion not in given_for(nomination.review, nomination, assessment, book).choices:
        named = OCCASIONS.get(occasion, occasion)
        raise Refused(f"Hồ sơ không khen {named} được: không đạt tiêu chuẩn nào của loại khen này.")
    before = nomination.occasion
    nomination.occasion_choice, nomination.occasion_reason = wanted
    keep_kind(nomination.review, nomination, assessment, book)
    nomination.version += 1
    nomination.save(update_fields=[*KEPT, "occasion_choice", "occasion_reason", "version"])
    label = (
        f"Chọn loại khen thưởng: {OCCASIONS[nomination.occasion]}" if occasion else "Bỏ chọn loại khen thưởng"
    )
    data = {"before": before, "after": nomination.occasion}
    record(nomination, "choose_occasion", by=by, label=label, comment=kept, data=data)
    mails.occasion_chosen(nomination, by=by)
    for entry in entries:
        record(entry.decision, "choose_occasion", by=by, label=f"{label} – {nomination}", comment=kept)
