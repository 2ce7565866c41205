"""The registration: a pledge and a few targets in a table of rows."""

from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import formset_factory

from campaigns.models import CampaignYear, CriteriaSet, Criterion, Registration, RegistrationItem
from campaigns.queries import names_in_use
from core.fields import DecimalFormField, TextFormField
from core.forms import PortalForm
from core.prepared import Prepared, Slot
from core.widgets import Select

BLANK_ROWS = 3
MAX_ITEMS = 40
NOT_NEGATIVE = {"min_value": "Nhập một số không âm."}


class RegistrationForm(PortalForm):
    """The pledge; ``version`` tells whether somebody else has saved in between."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    pledge = TextFormField(
        label="Nội dung giao ước",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}),
    )


class ItemForm(forms.Form):
    """One target; a row with nothing in it is left out."""

    criterion = forms.ModelChoiceField(
        label="Nội dung thi đua",
        queryset=Criterion.objects.none(),
        required=False,
        empty_label="Nội dung khác",
        widget=Select,
    )
    target = TextFormField(label="Chỉ tiêu đăng ký", max_length=400, required=False)
    quantity = DecimalFormField(
        label="Số lượng",
        min_value=0,
        error_messages=NOT_NEGATIVE,
        max_digits=9,
        decimal_places=4,
        required=False,
    )
    measure = TextFormField(label="Đơn vị tính", max_length=40, required=False)

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], contents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["criterion"]
        field.queryset = contents  # type: ignore[attr-defined]
        field.widget.choices = choices  # read once for all rows
        for name, one in self.fields.items():
            one.widget.attrs["class"] = "form-select" if name == "criterion" else "form-control"
            one.widget.attrs["aria-label"] = one.label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        touched = any(cleaned.get(name) not in (None, "") for name in ("criterion", "quantity", "measure"))
        if touched and not cleaned.get("target") and "target" not in self.errors:
            self.add_error("target", "Hãy ghi chỉ tiêu của dòng này, hoặc để trống cả dòng.")
        return cleaned


class BaseItemFormSet(forms.BaseFormSet):
    def __init__(self, *args: Any, campaign_year: CampaignYear, **kwargs: Any) -> None:
        self.contents = Criterion.objects.filter(criteria_set__campaign_year=campaign_year)
        shown = names_in_use(campaign_year)
        self.choices = [("", "Nội dung khác"), *((one.pk, _short(one)) for one in shown)]
        super().__init__(*args, **kwargs)
        chosen = {row["criterion"] for row in self.initial or []} - {None, *(one.pk for one in shown)}
        if chosen:  # left out of the criteria since: kept until somebody chooses another
            left_out = self.contents.filter(pk__in=chosen)
            self.choices += [(one.pk, f"{_short(one)} (nội dung cũ)") for one in left_out]

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "choices": self.choices, "contents": self.contents}

    def items(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("target")]


ItemFormSet: Any = formset_factory(ItemForm, formset=BaseItemFormSet, extra=BLANK_ROWS, max_num=MAX_ITEMS)


FACTS = ("criterion", "target", "quantity", "measure")


def _items() -> QuerySet[RegistrationItem, tuple[Any, ...]]:
    """The content of each target is that of the criteria in use: the same one has the same lineage in every version."""
    in_use = Criterion.objects.filter(
        lineage=OuterRef("criterion__lineage"),
        criteria_set__campaign_year=OuterRef("registration__campaign_year"),
        criteria_set__state=CriteriaSet.State.IN_USE,
    )
    rows = RegistrationItem.objects.filter(registration=Slot("registration"))
    rows = rows.annotate(content=Coalesce(Subquery(in_use.values("pk")[:1]), "criterion"))
    return rows.values_list("content", "target", "quantity", "measure")


ITEMS = Prepared(_items)


def item_rows(registration: Registration) -> list[dict[str, Any]]:
    if registration.pk is None:
        return []
    return [dict(zip(FACTS, row, strict=True)) for row in ITEMS.ask(registration=registration.pk)]


def _short(criterion: Criterion) -> str:
    label = str(criterion)
    indent = "\u00a0\u00a0" * (criterion.level - 1)
    return indent + (label if len(label) <= 80 else f"{label[:79]}…")
