"""The achievements of one demo year, with their evidence, in every state."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction

from campaigns.models import CampaignYear, Criterion
from core import clock
from emulation_portal.demo import stories
from emulation_portal.demo.papers import pdf
from emulation_portal.demo.titles import Titles
from organization.models import Unit, User
from scoring.actions import achievements, evidence
from scoring.models import Achievement, EvidenceDocument
from scoring.queries.achievements import criteria_for

if TYPE_CHECKING:
    from emulation_portal.demo.season import Moment

PAPERS = [
    ("QĐ-SNV", "Quyết định công nhận sáng kiến cấp cơ sở"),
    ("BC-SNV", "Báo cáo kết quả công tác cải cách hành chính"),
    ("GXN-SNV", "Giấy xác nhận kết quả thực hiện nhiệm vụ"),
]
# Nobody in the Sở is above the Director; colleagues share no documents with the technician.
WITHOUT_REPORTS = {"giamdoc", "quantri"}
REPEATED = (
    20,
    90,
)  # places of the running year's achievements whose title somebody of the unit has used already


class Work:
    """What the office achieved in one year."""

    def __init__(
        self,
        campaign_year: CampaignYear,
        chance: Random,
        titles: Titles,
        *,
        is_running: bool,
        members_of: Callable[[Unit], list[User]],
        head_of: Callable[[Unit | None], User],
    ) -> None:
        self.campaign_year = campaign_year
        self.chance = chance
        self.titles = titles
        self.is_running = is_running
        self.members_of = members_of
        self.head_of = head_of
        self.counter = 0
        self.title = ""

    def do(self, moment: "Moment", *, people: bool) -> None:
        counted = {recipient: self._counted(recipient) for recipient in ("collective", "individual")}
        for unit in Unit.objects.filter(parent__isnull=False).open_on(moment.day):
            with clock.at(moment.next()):
                members = self.members_of(unit)
                papers = self._store_papers(unit, members[0])
            if unit.is_collective:
                self._achieve(members[0], unit, counted["collective"], papers, moment, collective=True)
            for user in members if people else []:
                if user.username not in WITHOUT_REPORTS:
                    self._achieve(user, unit, counted["individual"], papers, moment, collective=False)

    def _counted(self, recipient: str) -> list[Criterion]:
        """The criteria that achievements prove."""
        return [
            one
            for one in criteria_for(self.campaign_year, recipient)
            if one.method == "count_capped" and one.params.get("from_achievements")
        ]

    def _store_papers(self, unit: Unit, user: User) -> list[EvidenceDocument]:
        """One document proves many achievements of the unit."""
        stored = []
        for place, (symbol, title) in enumerate(PAPERS):
            number = f"{100 + unit.order + place}/{symbol}"
            name = f"{title} năm {self.campaign_year.year} - {unit.short_name}"
            stored.append(
                evidence.upload_document(
                    pdf(name, number, unit.name),
                    by=user,
                    title=name,
                    number=number,
                    issuer="Sở Nội vụ",
                    issued_on=date(self.campaign_year.year, 10, 10 + place),
                    is_shared=True,
                )
            )
        return stored

    def _achieve(
        self,
        user: User,
        unit: Unit,
        counted: list[Criterion],
        papers: list[EvidenceDocument],
        moment: "Moment",
        *,
        collective: bool,
    ) -> None:
        """The better the year, the more there is to report; the running year is not over yet."""
        many = stories.how_many(stories.quality_of(user, self.campaign_year, collective=collective))
        if collective:
            many += 2  # many hands
        if self.is_running and user.username != "chuyenvien":
            many = (many + 1) // 2
        for criterion in self._chosen(counted, many):
            with clock.at(moment.next()), transaction.atomic():
                self._one(user, unit, criterion, papers, collective=collective)

    def _chosen(self, counted: list[Criterion], many: int) -> list[Criterion]:
        """People go for what weighs most, not all for the same."""
        by_weight = sorted(counted, key=lambda one: one.max_score + self.chance.randrange(3), reverse=True)
        return by_weight[:many]

    def _one(
        self,
        user: User,
        unit: Unit,
        criterion: Criterion,
        papers: list[EvidenceDocument],
        *,
        collective: bool,
    ) -> None:
        self.counter += 1
        ending = self.counter % 9 if self.is_running else 9
        shared = self.counter % 11 == 5 and unit.is_collective and not collective
        one = achievements.start(self.campaign_year, by=user, collective=collective)
        achievements.save(one, by=user, values=self._facts(unit, criterion, shared=shared))
        if ending == 0:
            return
        if shared:
            self._share(one, unit, by=user)
        evidence.add_evidence(
            one, papers[self.counter % len(papers)], by=user, page=f"trang {1 + self.counter % 4}"
        )
        achievements.submit(one, by=user)
        if ending in (1, 2):
            return
        head = self.head_of(one.approving_unit)
        if ending == 3:
            achievements.send_back(
                one, by=head, flags={"result": "Hãy ghi rõ kết quả bằng số liệu so với năm trước."}
            )
        elif ending == 4 and not collective:
            achievements.refuse(
                one,
                by=head,
                comment="Nội dung thuộc nhiệm vụ thường xuyên, chưa phải thành tích của phong trào.",
            )
        else:
            achievements.confirm(one, by=head)

    def _share(self, one: Achievement, unit: Unit, *, by: User) -> None:
        colleagues = [user.person for user in self.members_of(unit) if user != by]
        colleague = colleagues[self.counter % len(colleagues)]
        achievements.set_co_authors(one, [(colleague, Decimal(40))], by=by)

    def _facts(self, unit: Unit, criterion: Criterion, *, shared: bool) -> dict[str, object]:
        """Enough of the counted thing to reach the criterion's maximum now and then."""
        year, params = self.campaign_year.year, criterion.params
        enough = int(Decimal(params["max"]) / Decimal(params["points_each"]))
        latest = min(clock.today(), date(year, 12, 1))
        happened_on = max(date(year, 1, 15), latest - timedelta(days=self.chance.randrange(1, 60)))
        if not (self.is_running and self.counter in REPEATED):
            self.title = self.titles.next(unit.code, criterion.code)
        return {
            "title": self.title,
            "criterion": criterion,
            "happened_on": min(happened_on, latest),
            "quantity": Decimal(self.chance.choice([enough, enough, enough, max(1, enough - 1)])),
            "measure": params.get("measure", ""),
            "result": self.titles.result(),
            "role": "lead" if shared else "sole",
        }
