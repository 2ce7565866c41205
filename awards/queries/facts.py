"""What is known of people and units for a review, read for all of them at once.

The number of queries does not depend on how many people, years or units there are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from awards.eligibility import facts
from awards.eligibility.months import months_between
from awards.models import (
    Absence,
    AnnualRating,
    BasisUse,
    Discipline,
    Hold,
    Honour,
    InitiativeAuthor,
    UnitComment,
)
from awards.queries.lineage import Lineage, successors_of
from awards.queries.outside import YearResults
from campaigns.models import Registration
from organization.models import Person, Posting, Unit

Judged = Mapping[str, bool]
FEW = 20  # so many branches are asked for by name; of more everybody is read


@dataclass(frozen=True)
class Asked:
    """For which year and on which day; ``affirmed`` are the points that somebody has signed for in this review.

    ``nominated`` are the awards that somebody is proposed for in it, with their occasions. They count as held in the
    year where the caller wants them to: for streaks that end with it, and for the members' shares of a collective.
    """

    year: int
    day: date
    affirmed: Mapping[tuple[str, int], Judged] = field(default_factory=dict)
    nominated: Mapping[tuple[str, int], Mapping[str, str]] = field(default_factory=dict)
    movement: facts.Movement | None = None
    composing: bool = False  # units are still deciding whom to propose
    awaited: tuple[str, ...] = ()  # awards of the year on which nobody has decided yet
    counted_as: Mapping[str, Collection[str]] = field(
        default_factory=dict
    )  # by award the lower ones it includes

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)


def people_of_year(asked: Asked) -> QuerySet[Person]:
    """Who worked at the Sở on the last day of the year (or, of a year that still runs, on the day of the review)."""
    day = min(asked.last_day, asked.day)
    return Person.objects.filter(pk__in=Posting.objects.on(day).values("person"))


def units_of_year(asked: Asked) -> QuerySet[Unit]:
    """The collectives that existed on that day."""
    return Unit.objects.scored().open_on(min(asked.last_day, asked.day))


def candidates_of_people(asked: Asked, people: Collection[int] | None = None) -> dict[int, facts.Candidate]:
    """By person; all of the year, or only these."""
    kept = people_of_year(asked) if people is None else Person.objects.filter(pk__in=people)
    rows = list(kept.order_by().values_list("pk", "employment", "joined_on"))
    only = Q() if people is None else Q(person__in=people)
    postings = _postings(asked, only)
    ratings = _ratings(AnnualRating.objects.filter(only, person__isnull=False), "person_id")
    titles = _titles(asked, Honour.objects.filter(only, person__isnull=False), "person_id")
    titles = _with_nominated(asked, titles, "person", {pk for pk, *_ in rows})
    initiatives = _initiatives(asked, only)
    disciplines = _grouped(
        Discipline.objects.filter(only).values_list("person_id", "form", "decided_on", "ended_on"),
        facts.Discipline,
    )
    holds = _holds(Hold.objects.filter(only, person__isnull=False), "person_id")
    absences = _grouped(
        Absence.objects.filter(only, year=asked.year).values_list(
            "person_id", "kind", "working_days", "months", "result"
        ),
        facts.Absence,
    )
    registered = set(
        Registration.objects.filter(
            only, state=Registration.State.APPROVED, person__isnull=False, campaign_year__year=asked.year
        ).values_list("person_id", flat=True)
    )
    commented: dict[int, set[int]] = defaultdict(set)
    for person, unit in UnitComment.objects.filter(only, year=asked.year).values_list("person_id", "unit_id"):
        commented[person].add(unit)
    results = YearResults(asked.year, min(asked.last_day, asked.day), people)
    carried_on = successors_of({stay.unit_id for stays in postings.values() for stay in stays})
    found = {}
    for pk, employment, joined_on in rows:
        mine = postings.get(pk, [])
        found[pk] = facts.Candidate(
            recipient="individual",
            day=asked.day,
            year=asked.year,
            employment=employment,
            is_leader=mine[-1].is_leader if mine else None,
            heads_unit=results.heads(pk),
            joined_on=joined_on,
            is_registered=pk in registered,
            ratings=ratings.get(pk, {}),
            titles=tuple(titles.get(pk, ())),
            initiatives=tuple(initiatives.get(pk, ())),
            disciplines=tuple(disciplines.get(pk, ())),
            holds=tuple(holds.get(pk, ())),
            absences=tuple(absences.get(pk, ())),
            places=tuple(_places(mine, commented.get(pk, ()), carried_on)),
            results=tuple(results.of_person(pk, mine[-1].unit_id if mine else None)),
            movement=asked.movement,
            affirmed=asked.affirmed.get(("person", pk), {}),
            awaited=asked.awaited,
        )
    return found


def candidates_of_units(asked: Asked, units: Collection[int] | None = None) -> dict[int, facts.Candidate]:
    """By unit. What closed units held that it carries on counts as its own, under the decisions of their day."""
    kept = units_of_year(asked) if units is None else Unit.objects.filter(pk__in=units)
    rows = dict(kept.order_by().values_list("pk", "path"))
    lineage = Lineage(rows)
    about = Q(unit__in=lineage.heirs)
    ratings = _inherited(_ratings(AnnualRating.objects.filter(about), "unit_id"), lineage.heirs)
    titles = _inherited_titles(_titles(asked, Honour.objects.filter(about), "unit_id"), lineage)
    titles = _with_nominated(asked, titles, "unit", rows)
    holds: dict[int, list[facts.Hold]] = defaultdict(list)
    for pk, held in _holds(Hold.objects.filter(about), "unit_id").items():
        for heir in lineage.heirs[pk]:
            holds[heir] += held
    members = _members(asked, rows)
    registered = set(
        Registration.objects.filter(
            unit__in=rows,
            person__isnull=True,
            state=Registration.State.APPROVED,
            campaign_year__year=asked.year,
        ).values_list("unit_id", flat=True)
    )
    results = YearResults(asked.year, min(asked.last_day, asked.day), ())
    return {
        pk: facts.Candidate(
            recipient="collective",
            day=asked.day,
            year=asked.year,
            founded_on=lineage.founded_on(pk),
            is_registered=pk in registered,
            ratings=ratings.get(pk, {}),
            titles=tuple(titles.get(pk, ())),
            holds=tuple(holds.get(pk, ())),
            results=tuple(results.of_unit(pk)),
            members=members.get(pk),
            movement=asked.movement,
            affirmed=asked.affirmed.get(("unit", pk), {}),
            awaited=asked.awaited,
        )
        for pk in rows
    }


def titles_of_people(
    asked: Asked, people: QuerySet[Person], awards: Collection[str]
) -> dict[int, list[facts.Title]]:
    """Of those who hold or are proposed for one of the awards: two queries, whatever else is known of them."""
    held = Honour.objects.filter(person__in=people.values("pk"), award__code__in=awards)
    titles = _titles(asked, held, "person_id")
    proposed = {
        pk for (kind, pk), codes in asked.nominated.items() if kind == "person" and set(codes) & set(awards)
    }
    kept = set(people.filter(pk__in=proposed).values_list("pk", flat=True)) | set(titles)
    return _with_nominated(asked, titles, "person", kept)


# --- parts --------------------------------------------------------------------------------------------
def _grouped(rows: Iterable[tuple[Any, ...]], make: Callable[..., Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for owner, *values in rows:
        found[owner].append(make(*values))
    return found


def _ratings(rows: QuerySet[AnnualRating], owner: str) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for pk, year, grade in rows.order_by().values_list(owner, "year", "grade"):
        found[pk][year] = grade
    return found


def _holds(rows: QuerySet[Hold], owner: str) -> dict[int, list[facts.Hold]]:
    """The rules count the last day as held; the portal frees from the day of the release on."""
    found: dict[int, list[facts.Hold]] = defaultdict(list)
    for pk, reason, started_on, ended_on in rows.order_by().values_list(
        owner, "reason", "started_on", "ended_on"
    ):
        last = ended_on - timedelta(days=1) if ended_on else None
        found[pk].append(facts.Hold(reason, started_on, last))
    return found


def _titles(asked: Asked, rows: QuerySet[Honour], owner: str) -> dict[int, list[facts.Title]]:
    """What was decided by the day and is not cancelled, each with what it served for already."""
    uses: dict[int, list[facts.Use]] = defaultdict(list)
    for honour, award, year in (
        BasisUse.objects.in_force()
        .filter(honour__in=rows.values("pk"))
        .values_list("honour_id", "award__code", "year")
    ):
        uses[honour].append(facts.Use(award, year))
    kept = rows.filter(cancelled_on__isnull=True, decided_on__lte=asked.day).order_by("year")
    found: dict[int, list[facts.Title]] = defaultdict(list)
    for pk, holder, award, year, decided_on, occasion in kept.values_list(
        "pk", owner, "award__code", "year", "decided_on", "occasion"
    ):
        spent = tuple(uses.get(pk, ()))
        found[holder].append(facts.Title(award, year, decided_on, occasion, f"honour-{pk}", spent))
    return found


def _with_nominated(
    asked: Asked, titles: dict[int, list[facts.Title]], kind: str, owners: Collection[int]
) -> dict[int, list[facts.Title]]:
    """What is proposed in the same review beside what is held, once each."""
    for (of, pk), awards in asked.nominated.items():
        if of == kind and pk in owners:
            held = {one.award for one in titles[pk] if one.year == asked.year}
            titles[pk] += [
                facts.Title(award, asked.year, occasion=awards[award], key=f"nominated-{award}")
                for award in sorted(set(awards) - held)
            ]
    return titles


def _initiatives(asked: Asked, only: Q) -> dict[int, list[facts.Initiative]]:
    uses: dict[tuple[int, int], list[facts.Use]] = defaultdict(list)
    for one, person, award, year in (
        BasisUse.objects.in_force()
        .filter(only, initiative__isnull=False)
        .values_list("initiative_id", "person_id", "award__code", "year")
    ):
        uses[one, person].append(facts.Use(award, year))
    shares = InitiativeAuthor.objects.filter(
        only, initiative__state="recognised", initiative__recognised_on__lte=asked.day
    )
    of = ("name", "recognised_on", "level", "reach", "kind", "pk")
    found: dict[int, list[facts.Initiative]] = defaultdict(list)
    for person, name, on, level, reach, kind, pk in shares.order_by("initiative__recognised_on").values_list(
        "person_id", *(f"initiative__{one}" for one in of)
    ):
        spent = tuple(uses.get((pk, person), ()))
        found[person].append(facts.Initiative(name, on, level, reach, kind, f"initiative-{pk}", spent))
    return found


@dataclass(frozen=True)
class _Stay:
    unit_id: int
    unit: str
    is_leader: bool
    first: date
    last: date


def _postings(asked: Asked, only: Q) -> dict[int, list[_Stay]]:
    """Where everybody worked in the year, one stay after the other."""
    rows = Posting.objects.filter(only, started_on__lte=asked.last_day).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=asked.first_day)
    )
    found: dict[int, list[_Stay]] = defaultdict(list)
    for person, unit, name, is_leader, started_on, ended_on in rows.order_by("started_on").values_list(
        "person_id", "unit_id", "unit__name", "post__is_leader", "started_on", "ended_on"
    ):
        first, last = max(started_on, asked.first_day), min(ended_on or asked.last_day, asked.last_day)
        found[person].append(_Stay(unit, name, is_leader, first, last))
    return found


def _places(
    stays: list[_Stay], commented: Collection[int], carried_on: Mapping[int, Collection[int]]
) -> Iterable[facts.Place]:
    """Months in each unit and whether it has given its comment; a new post in the same unit goes on with the stay.

    So does the unit that carries on a closed one (``carried_on``): nobody was transferred, and it can comment.
    """
    months: dict[int, Decimal] = defaultdict(Decimal)
    names: dict[int, str] = {}
    for place, stay in enumerate(stays):
        later = [one.unit_id for one in stays[place + 1 :] if one.unit_id in carried_on[stay.unit_id]]
        unit = later[-1] if later else stay.unit_id
        months[unit] += months_between(stay.first, stay.last + timedelta(days=1))
        names[unit] = names.get(unit, stay.unit) if later else stay.unit
    present = stays[-1].unit_id if stays else None
    for unit, many in months.items():
        told = any(one in commented for one in (unit, *carried_on[unit]))
        yield facts.Place(names[unit], many, is_present=unit == present, has_comment=told)


def _inherited_titles(
    titles: Mapping[int, list[facts.Title]], lineage: Lineage
) -> dict[int, list[facts.Title]]:
    """What all the units had that it carries on is one title, and used as soon as one of them has used it."""
    own = {pk: {(one.award, one.year) for one in held} for pk, held in titles.items()}
    found: dict[int, list[facts.Title]] = defaultdict(list)
    for pk, keys in lineage.held(own).items():
        for (award, year), holders in keys.items():
            rows = [
                one for holder in holders for one in titles[holder] if (one.award, one.year) == (award, year)
            ]
            if holders == [pk]:
                found[pk] += rows
            else:
                found[pk].append(
                    replace(rows[0], spent_on=tuple(use for one in rows for use in one.spent_on))
                )
    return found


def _inherited(
    ratings: dict[int, dict[int, str]], heirs: Mapping[int, set[int]]
) -> dict[int, dict[int, str]]:
    """A unit's own rating of a year goes before those it inherits; of several inherited the lowest counts."""
    grades = list(facts.GRADES)
    found: dict[int, dict[int, str]] = {}
    for pk, known in ratings.items():
        for heir in heirs[pk]:
            mine = found.setdefault(heir, {})
            for year, grade in known.items():
                own = ratings.get(heir, {}).get(year)
                lowest = min(grade, mine.get(year, grade), key=grades.index)
                mine[year] = own or lowest
    return found


