"""The demo office at any size, for measuring: copies of the ordinary one's people and papers in bulk."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from random import Random
from typing import Any, TypeVar

from django.db import models

from campaigns.models import Registration
from core.vietnamese import fold, name_sort_key, split_name
from emulation_portal.demo import office
from emulation_portal.demo.roster import FAMILY_NAMES, FEMALE, MALE
from organization.models import Person, Posting, Unit, UnitKind, UnitName
from scoring.calculations import rank
from scoring.models import Achievement, Line, Publication, Result, Scorecard

LIMIT = 100_000
BATCH = 2000
M = TypeVar("M", bound=models.Model)


def grow(*, people: int, units: int) -> None:
    """Copies of the demo's people, without accounts; their sheets and achievements are like their model's."""
    if not 1 <= people <= LIMIT:
        raise ValueError(f"people must be between 1 and {LIMIT}")
    wide = [*Unit.objects.scored().open(), *more_units(units - Unit.objects.count())]
    models_ = list(
        Posting.objects.current()
        .filter(unit__is_collective=True, person__user__isnull=False)
        .select_related("person", "post")
    )
    copies = _more_people(people - Person.objects.count(), models_, wide)
    _copy_sheets(copies)
    _copy_achievements(copies)
    _copy_registrations(copies)
    for publication in Publication.objects.in_force().filter(recipient="individual"):
        _rank_again(publication)


class Copy:
    """A person made in bulk, and the one of the ordinary demo he is like."""

    def __init__(self, person: Person, posting: Posting, like: Posting) -> None:
        self.person, self.posting, self.like = person, posting, like


def _write(rows: Iterable[M]) -> list[M]:
    """For rows that others will point to: each has its number afterwards."""
    made = list(rows)
    _pour(made)
    return made


def _pour(rows: Iterable[models.Model]) -> None:
    """For rows by the million: they are made as they are written, and not kept."""
    source = iter(rows)
    while part := list(islice(source, BATCH)):
        type(part[0])._default_manager.bulk_create(part)


def more_units(count: int) -> list[Unit]:
    top, kind = Unit.objects.get(code="so"), UnitKind.objects.get(code="don-vi-truc-thuoc")
    first = Unit.objects.filter(code__regex=r"^dv\d{4}$").count() + 1
    fresh = _write(
        Unit(
            code=f"dv{number:04d}",
            name=f"Đơn vị trực thuộc số {number}",
            short_name=f"Đơn vị {number}",
            kind=kind,
            parent=top,
            path=f"so/dv{number:04d}/",
            order=1000 + number,
            opened_on=office.FOUNDED,
            search_key=fold(f"dv{number:04d} Đơn vị trực thuộc số {number}"),
        )
        for number in range(first, first + count)
    )
    _pour(
        UnitName(unit=unit, name=unit.name, short_name=unit.short_name, started_on=unit.opened_on)
        for unit in fresh
    )
    return fresh


def _more_people(count: int, examples: Sequence[Posting], units: Sequence[Unit]) -> list[Copy]:
    chance = Random(10_000)  # noqa: S311 - made-up people
    names = [_name(chance) for _ in range(max(0, count))]
    first = Person.objects.filter(code__startswith="CB").count() + 1
    people = _write(_person(number, *name) for number, name in enumerate(names, start=first))
    like = list(islice(cycle(examples), len(people)))
    where = islice(cycle(units), len(people))
    postings = _write(
        Posting(person=person, unit=unit, post=example.post, started_on=date(2020, 1, 2))
        for person, example, unit in zip(people, like, where, strict=False)
    )
    return [Copy(*row) for row in zip(people, postings, like, strict=True)]


def _name(chance: Random) -> tuple[str, str]:
    gender = chance.choice(["nam", "nu"])
    middle, given = chance.choice(MALE if gender == "nam" else FEMALE)
    return gender, f"{chance.choice(FAMILY_NAMES)} {middle} {given}"


def _person(number: int, gender: str, full_name: str) -> Person:
    family, given = split_name(full_name)
    code = f"CB{number:06d}"
    return Person(
        code=code,
        family_name=family,
        given_name=given,
        gender=gender,
        employment="cong-chuc",
        joined_on=date(2020, 1, 2),
        sort_key=name_sort_key(full_name),
        search_key=fold(f"{code} {full_name}"),
    )


def clone(row: M, **changes: Any) -> M:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**{**values, **changes})


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _deciding(original: Achievement | Scorecard, copy: Copy) -> int | None:
    """The copy's own unit decides, or the one above it, as it was with the original."""
    if original.approving_unit_id is None:
        return None
    own = original.approving_unit_id == original.unit_id
    return copy.posting.unit_id if own else copy.posting.unit.parent_id


