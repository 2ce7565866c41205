"""Questions about score sheets, their lines and the ranking."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from campaigns.methods import round_half_up
from campaigns.models import AppliesTo, Band, CampaignYear, Criterion, Recipient, Stage
from campaigns.queries import OpenCalendar
from core.agenda import Task
from core.models import Entry
from core.prepared import Prepared, Slot, Slots
from organization import roles
from organization.models import AskedBy
from scoring.calculations import PUBLISHED_PLACES, Place, band_of, index, rank
from scoring.models import (
    Achievement,
    AchievementEvidence,
    Line,
    LineEvidence,
    Publication,
    Result,
    Scorecard,
)
from scoring.queries.counting import confirmed_quantities

State = Scorecard.State
FILLING = [State.DRAFT, State.RETURNED]


# --- one sheet ---------------------------------------------------------------------------------------
def unscored(sheet: Scorecard) -> list[str]:
    """Codes of the criteria without a self-score."""
    return list(sheet.lines.filter(self_score__isnull=True).values_list("criterion__code", flat=True))


def missing_evidence(sheet: Scorecard) -> list[str]:
    """Codes of the criteria that have points and need a document, but no line or confirmed achievement has one."""
    rows = list(
        sheet.lines.filter(
            criterion__evidence_required=True, self_score__gt=0, evidence_links__isnull=True
        ).values_list("criterion__code", "criterion_id")
    )
    confirmed = confirmed_by_criterion(sheet) if rows else {}
    return [
        code
        for code, criterion_id in rows
        if criterion_id not in confirmed or not confirmed[criterion_id].links
    ]


def changed_without_reason(sheet: Scorecard, column: str) -> list[str]:
    """Codes of the lines whose approved (or appraised) score differs from the one before it without a reason."""
    before = {"approved": "self_score", "appraised": "approved_score"}[column]
    rows = sheet.lines.filter(**{f"{column}_score__isnull": False, f"{column}_reason": ""}).exclude(
        **{f"{column}_score": F(before)}
    )
    return list(rows.values_list("criterion__code", flat=True))


SHEET = Prepared(
    lambda: Scorecard.objects.filter(pk=Slot("pk")).select_related(
        "campaign_year__campaign", "criteria_set", "unit", "person", "approving_unit"
    )
)


SEEN_SHEET = AskedBy(lambda user: Scorecard.objects.filter(pk=Slot("pk")).visible_to(user).values_list("pk"))


def sheet_visible_to(user: Any, pk: int) -> Scorecard | None:
    """The sheet with everything its page names, if this user may see it."""
    return next(iter(SHEET.rows(pk=pk)), None) if SEEN_SHEET.ask(user, pk=pk) else None


def lines_of(sheet: Scorecard) -> list[Line]:
    """The lines in the order of the tree, each with its criterion and its documents."""
    lines = LINES.rows(sheet=sheet.pk)
    links: dict[int, list[LineEvidence]] = {}
    for link in LINKS.rows(sheet=sheet.pk):
        links.setdefault(link.line_id, []).append(link)
    for line in lines:
        line.scorecard, line.links = sheet, links.get(line.pk, [])
    return lines


LINKS = Prepared(
    lambda: (
        LineEvidence.objects.filter(line__scorecard=Slot("sheet")).select_related("document").order_by("pk")
    )
)
LINES = Prepared(lambda: Line.objects.filter(scorecard=Slot("sheet")).select_related("criterion"))
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


def due_on(sheet: Scorecard, stage: str) -> date | None:
    return sheet.campaign_year.deadlines.filter(stage=stage).values_list("due_on", flat=True).first()


# --- what waits for whom -----------------------------------------------------------------------------
def waiting_for_filling(user: Any) -> QuerySet[Scorecard]:
    acting = user.acting
    mine = Q(person_id=acting.person_id) | Q(person__isnull=True, unit_id__in=acting.units)
    return _open_sheets().filter(mine, state__in=FILLING) if acting.person_id else Scorecard.objects.none()


def waiting_for_approval(user: Any) -> QuerySet[Scorecard]:
    """Sheets that this user, as a head, has to approve; own ones and those he submitted go to somebody else."""
    rows = _open_sheets().filter(state=State.SUBMITTED, approving_unit_id__in=user.acting.headed)
    return rows.exclude(submitted_by=user).filter(_not_about(user))


def waiting_for_appraisal(user: Any) -> QuerySet[Scorecard]:
    acting = user.acting
    if not acting.roles & {roles.OFFICE, roles.APPRAISER}:
        return Scorecard.objects.none()
    rows = _open_sheets().filter(state=State.APPROVED).exclude(unit_id__in=acting.units)
    return rows.exclude(submitted_by=user).exclude(approved_by=user).filter(_not_about(user))


def waiting_for(user: Any) -> Q:
    """Everything on the list of sheets that waits for this user."""
    return (
        Q(pk__in=waiting_for_filling(user).values("pk"))
        | Q(pk__in=waiting_for_approval(user).values("pk"))
        | Q(pk__in=waiting_for_appraisal(user).values("pk"))
    )


def tasks_of(user: Any, calendar: OpenCalendar) -> list[Task]:
    """Sheets to fill or correct one by one; sheets to approve and to appraise counted per year."""
    if not user.acting.person_id:
        return []
    to_fill = waiting_for_filling(user).values_list(
        "pk", "person", "unit_name", "state", "campaign_year", "campaign_year__year"
    )
    to_approve = _per_year(waiting_for_approval(user)) if user.acting.headed else []
    to_appraise = _per_year(waiting_for_appraisal(user))
    tasks = [_fill_task(calendar, *facts) for facts in to_fill]
    for rows, title, verb, stage, route in [
        (to_approve, "Duyệt phiếu chấm điểm", "Duyệt", Stage.APPROVAL, "scoring:scorecard_list"),
        (to_appraise, "Thẩm định phiếu chấm điểm", "Thẩm định", Stage.APPRAISAL, "scoring:appraisal_list"),
    ]:
        tasks += [
            Task(
                title=f"{title} năm {row['campaign_year__year']}",
                detail=f"{row['count']} phiếu đang chờ",
                href=f"{reverse(route)}?nam={row['campaign_year_id']}&cho=toi",
                verb=verb,
                due=calendar.due.get((row["campaign_year_id"], stage)),
                count=row["count"],
            )
            for row in rows
        ]
    return tasks


def _fill_task(
    calendar: OpenCalendar, pk: int, person: int | None, unit_name: str, state: str, year_id: int, year: int
) -> Task:
    returned = state == State.RETURNED
    whose = "Phiếu cá nhân" if person else f"Phiếu tập thể {unit_name}"
    return Task(
        title=f"{'Sửa' if returned else 'Tự chấm'} phiếu chấm điểm năm {year}",
        detail=f"{whose}{', bị trả lại để sửa' if returned else ''}",
        href=reverse("scoring:scorecard_detail", args=[pk]),
        verb="Sửa" if returned else "Chấm",
        due=calendar.due.get((year_id, Stage.SELF_SCORE)),
    )


def _open_sheets() -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(campaign_year__state=CampaignYear.State.OPEN)


def _not_about(user: Any) -> Q:
    return Q(person__isnull=True) | ~Q(person_id=user.acting.person_id)


def _per_year(rows: QuerySet[Scorecard]) -> list[dict[str, Any]]:
    return list(
        rows.order_by("-campaign_year__year")
        .values("campaign_year_id", "campaign_year__year")
        .annotate(count=Count("pk"))
    )


# --- the ranking -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """Score, index, rank and class of one sheet, rounded as they are published."""

    score: Decimal
    applicable_max: Decimal
    index: Decimal
    rank: int
    is_tied: bool
    band: str
    band_colour: str


def provisional_ranking(campaign_year: CampaignYear, recipient: str) -> dict[int, Standing]:
    """Where each appraised sheet would stand if the year were published now, by the sheet's id, best first."""
    rows = sheets_of(campaign_year, recipient).filter(
        state__in=[State.APPRAISED, State.PUBLISHED], appraised_total__isnull=False
    )
    totals = list(rows.order_by("pk").values_list("pk", "appraised_total", "criteria_set_id"))
    bands = list(Band.objects.filter(campaign_year=campaign_year, recipient=recipient))
    return standings(totals, applicable_maxima(campaign_year, recipient), bands)