def _members(asked: Asked, paths: Mapping[int, str]) -> dict[int, facts.Members]:
    """The people of every branch on the last day of the year, with their classes, titles and disciplines."""
    inside_them = Posting.objects.on(min(asked.last_day, asked.day))
    if len(paths) <= FEW:
        branches = [Q(unit__path__startswith=path) for path in paths.values()]
        inside_them = inside_them.filter(reduce(or_, branches, Q(pk__in=())))
    places = list(inside_them.values_list("person_id", "unit__path"))
    people = Q(person__in=inside_them.values("person"))
    grades = dict(AnnualRating.objects.filter(people, year=asked.year).values_list("person_id", "grade"))
    titles: dict[int, set[str]] = defaultdict(set)
    for person, award in (
        Honour.objects.in_force()
        .filter(people, year=asked.year, decided_on__lte=asked.day)
        .values_list("person_id", "award__code")
    ):
        titles[person].add(award)
    for (kind, pk), awards in asked.nominated.items():
        if kind == "person":
            titles[pk].update(awards)
    for held in titles.values():  # who holds the higher title counts as holding what its standard includes
        held.update(*(asked.counted_as.get(award, ()) for award in list(held)))
    disciplines = _heaviest(
        Discipline.objects.filter(people, decided_on__year=asked.year).values_list("person_id", "form")
    )
    inside: dict[int, list[int]] = {
        pk: [person for person, place in places if place.startswith(path)] for pk, path in paths.items()
    }
    return {
        pk: facts.Members(
            count=len(persons),
            grades=Counter(grades[one] for one in persons if one in grades),
            titles=Counter(award for one in persons for award in titles.get(one, ())),
            disciplines=Counter(disciplines[one] for one in persons if one in disciplines),
            awaited=asked.composing,
        )
        for pk, persons in inside.items()
    }


def _heaviest(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    """By person; of several in a year the heaviest is the one that a standard asks about."""
    forms = list(facts.DISCIPLINES)
    found: dict[int, str] = {}
    for person, form in rows:
        found[person] = max(form, found.get(person, form), key=forms.index)
    return found
