"""What is typed about initiatives: the application with its authors and shares, the decision, papers."""

from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from awards.eligibility import facts
from awards.models import Initiative
from awards.queries import evaluations
from core import clock
from core.fields import DateFormField, DecimalFormField, TextFormField
from core.forms import PortalForm, UploadField
from core.vietnamese import format_date, format_decimal
from organization.forms.common import choice
from organization.models import Person, Unit
from scoring.forms.achievements import CoAuthorForm

AREA = forms.Textarea(attrs={"rows": 5})
MOST = 999
LEVELS = [("", "– Chọn –"), *((code, name.capitalize()) for code, name in facts.LEVELS.items())]


class AuthorForm(CoAuthorForm):
    """One author; alone he has 100 per cent."""

    def clean_share(self) -> Decimal | None:
        share = self.cleaned_data["share"]
        if share is not None and not 0 < share <= 100:
            raise ValidationError("Nhập tỷ lệ lớn hơn 0 và không quá 100.")
        return share


AuthorFormSet: Any = forms.formset_factory(AuthorForm, extra=3, max_num=30, absolute_max=40)


class ApplicationForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label="Loại", choices=Initiative.Kind.choices)
    name = TextFormField(label="Tên sáng kiến, đề tài", max_length=300)
    unit = choice("Đơn vị", queryset=Unit.objects.none())
    first_used_on = DateFormField(label="Áp dụng lần đầu", required=False)
    summary = TextFormField(
        label="Nội dung, tính mới", required=False, widget=AREA, max_length=10_000,
        help_text="Trước đây làm thế nào, nay làm khác thế nào, điểm nào là mới.",
    )  # fmt: skip
    effect = TextFormField(
        label="Hiệu quả áp dụng", required=False, widget=AREA, max_length=10_000,
        help_text="Lợi ích thu được, nêu số liệu; đã áp dụng ở đâu.",
    )  # fmt: skip
    layout: tuple[Any, ...] = (
        "version",
        "name",
        Row(
            Column("kind", css_class="col-sm-6 col-md-3"),
            Column("first_used_on", css_class="col-sm-6 col-md-3"),
            Column("unit", css_class="col-md-6"),
        ),
        "summary",
        "effect",
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class EvaluationForm(PortalForm):
    """What the minutes of the initiative council say."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    council_met_on = DateFormField(label="Ngày họp")
    council_minutes = TextFormField(label="Số biên bản", max_length=60)
    council_members = forms.IntegerField(label="Tổng số thành viên", min_value=1, max_value=MOST)
    council_present = forms.IntegerField(label="Có mặt", min_value=0, max_value=MOST)
    council_in_favour = forms.IntegerField(label="Đồng ý công nhận", min_value=0, max_value=MOST)
    council_mark = DecimalFormField(
        label="Điểm trung bình",
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(MOST),
        decimal_places=2,
    )
    council_scale = DecimalFormField(
        label="Thang điểm", required=False, min_value=Decimal(1), max_value=Decimal(MOST), decimal_places=2
    )
    council_advice = forms.ChoiceField(
        label="Kết luận của Hội đồng", choices=[("", "– Chọn –"), *Initiative.Advice.choices]
    )
    evaluation = TextFormField(
        label="Ý kiến đánh giá của Hội đồng sáng kiến", required=False, widget=AREA, max_length=5_000,
    )  # fmt: skip
    layout: tuple[Any, ...] = (
        "version",
        Row(
            Column("council_met_on", css_class="col-sm-6 col-md-3"),
            Column("council_minutes", css_class="col-sm-6 col-md-3"),
            Column("council_advice", css_class="col-md-6"),
        ),
        Row(
            Column("council_members", css_class="col-sm-4"),
            Column("council_present", css_class="col-sm-4"),
            Column("council_in_favour", css_class="col-sm-4"),
        ),
        Row(
            Column("council_mark", css_class="col-sm-6 col-md-3"),
            Column("council_scale", css_class="col-sm-6 col-md-3"),
        ),
        "evaluation",
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        asked = evaluations.asked_in_words(initiative.council_met_on or clock.today())
        self.fields["council_advice"].help_text = asked
        self.fields["council_mark"].help_text = "Nếu Hội đồng chấm điểm."
        self.fields["council_scale"].help_text = "Ví dụ 10 hoặc 100."

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, sentence in evaluations.problems_of(self.initiative, found).items():
                self.add_error(name, sentence)
        return found


class DecisionForm(PortalForm):
    """What the decision says, not before the day on which the council met."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    level = forms.ChoiceField(label="Cấp công nhận", choices=LEVELS)
    reach = forms.ChoiceField(label="Phạm vi ảnh hưởng", choices=LEVELS)
    decision_number = TextFormField(label="Số quyết định công nhận", max_length=60)
    recognised_on = DateFormField(label="Ngày công nhận")
    recognised_by = TextFormField(label="Cơ quan công nhận", max_length=200)
    DECISION = (
        Row(
            Column("level", css_class="col-sm-6 col-md-3"),
            Column("reach", css_class="col-sm-6 col-md-3"),
            Column("decision_number", css_class="col-sm-6 col-md-3"),
            Column("recognised_on", css_class="col-sm-6 col-md-3"),
        ),
        "recognised_by",
    )
    layout: tuple[Any, ...] = ("version", *DECISION)
    met_on: date | None = None

    def clean_recognised_on(self) -> Any:
        day = self.cleaned_data["recognised_on"]
        if day > clock.today():
            raise ValidationError("Ngày công nhận không được sau hôm nay.")
        if self.met_on and day < self.met_on:
            raise ValidationError(
                f"Ngày công nhận không được trước ngày họp Hội đồng sáng kiến ({format_date(self.met_on)})."
            )
        return day


class RecognitionForm(DecisionForm):
    """With what was said of it, where the council's session is not on the portal."""

    evaluation = TextFormField(
        label="Ý kiến đánh giá của Hội đồng sáng kiến", required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    RECOGNITION = (*DecisionForm.DECISION, "evaluation")
    layout: tuple[Any, ...] = ("version", *RECOGNITION)


class EnterRecognisedForm(RecognitionForm, ApplicationForm):
    layout = (*ApplicationForm.layout, *RecognitionForm.RECOGNITION)


class PaperForm(PortalForm):
    file = UploadField(label="Tệp")
    title = TextFormField(
        label="Tên tài liệu", required=False, max_length=200, help_text="Để trống: lấy tên tệp."
    )


class Application:
    """The whole page as typed: the facts, and a row for each author."""

    def __init__(
        self, form: type[ApplicationForm], data: QueryDict | None, *, units: Any, initiative: Initiative | None = None,
        author: Person | None = None,
        unit: int | None = None,
    ) -> None:  # fmt: skip
        initial: dict[str, Any] = {}
        rows = []
        if initiative:
            initial = {name: getattr(initiative, name) for name in form.base_fields}
            rows = [(one.person, one.share) for one in initiative.authors.select_related("person")]
        elif author:
            initial = {"unit": unit}
            rows = [(author, Decimal(100))]
        self.form = form(data, units=units, initial=initial)
        self.rows = AuthorFormSet(
            data, prefix="tac-gia",
            initial=[
                {"person": f"{person.full_name} – {person.code}", "share": format_decimal(share)}
                for person, share in rows
            ],
        )  # fmt: skip

    def is_valid(self) -> bool:
        is_read = self.form.is_valid()
        if not self.rows.is_valid():
            self.form.add_error(None, "Có dòng tác giả chưa đúng, xem bên dưới.")
            return False
        return is_read

    @property
    def authors(self) -> list[tuple[Person, Decimal]]:
        return [row.entry for row in self.rows if row.entry]
