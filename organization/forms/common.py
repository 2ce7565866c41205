"""What the forms of this app share."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.forms.models import ModelChoiceIterator

from core.fields import DateFormField, TextFormField
from core.forms import PortalForm
from core.widgets import Select

CHOOSE = "– Chọn –"


def pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class Named(ModelChoiceIterator):
    """Rows that are called by their ``name``: two columns are read, no row is made."""

    def __iter__(self) -> Any:
        yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "name")


class NamedChoice(forms.ModelChoiceField):
    iterator = Named
    widget = Select


def choice(label: str, kind: type[forms.ModelChoiceField] = NamedChoice, **kwargs: Any) -> Any:
    """A choice among rows; the rows are set when the form is made, for the day it is opened."""
    return kind(label=label, empty_label=CHOOSE, **kwargs)


class BasisForm(PortalForm):
    """A day and the paper behind it: what every change of the organisation needs."""

    on = DateFormField(label="Từ ngày", help_text="Ngày có hiệu lực.")
    basis = TextFormField(
        label="Căn cứ", max_length=200, help_text="Số, ngày của quyết định, ví dụ 12/QĐ-SNV ngày 02/01/2026."
    )
