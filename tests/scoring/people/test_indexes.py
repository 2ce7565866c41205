"""A published index becomes an input of people's scores: fetched, kept with where it comes from, never invented."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import CampaignYear, Criterion
from core.journal import history_of
from core.workflow import Refused
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import sheets
from scoring.actions.indexes import take_indexes, take_indexes_of_round
from scoring.actions.publication import publish, withdraw_publication
from scoring.models import Line, PastResult, Publication, Scorecard
from tests.scoring.people.conftest import NOTE, fill, lead, lines_of, publish_index, unit_index

Find = Callable[..., Any]


@pytest.fixture
def fillers(clerk: User, appraiser: User) -> dict[str, User]:
    return {"cchc": clerk, "tccb": appraiser}


@pytest.fixture
def index_round(units: dict[str, Unit], office: User) -> CampaignYear:
    return unit_index(office, [units["cchc"], units["tccb"]])


@pytest.fixture
def published(
    index_round: CampaignYear, units: dict[str, Unit], office: User, director: User, council_member: User,
    head: User, fillers: dict[str, User],
) -> Publication:  # fmt: skip
    """Phòng CCHC has 87,32 and Phòng TCCB 91,5 in the first quarter."""
    for unit, filler, above in (("cchc", fillers["cchc"], head), ("tccb", fillers["tccb"], council_member)):
        [sheet] = Scorecard.objects.select_related("campaign_year__campaign", "unit", "person").filter(
            campaign_year=index_round, unit=units[unit]
        )
        [line] = lines_of(sheet)
        score = Decimal("87.32" if unit == "cchc" else "91.5")
        line_actions.save_line(line, by=filler, inputs={}, self_score=score)
        sheet.refresh_from_db()
        lead(sheet, by=filler, head=above, appraiser=office)
    return publish(index_round, "collective", by=office, confirmation="CÔNG BỐ")


@pytest.fixture
def opened(leader_round: CampaignYear, office: User) -> CampaignYear:
    sheets.open_sheets(leader_round, by=office)
    return leader_round


def row(sheet: Scorecard, code: str = "2.2") -> Line:
    return next(line for line in lines_of(sheet) if line.criterion.code == code)


def test_the_figure_and_where_it_comes_from(
    published: Publication, opened: CampaignYear, sheet_in: Find, head: User, client_of: Find
) -> None:
    sheet = sheet_in(opened, head)
    page = client_of(head).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert "chỉ số đã công bố là <strong>87,32 %</strong>" in page
    answer = client_of(head).post(f"/cham-diem/phieu/{sheet.pk}/lay-chi-so/", follow=True)
    assert "Đã lấy chỉ số đã công bố vào 1 tiêu chí" in answer.content.decode()
    line = row(sheet)
    assert line.self_score == Decimal("10.1874")  # 87,32 % of 11,6667
    day = timezone.localdate(published.published_at)
    words = f"Chỉ số CCHC cấp phòng – quý I năm 2026, công bố ngày {day:%d/%m/%Y}"
    assert line.inputs == {
        "index": "87.32", "published": "87.32", "source": words, "publication": str(published.pk),
    }  # fmt: skip
    assert words in answer.content.decode()
    assert "lấy chỉ số đã công bố</button>" not in answer.content.decode().lower()
    assert history_of(line)[0].label == "Tự chấm tiêu chí 2.2: – → 10,1874"
    assert take_indexes(sheet_in(opened, head), by=head).changed == 0


def test_all_sheets_of_a_round_at_once(
    published: Publication, opened: CampaignYear, sheet_in: Find, client_of: Find,
    head: User, council_member: User, office: User, clerk: User,
) -> None:  # fmt: skip
    address = f"/cham-diem/lay-chi-so/{opened.pk}/"
    assert client_of(clerk).get(address).status_code == 404
    page = client_of(office).get(address).content.decode()
    assert ("87,32 %" in page, "91,5 %" in page) == (True, True)
    said = client_of(office).post(address, follow=True).content.decode()
    assert "Đã lấy chỉ số vào 3 dòng của 3 phiếu." in said
    assert row(sheet_in(opened, council_member)).self_score == Decimal("10.6750")
    assert row(sheet_in(opened, head)).self_score == Decimal("10.1874")
    assert history_of(opened)[0].verb == "take_indexes"


def test_nothing_published_is_said_and_is_never_nought(
    opened: CampaignYear, sheet_in: Find, head: User, office: User, client_of: Find, units: dict[str, Unit]
) -> None:
    sheet = sheet_in(opened, head)
    assert take_indexes(sheet, by=head).said == ["Trên cổng không có bộ chỉ số mang mã “cchc-phong”."]
    unit_index(office, [units["cchc"]])
    said = "Chỉ số CCHC cấp phòng chưa công bố kết quả của Phòng CCHC cho quý I năm 2026 hoặc kỳ dài hơn của năm 2026."
    assert take_indexes(sheet, by=head).said == [said]
    assert said in client_of(head).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert (row(sheet).self_score, row(sheet).inputs) == (None, {})


def test_a_figure_of_ones_own_is_explained(
    opened: CampaignYear, sheet_in: Find, head: User, office: User, fillers: dict[str, User], director: User,
    units: dict[str, Unit], published: Publication,
) -> None:  # fmt: skip
    sheet = sheet_in(opened, head)
    with pytest.raises(Refused, match="Chỉ số đã công bố là 87,32.*hãy ghi giải trình"):
        line_actions.save_line(row(sheet), by=head, inputs={"index": "90"})
    line_actions.save_line(row(sheet), by=head, inputs={"index": "90"}, note="Hội đồng đã sửa một tiêu chí")
    kept = row(sheet)
    assert (kept.inputs["index"], kept.inputs["published"]) == ("90", "87.32")
    taken = take_indexes_of_round(opened, by=office)
    assert taken.changed == 2  # the others
    assert taken.said == ["Lê Minh Châu, tiêu chí 2.2: giữ số nhập tay (10,5 điểm) vì có giải trình."]
    line_actions.save_line(row(sheet), by=head, inputs={"index": "87.32"})
    assert row(sheet).self_score == Decimal("10.1874")


def test_before_the_publication_a_typed_figure_gives_way_to_it(
    index_round: CampaignYear, opened: CampaignYear, sheet_in: Find, head: User, fillers: dict[str, User],
    units: dict[str, Unit], office: User, client_of: Find,
) -> None:  # fmt: skip
    sheet = sheet_in(opened, head)
    with pytest.raises(Refused, match="Số nhập tay phải có giải trình"):
        line_actions.save_line(row(sheet), by=head, inputs={"index": "80"})
    line_actions.save_line(row(sheet), by=head, inputs={"index": "80"}, note=NOTE)
    page = client_of(head).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert "Số nhập tay, chưa có kết quả công bố" in page
    publish_index(index_round, office, {units["cchc"]: "87.32"}, fillers, head)
    assert take_indexes(sheet_in(opened, head), by=head).changed == 1
    assert (row(sheet).inputs["index"], row(sheet).note) == ("87.32", NOTE)


def test_a_withdrawn_publication_is_told_and_a_new_one_fetched(
    published: Publication, opened: CampaignYear, sheet_in: Find, head: User, office: User, client_of: Find,
    index_round: CampaignYear, units: dict[str, Unit],
) -> None:  # fmt: skip
    sheet = sheet_in(opened, head)
    take_indexes(sheet, by=head)
    withdraw_publication(published, by=office, reason="Sai một dòng")
    page = client_of(head).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert "Lần công bố này đã được mở lại" in page
    assert take_indexes(sheet_in(opened, head), by=head).changed == 0
    assert row(sheet).self_score == Decimal("10.1874")  # nothing is emptied
    Line.objects.filter(scorecard__campaign_year=index_round, scorecard__unit=units["cchc"]).update(
        appraised_score=Decimal(85)
    )
    Scorecard.objects.filter(campaign_year=index_round, unit=units["cchc"]).update(result_total=85)
    again = publish(index_round, "collective", by=office, confirmation="CÔNG BỐ")
    assert take_indexes(sheet_in(opened, head), by=head).changed == 1
    assert (row(sheet).inputs["index"], row(sheet).inputs["publication"]) == ("85", str(again.pk))


def test_only_while_the_sheet_is_filled_and_only_who_fills_it(
    published: Publication, opened: CampaignYear, sheet_in: Find, head: User, director: User, clerk: User,
    stranger: User, client_of: Find,
) -> None:  # fmt: skip
    sheet = sheet_in(opened, head)
    address = f"/cham-diem/phieu/{sheet.pk}/lay-chi-so/"
    assert client_of(stranger).post(address).status_code == 404
    with pytest.raises(Refused, match="không có quyền"):
        take_indexes(sheet, by=director)
    take_indexes(sheet, by=head)
    fill(sheet, head, r2_2={"index": "87.32"}, r2_3={"trienkhai": "100", "doanket": "100"})
    sheets.submit(sheet, by=head)
    with pytest.raises(Refused, match="Chờ thủ trưởng duyệt"):
        take_indexes(sheet, by=head)
    page = client_of(director).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert "87,32 % (Chỉ số CCHC cấp phòng – quý I năm 2026" in page


def test_a_month_takes_the_quarter_around_it_but_no_other_year(
    opened: CampaignYear, sheet_in: Find, head: User, office: User, units: dict[str, Unit],
    published: Publication,
) -> None:  # fmt: skip
    for year, period, expected in (
        (2026, "m02", ["87.32"]),
        (2026, "h1", [None]),
        (2026, "m04", [None]),
        (2025, "q1", [None]),
    ):
        CampaignYear.objects.filter(pk=opened.pk).update(year=year, period=period)
        sheet = sheet_in(opened, head)
        taken = take_indexes(sheet, by=head)
        assert ([row(sheet).inputs.get("index")], bool(taken.said)) == (expected, expected == [None])
        Line.objects.filter(scorecard=sheet).update(inputs={}, self_score=None)


def test_the_mean_of_the_units_below_and_results_from_a_file(
    staff_round: CampaignYear, sheet_in: Find, clerk: User, office: User, units: dict[str, Unit],
    index_round: CampaignYear, published: Publication, leader_round: CampaignYear, head: User,
) -> None:  # fmt: skip
    """For who leads the whole Sở; a table published before the portal counts where nothing else is published."""
    Criterion.objects.filter(criteria_set__campaign_year=leader_round, code="2.2").update(
        params={"max": "11.6667", "scheme": "cchc-phong", "whose": "below"}
    )
    sheets.open_sheets(leader_round, by=office)
    Scorecard.objects.filter(campaign_year=leader_round, person=head.person).update(unit=units["so"])
    sheet = sheet_in(leader_round, head)
    take_indexes(sheet, by=head)
    assert row(sheet).inputs["index"] == "89.41"
    assert (
        row(sheet).inputs["source"].startswith("bình quân 2 đơn vị, Chỉ số CCHC cấp phòng – quý I năm 2026")
    )
    withdraw_publication(published, by=office, reason="Sai")
    PastResult.objects.create(
        campaign_year=index_round, position=1, unit_name="Phòng CCHC", unit=units["cchc"],
        index=Decimal("70.5"), published_index=Decimal("71"),
    )  # fmt: skip
    take_indexes(sheet_in(leader_round, head), by=head)
    assert row(sheet).inputs["index"] == "71"
    assert "nạp từ kết quả đã công bố" in row(sheet).inputs["source"]


def test_the_same_questions_however_many_sheets(
    published: Publication, opened: CampaignYear, office: User, client_of: Find, assert_same_queries: Find
) -> None:
    some = list(Scorecard.objects.filter(campaign_year=opened).order_by("pk")[1:])
    Scorecard.objects.filter(pk__in=[one.pk for one in some]).update(state="approved")

    def grow() -> None:
        Scorecard.objects.filter(campaign_year=opened).update(state="draft")

    assert_same_queries(client_of(office), f"/cham-diem/lay-chi-so/{opened.pk}/", grow)


def test_a_round_without_such_a_row_says_so(
    staff_round: CampaignYear, office: User, clerk: User, sheet_in: Find
) -> None:
    sheets.open_sheets(staff_round, by=office)
    with pytest.raises(Refused, match="Không có tiêu chí nào lấy theo chỉ số"):
        take_indexes(sheet_in(staff_round, clerk), by=clerk)
    with pytest.raises(Refused, match="ở phiếu nào đang chấm"):
        take_indexes_of_round(staff_round, by=office)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        take_indexes_of_round(staff_round, by=clerk)
