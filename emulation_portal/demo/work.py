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
from organization.models import Posting, Unit, User
from organization.queries import users_heading
from scoring.actions import achievements, evidence
from scoring.models import EvidenceDocument
from scoring.queries.achievements import criteria_for

if TYPE_CHECKING:
    from emulation_portal.demo.season import Moment

PAPERS = [
    ("QĐ-SNV", "Quyết định công nhận sáng kiến cấp cơ sở"),
    ("BC-SNV", "Báo cáo kết quả công tác cải cách hành chính"),
    ("GXN-SNV", "Giấy xác nhận kết quả thực hiện nhiệm vụ"),
]


class Work:
    """What the office achieved in one year."""

    def __init__(
        self,
        campaign_year: CampaignYear,
        chance: Random,
        *,
        is_running: bool,
        scores_people: bool,
        as_user: Callable[[User], User],
    ) -> None:
        self.campaign_year = campaign_year
        self.chance = chance
        self.is_running = is_running
        self.scores_people = scores_people
        self.as_user = as_user
        self.counter = 0

    def do(self, moment: "Moment") -> None:
        for unit in Unit.objects.filter(parent__isnull=False).open_on(moment.day):
            with clock.at(moment.next()):
                members = self._members(unit)
                papers = self._store_papers(unit, members[0])
            if unit.is_collective:
                self._achieve(members[0], papers, moment, collective=True, share=0.9)
            for user in members if self.scores_people else []:
                if user.username == "giamdoc":
                    continue  # nobody in the Sở is above the Director
                share = self.chance.choice([0, 0, 0.2, 0.3, 0.9])
                if user.username == "chuyenvien":
                    share = 0.9
                self._achieve(user, papers, moment, collective=False, share=share)

    def _members(self, unit: Unit) -> list[User]:
        people = Posting.objects.on(clock.today()).filter(unit=unit, person__user__isnull=False)
        rows = people.select_related("person__user").order_by("-post__order", "pk")
        return [self.as_user(posting.person.user) for posting in rows]

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
        self, user: User, papers: list[EvidenceDocument], moment: "Moment", *, collective: bool, share: float
    ) -> None:
        recipient = "collective" if collective else "individual"
        counted = [
            one
            for one in criteria_for(self.campaign_year, recipient)
            if one.method == "count_capped" and one.params.get("from_achievements")
        ]
        for criterion in counted:
            if self.chance.random() < share:
                with clock.at(moment.next()), transaction.atomic():
                    self._one(user, criterion, papers, collective=collective)

    def _one(
        self, user: User, criterion: Criterion, papers: list[EvidenceDocument], *, collective: bool
    ) -> None:
        self.counter += 1
        ending = self.counter % 9 if self.is_running else 9
        one = achievements.start(self.campaign_year, by=user, collective=collective)
        achievements.save(one, by=user, values=self._facts(criterion))
        if ending == 0:
            return
        achievements.set_co_authors(one, [], by=user)
        evidence.add_evidence(
            one, papers[self.counter % len(papers)], by=user, page=f"trang {1 + self.counter % 4}"
        )
        achievements.submit(one, by=user)
        if ending in (1, 2):
            return
        head = self.as_user(users_heading(one.approving_unit).order_by("pk")[0])
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

    def _facts(self, criterion: Criterion) -> dict[str, object]:
        """Enough of the counted thing to reach the criterion's maximum now and then."""
        year, params = self.campaign_year.year, criterion.params
        enough = int(Decimal(params["max"]) / Decimal(params["points_each"]))
        latest = min(clock.today(), date(year, 12, 1))
        happened_on = max(date(year, 1, 15), latest - timedelta(days=self.chance.randrange(1, 60)))
        return {
            "title": f"{self.chance.choice(stories.WORKS)} năm {year}",
            "criterion": criterion,
            "happened_on": min(happened_on, latest),
            "quantity": Decimal(self.chance.choice([enough, enough, max(1, enough - 1)])),
            "measure": params.get("measure", ""),
            "result": self.chance.choice(stories.RESULTS),
            "role": "sole",
        }
