"""What the Office does with a review: prepare it, open it under pinned rules, take newer rules over, affirm."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import rules
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from awards.actions.notices import never_shortened, note_publication
from awards.eligibility.assessing import assess_all
from awards.eligibility.facts import Candidate
from awards.eligibility.occasions import has_way
from awards.eligibility.rulebook import Rulebook
from awards.models import (
    Affirmation,
    Award,
    Prospect,
    Review,
    ReviewDeadline,
    RuleDocument,
    figures,
    rule_source,
)
from awards.queries.differences import differences, rules_stand
from awards.queries.facts import (
    Asked,
    candidates_of_people,
    candidates_of_units,
    units_of_year,
)
from awards.queries.notices import published_on, shortened
from awards.queries.reviews import (
    asked_of,
    frozen_figures,
    missing_and_year,
    rulebook_of,
)
from awards.workflow import REVIEW
from core import clock
from core.bulk import insert_rows
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.models import Person, Posting, Unit

FIELDS = (
    "kind", "year", "phase", "campaign", "title", "reference_date", "letter_number", "letter_date", "guidance",
)  # fmt: skip
PERMISSION = "awards.prepare_review"
AT_ONCE = 500
OF_PROSPECT = ("review", "award", "person", "unit", "is_collective", "state", "missing", "earliest")
PATIENCE = timedelta(minutes=2)  # a worker tells of its progress far more often


@transaction.atomic
def plan_review(
    values: Mapping[str, Any], *, awards: Iterable[Award], deadlines: Mapping[str, date | None], by: Any
) -> Review:
    """Begin to prepare a review."""
    _demand(by)
    awards = list(awards)
    _fit_the_kind(values, awards)
    review = Review(prepared_by=by, **{name: values[name] for name in FIELDS})
    review.period_reason = normalize(values.get("period_reason", ""))
    _save(review)
    review.awards.set(awards)
    _set_deadlines(review, deadlines)
    _period_is_long_enough(review)
    record(review, "plan", by=by, label=f"Lập {review.title}", after=review.state)
    return review


@transaction.atomic
def change_review(
    review: Review,
    values: Mapping[str, Any],
    *,
    awards: Iterable[Award],
    deadlines: Mapping[str, date | None],
    by: Any,
    version: int | None = None,
) -> Review:
    """While it is prepared everything may change; once it is open, for its rules are pinned, calendar and guidance."""
    _demand(by)
    lock(review)
    check_version(review, version)
    if review.is_over:
        raise Refused("Đợt bình xét đã kết thúc nên không sửa được nữa.")
    planned, awards = review.state == Review.State.PLANNED, list(awards)
    if planned:
        _fit_the_kind(values, awards)
    for name in FIELDS if planned else ("letter_number", "letter_date", "guidance"):
        setattr(review, name, values[name])
    review.period_reason = normalize(values.get("period_reason", review.period_reason))
    review.version += 1
    _save(review)
    if planned:
        review.awards.set(awards)
    with never_shortened(review):
        _set_deadlines(review, deadlines)
    _period_is_long_enough(review)
    record(review, "change", by=by, label="Sửa đợt bình xét")
    return review


def _fit_the_kind(values: Mapping[str, Any], awards: Iterable[Award]) -> None:
    """A campaign gives no annual titles, only what the law also gives for a movement (articles 22 to 28, 74)."""
    titles = [one for one in awards if one.kind == Award.Kind.TITLE]
    if values["kind"] != Review.Kind.CAMPAIGN or not titles:
        return
    book = rule_source().rulebook(values["reference_date"])
    wrong = [one.name for one in titles if not has_way(book.conditions.get(one.code, ()), "thematic")]
    if wrong:
        raise Refused(f"Xét theo phong trào không có danh hiệu hằng năm: {', '.join(dict.fromkeys(wrong))}.")


@transaction.atomic
def open_review(review: Review, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """From now on the review rests on the rules as they are today for its reference date."""
    REVIEW.advance(review, "open_review", by=by, comment=comment, version=version)
    _pin(review)


@transaction.atomic
def take_back(review: Review, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Prepare it again: the rules are pinned anew at the next opening."""
    REVIEW.advance(review, "take_back", by=by, comment=comment, version=version)
    review.pinned_at, review.version = None, review.version + 1
    review.save(update_fields=["pinned_at", "version"])


