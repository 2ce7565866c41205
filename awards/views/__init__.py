"""Pages of the award floor."""

from awards.views.entries import entry_add, entry_change, entry_note, entry_remove, entry_restore
from awards.views.lists import (
    award_list_compute,
    award_list_detail,
    award_list_list,
    award_list_move,
    export_docx,
    export_xlsx,
)
from awards.views.province import figure, figure_withdraw, province, standards
from awards.views.settings import conditions, paper_head

__all__ = [
    "award_list_compute",
    "award_list_detail",
    "award_list_list",
    "award_list_move",
    "conditions",
    "entry_add",
    "entry_change",
    "entry_note",
    "entry_remove",
    "entry_restore",
    "export_docx",
    "export_xlsx",
    "figure",
    "figure_withdraw",
    "paper_head",
    "province",
    "standards",
]
