"""Lists: search, filters, order, pages; the sheet holds the rows of the page; nothing a user typed becomes markup."""

from dataclasses import replace
from html import escape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import listing
from core.listing import PER_PAGE, Column, Filter, Listing, ListPage, list_response
from core.models import LegalDocument
from core.vietnamese import fold

LIST = Listing(
    title="Văn bản",
    columns=[
        Column(
            "Số, ký hiệu", lambda row: row.number, order=("number",), link=lambda row: f"/van-ban/{row.code}/"
        ),
        Column("Trích yếu", lambda row: row.title, order=("code", "number"), hide_on_phone=True),
        Column("Loại", lambda row: row.get_kind_display(), badge=lambda row: "green"),
        Column("Ngày ký", lambda row: row.signed_on),
    ],
    order=("code",),
    search=("note", "code"),
    filters=[
        Filter(
            "loai", "Loại", lambda: LegalDocument.Kind.choices, lambda rows, value: rows.filter(kind=value)
        )
    ],
)
PEOPLE = ["Nguyễn Văn An", "Nguyễn Thị Đào", "Trần Văn Ánh"]


def write(*titles: str, kind: str = "law") -> None:
    known = LegalDocument.objects.count()
    LegalDocument.objects.bulk_create(
        [
            LegalDocument(
                code=f"vb-{known + number:03d}",
                number=f"{known + number}/QĐ",
                title=title,
                kind=kind,
                issuer="Sở",
                note=fold(title),
            )
            for number, title in enumerate(titles, start=1)
        ]
    )


def page(**query: str) -> ListPage:
    return ListPage(LIST, LIST.narrow(LegalDocument.objects.all(), query), query)


def titles(**query: str) -> list[str]:
    return [row.title for row in page(**query).page]


def respond(**query: str) -> HttpResponse:
    request = RequestFactory().get("/van-ban/", query, headers={"HX-Request": "true"})
    return list_response(request, LIST, LegalDocument.objects.all(), "components/listing.html")


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen van", PEOPLE[:1]),
        ("NGUYỄN", PEOPLE[:2]),
        ("dao", [PEOPLE[1]]),
        ("Đào", [PEOPLE[1]]),
        ("an van", [PEOPLE[0], PEOPLE[2]]),
        ("vb-002", [PEOPLE[1]]),
        ("  ", PEOPLE),
        ("không có", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("😀", []),
    ],
)
def test_search_is_blind_to_diacritics_and_takes_every_word(typed: str, found: list[str]) -> None:
    write(*PEOPLE)
    assert titles(q=typed) == found


def test_a_search_of_any_length_is_answered() -> None:
    write(*PEOPLE)
    assert titles(q="a " * 5000) == PEOPLE
    assert titles(q="x" * 100_000) == []


def test_filters_narrow_and_unknown_ones_do_nothing() -> None:
    write("Luật", kind="law")
    write("Nghị định", kind="decree")
    assert titles(loai="decree") == ["Nghị định"]
    assert titles(loai="khong-co") == ["Luật", "Nghị định"]
    assert titles(kind="law", pk="1") == ["Luật", "Nghị định"]
    assert titles(loai="decree", q="luat") == []
    [choice] = page(loai="decree").choices
    assert choice["options"].count("selected") == 1
    assert '<option value="decree" selected>' in choice["options"]


def test_columns_sort_up_and_down_and_unknown_ones_do_nothing() -> None:
    write("một", "hai", "ba")
    assert titles(sap="so,-ky-hieu") == ["một", "hai", "ba"]
    assert titles(sap="-so,-ky-hieu") == ["ba", "hai", "một"]
    for odd in ["loai", "password", "--so,-ky-hieu", "-", "note", "pk; DROP TABLE"]:
        assert sorted(titles(sap=odd)) == sorted(["một", "hai", "ba"])


