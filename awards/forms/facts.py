"""What is typed about facts of people: discipline, absence, the former unit's comment, and holds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from awards.eligibility import facts
from awards.models import Absence, Discipline, UnitComment
from core import clock
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, helper
from organization.forms.common import CHOOSE, choice, pair
from organization.models import Unit
from scoring.forms.achievements import PersonFormField

AREA = forms.Textarea(attrs={"rows": 3})
PERSON = "Mã cán bộ hoặc họ và tên"
RESULTS = [  # the words in which the province's setting names them
    ("", "Chưa có"), ("trung bình", "Trung bình"), ("khá", "Khá"), ("giỏi", "Giỏi"), ("xuất sắc", "Xuất sắc"),
]  # fmt: skip
EARLIEST, LATEST = 2000, 2100
DAYS_OF_A_YEAR = 262  # working days
MONTHS_OF_A_TRAINING = 120


def options(known: dict[str, str]) -> list[tuple[str, str]]:
    return [("", CHOOSE), *((code, f"{name[:1].upper()}{name[1:]}") for code, name in known.items())]


class PastDay(DateFormField):
    """A day that has come already."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > clock.today():
            raise ValidationError("Ngày này không được sau hôm nay.")
        return day


class FactForm(PortalForm):
    """A fact about a person. Whom it is about is asked once and never changed: another person is another fact."""

    model: Any = None
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    person = PersonFormField(label=PERSON, max_length=200)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row:
            names = [name for name in self.base_fields if name != "person"]
            kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **kwargs)
        if row:
            del self.fields["person"]
            self.helper = helper(self.layout[1:])

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class DisciplineForm(FactForm):
    model = Discipline
    form = forms.ChoiceField(label="Hình thức kỷ luật", choices=options(facts.DISCIPLINES))
    number = TextFormField(label="Số quyết định", max_length=60, help_text="Ví dụ 12/QĐ-SNV.")
    decided_on = PastDay(label="Ngày quyết định")
    ended_on = DateFormField(
        label="Hết thời hạn ngày",
        required=False,
        help_text="Ngày chấm dứt hiệu lực của quyết định; để trống khi còn hiệu lực.",
    )
    note = TextFormField(label="Ghi chú", required=False, max_length=2000, widget=AREA)
    layout = ("person", "version", pair("form", "number"), pair("decided_on", "ended_on"), "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("decided_on"), data.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", "Ngày hết thời hạn phải từ ngày quyết định trở đi.")
        return data


class AbsenceForm(FactForm):
    model = Absence
    year = forms.IntegerField(label="Năm", min_value=EARLIEST, max_value=LATEST)
    kind = forms.ChoiceField(label="Loại", choices=options(facts.ABSENCES))
    working_days = forms.IntegerField(
        label="Số ngày làm việc đã nghỉ trong năm", min_value=0, max_value=DAYS_OF_A_YEAR
    )
    months = forms.IntegerField(
        label="Số tháng đào tạo",
        required=False,
        min_value=0,
        max_value=MONTHS_OF_A_TRAINING,
        help_text="Chỉ ghi khi đi đào tạo: cả khóa dài bao nhiêu tháng.",
    )
    result = forms.ChoiceField(
        label="Kết quả học tập", required=False, choices=RESULTS, help_text="Chỉ ghi khi đi đào tạo."
    )
    note = TextFormField(label="Ghi chú", required=False, max_length=2000, widget=AREA)
    layout = (
        "person", "version", pair("year", "kind"), pair("working_days", "months"), "result", "note",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["months"] = data.get("months") or 0
        kind = data.get("kind")
        if kind == "training" and not data["months"]:
            self.add_error("months", "Đi đào tạo thì ghi số tháng của khóa.")
        if kind and kind != "training":
            for name in ("months", "result"):
                if data.get(name):
                    self.add_error(name, "Chỉ ghi ô này khi đi đào tạo, bồi dưỡng.")
        if kind != "training" and data.get("working_days") == 0:
            self.add_error("working_days", "Ghi số ngày làm việc đã nghỉ, từ 1 ngày.")
        return data


class UnitCommentForm(FactForm):
    model = UnitComment
    year = forms.IntegerField(label="Năm", min_value=EARLIEST, max_value=LATEST)
    unit = choice("Đơn vị cũ", queryset=Unit.objects.none(), help_text="Đơn vị đã rời đi trong năm.")
    paper = TextFormField(
        label="Văn bản nhận xét", max_length=200, help_text="Số văn bản hoặc tên bản nhận xét."
    )
    given_on = PastDay(label="Ngày văn bản")
    content = TextFormField(label="Nội dung nhận xét", required=False, max_length=4000, widget=AREA)
    layout = ("person", "version", pair("year", "unit"), pair("paper", "given_on"), "content")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("order")  # type: ignore[attr-defined]


class WithdrawForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = TextFormField(label="Lý do", max_length=2000, widget=AREA)
    layout = ("version", "reason")


class HoldForm(PortalForm):
    person = PersonFormField(
        label=f"Cá nhân: {PERSON[:1].lower()}{PERSON[1:]}",
        required=False,
        max_length=200,
        help_text="Tạm dừng xét một người thì ghi ô này.",
    )
    unit = choice(
        "Tập thể",
        queryset=Unit.objects.none(),
        required=False,
        help_text="Tạm dừng xét một đơn vị thì chọn ô này. Người của đơn vị vẫn được xét, trừ người bị ghi riêng.",
    )
    reason = forms.ChoiceField(label="Lý do", choices=options(facts.HOLDS))
    paper = TextFormField(label="Văn bản", max_length=200, help_text="Số, ngày văn bản làm căn cứ.")
    started_on = PastDay(label="Từ ngày")
    layout = (pair("person", "unit"), "reason", pair("paper", "started_on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_units = Unit.objects.filter(closed_on__isnull=True).order_by("order")
        self.fields["unit"].queryset = open_units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "person" not in self.errors and bool(data.get("person")) == bool(data.get("unit")):
            self.add_error("person", "Chỉ ghi một trong hai ô: cá nhân hoặc tập thể.")
        return data


class HoldPaperForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    paper = TextFormField(
        label="Văn bản", max_length=200, help_text="Số, ngày, cơ quan ban hành văn bản làm căn cứ."
    )
    reason = TextFormField(label="Lý do sửa", max_length=2000, widget=AREA)
    layout = ("version", "paper", "reason")
