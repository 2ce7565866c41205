"""The ceiling of the highest class, live: who decides sees it unit by unit and for the round; nobody is lowered."""

from collections.abc import Callable
from typing import Any

import pytest

from campaigns.models import CampaignYear
from organization.models import User
from scoring.actions import appraisal, sheets
from scoring.models import Result, Scorecard
from scoring.queries.ceilings import board_of, boards_for
from tests.scoring.people.conftest import fill

Find = Callable[..., Any]
LIST = "/cham-diem/phieu/"


@pytest.fixture
def filled(
    staff_round: CampaignYear, sheet_in: Find, clerk: User, colleague: User, appraiser: User, office: User
) -> CampaignYear:
    """Two of Phòng CCHC hand in a sheet of the highest class, one of Phòng TCCB one of the next lower."""
    sheets.open_sheets(staff_round, by=office)
    for user, points in ((clerk, "28"), (colleague, "22"), (appraiser, "12")):
        sheet = fill(sheet_in(staff_round, user), user, points)
        sheets.submit(sheet, by=user)
    return staff_round


def test_whole_and_unit_by_unit(filled: CampaignYear, units: dict[str, Any]) -> None:
    board = board_of(filled, "individual")
    assert board is not None
    [one] = board.capped
    assert (one.whole.count, one.whole.base_count, one.whole.allowed, one.whole.over) == (2, 1, 0, 2)
    assert [(name, unit.count, unit.over) for name, unit in one.units] == [("Phòng CCHC", 2, 2)]
    assert (board.counted, board.waiting, board.is_over) == (3, 0, True)
    assert board_of(filled, "individual", units=[units["tccb"].pk]).capped[0].units == []  # type: ignore[union-attr]
    assert board_of(filled, "collective") is None


def test_what_is_not_handed_in_does_not_count(filled: CampaignYear, sheet_in: Find, colleague: User) -> None:
    sheets.withdraw(sheet_in(filled, colleague), by=colleague)
    board = board_of(filled, "individual")
    assert board is not None
    assert (board.capped[0].whole.count, board.counted, board.waiting) == (1, 2, 1)


def test_who_sees_it(
    filled: CampaignYear, client_of: Find, head: User, office: User, clerk: User, stranger_head: User,
    council_member: User, director: User,
) -> None:  # fmt: skip
    narrowed = f"{LIST}?nam={filled.pk}"
    for user in (head, office, council_member, director):
        page = client_of(user).get(narrowed).content.decode()
        assert "Hoàn thành xuất sắc: <strong>2</strong>, nhiều nhất <strong>0</strong>" in page, user
        assert "Vượt 2" in page
    for user, told in ((head, True), (office, True), (council_member, False)):
        assert (
            "<li>Phòng CCHC: <strong>2</strong>" in client_of(user).get(narrowed).content.decode()
        ) == told, user
    for user in (clerk, stranger_head):
        assert "Hoàn thành xuất sắc:" not in client_of(user).get(narrowed).content.decode()
        assert boards_for(user, str(filled.pk)) == []
    assert (
        f'Tỷ lệ khống chế xếp loại: <a href="?nam={filled.pk}">'
        in client_of(office).get(LIST).content.decode()
    )
    assert "Tỷ lệ khống chế" not in client_of(clerk).get(LIST).content.decode()
    assert "nhiều nhất" not in client_of(office).get(f"{LIST}?nam=987654").content.decode()


def test_on_the_sheet_that_is_decided_on(
    filled: CampaignYear, sheet_in: Find, client_of: Find, head: User, clerk: User
) -> None:
    sheet = sheet_in(filled, clerk)
    line = sheet.lines.get(criterion__code="1.1")
    page = client_of(head).get(f"{LIST}{sheet.pk}/").content.decode()
    assert "Phiếu này đang ở mức <strong>Hoàn thành xuất sắc</strong>" in page
    assert "Phiếu này đang ở mức" not in client_of(clerk).get(f"{LIST}{sheet.pk}/").content.decode()
    typed = {f"l{line.pk}-version": line.version, f"l{line.pk}-score": "0", f"l{line.pk}-reason": "Vi phạm"}
    saved = client_of(head).post(f"{LIST}{sheet.pk}/dong/{line.pk}/", typed).content.decode()
    assert 'id="khong-che"' in saved
    assert "Phiếu này đang ở mức <strong>Hoàn thành tốt</strong>" in saved
    sheet.refresh_from_db()
    assert sheet.approved_total == 89
    assert "Hoàn thành xuất sắc: <strong>1</strong>" in saved


def test_after_many_were_approved_at_once(filled: CampaignYear, client_of: Find, head: User) -> None:
    mine = Scorecard.objects.filter(campaign_year=filled, state="submitted", unit__code="cchc")
    data = {"chon": [sheet.pk for sheet in mine]} | {f"version_{sheet.pk}": sheet.version for sheet in mine}
    page = client_of(head).post(f"{LIST}duyet/", data).content.decode()
    assert page.count("Đã duyệt</span>") == 2
    assert "Hoàn thành xuất sắc: <strong>2</strong>, nhiều nhất <strong>0</strong>" in page


def test_from_the_first_line_to_the_published_classes(
    filled: CampaignYear, sheet_in: Find, client_of: Find, office: User, head: User, council_member: User,
    clerk: User, colleague: User, appraiser: User, units: dict[str, Any],
) -> None:  # fmt: skip
    """Staff filled, heads approve, the Office appraises and publishes: the ceiling is told on every page and class and
    rank stay what the points say."""
    for user, above in ((clerk, head), (colleague, head), (appraiser, council_member)):
        sheet = sheet_in(filled, user)
        sheets.approve(sheet, by=above)
        appraisal.appraise(sheet, by=office)
    ranking = f"/cham-diem/xep-hang/?nam={filled.pk}&doi-tuong=individual"
    publish = f"/cham-diem/cong-bo/{filled.pk}/individual/"
    for address in (ranking, publish):
        page = client_of(office).get(address).content.decode()
        assert ("Vượt 2" in page, "<li>Phòng CCHC: <strong>2</strong>" in page) == (True, True)
    data = {"confirmation": "CÔNG BỐ", "seen": ""}
    assert client_of(office).post(publish, data).status_code == 302
    classes = Result.objects.order_by("rank").values_list("scorecard__person", "rank", "score", "band")
    assert list(classes) == [
        (clerk.person.pk, 1, 98, "Hoàn thành xuất sắc"),
        (colleague.person.pk, 2, 92, "Hoàn thành xuất sắc"),
        (appraiser.person.pk, 3, 82, "Hoàn thành tốt"),
    ]
    published = client_of(clerk).get(ranking).content.decode()
    assert "Vượt 2" in published
    assert "cổng không tự hạ mức của ai" in published


def test_the_same_questions_however_many_people(
    filled: CampaignYear, client_of: Find, office: User, assert_same_queries: Find
) -> None:
    some = Scorecard.objects.filter(campaign_year=filled)
    some.exclude(pk=some[0].pk).update(state="draft")

    def grow() -> None:
        some.update(state="submitted")

    assert_same_queries(client_of(office), f"{LIST}?nam={filled.pk}", grow)
