"""Questions about campaigns, their calendars, criteria and registrations."""

from campaigns.queries.agenda import tasks_of
from campaigns.queries.calendar import (
    NextDeadline,
    OpenYear,
    begun_year_choices,
    calendar_of,
    deadline_of,
    next_deadline,
    open_years,
    year_choices,
    years_open_to,
)
from campaigns.queries.criteria import (
    Difference,
    criteria_in_use,
    differences,
    draft_of,
    leaves,
    previous_version,
    problems_in_set,
    sum_warnings,
    totals,
    tree,
)
from campaigns.queries.readiness import Point, readiness, year_readiness
from campaigns.queries.registrations import (
    Counts,
    UnitRow,
    counting_day,
    missing_people,
    registration_counts,
    registration_counts_by_unit,
    registration_of,
)

__all__ = [
    "begun_year_choices",
    "Counts",
    "Difference",
    "NextDeadline",
    "OpenYear",
    "Point",
    "UnitRow",
    "calendar_of",
    "counting_day",
    "criteria_in_use",
    "deadline_of",
    "differences",
    "draft_of",
    "leaves",
    "missing_people",
    "next_deadline",
    "open_years",
    "previous_version",
    "problems_in_set",
    "readiness",
    "registration_counts",
    "registration_counts_by_unit",
    "registration_of",
    "sum_warnings",
    "tasks_of",
    "totals",
    "tree",
    "year_choices",
    "year_readiness",
    "years_open_to",
]
