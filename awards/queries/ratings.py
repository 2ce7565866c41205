"""Questions about annual ratings: unit by unit, the ceilings, and what published scores would say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from awards.calculations.ratings import Ceiling, ceilings, grade_of_band
from awards.eligibility import facts
from awards.eligibility.provisions import Ceiling as Rule
from awards.eligibility.words.person import EMPLOYMENTS
from awards.models import AnnualRating, rulebook_on
from core import clock
from organization.models import Posting, Unit
from scoring.models import Result

WHOLE = "Toàn cơ quan"
LEADERS, STAFF = "Lãnh đạo, quản lý", "Không giữ chức vụ lãnh đạo, quản lý"
EVERYBODY = "all"


def last_day_of(year: int) -> date:
    """The day whose postings count; of a year that still runs, today."""
    return min(date(year, 12, 31), clock.today())


@dataclass
class UnitRatings:
    """How far the ratings of a unit are."""

    pk: int
    name: str
    people: int = 0
    grades: Counter[str] = field(default_factory=Counter)

    @property
    def rated(self) -> int:
        return sum(self.grades.values())


@dataclass(frozen=True)
class CeilingRule:
    """What one rule allows those for whom it is (``whom``; nothing for everybody), in the agency and in each group."""

    whom: str
    percent: Decimal
    citation: str
    is_confirmed: bool
    ceilings: list[Ceiling]


@dataclass(frozen=True)
class Board:
    """The ratings of a year: by unit, and the ceilings of the whole agency and of each group, rule by rule."""

    units: list[UnitRatings]
    rules: list[CeilingRule]
    collectives: Mapping[int, str] = field(
        default_factory=dict
    )  # the class of each collective, "" for none yet

    @property
    def ceilings(self) -> list[Ceiling]:
        return [one for rule in self.rules for one in rule.ceilings]

    @property
    def rated_collectives(self) -> int:
        return sum(1 for grade in self.collectives.values() if grade)

    @property
    def people(self) -> int:
        return sum(unit.people for unit in self.units)

    @property
    def rated(self) -> int:
        return sum(unit.rated for unit in self.units)


def board_of(year: int) -> Board:
    """With a fixed number of queries."""
    grades = dict(
        AnnualRating.objects.filter(year=year, person__isnull=False).values_list("person_id", "grade")
    )
    units: dict[int, UnitRatings] = {}
    rated: list[tuple[str, bool, str]] = []  # employment, leader or not, class
    places = Posting.objects.on(last_day_of(year)).order_by("unit__order", "unit_id")
    for person, unit, name, is_leader, employment in places.values_list(
        "person_id", "unit_id", "unit__name", "post__is_leader", "person__employment"
    ):
        one = units.setdefault(unit, UnitRatings(unit, name))
        one.people += 1
        if grade := grades.get(person):
            one.grades[grade] += 1
            rated.append((employment, is_leader, grade))
    made = [_ruled(rule, rated) for rule in rulebook_on(date(year, 12, 31)).ceilings]
    collectives = {one.person.pk: one.rating.grade if one.rating else "" for one in collectives_of_year(year)}
    return Board(list(units.values()), [one for one in made if one.ceilings], collectives)


def _ruled(rule: Rule, rated: list[tuple[str, bool, str]]) -> CeilingRule:
    """Only those count for whom the rule is: civil servants do not fill the share of other staff."""
    mine = [one for one in rated if rule.employment in (EVERYBODY, one[0])]
    groups = {
        WHOLE: [grade for _, _, grade in mine],
        LEADERS: [grade for _, is_leader, grade in mine if is_leader],
        STAFF: [grade for _, is_leader, grade in mine if not is_leader],
    }
    whom = EMPLOYMENTS.get(rule.employment, "")
    found = ceilings((rule.grade, rule.of, rule.percent), groups)
    return CeilingRule(whom, rule.percent, rule.citation, rule.is_confirmed, found)


@dataclass(frozen=True)
class Rated:
    """A person of a unit, or a collective, with the rating of the year, if any."""

    person: Any
    post: str
    rating: AnnualRating | None


def people_of_unit(unit_id: int, year: int) -> list[Rated]:
    """In the order in which offices list people."""
    places = (
        Posting.objects.on(last_day_of(year))
        .filter(unit=unit_id)
        .select_related("person", "post")
        .order_by("post__order", "person__sort_key")
    )
    known = {
        one.person_id: one
        for one in AnnualRating.objects.filter(year=year, person__in=[place.person_id for place in places])
    }
    return [Rated(place.person, place.post.name, known.get(place.person_id)) for place in places]


def collectives_of_year(year: int) -> list[Rated]:
    """The collectives of the last day of the year, in the order of the staff list."""
    units = list(Unit.objects.scored().open_on(last_day_of(year)).order_by("order", "pk"))
    known = {one.unit_id: one for one in AnnualRating.objects.filter(year=year, unit__in=units)}
    return [Rated(unit, "", known.get(unit.pk)) for unit in units]


def results_to_take(year: int) -> QuerySet[Result]:
    """Published results of people for the whole year, of indexes: the bands of a movement are no annual ratings."""
    return (
        Result.objects.filter(
            publication__withdrawn_at__isnull=True,
            publication__campaign_year__year=year,
            publication__campaign_year__period="year",
            publication__campaign_year__campaign__kind="index",
            scorecard__person__isnull=False,
        )
        .select_related("scorecard__person", "scorecard__unit", "publication__campaign_year__campaign")
        .order_by("scorecard__unit__order", "scorecard__sort_key")
    )


@dataclass(frozen=True)
class Offer:
    """What a published score says of a person, beside what is written already; ``barred`` says why it is not taken."""

    result: Result
    grade: str
    present: AnnualRating | None
    barred: str = ""

    @property
    def is_new(self) -> bool:
        differs = self.present is None or self.present.grade != self.grade
        return bool(self.grade) and not self.barred and differs

    @property
    def grade_name(self) -> str:
        return facts.GRADES.get(self.grade, "")


def offers(year: int, user: Any) -> list[Offer]:
    """Nobody rates himself, and of two results that say different things a person has to choose."""
    results = list(results_to_take(year))
    grades: dict[int | None, set[str]] = defaultdict(set)
    for one in results:
        grades[one.scorecard.person_id].add(grade_of_band(one.band, facts.GRADES))
    held = AnnualRating.objects.filter(year=year, person__in=list(grades))
    present = {one.person_id: one for one in held}

    def barred(person: int | None) -> str:
        if person == user.acting.person_id:
            return "Người khác của Văn phòng Sở ghi"
        return "Các kết quả khác nhau" if len(grades[person]) > 1 else ""

    found = []
    for one in results:
        person = one.scorecard.person_id
        grade = grade_of_band(one.band, facts.GRADES)
        found.append(Offer(one, grade, present.get(person), barred(person)))
    return found


def seen_of(found: Iterable[Offer]) -> str:
    """What a page has shown, short enough to come back with its form."""
    told = [
        (one.result.scorecard.person_id, one.grade, one.present.grade if one.present else "")
        for one in found
        if one.is_new
    ]
    return sha256(repr(sorted(told)).encode()).hexdigest()[:16]
