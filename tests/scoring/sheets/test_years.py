"""So sánh các năm: what was published stands side by side, and rows only for who may read them."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from campaigns.models import CampaignYear, CriteriaSet, Criterion, Recipient
from organization.models import Unit, User
from scoring.models import Line, PastResult, Publication, Result, Scorecard
from tests.cast import build_criteria
from tests.scoring.sheets.conftest import publish_all

Find = Callable[..., Any]
D = Decimal


def years_page(sheet: Scorecard, query: str = "") -> str:
    return f"/cham-diem/phieu/{sheet.pk}/cac-nam/{query}"


def block_page(campaign_year: CampaignYear, query: str = "") -> str:
    return f"/cham-diem/xep-hang/{campaign_year.pk}/cac-nam/{query}"


@pytest.fixture
def appraised(
    sheet_of: Find, led_to: Find, units: dict[str, Unit], clerk: User, head: User, office: User
) -> Scorecard:
    """Phòng CCHC in 2025: 8,5 + 0 + 18 + 10 of 50."""
    return led_to(sheet_of(units["cchc"]), "appraised", by=clerk, head=head, appraiser=office)


@pytest.fixture
def year_before(appraised: Scorecard, office: User) -> CampaignYear:
    """2024, published by the portal: 7 of 10, 10 of 10, 14 of 20 and 8 of 8; the criteria are the same but for 2.3."""
    return publish_year(appraised, 2024, {"1.1": "7", "1.2": "10", "2.1": "14", "2.3": "8"}, office, rank=3)


def publish_year(now: Scorecard, year: int, scores: dict[str, str], by: User, rank: int) -> CampaignYear:
    here = now.campaign_year
    then = CampaignYear.objects.create(campaign=here.campaign, year=year, state="closed")
    made = build_criteria(then)
    Criterion.objects.filter(criteria_set=made, code="2.3").update(max_score=8)
    sheet = Scorecard.objects.create(
        campaign_year=then, criteria_set=made, unit=now.unit, unit_name=now.unit_name, state="published"
    )
    rows = [
        {"criterion": one.pk, "code": one.code, "name": one.name, "max": str(one.max_score), "self": scores[one.code],
         "approved": scores[one.code], "appraised": scores[one.code], "second": None, "final": None, "office": None}
        for one in made.criteria.filter(code__in=scores)
    ]  # fmt: skip
    tops = {one.code: one.pk for one in made.criteria.filter(level=1)}
    total = sum(map(D, scores.values()), D(0))
    publication = Publication.objects.create(campaign_year=then, recipient="collective", published_by=by)
    Result.objects.create(
        publication=publication,
        scorecard=sheet,
        score=total,
        applicable_max=48,
        index=round(total / 48 * 100, 2),
        components={str(tops["1"]): ["17", "20"], str(tops["2"]): ["22", "28"]},
        band="Tốt",
        rank=rank,
        frozen={"criteria_set": made.pk, "lines": rows},
    )
    return then


def past(
    campaign_year: CampaignYear, unit: Unit | None, name: str, index: str, rank: int, place: int = 1
) -> None:
    PastResult.objects.create(
        campaign_year=campaign_year,
        position=place,
        unit_name=name,
        unit=unit,
        index=D(index),
        rank=rank,
        band="Khá",
    )


# --- one unit ----------------------------------------------------------------------------------------
def test_index_rank_class_and_fields_of_every_year(
    appraised: Scorecard, year_before: CampaignYear, client_of: Find, clerk: User, office: User
) -> None:
    first = CampaignYear.objects.create(campaign=appraised.campaign_year.campaign, year=2023, state="closed")
    past(first, appraised.unit, "Phòng CCHC", "66.5", 4)
    CampaignYear.objects.create(campaign=first.campaign, year=2025, period="q1")  # another part of a year
    page = client_of(clerk).get(years_page(appraised))
    figures = {row["label"]: (row["cells"], row["change"]) for row in page.context["figures"]}
    assert figures["Chỉ số (%)"] == (["66,50", "81,25", "73,00"], "−8,25")
    assert figures["Xếp hạng"] == (["4", "3", ""], "")
    assert figures["Xếp loại"][0] == ["Khá", "Tốt", ""]
    assert figures["Điểm đạt"] == (["", "39,00", "36,50"], "−2,50")
    assert [(row["label"][:2], row["cells"], row["change"]) for row in page.context["fields"]] == [
        ("1.", ["", "85,00", "42,50"], "−42,50"),
        ("2.", ["", "78,57", "93,33"], "+14,76"),
    ]
    text = page.content.decode()
    assert "nạp từ tệp" in text
    assert "chưa công bố" in text
    publish_all(appraised.campaign_year, Recipient.COLLECTIVE, office)
    page = client_of(clerk).get(years_page(appraised))
    assert [row["cells"][-1] for row in page.context["figures"][-2:]] == ["1", "Khá"]
    assert "chưa công bố" not in page.content.decode()


def test_row_by_row_with_the_difference(
    appraised: Scorecard, year_before: CampaignYear, line_of: Find, client_of: Find, clerk: User
) -> None:
    page = client_of(clerk).get(years_page(appraised))
    rows = [
        (row["criterion"].code, *[text for _, text in row["cells"]], row["change"])
        for row in page.context["rows"]
    ]
    assert rows == [
        ("1.1", "7/10", "8,5/10", "+1,5"),
        ("1.2", "10/10", "0/10", "−10"),
        ("2.1", "14/20", "18/20", "+4"),
        ("2.3", "8/8", "10/10", "0 % tối đa"),
    ]
    changed = client_of(clerk).get(years_page(appraised, "?dong=doi")).context
    assert [row["criterion"].code for row in changed["rows"]] == ["1.1", "1.2", "2.1"]
    Line.objects.filter(pk=line_of(appraised, "1.2").pk).update(is_excluded=True)
    page = client_of(clerk).get(years_page(appraised))
    assert ("2025", "không áp dụng") in [(w[-4:], text) for w, text in page.context["rows"][1]["cells"]]
    assert page.context["rows"][1]["change"] == ""


def test_rows_are_the_same_by_lineage_not_by_code(
    appraised: Scorecard, year_before: CampaignYear, client_of: Find, clerk: User
) -> None:
    lineage = uuid4()
    old = Criterion.objects.filter(criteria_set__campaign_year=year_before)
    new = Criterion.objects.filter(criteria_set=appraised.criteria_set)
    old.filter(code="1.1").update(lineage=lineage, code="1.9")
    new.filter(code="2.1").update(lineage=lineage)
    rows = [
        (row["criterion"].code, [text for _, text in row["cells"]])
        for row in client_of(clerk).get(years_page(appraised)).context["rows"]
    ]
    assert rows == [
        ("1.1", ["không có", "8,5/10"]),
        ("1.2", ["10/10", "0/10"]),
        ("2.1", ["7/10", "18/20"]),
        ("2.3", ["8/8", "10/10"]),
        ("2.1", ["14/20", "không có"]),
    ]


def test_strangers_and_rows_that_are_not_theirs(
    appraised: Scorecard,
    year_before: CampaignYear,
    client_of: Find,
    stranger: User,
    stranger_head: User,
    clerk: User,
) -> None:
    for user in (stranger, stranger_head):
        assert client_of(user).get(years_page(appraised)).status_code == 404
    own = Scorecard.objects.get(person=stranger.person)
    assert client_of(clerk).get(years_page(own)).status_code == 404
    assert "Chưa có kỳ nào" in client_of(stranger).get(years_page(own)).content.decode()


# --- the block ---------------------------------------------------------------------------------------
def test_the_block_through_the_years(
    appraised: Scorecard,
    year_before: CampaignYear,
    client_of: Find,
    office: User,
    stranger: User,
    units: dict[str, Unit],
) -> None:
    first = CampaignYear.objects.create(campaign=appraised.campaign_year.campaign, year=2023, state="closed")
    past(first, appraised.unit, "Phòng CCHC cũ", "66.5", 2)
    past(first, None, "Ban Dân tộc", "90", 1, place=2)
    page = client_of(stranger).get(block_page(appraised.campaign_year))
    assert [one.year for one in page.context["table"].rounds] == [2023, 2024]
    rows = {row["name"]: [(s.index, s.rank) for _, s in row["stands"]] for row in page.context["rows"]}
    assert rows == {
        appraised.unit_name: [(D("66.5"), 2), (D("81.25"), 3)],
        "Ban Dân tộc": [(D(90), 1), (None, None)],
    }
    first_row = page.context["rows"][0]
    assert (first_row["change"], first_row["climb"], first_row["sheet"]) == ("+14,75", "xuống 1", None)
    early = client_of(office).get(block_page(appraised.campaign_year))
    assert early.context["table"].provisional == appraised.campaign_year
    newest = early.context["rows"][0]
    assert (newest["stands"][-1][1].rank, newest["climb"]) == (1, "")  # others are still to come
    assert newest["sheet"] == appraised.pk
    assert "Tạm tính" in early.content.decode()
    assert "Tạm tính" not in page.content.decode()
    book = load_workbook(BytesIO(client_of(stranger).get(block_page(first, "?xuat=xlsx")).content)).active
    assert [cell.value for cell in book[4]][:3] == ["Đơn vị", "Chỉ số năm 2023", "Hạng năm 2023"]
    assert [cell.value for cell in book[5]] == [
        appraised.unit_name, 66.5, 2, "Khá", 81.25, 3, "Tốt", 14.75, "xuống 1"
    ]  # fmt: skip


def test_people_through_the_years_and_an_empty_block(
    ranked: CampaignYear, client_of: Find, office: User, stranger: User, clerk: User
) -> None:
    assert "Chưa có kỳ nào" in client_of(stranger).get(block_page(ranked)).content.decode()
    publish_all(ranked, Recipient.INDIVIDUAL, office)
    page = client_of(clerk).get(block_page(ranked, "?doi-tuong=individual"))
    assert {row["name"]: bool(row["sheet"]) for row in page.context["rows"]} == {
        "Nguyễn Văn An": True,
        "Trần Thị Bình": False,
    }
    assert client_of(clerk).get("/cham-diem/xep-hang/987654/cac-nam/").status_code == 404


def test_queries_grow_neither_with_years_nor_with_units(
    appraised: Scorecard,
    year_before: CampaignYear,
    client_of: Find,
    office: User,
    assert_same_queries: Find,
    units: dict[str, Unit],
) -> None:
    made = iter([2023, 2022, 2021, 2020])

    def grow() -> None:
        for _ in range(2):
            then = publish_year(appraised, next(made), {"1.1": "7", "2.1": "14"}, office, rank=3)
            past(
                CampaignYear.objects.create(campaign=then.campaign, year=then.year - 20),
                units["ttlt"],
                "A",
                "9",
                9,
            )

    client = client_of(office)
    assert_same_queries(client, years_page(appraised), grow)
    assert_same_queries(client, block_page(appraised.campaign_year), grow)


# --- links and files ---------------------------------------------------------------------------------
def test_the_pages_lead_to_each_other(
    appraised: Scorecard, client_of: Find, clerk: User, office: User
) -> None:
    sheet_page = client_of(clerk).get(f"/cham-diem/phieu/{appraised.pk}/").content.decode()
    assert years_page(appraised) in sheet_page
    assert f"/cham-diem/phieu/{appraised.pk}/thu-diem/" in sheet_page
    publish_all(appraised.campaign_year, Recipient.COLLECTIVE, office)
    result = Result.objects.get(scorecard=appraised)
    page = client_of(clerk).get(f"/cham-diem/ket-qua/{result.pk}/").content.decode()
    for extension in ("docx", "pdf", "xlsx"):
        assert f"/cham-diem/phieu/{appraised.pk}/phieu-ket-qua/{extension}/" in page
    assert years_page(appraised) in page
    assert (
        block_page(appraised.campaign_year) in client_of(clerk).get("/cham-diem/xep-hang/").content.decode()
    )
    Scorecard.objects.filter(pk=appraised.pk).update(state="approved")
    reopened = client_of(clerk).get(f"/cham-diem/ket-qua/{result.pk}/").content.decode()
    assert "phieu-ket-qua" not in reopened


def test_the_matrix_as_a_sheet(
    appraised: Scorecard,
    line_of: Find,
    client_of: Find,
    office: User,
    clerk: User,
    sheet_of: Find,
    units: dict[str, Unit],
) -> None:
    CriteriaSet.objects.filter(pk=appraised.criteria_set_id).update(title="=1+1")
    address = f"/cham-diem/dot/{appraised.campaign_year_id}/ma-tran/"
    page = client_of(office).get(address)
    assert "xuat=xlsx" in page.content.decode()
    shown = page.context["matrix"]

    def table(user: User, query: str) -> list[list[Any]]:
        book = load_workbook(BytesIO(client_of(user).get(f"{address}?{query}xuat=xlsx").content)).active
        return [list(row) for row in book.iter_rows(min_row=4, values_only=True)]

    head, *rows = table(office, "")
    assert head == ["Đơn vị", "1. Sáng kiến, giải pháp", "2. Nhiệm vụ cải cách hành chính", "Tổng", "Chỉ số"]
    assert [row[0] for row in rows] == [sheet.unit_name for sheet in shown.sheets]
    assert next(row for row in rows if row[0] == appraised.unit_name)[1:] == [8.5, 28, 36.5, 73]
    Line.objects.filter(pk=line_of(appraised, "2.3").pk).update(is_excluded=True)
    top = page.context["tops"][1]
    head, *rows = table(clerk, f"linh-vuc={top.pk}&cot=tu-cham&")
    assert head[1:] == ["2.1. Hồ sơ giải quyết đúng hạn (tối đa 20)", "2.3. Ban hành kế hoạch (tối đa 10)"]
    assert rows == [[appraised.unit_name, 18, "KAD"]]
