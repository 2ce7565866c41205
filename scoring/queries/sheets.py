"""Questions about score sheets, their lines and the ranking."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from campaigns.models import CampaignYear, CriteriaSet, Criterion, Stage
from campaigns.queries import OpenCalendar
from core import clock
from core.agenda import Task
from core.listing import addresses
from core.models import Entry
from core.prepared import Prepared, Slot, Slots
from organization import roles
from organization.models import Appointment, AskedBy, Posting, User
from scoring.models import (
    Achievement,
    AchievementEvidence,
    Line,
    LineEvidence,
    Scorecard,
)
from scoring.queries.counting import confirmed_quantities
from scoring.queries.rows import of_index, rows_in_charge

State = Scorecard.State
FILLING = [State.DRAFT, State.RETURNED]
Kind = tuple[str, str, Stage, str]  # of a task that counts sheets: its title, its button, its stage, its page
Units = dict[int, int]  # how many sheets of each unit
LOCKED = "đã khóa vì hết hạn, chỉ làm tiếp được khi Văn phòng Sở gia hạn cho đơn vị"
Counted = tuple[list[tuple[Any, ...]], str, str, Stage, str]
APPROVES: Kind = ("Duyệt phiếu chấm điểm", "Duyệt", Stage.APPROVAL, "scoring:scorecard_list")
APPRAISES: Kind = ("Thẩm định phiếu chấm điểm", "Thẩm định", Stage.APPRAISAL, "scoring:appraisal_list")
EXPLAINS: Kind = ("Giải trình phiếu chấm điểm", "Giải trình", Stage.EXPLANATION, "scoring:scorecard_list")
CONCLUDES: Kind = ("Ghi kết luận của Hội đồng", "Ghi kết luận", Stage.COUNCIL, "scoring:scorecard_list")
LOOKS_AGAIN: Kind = ("Thẩm định lần 2", "Thẩm định", Stage.SECOND_APPRAISAL, "scoring:scorecard_list")


# --- one sheet ---------------------------------------------------------------------------------------
SHEET = Prepared(
    lambda: Scorecard.objects.filter(pk=Slot("pk")).select_related("unit", "person", "approving_unit")
)
# Asked apart: the database plans two small joins in less than half the time of a large one.
CRITERIA = Prepared(
    lambda: CriteriaSet.objects.filter(pk=Slot("pk")).select_related("campaign_year__campaign")
)

SEEN_SHEET = AskedBy(lambda user: Scorecard.objects.filter(pk=Slot("pk")).visible_to(user).values_list("pk"))


def sheet_visible_to(user: Any, pk: int) -> Scorecard | None:
    """The sheet with everything its page names, if this user may see it."""
    if not SEEN_SHEET.ask(user, pk=pk):
        return None
    for sheet in SHEET.rows(pk=pk):
        [sheet.criteria_set] = CRITERIA.rows(pk=sheet.criteria_set_id)
        sheet.campaign_year = sheet.criteria_set.campaign_year
        return sheet
    return None


def lines_of(sheet: Scorecard) -> list[Line]:
    """The lines in the order of the tree, each with its criterion and its documents."""
    lines = LINES.rows(sheet=sheet.pk)
    links: dict[int, list[LineEvidence]] = {}
    for link in LINKS.rows(sheet=sheet.pk):
        links.setdefault(link.line_id, []).append(link)
    asking = {line.flagged_by_id for line in lines if line.is_flagged and line.flagged_by_id}
    people = (
        {user.pk: user for user in User.objects.filter(pk__in=asking).select_related("person")}
        if asking
        else {}
    )
    for line in lines:
        line.scorecard, line.links = sheet, links.get(line.pk, [])
        if line.flagged_by_id in people:  # one and the same person, so that his rights are read once
            line.flagged_by = people[line.flagged_by_id]
    return lines


LINKS = Prepared(
    lambda: (
        LineEvidence.objects.filter(line__scorecard=Slot("sheet")).select_related("document").order_by("pk")
    )
)
LINES = Prepared(lambda: Line.objects.filter(scorecard=Slot("sheet")).select_related("criterion__in_charge"))
HEADINGS = Prepared(lambda: Criterion.objects.filter(criteria_set=Slot("criteria_set"), is_leaf=False))


def _history() -> QuerySet[Entry]:
    changed = Q(target_type="scoring.line", target_id__in=Slots("lines"), verb__in=["approved", "appraised"])
    own = Q(target_type="scoring.scorecard", target_id=Slot("sheet"))
    return Entry.objects.filter(own | changed)[:HISTORY_SHOWN]


HISTORY_SHOWN = 60
HISTORY = Prepared(_history)


def history_of_sheet(sheet: Scorecard, lines: Iterable[Line]) -> list[Entry]:
    """The sheet's own journal and every score that head or appraiser changed on its lines, the newest of them."""
    return HISTORY.rows(sheet=sheet.pk, lines=[line.pk for line in lines])


