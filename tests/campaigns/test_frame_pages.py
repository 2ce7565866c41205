"""A frame in and out of Excel, and on the pages."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from campaigns.actions import criteria as acts
from campaigns.actions.schemes import write_scheme
from campaigns.exports import scheme_file
from campaigns.models import CampaignYear, CriteriaSet
from campaigns.queries.frames import frame_faults
from campaigns.queries.schemes import facts_of
from core.workflow import Refused
from organization.models import Unit, User
from tests.campaigns.frame_stories import FRAME, NEWER, codes, table, written
from tests.campaigns.stories import hidden, leaf, post, text_of
from tests.campaigns.test_scheme_files import Rows, plan
from tests.campaigns.test_scheme_pages import upload
from tests.campaigns.test_scheme_round_trip import back


# --- in and out of Excel -----------------------------------------------------------------------------
def test_a_file_keeps_what_is_of_the_frame(framed: CriteriaSet, office: User) -> None:
    again = back(framed)
    assert frame_faults(framed.campaign_year, again.nodes) == []
    assert not write_scheme(framed.campaign_year, again, by=office).is_changed
    before = table(framed)
    more = back(framed)
    more.nodes[2].name = "Việc riêng, tên khác"
    write_scheme(framed.campaign_year, more, by=office)
    assert table(framed) == before
    assert framed.criteria.get(code="1.R").name == "Việc riêng, tên khác"
    text = scheme_file(framed)
    assert b"PK" in text[:2]


OWN: Rows = [(2, "1.R", "Việc riêng", 4, "all_or_nothing")]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (
            [FRAME[0], (2, "1.1", "Kế hoạch", 3, "all_or_nothing"), *OWN, *FRAME[2:]],
            [
                "Dòng 3: thuộc khung nên không đổi được “Điểm tối đa” (2 → 3).",
                "Dòng 3: thuộc khung nên không đổi được “Cách chấm” "
                "(Đạt: 2 điểm; không đạt: 0 điểm. → Đạt: 3 điểm; không đạt: 0 điểm.).",
            ],
        ),
        (
            [FRAME[0], (2, "1.1", "Kế hoạch năm", 2, "all_or_nothing"), *OWN, *FRAME[2:]],
            ["Dòng 3: thuộc khung nên “1.1. Kế hoạch” không đổi được thành “1.1. Kế hoạch năm”."],
        ),
        ([*FRAME[:2], *OWN, *FRAME[3:]], ["Thiếu dòng khung “1.2. Báo cáo”, phải đứng sau dòng 4."]),
        (
            [FRAME[0], FRAME[2], FRAME[1], *FRAME[3:]],
            ["Dòng 4: dòng khung “1.1. Kế hoạch” không đứng theo thứ tự của khung."],
        ),
    ],
)
def test_a_file_that_changes_the_frame_is_refused_with_row_numbers(
    rows: Rows, faults: list[str], framed: CriteriaSet, office: User, client_of: Any
) -> None:
    before = facts_of(framed)
    with pytest.raises(Refused) as refusal:
        write_scheme(framed.campaign_year, plan(rows), by=office)
    assert refusal.value.reasons == faults
    client = client_of(office)
    page = client.get(upload(client, framed.campaign_year, rows))
    assert page.context["plan"].refusals == faults
    assert 'name="digest"' not in text_of(page)
    assert facts_of(framed) == before


def test_the_exported_file_says_which_rows_are_locked(framed: CriteriaSet) -> None:
    sheet = openpyxl.load_workbook(BytesIO(scheme_file(framed))).worksheets[0]
    assert "thuộc khung “Khung của tỉnh năm 2025" in sheet["A2"].value
    grey = {sheet.cell(row, 2).value: sheet.cell(row, 2).fill.fgColor.rgb for row in range(4, 12)}
    assert grey["1.1"].endswith("EDEDED")
    assert not grey["1.R"].endswith("EDEDED")


# --- the pages ---------------------------------------------------------------------------------------
def test_the_office_begins_on_a_frame_looks_and_updates(
    province: CriteriaSet, phong_year: CampaignYear, office: User, client_of: Any
) -> None:
    client = client_of(office)
    assert reverse("campaigns:frame_start", args=[phong_year.pk]) in text_of(
        client.get(reverse("campaigns:year_detail", args=[phong_year.pk]))
    )
    sent = post(client, "frame_start", phong_year.pk, frame=province.pk, title="Bộ của phòng")
    made = CriteriaSet.objects.get(campaign_year=phong_year)
    assert sent.url == reverse("campaigns:criteria_set_detail", args=[made.pk])
    page = text_of(client.get(sent.url))
    assert "5 dòng của khung, 0 dòng riêng" in page
    locked = made.criteria.get(code="1.1")
    assert reverse("campaigns:criterion_remove", args=[locked.pk]) not in page
    newer = written(province.campaign_year, NEWER, office)
    assert "Khung đã có bản mới" in text_of(client.get(sent.url))
    address = reverse("campaigns:frame_detail", args=[made.pk])
    page = client.get(address, {"khung": newer.pk})
    assert "3 thay đổi nếu theo" in text_of(page)
    data = {"khung": newer.pk, "digest": hidden(page, "digest")}
    done = client.post(reverse("campaigns:frame_take", args=[made.pk]), data, follow=True)
    assert "Bản nháp đã theo khung" in text_of(done)
    assert codes(made) == "2 2.1 1 1.1 1.3"
    assert "Bản nháp đã đúng theo khung" in text_of(client.get(address, {"khung": newer.pk}))
    again = client.post(reverse("campaigns:frame_take", args=[made.pk]), data, follow=True)
    assert "Bản nháp đã đúng theo khung" in text_of(again)


def test_the_page_tells_rows_of_the_frame_from_own_ones(
    framed: CriteriaSet, office: User, clerk: User, stranger: User, client_of: Any
) -> None:
    address = reverse("campaigns:frame_detail", args=[framed.pk])
    page = client_of(office).get(address, {"dong": "rieng"})
    assert [row["criterion"].code for row in page.context["rows"]] == ["1.R", "R", "R.1"]
    assert client_of(clerk).get(address).status_code == 404  # a framed
    acts.put_in_use(framed, by=office)
    framed.campaign_year.campaign.__class__.objects.update(state="launched")
    page = client_of(stranger).get(address)
    assert page.status_code == 200
    assert 'name="khung"' not in text_of(page)
    for route in ("frame_take", "frame_leave"):
        assert post(client_of(clerk), route, framed.pk, khung=1).status_code == 404
    assert (
        client_of(clerk).get(reverse("campaigns:frame_start", args=[framed.campaign_year_id])).status_code
        == 404
    )


def test_a_locked_row_s_form_offers_own_matters_alone(
    framed: CriteriaSet, office: User, units: dict[str, Unit], client_of: Any
) -> None:
    one = framed.criteria.get(code="1.1")
    address = reverse("campaigns:criterion_change", args=[one.pk])
    client = client_of(office)
    page = text_of(client.get(address))
    assert "nội dung được khóa" in page
    assert 'name="name"' not in page
    data = {"version": one.version, "name": "Khác", "in_charge": units["cchc"].pk}
    assert client.post(address, data).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.in_charge) == ("Kế hoạch", units["cchc"])


def test_the_office_leaves_on_the_page(framed: CriteriaSet, office: User, client_of: Any) -> None:
    client = client_of(office)
    assert "lý do rời khung" in text_of(post(client, "frame_leave", framed.pk)) or framed.frame
    done = client.post(
        reverse("campaigns:frame_leave", args=[framed.pk]), {"comment": "Theo văn bản 12"}, follow=True
    )
    assert "Đã rời khung" in text_of(done)
    assert "Theo khung</a>" in text_of(done)


def test_the_pages_ask_as_often_for_many_rows(
    framed: CriteriaSet,
    province: CriteriaSet,
    office: User,
    client_of: Any,
    assert_same_queries: Callable[..., None],
) -> None:
    newer = written(province.campaign_year, NEWER, office)
    address = reverse("campaigns:frame_detail", args=[framed.pk]) + f"?khung={newer.pk}"

    def grow() -> None:
        group = framed.criteria.get(code="R")
        for number in range(3):
            acts.add_criterion(framed, by=office, parent=group, **leaf(f"R.{number + 2}", "Riêng", "1"))

    assert_same_queries(client_of(office), address, grow)
