"""Forms of the campaigns; they read and check what was typed, the acts write it."""

from campaigns.forms.campaigns import BandFormSet, CampaignForm, DeadlinesForm, PaperForm, YearForm, band_rows
from campaigns.forms.criteria import CopyForm, CorrectForm, CriteriaSetForm, FrameForm
from campaigns.forms.nodes import CriterionForm, FeedingForm, FrameRowForm, GroupForm
from campaigns.forms.registrations import ItemFormSet, RegistrationForm, item_rows

__all__ = [
    "BandFormSet",
    "CampaignForm",
    "CopyForm",
    "CorrectForm",
    "CriteriaSetForm",
    "CriterionForm",
    "DeadlinesForm",
    "FeedingForm",
    "FrameForm",
    "FrameRowForm",
    "GroupForm",
    "ItemFormSet",
    "PaperForm",
    "RegistrationForm",
    "YearForm",
    "band_rows",
    "item_rows",
]
