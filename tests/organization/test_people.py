"""People come, move, leave and come back; a dossier of 2023 finds the unit of 2023."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.journal import history_of
from core.workflow import Refused, Stale
from organization import actions, roles
from organization.models import Appointment, Person, Post, Posting, Unit, User
from organization.queries import posting_on
from tests.cast import SINCE, fresh

DAY = date(2025, 3, 10)


@pytest.fixture
def post(cast: dict[str, User]) -> Post:
    return Post.objects.get(code="chuyen-vien")


def _facts(units: dict[str, Unit], post: Post, **changes: Any) -> dict[str, Any]:
    return {
        "code": "CB900",
        "full_name": "Đào Thị  Ánh",
        "employment": "vien-chuc",
        "joined_on": date(2020, 5, 4),
        "unit": units["cchc"],
        "post": post,
        "email": " Anh.Dao@SNV.example ",
        "born_on": date(1990, 1, 1),
        **changes,
    }


def test_a_newcomer_gets_name_keys_and_a_first_posting(
    office: User, units: dict[str, Unit], post: Post
) -> None:
    person = actions.add_person(**_facts(units, post), by=office)
    person.refresh_from_db()
    assert (person.family_name, person.given_name) == ("Đào Thị", "Ánh")
    assert person.email == "anh.dao@snv.example"
    assert "dao thi anh" in person.search_key
    posting = person.postings.get()  # type: ignore[attr-defined]
    assert (posting.unit, posting.started_on, posting.ended_on) == (units["cchc"], date(2020, 5, 4), None)
    assert history_of(person).get().label == "Thêm vào danh sách cán bộ"


def test_decomposed_letters_are_the_same_name(office: User, units: dict[str, Unit], post: Post) -> None:
    person = actions.add_person(
        **_facts(units, post, full_name="Nguye\u0302\u0303n Thi\u0323 A\u0301nh"), by=office
    )
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Thị Ánh"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "CB001"}, "“CB001” đã có"),
        ({"born_on": date(2010, 1, 1)}, "ít nhất 15 năm"),
        ({"started_on": date(2019, 1, 1)}, "từ ngày vào cơ quan"),
        ({"joined_on": timezone.localdate() + timedelta(days=2)}, "chưa đến"),
    ],
)
def test_a_newcomer_is_refused(
    changes: dict[str, Any], sentence: str, office: User, units: dict[str, Unit], post: Post
) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.add_person(**_facts(units, post, **changes), by=office)
    assert not Person.objects.filter(code="CB900").exists()


@pytest.mark.parametrize("part", ["clerk", "head", "director", "inspector"])
def test_only_office_and_technician_keep_the_list(
    part: str, cast: dict[str, User], units: dict[str, Unit], post: Post
) -> None:
    by, person = cast[part], cast["stranger"].person
    for act in (
        lambda: actions.add_person(**_facts(units, post), by=by),
        lambda: actions.change_person(person, full_name="Khác", by=by),
        lambda: actions.transfer(person, unit=units["vp"], post=post, on=DAY, by=by),
        lambda: actions.leave(person, on=DAY, by=by),
    ):
        with pytest.raises(Refused, match="không có quyền"):
            act()


def test_a_change_says_what_changed_and_follows_to_the_account(office: User, clerk: User) -> None:
    person = clerk.person
    actions.change_person(person, version=1, full_name="Nguyễn Văn Ân", email="AN@snv.example", by=office)
    person.refresh_from_db()
    assert (person.full_name, person.version) == ("Nguyễn Văn Ân", 2)
    assert fresh(clerk).email == "an@snv.example"
    line = history_of(person).get()
    assert line.data == {
        "full_name": ["Nguyễn Văn An", "Nguyễn Văn Ân"],
        "email": ["clerk@snv.example", "an@snv.example"],
    }
    with pytest.raises(Stale, match="Đỗ Thị Hà đã sửa"):
        actions.change_person(person, version=1, full_name="Khác", by=office)
    actions.change_person(person, version=2, full_name="Nguyễn Văn Ân", by=office)
    assert history_of(person).count() == 1


def test_a_transfer_keeps_the_path_and_ends_the_roles_of_the_old_unit(
    office: User, head: User, units: dict[str, Unit], post: Post
) -> None:
    actions.transfer(head.person, unit=units["ttlt"], post=post, on=DAY, basis="9/QĐ", by=office)
    then, now = posting_on(head.person, date(2023, 6, 1)), posting_on(head.person, DAY)
    assert then is not None
    assert now is not None
    assert (then.unit, then.ended_on) == (units["cchc"], DAY - timedelta(days=1))
    assert (now.unit, now.basis) == (units["ttlt"], "9/QĐ")
    assert Appointment.objects.get(person=head.person).ended_on == DAY - timedelta(days=1)
    assert not fresh(head).acting.headed
    assert "Phòng CCHC" in history_of(head.person).filter(verb="transferred").get().label


def test_who_leaves_the_office_leaves_its_roles_there(
    office: User, technician: User, office_head: User, units: dict[str, Unit], post: Post, client_of: Any
) -> None:
    person = office.person
    for role in ("appraiser", "council"):
        actions.appoint(person, role=role, started_on=date(2020, 1, 1), by=None)
    client = client_of(technician)
    url = reverse("organization:person_transfer", args=[person.pk])
    assert "kết thúc theo các vai trò: Người thẩm định, Văn phòng Sở." in client.get(url).content.decode()
    data = {"unit": units["cchc"].pk, "post": post.pk, "on": f"{DAY:%d/%m/%Y}", "basis": "9/QĐ"}
    alone = client.post(url, data)
    assert "không còn ai giữ vai trò Văn phòng Sở" in alone.content.decode()
    assert fresh(office).acting.unit_id == units["vp"].pk
    actions.appoint(office_head.person, role="office", started_on=date(2020, 1, 1), by=office)
    done = client.post(url, data, follow=True).content.decode()
    assert "Đã kết thúc theo: Người thẩm định, Văn phòng Sở." in done
    acting = fresh(office).acting
    assert (acting.unit_id, acting.roles) == (units["cchc"].pk, {"council"})
    assert not acting.reads_everything
    ended = history_of(person).filter(verb="role_ended").values_list("label", "comment")
    assert set(ended) == {
        ("Kết thúc vai trò: Văn phòng Sở", "Chuyển sang đơn vị khác."),
        ("Kết thúc vai trò: Người thẩm định", "Chuyển sang đơn vị khác."),
    }


def test_a_role_that_was_given_apart_from_the_posting_stays(
    office: User, cast: dict[str, User], units: dict[str, Unit], post: Post
) -> None:
    """An appraiser of Phòng TCCB is one because he was chosen; an inspector because he works in Thanh tra."""
    actions.transfer(cast["appraiser"].person, unit=units["cchc"], post=post, on=DAY, by=office)
    assert fresh(cast["appraiser"]).acting.roles == {"appraiser"}
    actions.transfer(cast["technician"].person, unit=units["cchc"], post=post, on=DAY, by=office)
    assert fresh(cast["technician"]).acting.roles == {"technician"}
    actions.transfer(cast["inspector"].person, unit=units["cchc"], post=post, on=DAY, by=office)
    assert fresh(cast["inspector"]).acting.roles == set()


def test_another_post_in_the_same_unit_keeps_the_roles(
    office: User, head: User, units: dict[str, Unit]
) -> None:
    deputy_post = Post.objects.get(code="pho-truong-phong")
    actions.transfer(head.person, unit=units["cchc"], post=deputy_post, on=DAY, by=office)
    assert fresh(head).acting.heads(units["cchc"].pk)


def test_a_transfer_never_breaks_the_line(
    office: User, clerk: User, units: dict[str, Unit], post: Post
) -> None:
    for changes, sentence in [
        ({"on": SINCE}, "phải sau ngày 05/01/2015"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "chưa đến"),
        ({"unit": units["cchc"]}, "đang giữ đúng vị trí này"),
    ]:
        with pytest.raises(Refused, match=sentence):
            actions.transfer(
                clerk.person, **{"unit": units["vp"], "post": post, "on": DAY, **changes}, by=office
            )
    assert Posting.objects.filter(person=clerk.person).count() == 1


def test_leaving_ends_posting_roles_delegations_and_account(
    office: User, technician: User, head: User, deputy: User, units: dict[str, Unit], post: Post
) -> None:
    today = timezone.localdate()
    given = actions.delegate(
        units["cchc"],
        to=deputy.person,
        started_on=today,
        ended_on=today + timedelta(days=9),
        basis="1/UQ",
        by=head,
    )
    actions.leave(head.person, on=today, comment="Nghỉ hưu", by=office)
    head = fresh(head)
    assert not head.is_active
    assert head.person.left_on == today
    assert not Posting.objects.current().filter(person=head.person).exists()
    assert Appointment.objects.get(person=head.person).ended_on == today - timedelta(days=1)
    assert not Appointment.objects.filter(pk=given.pk).exists()
    with pytest.raises(Refused, match="đã thôi việc"):
        actions.leave(head.person, on=today, by=office)
    with pytest.raises(Refused, match="đã thôi việc"):
        actions.transfer(head.person, unit=units["vp"], post=post, on=today, by=office)
    with pytest.raises(Refused, match="chỉ mở lại khi"):
        actions.enable_account(head, by=technician)
    actions.rejoin(head.person, unit=units["vp"], post=post, on=today, basis="2/QĐ", by=office)
    assert Posting.objects.current().get(person=head.person).unit == units["vp"]
    actions.enable_account(fresh(head), by=technician)
    assert fresh(head).is_active


def test_nobody_leaves_by_his_own_hand(office: User) -> None:
    with pytest.raises(Refused, match="do người khác ghi"):
        actions.leave(office.person, on=DAY, by=office)
    assert fresh(office).acting.is_(roles.OFFICE)


def test_the_last_of_the_office_cannot_leave_or_lose_the_role(
    office: User, technician: User, office_head: User
) -> None:
    """Only the Office gives roles, so somebody must always hold that one."""
    held = Appointment.objects.get(person=office.person, role=roles.OFFICE)
    with pytest.raises(Refused, match="không còn ai giữ vai trò Văn phòng Sở"):
        actions.leave(office.person, on=DAY, by=technician)
    with pytest.raises(Refused, match="không còn ai giữ vai trò Văn phòng Sở"):
        actions.end_appointment(held, on=DAY, by=office)
    assert fresh(office).acting.is_(roles.OFFICE)
    actions.appoint(office_head.person, role=roles.OFFICE, started_on=date(2020, 1, 1), by=office)
    actions.leave(office.person, on=DAY, by=technician)
    assert fresh(office).person.left_on == DAY
