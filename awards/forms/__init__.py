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
from awards.forms.province import FigureForm, StandardsForm

__all__ = [
    "AddEntryForm",
    "ChangeAwardForm",
    "ConditionsForm",
    "EntryForm",
    "FigureForm",
    "NoteForm",
    "PaperHeadForm",
    "ReasonForm",
    "StandardsForm",
]
