"""Excel sheets of honours of the years before the portal: columns, template, and what would become of each row."""

from awards.importing.columns import COLUMNS, history_template
from awards.importing.history import HistoryPlan, HistoryRow, plan_history, plan_of_file, plan_of_import

__all__ = [
    "COLUMNS",
    "HistoryPlan",
    "HistoryRow",
    "history_template",
    "plan_history",
    "plan_of_file",
    "plan_of_import",
]
