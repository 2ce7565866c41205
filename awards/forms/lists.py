"""Forms of award lists and of the conditions behind them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import HTML, Column, Div, Fieldset, Row
from django import forms

from awards.models import Award, Condition, PaperHead
from campaigns.models import Band, CampaignYear
from core.fields import DecimalFormField, TextFormField
from core.forms import PortalForm, PortalModelForm, helper, plain
from core.vietnamese import normalize

REASON = "Ghi trong nhật ký, không in ra danh sách."
NOTE = "In ở cột Ghi chú."


def reason_field() -> TextFormField:
    return TextFormField(
        label="Lý do",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=REASON,
        error_messages={"required": "Hãy ghi lý do điều chỉnh."},
    )


class AwardChoiceField(forms.ModelChoiceField):
    """Awards with the kind of recipient they are for."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class EntryForm(PortalForm):
    """A form about one row; the version says which state of it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReasonForm(EntryForm):
    reason = reason_field()


class NoteForm(EntryForm):
    note = TextFormField(label="Ghi chú", max_length=300, required=False, help_text=NOTE)


class ChangeAwardForm(EntryForm):
    award = AwardChoiceField(label="Hình thức khen thưởng", queryset=Award.objects.none())
    reason = reason_field()
    layout = ("version", "award", "reason")

    def __init__(self, *args: Any, awards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["award"].queryset = awards  # type: ignore[attr-defined]


class AddEntryForm(PortalForm):
    award = AwardChoiceField(label="Hình thức khen thưởng", queryset=Award.objects.none())
    reason = reason_field()
    note = TextFormField(label="Ghi chú", max_length=300, required=False, help_text=NOTE)

    def __init__(self, *args: Any, awards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["award"].queryset = awards  # type: ignore[attr-defined]


class PaperHeadForm(PortalModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = (
        "version",
        Row(Column("parent_agency"), Column("agency")),
        Row(Column("symbol"), Column("place")),
        Row(Column("signer_title"), Column("signer_name")),
        "copies_to",
    )

    class Meta:
        model = PaperHead
        fields = ["parent_agency", "agency", "symbol", "place", "signer_title", "signer_name", "copies_to"]
        widgets = {
            "signer_title": forms.Textarea(attrs={"rows": 2}),
            "copies_to": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "parent_agency": "Ví dụ: Ủy ban nhân dân tỉnh X. Để trống thì in dấu chấm.",
            "agency": "Để trống thì lấy tên của Sở trong phần Đơn vị.",
            "symbol": "Phần sau dấu “/” của số, ví dụ DS-SNV.",
            "place": "Đứng trước ngày, tháng, ví dụ tên tỉnh.",
            "signer_title": "Mỗi dòng một ý, ví dụ KT. GIÁM ĐỐC rồi xuống dòng PHÓ GIÁM ĐỐC.",
            "signer_name": "Không ghi học hàm, học vị.",
            "copies_to": "Mỗi dòng một nơi nhận, dòng cuối ghi nơi lưu.",
        }


class ConditionsForm(PortalForm):
    """The conditions of a year: one group of fields for each award that may be proposed."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        campaign_year: CampaignYear,
        awards: Iterable[Award],
        present: dict[int, Condition],
        token: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.awards = list(awards)
        self.fields["token"].initial = token
        bands = list(Band.objects.filter(campaign_year=campaign_year))
        groups = [self._group(award, present.get(award.pk), bands) for award in self.awards]
        self.helper = helper(("token", *groups))

    def _group(self, award: Award, row: Condition | None, bands: list[Band]) -> Fieldset:
        names = [band.name for band in bands if band.recipient == award.recipient]
        names += [name for name in (row.bands if row else []) if name not in names]
        fields: dict[str, forms.Field] = {
            "is_used": forms.BooleanField(label="Xét hình thức này", required=False),
            "bands": forms.MultipleChoiceField(
                label="Xếp loại được xét",
                choices=[(name, name) for name in names],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Không chọn mức nào: xếp loại nào cũng được.",
            ),
            "minimum_score": DecimalFormField(
                label="Điểm tối thiểu",
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=4,
            ),
            "maximum_rank": forms.IntegerField(
                label="Trong bao nhiêu thứ hạng đầu",
                required=False,
                min_value=1,
                max_value=100_000,
                help_text="Để trống: không xét.",
            ),
            "basis": TextFormField(label="Căn cứ", max_length=300, required=False),
            "note": TextFormField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 2})),
            "is_confirmed": forms.BooleanField(label="Văn phòng Sở đã xác nhận", required=False),
        }
        for name, field in fields.items():
            field.initial = getattr(row, name) if row else None
            self.fields[self._name(award, name)] = field
        a = award
        return Fieldset(
            plain(f"{award.get_recipient_display()}: {award.name}"),
            HTML(_badge(row)),
            self._name(a, "is_used"),
            InlineCheckboxes(self._name(a, "bands")),
            Row(Column(self._name(a, "minimum_score")), Column(self._name(a, "maximum_rank"))),
            self._name(a, "basis"),
            self._name(a, "note"),
            Div(self._name(a, "is_confirmed")),
            css_class="card card-body",
        )

    @staticmethod
    def _name(award: Award, field: str) -> str:
        return f"a{award.pk}-{field}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for award in self.awards:
            values = self._values(award)
            asks = values["bands"] or values["minimum_score"] is not None or values["maximum_rank"]
            if values["is_used"] and not asks and not self._wrong(award):
                self.add_error(
                    self._name(award, "is_used"),
                    "Hãy chọn xếp loại, điểm tối thiểu hoặc thứ hạng; nếu không thì ai cũng đủ điều kiện.",
                )
        return cleaned

    def _wrong(self, award: Award) -> bool:
        return any(name.startswith(f"a{award.pk}-") for name in self.errors)

    def _values(self, award: Award) -> dict[str, Any]:
        told = {name: self.cleaned_data.get(self._name(award, name)) for name in CONDITION_FACTS}
        return {
            **told,
            "bands": list(told["bands"] or []),
            "basis": told["basis"] or "",
            "note": normalize(told["note"]),
        }

    @property
    def wanted(self) -> list[dict[str, Any]]:
        """What was typed, one mapping per award."""
        return [{"award": award, **self._values(award)} for award in self.awards]


CONDITION_FACTS = ("is_used", "bands", "minimum_score", "maximum_rank", "basis", "note", "is_confirmed")


def _badge(row: Condition | None) -> str:
    if row is None or not row.is_used:
        return '<p><span class="badge bg-secondary-lt">Chưa xét</span></p>'
    if row.is_confirmed:
        return '<p><span class="badge bg-green-lt">Đã xác nhận</span></p>'
    return '<p><span class="badge bg-orange-lt">Mẫu, chờ Văn phòng Sở xác nhận</span></p>'
