"""Questions about the open period: until when, who is on the list, who says what, what keeps the council waiting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from awards.eligibility.sources import in_force
from awards.models import (
    Award,
    Comment,
    Complaint,
    Hold,
    Nomination,
    OpenPeriod,
    Review,
    ReviewDeadline,
    figures,
    settings_on,
)
from awards.queries.decisions import held_of
from core import clock
from core.reminding import workdays
from core.workdays import DAY, before_in_words

Stage = Review.State
PUBLIC = (Stage.NOTICE, Stage.COUNCIL, Stage.DECIDING, *Review.OVER)
MIDNIGHT = 24  # the last day counts to its end, in Việt Nam


# --- until when -----------------------------------------------------------------------------------------
def current_period(review: Review) -> OpenPeriod | None:
    """The list that is public now."""
    return review.open_periods.filter(closed_at__isnull=True).first()


def last_period(review: Review) -> OpenPeriod | None:
    return review.open_periods.order_by("-number").first()


def last_day(period: OpenPeriod) -> date | None:
    """The calendar of the review, else the province's number of working days; nothing where neither sets a day.

    A day of the calendar that had passed before the list was published gives nobody time: then the days count.
    """
    due = period.review.deadlines.filter(step=ReviewDeadline.Step.OPEN_PERIOD).first()
    return last_day_of(period.opened_at, period.counted_to, due.due_on if due else None)


def last_day_of(opened_at: datetime, counted_to: date | None, due_on: date | None) -> date | None:
    """The same from plain values: of the list, and of the review's calendar."""
    return due_on if due_on and due_on >= timezone.localdate(opened_at) else counted_to


def counted_from(day: date) -> date | None:
    """The last day of a list that is published on this day, by the province's figure and the office's calendar."""
    days = whole_number("open-period-days", day)
    return None if days is None else workdays().add(day, days)


def too_short(begins: date | None, due: date | None) -> str:
    """Why a calendar gives fewer working days than the province's figure, the first day not counted, in a sentence."""
    days = whole_number("open-period-days", clock.today())
    if begins is None or due is None or days is None:
        return ""
    given = max(workdays().between(begins, due), 0)
    if given >= days:
        return ""
    return (
        f"Từ {begins:%d/%m/%Y} đến hết {due:%d/%m/%Y} chỉ có {given} ngày làm việc công khai lấy ý kiến, quy định của"
        f" tỉnh là {days} ngày; hãy lùi hạn công khai, hoặc ghi lý do công khai ngắn hơn."
    )


def shortened(review: Review, begins: date | None = None) -> str:
    """The same of a review's own calendar: from the last day of verification, or from the day of publishing; nothing
    where its reason is written. A day that has passed when the list is published does not count."""
    due = dict(review.deadlines.values_list("step", "due_on"))
    last = due.get(ReviewDeadline.Step.OPEN_PERIOD)
    if review.period_reason or (begins and last and last < begins):
        return ""
    return too_short(begins or due.get(ReviewDeadline.Step.VERIFICATION), last)


def published_on(review: Review) -> date | None:
    """Since when its list is public."""
    period = current_period(review)
    return timezone.localdate(period.opened_at) if period else None


def publishing_too_short(review: Review) -> Iterable[str]:
    """Published today it would be public for fewer days than it should be."""
    if short := shortened(review, clock.today()):
        yield short


def whole_number(code: str, day: date) -> int | None:
    """A figure of the province as a number of days, or nothing where it sets none."""
    value = settings_on(day).get(code)
    return None if value is None else int(Decimal(str(value)))


def unconfirmed(day: date, *codes: str) -> bool:
    """Whether one of these figures is only our proposal, which the Office has not confirmed."""
    force = in_force(figures(), day)
    return any(code in force and not force[code].is_confirmed for code in codes)


def left_in_words(last: date | None, today: date) -> str:
    """How much time there is to comment."""
    if last is None:
        return "chưa đặt ngày kết thúc"
    if today > last:
        return f"đã hết ngày {last:%d/%m/%Y}"
    if today == last:
        return "hôm nay là ngày cuối"
    count = workdays().between(today, last)
    return f"còn {count} ngày làm việc" if count else "còn những ngày nghỉ cuối cùng"


def comments_closed(review: Review) -> str:
    """Why nobody may comment now, in a sentence; nothing while the list is open."""
    period = current_period(review)
    if review.state != Stage.NOTICE or period is None:
        return "Danh sách không ở bước công khai lấy ý kiến nên không nhận góp ý."
    last = last_day(period)
    if last and clock.today() > last:
        return f"Đã hết thời gian góp ý: cổng nhận ý kiến {before_in_words(last, MIDNIGHT)}."
    return ""


# --- the list -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Listed:
    """One line of the published list. Of a dossier only what everybody may read leaves this module."""

    pk: int
    name: str
    unit: str
    award: str
    merit: str
    hold: Hold | None


def listed(review: Review) -> list[tuple[Award, list[Listed]]]:
    """What is proposed, the highest award first; people by given name, collectives in the order of units."""
    rows = list(
        review.nominations.forwarded()
        .select_related("award", "person", "unit", "proposal__unit")
        .order_by("-award__order", "award", "person__sort_key", "unit__order", "pk")
    )
    held = held_of(rows)
    return [
        (award, [_line(one, held.get(one.pk)) for one in group])
        for award, group in groupby(rows, key=lambda one: one.award)
    ]


def _line(one: Nomination, hold: Hold | None) -> Listed:
    unit = one.proposal.unit
    return Listed(one.pk, str(one.subject), unit.short_name, str(one.award), one.merit, hold)


