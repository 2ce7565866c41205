"""Writing the annual ratings: a unit's people at once, or taken over from published scores."""

from collections.abc import Mapping
from typing import Any

import rules
from django.db import transaction

from awards.models import AnnualRating
from awards.queries.ratings import offers, people_of_unit
from core import clock
from core.journal import record
from core.workflow import Refused, Stale, lock
from organization.models import Person, Unit

PERMISSION = "awards.keep_ratings"
CHANGED_MEANWHILE = "Dữ liệu của cổng đã thay đổi từ lúc bạn xem. Hãy xem lại kết quả dưới đây rồi xác nhận."
NAMES = dict(AnnualRating.Grade.choices)


@transaction.atomic
def rate_unit(
    unit: Unit, year: int, wanted: Mapping[int, str], *, by: Any, basis: str = "", seen: Mapping[int, str]
) -> int:
    """Write the classes of a unit's people, by person; ``seen`` is what the page showed when it was opened.

    An empty class takes a rating back. Returns how many rows changed; what somebody else changed meanwhile is refused.
    """
    _demand(by)
    lock(unit)
    people = {one.person.pk: one for one in people_of_unit(unit.pk, year)}
    strangers = set(wanted) - set(people)
    if strangers:
        raise Refused("Có người không còn thuộc đơn vị này trong năm; hãy mở lại trang.")
    stale = [
        str(people[pk].person)
        for pk, grade in wanted.items()
        if grade != seen.get(pk, "") and _grade(people[pk].rating) not in (seen.get(pk, ""), grade)
    ]
    if stale:
        raise Stale(
            f"Người khác vừa xếp loại {', '.join(stale)}. Lựa chọn của bạn vẫn còn trên trang; hãy so lại."
        )
    changed = 0
    for pk, grade in wanted.items():
        one = people[pk]
        if grade != _grade(one.rating):
            _write(
                one.person,
                unit,
                year,
                grade,
                one.rating,
                by=by,
                basis=basis,
                source=AnnualRating.Source.ENTERED,
            )
            changed += 1
    return changed


@transaction.atomic
def take_over_scores(year: int, *, by: Any) -> int:
    """The classes that published scores of the year give; what differs from them is replaced and written down."""
    _demand(by)
    found = [one for one in offers(year) if one.is_new]
    for one in found:
        sheet, campaign = one.result.scorecard, one.result.publication.campaign_year
        if sheet.person is None:
            continue
        if one.present:
            lock(one.present)
        _write(
            sheet.person,
            sheet.unit,
            year,
            one.grade,
            one.present,
            by=by,
            basis=f"Kết quả đã công bố: {campaign}",
            source=AnnualRating.Source.SCORED,
        )
    return len(found)


def import_rating(
    *, person: Person, unit: Unit, year: int, grade: str, before: str, basis: str, by: Any, source: str
) -> None:
    """One class of a confirmed sheet; ``before`` is what the preview showed. Part of the import's transaction."""
    lock(person)
    present = AnnualRating.objects.filter(person=person, year=year).first()
    if present:
        lock(present)
    if _grade(present) != before:
        raise Refused(CHANGED_MEANWHILE)
    _write(
        person,
        unit,
        year,
        grade,
        present,
        by=by,
        basis=basis or f"Tệp {source}"[:200],
        source=AnnualRating.Source.IMPORTED,
    )


def _write(
    person: Person,
    unit: Unit,
    year: int,
    grade: str,
    present: AnnualRating | None,
    *,
    by: Any,
    basis: str,
    source: str,
) -> None:
    before = NAMES[present.grade] if present else "chưa xếp loại"
    if not grade and present:
        record(
            present,
            "unrate",
            by=by,
            label=f"Bỏ xếp loại năm {year} của {person}",
            comment=f"Trước đó: {before}.",
        )
        present.delete()
        return
    row = present or AnnualRating(person=person, year=year)
    row.grade, row.rated_in, row.basis, row.source = grade, unit, basis, source
    row.set_by, row.set_at = by, clock.now()
    row.version += present is not None
    row.save()
    words = f"{before} → {NAMES[grade]}" if present else NAMES[grade]
    record(row, "rate", by=by, label=f"Xếp loại năm {year}: {person}", comment=f"{words}. {basis}".strip())


def _grade(rating: AnnualRating | None) -> str:
    return rating.grade if rating else ""


def _demand(by: Any) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở ghi xếp loại năm.")
