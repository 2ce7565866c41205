"""A sheet filled offline: download, fill in, upload, look, confirm; conflicts; files of people who mean harm."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.journal import history_of
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import sheets as actions
from scoring.importing.offline import DATA_SHEET
from scoring.models import Line, Scorecard
from tests.trust.corpus import bomb, office

Find = Callable[..., Any]


@pytest.fixture
def sheet(sheet_of: Find, units: dict[str, Unit]) -> Scorecard:
    """The sheet of Phòng CCHC, not yet filled."""
    return sheet_of(units["cchc"])


def to(name: str, sheet: Scorecard) -> str:
    return reverse(f"scoring:{name}", args=[sheet.pk])


class Book:
    """The downloaded workbook, its cells by the line's code and the column's heading."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(content))
        self.sheet: Any = self.book[DATA_SHEET]
        self.head = {cell.value: cell.column for cell in self.sheet[4] if cell.value}
        self.row = {row[2].value: row[2].row for row in self.sheet.iter_rows(min_row=5) if row[0].value}

    def cell(self, code: str, column: str) -> Any:
        return self.sheet.cell(self.row[code], self.head[column])

    def write(self, code: str, **values: Any) -> None:
        names = {"first": "Số liệu 1", "second": "Số liệu 2", "score": "Điểm tự chấm", "note": "Giải trình"}
        for name, value in values.items():
            self.cell(code, names.get(name, name)).value = value

    @property
    def content(self) -> bytes:
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()


def downloaded(client: Client, sheet: Scorecard) -> Book:
    answer = client.get(to("sheet_offline", sheet))
    assert answer.status_code == 200
    return Book(answer.content)


