"""The calendar of a campaign year: deadlines, what comes next, which years are open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import CharField, QuerySet
from django.urls import reverse

from campaigns.calculations import period_after, time_in_words
from campaigns.models import Campaign, CampaignYear, Deadline, Extension, QuarterDeadline, Stage
from core.prepared import Prepared, Slot, Slots
from organization.models import AskedBy


@dataclass(frozen=True)
class NextDeadline:
    stage: str
    label: str
    due_on: date
    days_left: int


@dataclass(frozen=True)
class OpenYear:
    """An open year for the first page, with the deadline that comes next."""

    name: str
    next_deadline: NextDeadline | None
    href: str


@dataclass(frozen=True)
class OpenCalendar:
    """The open rounds of every campaign, newest first: their names, the last day of each stage that has one, and which
    of them belong to movements and take registrations.

    A year is open only while its campaign is launched, and what is launched everybody sees.
    """

    names: dict[int, str]
    due: dict[tuple[int, str], date]
    movements: frozenset[int] = frozenset()
    quarters: dict[int, list[tuple[str, date]]] = field(default_factory=dict)

    @cached_property
    def more(self) -> dict[tuple[int, str, int], date]:
        """By round, stage and unit, until when that unit was given more time; asked once, where a unit matters."""
        rows = MORE.ask(years=list(self.names)) if self.due else []
        return {(year, stage, unit): until for year, stage, unit, until in rows}

    def last_day(self, year: int, stage: str, unit: int | None) -> date | None:
        """The last day of a stage for this unit; None where the Office has set none."""
        due = self.due.get((year, stage))
        more = self.more.get((year, stage, unit)) if due and unit else None
        return max(due, more) if due and more else due

    def first_due(self, year: int, stage: str, units: Iterable[int | None]) -> date | None:
        """When the first of these units has to be done."""
        return min((day for unit in units if (day := self.last_day(year, stage, unit))), default=None)


MORE = Prepared(
    lambda: (
        Extension.objects.filter(campaign_year__in=Slots("years"))
        .order_by()
        .values_list("campaign_year", "stage", "unit", "until")
    )
)
DATED = ("deadlines__stage", "deadlines__due_on")


def _open_calendar() -> QuerySet:
    facts = ("pk", "campaign__short_name", "year", "period", "campaign__kind", *DATED)
    return CampaignYear.objects.open().order_by("-year", "pk").values_list(*facts)


OPEN_CALENDAR = Prepared(_open_calendar)
QUARTER_DEADLINES = Prepared(
    lambda: (
        QuarterDeadline.objects.filter(campaign_year__in=CampaignYear.objects.open().values("pk"))
        .order_by("due_on")
        .values_list("campaign_year", "quarter", "due_on")
    )
)


def open_calendar() -> OpenCalendar:
    """Two questions for all that the first page shows and counts by year."""
    rows = OPEN_CALENDAR.ask()
    quarters: dict[int, list[tuple[str, date]]] = {}
    for year, quarter, due_on in QUARTER_DEADLINES.ask():
        quarters.setdefault(year, []).append((quarter, due_on))
    return OpenCalendar(
        {pk: f"{name} – {time_in_words(year, period)}" for pk, name, year, period, *_ in rows},
        {(pk, stage): day for pk, *_, stage, day in rows if stage},
        frozenset(pk for pk, _, _, _, kind, *_ in rows if kind != Campaign.Kind.INDEX),
        quarters,
    )


DUE = Prepared(
    lambda: Deadline.objects.filter(campaign_year=Slot("year"), stage=Slot("stage", CharField())).values_list(
        "due_on"
    )
)


DUES = Prepared(
    lambda: Deadline.objects.filter(campaign_year=Slot("year")).values_list("stage", "due_on").order_by()
)


def deadlines_of(campaign_year: CampaignYear) -> dict[str, date]:
    """The last day of every stage that has one."""
    return dict(DUES.ask(year=campaign_year.pk))


def deadline_of(campaign_year: CampaignYear, stage: str) -> date | None:
    """The last day of a stage, included; None when the Office has set none."""
    found = DUE.ask(year=campaign_year.pk, stage=stage)
    return found[0][0] if found else None


def last_day_for(campaign_year: CampaignYear, stage: str, unit_id: int) -> date | None:
    """The last day of a stage for one unit, which may have been given more time."""
    due = deadline_of(campaign_year, stage)
    more = MORE_OF_UNIT.ask(year=campaign_year.pk, stage=stage, unit=unit_id) if due else []
    return max([due, *(until for (until,) in more)]) if due else None


MORE_OF_UNIT = Prepared(
    lambda: Extension.objects.filter(
        campaign_year=Slot("year"), stage=Slot("stage", CharField()), unit=Slot("unit")
    ).values_list("until")
)


def next_deadline(campaign_year: CampaignYear, day: date) -> NextDeadline | None:
    """The nearest deadline from that day on; reads prefetched deadlines."""
    return _nearest([(one.due_on, one.stage) for one in campaign_year.deadlines.all()], day)


def _nearest(deadlines: Iterable[tuple[date, str]], day: date) -> NextDeadline | None:
    due_on, stage = min((one for one in deadlines if one[0] >= day), default=(None, ""))
    return NextDeadline(stage, Stage(stage).label, due_on, (due_on - day).days) if due_on else None


def years_open_to(user: Any) -> QuerySet[CampaignYear]:
    return (
        CampaignYear.objects.visible_to(user)
        .open()
        .of_movements()
        .select_related("campaign")
        .prefetch_related("deadlines")
        .order_by("-year", "pk")
    )


def open_years(calendar: OpenCalendar, day: date) -> list[OpenYear]:
    """The open years for the first page, each with its nearest deadline from that day on."""
    return [
        OpenYear(
            name,
            _nearest([(due_on, stage) for (year, stage), due_on in calendar.due.items() if year == pk], day),
            reverse("campaigns:year_detail", args=[pk]),
        )
        for pk, name in calendar.names.items()
    ]


YEAR_SEEN = AskedBy(
    lambda user: CampaignYear.objects.visible_to(user).filter(pk=Slot("pk")).select_related("campaign")
)


def year_visible_to(user: Any, pk: int) -> CampaignYear | None:
    """The year with its campaign, if this user may see it."""
    return next(iter(YEAR_SEEN.rows(user, pk=pk)), None)


def _named(years: QuerySet[CampaignYear]) -> QuerySet:
    return years.order_by("-year", "period").values_list("pk", "campaign__short_name", "year", "period")


def _begun() -> Any:
    return CampaignYear.objects.exclude(state=CampaignYear.State.PLANNED)


MOVEMENT_YEARS = Prepared(lambda: _named(CampaignYear.objects.of_movements()))
BEGUN_YEARS = Prepared(lambda: _named(_begun()))
BEGUN_MOVEMENT_YEARS = Prepared(lambda: _named(_begun().of_movements()))


def movement_year_choices() -> list[tuple[str, str]]:
    """Every year of every movement as the filter of the registrations offers it; indexes have none."""
    return _choices(MOVEMENT_YEARS.ask())


def begun_year_choices() -> list[tuple[str, str]]:
    """Rounds that have sheets: open or closed ones."""
    return _choices(BEGUN_YEARS.ask())


def begun_movement_year_choices() -> list[tuple[str, str]]:
    """Years that have achievements: open or closed ones of movements."""
    return _choices(BEGUN_MOVEMENT_YEARS.ask())


def _choices(rows: Iterable[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(str(pk), f"{name} – {time_in_words(year, period)}") for pk, name, year, period in rows]


def calendar_of(campaign_year: CampaignYear, day: date) -> list[dict[str, Any]]:
    """Every stage in order with its deadline, if any, and the days that are left."""
    known = {one.stage: one for one in campaign_year.deadlines.all()}
    rows = []
    for stage in campaign_year.campaign.stages:
        deadline = known.get(stage)
        left = (deadline.due_on - day).days if deadline else None
        rows.append({"stage": stage, "label": stage.label, "deadline": deadline, "left": left})
        if stage == Stage.ACHIEVEMENTS:
            rows[-1]["quarters"] = list(campaign_year.quarter_deadlines.all())
    return rows


def next_round_of(campaign_year: CampaignYear) -> str:
    """What the round after this one is called, where an index has none yet and may still get it; otherwise empty."""
    campaign = campaign_year.campaign
    year, period = period_after(campaign_year.year, campaign_year.period)
    if not campaign.is_index or campaign.state == Campaign.State.CONCLUDED:
        return ""
    is_there = campaign.years.filter(year=year, period=period).exists()
    return "" if is_there else time_in_words(year, period)
