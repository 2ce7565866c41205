"""Forms over a criteria set and its criteria; the parameter fields follow the chosen method."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.layout import HTML, Column, Div, Row, Submit
from django import forms

from campaigns.methods import METHODS, NAMES, OPERATORS, Kind, Parameter
from campaigns.models import CampaignYear, CriteriaSet, Criterion
from core.fields import DecimalFormField, TextFormField
from core.forms import PortalForm, PortalModelForm, helper
from organization.models import Unit

BLANK_ROWS = 3
MAX_ROWS = 20
NOT_NEGATIVE = {"min_value": "Nhập một số không âm."}


class CriteriaSetForm(PortalModelForm):
    """The head of a draft."""

    layout = (
        "title",
        Row(
            Column("declared_max_collective", css_class="col-md-6"),
            Column("declared_max_individual", css_class="col-md-6"),
        ),
        "note",
        "change_note",
        "is_sample",
    )

    class Meta:
        model = CriteriaSet
        fields = (
            "title",
            "declared_max_collective",
            "declared_max_individual",
            "note",
            "change_note",
            "is_sample",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("note", "change_note")}

    def clean_declared_max_collective(self) -> Decimal:
        return self._not_negative("declared_max_collective")

    def clean_declared_max_individual(self) -> Decimal:
        return self._not_negative("declared_max_individual")

    def _not_negative(self, name: str) -> Decimal:
        value = self.cleaned_data[name]
        if value < 0:
            raise forms.ValidationError("Điểm không được âm.")
        return value


class CorrectForm(PortalForm):
    """Why a set in use needs a new version."""

    change_note = TextFormField(
        label="Nội dung, lý do sửa đổi",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ghi rõ căn cứ sửa đổi. Bản đang áp dụng giữ nguyên đến khi áp dụng phiên bản mới.",
    )


class CopyForm(PortalForm):
    """From which set, usually last year's."""

    source = forms.ModelChoiceField(
        label="Sao chép từ", queryset=CriteriaSet.objects.none(), empty_label=None
    )
    title = TextFormField(
        label="Tên bộ tiêu chí mới",
        max_length=300,
        required=False,
        help_text="Để trống thì lấy tên cũ và đổi năm.",
    )

    def __init__(self, *args: Any, campaign_year: CampaignYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sets = CriteriaSet.objects.exclude(state=CriteriaSet.State.SUPERSEDED).select_related(
            "campaign_year__campaign"
        )
        self.fields["source"].queryset = sets.exclude(campaign_year=campaign_year)  # type: ignore[attr-defined]


class GroupForm(PortalModelForm):
    """A group of criteria: a code and a name."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = ("version", Row(Column("code", css_class="col-md-3"), Column("name", css_class="col-md-9")))

    class Meta:
        model = Criterion
        fields = ("code", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CriterionForm(GroupForm):
    """A criterion that is scored. Its maximum follows from the parameters of its method."""

    method = forms.ChoiceField(label="Cách chấm", choices=NAMES)

    class Meta(GroupForm.Meta):
        fields = (  # type: ignore[assignment]
            "code",
            "name",
            "applies_to",
            "method",
            "guidance",
            "evidence_required",
            "evidence",
            "in_charge",
        )
        widgets = {
            "guidance": forms.Textarea(attrs={"rows": 3}),
            "evidence": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, method: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = str(self.data.get("method", "")) if self.is_bound else method
        first = asked or self.instance.method
        self.chosen = METHODS.get(first) or METHODS["all_or_nothing"]
        self.fields["method"].initial = self.initial["method"] = self.chosen.id
        unit_field = self.fields["in_charge"]
        unit_field.queryset = Unit.objects.open()  # type: ignore[attr-defined]
        unit_field.empty_label = "Chưa phân công"  # type: ignore[attr-defined]
        same = self.instance.method == self.chosen.id
        params = self.instance.params if same else {}
        rows = [row for parameter in self.chosen.parameters for row in self._add(parameter, params)]
        self.helper = helper(
            (
                "version",
                Row(Column("code", css_class="col-md-3"), Column("name", css_class="col-md-9")),
                Row(Column("applies_to", css_class="col-md-6"), Column("in_charge", css_class="col-md-6")),
                Div(
                    Row(
                        Column("method", css_class="col-md-8"),
                        Column(
                            Submit(
                                "show",
                                "Hiện tham số của cách chấm này",
                                css_class="btn-outline-primary btn-reload",
                            ),
                            css_class="col-md-4 d-flex align-items-end mb-3",
                        ),
                    ),
                    HTML(f'<p class="form-hint">{self.chosen.summary}</p>'),
                    *rows,
                    css_class="border rounded p-3 mb-3 bg-light",
                ),
                "guidance",
                "evidence_required",
                "evidence",
            )
        )

    def _add(self, parameter: Parameter, params: dict[str, Any]) -> Iterator[Any]:
        """Make the fields of a parameter and give their place in the layout."""
        name, value = f"param_{parameter.name}", params.get(parameter.name)
        if parameter.kind in (Kind.CHOICES, Kind.STEPS):
            yield HTML(
                f'<div class="form-label">{parameter.label}</div><p class="form-hint">{parameter.hint}. '
                "Dòng để trống được bỏ qua.</p>"
            )
            for place in range(self._row_count(name, value)):
                yield self._add_row(parameter, f"{name}_{place}", (value or [])[place : place + 1])
            return
        common: dict[str, Any] = {"label": parameter.label, "help_text": parameter.hint, "initial": value}
        if parameter.kind == Kind.FLAG:
            self.fields[name] = forms.BooleanField(required=False, **common)
        elif parameter.kind == Kind.TEXT:
            self.fields[name] = TextFormField(max_length=200, **common)
        else:
            self.fields[name] = _points(**{**common, "initial": _decimal(value)})
        yield name

    def _row_count(self, name: str, value: Any) -> int:
        """Three blank rows more than are filled in; a form that comes back keeps its rows."""
        if self.is_bound:
            return max(1, sum(1 for place in range(MAX_ROWS) if f"{name}_{place}_points" in self.data))
        typed = sum(1 for place in range(MAX_ROWS) if self.initial.get(f"{name}_{place}_points"))
        return min(MAX_ROWS, max(typed, len(value or [])) + BLANK_ROWS)

    def _add_row(self, parameter: Parameter, name: str, stored: list[dict[str, Any]]) -> Any:
        row = stored[0] if stored else {}
        points = _points(label="Điểm", required=False, initial=_decimal(row.get("points")))
        if parameter.kind == Kind.CHOICES:
            self.fields[f"{name}_label"] = TextFormField(
                label="Tên mức", max_length=300, required=False, initial=row.get("label", "")
            )
            self.fields[f"{name}_points"] = points
            return Row(
                Column(f"{name}_label", css_class="col-9"), Column(f"{name}_points", css_class="col-3")
            )
        self.fields[f"{name}_op"] = forms.ChoiceField(
            label="Khi đạt", choices=list(OPERATORS.items()), required=False, initial=row.get("op", ">=")
        )
        self.fields[f"{name}_v"] = DecimalFormField(
            label="Ngưỡng", required=False, initial=_decimal(row.get("v"))
        )
        self.fields[f"{name}_points"] = points
        return Row(*(Column(f"{name}_{part}", css_class="col-4") for part in ("op", "v", "points")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        params = {
            parameter.name: value
            for parameter in self.chosen.parameters
            if (value := self._value(parameter, cleaned)) not in (None, "", [])
        }
        if not any(name.startswith("param_") for name in self.errors):
            for problem in self.chosen.problems(params):
                self.add_error(None, problem)
        cleaned["params"] = params
        return cleaned

    def _value(self, parameter: Parameter, cleaned: dict[str, Any]) -> Any:
        name = f"param_{parameter.name}"
        if parameter.kind not in (Kind.CHOICES, Kind.STEPS):
            value = cleaned.get(name)
            return _plain(value) if isinstance(value, Decimal) else value
        parts = ("label", "points") if parameter.kind == Kind.CHOICES else ("op", "v", "points")
        rows = []
        for place in range(MAX_ROWS):
            row = {part: cleaned.get(f"{name}_{place}_{part}") for part in parts}
            if any(row[part] not in (None, "") for part in parts if part != "op"):
                rows.append(
                    {
                        part: _plain(value) if isinstance(value, Decimal) else value or ""
                        for part, value in row.items()
                    }
                )
        return rows

    def facts(self) -> dict[str, Any]:
        params = self.cleaned_data["params"]
        return {**super().facts(), "params": params, "max_score": self.chosen.maximum(params)}


def _points(**kwargs: Any) -> DecimalFormField:
    return DecimalFormField(
        min_value=0, error_messages=NOT_NEGATIVE, max_digits=9, decimal_places=4, **kwargs
    )


def _decimal(value: Any) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None


def _plain(value: Decimal) -> str:
    """As the reference files write it: "0.5", "8"."""
    return f"{value.normalize():f}"
