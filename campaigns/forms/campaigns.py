"""Forms over a campaign, its papers, its calendar and its classes."""

from typing import Any

from crispy_forms.layout import HTML, Column, Fieldset, Row
from django import forms
from django.forms import formset_factory

from campaigns.calculations import COLOURS, gates_in_words, gates_of
from campaigns.models import QUARTERS, Campaign, CampaignYear, Paper, Period, Recipient, Stage
from core.fields import CodeFormField, DateFormField, DecimalFormField, RowsFormField, TextFormField
from core.forms import PortalForm, PortalModelForm, UploadField, helper
from core.models import LegalDocument

Conditions = tuple[list[dict[str, str]], Any]
HALF = "col-md-6"
THIRD = "col-md-4"
NOT_NEGATIVE = {"min_value": "Nhập một số không âm."}


class CampaignForm(PortalModelForm):
    """What the law asks a campaign to say (Law 06/2022, Điều 17)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = (
        "version",
        Fieldset(
            "Tên gọi và thời gian",
            "name",
            Row(
                Column("short_name", css_class=HALF),
                Column("code", css_class="col-md-3"),
                Column("kind", css_class="col-md-3"),
            ),
            Row(Column("starts_on", css_class=HALF), Column("ends_on", css_class=HALF)),
        ),
        Fieldset(
            "Căn cứ",
            Row(Column("plan", css_class="col-md-8"), Column("launched_by", css_class=THIRD)),
            "legal_basis",
        ),
        Fieldset(
            "Nội dung phong trào", "objective", "scope", "subject", "content", "measures", "commendation"
        ),
    )

    class Meta:
        model = Campaign
        fields = (
            "code",
            "name",
            "short_name",
            "kind",
            "plan",
            "launched_by",
            "legal_basis",
            "starts_on",
            "ends_on",
            "objective",
            "scope",
            "subject",
            "content",
            "measures",
            "commendation",
        )
        widgets = {
            "legal_basis": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea(attrs={"rows": 7}) for name in ("objective", "content", "measures")},
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("scope", "subject", "commendation")},
        }
        field_classes = {"code": CodeFormField, "legal_basis": RowsFormField}
        help_texts = {
            "code": "Chữ không dấu, số và gạch nối, ví dụ kh-412.",
            "short_name": "Dùng trong danh sách và tiêu đề thư.",
            "launched_by": "Để trống thì hiểu theo cơ quan ban hành kế hoạch.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        documents = LegalDocument.objects.order_by("-signed_on", "number")
        self.fields["plan"].queryset = documents.filter(kind=LegalDocument.Kind.PLAN)  # type: ignore[attr-defined]
        self.fields["legal_basis"].queryset = documents  # type: ignore[attr-defined]
        for name in ("plan", "legal_basis"):
            self.fields[name].label_from_instance = _titled  # type: ignore[attr-defined]
        self.fields["plan"].empty_label = "Chưa chọn"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Ngày kết thúc phải không sớm hơn ngày bắt đầu.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _titled(document: LegalDocument) -> str:
    title = document.title if len(document.title) <= 90 else f"{document.title[:89]}…"
    return f"{document}: {title}"


class PaperForm(PortalModelForm):
    """A paper of the campaign, with or without its file."""

    upload = UploadField(label="Tệp", required=False)
    layout = (
        Row(Column("kind", css_class=HALF), Column("on", css_class=HALF)),
        Row(Column("title", css_class="col-md-8"), Column("number", css_class=THIRD)),
        "summary",
        "upload",
    )

    class Meta:
        model = Paper
        fields = ("kind", "title", "number", "on", "summary")
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"summary": "Với sơ kết, tổng kết: kết quả, tác dụng, hạn chế, nguyên nhân, bài học."}


class YearForm(PortalForm):
    """One more year of the campaign."""

    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    period = forms.ChoiceField(label="Kỳ đánh giá", choices=Period.choices, required=False)


class DeadlinesForm(PortalForm):
    """The calendar of a year: a date and a note for every stage."""

    def __init__(self, *args: Any, campaign_year: CampaignYear, **kwargs: Any) -> None:
        known = {one.stage: one for one in campaign_year.deadlines.all()}
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=campaign_year.version
        )
        rows = []
        self.stages = campaign_year.campaign.stages
        for stage in self.stages:
            label = stage.label
            deadline = known.get(stage)
            self.fields[stage] = DateFormField(
                label=label, required=False, initial=deadline and deadline.due_on
            )
            self.fields[f"{stage}_note"] = TextFormField(
                label="Ghi chú", required=False, max_length=200, initial=deadline.note if deadline else ""
            )
            rows.append(Row(Column(stage, css_class=THIRD), Column(f"{stage}_note", css_class="col-md-8")))
        self.takes_quarters = Stage.ACHIEVEMENTS in self.stages
        if self.takes_quarters:
            rows += self._quarters(campaign_year)
        hint = HTML(
            '<p class="form-hint">Mỗi thời hạn tính đến hết ngày đã ghi (23:59). Để trống nếu chưa định.</p>'
        )
        self.helper = helper(("version", hint, *rows))

    def _quarters(self, campaign_year: CampaignYear) -> list[Any]:
        """Until when each quarter's achievements are reported, where they are wanted in the course of the year."""
        known = {one.quarter: one.due_on for one in campaign_year.quarter_deadlines.all()}
        for quarter in QUARTERS:
            self.fields[quarter] = DateFormField(
                label=f"Thành tích {quarter.label[0].lower()}{quarter.label[1:]}",
                required=False,
                initial=known.get(quarter),
            )
        hint = (
            '<p class="form-hint mt-3">Nếu nộp thành tích theo quý: ghi hạn của từng quý. Ai đã được duyệt đăng ký mà '
            "chưa nộp thành tích nào trong quý thì được nhắc; nộp muộn vẫn được đến hạn “Nộp thành tích” của năm.</p>"
        )
        return [HTML(hint), Row(*(Column(quarter, css_class="col-6 col-md-3") for quarter in QUARTERS))]

    def quarters(self) -> dict[str, Any] | None:
        """Nothing where the campaign takes no achievements."""
        return {quarter: self.cleaned_data[quarter] for quarter in QUARTERS} if self.takes_quarters else None

    def deadlines(self) -> dict[str, Any]:
        return {stage: self.cleaned_data[stage] for stage in self.stages}

    def notes(self) -> dict[str, str]:
        return {stage: self.cleaned_data[f"{stage}_note"] for stage in self.stages}