def latest_entry(sheet: Scorecard) -> Entry | None:
    """The last thing that somebody did with the sheet or decided on one of its lines."""
    return next(iter(history_of_sheet(sheet, sheet.lines.only("pk"))), None)


def headings_of(sheet: Scorecard) -> list[Criterion]:
    """The inner nodes of the sheet's criteria."""
    return HEADINGS.rows(criteria_set=sheet.criteria_set_id)


@dataclass
class Confirmed:
    """What confirmed achievements say about one criterion: how much, which ones, and their documents."""

    quantity: Decimal
    achievements: list[Achievement]
    links: list[AchievementEvidence] = field(default_factory=list)


PROOFS = Prepared(
    lambda: (
        AchievementEvidence.objects.filter(achievement__in=Slots("achievements"))
        .select_related("document")
        .order_by("pk")
    )
)


def confirmed_by_criterion(sheet: Scorecard) -> dict[int, Confirmed]:
    """By criterion of the sheet, with two queries."""
    found = confirmed_quantities(sheet.campaign_year, sheet.unit, sheet.person, sheet.criteria_set)
    confirmed = {criterion_id: Confirmed(*pair) for criterion_id, pair in found.items()}
    if confirmed:
        place = {one.pk: criterion_id for criterion_id, (_, rows) in found.items() for one in rows}
        for link in PROOFS.rows(achievements=place):
            confirmed[place[link.achievement_id]].links.append(link)
    return confirmed


# --- what waits for whom -----------------------------------------------------------------------------
def waiting_for_filling(user: Any) -> QuerySet[Scorecard]:
    rows = _open_sheets().filter(_filled_by(user), state__in=FILLING)
    return rows if user.acting.person_id else Scorecard.objects.none()


def _filled_by(user: Any) -> Q:
    """His own sheet and those of his units; the technician his own alone, as ``speaks_for`` has it."""
    acting = user.acting
    own = Q(person_id=acting.person_id)
    if acting.is_(roles.TECHNICIAN):
        return own
    return own | Q(person__isnull=True, unit_id__in=acting.units)


def waiting_for_approval(user: Any) -> QuerySet[Scorecard]:
    """Sheets that this user, as a head, has to approve; own ones and those he submitted go to somebody else."""
    rows = _open_sheets().filter(state=State.SUBMITTED, approving_unit_id__in=user.acting.headed)
    return rows.exclude(submitted_by_id=user.pk).filter(_not_about(user))


def waiting_for_appraisal(user: Any) -> QuerySet[Scorecard]:
    acting = user.acting
    if not acting.roles & {roles.OFFICE, roles.APPRAISER}:
        return Scorecard.objects.none()
    rows = _open_sheets().filter(state=State.APPROVED).exclude(unit_id__in=acting.units)
    if not acting.is_(roles.OFFICE):  # who may end the appraisal only when rows of other units are done
        rows = rows.exclude(Exists(Line.objects.waiting_in_charge().filter(scorecard=OuterRef("pk"))))
    return rows.exclude(submitted_by_id=user.pk).exclude(approved_by_id=user.pk).filter(_not_about(user))