def upload(client: Client, sheet: Scorecard, content: bytes, name: str = "phieu.xlsx") -> Any:
    return client.post(to("sheet_upload", sheet), {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, sheet: Scorecard, preview: Any, **answers: str) -> Any:
    return client.post(to("sheet_confirm", sheet), {"payload": preview.context["payload"], **answers})


def fill_in(book: Book) -> None:
    book.write("1.1", score=8.5, note="Theo báo cáo quý IV")
    book.write("1.2", first=0)
    book.write("2.1", first=45, second="50")
    book.write("2.3", first="kịp thời")


def scores(sheet: Scorecard) -> dict[str, Decimal | None]:
    return dict(sheet.lines.values_list("criterion__code", "self_score"))


# --- there and back --------------------------------------------------------------------------------------
def test_the_workbook_opens_only_what_is_to_be_filled(client_of: Find, clerk: User, sheet: Scorecard) -> None:
    book = downloaded(client_of(clerk), sheet)
    assert book.sheet.protection.sheet
    assert not book.sheet.protection.password
    assert list(book.row) == ["1.1", "1.2", "2.1", "2.3"]
    for code, column in [
        ("1.1", "Điểm tự chấm"),
        ("2.1", "Số liệu 2"),
        ("2.3", "Số liệu 1"),
        ("2.3", "Giải trình"),
    ]:
        assert not book.cell(code, column).protection.locked
    for code, column in [
        ("1.1", "Số liệu 1"),
        ("2.1", "Điểm tự chấm"),
        ("1.1", "Nội dung"),
        ("1.1", "Điểm tối đa"),
    ]:
        assert book.cell(code, column).protection.locked
    assert book.cell("2.1", "Điểm tự chấm").value == "tự tính"
    assert book.cell("2.1", "Số liệu cần nhập").value == "1) Hồ sơ đúng hạn\n2) Hồ sơ đã giải quyết"
    hidden = book.sheet.column_dimensions["A"]
    assert (hidden.hidden, hidden.max) == (True, 2)
    kinds = {str(rule.sqref): rule.type for rule in book.sheet.data_validations.dataValidation}
    assert kinds[book.cell("2.3", "Số liệu 1").coordinate] == "list"
    assert kinds[book.cell("1.1", "Điểm tự chấm").coordinate] == "decimal"
    assert book.book["Danh mục"].sheet_state == "hidden"


def test_there_and_back(client_of: Find, clerk: User, sheet: Scorecard) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    fill_in(book)
    preview = upload(client, sheet, book.content)
    assert preview.status_code == 200
    assert len(preview.context["taken"]) == 4
    assert "18 điểm" in preview.content.decode()
    assert set(scores(sheet).values()) == {None}  # nothing is written before it is confirmed
    assert confirm(client, sheet, preview).status_code == 302
    assert scores(sheet) == {"1.1": Decimal("8.5"), "1.2": 0, "2.1": 18, "2.3": 10}
    sheet.refresh_from_db()
    assert sheet.self_total == Decimal("36.5")
    assert sheet.lines.get(criterion__code="1.1").note == "Theo báo cáo quý IV"
    assert "Nhập 4 tiêu chí từ tệp Excel" in [entry.label for entry in history_of(sheet)]


def test_what_was_written_comes_back_unchanged(
    client_of: Find, clerk: User, sheet: Scorecard, fill: Find
) -> None:
    fill(sheet, clerk)
    client = client_of(clerk)
    preview = upload(client, sheet, downloaded(client, sheet).content)
    assert preview.context["found"].unchanged == 4
    assert "không có gì khác" in preview.content.decode()


def test_only_changed_lines_are_written(client_of: Find, clerk: User, sheet: Scorecard, fill: Find) -> None:
    fill(sheet, clerk)
    client = client_of(clerk)
    before = dict(sheet.lines.values_list("criterion__code", "version"))
    book = downloaded(client, sheet)
    book.write("2.1", first=40)
    preview = upload(client, sheet, book.content)
    confirm(client, sheet, preview)
    after = dict(sheet.lines.values_list("criterion__code", "version"))
    assert {code for code in after if after[code] != before[code]} == {"2.1"}
    assert scores(sheet)["2.1"] == 16


def test_what_was_changed_on_the_portal_alone_stays(
    client_of: Find, clerk: User, sheet: Scorecard, line_of: Find
) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    line_actions.save_line(line_of(sheet, "2.3"), by=clerk, inputs={"choice": "Chậm"})
    book.write("1.1", score=7)
    preview = upload(client, sheet, book.content)
    assert [row["line"].criterion.code for row in preview.context["taken"]] == ["1.1"]
    confirm(client, sheet, preview)
    assert scores(sheet)["2.3"] == 5


def test_nothing_by_nothing_is_a_question_to_a_person(client_of: Find, clerk: User, sheet: Scorecard) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    book.write("2.1", first=0, second=0)
    preview = upload(client, sheet, book.content)
    assert "hãy nhập điểm và ghi giải trình" in preview.content.decode()
    confirm(client, sheet, preview)
    assert scores(sheet)["2.1"] is None
    book = downloaded(client, sheet)
    book.write("2.1", score=20, note="Trong năm không phát sinh hồ sơ")
    confirm(client, sheet, upload(client, sheet, book.content))
    assert scores(sheet)["2.1"] == 20


# --- conflicts -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("answer", "expected"), [("tep", Decimal(10)), ("cong", Decimal(5))])
def test_a_line_changed_on_both_sides_is_a_question(
    client_of: Find, clerk: User, sheet: Scorecard, line_of: Find, answer: str, expected: Decimal
) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    line = line_of(sheet, "2.3")
    line_actions.save_line(line, by=clerk, inputs={"choice": "Chậm"})
    book.write("2.3", first="Kịp thời")
    book.write("1.1", score=9)
    preview = upload(client, sheet, book.content)
    text = preview.content.decode()
    assert [row["line"].pk for row in preview.context["conflicts"]] == [line.pk]
    assert "Sửa ở cả hai nơi" in text
    assert "Chậm" in text
    assert "Kịp thời" in text
    unanswered = confirm(client, sheet, preview)
    assert unanswered.status_code == 409
    assert scores(sheet)["1.1"] is None
    assert confirm(client, sheet, preview, **{f"giu-{line.pk}": answer}).status_code == 302
    assert scores(sheet) == {"1.1": 9, "1.2": None, "2.1": None, "2.3": expected}


def test_the_same_change_on_both_sides_is_none(
    client_of: Find, clerk: User, sheet: Scorecard, line_of: Find
) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    line_actions.save_line(line_of(sheet, "2.3"), by=clerk, inputs={"choice": "Chậm"})
    book.write("2.3", first="Chậm")
    assert upload(client, sheet, book.content).context["found"].unchanged == 4


def test_what_was_shown_is_what_is_written(
    client_of: Find, clerk: User, sheet: Scorecard, line_of: Find
) -> None:
    """Somebody saves the line on the portal while the preview is open: it is shown again, as a question."""
    client = client_of(clerk)
    book = downloaded(client, sheet)
    book.write("1.1", score=9)
    preview = upload(client, sheet, book.content)
    line_actions.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(2))
    again = confirm(client, sheet, preview)
    assert again.status_code == 409
    assert "vừa có thay đổi" in again.content.decode()
    assert len(again.context["conflicts"]) == 1
    assert scores(sheet)["1.1"] == 2


