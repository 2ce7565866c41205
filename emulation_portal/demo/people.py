"""The demo office scores its people: a finished quarter of three units by the sample schemes of the decree, with the
published quarter of the units' own index behind the leaders. Every deed is the act that a person would press."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from campaigns.actions import campaigns, criteria, following, rounds
from campaigns.calculations import days_of
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Period, Stage
from core import clock
from emulation_portal.demo.index import CODE, STEPS, Index, at_day, moments_from
from emulation_portal.demo.roster import LOGINS
from organization.models import Unit, User
from organization.queries import users_heading
from scoring.actions import appraisal, indexes, sheets
from scoring.actions import lines as line_actions
from scoring.models import Line, Scorecard

STAFF, LEADERS = "nd335-chuyen-mon", "nd335-lanh-dao"
UNITS = ("cchc", "ccvc", "tdkt")
DAYS_LEFT = {Stage.SELF_SCORE: 3, Stage.APPROVAL: 6, Stage.APPRAISAL: 10, Stage.PUBLICATION: 14}
QUARTERS = (Period.QUARTER_1, Period.QUARTER_2, Period.QUARTER_3, Period.QUARTER_4)
# The points of the three general rows, and what was given, done, done wrongly and late.
WORK = [
    (("9", "8.5", "8.5"), ("14", "14", "0", "0")),
    (("7.5", "7", "6.5"), ("16", "13", "1", "2")),
    (("8", "7", "6"), ("12", "10", "2", "3")),
    (("8.5", "8", "7.5"), ("20", "16", "3", "4")),
    (("7.5", "7", "6"), ("15", "12", "1", "3")),
    (("7", "6.5", "6.5"), ("18", "14", "2", "4")),
    (("8", "7.5", "6.5"), ("10", "8", "1", "1")),
]
# How far the sheets of a unit are, one after another; the last ones, and those of the people with a known sign-in, are
# still being filled.
STATES = {
    "cchc": ("approved", "submitted", "submitted", "submitted", "begun"),
    "ccvc": ("appraised", "appraised", "approved", "appraised", "approved"),
    "tdkt": ("appraised", "submitted", "approved", "begun"),
}


def build() -> None:
    """Needs the office, its index and the reference data."""
    office = User.objects.select_related("person").get(username="vanphong")
    year, period = last_quarter(clock.today())
    _publish_quarter(office, year, period)
    for code in (STAFF, LEADERS):
        People(office, code).live_through(year, period)


def last_quarter(today: date) -> tuple[int, str]:
    """The newest quarter that is over."""
    place = (today.month - 1) // 3 - 1
    return (today.year, QUARTERS[place]) if place >= 0 else (today.year - 1, QUARTERS[-1])


def _publish_quarter(office: User, year: int, period: str) -> None:
    """The units' own index of the quarter, from the first line to the publication."""
    index, campaign = Index(office), Campaign.objects.get(code=CODE)
    day = min(days_of(year, period)[1], clock.today() - timedelta(days=24))
    with clock.at(at_day(day)):
        campaign_year = campaigns.add_year(campaign, by=office, year=year, period=period)
        source = CriteriaSet.objects.in_use().filter(campaign_year__campaign=campaign).order_by("pk")[0]
        title = f"Bộ chỉ số CCHC cấp phòng {campaign_year.when}"
        copied = criteria.copy_set(source, by=office, campaign_year=campaign_year, title=title)
        criteria.put_in_use(copied, by=office)
        due: dict[str, date | None] = dict.fromkeys(DAYS_LEFT, day + timedelta(days=10))
        campaigns.set_deadlines(campaign_year, by=office, deadlines=due)
        rounds.set_options(campaign_year, by=office, locks=False, needs_council=False)
        _choose_units(campaign_year, office)
        campaigns.open_year(campaign_year, by=office)
        sheets.open_sheets(campaign_year, by=office)
    moments = moments_from(day + timedelta(days=1))
    for sheet in Scorecard.objects.filter(campaign_year=campaign_year).select_related("unit"):
        index.lead(sheet, len(STEPS) - 1, moments)
    with next(moments):
        index.publish(campaign_year)
        campaigns.close_year(campaign_year, by=office)


