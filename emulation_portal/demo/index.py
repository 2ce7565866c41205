"""The demo index of the Sở's own units: a finished round with its ranking, and a running one with a sheet in every
state of the appraisal. All criteria are made up; every deed is the act that a person would press."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from campaigns.actions import campaigns, criteria, rounds
from campaigns.methods import METHODS
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion, Recipient, Stage
from campaigns.queries import totals
from core import clock
from emulation_portal.demo.season import Moment
from organization.models import Posting, Unit, User
from organization.queries import users_heading
from scoring.actions import appraisal, closing, columns, publication, sheets
from scoring.actions import lines as line_actions
from scoring.models import Line, Scorecard

CODE = "cchc-phong"
FINISHED, RUNNING = 2024, 2025
DAYS_LEFT = {
    Stage.SELF_SCORE: 9,
    Stage.APPROVAL: 14,
    Stage.APPRAISAL: 22,
    Stage.EXPLANATION: 28,
    Stage.SECOND_APPRAISAL: 34,
    Stage.SURVEY: 34,
    Stage.COUNCIL: 40,
    Stage.PUBLICATION: 45,
}
BANDS = [
    ("Xuất sắc", "90", "green"),
    ("Tốt", "80", "teal"),
    ("Khá", "70", "blue"),
    ("Trung bình", "50", "yellow"),
    ("Yếu", "0", "red"),
]
# code, level, name, method or rule, parameters, unit in charge
TABLE: list[tuple[str, int, str, str, dict[str, Any], str]] = [
    ("1", 1, "Chỉ đạo, điều hành cải cách hành chính", "", {}, ""),
    ("1.1", 2, "Kế hoạch cải cách hành chính của phòng", "", {}, ""),
    (
        "1.1.1",
        3,
        "Ban hành kế hoạch",
        "tiered_choice",
        {
            "choices": [
                {"label": "Kịp thời", "points": "2"},
                {"label": "Chậm", "points": "1"},
                {"label": "Không ban hành", "points": "0"},
            ]
        },
        "",
    ),
    (
        "1.1.2",
        3,
        "Mức độ hoàn thành kế hoạch",
        "tiered_threshold",
        {
            "measure": "%",
            "steps": [
                {"op": ">", "v": "90", "points": "4"},
                {"op": ">=", "v": "70", "points": "2"},
                {"op": ">=", "v": "0", "points": "0"},
            ],
        },
        "",
    ),
    (
        "1.2",
        2,
        "Báo cáo định kỳ gửi đúng hạn",
        "deduct_per_case",
        {"max": "3", "deduct_each": "0.5", "floor": "0", "measure": "báo cáo chậm"},
        "",
    ),
    ("2", 1, "Cải cách thủ tục hành chính", "", {}, ""),
    (
        "2.1",
        2,
        "Hồ sơ giải quyết đúng và trước hạn",
        "proportional_with_floor",
        {"max": "10", "floor": "80", "numerator": "hồ sơ đúng hạn", "denominator": "hồ sơ đã giải quyết"},
        "",
    ),
    ("2.2", 2, "Công khai thủ tục", "all_of", {}, ""),
    ("2.2.1", 3, "Công khai tại bộ phận một cửa", "all_or_nothing", {"max": "1"}, ""),
    ("2.2.2", 3, "Công khai trên trang thông tin điện tử", "all_or_nothing", {"max": "1"}, ""),
    (
        "2.3",
        2,
        "Số hóa hồ sơ so với đơn vị dẫn đầu",
        "relative_to_leader",
        {"max": "5"},
        "",
    ),
    ("3", 1, "Tác động của cải cách hành chính", "", {}, ""),
    (
        "3.1",
        2,
        "Mức độ hài lòng của tổ chức, cá nhân",
        "survey",
        {"max": "15", "scale_max": "100"},
        "",
    ),
    (
        "3.2",
        2,
        "Chất lượng tham mưu văn bản",
        "typed",
        {"min": "0", "max": "8", "step": "0.25"},
        "tdkt",
    ),
    ("T", 1, "Điểm thưởng, điểm phạt", "bonus_block", {"bonus_cap": "3", "penalty_cap": "5"}, ""),
    (
        "T.1",
        2,
        "Sáng kiến được áp dụng ngoài đơn vị",
        "bonus_uncapped",
        {"points_each": "1", "measure": "sáng kiến"},
        "",
    ),
    (
        "T.2",
        2,
        "Bị phê bình bằng văn bản",
        "penalty_per_case",
        {"deduct_each": "1", "measure": "văn bản"},
        "",
    ),
]


def build() -> None:
    """Needs the office and the campaign's season."""
    Index(User.objects.select_related("person").get(username="vanphong")).live_through()