def _copy_sheets(copies: Sequence[Copy]) -> None:
    originals = _by_person(Scorecard.objects.filter(person__isnull=False, campaign_year__year__gte=2024))
    lines: dict[int, list[Line]] = {}
    for line in Line.objects.filter(
        scorecard__person__isnull=False, scorecard__campaign_year__year__gte=2024
    ):
        lines.setdefault(line.scorecard_id, []).append(line)
    pairs = [
        (
            original,
            clone(
                original,
                person_id=copy.person.pk,
                unit_id=copy.posting.unit_id,
                unit_name=copy.posting.unit.name,
                approving_unit_id=_deciding(original, copy),
                sort_key=copy.person.sort_key,
                search_key=fold(f"{copy.person.full_name} {copy.posting.unit.name}"),
            ),
        )
        for copy in copies
        for original in originals.get(copy.like.person_id, [])
    ]
    _write(made for _, made in pairs)
    _pour(
        clone(line, scorecard_id=made.pk) for original, made in pairs for line in lines.get(original.pk, [])
    )


def _copy_achievements(copies: Sequence[Copy]) -> None:
    originals = _by_person(Achievement.objects.filter(person__isnull=False, campaign_year__year__gte=2024))
    _pour(
        clone(
            original,
            person_id=copy.person.pk,
            unit_id=copy.posting.unit_id,
            approving_unit_id=_deciding(original, copy),
            search_key=fold(f"{original.title} {copy.person.full_name} {copy.posting.unit.name}"),
        )
        for copy in copies
        for original in originals.get(copy.like.person_id, [])
    )


def _copy_registrations(copies: Sequence[Copy]) -> None:
    originals = _by_person(Registration.objects.filter(person__isnull=False, campaign_year__year__gte=2025))
    _pour(
        clone(
            original,
            person_id=copy.person.pk,
            unit_id=copy.posting.unit_id,
            unit_name=copy.posting.unit.name,
            search_key=fold(f"{copy.person.full_name} {copy.posting.unit.name}"),
        )
        for copy in copies
        for original in originals.get(copy.like.person_id, [])
    )


def _rank_again(publication: Publication) -> None:
    """Results for the copied sheets, and ranks over all of them."""
    known = {result.scorecard.person_id: result for result in publication.results.select_related("scorecard")}
    by_total = {result.score: result for result in known.values()}
    sheets = Scorecard.objects.filter(
        campaign_year=publication.campaign_year, person__isnull=False, state="published"
    ).exclude(results__publication=publication)
    _pour(
        clone(by_total[_published(sheet.appraised_total)], scorecard_id=sheet.pk)
        for sheet in sheets.iterator(chunk_size=BATCH)
        if _published(sheet.appraised_total) in by_total
    )
    results = {result.pk: result for result in publication.results.defer("frozen")}
    for place in rank((result.pk, result.index) for result in results.values()):
        results[place.key].rank, results[place.key].is_tied = place.rank, place.is_tied
    Result.objects.bulk_update(results.values(), ["rank", "is_tied"], batch_size=1000)


def _published(total: Decimal | None) -> Decimal:
    return (total or Decimal(0)).quantize(Decimal("0.01"))
