"""Roles: given by the Office, never to oneself; the technician stands apart; a delegation is for a period."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.journal import history_of
from core.workflow import Refused
from organization import actions, roles
from organization.models import Appointment, Unit, User
from organization.queries import approving_unit, tasks_of
from tests.cast import fresh

DAY = date(2025, 3, 10)


def test_the_office_appoints_and_the_next_request_knows(office: User, clerk: User) -> None:
    made = actions.appoint(clerk.person, role=roles.APPRAISER, started_on=DAY, basis="3/QĐ", by=office)
    assert fresh(clerk).acting.is_(roles.APPRAISER)
    line = history_of(clerk.person).get()
    assert (line.label, line.comment) == ("Giao vai trò: Người thẩm định", "3/QĐ")
    actions.end_appointment(made, on=timezone.localdate() - timedelta(days=1), comment="Hết việc", by=office)
    assert not fresh(clerk).acting.roles


@pytest.mark.parametrize("part", ["clerk", "head", "director", "technician", "inspector"])
def test_nobody_else_appoints_or_ends(part: str, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="không có quyền"):
        actions.appoint(cast["stranger"].person, role=roles.COUNCIL, started_on=DAY, by=cast[part])
    running = Appointment.objects.get(person=cast["appraiser"].person)
    with pytest.raises(Refused, match="không có quyền"):
        actions.end_appointment(running, on=DAY, by=cast[part])


def test_nobody_appoints_himself(office: User, units: dict[str, Unit]) -> None:
    with pytest.raises(Refused, match="tự giao vai trò"):
        actions.appoint(office.person, role=roles.HEAD, unit=units["vp"], started_on=DAY, by=office)


@pytest.mark.parametrize("role", [code for code in roles.ROLES if code != roles.TECHNICIAN])
def test_the_technician_holds_no_other_role_and_nobody_else_becomes_one(
    role: str, office: User, technician: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    unit = units["ttlt"] if roles.ROLES[role].of_unit else None
    Appointment.objects.filter(role=roles.HEAD, unit=units["ttlt"]).delete()
    with pytest.raises(Refused, match="quản trị kỹ thuật không giữ"):
        actions.appoint(technician.person, role=role, unit=unit, started_on=DAY, by=office)
    holder = cast["stranger"]
    actions.appoint(holder.person, role=role, unit=unit, started_on=DAY, by=office)
    with pytest.raises(Refused, match="quản trị kỹ thuật không giữ"):
        actions.appoint(holder.person, role=roles.TECHNICIAN, started_on=DAY, by=office)


def test_dates_units_and_doubles(office: User, clerk: User, head: User, units: dict[str, Unit]) -> None:
    person = clerk.person
    for changes, sentence in [
        ({"role": roles.HEAD}, "phải gắn với một đơn vị"),
        ({"role": roles.COUNCIL, "unit": units["cchc"]}, "không gắn với một đơn vị"),
        ({"role": roles.HEAD, "unit": units["cchc"]}, "đã có thủ trưởng là Lê Minh Châu"),
        ({"role": roles.COUNCIL, "ended_on": DAY - timedelta(days=1)}, "từ ngày bắt đầu trở đi"),
    ]:
        with pytest.raises(Refused, match=sentence):
            actions.appoint(person, **{"started_on": DAY, **changes}, by=office)
    actions.appoint(person, role=roles.COUNCIL, started_on=DAY, by=office)
    with pytest.raises(Refused, match="đã giữ vai trò này từ 10/03/2025"):
        actions.appoint(person, role=roles.COUNCIL, started_on=DAY + timedelta(days=5), by=office)


def _delegate(units: dict[str, Unit], to: User, by: User | None, **changes: object) -> Appointment:
    today = timezone.localdate()
    facts = {"started_on": today, "ended_on": today + timedelta(days=14), "basis": "5/UQ-CCHC", **changes}
    return actions.delegate(units["cchc"], to=to.person, by=by, **facts)  # type: ignore[arg-type]


def test_a_head_delegates_for_a_period_and_takes_it_back(
    head: User, deputy: User, units: dict[str, Unit]
) -> None:
    made = _delegate(units, deputy, head)
    assert made.delegated_by == head.person
    assert fresh(deputy).acting.heads(units["cchc"].pk)
    assert approving_unit(units["cchc"], excluding=[head.person.pk]) == units["so"]
    assert history_of(units["cchc"]).get().label == "Lê Minh Châu ủy quyền cho Phạm Quốc Duy: Phòng CCHC"
    with pytest.raises(Refused, match="không có quyền"):
        actions.delegate(
            units["cchc"],
            to=head.person,
            started_on=made.started_on,
            ended_on=made.ended_on,
            basis="x",
            by=fresh(deputy),
        )
    actions.end_appointment(made, on=timezone.localdate() - timedelta(days=1), comment="Đã về", by=head)
    assert not fresh(deputy).acting.headed


def test_who_may_delegate_to_whom(
    head: User,
    deputy: User,
    clerk: User,
    stranger: User,
    office: User,
    technician: User,
    stranger_head: User,
    units: dict[str, Unit],
) -> None:
    today = timezone.localdate()
    for by in (clerk, deputy, stranger_head, technician):
        with pytest.raises(Refused, match="không có quyền"):
            _delegate(units, deputy, by)
    for to, changes, sentence in [
        (stranger, {}, "không công tác tại"),
        (head, {}, "cho chính mình"),
        (deputy, {"ended_on": None}, "phải có ngày kết thúc"),
        (deputy, {"started_on": today - timedelta(days=1)}, "không lùi ngày"),
        (deputy, {"ended_on": today - timedelta(days=1)}, "từ ngày bắt đầu"),
        (deputy, {"basis": " "}, "căn cứ"),
    ]:
        with pytest.raises(Refused, match=sentence):
            _delegate(units, to, head, **changes)
    made = _delegate(units, clerk, office)
    assert made.delegated_by == head.person
    with pytest.raises(Refused, match="đã giữ vai trò này"):
        _delegate(units, clerk, head)


def test_the_technician_is_no_stand_in(office: User, technician: User, units: dict[str, Unit]) -> None:
    today = timezone.localdate()
    with pytest.raises(Refused, match="quản trị kỹ thuật không giữ"):
        actions.delegate(
            units["vp"], to=technician.person, started_on=today, ended_on=today, basis="1/UQ", by=office
        )


def test_a_delegation_ends_with_its_head(
    office: User, head: User, deputy: User, units: dict[str, Unit]
) -> None:
    made = _delegate(units, deputy, head)
    own = Appointment.objects.get(person=head.person, delegated_by__isnull=True)
    actions.end_appointment(own, on=timezone.localdate(), comment="Thôi giữ chức", by=office)
    made.refresh_from_db()
    assert made.ended_on == timezone.localdate()


def test_the_head_is_told_of_a_delegation_about_to_end(
    head: User, deputy: User, clerk: User, units: dict[str, Unit]
) -> None:
    assert tasks_of(head) == []
    _delegate(units, deputy, head, ended_on=timezone.localdate() + timedelta(days=2))
    (task,) = tasks_of(fresh(head))
    assert "Phạm Quốc Duy" in task.title
    assert task.due == timezone.localdate() + timedelta(days=2)
    assert not task.is_waiting_for_me
    assert tasks_of(clerk) == []