def standings(
    totals: Iterable[tuple[int, Decimal | None, int]], maxima: dict[int, Decimal], bands: list[Band]
) -> dict[int, Standing]:
    """Rank on the rounded index, because that is what people see."""
    seen = {pk: (score, maxima.get(set_id, Decimal(0))) for pk, score, set_id in totals if score is not None}
    indexes = [
        (pk, round_half_up(index(score, most) or Decimal(0), PUBLISHED_PLACES))
        for pk, (score, most) in seen.items()
    ]
    return {place.key: _standing(place, *seen[place.key], bands) for place in rank(indexes)}


def _standing(place: Place[int], score: Decimal, most: Decimal, bands: list[Band]) -> Standing:
    band = band_of(place.value, bands)
    return Standing(
        score=round_half_up(score, PUBLISHED_PLACES),
        applicable_max=most,
        index=place.value,
        rank=place.rank,
        is_tied=place.is_tied,
        band=band.name if band else "",
        band_colour=band.colour if band else "secondary",
    )


def applicable_maxima(campaign_year: CampaignYear, recipient: str) -> dict[int, Decimal]:
    """The most a sheet of this recipient can reach, by criteria set: a corrected version may differ."""
    rows = (
        Criterion.objects.filter(
            criteria_set__campaign_year=campaign_year,
            is_leaf=True,
            applies_to__in=[recipient, AppliesTo.BOTH],
        )
        .order_by()
        .values("criteria_set_id")
        .annotate(most=Sum("max_score"))
    )
    return {row["criteria_set_id"]: row["most"] for row in rows}


