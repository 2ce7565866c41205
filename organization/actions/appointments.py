"""Who holds which role: appointing, delegating for a period, ending. Nobody gives a role to himself."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock
from core.journal import record
from core.vietnamese import format_date
from core.workflow import Refused, lock
from organization import roles
from organization.actions.permission import demand
from organization.models import Appointment, Person, Posting, Unit
from organization.queries import own_heads_of


@transaction.atomic
def appoint(
    person: Person,
    *,
    role: str,
    started_on: date,
    by: Any,
    unit: Unit | None = None,
    ended_on: date | None = None,
    basis: str = "",
) -> Appointment:
    demand("organization.appoint", by)
    lock(person)
    _check_person(person, by, ended_on=ended_on, started_on=started_on)
    kind = roles.ROLES[role]
    if kind.of_unit != (unit is not None):
        raise Refused(
            f"Vai trò “{kind.name}” {'phải gắn với' if kind.of_unit else 'không gắn với'} một đơn vị."
        )
    if unit and unit.closed_on:
        raise Refused(f"{unit.name} đã kết thúc hoạt động ngày {format_date(unit.closed_on)}.")
    _keep_technician_apart(person, role, started_on, ended_on)
    _check_overlap(person, role, unit, started_on, ended_on)
    if role == roles.HEAD and unit:
        _one_head(unit, started_on, ended_on)
    made = Appointment.objects.create(
        person=person, role=role, unit=unit, started_on=started_on, ended_on=ended_on, basis=basis
    )
    record(person, "appointed", by=by, label=f"Giao vai trò: {made}", comment=basis, data=_period(made))
    return made


@transaction.atomic
def delegate(
    unit: Unit, *, to: Person, started_on: date, ended_on: date | None, basis: str, by: Any
) -> Appointment:
    """The head lets somebody of his unit decide in his place for a period, in writing."""
    lock(unit)
    demand("organization.delegate", by, unit)
    giver = _giver(unit, by)
    if to == giver:
        raise Refused("Không thể ủy quyền cho chính mình.")
    _check_person(to, by, ended_on=ended_on, started_on=started_on)
    if ended_on is None:
        raise Refused("Ủy quyền phải có ngày kết thúc.")
    if by is not None and started_on < clock.today():
        raise Refused("Ủy quyền có hiệu lực từ hôm nay trở đi, không lùi ngày.")
    if not basis.strip():
        raise Refused("Hãy ghi căn cứ: số, ngày của giấy ủy quyền.")
    if not _works_in(to, unit):
        raise Refused(f"{to.full_name} không công tác tại {unit.name}.")
    _within_term(giver, unit, ended_on)
    _keep_technician_apart(to, roles.HEAD, started_on, ended_on)
    _check_overlap(to, roles.HEAD, unit, started_on, ended_on)
    made = Appointment.objects.create(
        person=to,
        role=roles.HEAD,
        unit=unit,
        started_on=started_on,
        ended_on=ended_on,
        delegated_by=giver,
        basis=basis,
    )
    label = f"{giver.full_name} ủy quyền cho {to.full_name}: {unit.short_name}"
    for document in (to, unit):
        record(document, "delegated", by=by, label=label, comment=basis, data=_period(made))
    return made


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: date, by: Any, comment: str = "") -> None:
    """The role is held for the last time on ``on``; a delegation may also be taken back by who gave it."""
    lock(appointment)
    giver = (
        by is not None and appointment.delegated_by_id and appointment.delegated_by_id == by.acting.person_id
    )
    if not giver:
        demand("organization.appoint", by)
    if appointment.ended_on and appointment.ended_on < clock.today():
        raise Refused(f"Vai trò này đã kết thúc ngày {format_date(appointment.ended_on)}.")
    if on < appointment.started_on - timedelta(days=1):
        raise Refused(f"Ngày kết thúc phải sau ngày bắt đầu {format_date(appointment.started_on)}.")
    keep_an_office([appointment], on + timedelta(days=1))
    end_all(Appointment.objects.filter(pk=appointment.pk), last_day=on, by=by, reason=comment)


def end_all(appointments: QuerySet[Appointment], *, last_day: date, by: Any, reason: str) -> None:
    """End those that still run on ``last_day``; a head's delegations end with his own role."""
    running = appointments.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=last_day)).select_related(
        "unit", "person"
    )
    for one in running:
        label = f"Kết thúc vai trò: {one}"
        if one.started_on > last_day:
            one.delete()
        else:
            one.ended_on = last_day
            one.save(update_fields=["ended_on"])
        record(
            one.person, "role_ended", by=by, label=label, comment=reason, data={"on": last_day.isoformat()}
        )
        if one.role == roles.HEAD and not one.delegated_by_id:
            given = Appointment.objects.filter(delegated_by_id=one.person_id, unit=one.unit)
            end_all(given, last_day=last_day, by=by, reason="Thủ trưởng ủy quyền thôi giữ vai trò.")


