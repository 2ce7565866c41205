"""The life of a unit: opened, renamed, moved, merged, split, closed. A closed unit stays in every old dossier."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.journal import record, record_many
from core.vietnamese import fold, format_date, normalize
from core.workflow import Refused, lock
from organization.actions.appointments import end_all, keep_an_office
from organization.actions.permission import demand, not_in_future
from organization.models import Appointment, Posting, Succession, Unit, UnitKind, UnitName

MANAGE = "organization.manage_units"
EVE = timedelta(days=1)


@transaction.atomic
def open_unit(
    *,
    code: str,
    name: str,
    short_name: str,
    kind: UnitKind,
    opened_on: date,
    by: Any,
    parent: Unit | None = None,
    order: int = 0,
    is_collective: bool = True,
    basis: str = "",
) -> Unit:
    demand(MANAGE, by)
    if Unit.objects.filter(code=code).exists():
        raise Refused(
            f"Mã đơn vị “{code}” đã có. Mỗi đơn vị một mã riêng, kể cả đơn vị đã kết thúc hoạt động."
        )
    _check_parent(parent, opened_on)
    unit = Unit(
        code=code,
        name=normalize(name),
        short_name=normalize(short_name),
        kind=kind,
        parent=parent,
        order=order,
        is_collective=is_collective,
        opened_on=opened_on,
        path=_path(parent, code),
    )
    unit.search_key = _search_key(unit)
    unit.save()
    UnitName.objects.create(
        unit=unit, name=unit.name, short_name=unit.short_name, started_on=opened_on, basis=basis
    )
    record(unit, "opened", by=by, label="Thành lập đơn vị", comment=basis, data={"on": opened_on.isoformat()})
    return unit


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, short_name: str, on: date, by: Any, basis: str = "") -> None:
    """From ``on`` the unit has another name; older dossiers keep the one of their day."""
    demand(MANAGE, by)
    lock(unit)
    name, short_name = normalize(name), normalize(short_name)
    not_in_future(on, "Ngày đổi tên")
    _check_open(unit)
    if (name, short_name) == (unit.name, unit.short_name):
        raise Refused("Tên mới giống tên hiện nay.")
    current = unit.names.get(ended_on__isnull=True)
    if on < current.started_on:
        raise Refused(
            f"Ngày đổi tên phải sau ngày {format_date(current.started_on)}, là ngày có tên hiện nay."
        )
    before = unit.name
    if on == current.started_on:
        current.name, current.short_name, current.basis = name, short_name, basis or current.basis
        current.save()
    else:
        current.ended_on = on - EVE
        current.save()
        UnitName.objects.create(unit=unit, name=name, short_name=short_name, started_on=on, basis=basis)
    unit.name, unit.short_name = name, short_name
    unit.search_key = _search_key(unit)
    unit.save()
    record(unit, "renamed", by=by, label=f"Đổi tên từ “{before}” thành “{name}”", comment=basis)


@transaction.atomic
def correct_unit(
    unit: Unit,
    *,
    kind: UnitKind,
    opened_on: date,
    is_collective: bool,
    by: Any,
    code: str = "",
    reason: str = "",
) -> None:
    """Put right what was written wrongly when the unit was opened; with its code, the paths of its branch."""
    demand(MANAGE, by)
    lock(unit)
    wanted = {"code": code or unit.code, "kind": kind, "opened_on": opened_on, "is_collective": is_collective}
    before = {name: getattr(unit, name) for name in wanted}
    changed = [name for name in wanted if wanted[name] != before[name]]
    if not changed:
        return
    if "code" in changed and Unit.objects.filter(code=code).exists():
        raise Refused(f"Mã đơn vị “{code}” đã có. Mỗi đơn vị một mã riêng, kể cả đơn vị đã kết thúc.")
    not_in_future(opened_on, "Ngày thành lập")
    if unit.parent and unit.parent.opened_on > opened_on:
        raise Refused(
            f"{unit.parent.name} thành lập ngày {format_date(unit.parent.opened_on)}, sau ngày này."
        )
    first = unit.names.order_by("started_on").first()
    if unit.closed_on and opened_on >= unit.closed_on:
        raise Refused("Ngày thành lập phải trước ngày kết thúc hoạt động.")
    if first and first.ended_on and opened_on > first.ended_on:
        raise Refused(f"Ngày thành lập phải trước lần đổi tên ngày {format_date(first.ended_on + EVE)}.")
    for name in changed:
        setattr(unit, name, wanted[name])
    unit.search_key = _search_key(unit)
    unit.save()
    _hang_under(unit, unit.parent)
    if first:
        first.started_on = opened_on
        first.save()
    said = [f"{_label(name)}: {_shown(before[name])} → {_shown(wanted[name])}" for name in changed]
    told = "\n".join(filter(None, [*said, normalize(reason)]))
    record(unit, "corrected", by=by, label="Sửa thông tin đơn vị", comment=told)


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit | None, order: int, by: Any, basis: str = "") -> None:
    """Put the unit under another one, or elsewhere in the order of lists; its branch moves with it."""
    demand(MANAGE, by)
    lock(unit)
    _check_open(unit)
    if parent and parent.path.startswith(unit.path):
        raise Refused("Không thể đặt một đơn vị dưới chính nó hoặc dưới đơn vị cấp dưới của nó.")
    if parent != unit.parent:
        _check_parent(parent, unit.opened_on, besides=unit)
    unit.order = order
    unit.save(update_fields=["order"])
    _hang_under(unit, parent)
    where = f"Chuyển về trực thuộc {parent.name}" if parent else "Sắp xếp đơn vị"
    record(unit, "moved", by=by, label=where, comment=basis)


@transaction.atomic
def close_unit(unit: Unit, *, on: date, by: Any, basis: str = "") -> None:
    """From ``on`` the unit no longer works; nobody may be left in it."""
    demand(MANAGE, by)
    lock(unit)
    _check_open(unit)
    not_in_future(on, "Ngày kết thúc hoạt động")
    people = Posting.objects.current().filter(unit=unit).count()
    if people:
        raise Refused(f"Đơn vị còn {people} người. Hãy điều động họ trước, hoặc dùng “Sáp nhập”.")
    _close(unit, on=on, by=by, basis=basis, label="Kết thúc hoạt động")


@transaction.atomic
def merge_units(
    units: Collection[Unit], *, into: Unit | Mapping[str, Any], on: date, basis: str, by: Any
) -> Unit:
    """Several units become one: an existing one, or a new one given by the facts of ``open_unit``."""
    demand(MANAGE, by)
    if not units:
        raise Refused("Hãy chọn đơn vị được sáp nhập.")
    _need_basis(basis)
    not_in_future(on, "Ngày sáp nhập")
    target = into if isinstance(into, Unit) else open_unit(**into, opened_on=on, basis=basis, by=by)
    lock(target)
    _check_open(target)
    for unit in units:
        lock(unit)
        _check_open(unit)
        if unit.parent is None or target.path.startswith(unit.path):
            raise Refused(
                f"Không thể sáp nhập {unit.name} vào {target.name}: đơn vị nhận nằm trong đơn vị được nhập."
            )
        _move_people(list(_people_of(unit)), dict.fromkeys(_ids(unit), target), on=on, basis=basis, by=by)
        for child in Unit.objects.open().filter(parent=unit):
            _hang_under(child, target)
        Succession.objects.create(
            predecessor=unit, successor=target, kind=Succession.Kind.MERGED, on=on, basis=basis
        )
        _close(unit, on=on, by=by, basis=basis, label=f"Sáp nhập vào {target.name}")
    names = ", ".join(unit.name for unit in units)
    record(target, "received", by=by, label=f"Tiếp nhận {names}", comment=basis)
    return target


@transaction.atomic
def split_unit(
    unit: Unit,
    *,
    into: Sequence[Unit],
    placements: Mapping[int, Unit],
    on: date,
    basis: str,
    by: Any,
    closes: bool = True,
) -> None:
    """People of the unit go to the units in ``into``; ``placements`` says who (person pk) goes where."""
    demand(MANAGE, by)
    lock(unit)
    _check_open(unit)
    _need_basis(basis)
    not_in_future(on, "Ngày chia, tách")
    _check_targets(unit, into, placements)
    people = list(_people_of(unit))
    homeless = [posting.person.full_name for posting in people if posting.person_id not in placements]
    if closes and homeless:
        raise Refused(
            f"Chưa chọn nơi đến cho: {', '.join(homeless[:10])}{'…' if len(homeless) > 10 else ''}."
        )
    moving = [posting for posting in people if posting.person_id in placements]
    _move_people(moving, placements, on=on, basis=basis, by=by)
    for target in into:
        Succession.objects.get_or_create(
            predecessor=unit,
            successor=target,
            defaults={"kind": Succession.Kind.SPLIT, "on": on, "basis": basis},
        )
        record(target, "received", by=by, label=f"Được tách từ {unit.name}", comment=basis)
    names = ", ".join(target.name for target in into)
    if closes:
        _close(unit, on=on, by=by, basis=basis, label=f"Chia thành {names}")
    else:
        record(unit, "split", by=by, label=f"Tách thành {names}", comment=basis)


def _check_targets(unit: Unit, into: Sequence[Unit], placements: Mapping[int, Unit]) -> None:
    if not into or unit in into:
        raise Refused("Hãy chọn đơn vị nhận, khác với đơn vị được chia, tách.")
    for target in into:
        _check_open(target)
    if set(placements.values()) - set(into):
        raise Refused("Có người được chọn nơi đến không nằm trong các đơn vị nhận.")


def _check_parent(parent: Unit | None, day: date, besides: Unit | None = None) -> None:
    if parent is None:
        if (
            Unit.objects.open()
            .filter(parent__isnull=True)
            .exclude(pk=besides.pk if besides else None)
            .exists()
        ):
            raise Refused("Đã có đơn vị cấp cao nhất. Hãy chọn đơn vị mà đơn vị này trực thuộc.")
        return
    if parent.closed_on:
        raise Refused(f"{parent.name} đã kết thúc hoạt động ngày {format_date(parent.closed_on)}.")
    if parent.opened_on > day:
        raise Refused(
            f"{parent.name} thành lập ngày {format_date(parent.opened_on)}, sau ngày {format_date(day)}."
        )


def _check_open(unit: Unit) -> None:
    if unit.closed_on:
        raise Refused(f"{unit.name} đã kết thúc hoạt động ngày {format_date(unit.closed_on)}.")


def _need_basis(basis: str) -> None:
    if not basis.strip():
        raise Refused("Hãy ghi căn cứ: số, ngày của quyết định.")


def _close(unit: Unit, *, on: date, by: Any, basis: str, label: str) -> None:
    if on <= unit.opened_on:
        raise Refused(
            f"{unit.name} thành lập ngày {format_date(unit.opened_on)}; ngày kết thúc phải sau ngày đó."
        )
    if Unit.objects.open().filter(parent=unit).exists():
        raise Refused(f"{unit.name} còn đơn vị trực thuộc. Hãy chuyển hoặc kết thúc các đơn vị đó trước.")
    current = unit.names.get(ended_on__isnull=True)
    if on <= current.started_on:
        raise Refused(
            f"{unit.name} có tên này từ {format_date(current.started_on)}; ngày kết thúc phải sau ngày đó."
        )
    current.ended_on = on - EVE
    current.save()
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    end_all(Appointment.objects.filter(unit=unit), last_day=on - EVE, by=by, reason=label)
    record(unit, "closed", by=by, label=label, comment=basis, data={"on": on.isoformat()})


def _people_of(unit: Unit) -> Any:
    return Posting.objects.current().filter(unit=unit).select_related("person", "unit__kind")


def _ids(unit: Unit) -> list[int]:
    return list(_people_of(unit).values_list("person_id", flat=True))


def _move_people(
    postings: list[Posting], placements: Mapping[int, Unit], *, on: date, basis: str, by: Any
) -> None:
    late = [posting.person.full_name for posting in postings if posting.started_on >= on]
    if late:
        raise Refused(f"Có người đến đơn vị sau ngày {format_date(on)}: {', '.join(late[:5])}.")
    Posting.objects.filter(pk__in=[posting.pk for posting in postings]).update(ended_on=on - EVE)
    Posting.objects.bulk_create(
        [
            Posting(
                person_id=old.person_id,
                unit=placements[old.person_id],
                post_id=old.post_id,
                started_on=on,
                basis=basis,
            )
            for old in postings
        ],
        batch_size=500,
    )
    _end_roles_left({old.person_id: (old.unit, placements[old.person_id]) for old in postings}, on=on, by=by)
    record_many(
        [old.person for old in postings],
        "transferred",
        by=by,
        label="Chuyển đơn vị theo sắp xếp tổ chức",
        comment=basis,
    )


def _end_roles_left(ways: Mapping[int, tuple[Unit, Unit]], *, on: date, by: Any) -> None:
    """The roles that people (pk) leave behind on their way from one unit to another, as in a single transfer."""
    held = Appointment.objects.filter(person__in=ways).select_related("unit")
    left = [one for one in held if one.ends_with_posting(*ways[one.person_id])]
    keep_an_office(left, on)
    ending = Appointment.objects.filter(pk__in=[one.pk for one in left])
    end_all(ending, last_day=on - EVE, by=by, reason="Chuyển sang đơn vị khác.")


def _hang_under(unit: Unit, parent: Unit | None) -> None:
    """Write the new path of the unit and of everything below it."""
    old, new = unit.path, _path(parent, unit.code)
    unit.parent = parent
    unit.save(update_fields=["parent"])
    if old == new:
        return
    branch = list(Unit.objects.filter(path__startswith=old))
    for one in branch:
        one.path = new + one.path[len(old) :]
    Unit.objects.bulk_update(branch, ["path"], batch_size=500)
    unit.path = new


def _label(name: str) -> str:
    return str(Unit._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return format_date(value) if isinstance(value, date) else str(value)


def _path(parent: Unit | None, code: str) -> str:
    path = f"{parent.path if parent else ''}{code}/"
    if len(path) > 400:
        raise Refused("Cây đơn vị quá sâu.")
    return path


def _search_key(unit: Unit) -> str:
    return fold(f"{unit.code} {unit.name} {unit.short_name}")[:500]