def sheets_of(campaign_year: CampaignYear, recipient: str) -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(
        campaign_year=campaign_year, person__isnull=recipient == Recipient.COLLECTIVE
    )


def names_of(sheets: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    """Only what says whose sheets these are and how far, in the order in which the Sở lists its people."""
    fields = ("unit_name", "state", "person__family_name", "person__given_name")
    rows = sheets.select_related("person").only(*fields)
    return rows.order_by("unit__order", "unit_id", "post_order", "sort_key")


def publication_in_force(campaign_year: CampaignYear, recipient: str) -> Publication | None:
    return Publication.objects.in_force().filter(campaign_year=campaign_year, recipient=recipient).first()


def publications_of_two_years(
    campaign_year: CampaignYear, recipient: str
) -> tuple[Publication | None, Publication | None]:
    """What is published of this year, and of the year before it."""
    year = campaign_year.year
    found = Publication.objects.in_force().filter(
        recipient=recipient,
        campaign_year__campaign=campaign_year.campaign_id,
        campaign_year__year__in=[year, year - 1],
    )
    by_year = {one.campaign_year.year: one for one in found.select_related("campaign_year")}
    return by_year.get(year), by_year.get(year - 1)


def results_of(publication: Publication) -> QuerySet[Result]:
    """The published rows with what a ranking shows of sheet, person and unit."""
    sheet = ("unit_name", "unit__path", "person__family_name", "person__given_name")
    own = ("score", "applicable_max", "index", "band", "band_colour", "rank", "is_tied")
    rows = Result.objects.filter(publication=publication).select_related(
        "scorecard__person", "scorecard__unit"
    )
    return rows.only(*own, *(f"scorecard__{name}" for name in sheet))


def published_results(campaign_year: CampaignYear, recipient: str) -> QuerySet[Result]:
    """The results in force, best first, with sheet, person and unit; empty before publication."""
    return Result.objects.filter(
        publication__campaign_year=campaign_year,
        publication__recipient=recipient,
        publication__withdrawn_at__isnull=True,
    ).select_related("scorecard__person", "scorecard__unit", "scorecard__campaign_year")


def results_visible_to(user: Any) -> QuerySet[Result]:
    """The lines behind a result are for those who may read the sheet; ranks are for everybody."""
    return Result.objects.filter(scorecard__in=Scorecard.objects.visible_to(user)).select_related(
        "scorecard__person", "scorecard__unit", "publication__campaign_year__campaign"
    )
