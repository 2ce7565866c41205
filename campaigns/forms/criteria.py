"""Forms over a criteria set and its criteria; the parameter fields follow the chosen method."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.layout import HTML, Column, Div, Row, Submit
from django import forms

from campaigns.methods import GROUPS, LONGEST, METHODS, NAMES, OPERATORS, ROWS, Kind, Parameter, Part
from campaigns.models import CampaignYear, CriteriaSet, Criterion, Ties
from core.fields import DecimalFormField, TextFormField
from core.forms import PortalForm, PortalModelForm, helper
from organization.models import Unit

BLANK_ROWS = 3
MAX_ROWS = 20
# How wide the box of a part of a row is.
WIDTHS = {
    "text": "col-8",
    "points": "col-4",
    "percent": "col-4",
    "op": "col-4",
    "bound": "col-4",
    "name": "col-4",
    "condition": "col-6",
    "formula": "col-6",
}
SETTINGS = ("places", "rounding", "ties")
NOT_NEGATIVE = {"min_value": "Nhập một số không âm."}


class CriteriaSetForm(PortalModelForm):
    """The head of a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = (
        "version",
        "title",
        Row(
            Column("declared_max_collective", css_class="col-md-6"),
            Column("declared_max_individual", css_class="col-md-6"),
        ),
        Row(
            Column("places", css_class="col-md-6"),
            Column("rounding", css_class="col-md-6"),
        ),
        Row(
            Column("ties", css_class="col-md-6"),
            Column("tie_codes", css_class="col-md-6"),
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
            "places",
            "rounding",
            "ties",
            "tie_codes",
            "note",
            "change_note",
            "is_sample",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("note", "change_note")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        for name in SETTINGS:
            self.fields[name].required = False

    @property
    def facts(self) -> dict[str, Any]:
        """What is left empty of the settings keeps its value."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {
            name: value for name, value in given.items() if value not in ("", None) or name not in SETTINGS
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ties") == Ties.CRITERIA and not cleaned.get("tie_codes"):
            self.add_error("tie_codes", "Ghi mã các tiêu chí dùng để phân định.")
        return cleaned

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


class NodeForm(PortalModelForm):
    """A row of the table: a code and a name."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Criterion
        fields = ("code", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class GroupForm(NodeForm):
    """A group of criteria: a code, a name, and how its criteria add up."""

    rule = forms.ChoiceField(
        label="Cách cộng",
        required=False,
        choices=[("", "Cộng điểm các tiêu chí con"), *((one.id, one.name) for one in GROUPS.values())],
    )
    points = DecimalFormField(
        label="Điểm khi đạt",
        required=False,
        min_value=0,
        error_messages=NOT_NEGATIVE,
        max_digits=9,
        decimal_places=4,
        help_text="Chỉ dùng với VÀ, HOẶC",
    )
    bonus_cap = DecimalFormField(
        label="Thưởng nhiều nhất",
        required=False,
        min_value=0,
        error_messages=NOT_NEGATIVE,
        max_digits=9,
        decimal_places=4,
        help_text="Khối thưởng, phạt; để trống nếu không giới hạn",
    )
    penalty_cap = DecimalFormField(
        label="Phạt nhiều nhất",
        required=False,
        min_value=0,
        error_messages=NOT_NEGATIVE,
        max_digits=9,
        decimal_places=4,
        help_text="Khối thưởng, phạt; để trống nếu không giới hạn",
    )
    layout = (
        "version",
        Row(Column("code", css_class="col-md-3"), Column("name", css_class="col-md-9")),
        "rule",
        Row(
            Column("points", css_class="col-md-4"),
            Column("bonus_cap", css_class="col-md-4"),
            Column("penalty_cap", css_class="col-md-4"),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        self.fields["rule"].initial = one.method
        self.fields["points"].initial = one.max_score if one.method else None
        for name in ("bonus_cap", "penalty_cap"):
            self.fields[name].initial = _decimal(one.params.get(name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rule = GROUPS.get(cleaned.get("rule", ""))
        if rule and rule.has_points and not cleaned.get("points"):
            self.add_error("points", "Nhập số điểm được khi nhóm đạt.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        asked = (
            [parameter.name for parameter in GROUPS[cleaned["rule"]].parameters] if cleaned["rule"] else []
        )
        params = {name: _plain(cleaned[name]) for name in asked if cleaned[name] is not None}
        rule = {"method": cleaned["rule"], "params": params, "max_score": cleaned["points"] or Decimal(0)}
        return {**super().facts(), **rule}


class CriterionForm(NodeForm):
    """A criterion that is scored. Its maximum follows from the parameters of its method."""

    method = forms.ChoiceField(label="Cách chấm", choices=NAMES)

    class Meta(NodeForm.Meta):
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
        if parameter.kind in ROWS:
            yield HTML(
                f'<div class="form-label">{parameter.label}</div><p class="form-hint">{parameter.hint}. '
                "Dòng để trống được bỏ qua.</p>"
            )
            for place in range(self._row_count(parameter, value)):
                yield self._add_row(parameter, f"{name}_{place}", (value or [])[place : place + 1])
            return
        common: dict[str, Any] = {
            "label": parameter.label,
            "help_text": parameter.hint,
            "required": parameter.is_required,
        }
        if parameter.kind == Kind.FLAG:
            self.fields[name] = forms.BooleanField(initial=value, **common)
        elif parameter.kind == Kind.TEXT:
            self.fields[name] = TextFormField(max_length=200, initial=value, **common)
        else:
            self.fields[name] = _points(initial=_decimal(value), **common)
        yield name

    def _row_count(self, parameter: Parameter, value: Any) -> int:
        """Three blank rows more than are filled in; a form that comes back keeps its rows."""
        first, last = f"param_{parameter.name}", ROWS[parameter.kind][-1].name
        if self.is_bound:
            return max(1, sum(1 for place in range(MAX_ROWS) if f"{first}_{place}_{last}" in self.data))
        typed = sum(1 for place in range(MAX_ROWS) if self.initial.get(f"{first}_{place}_{last}"))
        return min(MAX_ROWS, max(typed, len(value or [])) + BLANK_ROWS)

    def _add_row(self, parameter: Parameter, name: str, stored: list[dict[str, Any]]) -> Any:
        row = stored[0] if stored else {}
        parts = ROWS[parameter.kind]
        for part in parts:
            self.fields[f"{name}_{part.name}"] = _part_field(part, row.get(part.name))
        return Row(*(Column(f"{name}_{part.name}", css_class=WIDTHS[part.kind]) for part in parts))

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
        if parameter.kind not in ROWS:
            value = cleaned.get(name)
            return _plain(value)
        parts = [part.name for part in ROWS[parameter.kind]]
        typed = [{part: cleaned.get(f"{name}_{place}_{part}") for part in parts} for place in range(MAX_ROWS)]
        return [
            {part: _plain(value) for part, value in row.items() if value not in (None, "")}
            for row in typed
            if any(value not in (None, "") for part, value in row.items() if part != "op")
        ]

    def facts(self) -> dict[str, Any]:
        params = self.cleaned_data["params"]
        return {**super().facts(), "params": params, "max_score": self.chosen.maximum(params)}


def _part_field(part: Part, stored: Any) -> forms.Field:
    """One box of a row; a blank one is left out, what is missing is said of the row."""
    common: dict[str, Any] = {"label": part.label, "required": False}
    if part.kind == "op":
        return forms.ChoiceField(choices=list(OPERATORS.items()), initial=stored or ">=", **common)
    if part.kind == "bound":
        return DecimalFormField(initial=_decimal(stored), **common)
    if part.kind in ("points", "percent"):
        return _points(initial=_decimal(stored), **common)
    longest = {"name": 20, "text": 300}.get(part.kind, LONGEST)
    return TextFormField(max_length=longest, initial=stored or "", **common)


def _points(**kwargs: Any) -> DecimalFormField:
    return DecimalFormField(
        min_value=0, error_messages=NOT_NEGATIVE, max_digits=9, decimal_places=4, **kwargs
    )


def _decimal(value: Any) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None


def _plain(value: Any) -> Any:
    """A number as the reference files write it: "0.5", "8"."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
