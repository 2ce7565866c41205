"""Questions about a review: its rulebook, what it still needs, what changed since, who stands where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from awards.eligibility.assessing import Assessment, assess
from awards.eligibility.facts import Candidate
from awards.eligibility.findings import Finding, State
from awards.eligibility.provisions import RuleError
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.sources import Figure
from awards.models import AnnualRating, Award, Prospect, Review, ReviewDeadline, pinned_source, rule_source
from awards.queries.facts import (
    Asked,
    candidates_of_people,
    candidates_of_units,
    people_of_year,
)
from awards.queries.outside import movement_of
from core import clock
from core.models import Entry
from organization import roles
from organization.models import Person, Unit
from organization.queries import users_with_role

# Whatever an act writes about these may change who qualifies.
FACTS = [
    "awards.annualrating",
    "awards.discipline",
    "awards.absence",
    "awards.hold",
    "awards.unitcomment",
    "campaigns.campaign",
    "awards.honour",
    "awards.initiative",
    "awards.affirmation",
    "awards.review",
    "organization.person",
    "organization.unit",
    "campaigns.registration",
    "campaigns.campaignyear",
    "scoring.publication",
]


# --- the rules ----------------------------------------------------------------------------------------
def rulebook_of(review: Review) -> Rulebook:
    """What was pinned when it opened; before that the rules of its reference date as they stand now."""
    if review.pinned_at is None:
        return rule_source().rulebook(review.reference_date)
    documents = review.rule_documents.select_related("legal_document")
    files = tuple(one.file() for one in documents)
    pinned = pinned_source(files, tuple(_figure(facts) for facts in review.figures))
    return pinned.rulebook(review.reference_date)


def frozen_figures(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The province's figures as a review keeps them."""
    return [
        {
            "code": one.code,
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "value": one.value,
            "is_confirmed": one.is_confirmed,
            "is_of_office": one.is_of_office,
        }
        for one in figures
    ]


def _figure(facts: dict[str, Any]) -> Figure:
    day = facts["valid_from"]
    return Figure(**{**facts, "valid_from": date.fromisoformat(day) if day else None})


def _codes(review: Review) -> list[str]:
    return list(review.awards.order_by("order").values_list("code", flat=True))


# --- the day of its facts -------------------------------------------------------------------------------
def facts_day(review: Review) -> date:
    """The day whose facts count: until it opens and while it runs today, after its end the day of its end; never
    before the day of its rules."""
    return max(review.reference_date, review.ended_on or clock.today())


# --- readiness ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Point:
    """One thing that a review needs before it opens."""

    sentence: str
    ok: bool
    href: str
    is_required: bool = True


def readiness(review: Review) -> list[Point]:
    """In the order in which the Office prepares them."""
    change = reverse("awards:review_change", args=[review.pk])
    codes = _codes(review)
    steps = set(review.deadlines.values_list("step", flat=True))
    lacking = [step.label for step in ReviewDeadline.Step if step not in steps]
    people = people_of_year(Asked(review.year, facts_day(review))).count()
    rated = AnnualRating.objects.filter(year=review.year, person__isnull=False).count()
    points = [
        Point("Có văn bản hướng dẫn (số, ngày)", bool(review.letter_number and review.letter_date), change),
        Point(f"Đã chọn {len(codes)} danh hiệu, hình thức được xét", bool(codes), change),
        Point(
            f"Lịch còn thiếu: {', '.join(lacking).lower()}" if lacking else "Lịch đủ các bước",
            not lacking,
            change,
        ),
        Point(
            f"Xếp loại năm {review.year}: đã có {rated}/{people} người",
            rated >= people,
            "",
            is_required=False,
        ),
        _two_of_the_office(),
    ]
    return [*points, *_rule_points(review, codes)]


def _two_of_the_office() -> Point:
    """Nobody judges his own dossier, nor those of the list that he has signed: then a second one has to."""
    many = users_with_role(roles.OFFICE).count()
    sentence = f"Văn phòng Sở có {many} người thẩm định hồ sơ"
    if many < 2:
        sentence += "; hồ sơ về chính người ấy cần thêm một người được giao vai trò Văn phòng Sở"
    return Point(sentence, many > 1, reverse("organization:person_list"), is_required=False)


def _rule_points(review: Review, codes: list[str]) -> list[Point]:
    change = reverse("awards:review_change", args=[review.pk])
    try:
        book = rulebook_of(review)
    except RuleError as error:
        return [Point(f"Quy định không dùng được: {error}", False, change)]
    unknown = [book.name(code) for code in codes if code not in book.conditions]
    unconfirmed = {
        one.citation for code in codes for one in book.conditions.get(code, ()) if not one.is_confirmed
    }
    day = f"{review.reference_date:%d/%m/%Y}"
    return [
        Point(
            f"Quy định ngày {day} không có tiêu chuẩn của: {', '.join(unknown)}"
            if unknown
            else f"Quy định ngày {day}: {', '.join(book.title(one) for one in book.documents)}",
            not unknown and bool(book.documents),
            change,
        ),
        Point(
            f"{len(unconfirmed)} căn cứ còn chờ Văn phòng Sở xác nhận"
            if unconfirmed
            else "Mọi căn cứ đã xác nhận",
            not unconfirmed,
            "",
            is_required=False,
        ),
    ]


# What is said of somebody for whom only a way is left that a person must affirm; lists find him by the beginning.
BY_FACTS = "Chưa đạt theo dữ kiện, gần nhất còn thiếu –"
ONLY_SIGNED = "Hoặc chờ người xác nhận –"
MISSES_FACTS = Q(state=Prospect.State.UNMET) | Q(missing__startswith=BY_FACTS)


