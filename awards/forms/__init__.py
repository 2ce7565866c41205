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
from awards.forms.province import ConfirmationForm, FigureForm, StandardsForm

__all__ = [
    "AddEntryForm",
    "ChangeAwardForm",
    "ConditionsForm",
    "ConfirmationForm",
    "EntryForm",
    "FigureForm",
    "NoteForm",
    "PaperHeadForm",
    "ReasonForm",
    "StandardsForm",
]
