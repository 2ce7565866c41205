"""What is typed about decisions: the head and the list, the letter that goes up, the signed paper, the cancellation."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from awards.models import DecisionEntry, Nomination
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm

LINES = forms.Textarea(attrs={"rows": 2})
AREA = forms.Textarea(attrs={"rows": 3})


class NominationsField(forms.ModelMultipleChoiceField):
    """``ended_entries`` of a row are the decisions on it that are in force no more."""

    def label_from_instance(self, obj: Any) -> str:
        label = f"{obj.subject} – {obj.proposal.unit.short_name}: {obj.award}"
        ended = [self._said(one) for one in getattr(obj, "ended_entries", ())]
        return f"{label} (xét lại: {'; '.join(ended)})" if ended else label

    def _said(self, entry: DecisionEntry) -> str:
        if entry.refusal:
            return "cấp trên đã không khen"
        return f"{str(entry.decision)[:1].lower()}{str(entry.decision)[1:]} đã hủy"


class DraftForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = TextFormField(label="Trích yếu", max_length=300)
    basis = TextFormField(
        label="Căn cứ", required=False, widget=AREA, max_length=3_000, help_text="Mỗi căn cứ một dòng."
    )
    issuer = TextFormField(label="Cơ quan, người ban hành", max_length=200)
    signer_title = TextFormField(label="Chức vụ người ký", required=False, max_length=150)
    signer_name = TextFormField(label="Người ký", required=False, max_length=150)
    nominations = NominationsField(
        label="Danh sách kèm theo",
        queryset=Nomination.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một người, tập thể."},
    )
    layout: tuple[Any, ...] = (
        "version",
        "title",
        "basis",
        Row(
            Column("issuer", css_class="col-md-4"),
            Column("signer_title", css_class="col-md-4"),
            Column("signer_name", css_class="col-md-4"),
        ),
        "nominations",
    )

    def __init__(self, *args: Any, nominations: Any, may_be_empty: bool = False, **kwargs: Any) -> None:
        """``may_be_empty``: the last one is taken off a list that exists; it is not signed before it has somebody."""
        super().__init__(*args, **kwargs)
        self.fields["nominations"].queryset = nominations  # type: ignore[attr-defined]
        self.fields["nominations"].required = not may_be_empty


class MeritsForm(PortalForm):
    """What is printed of each on the list; a field for every entry."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, entries: Iterable[DecisionEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in entries:
            label = f"{one.nomination.subject}: {one.nomination.award}"
            self.fields[f"merit_{one.pk}"] = TextFormField(
                label=label, required=False, widget=LINES, max_length=3_000, initial=one.merit
            )

    @property
    def merits(self) -> dict[int, str]:
        found = self.cleaned_data.items()
        return {int(name.removeprefix("merit_")): text for name, text in found if name.startswith("merit_")}


class LetterForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    letter_number = TextFormField(label="Số tờ trình", max_length=60)
    letter_date = DateFormField(label="Ngày tờ trình")
    layout: tuple[Any, ...] = (
        "version",
        Row(Column("letter_number", css_class="col-sm-6"), Column("letter_date", css_class="col-sm-6")),
    )


class SignedForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = TextFormField(label="Số quyết định", max_length=60)
    signed_on = DateFormField(label="Ngày ký")
    issuer = TextFormField(label="Cơ quan, người ban hành", max_length=200)
    signer_title = TextFormField(label="Chức vụ người ký", required=False, max_length=150)
    signer_name = TextFormField(label="Người ký", required=False, max_length=150)
    layout: tuple[Any, ...] = (
        "version",
        Row(Column("number", css_class="col-sm-6"), Column("signed_on", css_class="col-sm-6")),
        Row(
            Column("issuer", css_class="col-md-4"),
            Column("signer_title", css_class="col-md-4"),
            Column("signer_name", css_class="col-md-4"),
        ),
    )


class CorrectForm(SignedForm):
    reason = TextFormField(label="Lý do sửa", widget=AREA, max_length=3_000)
    layout = (*SignedForm.layout, "reason")


class CancelForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = TextFormField(label="Số quyết định hủy", max_length=60)
    on = DateFormField(label="Ngày quyết định hủy")
    comment = TextFormField(label="Lý do hủy", widget=AREA, max_length=3_000)
    layout: tuple[Any, ...] = (
        "version",
        Row(Column("number", css_class="col-sm-6"), Column("on", css_class="col-sm-6")),
        "comment",
    )


class DropForm(PortalForm):
    reason = TextFormField(label="Lý do không khen thưởng", widget=AREA, max_length=3_000)
    paper = TextFormField(
        label="Văn bản kèm theo",
        required=False,
        max_length=200,
        help_text="Không bắt buộc: số, ngày, cơ quan.",
    )
    layout: tuple[Any, ...] = ("reason", "paper")
