"""The demo office reviews its commendation: 2024 is over, 2025 in the middle of it, 2026 being prepared.

Every deed is the act that a person would press, at the moment at which he would have pressed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from awards import actions
from awards.actions import dossiers, proposals, verifying
from awards.models import AnnualRating, Award, Flag, Nomination, Proposal, Prospect, Review, ReviewDeadline
from awards.queries import nominations as queries
from core import clock
from emulation_portal.demo import council, deeds, merits
from emulation_portal.demo.index import at_day, moments_from
from emulation_portal.demo.merits import EXCELLENT, FIGHTER, LABORER, merit_of, office_pair
from emulation_portal.demo.papers import pdf
from organization.models import Person, Posting, Unit, User
from organization.queries import users_heading

FINISHED, RUNNING = 2024, 2025
COLLECTIVE, BEST_COLLECTIVE = "advanced_labor_collective", "excellent_labor_collective"
AWARDS = (
    "advanced_laborer",
    COLLECTIVE,
    FIGHTER,
    BEST_COLLECTIVE,
    "certificate_of_merit_individual",
    "certificate_of_merit_collective",
    "provincial_emulation_fighter",
)
SOLIDARITY, AFFIRMED = "solidarity", "Biên bản họp đơn vị, ý kiến cấp ủy và công đoàn"
# In the running review: how far the proposals of the units are. The others have not begun.
STATES = {
    "cchc": "draft", "tdkt": "submitted", "ccvc": "verified", "tg": "returned", "ttlt": "submitted", "tccb": "begun",
    "ttdv": "nobody",
}  # fmt: skip
DAYS_LEFT = (4, 9, 14, 40, 47, 54)  # ten working days to comment, also around Tết
GUIDANCE = (
    "Các phòng, đơn vị họp bình xét công khai, dân chủ; chú trọng người trực tiếp công tác. "
    "Hồ sơ gồm tờ trình, biên bản họp, báo cáo thành tích; sáng kiến phải có quyết định công nhận."
)
COURSE = (
    "Chủ trì nêu tiêu chuẩn từng danh hiệu; từng người tự nhận xét; cuộc họp thảo luận, bỏ phiếu từng trường hợp. "
    "Không có ý kiến khác."
)
NOBODY = "Năm 2025 đơn vị sắp xếp lại bộ máy; tập thể, cá nhân thống nhất không đề nghị khen thưởng."
DUTIES = "Tham mưu, thực hiện nhiệm vụ theo đề án vị trí việc làm và kế hoạch công tác năm đã được phê duyệt."
MERITS = {
    LABORER: "Hoàn thành tốt nhiệm vụ được giao năm {year}; chấp hành nghiêm kỷ luật, kỷ cương hành chính.",
    FIGHTER: "Hoàn thành xuất sắc nhiệm vụ năm {year}; có sáng kiến được công nhận, áp dụng hiệu quả tại Sở.",
    COLLECTIVE: "Hoàn thành các nhiệm vụ năm {year} đúng tiến độ; nội bộ đoàn kết, tích cực tham gia thi đua.",
    BEST_COLLECTIVE: "Dẫn đầu các phòng, đơn vị về kết quả công tác năm {year}; 100% người hoàn thành nhiệm vụ.",
}


def build() -> None:
    """Needs the office and its campaign."""
    merits.rate_years()
    deeds.recognise_years()
    deeds.note_facts()
    merits.fill_register()
    deeds.apply_now()
    council.conclude(to_the_council())
    _running()
    _prepared()


def to_the_council() -> Review:
    """The annual review of 2024, from the guiding letter to the stage of the council; what the council does follows."""
    season = Season(FINISHED)
    with clock.at(at_day(date(FINISHED, 11, 20))):
        days = [date(FINISHED + 1, 1, 9), date(FINISHED + 1, 1, 17), date(FINISHED + 1, 1, 20)]
        days += [date(FINISHED + 1, 2, 10), date(FINISHED + 1, 2, 18), date(FINISHED + 1, 2, 28)]
        review = season.open(days, letter="1342/SNV-VP")
    season.judge(date(FINISHED + 1, 1, 3))
    for unit in season.units():
        season.propose(unit, date(FINISHED + 1, 1, 6))
        season.verify(unit)
    with next(season.moments):
        actions.move_review(review, "publish_notice", by=season.office)
    with clock.at(at_day(date(FINISHED + 1, 2, 12))):
        actions.move_review(review, "call_council", by=season.office)
    return review


def _running() -> None:
    """The review of 2025: units propose, proposals stand in every state."""
    today, season = clock.today(), Season(RUNNING)
    with clock.at(at_day(today - timedelta(days=20))):
        season.open([today + timedelta(days=days) for days in DAYS_LEFT], letter="1518/SNV-VP")
    season.judge(today - timedelta(days=13))
    for unit in season.units():
        state = STATES.get(unit.code)
        if state in ("verified", "submitted"):
            season.affirm(unit)
        if state:
            season.propose(
                unit,
                today - timedelta(days=7),
                only_begun=state in ("begun", "nobody"),
                signs=state != "draft",
            )
        if state == "verified":
            season.verify(unit)
        elif state == "returned":
            season.return_one(unit)
        elif state == "nobody":
            season.propose_nobody(unit)


def _prepared() -> None:
    """The Office has begun to prepare the review of the year that runs."""
    today = clock.today()
    if today.year > RUNNING:
        with clock.at(at_day(today - timedelta(days=2))):
            Season(today.year).plan([], letter="")


@dataclass
class Season:
    """One annual review and who acts in it."""

    year: int
    moments: Iterator[Any] = field(init=False)
    review: Review = field(init=False)
    heads: dict[int, User] = field(default_factory=dict)
    writers: dict[int, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.office, self.colleague = office_pair()
        self.awards = {one.code: one for one in Award.objects.filter(code__in=AWARDS)}

    def plan(self, days: list[date], *, letter: str) -> Review:
        values: dict[str, Any] = {
            "kind": Review.Kind.ANNUAL,
            "year": self.year,
            "phase": Review.Phase.YEAR,
            "campaign": None,
            "title": f"Bình xét thi đua, khen thưởng năm {self.year}",
            "reference_date": date(self.year, 12, 31),
            "letter_number": letter,
            "letter_date": clock.today() if letter else None,
            "guidance": GUIDANCE if letter else "",
        }
        deadlines = dict(zip(ReviewDeadline.Step.values, days, strict=False))
        self.review = actions.plan_review(
            values, awards=self.awards.values(), deadlines=deadlines, by=self.office
        )
        return self.review

    def open(self, days: list[date], *, letter: str) -> Review:
        self.plan(days, letter=letter)
        actions.open_review(self.review, by=self.office)
        return self.review

    def judge(self, day: date) -> None:
        """Everybody is judged, as the worker does it."""
        self.moments = moments_from(day)
        with next(self.moments):
            actions.judge(self.review)

    def units(self) -> list[Unit]:
        return list(queries.proposing_units(self.review))

    def affirm(self, unit: Unit) -> None:
        """The Office signs for what only a person can say of the unit's people; for its own man the colleague would."""
        with next(self.moments):
            for person in queries.people_of(self.review, unit):
                actions.affirm(self.review, person, SOLIDARITY, holds=True, by=self.office, note=AFFIRMED)

    # --- one unit -----------------------------------------------------------------------------------------
    def propose(self, unit: Unit, day: date, *, only_begun: bool = False, signs: bool = True) -> None:
        self.moments = moments_from(day + timedelta(days=unit.order // 40))
        with next(self.moments):
            head = users_heading(unit).order_by("pk")[0]
            writer = self._writer(unit, head)
            self.heads[unit.pk], self.writers[unit.pk] = head, writer
            proposal = proposals.begin_proposal(self.review, unit, by=writer)
        if only_begun:
            return
        people = list(queries.people_of(self.review, unit))
        with next(self.moments):
            self._write_minutes(proposal, people, head, writer)
        for award, subject in self._candidates(unit, people):
            with next(self.moments):
                self._one(proposal, award, subject, writer)
        with next(self.moments):
            votes = {one.pk: (proposal.present, 0) for one in proposal.nominations.standing()}
            proposals.record_votes(proposal, votes, by=writer)
            if signs:
                proposals.submit(proposal, by=head)

    def _writer(self, unit: Unit, head: User) -> User:
        """Somebody of the unit who is not its head; for the leadership of the Sở the Office."""
        if unit.parent_id is None:
            return self.office
        places = Posting.objects.on(clock.today()).filter(unit=unit, person__user__isnull=False)
        known = places.exclude(person=head.person).select_related("person__user")
        return known.order_by("-post__order", "pk")[0].person.user

    def _write_minutes(self, proposal: Proposal, people: list[Person], head: User, writer: User) -> None:
        absent = f"{people[-1]} (đi công tác)" if len(people) > 6 else ""
        values = {
            "letter_number": f"{proposal.unit.order // 10 + 4}/TTr-{proposal.unit.code.upper()}",
            "letter_date": clock.today(),
            "met_on": clock.today(),
            "place": "Phòng họp của đơn vị",
            "chair": head.person,
            "secretary": writer.person,
            "members": len(people),
            "present": len(people) - bool(absent),
            "absent": absent,
            "course": COURSE,
            "reason": "" if proposal.unit.parent_id else "Tờ trình của Ban Giám đốc chỉ gồm lãnh đạo Sở.",
        }
        paper = pdf(f"Biên bản họp bình xét năm {self.year}", proposal.unit.name)
        proposals.write_minutes(proposal, values, by=writer, upload=paper)

    def _candidates(self, unit: Unit, people: list[Person]) -> Iterator[tuple[str, Any]]:
        """LĐTT for whoever may have it, CSTĐCS within the quota for the best of the excellent, the unit itself."""
        prospects = self.review.prospects.exclude(state=Prospect.State.UNMET)
        able = {
            code: set(prospects.filter(award__code=code).values_list("person_id", flat=True))
            for code in AWARDS
        }
        good = sorted((one for one in people if one.pk in able[LABORER]), key=self._place)
        fighters = [one for one in good if one.pk in able[FIGHTER]][: len(good) * 15 // 100]
        yield from ((FIGHTER, one) for one in fighters)
        yield from ((LABORER, one) for one in good)  # who is proposed for CSTĐCS is chosen among them
        if unit.parent_id and len(good) * 10 >= len(people) * 7:
            graded = AnnualRating.objects.filter(unit=unit, year=self.year).values_list("grade", flat=True)
            best = EXCELLENT in graded and fighters
            yield (BEST_COLLECTIVE if best else COLLECTIVE), unit

    def _place(self, person: Person) -> float:
        return -merit_of(person, self.year)

    def _one(self, proposal: Proposal, award: str, subject: Any, writer: User) -> None:
        nomination = proposals.propose(proposal, self.awards[award], subject, by=writer)
        report = {} if award == LABORER else {"nhiem-vu": DUTIES}
        dossiers.write_report(nomination, report, MERITS[award].format(year=self.year), by=writer)

    # --- the Office -----------------------------------------------------------------------------------------
    def verify(self, unit: Unit) -> None:
        """Dossier by dossier, with the basis of what only a person can say; one's own is the colleague's."""
        proposal = self.review.proposals.get(unit=unit)
        with next(self.moments):
            reason = "Đơn vị đã xác nhận tại biên bản họp; Văn phòng Sở đối chiếu hồ sơ."
            verifying.accept_rest(proposal, by=self.office, reason=reason)
            for one in proposal.nominations.standing().filter(person=self.office.person):
                verifying.judge_dossier(one, Nomination.Verdict.ACCEPTED, by=self.colleague, reason=reason)
            verifying.verify(proposal, by=self.office)

    def propose_nobody(self, unit: Unit) -> None:
        with next(self.moments):
            proposal = self.review.proposals.get(unit=unit)
            proposals.propose_nobody(proposal, by=self.heads[unit.pk], comment=NOBODY)

    def return_one(self, unit: Unit) -> None:
        proposal = self.review.proposals.get(unit=unit)
        with next(self.moments):
            one = proposal.nominations.standing().filter(person__isnull=False).order_by("pk")[0]
            text = "Báo cáo chưa nêu số liệu cụ thể của nhiệm vụ được giao."
            verifying.flag_point(one, Flag.Point.REPORT, text, by=self.office)
            verifying.return_proposal(
                proposal, by=self.office, comment="Hoàn thiện theo yêu cầu ghi ở từng hồ sơ."
            )