def test_heads_say_how_the_list_is_sorted_and_turn_it() -> None:
    heads = page(sap="so,-ky-hieu", q="x").heads
    assert heads[0]["sorted"] == "ascending"
    assert heads[0]["href"] == "?sap=-so%2C-ky-hieu&q=x"
    assert "href" not in heads[2]
    assert heads[1]["phone"] == "d-none d-sm-table-cell"


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1),
        ("2", 2),
        ("3", 3),
        ("999999999999", 3),
        ("0", 3),
        ("-1", 3),
        ("hai", 1),
        ("1.5", 1),
        ("9" * 5000, 1),
    ],
)
def test_pages_exist_whatever_is_asked(asked: str, number: int) -> None:
    write(*[f"văn bản {index}" for index in range(2 * PER_PAGE + 1)])
    assert page(trang=asked).page.number == number


def test_the_pager_keeps_search_and_order() -> None:
    write(*[f"văn bản {index}" for index in range(2 * PER_PAGE + 1)])
    found = page(q="van", sap="-so,-ky-hieu", trang="2")
    assert [step["label"] for step in found.steps] == ["1", "2", "3"]
    assert found.steps[1]["current"] == "1"
    assert found.steps[2]["href"] == "?q=van&sap=-so%2C-ky-hieu&trang=3"
    assert "trang" not in found.export_address


def test_rows_with_equal_keys_come_in_one_order_on_every_page() -> None:
    LegalDocument.objects.bulk_create(
        [
            LegalDocument(code=f"c{index:03d}", number="same", title=str(index), kind="law", issuer="Sở")
            for index in range(2 * PER_PAGE)
        ]
    )
    seen = titles(sap="so,-ky-hieu") + titles(sap="so,-ky-hieu", trang="2")
    assert sorted(seen) == sorted({str(index) for index in range(2 * PER_PAGE)})


def test_the_sheet_holds_the_rows_of_the_screen_in_its_order() -> None:
    write(*PEOPLE, kind="law")
    write("Nghị định", kind="decree")
    answer = respond(xuat="xlsx", loai="law", sap="-so,-ky-hieu", trang="7")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows[0] == [column.label for column in LIST.columns]
    assert [row[1] for row in rows[1:]] == titles(loai="law", sap="-so,-ky-hieu")


@pytest.mark.parametrize(
    "text", ["<script>x</script>", '"><img src=x onerror=y>', "{{ 7|add:7 }}", "a & b", "javascript:x"]
)
def test_what_is_typed_never_becomes_markup(text: str) -> None:
    write(text)
    html = respond(q="vb", loai=text, sap=text, x=text).content.decode()
    assert f">{escape(text)}<" in html
    assert "<script" not in html
    assert "<img" not in html


def test_selectable_rows_carry_a_box_with_a_name() -> None:
    LegalDocument.objects.create(code="x", number='"><b>', title="Luật", kind="law", issuer="Sở")
    chosen = Listing(title="x", columns=LIST.columns, order=("pk",), selectable=True)
    html = ListPage(chosen, chosen.narrow(LegalDocument.objects.all(), {}), {}).body
    assert 'name="chon"' in html
    assert "<b>" not in html


def test_cells_carry_their_heading_for_the_phone() -> None:
    write("Luật")
    html = page().body
    assert 'data-label="Số, ký hiệu"' in html
    assert '<td class="d-none d-sm-table-cell" data-label="Trích yếu">' in html
    assert '<span class="badge bg-green-lt">Luật</span>' in html


def test_an_empty_list_says_so_and_offers_no_sheet() -> None:
    empty = respond().content.decode()
    assert "Chưa có dòng nào." in empty
    assert "Xuất Excel" not in empty
    write("Luật")
    nothing = respond(q="khong co gi").content.decode()
    assert "Không có dòng nào khớp" in nothing


