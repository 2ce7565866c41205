"""Comments that wait for an answer, complaints that wait to be handled: first pages and reminders by the same lines.

Read once for everybody in a fixed number of questions; whom a thing waits for the rules tell without the database.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import rules
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from awards.models import Comment, Complaint, DecisionEntry, OpenPeriod, Review, ReviewDeadline
from awards.queries.notices import last_day_of
from awards.rules import Deciders, deciders_today
from core import clock
from core.agenda import Task
from organization import roles
from organization.reminders import everybody

COMMENTS, COMPLAINTS = "comments", "complaints"
# The stages that people are reminded of, by the codes of the reminder plans.
STAGES = (COMMENTS, COMPLAINTS)
MOST = 50  # complaints that are told to one person
WORDS = {
    Complaint.State.RECEIVED: ("Thụ lý đơn", "Đơn mới nhận, chưa thụ lý.", "Xem xét"),
    Complaint.State.ACCEPTED: ("Giải quyết đơn", "Đơn đã thụ lý, chưa giải quyết.", "Giải quyết"),
    Complaint.State.FORWARDED: (
        "Theo dõi cấp trên trả lời đơn",
        "Đơn đã chuyển cấp trên, chưa ghi trả lời.",
        "Xem",
    ),
}
TO_FORWARD = ("Chuyển cấp trên đơn", "Đơn không ai của Sở giải quyết được, chưa chuyển cấp trên.", "Xem xét")


class Line(NamedTuple):
    """One thing that waits for somebody, and the comments or the complaint that it is about."""

    stage: str
    task: Task
    about: tuple[Any, ...]


# --- what is read ---------------------------------------------------------------------------------------
def _comments() -> QuerySet[Comment]:
    """With the last day of the review's latest list: by then all that was said is answered, of earlier lists too."""
    latest = OpenPeriod.objects.filter(review=OuterRef("period__review")).order_by("-number")
    due = ReviewDeadline.objects.filter(
        review=OuterRef("period__review"), step=ReviewDeadline.Step.OPEN_PERIOD
    )
    rows = Comment.objects.filter(state=Comment.State.SENT).exclude(period__review__state__in=Review.OVER)
    return (
        rows.select_related("period__review", "nomination")
        .annotate(
            list_opened=Subquery(latest.values("opened_at")[:1]),
            list_counted=Subquery(latest.values("counted_to")[:1]),
            list_due=Subquery(due.values("due_on")[:1]),
        )
        .order_by("period__review", "pk")
    )


def _complaints() -> QuerySet[Complaint]:
    rows = Complaint.objects.open().select_related("review", "nomination", "decision")
    return rows.order_by("pk")


class Unanswered:
    """What waits today. ``of`` tells what waits for one user."""

    def __init__(self, deciders: Deciders | None = None) -> None:
        """``deciders`` are given where a rule needs them for many: they are read once for all."""
        self.by_review: dict[int, list[Comment]] = {}
        for one in _comments():
            self.by_review.setdefault(one.period.review_id, []).append(one)
        self.complaints = with_lists(_complaints())
        said = [one for rows in self.by_review.values() for one in rows]
        for document in (*said, *self.complaints) if deciders else ():
            document.__dict__["deciders"] = deciders

    def of(self, user: Any) -> Iterator[Line]:
        acting = user.acting
        answers = acting.is_(roles.OFFICE) or acting.heads_the_agency
        for rows in self.by_review.values() if answers else ():
            mine = tuple(one for one in rows if rules.has_perm("awards.answer_comment", user, one))
            if mine:
                yield Line(COMMENTS, _answer(mine), mine)
        for _, one in zip(range(MOST), self._to_handle(user), strict=False):
            yield Line(COMPLAINTS, _handle(one, user), (one,))

    def _to_handle(self, user: Any) -> Iterator[Complaint]:
        """What was given to somebody waits for him, no longer for the Director who has given it."""
        for one in self.complaints:
            left = one.handler_id in (None, user.pk) or user.acting.is_(roles.OFFICE)
            if left and rules.has_perm("awards.forward_complaint", user, one):
                yield one


def with_lists(rows: Iterable[Complaint]) -> list[Complaint]:
    """Who is on the lists of the decisions that are complained of, in one question for all."""
    found = list(rows)
    people: dict[int, set[int | None]] = {one.decision_id: set() for one in found if one.decision_id}
    entries = DecisionEntry.objects.filter(decision__in=people).order_by()
    for decision, person in entries.values_list("decision", "nomination__person") if people else ():
        people[decision].add(person)
    for one in found:
        if one.decision:
            one.decision.people = frozenset(people[one.decision.pk])
    return found


# --- in words -------------------------------------------------------------------------------------------
def _answer(comments: tuple[Comment, ...]) -> Task:
    review, count = comments[0].period.review, len(comments)
    return Task(
        title=f"Trả lời ý kiến góp ý: {review.title}",
        detail=f"{count} ý kiến về danh sách công khai chưa được trả lời.",
        href=f"{reverse('awards:comment_list', args=[review.pk])}?tinh-trang={Comment.State.SENT}",
        verb="Trả lời",
        due=_last_day(comments[0]),
        count=count,
    )


def _last_day(comment: Any) -> date | None:
    return last_day_of(comment.list_opened, comment.list_counted, comment.list_due)


def _handle(one: Complaint, user: Any) -> Task:
    state = Complaint.State(one.state)
    title, detail, verb = WORDS[state]
    if state != Complaint.State.FORWARDED and not rules.has_perm("awards.handle_complaint", user, one):
        title, detail, verb = TO_FORWARD
    return Task(
        title=f"{title} {one.get_kind_display().lower()}: {one.review.title}",
        detail=detail,
        href=reverse("awards:complaint_detail", args=[one.pk]),
        verb=verb,
        due=one.due,
        is_waiting_for_me=state != Complaint.State.FORWARDED,
    )


def tasks_of(user: Any) -> list[Task]:
    """What of it waits for this user."""
    acting = user.acting
    supervises = acting.heads_the_agency or acting.is_(roles.INSPECTOR)
    if (
        not supervises
        and not acting.is_(roles.OFFICE)
        and not Complaint.objects.open().filter(handler=user).exists()
    ):
        return []
    return [line.task for line in Unanswered(deciders_today() if supervises else None).of(user)]


def who_may_take(complaint: Complaint, by: Any) -> list[tuple[str, str]]:
    """Whom the Director may name for it: everybody with an account who is not concerned, with post and unit."""
    [complaint] = with_lists([complaint])
    return [
        (str(one.pk), f"{one.display_name} – {one.acting.label}")
        for one in everybody(clock.today())
        if one.pk != by.pk and rules.has_perm("awards.take_complaint", one, complaint)
    ]
