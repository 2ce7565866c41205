"""Which units take part in a review, and which papers it wants beside those of the law."""

from collections.abc import Collection, Iterable
from typing import Any

import rules
from django.db import transaction

from awards.eligibility.provisions import PAPERS
from awards.models import Review
from core.journal import record
from core.workflow import Refused, check_version, lock
from organization.models import Unit


@transaction.atomic
def set_scope(
    review: Review,
    *,
    left_out: Iterable[Unit],
    papers: Collection[str],
    by: Any,
    version: int | None = None,
) -> None:
    """Until the units have answered: who has a proposal already stays in. The same again changes nothing."""
    if not rules.has_perm("awards.prepare_review", by):
        raise Refused("Chỉ Văn phòng Sở đặt phạm vi của đợt bình xét.")
    lock(review)
    check_version(review, version)
    if review.state not in (Review.State.PLANNED, Review.State.OPEN):
        raise Refused("Đơn vị đã đề nghị xong nên không đổi phạm vi của đợt được nữa.")
    units = sorted(left_out, key=lambda one: one.pk)
    begun = review.proposals.filter(unit__in=units).select_related("unit")
    if begun:
        named = ", ".join(one.unit.short_name for one in begun)
        raise Refused(f"Đã có tờ trình nên không để ngoài đợt được: {named}.")
    kept = [code for code in PAPERS if code in papers]
    before = list(review.left_out.order_by("pk"))
    if before == units and review.papers == kept:
        return
    review.left_out.set(units)
    review.papers, review.version = kept, review.version + 1
    review.save(update_fields=["papers", "version"])
    said = [
        f"Đơn vị không tham gia: {', '.join(one.short_name for one in units) or 'không có'}",
        f"Giấy tờ cần thêm: {', '.join(PAPERS[code] for code in kept) or 'không có'}",
    ]
    record(review, "set_scope", by=by, label="Đặt phạm vi của đợt", comment="\n".join(said))
