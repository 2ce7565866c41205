"""A unit that ended during the year: who goes on with its sheet, and where its achievements count (docs/adr/0008)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import CampaignYear, Criterion
from campaigns.queries import open_calendar
from core.workflow import Refused
from organization.actions import merge_units, split_unit
from organization.models import Posting, Unit, User
from scoring.actions import achievements, appraisal
from scoring.actions import sheets as actions
from scoring.models import Achievement, Scorecard
from scoring.queries import tasks_of
from scoring.queries.counting import confirmed_quantities
from tests.cast import fresh

Find = Callable[..., Any]
DAY, BASIS = date(2025, 6, 1), "12/QĐ-SNV"


@pytest.fixture
def done_together(
    campaign_year: CampaignYear, criteria: dict[str, Criterion], clerk: User, head: User
) -> Achievement:
    """A confirmed achievement of Phòng CCHC, reported before it was merged."""
    made = achievements.start(campaign_year, by=clerk, collective=True)
    facts = {"title": "Một cửa liên thông", "criterion": criteria["1.1"], "happened_on": date(2025, 4, 2)}
    achievements.save(made, by=clerk, values={**facts, "quantity": Decimal(2), "result": "Đã áp dụng."})
    achievements.submit(made, by=clerk)
    achievements.confirm(made, by=head)
    return made


@pytest.fixture
def merged(units: dict[str, Unit], office: User) -> Callable[..., None]:
    """Phòng CCHC goes into Phòng TCCB."""

    def merge(day: date = DAY) -> None:
        merge_units([units["cchc"]], into=units["tccb"], on=day, basis=BASIS, by=office)

    return merge


def counted(year: CampaignYear, unit: Unit) -> list[Achievement]:
    found = confirmed_quantities(
        year, Unit.objects.get(pk=unit.pk), None, year.criteria_sets.get(state="in_use")
    )
    return [one for _, behind in found.values() for one in behind]


def test_the_successor_goes_on_with_the_sheet(
    sheet_of: Find, led_to: Find, merged: Find, cast: dict[str, User], units: dict[str, Unit],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    sheet = sheet_of(units["cchc"])
    merged()
    writer, boss = fresh(cast["appraiser"]), fresh(cast["council_member"])  # people of Phòng TCCB
    assert any("Phòng Cải cách hành chính" in task.detail for task in tasks_of(writer, open_calendar()))
    url = reverse("scoring:scorecard_detail", args=[sheet.pk])
    assert "Nộp phiếu cho thủ trưởng" in client_of(writer).get(url).content.decode()
    assert client_of(cast["stranger"]).get(url).status_code == 404
    led_to(sheet, "submitted", by=writer)
    assert sheet.approving_unit == units["tccb"]
    with pytest.raises(Refused):
        actions.approve(sheet, by=fresh(cast["stranger_head"]))
    actions.approve(sheet, by=boss)
    assert sheet.unit_name == "Phòng Cải cách hành chính"
    with pytest.raises(Refused, match="không có quyền"):  # an appraiser, but the sheet is his unit's now
        appraisal.appraise(sheet, by=writer)
    appraisal.appraise(sheet, by=cast["office"])


def test_what_the_unit_did_counts_for_its_successor(
    done_together: Achievement, merged: Find, campaign_year: CampaignYear, units: dict[str, Unit],
    sheet_of: Find, led_to: Find, cast: dict[str, User],
) -> None:  # fmt: skip
    assert counted(campaign_year, units["tccb"]) == []
    merged()
    assert counted(campaign_year, units["tccb"]) == [done_together]
    assert counted(campaign_year, units["cchc"]) == [done_together]
    assert counted(campaign_year, units["ttlt"]) == []
    assert done_together in Achievement.objects.visible_to(fresh(cast["appraiser"]))
    sheet = led_to(
        sheet_of(units["tccb"]), "submitted", by=fresh(cast["appraiser"]), c1_2={"inputs": {"count": "0"}}
    )
    actions.approve(sheet, by=fresh(cast["council_member"]))
    with pytest.raises(Refused, match="Phòng Tổ chức cán bộ đã được thủ trưởng duyệt"):
        achievements.reopen(done_together, by=cast["office"], flags={"title": "Sai tên"})


def test_a_merger_of_the_next_year_changes_nothing_in_this_one(
    done_together: Achievement, merged: Find, campaign_year: CampaignYear, units: dict[str, Unit]
) -> None:
    merged(date(2026, 1, 1))
    assert counted(campaign_year, units["tccb"]) == []
    assert counted(campaign_year, units["cchc"]) == [done_together]


def test_after_a_division_every_successor_writes_and_nobody_gets_the_achievements(
    done_together: Achievement, sheet_of: Find, fill: Find, office: User, cast: dict[str, User],
    campaign_year: CampaignYear, units: dict[str, Unit],
) -> None:  # fmt: skip
    sheet = sheet_of(units["cchc"])
    people = Posting.objects.current().filter(unit=units["cchc"]).values_list("person_id", flat=True)
    homes = dict.fromkeys(people, units["tccb"])
    into = [units["tccb"], units["ttlt"]]
    split_unit(units["cchc"], into=into, placements=homes, on=DAY, basis=BASIS, by=office)
    for part in ("clerk", "appraiser", "stranger"):
        assert sheet in Scorecard.objects.visible_to(fresh(cast[part]))
    assert sheet not in Scorecard.objects.visible_to(fresh(cast["technician"]))
    assert counted(campaign_year, units["tccb"]) == counted(campaign_year, units["ttlt"]) == []
    fill(sheet, fresh(cast["stranger"]))
    actions.submit(sheet, by=fresh(cast["stranger"]))
    assert sheet.approving_unit == units["so"]
    actions.approve(sheet, by=cast["director"])


def test_a_person_without_account_is_written_for_in_the_new_unit(
    sheet_of: Find, fill: Find, merged: Find, cast: dict[str, User]
) -> None:
    sheet = sheet_of(cast["colleague"])
    cast["colleague"].person.__class__.objects.filter(pk=sheet.person_id).update(user=None)
    merged()
    fill(Scorecard.objects.get(pk=sheet.pk), fresh(cast["appraiser"]))


def test_the_chain_goes_on(merged: Find, units: dict[str, Unit], office: User, cast: dict[str, User]) -> None:
    merged()
    merge_units([units["tccb"]], into=units["ttlt"], on=date(2025, 9, 1), basis=BASIS, by=office)
    assert fresh(cast["stranger"]).acting.units == {units[code].pk for code in ("cchc", "tccb", "ttlt")}
    assert fresh(cast["office"]).acting.units == {units["vp"].pk}


def test_a_merger_costs_a_page_one_query(
    sheet_of: Find, merged: Find, units: dict[str, Unit], cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    sheet_of(units["cchc"])
    client, url = client_of(cast["appraiser"]), reverse("scoring:scorecard_list")

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    before = cost()
    merged()
    assert cost() == before + 1
