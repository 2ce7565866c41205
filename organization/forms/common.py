"""What the forms of this app share."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from core.fields import DateFormField, TextFormField
from core.forms import PortalForm

CHOOSE = "– Chọn –"


def pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


def choice(label: str, **kwargs: Any) -> forms.ModelChoiceField:
    """A choice among rows; the rows are set when the form is made, for the day it is opened."""
    return forms.ModelChoiceField(label=label, empty_label=CHOOSE, **kwargs)


class BasisForm(PortalForm):
    """A day and the paper behind it: what every change of the organisation needs."""

    on = DateFormField(label="Từ ngày", help_text="Ngày có hiệu lực.")
    basis = TextFormField(
        label="Căn cứ", max_length=200, help_text="Số, ngày của quyết định, ví dụ 12/QĐ-SNV ngày 02/01/2026."
    )
