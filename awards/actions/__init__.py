"""What people do on the award floor: award lists, reviews, and the data behind them."""

from awards.actions.adjusting import add_entry, change_award, remove_entry, restore_entry, set_note
from awards.actions.computing import compute
from awards.actions.lists import note_export, reopen, settle
from awards.actions.province import confirm_rule, set_figure, withdraw_confirmation, withdraw_figure
from awards.actions.reviews import (
    PATIENCE,
    affirm,
    ask_for_judging,
    change_review,
    judge,
    move_review,
    note_progress,
    open_review,
    plan_review,
    take_back,
    take_over_rules,
)
from awards.actions.settings import set_conditions, set_paper_head

__all__ = [
    "PATIENCE",
    "add_entry",
    "affirm",
    "ask_for_judging",
    "change_award",
    "change_review",
    "compute",
    "confirm_rule",
    "judge",
    "move_review",
    "note_export",
    "note_progress",
    "open_review",
    "plan_review",
    "remove_entry",
    "reopen",
    "restore_entry",
    "set_conditions",
    "set_figure",
    "set_note",
    "set_paper_head",
    "settle",
    "take_back",
    "take_over_rules",
    "withdraw_confirmation",
    "withdraw_figure",
]
