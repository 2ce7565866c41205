"""Lives the demo office through the campaign: four years of registrations, achievements, sheets, results, award lists.

Every deed is the act that a person would press in the portal, at the moment at which he would have pressed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from awards import actions as award_actions
from campaigns.actions import campaigns, criteria, registrations
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Recipient, Registration, Stage
from core import clock
from emulation_portal.demo import stories
from emulation_portal.demo.office import live_on
from emulation_portal.demo.titles import Titles
from emulation_portal.demo.work import Work
from organization.models import Person, Posting, Unit, User
from organization.queries import users_heading
from scoring.actions import appraisal, proofs, publication, sheets
from scoring.actions import lines as line_actions
from scoring.models import EvidenceDocument, Line, Scorecard

CLOSED, PUBLISHED, RUNNING = "closed", "published", "running"
YEARS = {2022: CLOSED, 2023: CLOSED, 2024: PUBLISHED, 2025: RUNNING}
# In the running year: how many days from today each stage still has.
DAYS_LEFT = {
    Stage.REGISTRATION: 5,
    Stage.ACHIEVEMENTS: 12,
    Stage.SELF_SCORE: 20,
    Stage.APPROVAL: 27,
    Stage.APPRAISAL: 41,
    Stage.PUBLICATION: 50,
    Stage.AWARDS: 60,
}


@dataclass
class Moment:
    """The demo's calendar: every deed takes place some minutes after the one before, in working hours."""

    day: date
    minutes: int = 0

    def next(self) -> datetime:
        self.minutes += 3
        if self.minutes >= 8 * 60:
            self.minutes, self.day = 0, self.day + timedelta(days=1)
        at = datetime.combine(self.day, time(8), tzinfo=timezone.get_default_timezone())
        return min(at + timedelta(minutes=self.minutes), timezone.now())


def build() -> None:
    """The whole season. Reference data and the office must be there already."""
    campaign = Campaign.objects.get(code="kh-412")
    office = User.objects.get(username="vanphong")
    _prepare(campaign, office)
    director = Person.objects.get(user__username="giamdoc")
    award_actions.set_paper_head(
        {
            "parent_agency": "ỦY BAN NHÂN DÂN TỈNH",
            "agency": "SỞ NỘI VỤ",
            "symbol": "DS-SNV",
            "signer_title": "GIÁM ĐỐC",
            "signer_name": director.full_name,
        },
        by=office,
    )
    titles = Titles(Random(412))  # noqa: S311 - made-up work, the same at every run
    for campaign_year in campaign.years.order_by("year"):
        with clock.at(_office_day(campaign_year.year)):
            live_on(campaign_year.year)
        Season(campaign_year, YEARS.get(campaign_year.year, CLOSED), titles).live_through()


def _prepare(campaign: Campaign, office: User) -> None:
    with clock.at(_at(date(2022, 3, 9))):
        for criteria_set in CriteriaSet.objects.filter(campaign_year__campaign=campaign, state="draft"):
            criteria.put_in_use(criteria_set, by=office)
        campaigns.launch(campaign, by=office)


def _office_day(year: int) -> datetime:
    """The running year's news of the office is of today; that of earlier years is of its own spring."""
    return timezone.now() if YEARS.get(year) == RUNNING else _at(date(year, 3, 2))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())


