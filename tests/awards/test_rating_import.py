"""A year's ratings from a sheet: the template with the people, a preview of every row, written when confirmed."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import history as actions
from awards.actions.ratings import import_ratings, rate_unit
from awards.importing.ratings import RatingPlan, plan_of_ratings, plan_of_ratings_file, ratings_template
from awards.models import AnnualRating, HistoryImport
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.cast import CAST, fresh

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
YEAR = 2024
HEAD = ["Mã cán bộ", "Họ và tên", "Xếp loại", "Căn cứ"]
AN = ["CB001", "Nguyễn Văn An", "Hoàn thành tốt nhiệm vụ", "QĐ 90/QĐ-SNV"]


def workbook(*rows: Sequence[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Dữ liệu"
    for row in (HEAD, *rows):
        sheet.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def plan(*rows: Sequence[Any], own: int | None = None) -> RatingPlan:
    return plan_of_ratings_file(BytesIO(workbook(*rows)), year=YEAR, own=own)


def upload(client: Client, *rows: Sequence[Any]) -> HistoryImport:
    file = SimpleUploadedFile("xep-loai.xlsx", workbook(*rows))
    answer = client.post(reverse("awards:rating_import_list", args=[YEAR]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return HistoryImport.objects.latest("pk")


def confirm(client: Client, one: HistoryImport, **more: str) -> str:
    page = client.get(reverse("awards:rating_import_preview", args=[YEAR, one.pk]))
    sent = {"digest": page.context["plan"].digest, **more}
    answer = client.post(reverse("awards:rating_import_confirm", args=[YEAR, one.pk]), sent)
    assert answer.status_code == 302
    return answer["Location"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["CB999", "", "Tốt", ""], "Không có ai mã “CB999”"),
        (["CB001", "Trần Thị Bình", "Tốt", ""], "Mã “CB001” là của Nguyễn Văn An"),
        (["", "Không Có Ai", "Tốt", ""], "Không tìm thấy ai tên"),
        (["CB001", "", "Rất giỏi", ""], "không có mức “Rất giỏi”"),
        (["", "", "Tốt", ""], "ghi mã cán bộ hoặc họ và tên"),
    ],
)
def test_what_cannot_be_read_is_told_by_row_and_column(
    row: list[str], sentence: str, cast: dict[str, User]
) -> None:
    [made] = plan(row).rows
    assert made.outcome == "refused"
    assert made.faults[0].startswith("Dòng 2, cột “")
    assert sentence in made.faults[0]


def test_new_changed_unchanged_and_doubled_rows(
    cast: dict[str, User], units: dict[str, Unit], office: User
) -> None:
    clerk, head = cast["clerk"].person, cast["head"].person  # type: ignore[attr-defined]
    rate_unit(units["cchc"], YEAR, {clerk.pk: "good", head.pk: "good"}, by=office, seen={})
    made = plan(
        ["CB001", "", "Hoàn thành tốt nhiệm vụ", ""],
        ["", "Lê Minh Châu", "hoàn thành xuất sắc nhiệm vụ", ""],
        ["", "Trần Thị Bình", "Tốt", ""],
        ["", "Phạm Quốc Duy", "", ""],
        AN,
    )
    assert [row.outcome for row in made.rows] == ["unchanged", "changed", "created", "unchanged", "refused"]
    assert "trùng với dòng 2" in made.rows[4].faults[0]
    assert made.counts == {"created": 1, "changed": 1, "unchanged": 2, "refused": 1}


def test_nobody_rates_himself(office: User) -> None:
    own = office.person.pk  # type: ignore[attr-defined]
    [row] = plan(["", "Đỗ Thị Hà", "Tốt", ""], own=own).rows
    assert "của chính mình" in row.faults[0]


def test_the_office_imports_and_imports_again(office: User, clerk: User, client_of: ClientOf) -> None:
    client = client_of(office)
    one = upload(client, AN, ["CB999", "", "Tốt", ""])
    page = client.get(reverse("awards:rating_import_preview", args=[YEAR, one.pk])).content.decode()
    assert "Chưa ghi gì" in page
    assert not AnnualRating.objects.exists()
    assert "nhap-excel" in confirm(client, one)  # a refused row has to be passed over knowingly
    assert "xep-loai/?nam=2024" in confirm(client, one, without_refused="1")
    [row] = AnnualRating.objects.all()
    assert (row.person, row.year, row.grade) == (clerk.person, YEAR, "good")  # type: ignore[attr-defined]
    assert (row.source, row.basis, row.set_by) == ("imported", "QĐ 90/QĐ-SNV", office)
    client.post(reverse("awards:rating_import_confirm", args=[YEAR, one.pk]), {"digest": "x"})

    again = upload(client, [*AN[:2], "Hoàn thành nhiệm vụ", ""])
    confirm(client, again)
    row.refresh_from_db()
    assert (row.grade, row.version) == ("completed", 2)
    assert "Hoàn thành tốt nhiệm vụ → Hoàn thành nhiệm vụ" in history_of(row)[0].comment
    page = client.get(reverse("awards:rating_import_preview", args=[YEAR, one.pk])).content.decode()
    assert "Đã ghi lúc" in page


def test_a_sheet_is_written_with_the_same_number_of_queries(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    people = [cast[part].person for part in ("clerk", "colleague", "head", "deputy")]  # type: ignore[attr-defined]

    def count(some: list[Any], grade: str, before: str) -> int:
        facts = [
            {
                "person": one,
                "unit": units["cchc"],
                "year": YEAR,
                "grade": grade,
                "before": before,
                "basis": "",
            }
            for one in some
        ]
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            import_ratings(facts, by=office, source="a.xlsx")
        return len(captured)

    count(people[:1], "good", "")
    assert count(people[1:2], "good", "") == count(people[2:], "good", "")
    assert count(people[:1], "excellent", "good") == count(people[1:], "completed", "good")
    rows = AnnualRating.objects.order_by("person__code")
    assert {row.version for row in rows} == {2}
    assert [len(history_of(row)) for row in rows] == [2, 2, 2, 2]
    line = history_of(rows.get(person=people[0]))[0]
    assert line.comment == "Hoàn thành tốt nhiệm vụ → Hoàn thành xuất sắc nhiệm vụ. Tệp a.xlsx"


def test_what_changed_since_the_preview_is_not_written(
    office: User, clerk: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    one = upload(client_of(office), AN)
    shown = plan_of_ratings(one, own=None)
    pk = clerk.person.pk  # type: ignore[attr-defined]
    rate_unit(units["cchc"], YEAR, {pk: "excellent"}, by=office, seen={})
    with pytest.raises(Refused, match="đã thay đổi từ lúc bạn xem"):
        actions.apply(one, plan=lambda: plan_of_ratings(one, own=None), shown=shown.digest, by=office)
    with pytest.raises(Refused, match="đã thay đổi từ lúc bạn xem"):
        actions.apply(one, plan=lambda: shown, shown=shown.digest, by=office)
    assert AnnualRating.objects.get().grade == "excellent"
    fresh_plan = plan_of_ratings(one, own=None)
    actions.apply(one, plan=lambda: fresh_plan, shown=fresh_plan.digest, by=office)
    with pytest.raises(AlreadyDone):
        actions.apply(one, plan=lambda: fresh_plan, shown=fresh_plan.digest, by=office)
    assert AnnualRating.objects.get().grade == "good"


def test_the_template_holds_the_people_and_reads_back_unchanged(
    office: User, clerk: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    rate_unit(units["cchc"], YEAR, {clerk.person.pk: "good"}, by=office, seen={})  # type: ignore[attr-defined]
    address = reverse("awards:rating_import_template", args=[YEAR])
    content = b"".join(client_of(office).get(address, {"don-vi": units["cchc"].pk}))
    made = plan_of_ratings_file(BytesIO(content), year=YEAR, own=None)
    assert {row.name for row in made.rows} == {
        "Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Quốc Duy",
    }  # fmt: skip
    assert made.counts["unchanged"] == 4
    whole = plan_of_ratings_file(BytesIO(ratings_template(YEAR)), year=YEAR, own=None)
    assert len(whole.rows) == len(CAST)


def test_a_file_that_is_no_sheet_leaves_no_trace(office: User, client_of: ClientOf) -> None:
    address = reverse("awards:rating_import_list", args=[YEAR])
    answer = client_of(office).post(address, {"file": SimpleUploadedFile("a.xlsx", b"no sheet")})
    assert answer.status_code == 422
    assert not HistoryImport.objects.exists()


def test_strangers_find_nothing(office: User, cast: dict[str, User], client_of: ClientOf) -> None:
    one = upload(client_of(office), AN)
    for part in CAST:
        if part == "office":
            continue
        client = client_of(fresh(cast[part]))
        for route, args in (("list", []), ("template", []), ("preview", [one.pk])):
            address = reverse(f"awards:rating_import_{route}", args=[YEAR, *args])
            assert client.get(address).status_code == 404
        confirm_at = reverse("awards:rating_import_confirm", args=[YEAR, one.pk])
        assert client.post(confirm_at).status_code == 404
        made = plan_of_ratings(one, own=None)
        with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
            actions.apply(one, plan=lambda made=made: made, shown=made.digest, by=fresh(cast[part]))
    elsewhere = reverse("awards:rating_import_preview", args=[YEAR - 1, one.pk])
    assert client_of(office).get(elsewhere).status_code == 404
    assert client_of(office).get(reverse("awards:history_import_preview", args=[one.pk])).status_code == 404
