"""Whether a stage of a round is over for a unit: the calendar, and what was extended for one unit."""

from collections.abc import Iterable
from datetime import date

from campaigns.models import CampaignYear, Extension, Stage
from campaigns.queries import deadlines_of
from core import clock
from core.prepared import Prepared, Slot
from scoring.models import Scorecard

State = Scorecard.State
# The stage in which a column is written.
STAGE_OF = {
    "self": Stage.SELF_SCORE,
    "approved": Stage.APPROVAL,
    "appraised": Stage.APPRAISAL,
    "explanation": Stage.EXPLANATION,
    "second": Stage.SECOND_APPRAISAL,
    "final": Stage.COUNCIL,
    "office": Stage.SURVEY,
}
# What a sheet in this state waits for.
STAGES: dict[str, str] = {
    State.DRAFT: Stage.SELF_SCORE,
    State.RETURNED: Stage.SELF_SCORE,
    State.SUBMITTED: Stage.APPROVAL,
    State.APPROVED: Stage.APPRAISAL,
    State.EXPLAINING: Stage.EXPLANATION,
    State.EXPLAINED: Stage.SECOND_APPRAISAL,
    State.APPRAISED: Stage.PUBLICATION,
    State.CONCLUDED: Stage.PUBLICATION,
}
EXTENDED = Prepared(
    lambda: Extension.objects.filter(campaign_year=Slot("year"), unit=Slot("unit")).values_list(
        "stage", "until"
    )
)


def stage_of(sheet: Scorecard) -> str:
    """The stage of the calendar that the sheet waits for."""
    if sheet.state == State.APPRAISED and sheet.campaign_year.needs_council:
        return Stage.COUNCIL
    return STAGES.get(sheet.state, "")


def last_days_of(sheet: Scorecard) -> dict[str, date]:
    """The last day of every stage that has one, for the unit of this sheet."""
    days = deadlines_of(sheet.campaign_year)
    for stage, until in EXTENDED.ask(year=sheet.campaign_year_id, unit=sheet.unit_id):
        if stage in days:
            days[stage] = max(days[stage], until)
    return days


def last_day_of(sheet: Scorecard, stage: str) -> date | None:
    """The last day of the stage for the unit of this sheet; None when the Office has set none."""
    return last_days_of(sheet).get(stage)


def by_last_day(
    campaign_year: CampaignYear, stage: str, sheets: Iterable[Scorecard]
) -> list[tuple[date | None, list[Scorecard]]]:
    """Sheets of one round by the last day that the stage has for their unit, the earliest first."""
    due = deadlines_of(campaign_year).get(stage)
    more = dict(
        Extension.objects.filter(campaign_year=campaign_year, stage=stage).values_list("unit", "until")
    )
    found: dict[date | None, list[Scorecard]] = {}
    for sheet in sheets:
        found.setdefault(max(due, more.get(sheet.unit_id, due)) if due else None, []).append(sheet)
    return sorted(found.items(), key=lambda one: one[0] or date.max)


def is_over(sheet: Scorecard, stage: str, today: date | None = None) -> bool:
    """Whether the round locks this stage for the sheet today; a round that does not lock only notes who was late."""
    if not sheet.campaign_year.locks:
        return False
    last = last_day_of(sheet, stage)
    return last is not None and (today or clock.today()) > last
