"""What is typed about the award register: an honour entered by hand, its cancellation, a sheet of earlier years."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.core.exceptions import ValidationError

from awards.eligibility import facts
from awards.eligibility.occasions import NO_BASIS
from awards.models import Award, Honour
from awards.queries.register import award_label
from core import clock
from core.attachments import WORKBOOK_MAX_BYTES, check_workbook
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, UploadField, helper
from core.widgets import Select
from organization.forms.common import CHOOSE, choice, pair
from organization.models import Unit
from scoring.forms.achievements import PersonFormField

EARLIEST_YEAR = 1945
AREA = forms.Textarea(attrs={"rows": 3})
WORDS = ("merit", "name_then", "post_then", "unit_then")
OF_THAT_DAY = "Để trống: cổng lấy theo ngày quyết định."


class AwardField(forms.ModelChoiceField):
    widget = Select

    def label_from_instance(self, obj: Any) -> str:
        return award_label(obj.name, obj.recipient)


class HonourForm(PortalForm):
    """The facts of an honour; who received it is asked by ``EnterHonourForm`` only."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    award = AwardField(
        label="Danh hiệu, hình thức khen thưởng", queryset=Award.objects.none(), empty_label=CHOOSE
    )
    year = forms.IntegerField(label="Năm thành tích", min_value=EARLIEST_YEAR, max_value=2100)
    occasion = forms.ChoiceField(
        label="Loại khen thưởng",
        choices=[(code, name.capitalize()) for code, name in facts.OCCASIONS.items()],
    )
    decision_number = TextFormField(label="Số quyết định", max_length=60, help_text="Ví dụ 125/QĐ-SNV.")
    decided_on = DateFormField(label="Ngày quyết định")
    decided_by = TextFormField(label="Cơ quan, người quyết định", max_length=200)
    merit = TextFormField(label="Thành tích", required=False, max_length=2000, widget=AREA)
    name_then = TextFormField(
        label="Tên khi được khen", required=False, max_length=200, help_text=OF_THAT_DAY
    )
    post_then = TextFormField(label="Chức vụ khi đó", required=False, max_length=150, help_text=OF_THAT_DAY)
    unit_then = TextFormField(label="Đơn vị khi đó", required=False, max_length=200, help_text=OF_THAT_DAY)
    layout: tuple[Any, ...] = (
        "version",
        Row(
            Column("award", css_class="col-md-6"),
            Column("year", css_class="col-sm-6 col-md-3"),
            Column("occasion", css_class="col-sm-6 col-md-3"),
        ),
        Row(
            Column("decision_number", css_class="col-sm-6 col-md-3"),
            Column("decided_on", css_class="col-sm-6 col-md-3"),
            Column("decided_by", css_class="col-md-6"),
        ),
        "merit",
        Row(
            Column("name_then", css_class="col-md-4"),
            Column("post_then", css_class="col-md-4"),
            Column("unit_then", css_class="col-md-4"),
        ),
    )

    def __init__(self, *args: Any, honour: Honour | None = None, **kwargs: Any) -> None:
        if honour:
            names = ("version", *(name for name in self.base_fields if hasattr(honour, name)))
            kwargs["initial"] = {name: getattr(honour, name) for name in names}
        super().__init__(*args, **kwargs)
        if honour and honour.source == Honour.Source.DECIDED:  # the rest is the decision's
            also = ("occasion",) if honour.award.kind == Award.Kind.COMMENDATION else ()
            for name in set(self.fields) - {"version", *WORDS, *also}:
                del self.fields[name]
            if also:
                self._only_stricter(honour)
            self.helper = helper(("version", *also, *HonourForm.layout[3:]))
            return
        awards = Award.objects.all()
        if honour:
            awards = awards.filter(recipient=honour.recipient)
        self.fields["award"].queryset = awards  # type: ignore[attr-defined]

    def _only_stricter(self, honour: Honour) -> None:
        """What the decision gave for merit may turn out to be for a movement, not the other way round."""
        field: Any = self.fields["occasion"]
        kinds = dict.fromkeys((honour.occasion, *NO_BASIS))
        field.choices = [(one, facts.OCCASIONS[one].capitalize()) for one in kinds]
        field.help_text = "Khen theo chuyên đề, đột xuất không làm căn cứ xét khen công trạng cao hơn."

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise ValidationError("Ngày quyết định không được sau hôm nay.")
        return day

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class EnterHonourForm(HonourForm):
    person = PersonFormField(
        label="Cá nhân: mã cán bộ hoặc họ và tên", required=False, max_length=200,
        help_text="Khen cá nhân thì ghi ô này.",
    )  # fmt: skip
    unit = choice(
        "Tập thể",
        queryset=Unit.objects.none(),
        required=False,
        help_text="Khen tập thể thì chọn ô này, kể cả đơn vị đã kết thúc.",
    )
    reason = TextFormField(
        label="Lý do ghi bằng tay", required=False, max_length=2000, widget=AREA,
        help_text="Chỉ cần khi năm đó có đợt bình xét trên cổng.",
    )  # fmt: skip
    layout = (pair("person", "unit"), *HonourForm.layout, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("order")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "person" in self.errors or "unit" in self.errors:
            return data
        person, unit = data.get("person"), data.get("unit")
        if bool(person) == bool(unit):
            said = (
                "Chỉ ghi một trong hai ô: cá nhân hoặc tập thể."
                if person
                else "Hãy ghi người hoặc đơn vị được khen."
            )
            self.add_error("person", said)
            return data
        award = data.get("award")
        if award and award.recipient != ("individual" if person else "collective"):
            self.add_error(
                "award", f"“{award}” đã chọn chỉ dành cho {award.get_recipient_display().lower()}."
            )
        return data


class CancelHonourForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = TextFormField(label="Số quyết định hủy", max_length=60)
    on = DateFormField(label="Ngày hủy")
    reason = TextFormField(label="Lý do hủy", max_length=2000, widget=AREA)
    layout = ("version", pair("number", "on"), "reason")


class KeepHonourForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = TextFormField(label="Lý do giữ", max_length=2000, widget=AREA)
    layout = ("version", "reason")


class HistoryFileForm(PortalForm):
    file = UploadField(
        label="Tệp Excel", kinds=["xlsx"], words="tệp .xlsx", largest=WORKBOOK_MAX_BYTES, check=check_workbook
    )
