"""What the acts on decisions share."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import rules
from django.db import IntegrityError, transaction

from awards.models import CouncilSession, Decision
from awards.queries.giving import PENDING, judged, obstacles
from awards.workflow import DECISION
from core import clock
from core.vietnamese import format_date
from core.workflow import Refused

PREPARE = "awards.prepare_decision"
HEAD = ("title", "basis", "issuer", "signer_title", "signer_name")
OF_LETTER = ("letter_number", "letter_date")
OF_PAPER = ("number", "signed_on", *HEAD[2:])


def demand(by: Any) -> None:
    if not rules.has_perm(PREPARE, by):
        raise Refused("Chỉ Văn phòng Sở lập quyết định khen thưởng.")


def move(decision: Decision, verb: str, *, by: Any, comment: str, version: int | None) -> None:
    """The guard knows no reader: who may read the complaint that keeps the list waiting is told whose it is."""
    try:
        DECISION.advance(decision, verb, by=by, comment=comment, version=version)
    except Refused as refusal:
        if PENDING not in refusal.reasons:
            raise
        others = [one for one in refusal.reasons if one != PENDING]
        told = obstacles(decision, judged(decision, by))
        raise Refused(*dict.fromkeys([*others, *told])) from refusal
    decision.version += 1
    decision.save(update_fields=["version"])


def write(decision: Decision, values: Mapping[str, Any], names: Iterable[str], lacking: str) -> None:
    for name in names:
        setattr(decision, name, values.get(name) or getattr(decision, name))
    if not all(getattr(decision, name) for name in tuple(names)[:2]):
        raise Refused(lacking)
    if "number" in names and not decision.issuer:
        raise Refused(lacking)
    save_paper(decision, names)


def save_paper(decision: Decision, names: Iterable[str]) -> None:
    """Of two papers noted at once under one number one wins."""
    try:
        with transaction.atomic():
            decision.save(update_fields=list(names))
    except IntegrityError as error:
        raise Refused(
            f"Đã có quyết định {decision.number} cùng ngày, cùng cơ quan ban hành trên cổng."
        ) from error


def check_letter(decision: Decision) -> None:
    day = decision.letter_date
    if day and day > clock.today():
        raise Refused("Ngày tờ trình không được sau hôm nay.")
    _after_council(decision, day, "Ngày tờ trình")


def check_day(decision: Decision) -> None:
    """Signed when everything that comes before it was over, and not under a number that is taken."""
    signed, review = decision.signed_on, decision.review
    if signed is None:
        return
    if signed > clock.today():
        raise Refused("Ngày ký không được sau hôm nay.")
    if signed.year < review.year:
        raise Refused(f"Ngày ký {format_date(signed)} trước năm xét {review.year}.")
    if review.letter_date and signed < review.letter_date:
        raise Refused(
            f"Ngày ký {format_date(signed)} trước văn bản mở đợt bình xét ({format_date(review.letter_date)})."
        )
    _after_council(decision, signed, "Ngày ký")
    if decision.letter_date and signed < decision.letter_date:
        raise Refused(
            f"Ngày ký {format_date(signed)} trước ngày tờ trình ({format_date(decision.letter_date)})."
        )
    same = Decision.objects.filter(number=decision.number, signed_on=signed, issuer=decision.issuer)
    if same.exclude(pk=decision.pk).exists():
        raise Refused(f"Đã có quyết định {decision.number} ngày {format_date(signed)} trên cổng.")


def _after_council(decision: Decision, day: date | None, what: str) -> None:
    """Of the sessions that have concluded somebody on the list the last one counts."""
    wanted = decision.entries.filter(is_in_force=True).values("nomination")
    held = CouncilSession.objects.filter(state=CouncilSession.State.CLOSED, items__nomination__in=wanted)
    last = held.order_by("-held_on").first()
    if day and last and day < last.held_on:
        raise Refused(
            f"{what} {format_date(day)} trước {str(last)[:1].lower()}{str(last)[1:]} ({format_date(last.held_on)})."
        )
