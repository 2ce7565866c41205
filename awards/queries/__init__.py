"""Questions about awards: lists, the register, initiatives, bonus money, and what waits for whom."""

from typing import Any

from awards.queries import agenda, answers, council, initiatives, lists, recoveries, register
from awards.queries.lists import (
    DOTS,
    Paper,
    award_rows,
    candidates,
    choosable_awards,
    collectives_of,
    condition_text,
    conditions_by_award,
    conditions_in_force,
    conditions_token,
    frozen,
    judged,
    missing,
    on_list,
    ordered,
    outdated,
    paper,
    paper_head,
    pinned_conditions,
    printed,
    publications_in_force,
    published_results,
    row_of,
    rows_of,
    shares,
    taken_off,
    totals,
    years_without_list,
)
from core.agenda import Task

__all__ = [
    "DOTS",
    "Paper",
    "award_rows",
    "candidates",
    "choosable_awards",
    "collectives_of",
    "condition_text",
    "conditions_by_award",
    "conditions_in_force",
    "conditions_token",
    "frozen",
    "judged",
    "missing",
    "on_list",
    "ordered",
    "outdated",
    "paper",
    "paper_head",
    "pinned_conditions",
    "printed",
    "publications_in_force",
    "published_results",
    "row_of",
    "rows_of",
    "shares",
    "taken_off",
    "tasks_of",
    "totals",
    "years_without_list",
]


def tasks_of(user: Any) -> list[Task]:
    """What waits for this user on the award floor."""
    return [
        *agenda.tasks_of(user),
        *answers.tasks_of(user),
        *council.tasks_of(user),
        *lists.tasks_of(user),
        *initiatives.tasks_of(user),
        *register.tasks_of(user),
        *recoveries.tasks_of(user),
    ]