class Season:
    """One year of the campaign."""

    def __init__(self, campaign_year: CampaignYear, ending: str, titles: Titles) -> None:
        self.campaign_year = campaign_year
        self.titles = titles
        self.year = campaign_year.year
        self.ending = ending
        self.chance = Random(self.year)  # noqa: S311 - a made-up office, the same at every run
        today = timezone.localdate()
        self.started_on = today - timedelta(days=19) if ending == RUNNING else date(self.year, 3, 14)
        self.scored_on = today - timedelta(days=6) if ending == RUNNING else date(self.year, 12, 4)
        self.scores_people = ending != CLOSED
        self.users: dict[int | str, User] = {}
        self.heads: dict[int, User] = {}
        self.members: dict[int, list[User]] = {}
        self.papers: dict[int, EvidenceDocument] = {}

    def live_through(self) -> None:
        with clock.at(_at(self.started_on)):
            if self.ending == RUNNING:
                self._extend_deadlines()
            campaigns.open_year(self.campaign_year, by=self._office())
        self._register()
        self._meet_anew()
        work = Work(
            self.campaign_year,
            self.chance,
            self.titles,
            is_running=self.ending == RUNNING,
            members_of=self._members,
            head_of=self._head_of,
        )
        work.do(Moment(self.started_on + timedelta(days=4)), people=self.scores_people)
        self._meet_anew()
        self._score()
        if self.ending != RUNNING:
            self._finish()

    # --- who acts ------------------------------------------------------------------------------------
    def _meet_anew(self) -> None:
        """In each part of the year everybody's roles are read once."""
        self.users.clear()
        self.heads.clear()
        self.members.clear()

    def _as(self, user: User) -> User:
        return self.users.setdefault(user.pk, user)

    def _named(self, username: str) -> User:
        if username not in self.users:
            self.users[username] = self._as(User.objects.select_related("person").get(username=username))
        return self.users[username]

    def _office(self) -> User:
        return self._named("vanphong")

    def _head_of(self, unit: Unit | None) -> User:
        place = unit.pk if unit else 0
        if place not in self.heads:
            self.heads[place] = self._as(users_heading(unit).order_by("pk")[0])
        return self.heads[place]

    def _members(self, unit: Unit) -> list[User]:
        if unit.pk not in self.members:
            postings = Posting.objects.on(clock.today()).filter(unit=unit, person__user__isnull=False)
            rows = postings.select_related("person__user").order_by("-post__order", "pk")
            self.members[unit.pk] = [self._as(posting.person.user) for posting in rows]
        return self.members[unit.pk]

    def _moments(self, day: date) -> Iterator[Any]:
        moment = Moment(day)
        while True:
            yield clock.at(moment.next())

    # --- registration --------------------------------------------------------------------------------
    def _extend_deadlines(self) -> None:
        today = timezone.localdate()
        campaigns.set_deadlines(
            self.campaign_year,
            by=self._office(),
            deadlines={stage: today + timedelta(days=days) for stage, days in DAYS_LEFT.items()},
            notes=dict.fromkeys(DAYS_LEFT, "Gia hạn"),
        )

    def _register(self) -> None:
        moments = self._moments(self.started_on + timedelta(days=1))
        for unit in Unit.objects.scored().open_on(self.started_on):
            with next(moments):
                members = self._members(unit)
                self._register_one(members[0], for_unit=True, place=0)
            for place, user in enumerate(members if self.scores_people else [], start=1):
                with next(moments):
                    self._register_one(user, for_unit=False, place=place)

    def _register_one(self, user: User, *, for_unit: bool, place: int) -> None:
        """In the running year registrations stand in every state."""
        running = self.ending == RUNNING
        if running and place % 7 == 6:
            return
        one = registrations.start(self.campaign_year, by=user, for_unit=for_unit)
        registrations.save(
            one,
            by=user,
            pledge=stories.pledge(self.year),
            items=stories.targets(self.campaign_year, self.chance),
        )
        if running and place % 7 == 5:
            return
        registrations.submit(one, by=user)
        if running and place % 7 == 4:
            return
        head = self._head_of(one.approving_unit)
        if running and place % 7 == 3:
            registrations.send_back(
                one, by=head, comment="Chỉ tiêu còn chung chung; hãy ghi rõ số lượng và thời hạn hoàn thành."
            )
        else:
            registrations.approve(Registration.objects.get(pk=one.pk), by=head)

    # --- score sheets --------------------------------------------------------------------------------
    def _score(self) -> None:
        moments = self._moments(self.scored_on)
        with next(moments):
            self._open_sheets()
        rows = Scorecard.objects.filter(campaign_year=self.campaign_year).select_related(
            "person__user", "unit"
        )
        for place, sheet in enumerate(rows.order_by("unit__order", "pk")):
            filler = self._filler(sheet)
            if filler:
                self._score_one(sheet, filler, place, moments)

    def _open_sheets(self) -> None:
        """The first two years scored collectives only."""
        if self.scores_people:
            sheets.open_sheets(self.campaign_year, by=self._office())
            return
        for unit in Unit.objects.scored().open_on(self.scored_on):
            sheets.open_sheet(self.campaign_year, by=self._office(), unit=unit)

    def _filler(self, sheet: Scorecard) -> User | None:
        if sheet.person:
            return self._as(sheet.person.user) if sheet.person.user else None
        return self._members(sheet.unit)[0]

    def _score_one(self, sheet: Scorecard, filler: User, place: int, moments: Iterator[Any]) -> None:
        """In the running year sheets stand in every state: the later in the list, the less is done."""
        running = self.ending == RUNNING
        stop = place % 8 if running else 8
        if stop == 0:
            return
        with next(moments), transaction.atomic():
            self._fill(sheet, filler, only_half=stop == 1)
        if stop <= 2:
            return
        with next(moments):
            sheets.submit(sheet, by=filler)
            head = self._head_of(sheet.approving_unit)
        if stop == 3:
            return
        if stop == 4:
            line = sheet.lines.exclude(self_score=0)[0]
            with next(moments):
                sheets.send_back(
                    sheet, by=head, flags={line.pk: "Số liệu chưa khớp với báo cáo quý IV của đơn vị."}
                )
            return
        with next(moments), transaction.atomic():
            self._correct_one_line(
                sheet, head, line_actions.save_approved, "self_score", stories.APPROVAL_REASON
            )
            sheets.approve(Scorecard.objects.get(pk=sheet.pk), by=head)
        if stop == 5:
            return
        with next(moments), transaction.atomic():
            sheet.refresh_from_db()
            appraiser = self._named("uyvien") if sheet.unit.code == "vp" else self._office()
            self._correct_one_line(
                sheet, appraiser, line_actions.save_appraised, "approved_score", stories.APPRAISAL_REASON
            )
            appraisal.appraise(sheet, by=appraiser)

    def _fill(self, sheet: Scorecard, filler: User, *, only_half: bool) -> None:
        line_actions.refresh_from_achievements(sheet, by=filler)
        quality = stories.quality_of(filler, self.campaign_year, collective=sheet.person_id is None)
        lines = list(sheet.lines.select_related("criterion", "scorecard__campaign_year"))
        chosen = lines[: len(lines) // 2] if only_half else lines
        entered = [
            (line, *stories.inputs_for(line.criterion, quality, self.chance))
            for line in chosen
            if line.self_score is None
        ]
        line_actions.save_lines(sheet, entered, by=filler)
        proven = [line for line, *_ in entered if line.criterion.evidence_required]
        proofs.attach_to_all(proven, self._paper(sheet.unit), by=filler, page="phần II")

    def _paper(self, unit: Unit) -> EvidenceDocument:
        """The unit's report of the year proves every figure on its sheets."""
        if unit.pk not in self.papers:
            reports = EvidenceDocument.objects.filter(unit=unit, issued_on__year=self.year).order_by("pk")
            self.papers[unit.pk] = reports[1]
        return self.papers[unit.pk]

    def _correct_one_line(self, sheet: Scorecard, by: User, act: Any, column: str, reason: str) -> None:
        """Every third sheet is put right in one line, with the reason."""
        if self.chance.random() > 0.34:
            return
        typed = (
            sheet.lines.filter(criterion__method="typed")
            .select_related("criterion", "scorecard__campaign_year")
            .first()
        )
        if typed and getattr(typed, column):
            line: Line = Line.objects.select_related("criterion").get(pk=typed.pk)
            act(line, by=by, score=getattr(line, column) - stories.STEP_DOWN, reason=reason)

    # --- results and awards --------------------------------------------------------------------------
    def _finish(self) -> None:
        office = self._office()
        with clock.at(_at(date(self.year + 1, 1, 10))):
            for recipient in Recipient.values:
                rows = Scorecard.objects.filter(
                    campaign_year=self.campaign_year, person__isnull=recipient == Recipient.COLLECTIVE
                )
                if not rows.exists():
                    continue
                unready = rows.exclude(state=Scorecard.State.APPRAISED).values_list("pk", flat=True)
                publication.publish(
                    self.campaign_year,
                    recipient,
                    by=office,
                    confirmation=publication.CONFIRMATION,
                    not_scored=list(unready),
                )
        with clock.at(_at(date(self.year + 1, 1, 20))):
            award_list = award_actions.compute(self.campaign_year, by=office)
            if self.ending == CLOSED:
                award_actions.settle(award_list, by=office)
                campaigns.close_year(self.campaign_year, by=office)