def test_only_the_table_is_sent_to_htmx(office: Any, client_of: Any) -> None:
    client: Client = client_of(office)
    whole = client.get("/thu/").content.decode()
    part = client.get("/thu/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="danh-sach"' in part


READING = replace(LIST, reads=("code", "number", "title", "kind", "signed_on"), adds={"double": F("pk") * 2})


@pytest.mark.parametrize("query", [{}, {"trang": "2"}, {"trang": "3"}, {"sap": "-so,-ky-hieu"}, {"q": "van"}])
def test_a_list_that_reads_only_its_columns_shows_the_same_rows(query: dict[str, str]) -> None:
    write(*[f"văn bản {index}" for index in range(2 * PER_PAGE + 7)], *PEOPLE)
    found = ListPage(READING, READING.narrow(LegalDocument.objects.all(), query), query)
    assert [row.title for row in found.page] == titles(**query)
    assert found.total == page(**query).total
    assert found.body == page(**query).body
    assert all(row.double == 2 * row.pk for row in found.page)
    assert "note" in found.page[0].get_deferred_fields()


@pytest.mark.parametrize(("rows", "queries"), [(0, 1), (PER_PAGE, 1), (PER_PAGE + 1, 2)])
def test_a_list_of_one_page_is_counted_by_reading_it(rows: int, queries: int) -> None:
    write(*["văn bản"] * rows)
    with CaptureQueriesContext(connection) as asked:
        assert page().total == rows
    assert len(asked) == queries


@pytest.mark.parametrize(
    ("rows", "longer"), [(3 * PER_PAGE - 1, False), (3 * PER_PAGE, False), (4 * PER_PAGE, True)]
)
def test_a_very_long_list_is_counted_up_to_a_limit(
    rows: int, longer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 3 * PER_PAGE)
    write(*[f"văn bản {number:03}" for number in range(rows)])
    found = page(trang="99")
    assert (found.total, found.is_longer) == (min(rows, 3 * PER_PAGE), longer)
    assert found.page.number == found.page.paginator.num_pages == 3
    assert found.page[0].title == page(trang="3").page[0].title == "văn bản 050"


@pytest.mark.parametrize("hits", [0, 3 * PER_PAGE, 5 * PER_PAGE, 6 * PER_PAGE])
def test_a_search_is_counted_by_the_scan_that_finds_it(hits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SOUGHT", 5 * PER_PAGE)
    write(*[f"văn bản {number:03}" for number in range(hits)], *PEOPLE)
    for number in (1, 2, 3, 99):
        query = {"q": "van ban", "trang": str(number)}
        with CaptureQueriesContext(connection) as asked:
            found = ListPage(READING, READING.narrow(LegalDocument.objects.all(), query), query)
        assert (found.total, found.is_longer) == (min(hits, 5 * PER_PAGE), hits > 5 * PER_PAGE)
        place = min(number, found.page.paginator.num_pages) - 1
        wanted = [f"văn bản {one:03}" for one in range(hits)][place * PER_PAGE : (place + 1) * PER_PAGE]
        assert [row.title for row in found.page] == wanted
        assert len(asked) <= 2


def test_a_filter_within_another_is_offered_once_that_one_is_chosen() -> None:
    numbers = Filter(
        "so",
        "Số",
        lambda kind: LegalDocument.objects.filter(kind=kind).values_list("number", "number"),
        lambda rows, value: rows.filter(number=value),
        within="loai",
    )
    narrow = replace(LIST, filters=[*LIST.filters, numbers])
    write("Luật", "Bộ luật", kind="law")
    write("Nghị định", kind="decree")

    def offered(query: dict[str, str]) -> tuple[list[str], int]:
        found = ListPage(narrow, narrow.narrow(LegalDocument.objects.all(), query), query)
        return [
            f"{choice['name']} {choice['options'].count('<option')}" for choice in found.choices
        ], found.total

    kinds = f"loai {len(LegalDocument.Kind.choices)}"
    assert offered({}) == ([kinds], 3)
    assert offered({"loai": "law"}) == ([kinds, "so 2"], 2)
    assert offered({"loai": "law", "so": "2/QĐ"}) == ([kinds, "so 2"], 1)
    assert offered({"so": "2/QĐ"}) == ([kinds], 3)
    assert offered({"loai": "decree", "so": "2/QĐ"}) == ([kinds, "so 1"], 1)
