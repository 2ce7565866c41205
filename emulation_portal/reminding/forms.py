"""The form of a reminder plan."""

from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError

from core.forms import PortalModelForm
from core.models import ReminderPlan
from emulation_portal.reminding.planning import FARTHEST
from emulation_portal.reminding.plans import FACTS

MOST = 10  # reminders of one kind; more is a nuisance
HALF = "col-md-6"


class DaysField(forms.CharField):
    """Working days as people write them: "7, 3, 1, 0"."""

    def __init__(self, *, least: int, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.least = least
        self.widget.attrs.update({"autocomplete": "off", "inputmode": "text"})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        parts = [part for part in str(value or "").replace(";", ",").replace(" ", ",").split(",") if part]
        if not all(
            part.isascii() and part.isdigit() and self.least <= int(part[:4]) <= FARTHEST for part in parts
        ):
            raise ValidationError(
                f"Nhập các số ngày làm việc từ {self.least} đến {FARTHEST}, cách nhau bằng dấu phẩy, ví dụ 7, 3, 1."
            )
        days = sorted({int(part) for part in parts}, reverse=self.least == 0)
        if len(days) > MOST:
            raise ValidationError(f"Nhiều nhất {MOST} lần nhắc.")
        return days


class PlanForm(PortalModelForm):
    before = DaysField(
        least=0,
        label="Nhắc trước hạn",
        help_text="Số ngày làm việc trước hạn, cách nhau bằng dấu phẩy; 0 là ngày hết hạn. Để trống: không nhắc.",
    )
    after = DaysField(least=1, label="Nhắc khi quá hạn", help_text="Số ngày làm việc sau hạn, ví dụ 1, 3.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = (
        "version",
        "is_active",
        Row(Column("before", css_class=HALF), Column("after", css_class=HALF)),
        "audience",
        "intro",
        Fieldset(
            "Khi quá hạn vẫn chưa xong",
            Row(Column("head_after", css_class=HALF), Column("office_after", css_class=HALF)),
        ),
        "is_compulsory",
    )

    class Meta:
        model = ReminderPlan
        fields = FACTS
        widgets = {"intro": forms.Textarea(attrs={"rows": 3}), "audience": forms.RadioSelect}
        help_texts = {
            "intro": "Đứng đầu phần việc của công đoạn trong thư. Không ghi điểm, lý do hay nội dung hồ sơ.",
            "head_after": "Báo một lần. Để trống: không báo.",
            "office_after": "Báo một lần. Để trống: không báo.",
            "is_compulsory": "Người nhận chọn thư hằng tuần hay chỉ việc gấp vẫn được nhắc theo kế hoạch này.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name in ("head_after", "office_after"):
            self.fields[name].min_value, self.fields[name].max_value = 1, FARTHEST  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("head_after", "office_after"):
            value = cleaned.get(name)
            if value is not None and not 1 <= value <= FARTHEST:
                self.add_error(name, f"Nhập số ngày làm việc từ 1 đến {FARTHEST}, hoặc để trống.")
        head, office = cleaned.get("head_after"), cleaned.get("office_after")
        if head and office and office < head:
            self.add_error("office_after", "Văn phòng Sở được báo cùng lúc hoặc sau thủ trưởng đơn vị.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}

    def _post_clean(self) -> None:
        """The act compares with the stored row, so the form leaves the instance alone."""