def waiting_for_rows(user: Any) -> Q:
    """Sheets with rows that this appraiser's unit is in charge of; the Office has the whole sheets."""
    acting = user.acting
    if acting.is_(roles.OFFICE) or not acting.is_(roles.APPRAISER):
        return Q(pk__in=[])
    return Q(pk__in=rows_in_charge(user).values("scorecard"))


def waiting_for_explanation(user: Any) -> QuerySet[Scorecard]:
    """Own sheets, and those of the user's units, whose appraiser asked something."""
    rows = _open_sheets().filter(_filled_by(user), state=State.EXPLAINING)
    return rows if user.acting.person_id else Scorecard.objects.none()


def waiting_for_second_look(user: Any) -> QuerySet[Scorecard]:
    """Explained sheets on which this user asked something."""
    asked = Line.objects.filter(is_flagged=True, flagged_by_id=user.pk, scorecard__state=State.EXPLAINED)
    return _open_sheets().filter(state=State.EXPLAINED, pk__in=asked.values("scorecard"))


def waiting_for_conclusion(user: Any) -> QuerySet[Scorecard]:
    """Of rounds that want the council's word: the Office records it, for its own unit an appraiser of another one."""
    if not user.acting.roles & {roles.OFFICE, roles.APPRAISER}:
        return Scorecard.objects.none()
    rows = _open_sheets().filter(state=State.APPRAISED, campaign_year__needs_council=True)
    if not user.acting.is_(roles.OFFICE):
        office = Appointment.objects.today().filter(role=roles.OFFICE).values("person")
        posted = Posting.objects.current().filter(person__in=office)
        elsewhere = Exists(posted.exclude(unit=OuterRef("unit")))
        rows = rows.filter(unit__in=posted.values("unit")).exclude(elsewhere)
    return rows.exclude(unit_id__in=user.acting.units).filter(_not_about(user))


def waiting_for(user: Any) -> Q:
    """Everything on the list of sheets that waits for this user."""
    return (
        Q(pk__in=waiting_for_filling(user).values("pk"))
        | Q(pk__in=waiting_for_explanation(user).values("pk"))
        | Q(pk__in=waiting_for_second_look(user).values("pk"))
        | Q(pk__in=waiting_for_conclusion(user).values("pk"))
        | Q(pk__in=waiting_for_approval(user).values("pk"))
        | Q(pk__in=waiting_for_appraisal(user).values("pk"))
        | waiting_for_rows(user)
    )


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """Sheets to fill or correct one by one; sheets to approve and to appraise counted per year."""
    if not user.acting.person_id:
        return []
    to_fill = TO_FILL.ask(user)
    to_approve = TO_APPROVE.ask(user) if user.acting.headed else []
    to_appraise = TO_APPRAISE.ask(user)
    today = clock.today()
    tasks = [fill_task(calendar, today, *facts) for facts in to_fill]
    counted: list[Counted] = [(to_approve, *APPROVES), (to_appraise, *APPRAISES)]
    if calendar.names.keys() - calendar.movements:  # only indexes go on after the first appraisal
        counted += _after_appraisal(user)
    for rows, title, verb, stage, route in counted:
        kind = (title, verb, stage, route)
        tasks += [counted_task(calendar, today, *kind, *facts) for facts in _by_round(rows)]
    return tasks


def _by_round(rows: Iterable[tuple[int, int, bool, int, int]]) -> Iterator[tuple[int, int, bool, Units]]:
    """From (round, year, whether it locks, unit, number of sheets)."""
    rounds: dict[tuple[int, int, bool], Units] = {}
    for pk, year, locks, unit, count in rows:
        rounds.setdefault((pk, year, locks), {})[unit] = count
    return ((*key, units) for key, units in rounds.items())