def _choose_units(campaign_year: CampaignYear, office: User) -> None:
    chosen = {unit.pk: (True, "") for unit in Unit.objects.filter(code__in=UNITS)}
    rounds.set_participants(campaign_year, by=office, units=chosen)


class People:
    """One of the two schemes in the quarter."""

    def __init__(self, office: User, code: str) -> None:
        self.office = office
        self.campaign = Campaign.objects.get(code=code)
        self.today = clock.today()
        self.work = cycle(WORK)

    def live_through(self, year: int, period: str) -> None:
        with clock.at(at_day(self.today - timedelta(days=8))):
            campaign_year = self._issue(year, period)
            sheets.open_sheets(campaign_year, by=self.office)
        moments = moments_from(self.today - timedelta(days=5))
        if self.campaign.code == LEADERS:
            with next(moments):
                indexes.take_indexes_of_round(campaign_year, by=self.office)
        rows = Scorecard.objects.filter(campaign_year=campaign_year).select_related("unit", "person__user")
        wanted = {code: iter(states) for code, states in STATES.items()}
        for sheet in rows.order_by("unit__order", "post_order", "sort_key"):
            is_tried_out = sheet.person.user and sheet.person.user.username in LOGINS
            self._lead(sheet, "begun" if is_tried_out else next(wanted[sheet.unit.code], "begun"), moments)

    def _issue(self, year: int, period: str) -> CampaignYear:
        """The sample set put to use, and the round of the quarter made from the one that the file plans."""
        planned = self.campaign.years.get()
        draft = planned.criteria_sets.get()
        criteria.put_in_use(draft, by=self.office)
        _choose_units(planned, self.office)
        campaigns.launch(self.campaign, by=self.office)
        campaign_year = planned
        while (campaign_year.year, campaign_year.period) != (year, period):
            passed, campaign_year = campaign_year, following.plan_next(campaign_year, by=self.office)
            following.remove_round(passed, by=self.office)
        due: dict[str, date | None] = {
            stage: self.today + timedelta(days=days) for stage, days in DAYS_LEFT.items()
        }
        campaigns.set_deadlines(campaign_year, by=self.office, deadlines=due)
        return campaigns.open_year(campaign_year, by=self.office)

    # --- one sheet -----------------------------------------------------------------------------------
    def _lead(self, sheet: Scorecard, state: str, moments: Iterator[Any]) -> None:
        filler = sheet.person.user  # type: ignore[union-attr]
        if filler is None:
            return
        with next(moments):
            self._fill(sheet, filler, only_general=state == "begun")
        if state == "begun":
            return
        with next(moments):
            sheets.submit(sheet, by=filler)
        if state == "submitted":
            return
        with next(moments):
            above = users_heading(sheet.approving_unit).exclude(pk=filler.pk).order_by("pk")[0]
            sheets.approve(sheet, by=above)
        if state == "appraised":
            with next(moments):
                appraisal.appraise(sheet, by=self.office)

    def _fill(self, sheet: Scorecard, filler: User, *, only_general: bool) -> None:
        general, figures = next(self.work)
        typed = dict(zip(("1.1", "1.2", "1.3"), general, strict=True))
        entered = []
        for line in self._lines(sheet):
            code = line.criterion.code
            if line.criterion.method == "index_share" or (only_general and code.startswith("2")):
                continue
            inputs = self._inputs(line, figures)
            score = Decimal(typed[code]) if code in typed else None
            entered.append((line, inputs, score, ""))
        line_actions.save_lines(sheet, entered, by=filler)
        sheet.refresh_from_db()

    def _inputs(self, line: Line, figures: tuple[str, ...]) -> dict[str, str]:
        match line.criterion.code:
            case "1.4":
                return {"met": "1"}
            case "2.1":
                return dict(zip(("giao", "xong", "loi", "cham"), figures, strict=True))
            case "2.3":
                return {"trienkhai": "95", "doanket": "96"}
        return {}

    def _lines(self, sheet: Scorecard) -> list[Line]:
        rows = sheet.lines.select_related("criterion", "scorecard__campaign_year")
        return list(rows.order_by("criterion__position"))
