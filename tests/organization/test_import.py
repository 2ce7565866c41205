"""Importing: a preview that says what would happen, a confirmation that does exactly that or nothing."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.journal import history_of
from core.models import StoredFile
from core.workflow import AlreadyDone, Refused
from organization import actions, importing
from organization.importing.plan import Plan, plan_sheet
from organization.models import ImportBatch, Person, Posting, Unit, User
from organization.queries import posting_on
from tests.cast import fresh
from tests.organization.workbooks import PEOPLE, UNITS, person, unit, upload, workbook

ClientOf = Callable[[User], Client]


def _plan(rows: Sequence[Sequence[Any]], kind: str = "people") -> Plan:
    return plan_sheet(
        importing.read_sheet(workbook([PEOPLE if kind == "people" else UNITS, *rows]), kind), kind
    )


def _of_cast(user: User, **changes: Any) -> list[Any]:
    one: Person = user.person
    posting = one.postings.get(ended_on__isnull=True)  # type: ignore[attr-defined]
    facts = {
        "code": one.code,
        "full_name": one.full_name,
        "gender": one.get_gender_display(),
        "born_on": None,
        "email": one.email,
        "employment": "Công chức",
        "joined_on": one.joined_on,
        "unit_code": posting.unit.code,
        "post": posting.post.name,
    }
    return person(**{**facts, **changes})


def _only(plan: Plan) -> Any:
    (row,) = plan.rows
    return row


def test_every_row_has_its_outcome(clerk: User, colleague: User, head: User) -> None:
    plan = _plan(
        [
            person(),
            _of_cast(clerk),
            _of_cast(colleague, email="moi@snv.example"),
            _of_cast(head, unit_code="khong-co"),
        ]
    )
    assert [row.outcome for row in plan.rows] == ["created", "unchanged", "changed", "refused"]
    assert plan.rows[2].changes == [("Thư điện tử", "colleague@snv.example", "moi@snv.example")]
    assert plan.rows[3].faults == ["“Mã đơn vị”: đơn vị “khong-co” không có trong cổng."]
    assert plan.counts == {"created": 1, "changed": 1, "unchanged": 1, "refused": 1}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"post": "Vụ trưởng"}, "Không có “Chức vụ” tên “Vụ trưởng”"),
        ({"employment": "Hợp đồng"}, "Không có “Loại lao động”"),
        ({"gender": "X"}, "Không có “Giới tính”"),
        ({"email": "khong-phai-thu"}, "“Thư điện tử” không đúng dạng"),
        ({"code": "Nguyễn Văn An"}, "“Mã cán bộ” chỉ gồm"),
        ({"born_on": "02/09/2010"}, "ít nhất 15 năm"),
        ({"started_on": "01/01/2019"}, "phải từ “Ngày vào cơ quan” trở đi"),
        ({"left_on": "01/01/2024"}, "chưa có trong cổng mà đã thôi việc"),
        ({"joined_on": date(2027, 3, 1)}, "chưa đến"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(
    changes: dict[str, Any], sentence: str, cast: dict[str, User]
) -> None:
    row = _only(_plan([person(**changes)]))
    assert row.outcome == "refused"
    assert any(sentence in fault for fault in row.faults)


def test_the_same_code_twice_is_refused_both_times(cast: dict[str, User]) -> None:
    plan = _plan([person(), person(code="cb900", full_name="Người khác")])
    assert [row.faults for row in plan.rows] == [["Mã trùng với dòng 3."], ["Mã trùng với dòng 2."]]


def test_another_unit_is_a_transfer_and_needs_its_day(clerk: User) -> None:
    assert "“Từ ngày” còn trống" in _only(_plan([_of_cast(clerk, unit_code="vp")])).faults[0]
    early = _only(_plan([_of_cast(clerk, unit_code="vp", started_on="05/01/2015")]))
    assert "phải sau 05/01/2015" in early.faults[0]
    row = _only(_plan([_of_cast(clerk, unit_code="vp", started_on="02/09/2025")]))
    assert row.outcome == "changed"
    assert row.changes == [("Vị trí từ 02/09/2025", "Chuyên viên, Phòng CCHC", "Chuyên viên, Văn phòng")]


def test_the_preview_names_the_roles_that_end(head: User) -> None:
    row = _only(_plan([_of_cast(head, unit_code="vp", started_on="02/09/2025")]))
    assert row.changes[-1] == ("Vai trò kết thúc theo", "Thủ trưởng đơn vị – Phòng CCHC", "(trống)")
    same_unit = _only(_plan([_of_cast(head, post="Chuyên viên", started_on="02/09/2025")]))
    assert [label for label, *_ in same_unit.changes] == ["Vị trí từ 02/09/2025"]


def test_somebody_who_left_is_not_brought_back_by_a_sheet(office: User, clerk: User) -> None:
    actions.leave(clerk.person, on=date(2025, 5, 1), by=office)
    row = person(
        code="CB001",
        full_name="Nguyễn Văn An",
        gender="Nam",
        born_on=None,
        email="clerk@snv.example",
        employment="Công chức",
        joined_on="05/01/2015",
    )
    assert "đã thôi việc" in _only(_plan([row])).faults[0]
    row[-1] = "01/05/2025"
    assert _only(_plan([row])).outcome == "unchanged"


def _upload(client: Client, rows: Sequence[Sequence[Any]], kind: str = "people") -> ImportBatch:
    content = workbook([PEOPLE if kind == "people" else UNITS, *rows])
    response = client.post(reverse("organization:import_upload"), {"kind": kind, "file": upload(content)})
    batch = ImportBatch.objects.latest("pk")
    assert response.headers["Location"] == reverse("organization:import_preview", args=[batch.pk])
    return batch


def _confirm(client: Client, batch: ImportBatch, **changes: str) -> str:
    page = client.get(reverse("organization:import_preview", args=[batch.pk]))
    fields = {"digest": page.context["plan"].digest, **changes}
    address = reverse("organization:import_confirm", args=[batch.pk])
    return client.post(address, fields, follow=True).content.decode()


def test_a_preview_writes_nothing_and_a_confirmation_everything(
    office: User, clerk: User, colleague: User, client_of: ClientOf
) -> None:
    client, before = client_of(office), Person.objects.count()
    rows = [
        person(),
        _of_cast(clerk, unit_code="vp", started_on="02/09/2025", full_name="Nguyễn Văn Ân"),
        _of_cast(colleague, left_on="01/10/2025"),
    ]
    batch = _upload(client, rows)
    page = client.get(
        reverse("organization:import_preview", args=[batch.pk]) + "?ket-qua=changed"
    ).content.decode()
    assert "Chưa ghi gì vào cổng" in page
    assert "Chuyên viên, Phòng CCHC → Chuyên viên, Văn phòng" in page
    assert Person.objects.count() == before
    assert "Đã nhập xong" in _confirm(client, batch)
    assert Person.objects.count() == before + 1
    assert Person.objects.get(code="CB900").born_on == date(1990, 9, 2)
    assert Posting.objects.current().get(person=clerk.person).unit.code == "vp"
    then = posting_on(clerk.person, date(2023, 6, 1))
    assert then is not None
    assert then.unit.code == "cchc"
    assert fresh(clerk).person.full_name == "Nguyễn Văn Ân"
    assert not fresh(colleague).is_active
    assert history_of(batch).first().verb == "applied"  # type: ignore[union-attr]
    again = _upload(client, rows)
    page = client.get(reverse("organization:import_preview", args=[again.pk]))
    assert page.context["plan"].counts == {"created": 0, "changed": 0, "unchanged": 3, "refused": 0}
    assert "Ghi 0 dòng" not in page.content.decode()
    batch.refresh_from_db()
    with pytest.raises(AlreadyDone):
        actions.apply_import(batch, plan=lambda: importing.plan_of(batch), shown="", by=office)


def test_refused_rows_must_be_waved_through_knowingly(office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    batch = _upload(client, [person(), person(code="CB901", unit_code="khong-co")])
    assert "Có dòng bị từ chối" in _confirm(client, batch)
    assert not Person.objects.filter(code="CB900").exists()
    assert "Đã nhập xong" in _confirm(client, batch, without_refused="1")
    assert Person.objects.filter(code="CB900").exists()
    assert not Person.objects.filter(code="CB901").exists()


def test_a_changed_database_stops_the_confirmation(office: User, clerk: User, client_of: ClientOf) -> None:
    client = client_of(office)
    batch = _upload(client, [_of_cast(clerk, email="moi@snv.example")])
    page = client.get(reverse("organization:import_preview", args=[batch.pk]))
    shown = page.context["plan"].digest
    actions.change_person(fresh(clerk).person, email="khac@snv.example", by=office)
    answer = client.post(
        reverse("organization:import_confirm", args=[batch.pk]), {"digest": shown}, follow=True
    )
    assert "Dữ liệu của cổng đã thay đổi" in answer.content.decode()
    assert fresh(clerk).person.email == "khac@snv.example"
    batch.refresh_from_db()
    assert batch.applied_at is None


def test_one_failing_row_takes_everything_back(office: User, clerk: User, client_of: ClientOf) -> None:
    batch = _upload(client_of(office), [person(), _of_cast(clerk, email="moi@snv.example")])
    plan = importing.plan_of(batch)
    plan.rows[1].facts["joined_on"] = date(2024, 1, 1)
    with pytest.raises(Refused, match="vị trí đầu tiên"):
        actions.apply_import(batch, plan=lambda: plan, shown=plan.digest, by=office)
    assert not Person.objects.filter(code="CB900").exists()


def test_units_are_written_parents_first(office: User, units: dict[str, Unit], client_of: ClientOf) -> None:
    client = client_of(office)
    rows = [
        unit(code="to-1", name="Tổ 1", short_name="Tổ 1", parent_code="xdcq"),
        unit(),
        unit(
            code="cchc",
            name="Phòng CCHC và Chuyển đổi số",
            short_name="Phòng CCHC",
            parent_code=None,
            order=4,
            opened_on="05/01/2015",
        ),
    ]
    assert "Đã nhập xong" in _confirm(client, _upload(client, rows, "units"))
    assert Unit.objects.get(code="to-1").path == "so/xdcq/to-1/"
    assert Unit.objects.get(code="cchc").name == "Phòng CCHC và Chuyển đổi số"
    assert Unit.objects.get(code="cchc").names.count() == 2  # type: ignore[attr-defined]
    assert _plan(rows, "units").counts["unchanged"] == 3


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([unit(code="Mã lạ")], "chỉ gồm chữ thường"),
        ([unit(kind="Vụ")], "Không có “Loại” tên “Vụ”"),
        ([unit(parent_code="khong-co")], "không có đơn vị đang hoạt động nào mã “khong-co”"),
        ([unit(parent_code=None)], "chỉ đơn vị cấp cao nhất"),
        ([unit(order="đầu")], "cần số nguyên từ 0"),
        ([unit(opened_on="01/01/2010")], "sớm hơn ngày thành lập của đơn vị cấp trên"),
        ([unit(parent_code="b"), unit(code="b", parent_code="xdcq")], "vòng tròn"),
        (
            [unit(kind="Vụ"), unit(code="b", parent_code="xdcq")],
            "không có đơn vị đang hoạt động nào mã “xdcq”",
        ),
        ([unit(code="vp", parent_code="vp")], "vòng tròn"),
    ],
)
def test_a_unit_that_breaks_a_rule_is_refused(
    rows: list[list[Any]], sentence: str, units: dict[str, Unit]
) -> None:
    plan = _plan(rows, "units")
    assert all(row.outcome == "refused" for row in plan.rows)
    assert any(sentence in fault for row in plan.rows for fault in row.faults)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"a;b", "ds.csv", "Cần tệp Excel đuôi .xlsx"),
        (b"", "ds.xlsx", "rỗng"),
        (b"%PDF-1.7 khong phai", "ds.xlsx", "không phải là .xlsx"),
        (workbook([["Mã số"], ["x"]]).getvalue(), "ds.xlsx", "Không thấy dòng tiêu đề"),
    ],
)
def test_an_unusable_file_leaves_no_trace(
    content: bytes, name: str, sentence: str, office: User, client_of: ClientOf
) -> None:
    fields = {"kind": "people", "file": upload(content, name)}
    page = client_of(office).post(reverse("organization:import_upload"), fields)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ImportBatch.objects.exists()
    assert not StoredFile.objects.exists()


def test_templates_come_as_files(office: User, client_of: ClientOf) -> None:
    response = client_of(office).get(reverse("organization:import_template", args=["people"]))
    assert "mau-nhap-nhan-su" in response.headers["Content-Disposition"]
    assert client_of(office).get(reverse("organization:import_template", args=["khac"])).status_code == 404


def test_strangers_do_not_import(clerk: User, office: User, client_of: ClientOf) -> None:
    batch = _upload(client_of(office), [person()])
    client = client_of(clerk)
    assert client.get(reverse("organization:import_preview", args=[batch.pk])).status_code == 404
    assert client.post(reverse("organization:import_confirm", args=[batch.pk])).status_code == 404
    assert client.get(reverse("organization:import_template", args=["people"])).status_code == 404
    assert client.post(reverse("organization:import_upload"), {}).status_code == 404
