"""Single rows that wait: for the appraisers of the unit in charge of them, and for the Office."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from campaigns.methods import Filler, filler_of
from campaigns.models import CampaignYear, Criterion, Stage
from campaigns.queries import OpenCalendar
from core.agenda import Task
from core.prepared import Prepared, Slots
from organization import roles
from organization.models import AskedBy
from scoring.models import Line, Scorecard
from scoring.models.sheets import OUTSIDE

State = Scorecard.State
JUDGED_NOW = [State.APPROVED, State.EXPLAINING, State.EXPLAINED, State.APPRAISED]
SURVEYED, CLOSED = "Nhập kết quả điều tra", "Chốt số liệu để so sánh"


def rows_in_charge(user: Any) -> QuerySet[Line]:
    """Rows of approved sheets that this appraiser's unit is in charge of and nobody has looked at."""
    units = user.acting.units
    rows = Line.objects.waiting_in_charge().filter(
        criterion__in_charge__in=units,
        scorecard__state=State.APPROVED,
        scorecard__campaign_year__state=CampaignYear.State.OPEN,
    )
    own = Q(scorecard__person__isnull=False, scorecard__person_id=user.acting.person_id)
    concerned = own | Q(scorecard__submitted_by_id=user.pk) | Q(scorecard__approved_by_id=user.pk)
    return rows.exclude(scorecard__unit__in=units).exclude(concerned)


def rows_of_office(user: Any) -> QuerySet[Line]:
    """Rows that no unit scores itself and that have no points yet, on sheets that are approved. Asked by the numbers of
    their criteria: those are few, and without them every line of every open round would be looked at."""
    return Line.objects.filter(
        criterion__in=Slots("criteria"),
        office_score__isnull=True,
        is_excluded=False,
        scorecard__state__in=JUDGED_NOW,
        scorecard__campaign_year__state=CampaignYear.State.OPEN,
    ).exclude(scorecard__unit__in=user.acting.units, criterion__method__in=BY_OFFICE)


OUTSIDE_CRITERIA = Prepared(
    lambda: Criterion.objects.filter(
        method__in=OUTSIDE, is_leaf=True, criteria_set__campaign_year__state=CampaignYear.State.OPEN
    ).values_list("pk")
)
BY_OFFICE = [method for method in OUTSIDE if filler_of(method) == Filler.OFFICE]
YEAR = ("scorecard__campaign_year", "scorecard__campaign_year__year")
HOW_MANY = (Count("pk"), Count("scorecard", distinct=True))
UNIT = "scorecard__unit"
IN_CHARGE = AskedBy(lambda user: rows_in_charge(user).order_by().values_list(*YEAR, UNIT).annotate(*HOW_MANY))
OF_OFFICE = AskedBy(
    lambda user: (
        rows_of_office(user).order_by().values_list(*YEAR, "criterion__method", UNIT).annotate(Count("pk"))
    )
)


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """One question for an appraiser or the Office; none for everybody else."""
    if not user.acting.person_id:
        return []
    if user.acting.is_(roles.OFFICE):
        return _office_tasks(user, calendar) if calendar.names.keys() - calendar.movements else []
    if user.acting.is_(roles.APPRAISER):
        return [task for _, task in in_charge_tasks(calendar, IN_CHARGE.ask(user))]
    return []


def of_index(calendar: OpenCalendar, year_id: int) -> str:
    """Which index a task is about; of the movement the year says enough."""
    if year_id in calendar.movements or year_id not in calendar.names:
        return ""
    return f", {calendar.names[year_id]}"


def in_charge_tasks(
    calendar: OpenCalendar, found: Iterable[tuple[int, int, int, int, int]]
) -> Iterator[tuple[int, Task]]:
    """From (round, year, unit, number of rows, number of sheets): the task of each round."""
    rounds: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for pk, year, *counts in found:
        rounds.setdefault((pk, year), []).append((counts[0], counts[1], counts[2]))
    for (pk, year), counted in rounds.items():
        yield pk, _in_charge_task(calendar, pk, year, counted)


def _in_charge_task(calendar: OpenCalendar, pk: int, year: int, counted: list[tuple[int, int, int]]) -> Task:
    rows, sheets = sum(one[1] for one in counted), sum(one[2] for one in counted)
    return Task(
        title=f"Thẩm định tiêu chí được giao năm {year}",
        detail=f"{rows} tiêu chí ở {sheets} phiếu{of_index(calendar, pk)}",
        href=f"{reverse('scoring:appraisal_list')}?nam={pk}&viec=duoc-giao",
        verb="Thẩm định",
        due=calendar.first_due(pk, Stage.APPRAISAL, [unit for unit, _, _ in counted]),
        count=rows,
    )


def _office_tasks(user: Any, calendar: OpenCalendar) -> list[Task]:
    criteria = {pk for (pk,) in OUTSIDE_CRITERIA.ask()}
    return office_tasks(calendar, OF_OFFICE.ask(user, criteria=criteria) if criteria else [])


def office_tasks(calendar: OpenCalendar, found: Iterable[tuple[Any, ...]]) -> list[Task]:
    """From (round, year, method, unit, number of rows): what is entered and what is computed."""
    surveyed: dict[tuple[int, int], dict[int, int]] = {}
    closed: dict[tuple[int, int], dict[int, int]] = {}
    for pk, year, method, unit, rows in found:
        counts = (surveyed if method in BY_OFFICE else closed).setdefault((pk, year), {})
        counts[unit] = counts.get(unit, 0) + rows
    return [
        *(
            _office_task(calendar, *key, n, SURVEYED, "Nhập", f"{sum(n.values())} kết quả chưa có")
            for key, n in surveyed.items()
        ),
        *(
            _office_task(calendar, *key, n, CLOSED, "Chốt", f"{sum(n.values())} dòng chưa tính điểm")
            for key, n in closed.items()
        ),
    ]


def _office_task(
    calendar: OpenCalendar, pk: int, year: int, units: Iterable[int], title: str, verb: str, words: str
) -> Task:
    return Task(
        title=f"{title} năm {year}",
        detail=f"{words}{of_index(calendar, pk)}",
        href=reverse("scoring:survey", args=[pk]),
        verb=verb,
        due=calendar.first_due(pk, Stage.SURVEY, units),
    )
