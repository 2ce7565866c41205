"""Honours of the years before the portal, from a sheet: row by row, on the page and by the command."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from awards.actions import history as actions
from awards.importing.columns import history_template
from awards.importing.history import HistoryPlan, plan_of_file
from awards.models import Award, HistoryImport, Honour
from core.workflow import Refused
from organization.actions.units import merge_units, rename_unit
from organization.models import Post, Unit, User
from tests.awards.builders import TITLE, hire

ClientOf = Callable[[User], Client]
HEAD = [
    "Loại", "Mã cán bộ / Mã đơn vị", "Họ và tên / Tên tập thể", "Chức vụ", "Đơn vị", "Danh hiệu/hình thức", "Năm",
    "Loại khen thưởng", "Số quyết định", "Ngày quyết định", "Cơ quan quyết định", "Thành tích",
]  # fmt: skip
AN = [
    "Cá nhân",
    "",
    "Nguyễn Văn An",
    "",
    "",
    "Lao động tiên tiến",
    2019,
    "",
    "15/QĐ-SNV",
    "10/01/2020",
    "",
    "",
]
LETTER_NAME = "“Giấy khen” của Giám đốc Sở Nội vụ"


def workbook(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Dữ liệu"
    for row in (head, *rows):
        sheet.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def plan(*rows: Sequence[Any], own: int | None = None, **more: Any) -> HistoryPlan:
    return plan_of_file(BytesIO(workbook(*rows, **more)), own=own)


def faults(*rows: Sequence[Any], **more: Any) -> list[str]:
    return [" ".join(row.faults) for row in plan(*rows, **more).rows]


def changed(row: Sequence[Any], **cells: Any) -> list[Any]:
    """The row with other cells; columns by the beginning of their heading without blanks."""
    made = list(row)
    for name, value in cells.items():
        made[
            [
                "kind",
                "code",
                "name",
                "post",
                "unit",
                "award",
                "year",
                "occasion",
                "number",
                "day",
                "by",
                "merit",
            ].index(name)
        ] = value
    return made


def test_a_row_becomes_an_honour_with_the_names_of_its_day(
    awards: dict[str, Award], units: dict[str, Unit], office: User
) -> None:
    rename_unit(
        units["cchc"], name="Phòng Cải cách", short_name="P. CC", on=date(2024, 5, 1), basis="1/QĐ", by=office
    )
    rows = [
        AN,
        ["tập thể", "", "Phòng Cải cách hành chính", "", "", LETTER_NAME, 2021, "Chuyên đề", "31/QĐ-SNV",
         date(2022, 2, 3), "Giám đốc Sở", "Dẫn đầu phong trào"],  # fmt: skip
        ["TT", "cchc", "", "", "", "giay-khen-tap-the", 2022, "đột xuất", "32/QĐ-SNV", "05-03-2023", "", ""],
        ["CN", "CB003", "", "Phó Trưởng phòng", "Phòng Nội vụ (cũ)", "danh hiệu 'LAO ĐỘNG TIÊN TIẾN'", 2010, "", "7/QĐ",
         "2011-01-20", "Sở Nội vụ", ""],  # fmt: skip
    ]  # fmt: skip
    made = plan(*rows)
    assert made.counts == {"created": 4, "unchanged": 0, "refused": 0}, [row.faults for row in made.rows]
    assert actions.write(made.rows, by=office, source="so-cu.xlsx") == 4
    an, unit, by_code, head = Honour.objects.order_by("pk")
    assert (an.person.code, an.unit_then, an.post_then) == (
        "CB001",
        "Phòng Cải cách hành chính",
        "Chuyên viên",
    )  # type: ignore[union-attr]
    assert (an.decided_by, an.occasion, an.decided_on) == ("Giám đốc Sở Nội vụ", "regular", date(2020, 1, 10))
    assert (unit.unit, unit.name_then, unit.occasion) == (
        units["cchc"],
        "Phòng Cải cách hành chính",
        "thematic",
    )
    assert (by_code.name_then, by_code.occasion) == ("Phòng Cải cách hành chính", "sudden")
    assert (head.post_then, head.unit_then, head.worked_in) == ("Phó Trưởng phòng", "Phòng Nội vụ (cũ)", None)


def test_columns_stand_in_any_order_and_codes_may_have_columns_of_their_own(awards: dict[str, Award]) -> None:
    head = ["Số quyết định", "Ngày quyết định", "Năm", "Danh hiệu", "Mã cán bộ", "Mã đơn vị", "Loại"]
    rows = [
        ["1/QĐ", "01/02/2020", 2019, "Lao động tiên tiến", "CB001", "", "cá nhân"],
        ["1/QĐ", "01/02/2020", 2019, "Giấy khen của Giám đốc Sở Nội vụ", "", "vp", "tập thể"],
    ]
    assert plan(*rows, head=head).counts["created"] == 2


def test_again_changes_nothing_and_differences_are_told(awards: dict[str, Award], office: User) -> None:
    actions.write(plan(AN).rows, by=office, source="a.xlsx")
    again = plan(changed(AN, number="15 / qđ-snv", merit="Viết thêm"))
    assert again.counts == {"created": 0, "unchanged": 1, "refused": 0}
    assert "khác ở: Thành tích" in again.rows[0].notes[0]
    assert actions.write(again.rows, by=office, source="a.xlsx") == 0
    assert Honour.objects.get().merit == ""


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"name": "Nguyễn Văn Ẩn Danh"}, "Dòng 2, cột “Họ và tên / Tên tập thể”: Không tìm thấy ai tên"),
        ({"code": "CB999"}, "Dòng 2, cột “Mã cán bộ / Mã đơn vị”: Không có ai mã “CB999”."),
        ({"code": "CB002"}, "Mã “CB002” là của Trần Thị Bình"),
        ({"kind": "tập thể", "name": "Phòng Lạ", "award": LETTER_NAME}, "Không tìm thấy đơn vị nào tên “Phòng Lạ”"),
        ({"award": "Lao động tiên tiên tiến"}, "Có phải “Lao động tiên tiến”?"),
        ({"award": "Huân chương Sao vàng"}, "cột “Danh hiệu/hình thức”: Không có danh hiệu"),
        ({"award": "giay-khen-tap-the"}, "chỉ dành cho tập thể"),
        ({"kind": "nhóm"}, "cột “Loại”: ghi “Cá nhân” hoặc “Tập thể”"),
        ({"occasion": "vui vẻ"}, "cột “Loại khen thưởng”: không có loại"),
        ({"year": 2021}, "sau năm của quyết định (2020)"),
        ({"year": 1900}, "năm 1900 không hợp lệ"),
        ({"year": "hai nghìn"}, "cần số nguyên"),
        ({"day": "31/02/2020"}, "Ô J2 (“Ngày quyết định”)"),
        ({"day": "01/09/2027"}, "sau hôm nay"),
        ({"number": ""}, "Ô I2 (“Số quyết định”): còn trống"),
        ({"number": "=1+1"}, "công thức"),
        ({"name": "", "code": ""}, "ghi mã hoặc tên"),
        ({"merit": "x" * 2001}, "tối đa 2000"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_with_row_and_column(
    cells: dict[str, Any], sentence: str, awards: dict[str, Award]
) -> None:
    (told,) = faults(changed(AN, **cells))
    assert sentence in told, told


def test_names_of_several_are_asked_for_by_code(
    awards: dict[str, Award], units: dict[str, Unit], cast: dict[str, User]
) -> None:
    twin = hire("Nguyễn Văn An", units["vp"], Post.objects.get(code="chuyen-vien"))
    told, by_code = faults(AN, changed(AN, code=twin.code))
    assert f"Có 2 người tên “Nguyễn Văn An” (mã CB001, {twin.code}). Hãy ghi mã cán bộ." in told
    assert by_code == ""


def test_a_unit_that_was_gone_is_asked_for_its_successor(
    awards: dict[str, Award], units: dict[str, Unit], office: User
) -> None:
    merge_units([units["cchc"]], into=units["tccb"], on=date(2018, 3, 1), basis="1/QĐ", by=office)
    row = changed(AN, kind="tập thể", name="Phòng Cải cách hành chính", award="giay-khen-tap-the")
    late, in_time = faults(row, changed(row, year=2018))
    assert "đã kết thúc hoạt động ngày 01/03/2018; ghi đơn vị kế thừa" in late
    assert in_time == ""


def test_a_unit_code_and_another_units_name_contradict_each_other(
    awards: dict[str, Award], units: dict[str, Unit], office: User
) -> None:
    """Its own name, one that nobody knows any more, and that of a unit which it carries on are no contradiction."""
    base = changed(AN, kind="tập thể", award="giay-khen-tap-the", year=2016)
    own, wrong, forgotten = (
        changed(base, code="tccb", name=name, number=f"{place}/QĐ")
        for place, name in enumerate((units["tccb"].name, units["cchc"].name, "Ban Tổ chức chính quyền"))
    )
    told = faults(own, wrong, forgotten)
    assert told[0] == told[2] == ""
    assert told[1].endswith(f"Mã “tccb” là của {units['tccb'].name}, không phải “{units['cchc'].name}”.")
    merge_units([units["cchc"]], into=units["tccb"], on=date(2018, 3, 1), basis="1/QĐ", by=office)
    assert faults(wrong) == [""]


def test_a_row_that_stands_twice_is_taken_once(awards: dict[str, Award]) -> None:
    first, second = faults(AN, AN)
    assert first == ""
    assert "trùng với dòng 2" in second


def test_nobody_imports_his_own(awards: dict[str, Award], clerk: User) -> None:
    assert "chính mình" in faults(AN, own=clerk.person.pk)[0]


# --- the page -------------------------------------------------------------------------------------------
def upload(client: Client, content: bytes, name: str = "so-cu.xlsx") -> Any:
    return client.post(reverse("awards:history_import_list"), {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, one: HistoryImport, **more: str) -> Any:
    page = client.get(reverse("awards:history_import_preview", args=[one.pk]))
    digest = page.context["plan"].digest if "plan" in page.context else ""
    address = reverse("awards:history_import_confirm", args=[one.pk])
    return client.post(address, {"digest": digest, **more}, follow=True)


def test_shown_confirmed_written_once(awards: dict[str, Award], office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    upload(client, workbook(AN, changed(AN, name="Ai Đó")))
    one = HistoryImport.objects.get()
    page = client.get(reverse("awards:history_import_preview", args=[one.pk])).content.decode()
    assert "Không tìm thấy ai tên “Ai Đó”" in page
    assert not Honour.objects.exists()
    assert "Có dòng bị từ chối" in confirm(client, one).content.decode()
    assert not Honour.objects.exists()
    assert "Đã ghi vào Sổ" in confirm(client, one, without_refused="1").content.decode()
    assert Honour.objects.get().entered_by == office
    assert "đã được nhập" in confirm(client, one).content.decode()
    assert Honour.objects.count() == 1


def test_what_changed_since_it_was_shown_is_not_written(
    awards: dict[str, Award], office: User, client_of: ClientOf
) -> None:
    client = client_of(office)
    upload(client, workbook(AN))
    one = HistoryImport.objects.get()
    address = reverse("awards:history_import_confirm", args=[one.pk])
    answer = client.post(address, {"digest": "0" * 64}, follow=True)
    assert "đã thay đổi từ lúc bạn xem" in answer.content.decode()
    stale = plan(AN)
    actions.write(plan(AN).rows, by=office, source="b.xlsx")
    with pytest.raises(Refused, match="đã thay đổi"):
        actions.write(stale.rows, by=office, source="a.xlsx")
    assert Honour.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"khong phai", "a.xlsx", "không phải"),
        (b"", "a.xlsx", "rỗng"),
        (workbook(head=["Loại", "Năm", "Số quyết định"]), "a.xlsx", "Thiếu cột"),
        (workbook(), "a.xlsx", "chưa có dòng dữ liệu"),
        (workbook(AN), "a.csv", ".xlsx"),
        (workbook(*[AN] * 5001), "a.xlsx", "5.000"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_no_trace(
    content: bytes, name: str, sentence: str, awards: dict[str, Award], office: User, client_of: ClientOf,
    files: Callable[[], list[Path]],
) -> None:  # fmt: skip
    answer = upload(client_of(office), content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not HistoryImport.objects.exists()
    assert files() == []


def test_the_template_can_be_filled_in_and_read(
    awards: dict[str, Award], office: User, client_of: ClientOf
) -> None:
    answer = client_of(office).get(reverse("awards:history_import_template"))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    for place, value in enumerate(AN, start=1):
        book["Dữ liệu"].cell(2, place, value or None)
    target = BytesIO()
    book.save(target)
    assert plan_of_file(target, own=None).counts["created"] == 1
    assert history_template()


@pytest.mark.parametrize("part", ["clerk", "head", "director", "inspector", "technician", "stranger"])
def test_strangers_find_no_import(
    part: str, awards: dict[str, Award], cast: dict[str, User], client_of: ClientOf
) -> None:
    upload(client_of(cast["office"]), workbook(AN))
    pk = HistoryImport.objects.get().pk
    client = client_of(cast[part])
    for route, args in (("list", []), ("template", []), ("preview", [pk])):
        assert client.get(reverse(f"awards:history_import_{route}", args=args)).status_code == 404
    assert client.post(reverse("awards:history_import_confirm", args=[pk])).status_code == 404
    assert upload(client, workbook(AN)).status_code == 404
    assert not Honour.objects.exists()


# --- the command ------------------------------------------------------------------------------------------
def command(*args: Any) -> str:
    out = StringIO()
    call_command("import_award_history", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_tries_writes_and_changes_nothing_again(
    awards: dict[str, Award], cast: Any, tmp_path: Path
) -> None:
    file = tmp_path / "so-cu.xlsx"
    file.write_bytes(workbook(AN, changed(AN, name="Ai Đó")))
    told = command(file, "--dry-run")
    assert "MỚI      dòng 2: Nguyễn Văn An, Lao động tiên tiến" in told
    assert "TỪ CHỐI  dòng 3" in told
    assert "1 mới, 0 đã có, 1 bị từ chối" in told
    with pytest.raises(CommandError, match="Chưa ghi gì"):
        command(file)
    assert not Honour.objects.exists()
    assert "Đã ghi 1 khen thưởng" in command(file, "--skip-refused")
    assert "Đã ghi 0 khen thưởng" in command(file, "--skip-refused")
    honour = Honour.objects.get()
    assert (honour.entered_by, honour.award.code) == (None, TITLE)
    with pytest.raises(CommandError, match="Không mở được"):
        command(tmp_path / "khong-co.xlsx")


def test_planning_costs_the_same_however_many_rows(
    awards: dict[str, Award], cast: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        plan(*[changed(AN, number=f"{number}/QĐ") for number in range(200)])
