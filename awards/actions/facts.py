"""Facts of people written by hand: discipline, absence, the former unit's comment. Judging hears of each of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import rules
from django.db import IntegrityError, models, transaction

from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import Refused, check_version, lock
from organization.models import Person, Posting

PERMISSION = "awards.keep_facts"
Kept = models.Model  # awards.models.Discipline, Absence, UnitComment


@transaction.atomic
def enter_fact(kind: type[Kept], person: Person, values: Mapping[str, Any], *, by: Any) -> Any:
    """Write a fact of a person; the same one twice is refused, by the person's lock also of two at once."""
    _demand(by, person)
    lock(person)
    row = kind(person=person, **values)
    _check(row)
    twin = _same(row)
    if twin.exists():
        raise Refused(f"Đã có: {twin[0]}. Hãy sửa dòng đó.")
    _save(row)
    record(row, "enter", by=by, label=f"Ghi {_name(row)}: {row}"[:200], data={"person": person.pk})
    return row


@transaction.atomic
def correct_fact(row: Any, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> Any:
    """Put right what was written wrongly; the journal keeps what stood there."""
    _demand(by, row.person)
    lock_fact(row)
    check_version(row, version)
    before = {name: getattr(row, name) for name in values}
    changed = [name for name in values if values[name] != before[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    _check(row)
    row.version += 1
    _save(row)
    said = [
        f"{_label(row, name)}: {_shown(row, name, before[name])} → {_shown(row, name, values[name])}"
        for name in changed
    ]
    label = f"Sửa {_name(row)}: {row}"[:200]
    record(row, "correct", by=by, label=label, comment="\n".join(said), data={"person": row.person_id})
    return row


@transaction.atomic
def withdraw_fact(row: Any, *, reason: str, by: Any, version: int | None = None) -> None:
    """Take a fact back: no review counts it any more; what it said and why it went stays in the journal."""
    _demand(by, row.person)
    lock_fact(row)
    check_version(row, version)
    if not (reason := normalize(reason)):
        raise Refused("Hãy ghi lý do rút lại.")
    fields = [one for one in row._meta.concrete_fields if one.name not in ("id", "version", "person")]
    said = [f"{_label(row, one.name)}: {_shown(row, one.name, getattr(row, one.name))}" for one in fields]
    label = f"Rút lại {_name(row)}: {row}"[:200]
    comment = "\n".join([f"Lý do: {reason}", *said])
    record(row, "withdraw", by=by, label=label, comment=comment, data={"person": row.person_id})
    row.delete()


def lock_fact(row: Any) -> None:
    try:
        lock(row)
    except type(row).DoesNotExist as error:
        raise Refused("Dòng này vừa được người khác rút lại.") from error


def _demand(by: Any, person: Person) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở ghi, sửa và rút lại dữ kiện này.")
    if person.pk == by.acting.person_id:
        raise Refused("Bạn không ghi, sửa dữ kiện của chính mình. Hãy nhờ người khác của Văn phòng Sở.")


def _check(row: Any) -> None:
    """A comment comes from a unit that the person worked in during the year and has left."""
    if unit := getattr(row, "unit", None):
        stays = Posting.objects.filter(
            person=row.person, unit=unit, started_on__lte=date(row.year, 12, 31)
        ).exclude(ended_on__lt=date(row.year, 1, 1))
        if not stays.exists():
            raise Refused(f"{row.person} không công tác tại {unit} trong năm {row.year}.")
        if not stays.filter(ended_on__isnull=False).exists():
            raise Refused(f"{row.person} vẫn đang công tác tại {unit}, nên không phải đơn vị cũ.")


SAME = {
    "discipline": ("person", "number", "decided_on"),
    "absence": ("person", "year", "kind", "months"),
    "unitcomment": ("person", "unit", "year"),
}


def _same(row: Any) -> models.QuerySet[Any]:
    names = SAME[row._meta.model_name]
    rows = type(row).objects.exclude(pk=row.pk) if row.pk else type(row).objects.all()
    return rows.filter(**{name: getattr(row, name) for name in names})


def _save(row: Any) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(f"Đã có một dòng khác giống dòng này: {row}.") from error


def _name(row: Any) -> str:
    return str(row._meta.verbose_name)


def _label(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _shown(row: Any, name: str, value: Any) -> str:
    value = dict(row._meta.get_field(name).choices or ()).get(value, value)
    if isinstance(value, date):
        return format_date(value)
    return str(value) if value not in ("", None) else "(trống)"
