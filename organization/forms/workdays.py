"""A day of the office's calendar, and the confirmation of a year."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from core.fields import DateFormField, TextFormField
from core.forms import PortalForm
from core.models import WorkDay


class WorkDayForm(PortalForm):
    day = DateFormField(label="Ngày")
    kind = forms.ChoiceField(label="Loại", choices=WorkDay.Kind.choices)
    name = TextFormField(
        label="Nội dung", max_length=120, help_text="Ví dụ: Tết Nguyên đán; Làm bù cho ngày 02/05/2025."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout: tuple[Any, ...] = (
        Row(Column("day", css_class="col-md-6"), Column("kind", css_class="col-md-6")),
        "name",
        "version",
    )


class WorkYearForm(PortalForm):
    basis = TextFormField(
        label="Căn cứ",
        max_length=300,
        help_text="Số, ngày của thông báo lịch nghỉ, hoán đổi ngày làm việc của năm.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