def test_a_preview_is_good_for_its_user_and_sheet_alone(
    client_of: Find, clerk: User, colleague: User, sheet: Scorecard, sheet_of: Find
) -> None:
    book = downloaded(client_of(clerk), sheet)
    book.write("1.1", score=9)
    preview = upload(client_of(clerk), sheet, book.content)
    confirm(client_of(colleague), sheet, preview)
    confirm(client_of(clerk), sheet_of(clerk), preview)
    client_of(clerk).post(to("sheet_confirm", sheet), {"payload": preview.context["payload"][:-3] + "abc"})
    client_of(clerk).post(to("sheet_confirm", sheet))
    assert not Line.objects.filter(self_score__isnull=False).exists()


# --- what cannot be taken --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        ("1.1", {"score": "mười"}, "Dòng 6, cột “Điểm tự chấm”: cần một số, đang là “mười”."),
        ("1.1", {"score": 11}, "Điểm phải từ 0 đến 10"),
        ("1.1", {"score": 8.3}, "Điểm phải theo bước 0,25"),
        ("1.1", {"score": "=5+5"}, "là công thức; hãy dán dạng giá trị"),
        ("1.1", {"note": "x" * 2001}, "dài hơn 2000 ký tự"),
        ("2.1", {"first": -1, "second": 50}, "tiêu chí 2.1: Số liệu không được âm."),
        ("2.1", {"first": True}, "cần một số"),
        ("2.1", {"first": 1e300}, "quá lớn"),
        ("2.3", {"first": "Rất nhanh"}, "không có trong danh sách: Kịp thời; Chậm; Không ban hành"),
        ("1.2", {"first": 2}, "Số đã được xác nhận là 0"),
        ("1.1", {"first": 3}, "tiêu chí 1.1 không dùng ô này"),
        ("2.1", {"first": 45, "second": 50, "score": 20}, "điểm tự tính theo số liệu"),
        ("2.1", {"Mã": "9.9"}, "không khớp với tiêu chí 2.1"),
        ("2.1", {"(dòng)": 987654}, "không có tiêu chí này"),
        ("2.1", {"(dòng)": "abc"}, "không có tiêu chí này"),
    ],
)
def test_a_bad_cell_is_named_and_the_rest_can_be_written(
    client_of: Find, clerk: User, sheet: Scorecard, code: str, values: dict[str, Any], sentence: str
) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    good = "2.3" if code != "2.3" else "1.1"
    book.write(good, **({"first": "Chậm"} if good == "2.3" else {"score": 4}))
    book.write(code, **values)
    preview = upload(client, sheet, book.content)
    assert sentence in preview.content.decode().replace("&gt;", ">")
    assert [row["line"].criterion.code for row in preview.context["taken"]] == [good]
    confirm(client, sheet, preview)
    assert [found for found, score in scores(sheet).items() if score is not None] == [good]


def test_sorted_rows_are_read_and_torn_rows_refused(client_of: Find, clerk: User, sheet: Scorecard) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    fill_in(book)
    one, two = book.row["1.1"], book.row["2.3"]
    for column in range(1, book.sheet.max_column + 1):
        a, b = book.sheet.cell(one, column), book.sheet.cell(two, column)
        a.value, b.value = b.value, a.value
    preview = upload(client, sheet, book.content)
    assert len(preview.context["taken"]) == 4
    for row in (one, two):
        book.sheet.cell(row, 1).value = book.sheet.cell(one, 1).value
    text = upload(client, sheet, book.content).content.decode()
    assert "không khớp" in text or "lặp lại" in text


def test_a_missing_row_and_another_sheet_are_told(client_of: Find, clerk: User, sheet: Scorecard) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    fill_in(book)
    book.sheet.delete_rows(book.row["2.3"])
    book.book.create_sheet("Nháp")["A1"] = "của tôi"
    text = upload(client, sheet, book.content).content.decode()
    assert "Tệp thiếu 1 tiêu chí" in text
    assert "Nháp" in text


