"""What people do with award lists: compute, adjust with a reason, settle, reopen, export; and the data behind them."""

from awards.actions.adjusting import add_entry, change_award, remove_entry, restore_entry, set_note
from awards.actions.computing import compute
from awards.actions.lists import note_export, reopen, settle
from awards.actions.province import set_figure, withdraw_figure
from awards.actions.settings import set_conditions, set_paper_head

__all__ = [
    "add_entry",
    "change_award",
    "compute",
    "note_export",
    "remove_entry",
    "reopen",
    "restore_entry",
    "set_conditions",
    "set_figure",
    "set_note",
    "set_paper_head",
    "settle",
    "withdraw_figure",
]
