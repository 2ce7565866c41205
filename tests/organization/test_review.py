"""What a reviewer found: standing in for one's own head, merged units, odd days, long names."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.journal import history_of
from core.models import Letter
from core.workflow import Refused
from organization import actions, roles
from organization.models import Appointment, Posting, Unit, User
from organization.queries import approving_unit, heads_of
from tests.cast import fresh

DAY = date(2025, 7, 1)
BASIS = "12/QĐ-SNV ngày 20/6/2025"


def _stand_in(units: dict[str, Unit], code: str, to: User, by: User) -> Appointment:
    today = timezone.localdate()
    return actions.delegate(
        units[code], to=to.person, started_on=today, ended_on=today + timedelta(days=9), basis="5/UQ", by=by
    )


def test_who_stands_in_for_a_head_does_not_decide_on_him(
    head: User, deputy: User, clerk: User, units: dict[str, Unit]
) -> None:
    _stand_in(units, "cchc", deputy, head)
    above = approving_unit(units["cchc"], excluding=[head.person.pk])
    assert above is not None
    assert above.code == "so"
    # On the stand-in the head decides, on everybody else either of them.
    assert approving_unit(units["cchc"], excluding=[deputy.person.pk]) == units["cchc"]
    assert approving_unit(units["cchc"], excluding=[clerk.person.pk]) == units["cchc"]


def test_the_stand_in_of_the_director_is_not_above_him(
    director: User, head: User, units: dict[str, Unit], office: User
) -> None:
    Appointment.objects.create(
        person=head.person, role=roles.DEPUTY, unit=units["so"], started_on=DAY, basis="1/QĐ"
    )
    _stand_in(units, "so", head, director)
    assert approving_unit(units["so"], excluding=[director.person.pk]) is None


def test_a_delegation_is_not_longer_than_the_head_s_own_term(
    head: User, deputy: User, units: dict[str, Unit]
) -> None:
    today = timezone.localdate()
    Appointment.objects.filter(person=head.person).update(ended_on=today + timedelta(days=3))
    with pytest.raises(Refused, match="chỉ giữ vai trò thủ trưởng đến"):
        _stand_in(units, "cchc", deputy, head)


def test_the_head_of_the_successor_decides_for_a_merged_unit(
    office: User, council_member: User, stranger_head: User, units: dict[str, Unit]
) -> None:
    actions.merge_units([units["cchc"]], into=units["tccb"], on=DAY, basis=BASIS, by=office)
    closed = Unit.objects.get(code="cchc")
    assert fresh(council_member).acting.heads(closed.pk)
    assert closed.path in fresh(council_member).acting.headed_paths
    assert not fresh(stranger_head).acting.heads(closed.pk)
    assert heads_of(closed) == [council_member.person.pk]
    assert approving_unit(closed, excluding=[]) == units["tccb"]
    # Merged once more: the papers go on to the next successor.
    actions.merge_units([units["tccb"]], into=units["ttlt"], on=date(2025, 9, 1), basis=BASIS, by=office)
    assert fresh(stranger_head).acting.heads(closed.pk)
    assert not fresh(council_member).acting.heads(closed.pk)


def test_what_a_divided_unit_left_is_decided_above_it(
    office: User, director: User, council_member: User, units: dict[str, Unit]
) -> None:
    people = Posting.objects.current().filter(unit=units["cchc"]).values_list("person_id", flat=True)
    into = [units["tccb"], units["vp"]]
    actions.split_unit(
        units["cchc"],
        into=into,
        placements=dict.fromkeys(people, units["tccb"]),
        on=DAY,
        basis=BASIS,
        by=office,
    )
    assert fresh(director).acting.heads(units["cchc"].pk)
    assert not fresh(council_member).acting.heads(units["cchc"].pk)


def test_nobody_moves_himself(office: User, units: dict[str, Unit]) -> None:
    post = Posting.objects.current().get(person=office.person).post
    with pytest.raises(Refused, match="do người khác ghi"):
        actions.transfer(office.person, unit=units["cchc"], post=post, on=DAY, by=office)


def test_a_long_label_is_kept_whole_in_the_line_s_data(office: User, units: dict[str, Unit]) -> None:
    """PostgreSQL refuses a label of more than 200 characters; SQLite keeps anything."""
    long = "Phòng " + "Cải cách hành chính " * 9
    actions.rename_unit(units["cchc"], name=long, short_name="CCHC", on=DAY, by=office)
    line = history_of(units["cchc"]).first()
    assert line is not None
    assert len(line.label) <= 200
    assert line.data["label"].endswith("”")


def test_a_new_address_is_told_at_the_old_one(office: User, clerk: User) -> None:
    """Who changes somebody's address could read his next password letter."""
    old = clerk.email
    actions.change_person(clerk.person, email="ke.khac@snv.example", by=office)
    letter = Letter.objects.get(kind="address_changed")
    assert (letter.address, letter.recipient) == (old, clerk)
    assert "ke.khac@snv.example" in letter.body


@pytest.mark.parametrize("typed", ["01/01/0001", "31/12/9999", "02/09/1825"])
def test_a_day_of_another_age_is_refused_at_the_field(
    typed: str, office: User, clerk: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("organization:appointment_create", args=[clerk.person.pk])
    form = {"role": roles.COUNCIL, "started_on": typed, "basis": "1/QĐ"}
    answer = client_of(office).post(address, form)
    assert answer.status_code == 422
    assert "Năm phải từ 1900 đến 2100" in answer.content.decode()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000])
def test_forged_numbers_are_no_server_error(
    number: str, office: User, units: dict[str, Unit], client_of: Callable[[User], Client]
) -> None:
    address = reverse("organization:unit_merge", args=[units["tccb"].pk])
    answer = client_of(office).post(address, {"units": [number], "on": "01/07/2025", "basis": BASIS})
    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["²", "9" * 30, "abc"])
def test_odd_numbers_in_an_address_are_no_server_error(
    number: str, head: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("organization:delegation_create")
    assert client_of(head).get(address, {"don-vi": number}).status_code == 200