class BandForm(forms.Form):
    """One class of the result; a row without a name is left out."""

    name = TextFormField(label="Xếp loại", max_length=60, required=False)
    lower_bound = DecimalFormField(
        label="Từ điểm",
        min_value=0,
        error_messages=NOT_NEGATIVE,
        max_digits=9,
        decimal_places=4,
        required=False,
    )
    colour = forms.ChoiceField(label="Màu", choices=list(COLOURS.items()), required=False)
    gates = TextFormField(label="Điều kiện kèm theo", max_length=300, required=False)
    ceiling_percent = DecimalFormField(
        label="Khống chế (%)",
        min_value=0,
        max_value=100,
        error_messages=NOT_NEGATIVE,
        max_digits=7,
        decimal_places=4,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "colour" else "form-control"
            field.widget.attrs["aria-label"] = field.label

    def clean_gates(self) -> list[dict[str, str]]:
        try:
            return gates_of(self.cleaned_data["gates"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned.get("lower_bound") is None and "lower_bound" not in self.errors:
            self.add_error("lower_bound", "Nhập điểm thấp nhất của mức này.")
        if not cleaned.get("name") and cleaned.get("lower_bound") is not None:
            self.add_error("name", "Nhập tên mức xếp loại.")
        return cleaned


class BaseBandFormSet(forms.BaseFormSet):
    """Two rows more than are filled in; a year without classes begins with the usual five."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = max(2, 5 - len(self.initial or []))

    def bands(self) -> list[tuple[str, Any, str]]:
        return [
            (row["name"], row["lower_bound"], row["colour"] or "blue")
            for row in (form.cleaned_data for form in self.forms)
            if row.get("name")
        ]

    def conditions(self) -> dict[str, Conditions]:
        """Gates and ceilings of the classes, by name."""
        return {
            row["name"]: (row.get("gates") or [], row.get("ceiling_percent"))
            for row in (form.cleaned_data for form in self.forms)
            if row.get("name")
        }


BandFormSet: Any = formset_factory(BandForm, formset=BaseBandFormSet, max_num=12)


def band_rows(campaign_year: CampaignYear, recipient: Recipient) -> list[dict[str, Any]]:
    rows = campaign_year.bands.filter(recipient=recipient).order_by("-lower_bound")
    return [
        {**row, "gates": gates_in_words(row["gates"])}
        for row in rows.values("name", "lower_bound", "colour", "gates", "ceiling_percent")
    ]