def is_published(review: Review) -> bool:
    """Whether the list may be read now: it is public, or was when the review went on."""
    return review.state in PUBLIC and review.open_periods.exists()


# --- comments -------------------------------------------------------------------------------------------
def comments_of(review: Review, user: Any) -> QuerySet[Comment]:
    """What this user may read, of this list and of lists that were taken back."""
    return (
        Comment.objects.visible_to(user)
        .filter(period__review=review)
        .select_related(
            "period",
            "nomination__award",
            "nomination__person",
            "nomination__unit",
            "author__person",
            "answered_by__person",
        )
    )


def name_shown(comment: Comment, user: Any) -> str:
    """Who wrote it, for those who may know."""
    if comment.author_id == user.pk:
        return "Bạn"
    if user.acting.reads_everything or comment.is_named:
        return comment.author.display_name
    return "Một người làm việc tại Sở"


def unanswered_comments(review: Review) -> QuerySet[Comment]:
    """Of all times in which the list was public: what was said of a list that was taken back is answered too."""
    return Comment.objects.filter(period__review=review, state=Comment.State.SENT)


# --- complaints -----------------------------------------------------------------------------------------
DAYS = (
    *(f"{kind}-{step}-days" for kind in Complaint.Kind for step in ("accept", "resolve", "extend")),
    "complaint-days-counted",
    "complaint-term-days",
)


def open_complaints(review: Review) -> QuerySet[Complaint]:
    """Received or being handled."""
    return Complaint.objects.open().filter(review=review)


def term(kind: str, step: str, on: date, since: date | None = None) -> date | None:
    """The last day of a step (accept, resolve, extend) by the figure of that day for this kind of đơn; the term begins
    the day after, and its days are counted as the province says."""
    count, since = whole_number(f"{kind}-{step}-days", on), since or on
    if count is None:
        return None
    if settings_on(on).get("complaint-days-counted") == "working":
        return workdays().add(since, count)
    return workdays().on_or_after(since + count * DAY)


def not_extended_because(complaint: Complaint) -> str:
    """Why its term cannot be extended, in a sentence; nothing where it can."""
    if complaint.extended_from:
        return (
            f"Thời hạn giải quyết đơn này đã được gia hạn một lần, từ ngày {complaint.extended_from:%d/%m/%Y} đến hết"
            f" ngày {complaint.resolve_by:%d/%m/%Y}; không gia hạn lần nữa, không rút lại."
        )
    if complaint.state != Complaint.State.ACCEPTED or complaint.resolve_by is None:
        return "Chỉ gia hạn đơn đang giải quyết và có hạn giải quyết."
    latest = latest_extension(complaint)
    if latest is None or latest <= complaint.resolve_by:
        return (
            f"Tỉnh chưa quy định số ngày gia hạn giải quyết {complaint.get_kind_display().lower()} nên không gia hạn"
            " được."
        )
    return ""


def latest_extension(complaint: Complaint) -> date | None:
    """The last day to which the term of its resolution may be extended."""
    return term(complaint.kind, "extend", clock.today(), complaint.resolve_by)


def complaints_closed(review: Review, on: date) -> str:
    """Why a complaint that came on this day is not taken, in a sentence; nothing where it is."""
    never_public = review.state == Stage.STOPPED and not review.open_periods.exists()
    if review.state not in PUBLIC or never_public:
        return "Chỉ nhận đơn từ khi danh sách đề nghị được công khai."
    ended = review.ended_on
    days = whole_number("complaint-term-days", ended) if ended else None
    if ended and days is not None and on > ended + days * DAY:
        return (
            f"Đợt bình xét kết thúc ngày {ended:%d/%m/%Y}; cổng nhận đơn đến hết ngày"
            f" {ended + days * DAY:%d/%m/%Y}. Đơn sau ngày đó gửi trực tiếp Văn phòng Sở."
        )
    return ""


def complained_of(review: Review, user: Any, *, all_of_review: bool) -> QuerySet[Nomination]:
    """Dossiers that a complaint may name: those on the published list and one's own; for the Office all."""
    rows = review.nominations.standing().select_related("person", "unit", "award", "proposal__unit")
    if not all_of_review:
        shown = review.nominations.forwarded().values("pk") if is_published(review) else []
        rows = rows.filter(Q(pk__in=shown) | Q(person_id=user.acting.person_id))
    return rows.order_by("-award__order", "person__sort_key", "unit__order", "pk")


# --- what keeps the council waiting ---------------------------------------------------------------------
def unsettled(review: Review) -> list[str]:
    """Why the list cannot go to the council yet."""
    found = []
    period, today = current_period(review), clock.today()
    last = last_day(period) if period else None
    if last and today <= last:
        found.append(f"Danh sách còn công khai lấy ý kiến {before_in_words(last, MIDNIGHT)}.")
    waiting = unanswered_comments(review).count()
    if waiting:
        found.append(f"Còn {waiting} ý kiến góp ý chưa được trả lời.")
    forwarded = review.nominations.forwarded().values("pk")
    about = open_complaints(review).filter(nomination__in=forwarded).select_related("nomination")
    rows = {one.nomination.pk: one.nomination for one in about if one.nomination}
    held = held_of(rows.values())
    count = sum(one.nomination_id not in held for one in about)
    if count:
        found.append(
            f"Còn {count} đơn khiếu nại, kiến nghị, tố cáo về hồ sơ trong danh sách chưa giải quyết xong; hãy giải"
            " quyết, hoặc tạm dừng xét người, tập thể đó."
        )
    return found
