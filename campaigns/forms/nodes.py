"""Forms over the rows of a criteria set; the parameter fields follow the chosen method."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.layout import HTML, Column, Div, Row, Submit
from django import forms

from campaigns.methods import GROUPS, LONGEST, METHODS, NAMES, OPERATORS, ROWS, Kind, Parameter, Part
from campaigns.models import Criterion
from campaigns.queries.feeding import rows_above
from core.fields import DecimalFormField, TextFormField
from core.forms import PortalModelForm, helper
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
NOT_NEGATIVE = {"min_value": "Nhập một số không âm."}
# A chosen method brings its own parameters and examples at once; without scripts a button does it.
RELOAD = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-include": "closest form",
    "hx-vals": '{"show": "1"}',
    "hx-target": "#cach-cham",
    "hx-select": "#cach-cham",
    "hx-swap": "outerHTML",
}
FEEDS = HTML('{% include "campaigns/_feeds.html" %}')
TRIAL = HTML('{% include "campaigns/_trial.html" %}')


def beside_examples(head: tuple[Any, ...], parameters: list[Any]) -> Div:
    """How the row is scored, with the examples beside it (below it on a phone)."""
    return Div(
        Row(
            Column(*head, Div(*parameters, css_id="tham-so"), css_class="col-lg-7"),
            Column(TRIAL, css_class="col-lg-5"),
        ),
        css_id="cach-cham",
        css_class="border rounded p-3 mb-3 bg-light",
    )


class FeedingForm(PortalModelForm):
    """Which row of a higher level's scheme the row feeds; chosen from the rows that ``_feeds.html`` finds."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    feeds = forms.ModelChoiceField(
        label="Cấp số liệu cho", queryset=Criterion.objects.none(), required=False, widget=forms.HiddenInput
    )
    layout: tuple[Any, ...] = ("version", FEEDS)

    class Meta:
        model = Criterion
        fields: tuple[str, ...] = ("feeds",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["feeds"].error_messages["invalid_choice"] = "Dòng này không còn để chọn. Hãy tìm lại."

    def offer_rows(self) -> None:
        """Needed only where a choice is judged; the one that stands there may stay."""
        one = self.instance
        offered = rows_above(one.criteria_set.campaign_year).order_by()
        kept = Criterion.objects.filter(pk=one.feeds_id or 0).order_by()
        rows = (offered | kept).select_related("criteria_set__campaign_year__campaign")
        self.fields["feeds"].queryset = rows  # type: ignore[attr-defined]

    def clean_feeds(self) -> Criterion | None:
        """A form that does not ask keeps what is there."""
        given: Criterion | None = self.cleaned_data["feeds"]
        return given if "feeds" in self.data else self.instance.feeds

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NodeForm(FeedingForm):
    """A row of the table: a code and a name."""

    class Meta(FeedingForm.Meta):
        fields: tuple[str, ...] = ("code", "name", "feeds")


def _points_of_group(label: str, hint: str) -> DecimalFormField:
    return DecimalFormField(
        label=label,
        required=False,
        min_value=0,
        error_messages=NOT_NEGATIVE,
        max_digits=9,
        decimal_places=4,
        help_text=hint,
    )


class GroupForm(NodeForm):
    """A group of criteria: a code, a name, and how its criteria add up."""

    rule = forms.ChoiceField(
        label="Cách cộng",
        required=False,
        choices=[("", "Cộng điểm các tiêu chí con"), *((one.id, one.name) for one in GROUPS.values())],
    )
    points = _points_of_group("Điểm khi đạt", "Chỉ dùng với VÀ, HOẶC")
    bonus_cap = _points_of_group("Thưởng nhiều nhất", "Khối thưởng, phạt; để trống nếu không giới hạn")
    penalty_cap = _points_of_group("Phạt nhiều nhất", "Khối thưởng, phạt; để trống nếu không giới hạn")
    layout = (
        "version",
        Row(Column("code", css_class="col-md-3"), Column("name", css_class="col-md-9")),
        beside_examples(
            (),
            [
                "rule",
                Row(
                    Column("points", css_class="col-sm-4"),
                    Column("bonus_cap", css_class="col-sm-4"),
                    Column("penalty_cap", css_class="col-sm-4"),
                ),
            ],
        ),
        FEEDS,
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

    def tried(self) -> tuple[str, dict[str, Any], Decimal, list[str]]:
        """Rule, parameters and points as they are typed now, and what is wrong with them."""
        if not self.is_bound:
            one = self.instance
            return one.method, one.params, one.max_score, []
        problems = [
            f"{self.fields[name].label}: {error}"
            for name in ("points", "bonus_cap", "penalty_cap")
            for error in self.errors.get(name, [])
        ]
        rule = str(self.cleaned_data.get("rule", ""))
        if problems or not rule:
            return rule, {}, Decimal(0), problems
        facts = self._rule_facts()
        return rule, facts["params"], facts["max_score"], []

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), **self._rule_facts()}

    def _rule_facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        asked = (
            [parameter.name for parameter in GROUPS[cleaned["rule"]].parameters] if cleaned["rule"] else []
        )
        params = {name: _plain(cleaned[name]) for name in asked if cleaned[name] is not None}
        return {"method": cleaned["rule"], "params": params, "max_score": cleaned["points"] or Decimal(0)}


