"""The open period: the list is published and taken back with the review; comments come, are answered or taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.models import Comment, Nomination, OpenPeriod, Review
from awards.queries.notices import comments_closed, counted_from, current_period, last_day
from awards.workflow import COMMENT
from core import clock
from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import AlreadyDone, Refused, lock

OPENING = ("publish_notice", "return_to_notice")
CLOSING = ("withdraw_notice", "call_council", "stop_review")
Verdict = Comment.Verdict


def note_publication(review: Review, verb: str, *, by: Any) -> None:
    """Part of the review's own step, which holds its row: when its list became public, and until when it was."""
    if verb in CLOSING:
        review.open_periods.filter(closed_at__isnull=True).update(closed_at=clock.now())
    if verb in OPENING:
        OpenPeriod.objects.create(
            review=review,
            number=review.open_periods.count() + 1,
            opened_at=clock.now(),
            opened_by=by,
            counted_to=counted_from(clock.today()),
        )


@contextmanager
def never_shortened(review: Review) -> Iterator[None]:
    """Around a change of the review's calendar: what was told when the list was published may only be prolonged."""
    period = current_period(review)
    before = last_day(period) if period else None
    yield
    after = last_day(period) if period else None
    if before and after and after < before:
        raise Refused(
            f"Danh sách đã được công khai đến hết ngày {format_date(before)}; hạn lấy ý kiến chỉ gia hạn,"
            " không rút ngắn."
        )


@transaction.atomic
def send_comment(
    review: Review, text: str, *, by: Any, nomination: Nomination | None = None, is_named: bool = False
) -> Comment:
    """Say something of one dossier on the published list, or of the whole list, while it is open."""
    lock(review)
    if not rules.has_perm("awards.comment", by):
        raise Refused("Chỉ người đang làm việc tại Sở góp ý được.")
    if closed := comments_closed(review):
        raise Refused(closed)
    period = current_period(review)
    kept = normalize(text)
    if not kept or period is None:
        raise Refused("Hãy ghi nội dung góp ý.")
    if nomination and not review.nominations.forwarded().filter(pk=nomination.pk).exists():
        raise Refused("Hồ sơ này không có trong danh sách đang công khai.")
    same = period.comments.filter(author=by, nomination=nomination, text=kept)
    if same.exclude(state=Comment.State.TAKEN_BACK).exists():
        raise AlreadyDone("Bạn đã gửi ý kiến này rồi.")
    made = Comment.objects.create(
        period=period,
        nomination=nomination,
        author=by,
        text=kept,
        is_named=is_named,
        sent_at=clock.now(),
    )
    record(made, "send", by=by, label="Gửi ý kiến góp ý", after=made.state)
    mails.comment_came(made)
    return made


@transaction.atomic
def answer(
    said: Comment,
    *,
    verdict: str,
    text: str,
    is_published: bool,
    by: Any,
    version: int | None = None,
) -> None:
    """Accepted, and what follows; or not accepted, and why. Others read both only when they are published."""
    lock(said)
    if said.state == Comment.State.SENT:
        if verdict not in (Verdict.ACCEPTED, Verdict.DECLINED):
            raise Refused("Hãy chọn tiếp thu hay không tiếp thu.")
        if not normalize(text):
            raise Refused("Hãy ghi câu trả lời: tiếp thu thì làm gì, không tiếp thu thì vì sao.")
        said.verdict, said.answer, said.is_published = verdict, normalize(text), is_published
        said.answered_by, said.answered_at = by, clock.now()
        said.save()
    _move(said, "answer", by=by, version=version)
    mails.comment_answered(said)


@transaction.atomic
def take_back(said: Comment, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The author no longer says it; possible until it is answered."""
    _move(said, "take_back", by=by, version=version)


@transaction.atomic
def reopen_answer(said: Comment, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """An answer that has to be given again; until then nobody else reads the comment."""
    lock(said.period.review)  # together with the move to the council one of the two waits
    _move(said, "reopen_answer", by=by, text=normalize(comment), version=version)
    said.is_published = False
    said.save(update_fields=["is_published"])


def _move(said: Comment, verb: str, *, by: Any, version: int | None, text: str = "") -> None:
    COMMENT.advance(said, verb, by=by, comment=text, version=version)
    said.version += 1
    said.save(update_fields=["version"])
