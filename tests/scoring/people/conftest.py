"""The sample schemes of the decree as the Office puts them to use: staff and leaders, in a round of three months."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from campaigns.actions import campaigns, criteria, rounds
from campaigns.models import Campaign, CampaignYear
from campaigns.reference import load_legal_documents, load_plan
from organization.models import Unit, User
from scoring.actions import appraisal, publication, sheets
from scoring.actions import lines as line_actions
from scoring.models import Line, Publication, Scorecard

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


def unit_index(
    office: User, units: list[Unit], *, period: str = "q1", year: int = 2026, code: str = "cchc-phong"
) -> CampaignYear:
    """A round of the units' own index, with one row that is typed."""
    known = Campaign.objects.filter(code=code).first()
    campaign = known or campaigns.create(
        by=office, code=code, name="Chỉ số CCHC các phòng", short_name="Chỉ số CCHC cấp phòng", kind="index",
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    campaign_year = campaign.years.filter(year=year, period=period).first() or campaigns.add_year(
        campaign, by=office, year=year, period=period
    )
    made = criteria.create_set(campaign_year, by=office, title=f"Bộ chỉ số {campaign_year.when}")
    criteria.add_criterion(
        made, by=office, code="1", name="Kết quả", max_score=Decimal(100), applies_to="collective",
        method="typed", params={"min": "0", "max": "100", "step": "0.01"},
    )  # fmt: skip
    criteria.put_in_use(made, by=office)
    days = dict.fromkeys(["self_score", "approval", "appraisal", "publication"], date(year, 12, 31))
    campaigns.set_deadlines(campaign_year, by=office, deadlines=days)
    campaigns.set_bands(
        campaign_year,
        by=office,
        bands={"collective": [("Tốt", Decimal(80), "teal"), ("Yếu", Decimal(0), "red")]},
    )
    rounds.set_options(campaign_year, by=office, locks=False)
    rounds.set_participants(campaign_year, by=office, units={unit.pk: (True, "") for unit in units})
    if not known:
        campaigns.launch(campaign, by=office)
    campaigns.open_year(campaign_year, by=office)
    sheets.open_sheets(campaign_year, by=office)
    return campaign_year


def publish_index(
    campaign_year: CampaignYear,
    office: User,
    scores: Mapping[Unit, str],
    fillers: Mapping[str, User],
    above: User,
) -> Publication:
    """Lead the sheets of these units through the process with the given scores, and publish them."""
    for unit, score in scores.items():
        rows = Scorecard.objects.select_related("campaign_year__campaign", "unit", "person")
        sheet = rows.get(campaign_year=campaign_year, unit=unit)
        [line] = lines_of(sheet)
        line_actions.save_line(line, by=fillers[unit.code], inputs={}, self_score=Decimal(score))
        sheet.refresh_from_db()
        lead(sheet, by=fillers[unit.code], head=above, appraiser=office)
    unready = campaign_year.scorecards.exclude(state="appraised").values_list("pk", flat=True)
    return publication.publish(
        campaign_year, "collective", by=office, confirmation="CÔNG BỐ", not_scored=list(unready)
    )
