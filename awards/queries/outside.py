"""What other floors know for a review: the published results of the year, and the movement that it rewards."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q

from awards.eligibility import facts
from awards.eligibility.months import months_between
from campaigns.models import Campaign
from core.vietnamese import fold
from organization import roles
from organization.models import Appointment
from scoring.models import Result


class YearResults:
    """Results of the year that are in force: of people, of units, and of the unit that a head leads."""

    def __init__(self, year: int, day: date, people: Collection[int] | None = None) -> None:
        """Of everybody and of all units, or of all units and these people."""
        rows = Result.objects.filter(
            publication__withdrawn_at__isnull=True,
            publication__campaign_year__year=year,
            publication__campaign_year__period="year",
        )
        if people is not None:
            rows = rows.filter(Q(scorecard__person__isnull=True) | Q(scorecard__person__in=people))
        self.people: dict[int, list[facts.Result]] = defaultdict(list)
        self.units: dict[int, list[facts.Result]] = defaultdict(list)
        for person, unit, code, band, score, rank in rows.order_by().values_list(
            "scorecard__person_id",
            "scorecard__unit_id",
            "publication__campaign_year__campaign__code",
            "band",
            "index",
            "rank",
        ):
            one = facts.Result(code, year, "own", band, score, rank)
            (self.people[person] if person else self.units[unit]).append(one)
        headed = Appointment.objects.on(day).filter(role=roles.HEAD, delegated_by__isnull=True)
        self.led: dict[int, list[int]] = defaultdict(list)
        for person, unit in headed.values_list("person_id", "unit_id"):
            self.led[person].append(unit)

    def of_unit(self, pk: int) -> list[facts.Result]:
        return self.units.get(pk, [])

    def heads(self, pk: int) -> bool:
        return bool(self.led.get(pk))

    def of_person(self, pk: int, unit: int | None) -> Iterable[facts.Result]:
        yield from self.people.get(pk, ())
        for led in self.led.get(pk, ()):
            yield from (_told(one, "led") for one in self.units.get(led, ()))
        if unit is not None:
            yield from (_told(one, "member") for one in self.units.get(unit, ()))


def _told(one: facts.Result, whose: str) -> facts.Result:
    return facts.Result(one.campaign, one.year, whose, one.band, one.score, one.rank)


# --- the movement of a thematic review --------------------------------------------------------------------
LAUNCHED_BY = (  # how the launching paper names its issuer, the farthest first
    ("prime_minister", ("thu tuong", "chinh phu")),
    ("province", ("uy ban nhan dan", "ubnd", "chu tich", "tinh uy")),
    ("agency", ("so ", "van phong so")),
    ("ministry", ("bo ", "ban thi dua")),
)


def movement_of(campaign: Campaign | None, phase: str) -> facts.Movement | None:
    """The campaign that a review rewards; None while neither it nor its launching paper says who launched it."""
    if campaign is None:
        return None
    launcher = campaign.launched_by or _issuer_of(campaign)
    if launcher is None:
        return None
    months = int(months_between(campaign.starts_on, campaign.ends_on + timedelta(days=1)))
    return facts.Movement(launcher, months, phase if phase in facts.STAGES else "running")


def _issuer_of(campaign: Campaign) -> str | None:
    if campaign.plan is None:
        return None
    issuer = f"{fold(campaign.plan.issuer)} "
    return next((code for code, starts in LAUNCHED_BY if issuer.startswith(starts)), None)
