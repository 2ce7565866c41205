"""Forms about signing in, units, people, roles and Excel sheets: they read and check, the acts do."""

from organization.forms.choices import DigestForm
from organization.forms.common import BasisForm
from organization.forms.imports import ImportForm
from organization.forms.people import (
    AppointmentForm,
    DelegationForm,
    EndForm,
    LeaveForm,
    PersonFactsForm,
    PersonForm,
    PostingFields,
    TransferForm,
)
from organization.forms.signin import (
    AccountForm,
    ChangePasswordForm,
    ResetRequestForm,
    SetPasswordForm,
    SignInForm,
)
from organization.forms.units import (
    UnitCorrectForm,
    UnitForm,
    UnitMergeForm,
    UnitNameForm,
    UnitPlaceForm,
    UnitSplitForm,
)
from organization.forms.workdays import WorkDayForm, WorkYearForm

__all__ = [
    "DigestForm",
    "WorkDayForm",
    "WorkYearForm",
    "AccountForm",
    "AppointmentForm",
    "BasisForm",
    "ChangePasswordForm",
    "DelegationForm",
    "EndForm",
    "ImportForm",
    "LeaveForm",
    "PersonFactsForm",
    "PersonForm",
    "PostingFields",
    "ResetRequestForm",
    "SetPasswordForm",
    "SignInForm",
    "TransferForm",
    "UnitCorrectForm",
    "UnitForm",
    "UnitMergeForm",
    "UnitNameForm",
    "UnitPlaceForm",
    "UnitSplitForm",
]