class Index:
    """The index of the Sở's units."""

    def __init__(self, office: User) -> None:
        self.office = office
        self.appraiser = User.objects.select_related("person").get(username="uyvien")
        self.chance = Random(412)  # noqa: S311 - made up, the same at every run
        self.today = clock.today()

    def live_through(self) -> None:
        with clock.at(at_day(date(FINISHED, 3, 4))):
            campaign = self._issue()
        finished, running = campaign.years.order_by("year")
        self._round(finished, date(FINISHED, 11, 4))
        with clock.at(at_day(date(FINISHED, 12, 20))):
            self.publish(finished)
            campaigns.close_year(finished, by=self.office)
        with clock.at(at_day(self.today - timedelta(days=15))):
            self._prepare_next(finished, running)
        self._round(running, self.today - timedelta(days=12))

    # --- the scheme ----------------------------------------------------------------------------------
    def _issue(self) -> Campaign:
        campaign = campaigns.create(
            by=self.office,
            code=CODE,
            name="Bộ chỉ số cải cách hành chính của các phòng, đơn vị thuộc Sở",
            short_name="Chỉ số CCHC cấp phòng",
            kind=Campaign.Kind.INDEX,
            starts_on=date(FINISHED, 1, 1),
            ends_on=date(RUNNING, 12, 31),
        )
        first = campaign.years.get(year=FINISHED)
        made = criteria.create_set(first, by=self.office, title=f"Bộ chỉ số CCHC cấp phòng năm {FINISHED}")
        self._write_table(made)
        most = totals(list(made.criteria.order_by("position")))[Recipient.COLLECTIVE]
        criteria.change_set(made, by=self.office, declared_max_collective=most, is_sample=True)
        criteria.put_in_use(made, by=self.office)
        self._set_up(first, dict.fromkeys(DAYS_LEFT, date(FINISHED, 12, 1)), needs_council=False)
        campaigns.launch(campaign, by=self.office)
        campaigns.open_year(first, by=self.office)
        return campaign

    def _write_table(self, made: CriteriaSet) -> None:
        units = {unit.code: unit for unit in Unit.objects.all()}
        above: dict[int, Criterion] = {}
        for place, (code, level, name, method, params, charge) in enumerate(TABLE):
            is_leaf = place + 1 == len(TABLE) or TABLE[place + 1][1] <= level
            facts: dict[str, Any] = {"code": code, "name": name, "method": method, "params": params}
            if is_leaf:
                facts |= {
                    "max_score": METHODS[method].maximum(params),
                    "applies_to": Recipient.COLLECTIVE,
                    "in_charge": units.get(charge),
                }
            elif method == "all_of":
                facts["max_score"] = Decimal(2)
            above[level] = criteria.add_criterion(
                made, by=self.office, parent=above.get(level - 1), is_leaf=is_leaf, **facts
            )

    def _set_up(
        self, campaign_year: CampaignYear, deadlines: Mapping[str, date | None], *, needs_council: bool
    ) -> None:
        campaigns.set_deadlines(campaign_year, by=self.office, deadlines=deadlines)
        bands = [(name, Decimal(bound), colour) for name, bound, colour in BANDS]
        campaigns.set_bands(campaign_year, by=self.office, bands={Recipient.COLLECTIVE: bands})
        units = Unit.objects.scored().open_on(clock.today())
        chosen = {
            unit.pk: (unit.code != "ttra", "" if unit.code != "ttra" else "Thanh tra") for unit in units
        }
        rounds.set_participants(campaign_year, by=self.office, units=chosen)
        rounds.set_options(campaign_year, by=self.office, locks=False, needs_council=needs_council)

    def _prepare_next(self, finished: CampaignYear, running: CampaignYear) -> None:
        source = finished.criteria_sets.in_use().get()
        criteria.put_in_use(criteria.copy_set(source, by=self.office, campaign_year=running), by=self.office)
        due: dict[str, date | None] = {
            stage: self.today + timedelta(days=days) for stage, days in DAYS_LEFT.items()
        }
        self._set_up(running, due, needs_council=True)
        campaigns.open_year(running, by=self.office)

    # --- one round -----------------------------------------------------------------------------------
    def _round(self, campaign_year: CampaignYear, day: date) -> None:
        """In the running round sheets stand in every state: the later in the list, the less is done."""
        moments = moments_from(day)
        with next(moments):
            sheets.open_sheets(campaign_year, by=self.office)
        rows = Scorecard.objects.filter(campaign_year=campaign_year).select_related("unit")
        all_of_them = list(rows.order_by("unit__order", "pk"))
        steps = [*range(len(STEPS) + 1)]
        for place, sheet in enumerate(all_of_them):
            last = len(STEPS) - 1 if campaign_year.year == FINISHED else steps[-1 - place % len(steps)]
            self.lead(sheet, last, moments)

    def lead(self, sheet: Scorecard, last: int, moments: Iterator[Any]) -> None:
        for step in STEPS[:last]:
            with next(moments):
                sheet.refresh_from_db()
                getattr(self, step)(sheet)

    def _fill(self, sheet: Scorecard) -> None:
        filler = self._filler(sheet)
        lines = list(sheet.lines.select_related("criterion", "scorecard__campaign_year"))
        entered = [(line, *self._figures(line)) for line in lines if line.criterion.method != "survey"]
        line_actions.save_lines(sheet, entered, by=filler)

    def _submit(self, sheet: Scorecard) -> None:
        sheets.submit(sheet, by=self._filler(sheet))

    def _approve(self, sheet: Scorecard) -> None:
        sheets.approve(sheet, by=users_heading(sheet.approving_unit).order_by("pk")[0])

    def _enter_survey(self, sheet: Scorecard) -> None:
        by = self._appraiser(sheet)
        for line in self._lines(sheet):
            if line.criterion.method == "survey" and sheet.unit.code != "vp":
                columns.save_office(
                    line, by=self.office, inputs={"result": str(78 + self.chance.randrange(20))}
                )
            elif line.criterion.method not in ("survey", "relative_to_leader"):
                line_actions.save_appraised(line, by=by, score=line.approved_score)
        if sheet.unit.code == "vp":  # the Office's own unit was not surveyed
            survey = next(line for line in self._lines(sheet) if line.criterion.method == "survey")
            columns.exclude(survey, by=by, reason="Đơn vị không có đối tượng phục vụ để điều tra.")

    def _ask(self, sheet: Scorecard) -> None:
        line = next(line for line in self._lines(sheet) if line.criterion.code == "3.2")
        appraisal.ask(
            sheet, by=self._appraiser(sheet), flags={line.pk: "Nêu rõ văn bản bị trả lại trong năm và lý do."}
        )

    def _explain(self, sheet: Scorecard) -> None:
        filler = self._filler(sheet)
        for line in self._lines(sheet):
            if line.is_flagged:
                columns.save_explanation(
                    line, by=filler, text="Hai văn bản xin lùi thời hạn đã được Giám đốc đồng ý."
                )
        appraisal.explain(sheet, by=filler)

    def _appraise_again(self, sheet: Scorecard) -> None:
        by = self._appraiser(sheet)
        for line in self._lines(sheet):
            if line.is_flagged and line.appraised_score:
                lower = line.appraised_score - Decimal("0.25")
                columns.save_second(line, by=by, score=lower, reason="Một văn bản không có ý kiến đồng ý.")
        appraisal.appraise_again(sheet, by=by)

    def _conclude(self, sheet: Scorecard) -> None:
        if sheet.campaign_year.needs_council and sheet.unit.code != "vp":
            closing.close_figures(sheet.campaign_year, by=self.office)
            sheet.refresh_from_db()
            appraisal.conclude(sheet, by=self.office)

    def publish(self, campaign_year: CampaignYear) -> None:
        closing.close_figures(campaign_year, by=self.office)
        rows = Scorecard.objects.filter(campaign_year=campaign_year)
        unready = rows.exclude(state=Scorecard.State.APPRAISED).values_list("pk", flat=True)
        publication.publish(
            campaign_year,
            Recipient.COLLECTIVE,
            by=self.office,
            confirmation=publication.CONFIRMATION,
            not_scored=list(unready),
        )

    # --- who and what --------------------------------------------------------------------------------
    def _filler(self, sheet: Scorecard) -> User:
        postings = Posting.objects.on(clock.today()).filter(unit=sheet.unit, person__user__isnull=False)
        return postings.select_related("person__user").order_by("-post__order", "pk")[0].person.user

    def _appraiser(self, sheet: Scorecard) -> User:
        """The Office appraises everybody but itself."""
        return self.appraiser if sheet.unit.code == "vp" else self.office

    def _lines(self, sheet: Scorecard) -> list[Line]:
        rows = sheet.lines.select_related("criterion", "flagged_by", "scorecard__campaign_year")
        return list(rows.order_by("criterion__position"))

    def _figures(self, line: Line) -> tuple[dict[str, str], Decimal | None, str]:
        good = self.chance.random() < 0.7
        match line.criterion.method:
            case "tiered_choice":
                return {"choice": "Kịp thời" if good else "Chậm"}, None, ""
            case "tiered_threshold":
                return {"value": "96" if good else "84"}, None, ""
            case "proportional_with_floor":
                whole = 120 + self.chance.randrange(200)
                return (
                    {"numerator": str(whole - self.chance.randrange(9)), "denominator": str(whole)},
                    None,
                    "",
                )
            case "all_or_nothing":
                return {"met": "1" if good or self.chance.random() < 0.6 else "0"}, None, ""
            case "relative_to_leader":
                return {"achieved": str(80 + self.chance.randrange(60)), "target": "100"}, None, ""
            case "typed":
                return {}, Decimal(str(6 + self.chance.randrange(8) / 4)), ""
            case "bonus_uncapped":
                return {"count": "1" if good else "0"}, None, ""
        return {"count": "0" if good else "1"}, None, ""


STEPS = (
    "_fill",
    "_submit",
    "_approve",
    "_enter_survey",
    "_ask",
    "_explain",
    "_appraise_again",
    "_conclude",
)


def at_day(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())


def moments_from(day: date) -> Iterator[Any]:
    moment = Moment(day)
    while True:
        yield clock.at(moment.next())
