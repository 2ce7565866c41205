"""Forms of the award floor: they parse and check what was typed, nothing else."""

from awards.forms.lists import (
    AddEntryForm,
    ChangeAwardForm,
    ConditionsForm,
    EntryForm,
    NoteForm,
    PaperHeadForm,
    ReasonForm,
)

__all__ = [
    "AddEntryForm",
    "ChangeAwardForm",
    "ConditionsForm",
    "EntryForm",
    "NoteForm",
    "PaperHeadForm",
    "ReasonForm",
]