@transaction.atomic
def move_review(review: Review, verb: str, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The steps between its opening and its end."""
    REVIEW.advance(review, verb, by=by, comment=comment, version=version)
    note_publication(review, verb, by=by)
    if verb == "supplement":
        review.supplement, review.supplement_since = normalize(comment), clock.now()
    elif verb == "conclude_council":
        review.supplement, review.supplement_since = "", None
    review.ended_on = clock.today() if review.is_over else None
    review.version += 1
    review.save(update_fields=["version", "supplement", "supplement_since", "ended_on"])


@transaction.atomic
def take_over_rules(review: Review, *, by: Any, reason: str, version: int | None = None) -> None:
    """Pin the rules as they stand now; which conditions changed is written down with the reason."""
    _demand(by)
    lock(review)
    if refused := rules_stand(review):
        raise Refused(refused)
    if not reason.strip():
        raise Refused("Hãy ghi lý do áp dụng quy định mới.")
    changed = differences(review)
    if not changed:
        raise AlreadyDone("Đợt bình xét đã theo đúng quy định hiện hành của ngày đã chọn.")
    check_version(review, version)
    _pin(review)
    record(
        review,
        "take_over_rules",
        by=by,
        label="Áp dụng quy định mới",
        comment=reason,
        data={"awards": [one.award for one in changed]},
    )


@transaction.atomic
def affirm(
    review: Review, subject: Person | Unit, point: str, *, holds: bool, by: Any, note: str = ""
) -> Affirmation:
    """Sign for a point that only a person can judge; said again it replaces what was said."""
    lock(review)
    if not rules.has_perm("awards.affirm", by):
        raise Refused("Bạn không có quyền xác nhận nội dung này.")
    if isinstance(subject, Person) and subject.pk == by.acting.person_id:
        raise Refused("Không ai xác nhận cho chính mình; hãy nhờ người khác của Văn phòng Sở.")
    if isinstance(subject, Unit) and by.acting.heads(subject.pk):
        raise Refused("Người đứng đầu không xác nhận cho đơn vị mình; hãy nhờ người khác của Văn phòng Sở.")
    if review.is_over:
        raise Refused("Đợt bình xét đã kết thúc.")
    whose: dict[str, Any] = {"person" if isinstance(subject, Person) else "unit": subject}
    given, _ = Affirmation.objects.update_or_create(
        review=review,
        point=point,
        **whose,
        defaults={"holds": holds, "note": note, "given_by": by, "given_at": clock.now()},
    )
    record(
        given, "affirm", by=by, label=f"Xác nhận {'đạt' if holds else 'không đạt'}: {subject}", comment=note
    )
    _judge_one(review, subject)
    return given


# --- judging ------------------------------------------------------------------------------------------
@transaction.atomic
def ask_for_judging(review: Review, *, by: Any) -> None:
    """Note that everybody is to be judged again; a worker does it."""
    _demand(by)
    if review.is_over:
        raise Refused("Đợt bình xét đã kết thúc nên không tính lại nữa.")
    idle = Q(judging_since__isnull=True) | Q(judging_since__lt=clock.now() - PATIENCE)
    # One statement: of two who press at the same moment one begins and the other is told.
    if not Review.objects.filter(idle, pk=review.pk).update(judging_since=clock.now(), judged=0, to_judge=0):
        raise AlreadyDone("Đang tính khả năng xét; trang này tự cập nhật.")
    record(review, "ask_for_judging", by=by, label="Tính khả năng xét")


def judge(review: Review, *, tell: Callable[[int, int], None] | None = None) -> int:
    """Judge all people and units of the review's year; what is said otherwise than before is replaced at once, in one
    transaction. Safe to repeat and to kill: until the end nothing is written but how far it has come.
    """
    began = clock.now()
    book = rulebook_of(review)
    asked = asked_of(review, book)
    awards = {one.code: one for one in review.awards.all() if one.code in book.conditions}
    candidates = candidates_of_people(
        asked
    )  # of everybody at once: the questions do not grow with the people
    homes = _homes(asked)
    people = sorted(pk for pk in candidates if pk in homes)
    units = list(units_of_year(asked).order_by("pk").values_list("pk", flat=True))
    total, found = len(people) + len(units), {}
    for start in range(0, len(people), AT_ONCE):
        for pk in people[start : start + AT_ONCE]:
            found.update(_said_of(awards, candidates.pop(pk), book, (pk, homes[pk])))
        if tell:
            tell(min(start + AT_ONCE, len(people)), total)
    for pk, candidate in candidates_of_units(asked, units).items():
        found.update(_said_of(awards, candidate, book, (None, pk)))
    with transaction.atomic():
        lock(review)
        _replace(review, review.prospects.all(), found)
        review.judged_at, review.judging_since = began, None
        review.judged = review.to_judge = total
        review.save(update_fields=["judged_at", "judging_since", "judged", "to_judge"])
    return len(found)


def note_progress(review: Review) -> Callable[[int, int], None]:
    """What a page reads while a worker judges."""

    def tell(done: int, total: int) -> None:
        Review.objects.filter(pk=review.pk).update(judged=done, to_judge=total, judging_since=clock.now())

    return tell


def _judge_one(review: Review, subject: Person | Unit) -> None:
    book = rulebook_of(review)
    asked = asked_of(review, book)
    awards = {one.code: one for one in review.awards.all() if one.code in book.conditions}
    if isinstance(subject, Person):
        home = _homes(asked, [subject.pk]).get(subject.pk)
        candidate = candidates_of_people(asked, [subject.pk])[subject.pk]
        found = _said_of(awards, candidate, book, (subject.pk, home)) if home else {}
        _replace(review, review.prospects.filter(person=subject), found)
    else:
        candidate = candidates_of_units(asked, [subject.pk])[subject.pk]
        found = _said_of(awards, candidate, book, (None, subject.pk))
        _replace(review, review.prospects.filter(unit=subject, is_collective=True), found)


Key = tuple[int, int | None, int]  # award, person or None for the unit itself, unit
Said = tuple[str, str, int | None]  # state, what is missing, the earliest year


def _said_of(
    awards: Mapping[str, Award], candidate: Candidate, book: Rulebook, whose: tuple[int | None, int]
) -> dict[Key, Said]:
    recipients = {code: one.recipient for code, one in awards.items()}
    return {
        (awards[one.award].pk, *whose): (one.state.value, *missing_and_year(one))
        for one in assess_all(candidate, book, recipients)
    }


def _replace(review: Review, rows: QuerySet[Prospect], found: Mapping[Key, Said]) -> None:
    """Only what differs is written: after one fact has changed, of thousands hardly anybody stands otherwise."""
    fields = ("pk", "award_id", "person_id", "unit_id", "state", "missing", "earliest")
    gone, kept = [], set()
    for pk, award, person, unit, *said in rows.order_by().values_list(*fields):
        key = (award, person, unit)
        if found.get(key) == tuple(said):
            kept.add(key)
        else:
            gone.append(pk)
    for start in range(0, len(gone), AT_ONCE):
        Prospect.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
    fresh = [
        (review.pk, award, person, unit, person is None, *said)
        for (award, person, unit), said in found.items()
        if (award, person, unit) not in kept
    ]
    insert_rows(Prospect, OF_PROSPECT, fresh)


def _homes(asked: Asked, people: list[int] | None = None) -> dict[int, int]:
    """The unit of everybody, or of these, on the day of the review."""
    places = Posting.objects.on(min(asked.last_day, asked.day))
    places = places if people is None else places.filter(person__in=people)
    return dict(places.values_list("person_id", "unit_id"))


# --- parts --------------------------------------------------------------------------------------------
def _demand(by: Any) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở lập và điều hành đợt bình xét.")


def _save(review: Review) -> None:
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        raise Refused("Đã có đợt bình xét của năm, phong trào và đợt này.") from error


def _set_deadlines(review: Review, wanted: Mapping[str, date | None]) -> None:
    days = [wanted[step] for step in ReviewDeadline.Step.values if wanted.get(step)]
    if days != sorted(days):  # type: ignore[type-var]
        raise Refused(
            "Các hạn phải theo thứ tự: họp đơn vị, nộp hồ sơ, thẩm định, công khai, Hội đồng, quyết định."
        )
    for step, day in wanted.items():
        if day is None:
            review.deadlines.filter(step=step).delete()
        else:
            ReviewDeadline.objects.update_or_create(review=review, step=step, defaults={"due_on": day})


def _period_is_long_enough(review: Review) -> None:
    """Until the list was public; what a shorter time is for is written down."""
    if review.state in Review.BEFORE_COUNCIL and (short := shortened(review, published_on(review))):
        raise Refused(short)


def _pin(review: Review) -> None:
    review.pinned_at, review.figures = clock.now(), frozen_figures(figures())
    review.version += 1
    review.save(update_fields=["pinned_at", "figures", "version"])
    review.rule_documents.set(RuleDocument.objects.current())
