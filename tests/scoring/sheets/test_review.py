"""What a reviewer found: flagged lines, sheets without lines, closed years, two versions ranked together."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from campaigns.actions import criteria as criteria_acts
from campaigns.models import CampaignYear, Criterion
from core.workflow import Refused
from organization.actions import delegate, merge_units
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import proofs
from scoring.actions import publication as publishing
from scoring.actions import sheets as actions
from scoring.models import EvidenceDocument, Result, Scorecard
from tests.cast import fresh
from tests.scoring.sheets.conftest import publish_all

Find = Callable[..., Any]


def test_a_document_of_a_line_that_is_not_flagged_stays(
    sheet_of: Find, led_to: Find, line_of: Find, document: EvidenceDocument, clerk: User, head: User
) -> None:
    sheet = sheet_of(clerk)
    link = proofs.attach_evidence(line_of(sheet, "2.2"), document, by=clerk)
    led_to(sheet, "returned", by=clerk, head=head)  # flags the first line only
    with pytest.raises(Refused, match="được đánh dấu"):
        proofs.detach_evidence(link, by=clerk)
    assert sheet.lines.get(criterion__code="2.2").evidence_links.exists()


def test_what_the_head_gave_to_another_score_does_not_stay(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    line_actions.save_approved(line_of(sheet, "1.1"), by=head, score=Decimal(8), reason="Thiếu số liệu")
    actions.withdraw(sheet, by=clerk)
    line_actions.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(6))
    actions.submit(sheet, by=clerk)
    actions.approve(sheet, by=head)
    assert line_of(sheet, "1.1").approved_score == 6


def test_nobody_gets_a_sheet_without_lines(campaign_year: CampaignYear, office: User) -> None:
    """A campaign for collectives only: people have nothing to score."""
    Criterion.objects.filter(applies_to__in=["both", "individual"]).update(applies_to="collective")
    opened = actions.open_sheets(campaign_year, by=office)
    assert (opened.units, opened.people) == (5, 0)
    assert not Scorecard.objects.filter(person__isnull=False).exists()


def test_nobody_opens_an_empty_sheet_for_himself(campaign_year: CampaignYear, clerk: User) -> None:
    Criterion.objects.filter(applies_to__in=["both", "individual"]).update(applies_to="collective")
    with pytest.raises(Refused, match="không có tiêu chí nào"):
        actions.open_sheet(campaign_year, by=clerk, person=clerk.person)


def test_a_publication_of_a_closed_year_stays(
    sheet_of: Find, led_to: Find, clerk: User, head: User, office: User
) -> None:
    led_to(sheet_of(clerk), "published", by=clerk, head=head, appraiser=office)
    publication = Result.objects.get().publication
    CampaignYear.objects.update(state="closed")
    with pytest.raises(Refused, match="đã khóa sổ"):
        publishing.withdraw_publication(publication, by=office, reason="Sai sót")
    publication.refresh_from_db()
    assert publication.withdrawn_at is None


def test_a_stand_in_does_not_approve_the_sheet_of_his_own_head(
    sheet_of: Find, led_to: Find, head: User, deputy: User, director: User, units: dict[str, Unit]
) -> None:
    today = timezone.localdate()
    delegate(
        units["cchc"],
        to=deputy.person,
        started_on=today,
        ended_on=today + timedelta(days=5),
        basis="5/UQ",
        by=head,
    )
    sheet = led_to(sheet_of(head), "submitted", by=fresh(head))
    assert sheet.approving_unit.code == "so"
    with pytest.raises(Refused, match="không có quyền"):
        actions.approve(sheet, by=fresh(deputy))
    actions.approve(sheet, by=director)


def test_a_sheet_that_waited_in_a_merged_unit_is_approved_by_the_new_head(
    sheet_of: Find, led_to: Find, clerk: User, office: User, council_member: User, units: dict[str, Unit]
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    day = timezone.localdate() - timedelta(days=1)
    merge_units([units["cchc"]], into=units["tccb"], on=day, basis="12/QĐ-SNV", by=office)
    boss = fresh(council_member)
    assert sheet in Scorecard.objects.visible_to(boss)
    actions.approve(sheet, by=boss)
    assert sheet.unit_name == "Phòng Cải cách hành chính"


def test_sheets_of_two_versions_are_ranked_on_the_share_of_their_own_maximum(
    sheet_of: Find, led_to: Find, clerk: User, head: User, colleague: User, office: User, opened: CampaignYear
) -> None:
    """A correction in the middle of the year: sheets that are open stay with their version."""
    one = led_to(sheet_of(clerk), "appraised", by=clerk, head=head, appraiser=office)
    Scorecard.objects.filter(person=colleague.person).delete()
    made = criteria_acts.correct(
        opened.criteria_sets.in_use().get(), by=office, change_note="Bỏ tiêu chí 2.3"
    )
    criteria_acts.remove_criterion(made.criteria.get(code="2.3"), by=office)
    criteria_acts.put_in_use(made, by=office)
    actions.open_sheets(opened, by=office)
    two = led_to(sheet_of(colleague), "appraised", by=colleague, head=head, appraiser=office)
    publish_all(opened, "individual", office)
    found = {row.scorecard_id: (row.score, row.applicable_max, row.index) for row in Result.objects.all()}
    assert found == {
        one.pk: (Decimal("38.5"), 50, 77),
        two.pk: (Decimal("28.5"), 40, Decimal("71.25")),
    }
