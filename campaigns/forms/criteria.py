"""Forms over a criteria set: its head, why it is corrected, what it is copied from."""

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from campaigns.models import CampaignYear, CriteriaSet, Ties
from core.fields import TextFormField
from core.forms import PortalForm, PortalModelForm

SETTINGS = ("places", "rounding", "ties")


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


class FrameForm(PortalForm):
    """Which set of a higher level a new draft takes over."""

    frame = forms.ModelChoiceField(label="Khung", queryset=CriteriaSet.objects.none(), empty_label=None)
    title = TextFormField(
        label="Tên bộ tiêu chí mới",
        max_length=300,
        required=False,
        help_text="Để trống thì lấy tên của bộ chỉ số và năm.",
    )

    def __init__(self, *args: Any, frames: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frame"].queryset = frames  # type: ignore[attr-defined]