def test_another_sheet_s_file_and_strange_files(
    client_of: Find, clerk: User, sheet: Scorecard, sheet_of: Find
) -> None:
    client = client_of(clerk)
    other = downloaded(client, sheet_of(clerk))
    refused = upload(client, sheet, other.content)
    assert refused.status_code == 422
    assert "Tệp này là của “Phiếu chấm điểm năm 2025 – Nguyễn Văn An”" in refused.content.decode()
    torn = downloaded(client, sheet)
    torn.sheet.delete_cols(1, 2)
    for content in (torn.content, office("xl"), bomb(210), b"khong phai", b""):
        assert upload(client, sheet, content).status_code == 422
    assert upload(client, sheet, torn.content, "phieu.xlsm").status_code == 422
    assert not Line.objects.filter(self_score__isnull=False).exists()


def test_text_that_looks_like_a_formula_stays_text(
    client_of: Find, clerk: User, sheet: Scorecard, line_of: Find
) -> None:
    note = '=HYPERLINK("http://x";"bấm")'
    line_actions.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(3), note=note)
    book = downloaded(client_of(clerk), sheet)
    assert book.cell("1.1", "Giải trình").data_type == "s"
    assert all(cell.data_type != "f" for row in book.sheet.iter_rows() for cell in row)


# --- who and when ----------------------------------------------------------------------------------------
def test_only_who_may_fill_has_the_file(
    client_of: Find, cast: dict[str, User], sheet: Scorecard, led_to: Find, clerk: User
) -> None:
    for name in ("sheet_offline", "sheet_upload"):
        assert client_of(clerk).get(to(name, sheet)).status_code == 200
        for part in ("stranger", "inspector", "office", "appraiser"):
            assert client_of(cast[part]).get(to(name, sheet)).status_code == 404
    led_to(sheet, "submitted", by=clerk)
    assert client_of(clerk).get(to("sheet_offline", sheet)).status_code == 404
    assert client_of(clerk).post(to("sheet_confirm", sheet)).status_code == 404


def test_a_returned_sheet_opens_only_the_flagged_line(
    client_of: Find, clerk: User, head: User, sheet: Scorecard, led_to: Find
) -> None:
    led_to(sheet, "returned", by=clerk, head=head)
    assert list(downloaded(client_of(clerk), sheet).row) == ["1.1"]


def test_the_appraiser_fills_score_and_reason(
    client_of: Find, clerk: User, head: User, office: User, sheet: Scorecard, led_to: Find
) -> None:
    led_to(sheet, "approved", by=clerk, head=head)
    client = client_of(office)
    book = downloaded(client, sheet)
    assert book.cell("2.1", "Thủ trưởng duyệt").value == 18
    book.write("2.1", **{"Điểm thẩm định": 17, "Lý do sửa": "Thiếu một hồ sơ"})
    book.write("1.1", **{"Điểm thẩm định": 6})
    preview = upload(client, sheet, book.content)
    assert "hãy ghi lý do sửa" in preview.content.decode()
    assert confirm(client, sheet, preview).status_code == 302
    line = sheet.lines.get(criterion__code="2.1")
    assert (line.appraised_score, line.appraised_reason) == (17, "Thiếu một hồ sơ")
    assert sheet.lines.get(criterion__code="1.1").appraised_score is None


def test_after_the_deadline_of_a_locked_round_nothing_is_taken(
    client_of: Find, clerk: User, sheet: Scorecard
) -> None:
    client = client_of(clerk)
    book = downloaded(client, sheet)
    fill_in(book)
    year = sheet.campaign_year
    type(year).objects.update(locks=True)
    year.deadlines.update(due_on="2020-01-01")
    refused = upload(client, sheet, book.content)
    assert refused.status_code == 422
    assert "hết hạn" in refused.content.decode()


def test_the_state_changes_between_preview_and_confirmation(
    client_of: Find, clerk: User, sheet: Scorecard, fill: Find
) -> None:
    fill(sheet, clerk)
    client = client_of(clerk)
    book = downloaded(client, sheet)
    book.write("1.1", score=1)
    preview = upload(client, sheet, book.content)
    actions.submit(sheet, by=clerk)
    assert confirm(client, sheet, preview).status_code == 404
    assert scores(sheet)["1.1"] == Decimal("8.5")
