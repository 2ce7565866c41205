"""The sample schemes of the decree as the Office puts them to use: staff and leaders, in a round of three months."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from django.conf import settings

from campaigns.actions import campaigns, criteria, rounds
from campaigns.models import Campaign, CampaignYear
from campaigns.reference import load_legal_documents, load_plan
from organization.models import Unit, User
from scoring.actions import appraisal, sheets
from scoring.actions import lines as line_actions
from scoring.models import Line, Scorecard

FOLDER = settings.BASE_DIR / "reference"
NOTE = "Theo bảng theo dõi của đơn vị"
GOOD = {"giao": "10", "xong": "10", "loi": "0", "cham": "0"}


def scheme(name: str, code: str, units: list[Unit], office: User) -> CampaignYear:
    """Load the file, choose units, put the set to use, launch and open."""
    load_legal_documents(FOLDER / "legal_documents.yaml")
    load_plan(FOLDER / "campaigns" / name)
    campaign_year = CampaignYear.objects.select_related("campaign").get(campaign__code=code)
    rounds.set_participants(campaign_year, by=office, units={unit.pk: (True, "") for unit in units})
    criteria.put_in_use(campaign_year.criteria_sets.get(), by=office)
    campaigns.launch(campaign_year.campaign, by=office)
    campaigns.open_year(campaign_year, by=office)
    return campaign_year


@pytest.fixture
def staff_round(units: dict[str, Unit], office: User) -> CampaignYear:
    chosen = [units["cchc"], units["tccb"]]
    return scheme("nd335-staff.yaml", "nd335-chuyen-mon", chosen, office)


@pytest.fixture
def leader_round(units: dict[str, Unit], office: User) -> CampaignYear:
    chosen = [units["cchc"], units["tccb"]]
    return scheme("nd335-leaders.yaml", "nd335-lanh-dao", chosen, office)


@pytest.fixture
def sheet_in() -> Callable[..., Scorecard]:
    def find(campaign_year: CampaignYear, user: User) -> Scorecard:
        rows = Scorecard.objects.select_related("campaign_year__campaign", "unit", "person")
        return rows.get(campaign_year=campaign_year, person=user.person)

    return find


def general(points: Decimal) -> dict[str, Decimal]:
    """The general points in the rows of the sample: three that are typed, three for no case of discipline."""
    typed = points - 3
    first, second = min(typed, Decimal(9)), min(max(typed - 9, Decimal(0)), Decimal(9))
    return {"1.1": first, "1.2": second, "1.3": typed - first - second}


def fill(
    sheet: Scorecard, by: User, points: str = "30", given: Mapping[str, str] = GOOD, **more: Mapping[str, str]
) -> Scorecard:
    """Enter every row; ``more`` gives the inputs of other rows by their code, as ``r2_2``."""
    typed = general(Decimal(points))
    for line in lines_of(sheet):
        code = line.criterion.code
        inputs = more.get("r" + code.replace(".", "_"), given if code == "2.1" else {"met": "1"})
        line_actions.save_line(
            line, by=by, inputs=inputs if code not in typed else {}, self_score=typed.get(code), note=NOTE
        )
    sheet.refresh_from_db()
    return sheet


def lines_of(sheet: Scorecard) -> list[Line]:
    rows = Line.objects.filter(scorecard=sheet).select_related("criterion", "scorecard__campaign_year")
    return list(rows.order_by("criterion__position"))


def lead(sheet: Scorecard, *, by: User, head: User, appraiser: User | None = None) -> Scorecard:
    sheets.submit(sheet, by=by)
    sheets.approve(sheet, by=head)
    if appraiser:
        appraisal.appraise(sheet, by=appraiser)
    sheet.refresh_from_db()
    return sheet


def campaign_named(code: str) -> Campaign:
    return Campaign.objects.get(code=code)
