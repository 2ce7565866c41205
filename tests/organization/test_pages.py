"""Every page of the app: who sees it, what it says, what it costs."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organization import actions
from organization.models import Appointment, Person, Post, Posting, Unit, User
from tests.cast import SINCE

ClientOf = Callable[[User], Client]
PERSON_PAGES = ["person_change", "person_transfer", "person_leave"]
UNIT_PAGES = ["unit_rename", "unit_correct", "unit_move", "unit_close", "unit_merge", "unit_split"]


def _addresses(cast: dict[str, User], units: dict[str, Unit]) -> dict[str, str]:
    person, unit, user = cast["stranger"].person, units["cchc"], cast["stranger"]
    pages = {name: reverse(f"organization:{name}", args=[person.pk]) for name in PERSON_PAGES}
    pages |= {name: reverse(f"organization:{name}", args=[unit.pk]) for name in UNIT_PAGES}
    pages |= {
        name: reverse(f"organization:{name}") for name in ("unit_create", "person_create", "import_list")
    }
    pages["appointment_create"] = reverse("organization:appointment_create", args=[person.pk])
    pages["account_list"] = reverse("organization:account_list")
    pages["account_detail"] = reverse("organization:account_detail", args=[user.pk])
    return pages


ALLOWED = {
    **dict.fromkeys(
        [*PERSON_PAGES, *UNIT_PAGES, "unit_create", "person_create", "import_list"], {"office", "technician"}
    ),
    "appointment_create": {"office"},
    "account_list": {"technician"},
    "account_detail": {"technician"},
}


@pytest.mark.parametrize(
    "part", ["clerk", "head", "director", "inspector", "council_member", "office", "technician"]
)
def test_forms_are_there_only_for_those_who_may(
    part: str, cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf
) -> None:
    client = client_of(cast[part])
    for name, address in _addresses(cast, units).items():
        expected = 200 if part in ALLOWED[name] else 404
        assert client.get(address).status_code == expected, (part, name)


def test_everybody_reads_units_and_people(
    clerk: User, head: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    client = client_of(clerk)
    page = client.get(reverse("organization:unit_detail", args=[units["cchc"].pk])).content.decode()
    assert "Phòng Cải cách hành chính" in page
    assert "Lê Minh Châu" in page
    assert "Đổi tên" not in page
    assert (
        "Lê Minh Châu" in client.get(reverse("organization:person_list") + "?q=le+minh+chau").content.decode()
    )
    page = client.get(reverse("organization:person_detail", args=[head.person.pk])).content.decode()
    assert "Quá trình công tác" in page
    assert "Thủ trưởng đơn vị – Phòng CCHC" in page
    assert "Ngày sinh" not in page
    own = client.get(reverse("organization:person_detail", args=[clerk.person.pk])).content.decode()
    assert "Ngày sinh" in own


def test_people_stand_by_unit_post_and_given_name(office: User, client_of: ClientOf) -> None:
    page = client_of(office).get(
        reverse("organization:person_list") + "?don-vi=" + str(Unit.objects.get(code="cchc").pk)
    )
    names = [row.person.full_name for row in page.context["list"].page]
    assert names == ["Lê Minh Châu", "Phạm Quốc Duy", "Nguyễn Văn An", "Trần Thị Bình"]
    rows = client_of(office).get(reverse("organization:person_list") + "?nhom=lanh-dao").context["list"].page
    assert {row.post.name for row in rows} == {"Giám đốc", "Trưởng phòng", "Phó Trưởng phòng"}


def _add_people(office: User, units: dict[str, Unit]) -> None:
    post = Post.objects.get(code="chuyen-vien")
    for number in (1, 2):
        person = actions.add_person(
            code=f"XX{number}",
            full_name=f"Tạ Văn Thêm {number}",
            employment="cong-chuc",
            joined_on=SINCE,
            unit=units["vp"],
            post=post,
            by=office,
        )
        actions.appoint(person, role="deputy", unit=units["vp"], started_on=SINCE, by=office)
    actions.open_unit(
        code="moi",
        name="Đơn vị mới",
        short_name="Mới",
        kind=units["vp"].kind,
        parent=units["so"],
        opened_on=SINCE,
        by=office,
    )


@pytest.mark.parametrize("name", ["unit_list", "person_list", "account_list"])
def test_lists_cost_the_same_however_long(
    name: str,
    cast: dict[str, User],
    units: dict[str, Unit],
    client_of: ClientOf,
    assert_same_queries: Callable,
) -> None:
    client = client_of(cast["technician"])
    assert_same_queries(client, reverse(f"organization:{name}"), lambda: _add_people(cast["office"], units))


def test_details_cost_the_same_however_long(
    cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf, assert_same_queries: Callable
) -> None:
    actions.add_person(
        code="XX0",
        full_name="Tạ Văn Đầu",
        employment="cong-chuc",
        joined_on=SINCE,
        unit=units["vp"],
        post=Post.objects.get(code="chuyen-vien"),
        by=cast["office"],
    )
    first = Person.objects.get(code="XX0")
    actions.appoint(first, role="deputy", unit=units["vp"], started_on=SINCE, by=cast["office"])
    address = reverse("organization:unit_detail", args=[units["vp"].pk])
    assert_same_queries(client_of(cast["clerk"]), address, lambda: _add_people(cast["office"], units))


def test_a_large_unit_shows_its_first_people_and_leads_to_all(
    clerk: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    post, unit = Post.objects.get(code="chuyen-vien"), units["cchc"]
    before = Posting.objects.current().filter(unit=unit).count()
    for number in range(30 - before):
        person = Person.objects.create(
            code=f"L{number}",
            family_name="Lê Thị",
            given_name=f"Số {number}",
            employment="cong-chuc",
            joined_on=SINCE,
        )
        Posting.objects.create(person=person, unit=unit, post=post, started_on=SINCE)
    response = client_of(clerk).get(reverse("organization:unit_detail", args=[unit.pk]))
    assert len(response.context["people"]) == 15
    assert "Người đang công tác (30)" in response.content.decode()
    everybody = client_of(clerk).get(response.context["everybody"])
    assert everybody.context["list"].total == 30


def test_lists_come_as_sheets(office: User, client_of: ClientOf) -> None:
    for name in ("unit_list", "person_list"):
        response = client_of(office).get(reverse(f"organization:{name}") + "?xuat=xlsx")
        assert response.headers["Content-Type"].endswith("sheet")


def _post(client: Client, page: str, pk: int | None, **fields: object) -> int:
    address = reverse(f"organization:{page}", args=[pk] if pk else [])
    return client.post(address, fields).status_code


def test_the_office_does_its_work_by_forms(
    office: User, clerk: User, colleague: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    client, basis = client_of(office), "7/QĐ-SNV"
    chuyen_vien = Post.objects.get(code="chuyen-vien").pk
    new_unit = {
        "code": "xdcq",
        "name": "Phòng XDCQ",
        "short_name": "XDCQ",
        "kind": units["vp"].kind_id,
        "parent": units["so"].pk,
        "order": 9,
        "opened_on": "01/01/2020",
        "basis": basis,
    }
    assert _post(client, "unit_create", None, **new_unit) == 302
    assert _post(client, "unit_create", None, **new_unit) == 422
    new = Unit.objects.get(code="xdcq")
    rename = {"name": "Phòng Xây dựng", "short_name": "XD", "on": "02/09/2025", "basis": basis}
    assert _post(client, "unit_rename", new.pk, **rename) == 302
    assert _post(client, "unit_move", new.pk, parent=units["so"].pk, order=3) == 302
    correct = {"code": "XDCQDP", "kind": units["cchc"].kind_id, "opened_on": "03/02/2020"}
    assert _post(client, "unit_correct", new.pk, **correct) == 422  # without a reason
    assert _post(client, "unit_correct", new.pk, **correct, reason="Ghi nhầm") == 302
    new.refresh_from_db()
    assert (new.code, new.path, new.is_collective) == ("xdcqdp", "so/xdcqdp/", False)
    newcomer = {
        "code": "XX9",
        "full_name": "Tạ Thị Mới",
        "employment": "cong-chuc",
        "joined_on": "01/02/2020",
        "unit": units["cchc"].pk,
        "post": chuyen_vien,
    }
    assert _post(client, "person_create", None, **newcomer) == 302
    assert _post(client, "person_create", None, **newcomer) == 422
    person = Person.objects.get(code="XX9")
    change = {
        "full_name": "Tạ Thị Mới Hơn",
        "employment": "vien-chuc",
        "joined_on": "01/02/2020",
        "version": 1,
    }
    assert _post(client, "person_change", person.pk, **change) == 302
    stale = client.post(
        reverse("organization:person_change", args=[person.pk]), {**change, "full_name": "Tạ X"}
    )
    assert stale.status_code == 422
    assert "Tạ X" in stale.content.decode()
    assert 'value="2"' in stale.content.decode()
    move = {"unit": new.pk, "post": chuyen_vien, "on": "03/09/2025", "basis": basis}
    assert _post(client, "person_transfer", person.pk, **move) == 302
    assert _post(client, "person_transfer", person.pk, **{**move, "on": "31/02/2025"}) == 422
    role = {"role": "head", "unit": new.pk, "started_on": "03/09/2025", "basis": basis}
    assert _post(client, "appointment_create", person.pk, **role) == 302
    held = Appointment.objects.get(person=person)
    assert _post(client, "appointment_end", held.pk, on="01/10/2025", comment="Thôi giữ chức") == 302
    split = {
        "into": [units["tccb"].pk],
        "on": "01/10/2025",
        "basis": basis,
        f"to_{clerk.person.pk}": units["tccb"].pk,
    }
    assert _post(client, "unit_split", units["cchc"].pk, **split) == 302
    assert Posting.objects.current().get(person=clerk.person).unit == units["tccb"]
    merge = {"units": [new.pk], "on": "02/10/2025", "basis": basis}
    assert _post(client, "unit_merge", units["vp"].pk, **merge) == 302
    assert Posting.objects.current().get(person=person).unit == units["vp"]
    assert _post(client, "unit_close", units["vp"].pk, on="02/10/2025", basis=basis) == 422
    assert _post(client, "person_leave", person.pk, on="03/10/2025", comment="Nghỉ hưu") == 302
    assert (
        _post(client, "person_return", person.pk, **{**move, "unit": units["vp"].pk, "on": "04/10/2025"})
        == 302
    )
    for address in (reverse("organization:unit_detail", args=[new.pk]), f"/to-chuc/nhan-su/{person.pk}/"):
        assert client.get(address).status_code == 200


def test_a_head_delegates_on_his_own_page(
    head: User, deputy: User, clerk: User, stranger: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    client, today = client_of(head), timezone.localdate()
    page = client.get(reverse("organization:delegation_create"))
    assert "Đặng Văn Tùng" not in page.content.decode()
    fields = {
        "unit": units["cchc"].pk,
        "to": deputy.person.pk,
        "started_on": f"{today:%d/%m/%Y}",
        "ended_on": f"{today:%d/%m/%Y}",
        "basis": "1/UQ",
    }
    assert _post(client, "delegation_create", None, **{**fields, "to": stranger.person.pk}) == 422
    assert _post(client, "delegation_create", None, **fields) == 302
    made = Appointment.objects.get(delegated_by=head.person)
    assert "Phạm Quốc Duy" in client.get(reverse("organization:delegation_create")).content.decode()
    assert client_of(clerk).get(reverse("organization:delegation_create")).status_code == 404
    assert client_of(deputy).get(reverse("organization:delegation_create")).status_code == 404
    end = reverse("organization:appointment_end", args=[made.pk])
    assert client_of(clerk).get(end).status_code == 404
    assert client.post(end, {"on": f"{today:%d/%m/%Y}", "comment": "Đã về"}).status_code == 302
    Person.objects.filter(pk=clerk.person.pk).update(user=None)
    choices = client.get(reverse("organization:delegation_create")).content.decode()
    assert "Nguyễn Văn An (chưa có tài khoản)" in choices


def test_forms_need_no_second_thought_about_who_asks(
    clerk: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    """A forged POST of somebody who may not even see the form changes nothing."""
    before = Unit.objects.count()
    client = client_of(clerk)
    assert _post(client, "unit_close", units["ttlt"].pk, on="01/10/2025", basis="x") == 404
    assert _post(client, "person_leave", clerk.person.pk, on="01/10/2025", comment="x") == 404
    assert Unit.objects.open().count() == before
