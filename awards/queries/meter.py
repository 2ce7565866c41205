"""The live meter of a unit's list and of the whole list, and whether collective and individual lists agree."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from awards.calculations.meter import Composition, Gauge, Line, Rule, composition, gauges, years_in_a_row
from awards.eligibility.facts import Candidate
from awards.eligibility.findings import State
from awards.eligibility.provisions import Condition
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.words import MEANING
from awards.models import Honour, Nomination, Proposal, Prospect, Review
from awards.queries.facts import titles_of_people
from awards.queries.lineage import Lineage
from awards.queries.nominations import assessed, people_of, proposing_units
from awards.queries.reviews import asked_of, rulebook_of, year_of
from core.vietnamese import format_decimal
from organization.models import Person, Posting, Unit

MOST_AGAIN = 60  # of those who come again so many are shown
# What the law asks of the members of a collective.
OF_MEMBERS = ("members", "members_complete", "members_not_disciplined")


@dataclass(frozen=True)
class Meter:
    """What a list shows while it is composed; ``conflicts`` and what is over stop it."""

    gauges: list[Gauge]
    composition: Composition
    again: list[tuple[Nomination, int]]
    again_count: int
    conflicts: list[str]
    without: list[Unit]
    names: dict[str, str]
    leaders_confirmed: bool = True  # whether the Office has confirmed the share of leaders

    @property
    def over(self) -> list[str]:
        found = [
            f"“{self.names.get(one.rule.award, one.rule.award)}”: {one.used} đề nghị, chỉ tiêu {one.limit}"
            for one in self.gauges
            if one.over
        ]
        if self.composition.too_many_leaders and self.composition.percent is not None:
            found.append(
                f"lãnh đạo, quản lý {self.composition.leaders}/{self.composition.people} người, tối đa"
                f" {format_decimal(self.composition.percent)}%"
            )
        return found


def meter_of_unit(proposal: Proposal) -> Meter:
    rows = proposal.nominations.counted()
    return _meter(proposal.review, rows, people_of(proposal.review, proposal.unit), [])


def meter_of_review(review: Review) -> Meter:
    """Everything that is still on the list; of verified units what the Office sends on."""
    rows = review.nominations.counted()
    with_candidates = set(rows.values_list("proposal__unit_id", flat=True))
    without = [one for one in proposing_units(review) if one.pk not in with_candidates]
    people = Person.objects.filter(pk__in=Posting.objects.on(_day(review)).values("person"))
    return _meter(review, rows, people, without)


def problems_of_unit(proposal: Proposal) -> Iterable[str]:
    meter = meter_of_unit(proposal)
    yield from meter.conflicts
    if meter.over and not proposal.reason:
        yield f"Vượt chỉ tiêu, cơ cấu nên phải có giải trình: {'; '.join(meter.over)}."


def problems_of_review(review: Review) -> Iterable[str]:
    meter = meter_of_review(review)
    yield from meter.conflicts
    if meter.over and not review.list_reason:
        yield f"Danh sách vượt chỉ tiêu, cơ cấu nên phải có giải trình: {'; '.join(meter.over)}."


def _meter(
    review: Review, nominations: QuerySet[Nomination], people: QuerySet[Person], without: list[Unit]
) -> Meter:
    """Of thousands, too, with a fixed number of queries and no row more than is shown."""
    fields = ("pk", "award_id", "award__code", "award__name", "person_id", "unit_id", "person__gender")
    rows = list(nominations.order_by("-award__order", "pk").values_list(*fields))
    book, won, leaders = rulebook_of(review), _won(review, nominations), _leaders(review, nominations)
    lines, again, names = [], [], dict(book.names)
    for pk, award, code, name, person, unit, gender in rows:
        key, names[code] = ("person", person) if person else ("unit", unit or 0), name
        row = years_in_a_row(won.get((key, award), ()), review.year)
        is_woman = gender == Person.Gender.FEMALE
        lines.append(Line(code, key, is_leader=person in leaders, is_woman=is_woman, row=row))
        if row > 1:
            again.append((pk, row))
    percent = book.settings.get("leaders-percent")
    return Meter(
        gauges=gauges(_rules(book), lines, _bases(review, book, people), book.counted_as()),
        composition=composition(lines, None if percent is None else Decimal(str(percent))),
        again=_longest(again),
        again_count=len(again),
        conflicts=_conflicts(review, nominations, book),
        without=without,
        names=names,
        leaders_confirmed="leaders-percent" not in book.unconfirmed,
    )


def _longest(again: list[tuple[int, int]]) -> list[tuple[Nomination, int]]:
    """Those who come again for the longest time; of a long list not all of them."""
    shown = sorted(again, key=lambda one: -one[1])[:MOST_AGAIN]
    found = Nomination.objects.select_related("award", "person", "unit").in_bulk([pk for pk, _ in shown])
    return [(found[pk], row) for pk, row in shown]


def _conflicts(review: Review, nominations: QuerySet[Nomination], book: Rulebook) -> list[str]:
    """Collectives whose members' classes and titles, those proposed with it, do not bear it; not what is sent on as
    an exception."""
    rows = nominations.filter(unit__isnull=False).exclude(verdict=Nomination.Verdict.EXCEPTION)
    collectives = list(rows.select_related("award", "person", "unit").order_by("-award__order", "pk"))
    if not collectives:
        return []
    judged = assessed(review, collectives, book)
    return [
        f"{one}: {leaf.wording.rstrip('.')}. {leaf.fact}"
        for one in collectives
        if one.pk in judged
        for finding in judged[one.pk].findings
        for leaf in finding.leaves()
        if leaf.word in OF_MEMBERS and leaf.state is State.UNMET and finding.state is State.UNMET
    ]


def _rules(book: Rulebook) -> list[Rule]:
    return [
        Rule(
            one.award,
            one.percent,
            one.of,
            one.minimum,
            f"{one.citation}, {book.title(one.document)}",
            one.is_confirmed,
        )
        for one in book.quotas
    ]


def _bases(review: Review, book: Rulebook, people: QuerySet[Person]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for one in book.quotas:
        if one.of == "members":
            found[one.award, one.of] = people.count()
        elif one.of == "qualified" and (rows := _title_conditions(book, one.award)):
            found[one.award, one.of] = _with_titles(review, book, rows, people)
        elif one.of == "qualified":
            met = review.prospects.filter(award__code=one.award, state=Prospect.State.MET)
            kept = met.filter(person__in=people.values("pk")) | met.filter(is_collective=True)
            found[one.award, one.of] = kept.count()
    return found


def _title_conditions(book: Rulebook, award: str) -> list[Condition]:
    return [one for one in book.conditions.get(award, ()) if one.word == "title"]


def _with_titles(review: Review, book: Rulebook, rows: list[Condition], people: QuerySet[Person]) -> int:
    """Who has the titles that the standard asks for, this year's proposals among them: the share is one of these,
    before anybody has said who of them is outstanding."""
    asked = asked_of(review, book, with_nominated=True)
    awards = {award for one in rows for award in one.asked["awards"]}
    count = 0
    for titles in titles_of_people(asked, people, awards).values():
        candidate = Candidate("individual", asked.day, asked.year, titles=tuple(titles))
        count += all(MEANING["title"](candidate, one.asked).state is State.MET for one in rows)
    return count


def _won(
    review: Review, nominations: QuerySet[Nomination]
) -> Mapping[tuple[tuple[str, int], int], Collection[int]]:
    """The earlier years of each award that these candidates hold."""
    found: dict[tuple[tuple[str, int], int], list[int]] = defaultdict(list)
    lineage = Lineage(nominations.filter(unit__isnull=False).values_list("unit_id", flat=True))
    held = Honour.objects.in_force().filter(
        Q(person__in=nominations.filter(person__isnull=False).values("person")) | Q(unit__in=lineage.heirs),
        year__lt=review.year,
        award__in=nominations.values("award"),
    )
    of_units: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for person, unit, award, year in held.order_by().values_list("person_id", "unit_id", "award_id", "year"):
        if person:
            found[("person", person), award].append(year)
        else:
            of_units[unit].add((award, year))
    for unit, keys in lineage.held(of_units).items():
        for award, year in keys:
            found[("unit", unit), award].append(year)
    return found


def _leaders(review: Review, nominations: QuerySet[Nomination]) -> set[Any]:
    people = nominations.filter(person__isnull=False).values("person")
    posts = Posting.objects.on(_day(review)).filter(person__in=people, post__is_leader=True)
    return set(posts.values_list("person_id", flat=True))


def _day(review: Review) -> Any:
    asked = year_of(review)
    return min(asked.last_day, asked.day)