def keep_an_office(left: Iterable[Appointment], on: date) -> None:
    """Only the Office gives roles: without anybody in it from ``on`` nobody could ever be appointed again."""
    ending = [one.pk for one in left if one.role == roles.OFFICE]
    if not ending:
        return
    others = Appointment.objects.on(on).filter(role=roles.OFFICE, person__left_on__isnull=True)
    if not others.exclude(pk__in=ending).exists():
        raise Refused(
            "Sau việc này không còn ai giữ vai trò Văn phòng Sở. Hãy giao vai trò này cho người khác trước."
        )


def _giver(unit: Unit, by: Any) -> Person:
    heads = list(own_heads_of(unit))
    if not heads:
        raise Refused(f"{unit.name} chưa có thủ trưởng nên không có ai để ủy quyền.")
    mine = [head for head in heads if by is not None and head.pk == by.acting.person_id]
    return (mine or heads)[0]


def _within_term(giver: Person, unit: Unit, ended_on: date) -> None:
    """Nobody hands on more than he holds."""
    own = Appointment.objects.today().filter(
        person=giver, unit=unit, role=roles.HEAD, delegated_by__isnull=True
    )
    last = own.values_list("ended_on", flat=True).first()
    if last and last < ended_on:
        raise Refused(f"{giver.full_name} chỉ giữ vai trò thủ trưởng đến {format_date(last)}.")


def _works_in(person: Person, unit: Unit) -> bool:
    """Posted there today, or its appointed deputy (a Phó Giám đốc stands beside the head of the whole Sở)."""
    return (
        Posting.objects.current().filter(person=person, unit=unit).exists()
        or Appointment.objects.today().filter(person=person, unit=unit, role=roles.DEPUTY).exists()
    )


def _check_person(person: Person, by: Any, *, started_on: date, ended_on: date | None) -> None:
    if by is not None and by.acting.person_id == person.pk:
        raise Refused("Không ai được tự giao vai trò cho mình.")
    if person.left_on:
        raise Refused(f"{person.full_name} đã thôi việc ngày {format_date(person.left_on)}.")
    if ended_on and ended_on < started_on:
        raise Refused("Ngày kết thúc phải từ ngày bắt đầu trở đi.")


def _keep_technician_apart(person: Person, role: str, started_on: date, ended_on: date | None) -> None:
    held = _overlapping(started_on, ended_on).filter(person=person)
    others = (
        held.exclude(role=roles.TECHNICIAN)
        if role == roles.TECHNICIAN
        else held.filter(role=roles.TECHNICIAN)
    )
    other = others.select_related("unit").first()
    if other:
        raise Refused(
            f"{person.full_name} đang giữ vai trò “{other}”. Người quản trị kỹ thuật không giữ vai trò nào "
            "trong hồ sơ thi đua."
        )


def _check_overlap(
    person: Person, role: str, unit: Unit | None, started_on: date, ended_on: date | None
) -> None:
    same = _overlapping(started_on, ended_on).filter(person=person, role=role, unit=unit).first()
    if same:
        until = f" đến {format_date(same.ended_on)}" if same.ended_on else ""
        raise Refused(f"{person.full_name} đã giữ vai trò này từ {format_date(same.started_on)}{until}.")


def _one_head(unit: Unit, started_on: date, ended_on: date | None) -> None:
    other = (
        _overlapping(started_on, ended_on)
        .filter(role=roles.HEAD, unit=unit, delegated_by__isnull=True)
        .select_related("person")
        .first()
    )
    if other:
        raise Refused(
            f"{unit.name} đã có thủ trưởng là {other.person.full_name}. Hãy kết thúc vai trò đó trước."
        )


def _overlapping(started_on: date, ended_on: date | None) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=started_on))
    return rows.filter(started_on__lte=ended_on) if ended_on else rows


def _period(appointment: Appointment) -> dict[str, str]:
    end = appointment.ended_on
    return {"from": appointment.started_on.isoformat(), "to": end.isoformat() if end else ""}