def counted_task(
    calendar: OpenCalendar,
    day: date,
    title: str,
    verb: str,
    stage: str,
    route: str,
    year_id: int,
    year: int,
    locks: bool,
    units: Units,
) -> Task:
    """From one of the kinds above, and how many sheets of each unit wait in the round."""
    count = sum(units.values())
    shut = sum(
        n for unit, n in units.items() if locks and _is_over(calendar.last_day(year_id, stage, unit), day)
    )
    locked = f"; {shut} phiếu {LOCKED}" if shut else ""
    return Task(
        title=f"{title} năm {year}",
        detail=f"{count} phiếu đang chờ{of_index(calendar, year_id)}{locked}",
        href=f"{reverse(route)}?nam={year_id}&cho=toi",
        verb=verb,
        due=calendar.first_due(year_id, stage, units),
        count=count,
        is_shut=shut > 0,
    )


def _is_over(due: date | None, day: date) -> bool:
    return due is not None and day > due


def _after_appraisal(user: Any) -> list[Counted]:
    found: list[Counted] = [(TO_EXPLAIN.ask(user), *EXPLAINS), (TO_LOOK_AGAIN.ask(user), *LOOKS_AGAIN)]
    if user.acting.is_(roles.OFFICE):
        found.append((TO_CONCLUDE.ask(user), *CONCLUDES))
    elif user.acting.is_(roles.APPRAISER):  # whose question names today's holders: not to be kept
        rows = list(_per_year(waiting_for_conclusion(user)))
        found.append((rows, *CONCLUDES))
    return found


def fill_task(
    calendar: OpenCalendar,
    day: date,
    pk: int,
    person: int | None,
    unit_name: str,
    state: str,
    year_id: int,
    year: int,
    unit: int,
    locks: bool,
) -> Task:
    """A round that locks takes it no more after the last day; that it is missing is told all the same."""
    due = calendar.last_day(year_id, Stage.SELF_SCORE, unit)
    is_shut = locks and _is_over(due, day)
    locked = f"; {LOCKED}" if is_shut else ""
    returned = state == State.RETURNED
    whose = "Phiếu cá nhân" if person else f"Phiếu tập thể {unit_name}"
    return Task(
        title=f"{'Sửa' if returned else 'Tự chấm'} phiếu chấm điểm năm {year}",
        detail=f"{whose}{', bị trả lại để sửa' if returned else ''}{of_index(calendar, year_id)}{locked}",
        href=SHEET_AT()(pk),
        verb="Sửa" if returned else "Chấm",
        due=due,
        is_shut=is_shut,
    )


def _open_sheets() -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(campaign_year__state=CampaignYear.State.OPEN)


def _not_about(user: Any) -> Q:
    return Q(person__isnull=True) | ~Q(person_id=user.acting.person_id)


def _per_year(rows: QuerySet[Scorecard]) -> QuerySet:
    of_unit = ("campaign_year_id", "campaign_year__year", "campaign_year__locks", "unit_id")
    return rows.order_by("-campaign_year__year").values_list(*of_unit).annotate(count=Count("pk"))


OF_ROUND = ("campaign_year", "campaign_year__year", "unit", "campaign_year__locks")
FACTS = ("pk", "person", "unit_name", "state", *OF_ROUND)
SHEET_AT = cache(lambda: addresses("scoring:scorecard_detail"))  # reminders name them by the thousand
TO_FILL = AskedBy(lambda user: waiting_for_filling(user).values_list(*FACTS))
TO_APPROVE = AskedBy(lambda user: _per_year(waiting_for_approval(user)))
TO_APPRAISE = AskedBy(lambda user: _per_year(waiting_for_appraisal(user)))
TO_EXPLAIN = AskedBy(lambda user: _per_year(waiting_for_explanation(user)))
TO_LOOK_AGAIN = AskedBy(lambda user: _per_year(waiting_for_second_look(user)))
TO_CONCLUDE = AskedBy(lambda user: _per_year(waiting_for_conclusion(user)))