class FrameRowForm(FeedingForm):
    """What may be said here of a row that belongs to the frame."""

    layout = ("version", "in_charge", FEEDS)

    class Meta(FeedingForm.Meta):
        fields = ("in_charge", "feeds")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self.fields["in_charge"])


class CriterionForm(NodeForm):
    """A criterion that is scored. Its maximum follows from the parameters of its method."""

    method = forms.ChoiceField(label="Cách chấm", choices=NAMES, widget=forms.Select(attrs=RELOAD))

    class Meta(NodeForm.Meta):
        fields: tuple[str, ...] = (
            "code",
            "name",
            "applies_to",
            "method",
            "guidance",
            "evidence_required",
            "evidence",
            "in_charge",
            "feeds",
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
        offer_units(self.fields["in_charge"])
        same = self.instance.method == self.chosen.id
        params = self.instance.params if same else {}
        rows = [row for parameter in self.chosen.parameters for row in self._add(parameter, params)]
        self.helper = helper(
            (
                "version",
                Row(Column("code", css_class="col-md-3"), Column("name", css_class="col-md-9")),
                Row(Column("applies_to", css_class="col-md-6"), Column("in_charge", css_class="col-md-6")),
                beside_examples(
                    (
                        "method",
                        Submit(
                            "show",
                            "Hiện tham số của cách chấm này",
                            css_class="btn-outline-primary btn-reload no-js mb-3",
                        ),
                        HTML(f'<p class="form-hint">{self.chosen.summary}</p>'),
                    ),
                    rows,
                ),
                "guidance",
                "evidence_required",
                "evidence",
                FEEDS,
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

    def tried(self) -> tuple[dict[str, Any], list[str], bool]:
        """The parameters as they are typed now, what is wrong with them, and whether nothing is typed yet."""
        if not self.is_bound:
            params = self.instance.params if self.instance.method == self.chosen.id else {}
            return params, self.chosen.problems(params), not params
        # What figures are called, "từ" and "trên" may be left over from another method or stand there from the start.
        names = {f"param_{one.name}" for one in self.chosen.parameters if one.kind == Kind.TEXT}
        own = {name for name in self.fields if name.startswith("param_") and not name.endswith("_op")} - names
        typed = any(self.data.get(name) for name in own)
        problems = [
            f"{self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
            if name.startswith("param_")
        ]
        problems += [str(error) for error in self.non_field_errors()]
        return self.cleaned_data.get("params", {}), problems, not typed

    def facts(self) -> dict[str, Any]:
        params = self.cleaned_data["params"]
        return {**super().facts(), "params": params, "max_score": self.chosen.maximum(params)}


def offer_units(field: Any) -> None:
    """Who can be in charge today."""
    field.queryset = Unit.objects.open()
    field.empty_label = "Chưa phân công"


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
