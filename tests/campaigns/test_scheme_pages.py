"""A scheme's file on the pages: what would change is shown, and exactly that is written or nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.actions.criteria import change_criterion
from campaigns.actions.schemes import round_of, write_scheme
from campaigns.models import CampaignYear, CriteriaSet
from campaigns.queries.schemes import facts_of, unit_numbers
from core.journal import history_of
from organization.models import Unit, User
from tests.campaigns.stories import hidden, text_of
from tests.campaigns.test_scheme_files import Rows, book, plan, refused
from tests.campaigns.test_scheme_round_trip import back

pytestmark = pytest.mark.django_db
TABLE: Rows = [
    (1, "1", "Chỉ đạo, điều hành", None),
    (2, "1.1", "Kế hoạch", 2, "all_or_nothing", "", "Bản kế hoạch", "cchc"),
    (2, "1.2", "Báo cáo", 1, "all_or_nothing"),
]


@pytest.fixture
def round_2024(cast: Any, office: User) -> CampaignYear:
    """An index whose table is in use."""
    year = round_of("cchc-so", 2024, by=office, name="Bộ chỉ số cấp Sở")
    write_scheme(year, plan(TABLE), by=office, use=True)
    return year


def upload(client: Client, year: CampaignYear, rows: Rows) -> str:
    file = SimpleUploadedFile("bang.xlsx", book(rows).getvalue())
    sent = client.post(reverse("campaigns:scheme_upload", args=[year.pk]), {"file": file})
    assert sent.status_code == 302
    return str(sent.url)


def confirm(client: Client, address: str, page: Any) -> Any:
    return client.post(address, {"digest": hidden(page, "digest")}, follow=True)


def test_the_preview_names_what_changes(round_2024: CampaignYear, office: User, client_of: Any) -> None:
    client = client_of(office)
    rows = [
        TABLE[0],
        (2, "1.1", "Kế hoạch", 3, "all_or_nothing", "", "Bản kế hoạch"),
        (2, "1.3", "Mới", 1, "typed"),
    ]
    address = upload(client, round_2024, rows)
    page = client.get(address)
    told = {one.criterion.code: (one.kind, one.changes) for one in page.context["outlook"].differences}
    assert told == {
        "1.1": (
            "changed",
            [
                ("Điểm tối đa", "2", "3"),
                ("Cách chấm", "Đạt: 2 điểm; không đạt: 0 điểm.", "Đạt: 3 điểm; không đạt: 0 điểm."),
                ("Đơn vị phụ trách", "Phòng CCHC", ""),
            ],
        ),
        "1.2": ("removed", []),
        "1.3": ("added", []),
    }
    assert "3 thay đổi so với bộ đang áp dụng (phiên bản 1)" in text_of(page)
    assert "Đã nạp thành bản nháp" in text_of(confirm(client, address, page))
    made = CriteriaSet.objects.get(campaign_year=round_2024, state="draft")
    assert (made.version_number, made.title) == (2, "Bộ chỉ số cấp Sở năm 2024")
    assert history_of(made).filter(verb="import", actor=office, comment="bang.xlsx").exists()


def test_a_colleague_s_change_is_never_written_over_unseen(
    round_2024: CampaignYear, office: User, client_of: Any
) -> None:
    client = client_of(office)
    draft = write_scheme(round_2024, plan([*TABLE, (2, "1.3", "Ba", 1, "typed")]), by=office).criteria_set
    address = upload(client, round_2024, [*TABLE, (2, "1.4", "Bốn", 1, "typed")])
    page = client.get(address)
    one = draft.criteria.get(code="1.1")
    change_criterion(
        one, by=office, guidance="Căn cứ văn bản mới", method=one.method, params=one.params, max_score=2
    )
    before = facts_of(draft)
    assert "Hãy xem lại rồi xác nhận" in text_of(confirm(client, address, page))
    assert facts_of(draft) == before
    confirm(client, address, client.get(address))
    assert draft.criteria.filter(code="1.4").exists()


def test_the_same_table_again_offers_nothing_to_write(
    round_2024: CampaignYear, office: User, client_of: Any
) -> None:
    client = client_of(office)
    page = client.get(upload(client, round_2024, TABLE))
    assert "Không có gì để nạp" in text_of(page)
    assert 'name="digest"' not in text_of(page)


def test_who_reaches_the_pages(
    round_2024: CampaignYear, office: User, clerk: User, inspector: User, technician: User, client_of: Any
) -> None:
    address = upload(client_of(office), round_2024, TABLE)
    draft = write_scheme(round_2024, plan([TABLE[0], TABLE[1]]), by=office).criteria_set
    file = reverse("campaigns:scheme_download", args=[draft.pk])
    assert client_of(inspector).get(file).status_code == 200  # reads everything
    assert client_of(inspector).get(address).status_code == 404
    assert client_of(inspector).post(address, {"digest": "x"}).status_code == 404
    for user in (clerk, technician):
        assert client_of(user).get(file).status_code == 404
        assert client_of(user).get(address).status_code == 404
        assert client_of(user).get(reverse("campaigns:scheme_template")).status_code == 404


def test_the_preview_asks_as_often_for_many_rows(
    round_2024: CampaignYear, office: User, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(office)
    many = [TABLE[0], *((2, f"1.{n}", f"Việc {n}", 1, "all_or_nothing", "", "", "cchc") for n in range(60))]
    few, more = upload(client, round_2024, TABLE[:2]), upload(client, round_2024, many)
    client.get(few)
    with django_assert_max_num_queries(40) as asked:
        client.get(few)
    count = len(asked)
    with django_assert_max_num_queries(count):
        client.get(more)


# --- what the pages and the file tell of a row -------------------------------------------------------
def test_a_unit_that_has_closed_stays_in_charge_of_an_old_table(round_2024: CampaignYear) -> None:
    made = CriteriaSet.objects.get(campaign_year=round_2024)
    Unit.objects.filter(code="cchc").update(closed_on="2025-01-01")
    again = back(made)
    assert (again.warnings, [one.facts for one in again.nodes]) == ([], facts_of(made))
    assert "phong cchc" not in unit_numbers()  # by its name nobody gives it new work


def test_figures_without_a_unit_are_rates_or_days_or_times() -> None:
    made = plan(
        [
            (1, "1", "Tỷ lệ", 2, "tiered_threshold", "- >= | 90 | 2\n- >= | 0 | 0"),
            (1, "2", "Chậm", 2, "deduct_graded", "- 1 | 5 | 1\n- 6 | | 2"),
            (1, "3", "Sai sót", 2, "deduct_per_case", "Trừ mỗi lần: 0,5"),
        ]
    )
    assert [one.params.get("measure") for one in made.nodes] == ["%", "ngày", "lần"], made.warnings


def test_one_bad_level_is_one_refusal() -> None:
    assert refused([(1, "1", "Nhóm", None), ("hai", "1.1", "Con", 1, "all_or_nothing")]) == [
        "Dòng 3, cột A “Cấp”: cần số nguyên từ 1 đến 9, đang là “hai”."
    ]
