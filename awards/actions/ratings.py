"""Writing the annual ratings: a unit's people or the collectives at once, from a sheet, or from published scores."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import rules
from django.db import transaction
from django.db.models import F

from awards.models import AnnualRating
from awards.queries.ratings import (
    Rated,
    collectives_of_year,
    offers,
    people_of_unit,
    results_to_take,
    seen_of,
)
from core import clock
from core.journal import line, record
from core.journal import write as write_lines
from core.workflow import Refused, Stale, lock
from organization.models import Person, Unit

PERMISSION = "awards.keep_ratings"
CHANGED_MEANWHILE = "Dữ liệu của cổng đã thay đổi từ lúc bạn xem. Hãy xem lại kết quả dưới đây rồi xác nhận."
NAMES = dict(AnnualRating.Grade.choices)
AT_ONCE = 1000


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
    if set(wanted) - set(people):
        raise Refused("Có người không còn thuộc đơn vị này trong năm; hãy mở lại trang.")
    changed = _changed(people, wanted, seen)
    if any(one.person.pk == by.acting.person_id for one, _ in changed):
        raise Refused("Bạn không tự xếp loại cho mình. Hãy nhờ người khác của Văn phòng Sở.")
    for one, grade in changed:
        _write(one, grade, year, unit=unit, by=by, basis=basis, source=AnnualRating.Source.ENTERED)
    return len(changed)


@transaction.atomic
def rate_collectives(
    year: int, wanted: Mapping[int, str], *, by: Any, basis: str = "", seen: Mapping[int, str]
) -> int:
    """Write the classes of collectives, by unit, as ``rate_unit`` writes those of people."""
    _demand(by)
    for pk in sorted(wanted):
        lock(Unit(pk=pk))
    units = {one.person.pk: one for one in collectives_of_year(year)}
    if set(wanted) - set(units):
        raise Refused("Có đơn vị không còn là tập thể được xếp loại trong năm; hãy mở lại trang.")
    changed = _changed(units, wanted, seen)
    if any(by.acting.heads(one.person.pk) for one, _ in changed):
        raise Refused(
            "Bạn đang đứng đầu đơn vị nên không tự xếp loại cho đơn vị mình. Hãy nhờ người khác của Văn phòng Sở."
        )
    for one, grade in changed:
        _write(one, grade, year, unit=one.person, by=by, basis=basis, source=AnnualRating.Source.ENTERED)
    return len(changed)


@transaction.atomic
def take_over_scores(year: int, *, by: Any, seen: str | None = None) -> int:
    """The classes that published scores of the year give; what differs from them is replaced and written down.

    ``seen`` is what the page showed (``seen_of``): what somebody else has written meanwhile is refused.
    """
    _demand(by)
    people = results_to_take(year).order_by().values("scorecard__person")
    list(Person.objects.filter(pk__in=people).order_by("pk").select_for_update().values_list("pk"))
    found = [one for one in offers(year, by) if one.is_new]
    if seen is not None and seen != seen_of(found):
        raise Refused(CHANGED_MEANWHILE)
    written = set()
    for one in found:
        sheet, campaign = one.result.scorecard, one.result.publication.campaign_year
        if sheet.person is None or sheet.person_id in written:
            continue
        written.add(sheet.person_id)
        _write(
            Rated(sheet.person, "", one.present),
            one.grade,
            year,
            unit=sheet.unit,
            by=by,
            basis=f"Kết quả đã công bố: {campaign}",
            source=AnnualRating.Source.SCORED,
        )
    return len(written)


def import_ratings(rows: Sequence[Mapping[str, Any]], *, by: Any, source: str) -> int:
    """The classes of a confirmed sheet, all of one year, written at once; part of the import's transaction.

    Each is compared under its lock with ``before``, which the preview showed.
    """
    for start in range(0, len(rows), AT_ONCE):
        _import_some(rows[start : start + AT_ONCE], by=by, source=source)
    return len(rows)


def _import_some(rows: Sequence[Mapping[str, Any]], *, by: Any, source: str) -> None:
    people, year = [facts["person"].pk for facts in rows], rows[0]["year"]
    list(Person.objects.filter(pk__in=people).order_by("pk").select_for_update().values_list("pk"))
    held = AnnualRating.objects.filter(year=year, person__in=people).order_by("pk").select_for_update()
    present = {one.person_id: one for one in held}
    before = {pk: one.grade for pk, one in present.items()}
    if any(before.get(facts["person"].pk, "") != facts["before"] for facts in rows):
        raise Refused(CHANGED_MEANWHILE)
    now, written = clock.now(), []
    alike: dict[tuple[str, int, str], list[int]] = defaultdict(
        list
    )  # thousands of rows are told in few statements
    for facts in rows:
        person, unit = facts["person"], facts["unit"]
        row = present.get(person.pk) or AnnualRating(person=person, year=year)
        row.grade, row.rated_in, row.source = facts["grade"], unit, AnnualRating.Source.IMPORTED
        row.basis = facts["basis"] or f"Tệp {source}"[:200]
        row.set_by, row.set_at = by, now
        if row.pk:
            alike[row.grade, unit.pk, row.basis].append(row.pk)
        written.append(row)
    AnnualRating.objects.bulk_create([one for one in written if one.pk is None])
    for (grade, rated_in, basis), pks in alike.items():
        AnnualRating.objects.filter(pk__in=pks).update(
            grade=grade,
            rated_in=rated_in,
            basis=basis,
            source=AnnualRating.Source.IMPORTED,
            set_by=by,
            set_at=now,
            version=F("version") + 1,
        )
    write_lines(
        _line(row, facts["person"], before.get(facts["person"].pk), by=by)
        for row, facts in zip(written, rows, strict=True)
    )


# --- parts --------------------------------------------------------------------------------------------
def _changed(
    known: Mapping[int, Rated], wanted: Mapping[int, str], seen: Mapping[int, str]
) -> list[tuple[Rated, str]]:
    """What differs from what is written; refused where somebody else has written since the page was opened."""
    stale = [
        str(known[pk].person)
        for pk, grade in wanted.items()
        if grade != seen.get(pk, "") and _grade(known[pk].rating) not in (seen.get(pk, ""), grade)
    ]
    if stale:
        raise Stale(
            f"Người khác vừa xếp loại {', '.join(stale)}. Lựa chọn của bạn vẫn còn trên trang; hãy so lại."
        )
    return [(known[pk], grade) for pk, grade in wanted.items() if grade != _grade(known[pk].rating)]


def _write(one: Rated, grade: str, year: int, *, unit: Unit, by: Any, basis: str, source: str) -> None:
    subject, present = one.person, one.rating
    before = present.grade if present else None
    if not grade and present:
        said = f"Trước đó: {NAMES[present.grade]}."
        record(present, "unrate", by=by, label=f"Bỏ xếp loại năm {year} của {subject}", comment=said)
        present.delete()
        return
    whose = {"person": subject} if isinstance(subject, Person) else {"unit": subject}
    row = present or AnnualRating(year=year, **whose)
    row.grade, row.rated_in, row.basis, row.source = grade, unit, basis, source
    row.set_by, row.set_at = by, clock.now()
    row.version += present is not None
    row.save()
    write_lines([_line(row, subject, before, by=by)])


def _line(row: AnnualRating, subject: Person | Unit, before: str | None, *, by: Any) -> Any:
    words = f"{NAMES[before]} → {NAMES[row.grade]}" if before else NAMES[row.grade]
    label = f"Xếp loại năm {row.year}: {subject}"
    return line(row, "rate", by=by, label=label, comment=f"{words}. {row.basis}".strip())


def _grade(rating: AnnualRating | None) -> str:
    return rating.grade if rating else ""


def _demand(by: Any) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở ghi xếp loại năm.")
