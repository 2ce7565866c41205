"""The result sheet as a paper: the same in Word, PDF and Excel, in every state, frozen with the publication."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear, CriteriaSet, Criterion, Recipient
from core.papers import Align, Column, Head, Kind, Paper, Row, Signature, Table, excel, pdf, word
from organization.models import Unit, User
from scoring.actions import appraisal, columns
from scoring.actions import lines as line_actions
from scoring.actions import sheets as actions
from scoring.models import Line, PastResult, Result, Scorecard
from scoring.queries.papers import result_paper
from scoring.queries.sheets import sheet_visible_to
from tests.scoring.papers.reading import excel_rows, pdf_pages, pdf_text, word_text
from tests.scoring.sheets.conftest import publish_all

Find = Callable[..., Any]
FORMATS = ("docx", "pdf", "xlsx")


def address(sheet: Scorecard, extension: str) -> str:
    return reverse("scoring:result_paper", args=[sheet.pk, extension])


def paper_of(sheet: Scorecard, reader: User) -> Paper:
    seen = sheet_visible_to(reader, sheet.pk)
    assert seen
    return result_paper(seen)


def words(client: Client, sheet: Scorecard) -> dict[str, str]:
    """The three files as text."""
    content = {one: client.get(address(sheet, one)).content for one in FORMATS}
    rows = [" ".join(str(cell) for cell in row if cell is not None) for row in excel_rows(content["xlsx"])]
    return {
        "docx": "\n".join(word_text(content["docx"])),
        "pdf": pdf_text(content["pdf"]),
        "xlsx": "\n".join(rows),
    }


@pytest.fixture
def appraised(
    sheet_of: Find, led_to: Find, line_of: Find, units: dict[str, Unit], clerk: User, head: User, office: User
) -> Scorecard:
    """The sheet of Phòng CCHC, on which head and Office have each changed a line with a reason."""
    sheet = led_to(
        sheet_of(units["cchc"]),
        "submitted",
        by=clerk,
        c1_1={"inputs": {}, "self_score": Decimal("8.5"), "note": "Đã rà soát"},
    )
    line_actions.save_approved(
        line_of(sheet, "1.1"), by=head, score=Decimal(8), reason="Còn văn bản chậm <b>&</b>"
    )
    sheet.refresh_from_db()
    actions.approve(sheet, by=head)
    line_actions.save_appraised(
        line_of(sheet, "2.1"), by=office, score=Decimal("17.5"), reason="=1+1 số liệu chưa khớp"
    )
    sheet.refresh_from_db()
    appraisal.appraise(sheet, by=office)
    sheet.refresh_from_db()
    return sheet


@pytest.fixture
def published(appraised: Scorecard, office: User) -> Scorecard:
    publish_all(appraised.campaign_year, Recipient.COLLECTIVE, office)
    appraised.refresh_from_db()
    return appraised


def test_the_three_files_say_the_same(appraised: Scorecard, client_of: Find, clerk: User) -> None:
    for said in words(client_of(clerk), appraised).values():
        for text in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "SỞ NỘI VỤ",
            "PHIẾU KẾT QUẢ ĐÁNH GIÁ, CHẤM ĐIỂM",
            "Đẩy mạnh cải cách hành chính của Sở Nội vụ, năm 2025",
            "Kết quả tạm tính, chưa công bố",
            "Phòng Cải cách hành chính",
            "Giải trình: Đã rà soát",
            "Thủ trưởng: Còn văn bản chậm <b>&</b>",
            "Thẩm định: =1+1 số liệu chưa khớp",
            "Số liệu: 45 / 50",
            "35,50/50",
            "71,00%",
            "THỦ TRƯỞNG ĐƠN VỊ",
            "Lê Minh Châu",
            "CƠ QUAN THẨM ĐỊNH",
        ):
            assert text in said
        for text in ("Xếp hạng", "Xếp loại", "Thẩm định lần 2", "Hội đồng", "Điều tra", "So với"):
            assert text not in said


def test_columns_sums_and_total(appraised: Scorecard, clerk: User) -> None:
    table = paper_of(appraised, clerk).tables[0]
    assert [column.label for column in table.columns] == [
        "Mã",
        "Nội dung",
        "Điểm tối đa",
        "Tự chấm",
        "Thủ trưởng duyệt",
        "Thẩm định",
        "Ý kiến",
    ]
    shown = {texts[0] or texts[1]: texts[2:6] for texts in table.texts}
    assert shown["1"] == ["20", "8,5", "8", "8"]
    assert shown["1.1"] == ["10", "8,5", "8", "8"]
    assert shown["2"] == ["30", "28", "28", "27,5"]
    assert shown["2.1"] == ["20", "18", "18", "17,5"]
    assert shown["TỔNG ĐIỂM"] == ["50", "36,5", "36", "35,5"]
    assert "2.2" not in shown  # for people alone


def test_the_fields_have_their_component_index(appraised: Scorecard, clerk: User) -> None:
    [_, fields] = paper_of(appraised, clerk).tables
    assert fields.texts == [
        ["1", "Sáng kiến, giải pháp", "20", "8", "40,00"],
        ["2", "Nhiệm vụ cải cách hành chính", "30", "27,5", "91,67"],
    ]


def test_what_does_not_apply_is_named_and_leaves_the_maximum(
    sheet_of: Find, led_to: Find, line_of: Find, units: dict[str, Unit], clerk: User, head: User, office: User
) -> None:
    sheet = led_to(sheet_of(units["cchc"]), "approved", by=clerk, head=head)
    columns.exclude(line_of(sheet, "2.3"), by=office, reason="Không được giao kế hoạch")
    paper = paper_of(sheet, clerk)
    [row] = [row for row in paper.tables[0].rows if row.kind == Kind.ASIDE]
    assert row.cells[2] == "Không áp dụng"
    assert row.cells[3:-1] == (None, None)
    assert row.cells[-1] == "Số liệu: Kịp thời\nKhông áp dụng: Không được giao kế hoạch"
    assert paper.tables[0].texts[-1][2] == "40"


def test_rank_and_class_stand_on_it_once_published(
    published: Scorecard, client_of: Find, clerk: User
) -> None:
    for said in words(client_of(clerk), published).values():
        assert "Kết quả công bố ngày" in said
        assert "tạm tính" not in said
        assert "Xếp hạng: 1" in said
        assert "Xếp loại: Khá" in said


def test_a_published_paper_never_changes(
    published: Scorecard, clerk: User, line_of: Find, campaign_year: CampaignYear
) -> None:
    before = paper_of(published, clerk)
    Line.objects.filter(scorecard=published).update(
        self_score=1, approved_score=1, appraised_score=1, appraised_reason="sau này", note="sau này"
    )
    Scorecard.objects.filter(pk=published.pk).update(result_total=1, applicable_max=2, components={})
    newer = CriteriaSet.objects.create(campaign_year=campaign_year, version_number=2, title="Mới")
    Scorecard.objects.filter(pk=published.pk).update(criteria_set=newer)
    assert paper_of(published, clerk) == before


def test_results_frozen_without_their_tree_are_printed_flat(published: Scorecard, clerk: User) -> None:
    result = Result.objects.get(scorecard=published)
    del result.frozen["criteria_set"]
    for line in result.frozen["lines"]:
        del line["criterion"], line["flag_reason"]
    Result.objects.update(frozen=result.frozen)
    texts = paper_of(published, clerk).tables[0].texts
    assert [row[0] for row in texts] == ["1.1", "1.2", "2.1", "2.3", ""]
    assert texts[-1][2:6] == ["50", "36,5", "36", "35,5"]


def test_reopened_after_publication_it_is_provisional_again(
    published: Scorecard, clerk: User, office_head: User, office: User
) -> None:
    appraisal.reopen_published(published, by=office, comment="Sai số liệu")
    assert paper_of(published, clerk).note == "Kết quả tạm tính, chưa công bố"


def test_the_round_before_stands_beside_it(published: Scorecard, clerk: User) -> None:
    year = published.campaign_year
    earlier = CampaignYear.objects.create(campaign=year.campaign, year=2024, state="closed")
    CampaignYear.objects.create(campaign=year.campaign, year=2025, period="q1")  # another part of a year
    PastResult.objects.create(
        campaign_year=earlier,
        position=1,
        unit_name="Phòng CCHC",
        unit=published.unit,
        applicable_max=50,
        score=Decimal("33.25"),
        index=Decimal("66.5"),
        rank=4,
        band="Trung bình",
    )
    table = paper_of(published, clerk).tables[-1]
    assert table.caption == "3. So với kỳ trước"
    assert [column.label for column in table.columns] == ["Chỉ tiêu", "Năm 2024", "Năm 2025", "Tăng, giảm"]
    assert table.texts[0] == ["Điểm đạt", "33,25", "35,5", "2,25"]
    assert table.texts[2:] == [
        ["Chỉ số (%)", "66,5", "71", "4,5"],
        ["Xếp hạng", "4", "1", ""],
        ["Xếp loại", "Trung bình", "Khá", ""],
    ]


def test_a_person_s_paper_and_a_draft(sheet_of: Find, clerk: User, client_of: Find) -> None:
    for said in words(client_of(clerk), sheet_of(clerk)).values():
        assert "PHIẾU TỰ ĐÁNH GIÁ, CHẤM ĐIỂM CÁ NHÂN" in said
        assert "Họ và tên: Nguyễn Văn An" in said
        assert "Chức vụ: Chuyên viên" in said
        assert "Phiếu chưa được thủ trưởng duyệt" in said


def test_who_may_read_the_sheet_may_have_the_paper(
    appraised: Scorecard, client_of: Find, cast: dict[str, User]
) -> None:
    for extension in FORMATS:
        for part in ("clerk", "head", "office", "appraiser", "inspector", "director"):
            assert client_of(cast[part]).get(address(appraised, extension)).status_code == 200
        for part in ("stranger", "stranger_head"):
            assert client_of(cast[part]).get(address(appraised, extension)).status_code == 404
    assert client_of(cast["clerk"]).get(address(appraised, "exe")).status_code == 404
    assert client_of(cast["clerk"]).post(address(appraised, "pdf")).status_code == 405


def test_files_carry_name_and_kind(appraised: Scorecard, client_of: Find, clerk: User) -> None:
    for extension, kind in [
        ("pdf", "application/pdf"),
        ("docx", "wordprocessingml"),
        ("xlsx", "spreadsheetml"),
    ]:
        answer = client_of(clerk).get(address(appraised, extension))
        assert kind in answer["Content-Type"]
        assert f".{extension}" in answer["Content-Disposition"]


def test_queries_do_not_grow_with_rows(
    appraised: Scorecard,
    client_of: Find,
    clerk: User,
    assert_same_queries: Find,
    criteria: dict[str, Criterion],
) -> None:
    def grow() -> None:
        for place in range(1, 20):
            more = Criterion.objects.get(pk=criteria["2.3"].pk)
            more.pk, more.position, more.code = None, 100 + place, f"2.{place + 3}"
            more.save()
            Line.objects.create(scorecard=appraised, criterion=more, self_score=1, appraised_score=1)

    assert_same_queries(client_of(clerk), address(appraised, "pdf"), grow)


# --- long papers ---------------------------------------------------------------------------------------
LONG = "Lời giải trình rất dài của đơn vị về số liệu, căn cứ và cách tính. " * 60


def long_paper(columns: int, rows: int = 60, opinion: str = "") -> Paper:
    scores = [Column(f"Cột {place}", 1.65, Align.CENTRE) for place in range(columns)]
    heads = (Column("Mã", 1.5), Column("Nội dung", 6, grows=True), Column("Điểm tối đa", 1.5), *scores)
    lines = [
        Row((f"{at}", f"Tiêu chí số {at}", 2, *[Decimal("1.25")] * columns, opinion if at == 30 else "Đạt"))
        for at in range(rows)
    ]
    return Paper(
        head=Head("ỦY BAN", "SỞ", "Số:", "ngày"),
        title="PHIẾU",
        subtitle="Bộ chỉ số",
        note="",
        facts=(("Đơn vị", "Phòng"),),
        tables=(Table((*heads, Column("Ý kiến", 4.6, grows=True)), tuple(lines)),),
        signatures=(Signature("NGƯỜI LẬP"), Signature("THỦ TRƯỞNG")),
    )


def test_few_columns_stand_upright_many_lie() -> None:
    assert not long_paper(1).is_landscape
    assert long_paper(5).is_landscape
    for paper in (long_paper(1), long_paper(5)):
        assert sum(paper.tables[0].widths(paper.room)) == pytest.approx(paper.room)


def test_pages_repeat_the_head_and_are_numbered() -> None:
    pages = pdf_pages(pdf.write(long_paper(5)))
    assert len(pages) > 2
    assert all("Ý kiến" in page for page in pages)
    assert [page.split()[0] for page in pages[1:]] == [str(place) for place in range(2, len(pages) + 1)]


def test_an_opinion_longer_than_a_page_is_printed_whole() -> None:
    said = pdf_text(pdf.write(long_paper(5, opinion=LONG)))
    assert said.count("cách tính.") == 60


def test_a_word_without_an_end_stays_in_its_cell() -> None:
    assert pdf.write(long_paper(3, opinion="x" * 2000)).startswith(b"%PDF")


def test_combining_letters_are_composed() -> None:
    paper = long_paper(1, rows=31, opinion="Tie\u0302\u0301ng Vie\u0323\u0302t\u0000")
    assert "Tiếng Việt" in pdf_text(pdf.write(paper))
    assert any("Tiếng Việt" in line for line in word_text(word.write(paper)))


def test_numbers_are_numbers_and_texts_are_texts() -> None:
    rows = excel_rows(excel.write(long_paper(3, opinion="=cmd|' /C calc'!A0")))
    line = next(row for row in rows if row[1] == "Tiêu chí số 30")
    assert line[2:6] == [2, 1.25, 1.25, 1.25]
    assert line[6] == "=cmd|' /C calc'!A0"
    book: Any = openpyxl.load_workbook(BytesIO(excel.write(long_paper(3, opinion="=1+1"))))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
