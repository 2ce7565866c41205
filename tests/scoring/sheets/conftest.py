"""Sheets of the cast's year 2025, opened and led to any state through the acts people use."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import CampaignYear, Recipient
from core.models import StoredFile
from organization.models import Unit, User
from scoring.actions import appraisal, columns
from scoring.actions import lines as line_actions
from scoring.actions import publication as publishing
from scoring.actions import sheets as actions
from scoring.models import EvidenceDocument, Line, Publication, Scorecard

ANSWERS: dict[str, dict[str, Any]] = {
    "1.1": {"inputs": {}, "self_score": Decimal("8.5")},
    "1.2": {"inputs": {"count": "0"}},
    "2.1": {"inputs": {"numerator": "45", "denominator": "50"}},
    "2.2": {"inputs": {"met": "1"}},
    "2.3": {"inputs": {"choice": "Kịp thời"}},
}
# What the answers give a person: 8,5 + 0 + 20 + 10, and a unit: 8,5 + 0 + 18 + 10.
PERSON_TOTAL, UNIT_TOTAL = Decimal("38.5"), Decimal("36.5")


def again(sheet: Scorecard) -> Scorecard:
    """The sheet as it is stored now, as a request would fetch it."""
    return Scorecard.objects.select_related("campaign_year", "unit", "person").get(pk=sheet.pk)


@pytest.fixture
def opened(campaign_year: CampaignYear, office: User) -> CampaignYear:
    actions.open_sheets(campaign_year, by=office)
    return campaign_year


@pytest.fixture
def sheet_of(opened: CampaignYear) -> Callable[[Any], Scorecard]:
    """The sheet of a person (given as his user) or of a unit, as a request would fetch it."""

    def find(owner: User | Unit) -> Scorecard:
        sheets = Scorecard.objects.select_related("campaign_year", "unit", "person")
        if isinstance(owner, Unit):
            return sheets.get(unit=owner, person__isnull=True)
        return sheets.get(person=owner.person)

    return find


@pytest.fixture
def line_of() -> Callable[[Scorecard, str], Line]:
    def find(sheet: Scorecard, code: str) -> Line:
        return Line.objects.select_related("criterion", "scorecard__campaign_year").get(
            scorecard=sheet, criterion__code=code
        )

    return find


@pytest.fixture
def fill() -> Callable[..., Scorecard]:
    """Score every line of the sheet; ``answers`` replaces some of the usual ones."""

    def score(sheet: Scorecard, by: User, **answers: dict[str, Any]) -> Scorecard:
        for line in sheet.lines.select_related("criterion", "scorecard__campaign_year"):
            code = line.criterion.code
            given = answers.get("c" + code.replace(".", "_"), ANSWERS[code])
            line_actions.save_line(line, by=by, **given)
        sheet.refresh_from_db()
        return sheet

    return score


@pytest.fixture
def led_to(fill: Callable[..., Scorecard]) -> Callable[..., Scorecard]:
    """Lead a draft sheet to a state: filled by ``by``, approved by ``head``, appraised by ``appraiser``."""

    def lead(
        sheet: Scorecard,
        state: str,
        *,
        by: User,
        head: User | None = None,
        appraiser: User | None = None,
        **answers: Any,
    ) -> Scorecard:
        if state != "draft":
            fill(sheet, by, **answers)
            actions.submit(sheet, by=by)
        if state in ("approved", "explaining", "explained", "appraised", "concluded", "published"):
            actions.approve(sheet, by=head)
        if state in ("explaining", "explained"):
            asked = sheet.lines.select_related("criterion").first()
            assert asked
            appraisal.ask(sheet, by=appraiser, flags={asked.pk: "Nêu rõ căn cứ"})
            if state == "explained":
                asked.refresh_from_db()
                columns.save_explanation(asked, by=by, text="Theo báo cáo quý IV")
                appraisal.explain(sheet, by=by)
        if state == "concluded":
            type(sheet.campaign_year).objects.filter(pk=sheet.campaign_year_id).update(needs_council=True)
        if state in ("appraised", "concluded", "published"):
            appraisal.appraise(sheet, by=appraiser)
        if state == "concluded":
            appraisal.conclude(sheet, by=appraiser)
        if state == "published":
            publish_all(sheet.campaign_year, sheet.recipient, appraiser)
        if state == "returned":
            first = sheet.lines.first()
            assert first
            actions.send_back(sheet, by=head, flags={first.pk: "Thiếu số liệu"})
        sheet.refresh_from_db()
        return sheet

    return lead


@pytest.fixture
def ranked(
    opened: CampaignYear,
    sheet_of: Callable[[Any], Scorecard],
    led_to: Callable[..., Scorecard],
    clerk: User,
    colleague: User,
    head: User,
    office: User,
) -> CampaignYear:
    """Two people of Phòng CCHC are appraised, with the same score."""
    for user in (clerk, colleague):
        led_to(sheet_of(user), "appraised", by=user, head=head, appraiser=office)
    return opened


def publish_all(campaign_year: CampaignYear, recipient: str, by: Any) -> Publication:
    """Publish what is appraised; everybody else is "not scored"."""
    rows = Scorecard.objects.filter(
        campaign_year=campaign_year, person__isnull=recipient == Recipient.COLLECTIVE
    )
    unready = rows.exclude(state=Scorecard.State.APPRAISED).values_list("pk", flat=True)
    return publishing.publish(
        campaign_year, recipient, by=by, confirmation="CÔNG BỐ", not_scored=list(unready)
    )


@pytest.fixture
def document(clerk: User, units: dict[str, Unit]) -> EvidenceDocument:
    """A decision in the store of Phòng CCHC."""
    file = StoredFile.objects.create(
        name="qd.pdf", size=10, mime="application/pdf", sha256="0" * 64, uploaded_by=clerk
    )
    return EvidenceDocument.objects.create(
        unit=units["cchc"], number="12/QĐ-SNV", title="Công nhận sáng kiến", file=file, uploaded_by=clerk
    )


@pytest.fixture
def approved(
    sheet_of: Callable[..., Scorecard],
    led_to: Callable[..., Scorecard],
    units: dict[str, Unit],
    clerk: User,
    head: User,
) -> Scorecard:
    """The collective sheet of Phòng CCHC, filled by the clerk, approved by his head: 8,5, 0, 18 and 10 points."""
    return led_to(sheet_of(units["cchc"]), "approved", by=clerk, head=head)
