"""The structure of the Sở."""

from typing import Any

from crispy_forms.layout import Column, Div, Row
from django import forms

from core.fields import CodeFormField, DateFormField, RowsFormField, TextFormField
from core.forms import PortalForm, helper
from organization.forms.common import BasisForm, choice, pair
from organization.models import Posting, Unit, UnitKind


class UnitForm(PortalForm):
    """A new unit."""

    code = CodeFormField(label="Mã đơn vị", max_length=40, help_text="Chữ thường không dấu, ví dụ cchc.")
    name = TextFormField(label="Tên đơn vị", max_length=200)
    short_name = TextFormField(
        label="Tên ngắn", max_length=60, help_text="Dùng trong bảng biểu, ví dụ Phòng CCHC."
    )
    kind = choice("Loại", queryset=UnitKind.objects.all())
    parent = choice("Thuộc", queryset=Unit.objects.none())
    order = forms.IntegerField(label="Thứ tự", min_value=0, max_value=32_000, initial=0)
    is_collective = forms.BooleanField(
        label="Tham gia thi đua với tư cách tập thể", required=False, initial=True
    )
    opened_on = DateFormField(label="Ngày thành lập")
    basis = TextFormField(label="Căn cứ", max_length=200)
    layout = (
        pair("code", "kind"),
        "name",
        pair("short_name", "parent"),
        pair("order", "opened_on"),
        "basis",
        "is_collective",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Unit.objects.open()  # type: ignore[attr-defined]
        self.fields["parent"].required = Unit.objects.open().exists()

    def clean_code(self) -> str:
        return self.cleaned_data["code"].lower()


class UnitCorrectForm(PortalForm):
    """What was written wrongly when the unit was opened; a new name is a change of its own, with its day."""

    code = CodeFormField(label="Mã đơn vị", max_length=40, help_text="Tệp Excel nhận ra đơn vị theo mã này.")
    kind = choice("Loại", queryset=UnitKind.objects.all())
    opened_on = DateFormField(label="Ngày thành lập")
    is_collective = forms.BooleanField(label="Tham gia thi đua với tư cách tập thể", required=False)
    reason = TextFormField(
        label="Lý do sửa", max_length=500, help_text="Ví dụ: ghi nhầm ngày theo Quyết định 12/QĐ-SNV."
    )
    layout = (pair("code", "kind"), "opened_on", "is_collective", "reason")

    def clean_code(self) -> str:
        return self.cleaned_data["code"].lower()


class UnitNameForm(BasisForm):
    name = TextFormField(label="Tên mới", max_length=200)
    short_name = TextFormField(label="Tên ngắn mới", max_length=60)
    layout = ("name", pair("short_name", "on"), "basis")


class UnitPlaceForm(PortalForm):
    parent = choice("Thuộc", queryset=Unit.objects.none(), required=False)
    order = forms.IntegerField(label="Thứ tự", min_value=0, max_value=32_000)
    basis = TextFormField(label="Căn cứ", max_length=200, required=False)
    layout = (pair("parent", "order"), "basis")

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        field.queryset = Unit.objects.open().exclude(path__startswith=unit.path)  # type: ignore[attr-defined]
        field.required = unit.parent_id is not None


class UnitMergeForm(BasisForm):
    units = RowsFormField(
        label="Đơn vị được sáp nhập",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một đơn vị được sáp nhập."},
    )
    layout = ("units", pair("on", "basis"))

    def __init__(self, target: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Unit.objects.open().filter(parent__isnull=False).exclude(pk=target.pk)
        self.fields["units"].queryset = others  # type: ignore[attr-defined]


class UnitSplitForm(BasisForm):
    """Which units receive, and for every person where to; an empty choice means to stay."""

    into = RowsFormField(
        label="Đơn vị nhận",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Đơn vị mới thì thành lập trước, rồi chọn ở đây.",
        error_messages={"required": "Hãy chọn ít nhất một đơn vị nhận."},
    )
    closes = forms.BooleanField(
        label="Đơn vị này kết thúc hoạt động (chia); bỏ đánh dấu nếu chỉ tách một phần",
        required=False,
        initial=True,
    )

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Unit.objects.open().filter(parent__isnull=False).exclude(pk=unit.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
        choices = [("", "Ở lại đơn vị"), *((str(one.pk), one.short_name) for one in others)]
        self.people = Posting.objects.current().filter(unit=unit).select_related("person", "post")
        for posting in self.people.order_by("post__order", "person__sort_key"):
            label = f"{posting.person.full_name} – {posting.post.name}"
            self.fields[f"to_{posting.person_id}"] = forms.ChoiceField(
                label=label, choices=choices, required=False
            )
        places = [Column(name, css_class="col-md-6") for name in self.fields if name.startswith("to_")]
        self.helper = helper(("into", "closes", pair("on", "basis"), Row(*places) if places else Div()))

    @property
    def placements(self) -> dict[int, Unit]:
        by_key = {str(unit.pk): unit for unit in self.cleaned_data["into"]}
        chosen = {
            name: value for name, value in self.cleaned_data.items() if name.startswith("to_") and value
        }
        strange = set(chosen.values()) - set(by_key)
        others = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=strange)}
        return {int(name[3:]): {**others, **by_key}[value] for name, value in chosen.items()}
