"""The live meter of a unit's list and of the whole list, and whether collective and individual lists agree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from awards.calculations.meter import Composition, Gauge, Line, Rule, composition, gauges, years_in_a_row
from awards.eligibility.findings import State
from awards.eligibility.rulebook import Rulebook
from awards.models import Honour, Nomination, Proposal, Prospect, Review
from awards.queries.nominations import assessed, people_of, proposing_units
from awards.queries.reviews import asked_of, rulebook_of
from core.vietnamese import format_decimal
from organization.models import Person, Posting, Unit

# What the law asks of the members of a collective.
OF_MEMBERS = ("members", "members_complete", "members_not_disciplined")


@dataclass(frozen=True)
class Meter:
    """What a list shows while it is composed; ``conflicts`` and what is over stop it."""

    gauges: list[Gauge]
    composition: Composition
    again: list[tuple[Nomination, int]]
    conflicts: list[str]
    without: list[Unit]
    names: dict[str, str]

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
    rows = list(nominations.select_related("award", "person", "unit").order_by("-award__order", "pk"))
    book = rulebook_of(review)
    won = _won(review, rows)
    leaders = _leaders(review, rows)
    lines = [
        Line(
            award=one.award.code,
            subject=_key(one),
            is_leader=one.person_id in leaders,
            is_woman=one.person is not None and one.person.gender == Person.Gender.FEMALE,
            row=years_in_a_row(won[_key(one), one.award_id], review.year),
        )
        for one in rows
    ]
    percent = book.settings.get("leaders-percent")
    return Meter(
        gauges=gauges(_rules(book), lines, _bases(review, book, people)),
        composition=composition(lines, None if percent is None else Decimal(str(percent))),
        again=[(one, line.row) for one, line in zip(rows, lines, strict=True) if line.row > 1],
        conflicts=_conflicts(review, rows),
        without=without,
        names={one.award.code: one.award.name for one in rows} | dict(book.names),
    )


def _conflicts(review: Review, rows: list[Nomination]) -> list[str]:
    """Collectives whose members' classes and titles, those proposed with it, do not bear it; not what is sent on as
    an exception."""
    collectives = [one for one in rows if one.unit_id and one.verdict != Nomination.Verdict.EXCEPTION]
    if not collectives:
        return []
    judged = assessed(review, collectives)
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
        elif one.of == "qualified":
            met = review.prospects.filter(award__code=one.award, state=Prospect.State.MET)
            kept = met.filter(person__in=people.values("pk")) | met.filter(is_collective=True)
            found[one.award, one.of] = kept.count()
    return found


def _key(one: Nomination) -> tuple[str, int]:
    return ("person", one.person_id) if one.person_id else ("unit", one.unit_id or 0)


def _won(review: Review, rows: list[Nomination]) -> dict[tuple[tuple[str, int], int], list[int]]:
    """The earlier years of each award that these candidates hold."""
    found: dict[tuple[tuple[str, int], int], list[int]] = defaultdict(list)
    people = [one.person_id for one in rows if one.person_id]
    units = [one.unit_id for one in rows if one.unit_id]
    held = Honour.objects.in_force().filter(year__lt=review.year)
    kept = held.filter(person__in=people) | held.filter(unit__in=units)
    for person, unit, award, year in kept.values_list("person_id", "unit_id", "award_id", "year"):
        found[("person", person) if person else ("unit", unit), award].append(year)
    return found


def _leaders(review: Review, rows: list[Nomination]) -> set[Any]:
    people = [one.person_id for one in rows if one.person_id]
    posts = Posting.objects.on(_day(review)).filter(person__in=people, post__is_leader=True)
    return set(posts.values_list("person_id", flat=True))


def _day(review: Review) -> Any:
    asked = asked_of(review)
    return min(asked.last_day, asked.day)