# --- who stands where ---------------------------------------------------------------------------------
def affirmed_in(review: Review) -> dict[tuple[str, int], dict[str, bool]]:
    """By person or unit, the points that somebody has signed for."""
    found: dict[tuple[str, int], dict[str, bool]] = defaultdict(dict)
    for person, unit, point, holds in review.affirmations.values_list(
        "person_id", "unit_id", "point", "holds"
    ):
        found["person" if person else "unit", person or unit][point] = holds
    return found


def nominated_in(review: Review) -> dict[tuple[str, int], dict[str, str]]:
    """By person or unit, what is proposed in the review and nobody has refused on the way, each for what it would be
    given."""
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for person, unit, award, occasion in review.nominations.in_question().values_list(
        "person_id", "unit_id", "award__code", "occasion"
    ):
        found["person" if person else "unit", person or unit][award] = occasion or review.occasion
    return found


def year_of(review: Review) -> Asked:
    """Year and day alone: enough for who worked where; it asks the database nothing."""
    return Asked(review.year, facts_day(review))


def asked_of(
    review: Review, book: Rulebook | None = None, *, with_nominated: bool = False, is_today: bool = False
) -> Asked:
    """For judging by ``book``; ``with_nominated``: what is proposed in the review counts as held in its year;
    ``is_today``: for an act of today, though the review has ended."""
    nominated = nominated_in(review) if with_nominated else {}
    movement = movement_of(review.campaign, review.phase)
    composing = not with_nominated and review.state in (Review.State.PLANNED, Review.State.OPEN)
    return Asked(
        review.year,
        max(review.reference_date, clock.today()) if is_today else facts_day(review),
        affirmed_in(review),
        nominated,
        movement,
        composing,
        awaited=_awaited_by(review, own=not with_nominated),
        counted_as=book.counted_as() if book else {},
    )


def _awaited_by(review: Review, *, own: bool) -> tuple[str, ...]:
    """Awards on which a review of the year has still to decide; ``own``: this one, too."""
    running = Review.objects.filter(year=review.year).exclude(state__in=Review.OVER)
    running = running if own else running.exclude(pk=review.pk)
    codes = running.filter(awards__isnull=False).values_list("awards__code", flat=True)
    return tuple(sorted(set(codes)))


def assessments_of(review: Review, subject: Person | Unit, book: Rulebook) -> list[tuple[Award, Assessment]]:
    """Every award of the review for one person or unit, judged now by its rules, the highest first."""
    candidate = candidate_of(asked_of(review, book), subject)
    awards = review.awards.filter(recipient=candidate.recipient).order_by("-order")
    return [(one, assess(one.code, candidate, book)) for one in awards if one.code in book.conditions]


def candidate_of(asked: Asked, subject: Person | Unit) -> Candidate:
    gather = candidates_of_people if isinstance(subject, Person) else candidates_of_units
    return gather(asked, [subject.pk])[subject.pk]


def missing_in_words(assessment: Assessment) -> str:
    """What is not met, else what a person has to say, in sentences; nothing where the award is within reach."""
    return missing_and_year(assessment)[0]


def missing_and_year(assessment: Assessment, longest: int = 600) -> tuple[str, int | None]:
    """What is missing in words, and the earliest year: of what waits for somebody's word that by facts."""
    if assessment.state is State.MET:
        return "", assessment.earliest
    leaves = [leaf for one in assessment.findings for leaf in _deciding(one, assessment.state)]
    text, year = _sentences(leaves), assessment.earliest
    if (
        assessment.state is State.OPEN
    ):  # the nearest way by facts comes before those that rest on somebody's word
        lacking, year, only_signed = assessment.outlook
        text = (
            f"{BY_FACTS} {_sentences(lacking)} {ONLY_SIGNED} {text}"
            if only_signed
            else _sentences([*lacking, *leaves])
        )
    return (text if len(text) <= longest else f"{text[: longest - 1]}…"), year


def _sentences(leaves: Iterable[Finding]) -> str:
    return " ".join(dict.fromkeys(f"{leaf.wording}: {leaf.wanting or leaf.fact}" for leaf in leaves))


def _deciding(one: Finding, state: State) -> Iterable[Finding]:
    """The conditions that bring about the state; not the alternatives of what is met in another way."""
    if one.state is state and not one.parts:
        yield one
    elif one.state is state:
        for part in one.parts:
            yield from _deciding(part, state)


def counts_of(review: Review) -> list[dict[str, Any]]:
    """Per award how many qualify, wait for a person, or miss something."""
    rows = review.prospects.values_list("award", "state").annotate(Count("pk")).order_by()
    by_award: dict[int, dict[str, int]] = defaultdict(dict)
    for award, state, count in rows:
        by_award[award][state] = count
    states = [state.value for state in State]
    awards = review.awards.order_by("-order")
    return [{"award": one, **{state: by_award[one.pk].get(state, 0) for state in states}} for one in awards]


def is_outdated(review: Review) -> bool:
    """Whether an act since the last judging has changed something that the rules ask."""
    if review.judged_at is None:
        return True
    lines = Entry.objects.filter(target_type__in=FACTS, at__gt=review.judged_at)
    return lines.exclude(verb="reminded").exists()  # whom the Office reminds changes no fact


def waiting_for_judging(patience: timedelta) -> list[Review]:
    """Reviews that are not over and whose judging was lost on the way, or of which a fact has changed since."""
    lost = clock.now() - patience
    running = Review.objects.exclude(state__in=Review.OVER)
    return [
        one
        for one in running
        if (one.judging_since < lost if one.judging_since else one.judged_at and is_outdated(one))
    ]
