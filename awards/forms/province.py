"""Forms about the law: a figure of the province, and which rules to read."""

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from awards.eligibility.figures import EXPECTED, fits
from awards.forms.lists import AwardChoiceField
from awards.models import Award, Setting
from core.fields import DateFormField, DecimalFormField, TextFormField
from core.forms import PortalForm, helper


class FigureForm(PortalForm):
    """A newer value of one of the province's settings; the box for the value follows the setting's kind."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = DateFormField(
        label="Áp dụng từ ngày", required=False, help_text="Để trống: áp dụng cho mọi thời gian."
    )
    basis = TextFormField(
        label="Văn bản làm căn cứ",
        max_length=300,
        help_text="Số, ngày, điều khoản; ví dụ: khoản 2 Điều 9 Quy chế kèm theo Quyết định số …",
        error_messages={"required": "Hãy ghi văn bản làm căn cứ."},
    )
    is_confirmed = forms.BooleanField(label="Văn phòng Sở đã đối chiếu văn bản và xác nhận", required=False)

    def __init__(self, *args: Any, setting: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setting = setting
        self.fields["value"] = _value_field(setting)
        layout = ["seen", Row(Column("value"), Column("valid_from")), "basis", "is_confirmed"]
        if setting.values.filter(set_by=None, valid_from__isnull=False).exists():
            self.fields["replaces_later"] = forms.BooleanField(
                label="Thay cả những giá trị mà cổng đề xuất cho các ngày sau ngày này",
                required=False,
                help_text="Không đánh dấu: từ những ngày ấy vẫn áp dụng giá trị đã đề xuất.",
            )
            layout.append("replaces_later")
        self.helper = helper(tuple(layout))

    def clean_value(self) -> Any:
        """The value as the law's data keeps it: decimals as text, whole numbers as numbers."""
        found = self.cleaned_data["value"]
        if self.setting.kind == Setting.Kind.YES_NO:
            return found == "yes"
        if isinstance(found, Decimal):
            text = f"{found:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            is_whole = self.setting.kind == Setting.Kind.NUMBER and "." not in text
            return int(text) if is_whole else text
        if self.setting.kind == Setting.Kind.FRACTION and not fits(self.setting.kind, found):
            raise forms.ValidationError(f"Nhập {EXPECTED[self.setting.kind]}.")
        return found

    @staticmethod
    def typed(setting: Setting, value: Any) -> Any:
        """The stored value as the form shows it first."""
        if setting.kind == Setting.Kind.YES_NO:
            return "yes" if value else "no"
        is_number = setting.kind in (Setting.Kind.PERCENT, Setting.Kind.NUMBER)
        return Decimal(str(value)) if is_number and value is not None else value


def _value_field(setting: Setting) -> forms.Field:
    kinds, label = Setting.Kind, "Giá trị"
    if setting.kind == kinds.YES_NO:
        return forms.ChoiceField(label=label, choices=[("yes", "Có"), ("no", "Không")])
    if setting.kind == kinds.CHOICE:
        return forms.ChoiceField(label=label, choices=list(setting.choices.items()))
    if setting.kind == kinds.CHOICES:
        return forms.MultipleChoiceField(
            label=label,
            choices=list(setting.choices.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Không chọn loại nào: không áp dụng.",
        )
    if setting.kind == kinds.FRACTION:
        return TextFormField(label=label, max_length=20, help_text="Ví dụ 2/3.")
    largest = 100 if setting.kind == kinds.PERCENT else 999_999_999
    return DecimalFormField(
        label=f"{label} (%)" if setting.kind == kinds.PERCENT else label,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(largest),
        decimal_places=4,
        help_text="Để trống: không quy định.",
    )


class ConfirmationForm(PortalForm):
    """The articles in which the Office has read a rule."""

    citation = TextFormField(
        label="Điều, khoản của văn bản",
        max_length=200,
        help_text="Ví dụ: điểm a khoản 1 Điều 55. Từ nay cổng dẫn điều, khoản này ở mọi nơi nêu quy định.",
        error_messages={"required": "Hãy ghi điều, khoản của văn bản."},
    )


class StandardsForm(PortalForm):
    """Which rules to read: those of a day, beside those of another one."""

    ngay = DateFormField(label="Quy định áp dụng ngày", required=False)
    so_voi = DateFormField(label="So với ngày", required=False, help_text="Để trống: không so sánh.")
    danh_hieu = AwardChoiceField(
        label="Danh hiệu, hình thức",
        queryset=Award.objects.none(),
        to_field_name="code",
        empty_label=None,
        required=False,
    )
    layout = (Row(Column("danh_hieu"), Column("ngay"), Column("so_voi")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["danh_hieu"].queryset = Award.objects.all()  # type: ignore[attr-defined]
        self.fields["danh_hieu"].label_from_instance = lambda one: (  # type: ignore[attr-defined]
            f"{one.name} ({one.get_recipient_display().lower()})"
        )
