"""Questions about what a cancelled honour takes with it: the collectives whose members' titles it counted among."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from awards.eligibility.assessing import assess
from awards.eligibility.facts import Candidate
from awards.eligibility.findings import State
from awards.models import Honour, Nomination, Review, rule_source
from awards.queries.facts import Asked, candidates_of_units
from awards.queries.reviews import asked_of, rulebook_of
from core import clock
from organization.models import Posting

Pair = tuple[int, str]  # a person and a title of the year
Shaken = tuple[Honour, str]


def shaken_collectives(cancelled: Iterable[Honour]) -> list[Shaken]:
    """Collective honours in force of the same year that miss a share of their members when these are cancelled, each
    with what is missing. Asked before it and after; some questions for each year and review."""
    years: dict[int, dict[int, Pair]] = defaultdict(dict)
    for one in cancelled:
        if one.person_id:
            years[one.year][one.pk] = (one.person_id, one.award.code)
    return [
        found for year, pairs in years.items() for found in _of_year(year, set(pairs.values()), set(pairs))
    ]


def shaken_without(nominations: Iterable[Nomination]) -> list[Shaken]:
    """The same, of titles that were only proposed and that nobody gives any more."""
    years: dict[int, set[Pair]] = defaultdict(set)
    for one in nominations:
        if one.person_id:
            years[one.review.year].add((one.person_id, one.award.code))
    return [found for year, pairs in years.items() for found in _of_year(year, pairs, set())]


def _of_year(year: int, gone: set[Pair], own: set[int]) -> Iterable[Shaken]:
    """``own``: the honours that are cancelled, by key."""
    people = {person for person, _ in gone}
    day = min(date(year, 12, 31), clock.today())
    places = dict(Posting.objects.on(day).filter(person__in=people).values_list("person_id", "unit__path"))
    rows = Honour.objects.in_force().filter(year=year, unit__isnull=False)
    rows = rows.select_related("award", "unit", "entry__decision__review").order_by("sort_key", "pk")
    groups: dict[Review | None, list[Honour]] = defaultdict(list)
    for one in rows:
        if one.unit and any(path.startswith(one.unit.path) for path in places.values()):
            groups[_review_of(one)].append(one)
    if not groups:
        return
    others = Honour.objects.in_force().filter(year=year, person__in=people).exclude(pk__in=own)
    still = set(others.values_list("person_id", "award__code"))
    lost = gone - still
    standing = Honour.objects.in_force().filter(pk__in=own, decided_on__lte=clock.today())
    counted = (
        set(standing.values_list("person_id", "award__code")) & lost
    )  # before the act they are counted still
    for review, honours in groups.items():
        yield from _of_review(review, honours, lost, counted, places)


def _review_of(honour: Honour) -> Review | None:
    return honour.entry.decision.review if hasattr(honour, "entry") else None


def _of_review(
    review: Review | None, honours: list[Honour], lost: set[Pair], counted: set[Pair], places: dict[int, str]
) -> Iterable[Shaken]:
    year = honours[0].year
    if review:
        book, asked = rulebook_of(review), asked_of(review, with_nominated=True, is_today=True)
    else:
        book, asked = rule_source().rulebook(date(year, 12, 31)), Asked(year, clock.today())
    stay = {
        (kind, pk): {
            award: kept for award, kept in awards.items() if kind != "person" or (pk, award) not in lost
        }
        for (kind, pk), awards in asked.nominated.items()
    }
    candidates = candidates_of_units(
        replace(asked, nominated=stay), [one.unit_id for one in honours if one.unit_id]
    )
    for one in honours:
        if one.unit and one.award.code in book.conditions:
            inside = {person for person, path in places.items() if path.startswith(one.unit.path)}
            candidate = _without(candidates[one.unit.pk], [pair for pair in counted if pair[0] in inside])
            leaves = [
                leaf for top in assess(one.award.code, candidate, book).findings for leaf in top.leaves()
            ]
            missed = [leaf for leaf in leaves if leaf.word == "members" and leaf.state is State.UNMET]
            if missed:
                yield one, " ".join(f"{leaf.wording}: {leaf.fact} {leaf.wanting}".strip() for leaf in missed)


def _without(candidate: Candidate, pairs: list[Pair]) -> Candidate:
    if not candidate.members or not pairs:
        return candidate
    left = Counter(candidate.members.titles) - Counter(award for _, award in pairs)
    return replace(candidate, members=replace(candidate.members, titles=left))
