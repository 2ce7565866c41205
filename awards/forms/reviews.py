"""Forms of the review: its facts with its calendar, a point to affirm, a reason."""

from datetime import date
from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from awards.eligibility.provisions import PAPERS
from awards.models import Award, Review, ReviewDeadline
from awards.queries.nominations import collectives_that_may_propose
from awards.queries.notices import published_on, too_short
from campaigns.models import Campaign
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, helper
from organization.models import Unit

STEPS = {f"due_{step.value}": step for step in ReviewDeadline.Step}


class AwardsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_recipient_display().lower()}, {obj.decided_by})"


class UnitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ReviewForm(PortalForm):
    """Everything about a review; of an open one only calendar, letter and guidance may change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label="Loại", choices=Review.Kind.choices)
    year = forms.IntegerField(label="Năm xét", min_value=2000, max_value=2100)
    phase = forms.ChoiceField(label="Đợt", choices=Review.Phase.choices)
    campaign = forms.ModelChoiceField(
        label="Phong trào",
        queryset=Campaign.objects.exclude(kind=Campaign.Kind.INDEX),
        required=False,
        empty_label="(không theo phong trào)",
        help_text="Chỉ chọn khi bình xét theo phong trào (chuyên đề).",
    )
    title = TextFormField(label="Tên đợt bình xét", max_length=200)
    reference_date = DateFormField(
        label="Ngày lấy quy định",
        help_text="Thành tích đến ngày này được xét theo văn bản đang có hiệu lực của chính ngày này.",
    )
    letter_number = TextFormField(label="Số văn bản hướng dẫn", max_length=60, required=False)
    letter_date = DateFormField(label="Ngày văn bản", required=False)
    guidance = TextFormField(
        label="Nội dung hướng dẫn", widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    period_reason = TextFormField(
        label="Lý do công khai ngắn hơn quy định",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text="Chỉ cần khi lịch cho ít ngày công khai lấy ý kiến hơn số ngày làm việc tỉnh quy định.",
    )
    awards = AwardsField(
        label="Danh hiệu, hình thức được xét",
        queryset=Award.objects.order_by("-order"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một danh hiệu, hình thức."},
    )

    def __init__(self, *args: Any, review: Review | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        is_planned = review is None or review.state == Review.State.PLANNED
        for name, step in STEPS.items():
            self.fields[name] = DateFormField(label=step.label, required=False)
        if not is_planned:
            for name in ("kind", "year", "phase", "campaign", "title", "reference_date", "awards"):
                self.fields[name].disabled = True
        self.helper = helper(_layout(list(STEPS)))

    @property
    def deadlines(self) -> dict[str, date | None]:
        return {step.value: self.cleaned_data.get(name) for name, step in STEPS.items()}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        thematic = found.get("kind") == Review.Kind.CAMPAIGN
        if thematic and not found.get("campaign"):
            self.add_error("campaign", "Hãy chọn phong trào.")
        if not thematic and found.get("campaign"):
            self.add_error("campaign", "Bình xét công trạng hằng năm không theo phong trào nào.")
        if not found.get("period_reason") and (short := self._too_short(found)):
            self.add_error("due_open_period", short)
        return found

    def _too_short(self, found: dict[str, Any]) -> str:
        published = published_on(self.review) if self.review else None
        if self.review and self.review.state not in Review.BEFORE_COUNCIL:
            return ""
        due = found.get("due_open_period")
        if published and due and due < published:
            return ""
        return too_short(published or found.get("due_verification"), due)


def _layout(steps: list[str]) -> tuple[Any, ...]:
    rows = [Row(*(Column(name) for name in steps[at : at + 3])) for at in range(0, len(steps), 3)]
    return (
        "version",
        Row(Column("kind"), Column("year"), Column("phase")),
        "title",
        Row(Column("campaign"), Column("reference_date")),
        Fieldset("Văn bản hướng dẫn", Row(Column("letter_number"), Column("letter_date")), "guidance"),
        Fieldset("Lịch (hết ngày)", *rows, "period_reason"),
        "awards",
    )


class ScopeForm(PortalForm):
    """Who takes part, and which papers every dossier needs beside those of the law."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    left_out = UnitsField(
        label="Đơn vị không tham gia đợt này",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Đơn vị không đánh dấu đều tham gia và được nhắc đề nghị. Đã lập tờ trình thì không để ngoài được.",
    )
    papers = forms.MultipleChoiceField(
        label="Giấy tờ mọi hồ sơ phải có, ngoài giấy tờ theo quy định",
        choices=[(code, name) for code, name in PAPERS.items() if code != "ballot_minutes"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Thiếu thì không ký trình được. Giấy chứng nhận sáng kiến chỉ đòi ở hồ sơ dựa trên sáng kiến.",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        start = {"version": review.version, "left_out": review.left_out.all(), "papers": review.papers}
        super().__init__(*args, initial=start, **kwargs)
        self.fields["left_out"].queryset = collectives_that_may_propose(review)  # type: ignore[attr-defined]
        self.helper = helper(("version", "left_out", "papers"))


class AffirmForm(PortalForm):
    """Yes or no to a point, with a note."""

    point = forms.SlugField(widget=forms.HiddenInput)
    holds = forms.TypedChoiceField(
        label="Xác nhận", choices=[("1", "Đạt"), ("0", "Không đạt")], coerce=lambda text: text == "1"
    )
    note = TextFormField(label="Căn cứ, ghi chú", max_length=400, required=False)


class RulesForm(PortalForm):
    """Why newer rules are taken over."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = TextFormField(label="Lý do áp dụng quy định mới", widget=forms.Textarea(attrs={"rows": 2}))
