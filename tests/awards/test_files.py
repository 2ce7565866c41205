"""The printed rows: the same on the page, in the sheet and in Word; order, totals, paper format."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from awards import actions, calculations, queries
from awards.documents import award_list_word
from awards.exports import award_list_sheet
from awards.models import Award, AwardList
from campaigns.models import CampaignYear, Recipient
from core.journal import history_of
from organization.models import Post, Unit, User
from tests.awards.builders import hire, publish, publish_units

ClientOf = Callable[[User], Client]


@pytest.fixture
def big_list(
    campaign_year: CampaignYear, awards: dict[str, Award], office: User, units: dict[str, Unit]
) -> AwardList:
    """Names that test the alphabet, in two units and two posts; one name looks like a formula, one like markup."""
    posts = {post.code: post for post in Post.objects.all()}
    people = [
        hire(f"Nguyễn Văn {given}", units["tccb"], posts["chuyen-vien"])
        for given in ["Đức", "Ân", "Dung", "Ơn", "Bình", "An", "Ông", "Đạt", "Ăn", "Oanh", "Em", "Ê"]
    ]
    people += [
        hire("Lê Thị Yến", units["tccb"], posts["pho-truong-phong"]),
        hire("Lê Thị Zơn", units["tccb"], posts["truong-phong"]),
        hire("Trần Văn An", units["tccb"], posts["chuyen-vien"]),
        hire("Đỗ Văn An", units["tccb"], posts["chuyen-vien"]),
        hire("=1+1", units["vp"], posts["chuyen-vien"]),
        hire("Tôn Nữ <b>Hà</b> & Lan", units["vp"], posts["chuyen-vien"]),
        hire("Phạm Chưa Đạt", units["vp"], posts["chuyen-vien"]),
    ]
    scores = [
        (person, "75" if person.given_name == "Đạt" and person.family_name == "Phạm Chưa" else "95.5")
        for person in people
    ]
    publish(campaign_year, Recipient.INDIVIDUAL, scores, by=office)
    publish_units(campaign_year, {"ttlt": "92", "vp": "96"}, by=office)
    return actions.compute(campaign_year, by=office)


def sheet_rows(award_list: AwardList) -> list[tuple[str, ...]]:
    """The lines of the sheet as text, in the form of ``AwardRow.cells``."""
    book = openpyxl.load_workbook(BytesIO(award_list_sheet(award_list)))
    found = []
    for row in book.active.iter_rows(max_col=8):
        if isinstance(row[0].value, int):
            values = [cell.value for cell in row]
            score = "" if values[4] is None else f"{values[4]:.2f}".replace(".", ",")
            found.append(
                (
                    str(values[0]),
                    *(str(value or "") for value in values[1:4]),
                    score,
                    *(str(value or "") for value in values[5:]),
                )
            )
    return found


def word_rows(award_list: AwardList) -> list[tuple[str, ...]]:
    paper = docx.Document(BytesIO(award_list_word(award_list)))
    return [
        tuple(cell.text for cell in row.cells)
        for row in paper.tables[1].rows
        if row.cells[0].text.strip().isdecimal()
    ]


def page_rows(client: Client, award_list: AwardList) -> list[tuple[str, ...]]:
    response = client.get(reverse("awards:award_list_detail", args=[award_list.pk]))
    return [row.cells for section in response.context["sections"] for row, *_ in section["rows"]]


def words_of(award_list: AwardList) -> str:
    paper = docx.Document(BytesIO(award_list_word(award_list)))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    texts += [
        cell.text for table in (paper.tables[0], paper.tables[-1]) for row in table.rows for cell in row.cells
    ]
    return "\n".join(texts)


def test_the_same_rows_everywhere(big_list: AwardList, client_of: ClientOf, office: User) -> None:
    printed = [row.cells for row in queries.award_rows(big_list)]

    assert len(printed) == 20
    assert page_rows(client_of(office), big_list) == printed
    assert sheet_rows(big_list) == printed
    assert word_rows(big_list) == printed


def test_the_page_shows_what_is_printed(big_list: AwardList, client_of: ClientOf, office: User) -> None:
    page = client_of(office).get(reverse("awards:award_list_detail", args=[big_list.pk])).content.decode()

    assert "Tôn Nữ &lt;b&gt;Hà&lt;/b&gt; &amp; Lan" in page
    assert '<td data-label="Điểm" class="text-end text-nowrap">95,50</td>' in page


def test_order_of_offices(big_list: AwardList) -> None:
    rows = queries.award_rows(big_list)

    assert [row.name for row in rows if row.recipient == "collective"] == [
        "Văn phòng Sở",
        "Trung tâm Lưu trữ lịch sử",
    ]
    people = [row.name for row in rows if row.recipient == "individual"]
    assert people == [
        "=1+1", "Tôn Nữ <b>Hà</b> & Lan",
        "Lê Thị Zơn", "Lê Thị Yến",
        "Đỗ Văn An", "Nguyễn Văn An", "Trần Văn An", "Nguyễn Văn Ăn", "Nguyễn Văn Ân", "Nguyễn Văn Bình",
        "Nguyễn Văn Dung", "Nguyễn Văn Đạt", "Nguyễn Văn Đức", "Nguyễn Văn Em", "Nguyễn Văn Ê", "Nguyễn Văn Oanh",
        "Nguyễn Văn Ông", "Nguyễn Văn Ơn",
    ]  # fmt: skip
    assert [row.number for row in rows] == [1, 2, *range(1, 19)]


def test_totals(big_list: AwardList) -> None:
    whole, per_award = queries.totals(big_list)

    assert whole.text == "02 tập thể, 18 cá nhân"
    assert [(part.name, part.text) for part in per_award] == [
        ("Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "01 tập thể"),
        ("Giấy khen của Giám đốc Sở Nội vụ", "01 tập thể, 18 cá nhân"),
    ]
    shares = queries.shares(big_list)
    assert (shares.leaders, shares.direct, str(shares.direct_percent)) == (2, 16, "88.9")
    assert "Tổng số: 02 tập thể, 18 cá nhân. Trong đó:" in words_of(big_list)


def test_an_empty_list_promises_no_parts(big_list: AwardList) -> None:
    big_list.entries.all().delete()
    assert "Tổng số: không có.\n" in words_of(big_list)
    assert "Trong đó" not in words_of(big_list)


def test_a_formula_stays_text(big_list: AwardList) -> None:
    book = openpyxl.load_workbook(BytesIO(award_list_sheet(big_list)))
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1")

    assert cell.data_type == "s"
    assert not any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)


def test_scores_are_numbers_in_the_sheet(big_list: AwardList) -> None:
    book = openpyxl.load_workbook(BytesIO(award_list_sheet(big_list)))
    scores = [row[4].value for row in book.active.iter_rows(max_col=8) if isinstance(row[0].value, int)]

    assert scores[:3] == [96, 92, 95.5]


def test_print_setup_of_the_sheet(big_list: AwardList) -> None:
    sheet: Any = openpyxl.load_workbook(BytesIO(award_list_sheet(big_list))).active

    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    first = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "STT")
    assert sheet.print_title_rows == f"${first}:${first + 1}"
    heads = [sheet.cell(first, column).value for column in range(1, 9)]
    assert heads == ["STT", "Họ và tên (tên tập thể)", "Chức vụ", "Đơn vị", "Thành tích/điểm", None,
                     "Hình thức khen thưởng", "Ghi chú"]  # fmt: skip


def test_word_is_an_office_paper(big_list: AwardList, office: User) -> None:
    facts = {
        "parent_agency": "Ủy ban nhân dân tỉnh Quảng Trị",
        "agency": "Sở Nội vụ",
        "symbol": "DS-SNV",
        "place": "Quảng Trị",
        "signer_title": "KT. Giám đốc\nPhó Giám đốc",
        "signer_name": "Hoàng Đức Long",
        "copies_to": "- Như trên;\n- Lưu: VT.",
    }
    actions.set_paper_head(facts, by=office)
    paper: Any = docx.Document(BytesIO(award_list_word(big_list)))
    words = words_of(big_list)

    for told in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG TRỊ",
        "SỞ NỘI VỤ",
        "Quảng Trị, ngày",
        "DANH SÁCH",
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Hoàng Đức Long",
        "/DS-SNV",
        "phong trào thi đua “Đẩy mạnh cải cách hành chính của Sở Nội vụ” năm 2025",
        "- Lưu: VT.",
    ]:
        assert told in words
    section, table = paper.sections[0], paper.tables[1]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (29.7, 21.0)
    assert section.different_first_page_header_footer
    assert [bool(row._tr.trPr.xpath("w:tblHeader")) for row in table.rows[:3]] == [True, True, False]
    assert all(row._tr.trPr.xpath("w:cantSplit") for row in table.rows)
    assert {run.font.name for cell in table.rows[3].cells for run in cell.paragraphs[0].runs} <= {
        "Times New Roman"
    }


def test_a_draft_is_marked_until_it_is_settled(big_list: AwardList, office: User) -> None:
    def marked() -> tuple[bool, bool]:
        sheet: Any = openpyxl.load_workbook(BytesIO(award_list_sheet(big_list))).active
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        return "DỰ THẢO" in cells, "DỰ THẢO" in words_of(big_list)

    assert marked() == (True, True)
    actions.settle(big_list, by=office)
    assert marked() == (False, False)


def test_blank_heads_become_dots(big_list: AwardList) -> None:
    paper = queries.paper(big_list)

    assert paper.parent_agency == "ỦY BAN NHÂN DÂN TỈNH …………"
    assert paper.agency == "SỞ NỘI VỤ"
    assert paper.number == "Số: …………/…………"


def test_a_list_of_people_only_begins_with_one(published: CampaignYear, office: User) -> None:
    published.campaign.award_conditions.filter(award__recipient="collective").update(is_used=False)
    award_list = actions.compute(published, by=office)

    assert [section.title for section in queries.paper(award_list).sections] == ["I. CÁ NHÂN"]
    assert queries.paper(award_list).whole.text == "04 cá nhân"
    assert len(word_rows(award_list)) == len(sheet_rows(award_list)) == 4


@pytest.mark.parametrize(
    ("kind", "label", "start"), [("xlsx", "Xuất Excel", b"PK"), ("docx", "Xuất Word", b"PK")]
)
def test_exports_are_journaled(
    kind: str, label: str, start: bytes, award_list: AwardList, client_of: ClientOf, office: User
) -> None:
    response = client_of(office).get(reverse(f"awards:export_{kind}", args=[award_list.pk]))

    assert response.status_code == 200
    assert response.content.startswith(start)
    assert response["Content-Disposition"].startswith('attachment; filename="danh-sach-khen-thuong-2025-')
    line = history_of(award_list).first()
    assert (line.verb, line.label, line.actor) == ("export", label, office)
    assert line.data == {"kind": kind, "rows": 6, "version": award_list.version}


@pytest.mark.parametrize(
    ("text", "characters", "lines"),
    [
        ("", 10, 1),
        ("abc", 10, 1),
        ("Giấy khen của Giám đốc", 10, 3),
        ("x" * 25, 10, 3),
        ("aa " + "x" * 25, 10, 4),
    ],
)
def test_lines_of_a_text(text: str, characters: int, lines: int) -> None:
    assert calculations.lines_of(text, characters) == lines
