"""A round from above: the matrix, progress and losses show the numbers of the sheets, to those who may see them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.actions import rounds
from campaigns.models import CampaignYear, Deadline, Stage
from core import clock
from organization.models import Unit, User
from scoring.actions import columns
from scoring.calculations import losses
from scoring.models import Scorecard

Find = Callable[..., Any]


def test_losses_are_ordered_and_add_up_to_all_that_was_lost() -> None:
    rows = losses(
        [("a", Decimal(10), Decimal(9)), ("b", Decimal(10), Decimal(7)), ("c", Decimal(5), Decimal(6))]
    )
    assert [(row.key, row.lost, row.share, row.running) for row in rows] == [
        ("b", 3, 75, 75),
        ("a", 1, 25, 100),
        ("c", 0, 0, 100),
    ]
    assert [row.before for row in rows] == [0, 75, 100]
    assert losses([("a", Decimal(1), Decimal(1))])[0].share == 0


def test_the_matrix_of_fields_and_of_one_field(
    approved: Scorecard, line_of: Find, client_of: Find, office: User, clerk: User, stranger: User
) -> None:
    address = f"/cham-diem/dot/{approved.campaign_year_id}/ma-tran/"
    page = client_of(office).get(address)
    cells = page.context["matrix"].cells[approved.pk]
    assert [(fact.score, fact.maximum) for _, fact in cells] == [(Decimal("8.5"), 20), (28, 30)]
    top = page.context["tops"][1]
    columns.exclude(line_of(approved, "2.3"), by=office, reason="Không có hồ sơ")
    page = client_of(office).get(f"{address}?linh-vuc={top.pk}")
    (line, one), (_, other) = page.context["matrix"].cells[approved.pk]
    assert (one.score, one.maximum, line) == (18, 20, line_of(approved, "2.1").pk)
    assert other.is_excluded
    body = page.content.decode()
    assert f'href="/cham-diem/phieu/{approved.pk}/#r{line}">18</a>' in body
    assert "KAD" in body
    own = client_of(clerk).get(address).context["matrix"]
    assert {sheet.unit.code for sheet in own.sheets} == {"cchc"}
    assert {sheet.unit.code for sheet in client_of(stranger).get(address).context["matrix"].sheets} == {
        "ttlt"
    }


def test_a_unit_that_nobody_has_scored_has_no_total_instead_of_none(
    approved: Scorecard, sheet_of: Find, units: dict[str, Unit], client_of: Find, office: User
) -> None:
    blank = sheet_of(units["ttlt"])
    body = client_of(office).get(f"/cham-diem/dot/{approved.campaign_year_id}/ma-tran/").content.decode()
    row = next(row for row in body.split("<tr>") if f"/phieu/{blank.pk}/" in row)
    assert 'data-label="Tổng">–<' in row
    assert 'data-label="Chỉ số">–<' in row
    assert 'data-label="Chỉ số">73,00<' in body


def test_a_round_without_sheets_says_so_to_who_runs_it(
    approved: Scorecard, client_of: Find, office: User, clerk: User
) -> None:
    campaign = approved.campaign_year.campaign
    empty = CampaignYear.objects.create(campaign=campaign, year=2031, state=CampaignYear.State.OPEN)
    for page in ("ma-tran", "tien-do", "mat-diem"):
        address = f"/cham-diem/dot/{empty.pk}/{page}/"
        assert "Mở phiếu rồi quay lại" in client_of(office).get(address).content.decode()
        assert client_of(clerk).get(address).status_code == 404


def test_the_matrix_asks_the_same_questions_however_many_units_there_are(
    approved: Scorecard, client_of: Find, office: User, assert_same_queries: Find
) -> None:
    year, client = approved.campaign_year, client_of(office)
    elsewhere = CampaignYear.objects.create(campaign=year.campaign, year=2030)
    others = Scorecard.objects.filter(campaign_year=year, person__isnull=True).exclude(pk=approved.pk)
    away = list(others.values_list("pk", flat=True))
    Scorecard.objects.filter(pk__in=away).update(campaign_year=elsewhere)
    address = f"/cham-diem/dot/{year.pk}/ma-tran/"
    top = client.get(address).context["tops"][0]

    def grow() -> None:
        Scorecard.objects.filter(pk__in=away).update(campaign_year=year)

    assert_same_queries(client, f"{address}?linh-vuc={top.pk}", grow)
    assert len(client.get(address).context["matrix"].sheets) == len(away) + 1


def test_progress_names_the_late_first(
    approved: Scorecard, client_of: Find, office: User, units: dict[str, Unit], opened: CampaignYear
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Deadline.objects.filter(campaign_year=opened, stage=Stage.SELF_SCORE).update(due_on=yesterday)
    until = clock.today() + timedelta(days=3)
    rounds.extend(
        opened, by=office, stage=Stage.SELF_SCORE, unit=units["ttlt"], until=until, reason="Bão lụt"
    )
    page = client_of(office).get(f"/cham-diem/dot/{opened.pk}/tien-do/")
    rows = {row.sheet.unit.code: row for row in page.context["rows"]}
    assert page.context["rows"][0].is_late
    assert (rows["ttlt"].days_left, rows["tccb"].days_left) == (3, -1)
    assert (rows["cchc"].done, rows["cchc"].count, rows["ttlt"].done) == (4, 4, 0)
    only = client_of(office).get(f"/cham-diem/dot/{opened.pk}/tien-do/?trang-thai=approved")
    assert [row.sheet.unit.code for row in only.context["rows"]] == ["cchc"]


def test_where_a_unit_lost_its_points(
    approved: Scorecard, client_of: Find, clerk: User, stranger: User, office: User
) -> None:
    page = client_of(clerk).get(f"/cham-diem/phieu/{approved.pk}/mat-diem/")
    assert [(row.criterion.code, row.lost.lost) for row in page.context["rows"]] == [
        ("1.2", 10),
        ("2.1", 2),
        ("1.1", Decimal("1.5")),
    ]
    assert (page.context["whole"], page.context["kept"]) == (Decimal("13.5"), 1)
    assert client_of(stranger).get(f"/cham-diem/phieu/{approved.pk}/mat-diem/").status_code == 404
    whole = client_of(office).get(f"/cham-diem/dot/{approved.campaign_year_id}/mat-diem/")
    assert whole.context["whole"] == Decimal("13.5")
