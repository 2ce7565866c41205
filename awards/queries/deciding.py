"""What waits at the end of a review: decisions to make and to follow, who was put aside, who was disciplined since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import reverse

from awards.models import Decision, DecisionEntry, Discipline, Nomination, Review
from awards.queries.decisions import held_of, put_aside
from awards.queries.giving import complaints_on
from awards.queries.waiting import Running, Step, Waiting
from core.agenda import Task
from core.prepared import Prepared

State = Decision.State


def _undecided() -> QuerySet:
    rows = Nomination.objects.undecided().filter(review__in=Review.objects.may_be_decided())
    return rows.order_by().values_list("review").annotate(Count("pk"))


def _unfinished() -> QuerySet:
    states = (State.DRAFT, State.SENT, State.QUERIED)
    rows = Decision.objects.filter(state__in=states, review__in=Review.objects.may_be_decided())
    return rows.order_by().values_list("review", "state").annotate(Count("pk"))


def _aside() -> QuerySet:
    rows = put_aside().filter(decision__review__in=Review.objects.may_be_decided())
    return rows.select_related("nomination").order_by("pk")


def _disciplined() -> QuerySet:
    over = (Review.State.PLANNED, *Review.OVER)
    since = Nomination.objects.filter(person__disciplines__decided_on__year__gt=F("review__year"))
    rows = Nomination.objects.unsigned().filter(pk__in=since.values("pk")).exclude(review__state__in=over)
    return rows.order_by().values_list("review").annotate(Count("person", distinct=True))


UNDECIDED, UNFINISHED = Prepared(_undecided), Prepared(_unfinished)
ASIDE, DISCIPLINED = Prepared(_aside), Prepared(_disciplined)


def of_decisions(reviews: Iterable[Running]) -> list[Waiting]:
    """What is to be decided, drafted and not signed, or has gone up; also what is drafted after the end of a review."""
    left = dict(UNDECIDED.ask())
    unfinished = {(pk, state): count for pk, state, count in UNFINISHED.ask()}
    found = []
    for review in reviews:
        drafts, sent, queried = (
            unfinished.get((review.pk, state), 0) for state in (State.DRAFT, State.SENT, State.QUERIED)
        )
        href, due = reverse("awards:decision_list", args=[review.pk]), review.decided_by
        said = [f"{left[review.pk]} trường hợp chưa có quyết định, tờ trình"] if review.pk in left else []
        said += [f"{drafts} dự thảo{review.when} chưa ghi đã ký, đã trình"] if drafts else []
        if said:
            task = Task(f"Ra quyết định: {review.title}", _sentence(said), href, "Mở", due=due)
            found.append(Waiting(Step.DECISION, task, review.pk))
        said = [f"cấp trên yêu cầu bổ sung {queried} hồ sơ{review.when}"] if queried else []
        said += [f"{sent} hồ sơ{review.when} đang chờ cấp trên trả lời"] if sent else []
        if said:
            title = f"Theo dõi hồ sơ trình tỉnh: {review.title}"
            follow = Task(title, _sentence(said), href, "Xem", is_waiting_for_me=False)
            # What has gone up waits for the level above; what it has asked for waits here.
            task = Task(title, _sentence(said), href, "Bổ sung", due=due) if queried else follow
            found.append(Waiting(Step.DECISION, task, review.pk))
    return found


def released(reviews: Iterable[Running]) -> list[Waiting]:
    """Put aside when the paper was noted, and stopped by no hold and no complaint any more."""
    known = {one.pk: one for one in reviews}
    rows = ASIDE.rows() if known else []
    nominations = [one.nomination for one in rows]
    stopped = {*held_of(nominations), *complaints_on(nominations)} if rows else set()
    free: dict[int, list[DecisionEntry]] = {}
    for one in rows:
        if one.nomination_id not in stopped:
            free.setdefault(one.nomination.review_id, []).append(one)
    return [_to_enter(known[pk], entries) for pk, entries in free.items() if pk in known]


def _to_enter(review: Running, entries: list[DecisionEntry]) -> Waiting:
    papers = {one.decision_id for one in entries}
    href = reverse("awards:decision_list", args=[review.pk])
    if len(papers) == 1:
        href = reverse("awards:decision_detail", args=[*papers])
    task = Task(
        f"Ghi vào Sổ khen thưởng hoặc ghi không khen thưởng: {review.title}",
        f"{len(entries)} trường hợp để lại khi ghi quyết định, nay không còn tạm dừng xét, không có đơn.",
        href,
        "Mở",
        due=review.decided_by,
        count=len(entries),
    )
    return Waiting(Step.DECISION, task, review.pk)


def disciplined(reviews: Iterable[Running]) -> list[Waiting]:
    """Disciplined after the year, before anything was signed: the law is silent, so it is told and people decide."""
    known = {one.pk: one for one in reviews}
    found = []
    for pk, people in DISCIPLINED.ask() if known else ():
        if pk in known:
            review = known[pk]
            task = Task(
                f"Kỷ luật sau năm xét, Văn phòng Sở cân nhắc: {review.title}",
                f"{people} người được đề nghị có quyết định kỷ luật sau năm {review.year}, trước khi ký khen thưởng.",
                reverse("awards:whole_list", args=[pk]),
                "Xem",
                count=people,
                is_waiting_for_me=False,  # nothing has to be pressed: whoever decides weighs it
            )
            found.append(Waiting(Step.DECISION, task, pk))
    return found


def late_disciplines(
    review: Review, nominations: QuerySet[Nomination], reader: Any
) -> dict[int, list[Discipline]]:
    """By person, the disciplinary decisions after the year of the review that this reader may know of."""
    rows = Discipline.objects.visible_to(reader).filter(decided_on__gt=date(review.year, 12, 31))
    found = defaultdict(list)
    people = nominations.order_by().values("person")
    for one in rows.filter(person__in=people).select_related("person").order_by("person__sort_key", "pk"):
        found[one.person_id].append(one)
    return dict(found)


def _sentence(parts: list[str]) -> str:
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."
