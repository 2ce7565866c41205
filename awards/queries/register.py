"""Questions about the award register: the history of a person or a unit, and the ledger of what rests on what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from awards.models import Award, BasisUse, Honour, Review
from core.agenda import Task
from core.prepared import Prepared
from organization import roles
from organization.models import Person, Posting, Succession, Unit, User
from organization.queries import approving_unit, posting_on, unit_name_on, users_heading

SUCCESSIONS = Prepared(lambda: Succession.objects.order_by().values_list("successor_id", "predecessor_id"))
YEARS = Prepared(lambda: Honour.objects.order_by("-year").values_list("year", flat=True).distinct())
AWARDS = Prepared(lambda: Award.objects.values_list("pk", "name", "recipient"))


# --- choices of the list ------------------------------------------------------------------------------
def year_choices() -> list[tuple[str, str]]:
    return [(str(year), f"Năm {year}") for (year,) in YEARS.ask()]


def award_choices() -> list[tuple[str, str]]:
    """Every award; where an individual and a collective one share a name, the kind is told."""
    return [(str(pk), award_label(name, recipient)) for pk, name, recipient in AWARDS.ask()]


def award_label(name: str, recipient: str) -> str:
    return f"{name} ({'tập thể' if recipient == 'collective' else 'cá nhân'})"


def of_unit(rows: QuerySet[Honour], unit_id: int | str) -> QuerySet[Honour]:
    """What the unit received and what its people received while they worked in it."""
    return rows.filter(Q(unit=unit_id) | Q(worked_in=unit_id))


def resting_on_cancelled(rows: QuerySet[Honour]) -> QuerySet[Honour]:
    """In force, but a basis of them has been cancelled, or what they stood on has changed: somebody must look at
    them, and keeps them with a reason or notes their cancelling."""
    gone = BasisUse.objects.filter(honour__cancelled_on__isnull=False, kept_at__isnull=True).values("gave")
    return rows.filter(Q(pk__in=gone) | ~Q(doubt=""), cancelled_on__isnull=True)


def doubts_about(honour: Honour, bases: Iterable[BasisUse]) -> list[str]:
    """Why somebody must look at it; nothing of what is cancelled itself."""
    if honour.cancelled_on:
        return []
    gone = [one.honour for one in bases if one.honour and one.honour.cancelled_on and not one.kept_at]
    told = [f"Căn cứ đã bị hủy: {one.award}, năm {one.year}." for one in gone]
    return [*told, honour.doubt] if honour.doubt else told


def leading(honour: Honour) -> list[User]:
    """Everybody who heads a rewarded collective; of a person who decides for his unit, or for the one he has left."""
    if honour.unit:
        return list(users_heading(honour.unit))
    posting = Posting.objects.current().filter(person=honour.person_id).select_related("unit").first()
    unit = posting.unit if posting else honour.worked_in
    return list(users_heading(approving_unit(unit, excluding=[honour.person_id]))) if unit else []


def review_of(award: Award, year: int) -> Review | None:
    """The review of the portal that decides on this award for the year; not one that was stopped."""
    over = (Review.State.PLANNED, Review.State.STOPPED)
    return Review.objects.filter(awards=award, year=year).exclude(state__in=over).first()


def reviews_beside(honours: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int, str], Review]:
    """By award, year and occasion, the reviews of the portal that decide on such honours; of many in one question."""
    wanted = {(one["award"].pk, one["year"], one["occasion"]) for one in honours}
    over = (Review.State.PLANNED, Review.State.STOPPED)
    rows = Review.objects.filter(year__in={year for _, year, _ in wanted}).exclude(state__in=over)
    rows = rows.order_by("pk").annotate(award=F("awards")) if wanted else rows.none()
    found = {(one.award, one.year, one.occasion): one for one in rows}
    return {key: one for key, one in found.items() if key in wanted}


# --- histories ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class History:
    """Everything a person or a unit has received, newest first; of a unit with what its predecessors received."""

    honours: list[Honour]
    predecessors: int = 0

    @property
    def in_force(self) -> int:
        return sum(honour.cancelled_on is None for honour in self.honours)


def history_of_person(person: Person) -> History:
    return History(_with_facts(Honour.objects.filter(person=person)))


def history_of_unit(unit: Unit) -> History:
    """Across mergers, splits and conversions, each under the name of its day."""
    units = lineage(unit.pk)
    return History(_with_facts(Honour.objects.filter(unit__in=units)), len(units) - 1)


def lineage(unit_id: int) -> set[int]:
    """The unit and all units that it carries on, however far back."""
    before: dict[int, list[int]] = {}
    for successor, predecessor in SUCCESSIONS.ask():
        before.setdefault(successor, []).append(predecessor)
    found, waiting = {unit_id}, [unit_id]
    while waiting:
        for one in before.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _with_facts(rows: QuerySet[Honour]) -> list[Honour]:
    counted = rows.select_related("award").annotate(spent=Count("uses"))
    return list(counted.order_by("-year", "-decided_on", "-award__order", "-pk"))


# --- the ledger ---------------------------------------------------------------------------------------
def rested_on(honour: Honour) -> list[BasisUse]:
    """What the honour was given for: earlier honours and initiatives."""
    return list(honour.bases.select_related("honour__award", "initiative").order_by("pk"))


def spent_on(honours: Iterable[Honour]) -> list[BasisUse]:
    """What these honours served as a basis for."""
    rows = BasisUse.objects.filter(honour__in=[honour.pk for honour in honours])
    return list(rows.select_related("honour__award", "award", "gave__award", "person", "unit"))


# --- the day of the decision --------------------------------------------------------------------------
@dataclass(frozen=True)
class OfThatDay:
    """How a person or a unit was called on a day, where he worked and as what."""

    name: str
    post: str = ""
    unit_name: str = ""
    unit: Unit | None = None


def of_that_day(person: Person | None, unit: Unit | None, day: date) -> OfThatDay:
    if unit is not None:
        return OfThatDay(unit_name_on(unit, day))
    assert person is not None  # noqa: S101 - an honour is of one of the two
    posting: Posting | None = posting_on(person, day)
    if posting is None:
        return OfThatDay(person.full_name)
    name = unit_name_on(posting.unit, day)
    return OfThatDay(person.full_name, posting.post.name, name, posting.unit)


# --- what waits for whom --------------------------------------------------------------------------------
SHAKEN = Prepared(lambda: resting_on_cancelled(Honour.objects.order_by()).values_list("pk"))


def tasks_of(user: Any) -> list[Task]:
    """The Office: honours in force whose basis has been cancelled."""
    if not user.acting.is_(roles.OFFICE) or not (count := len(SHAKEN.ask())):
        return []
    return [
        Task(
            title="Khen thưởng dựa trên căn cứ đã bị hủy",
            detail="Xem lại từng khen thưởng: giữ và ghi lý do, hoặc hủy theo quyết định.",
            href=f"{reverse('awards:register')}?tinh-trang=can-xem-lai",
            verb="Xem lại",
            count=count,
        )
    ]
