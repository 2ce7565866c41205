"""What the units' results say about a row of the scheme above: published figures, provisional ones, means and sums."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from campaigns.actions.feeding import feed
from campaigns.actions.schemes import round_of
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Recipient
from organization.models import Unit, User
from scoring.actions import columns
from scoring.models import Scorecard
from scoring.queries.feeding import Source, fed_rows
from scoring.views.grid import Grid
from tests.campaigns.frame_stories import FRAME, written
from tests.scoring.sheets.conftest import publish_all

Find = Callable[..., Any]


@pytest.fixture
def upper(opened: CampaignYear, criteria: dict[str, Any], office: User) -> CriteriaSet:
    """The scheme of the Sở: its 2.1 is fed by the units' 2.1, its group 1 by their group 1."""
    made = written(round_of("cchc-so", 2025, by=office, name="Chỉ số cấp Sở"), FRAME, office)
    Campaign.objects.filter(code="cchc-so").update(state=Campaign.State.LAUNCHED)
    for code, target in (("2.1", "2.1"), ("1", "1")):
        feed(criteria[code], made.criteria.get(code=target), by=office)
    return made


def sources(user: User, upper: CriteriaSet) -> dict[str, Source]:
    _, rows = fed_rows(user, upper.campaign_year)
    return {row.criterion.code: row.sources[0] for row in rows if row.sources}


def of_unit(source: Source, sheet: Scorecard) -> Any:
    return next((one for one in source.figures if one.sheet.pk == sheet.pk), None)


def test_figures_of_a_row_and_of_a_group(upper: CriteriaSet, approved: Scorecard, office: User) -> None:
    found = sources(office, upper)
    row, group = of_unit(found["2.1"], approved), of_unit(found["1"], approved)
    assert (row.score, row.maximum, row.percent, row.is_published) == (18, 20, 90, False)
    assert (group.score, group.maximum, group.percent) == (Decimal("8.5"), 20, Decimal("42.5"))
    one = found["2.1"]
    assert len(one.figures) > 1
    assert (len(one.scored), one.mean, one.score, one.maximum, one.percent) == (1, 18, 18, 20, 90)
    assert one.provisional == 1


def test_means_and_sums_over_several_units(
    upper: CriteriaSet,
    approved: Scorecard,
    sheet_of: Find,
    fill: Find,
    units: dict[str, Unit],
    stranger: User,
    office: User,
) -> None:
    fill(sheet_of(units["ttlt"]), stranger, c2_1={"inputs": {"numerator": "1", "denominator": "2"}})
    one = sources(office, upper)["2.1"]
    assert (len(one.scored), one.mean, one.score, one.maximum, one.percent) == (2, 14, 28, 40, 70)


def test_a_row_that_does_not_apply_counts_nowhere(
    upper: CriteriaSet, approved: Scorecard, line_of: Find, office: User
) -> None:
    columns.exclude(line_of(approved, "2.1"), by=office, reason="Không có hồ sơ")
    one = sources(office, upper)["2.1"]
    figure = of_unit(one, approved)
    assert (figure.is_excluded, figure.score, one.mean, one.percent) == (True, None, None, None)


def test_provisional_figures_are_for_those_who_may_see_the_sheet(
    upper: CriteriaSet, approved: Scorecard, clerk: User, stranger: User, office: User
) -> None:
    assert of_unit(sources(clerk, upper)["2.1"], approved).score == 18
    assert of_unit(sources(stranger, upper)["2.1"], approved) is None
    assert of_unit(sources(office, upper)["2.1"], approved).score == 18


def test_published_figures_stand_also_while_a_sheet_is_open_again(
    upper: CriteriaSet, sheet_of: Find, led_to: Find, line_of: Find, units: dict[str, Unit], clerk: User, head: User,
    office: User, stranger: User,
) -> None:  # fmt: skip
    sheet = led_to(sheet_of(units["cchc"]), "appraised", by=clerk, head=head, appraiser=office)
    publish_all(sheet.campaign_year, Recipient.COLLECTIVE, office)
    figure = of_unit(sources(stranger, upper)["2.1"], sheet)
    assert (figure.score, figure.maximum, figure.is_published, figure.is_readable) == (18, 20, True, False)
    source = sources(stranger, upper)["2.1"]
    assert (source.unnamed, [one for one in source.readable if one.score is not None]) == (1, [])
    Scorecard.objects.filter(pk=sheet.pk).update(state=Scorecard.State.RETURNED)
    line = line_of(sheet, "2.1")
    line.self_score = line.appraised_score = line.approved_score = Decimal(3)
    line.save()
    figure = of_unit(sources(stranger, upper)["2.1"], sheet)
    assert (figure.score, figure.is_published) == (18, True)


def test_the_page_and_the_link_from_the_sheet(
    upper: CriteriaSet,
    approved: Scorecard,
    units: dict[str, Unit],
    office: User,
    stranger: User,
    clerk: User,
    client_of: Find,
) -> None:
    year = upper.campaign_year
    address = reverse("scoring:feeding", args=[year.pk])
    page = client_of(office).get(address)
    assert [row.criterion.code for row in page.context["rows"]] == ["1", "2.1"]
    assert (page.context["fed"], page.context["unfed"]) == (2, 2)
    assert "90,00 %" in page.content.decode()
    assert len(client_of(office).get(f"{address}?tat-ca=1").context["rows"]) == len(FRAME)
    Campaign.objects.filter(code="cchc-so").update(state=Campaign.State.DRAFT)
    assert client_of(stranger).get(address).status_code == 404
    sheet = Scorecard.objects.create(
        campaign_year=year, criteria_set=upper, unit=units["cchc"], unit_name="Phòng CCHC"
    )
    for criterion in upper.criteria.filter(is_leaf=True):
        sheet.lines.create(criterion=criterion)
    grid = Grid(Scorecard.objects.select_related("campaign_year__campaign").get(pk=sheet.pk), office)
    links = {row.code: row.feeding_at for row in grid.rows if row.feeding_at}
    assert links == {"2.1": f"{address}#c{upper.criteria.get(code='2.1').pk}"}
    body = client_of(office).get(reverse("scoring:scorecard_detail", args=[sheet.pk])).content.decode()
    assert "Số liệu cấp dưới" in body


def test_a_round_without_a_table_is_not_found(opened: CampaignYear, office: User, client_of: Find) -> None:
    year = round_of("trong", 2025, by=office)
    assert client_of(office).get(reverse("scoring:feeding", args=[year.pk])).status_code == 404
    page = client_of(office).get(reverse("scoring:feeding", args=[opened.pk]))
    assert "Chưa có dòng nào của bộ chỉ số cấp dưới" in page.content.decode()


def test_the_page_asks_as_often_for_many_units_and_rows(
    upper: CriteriaSet,
    approved: Scorecard,
    criteria: dict[str, Any],
    client_of: Find,
    office: User,
    assert_same_queries: Find,
) -> None:
    year = approved.campaign_year
    elsewhere = CampaignYear.objects.create(campaign=year.campaign, year=2030)
    others = Scorecard.objects.filter(campaign_year=year, person__isnull=True).exclude(pk=approved.pk)
    away = list(others.values_list("pk", flat=True))
    Scorecard.objects.filter(pk__in=away).update(campaign_year=elsewhere)

    def grow() -> None:
        Scorecard.objects.filter(pk__in=away).update(campaign_year=year)
        for code in ("1.1", "2.3"):
            feed(criteria[code], upper.criteria.get(code="1.2"), by=office)

    assert_same_queries(client_of(office), reverse("scoring:feeding", args=[upper.campaign_year_id]), grow)
