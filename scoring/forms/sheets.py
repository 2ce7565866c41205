"""Forms of score sheets: one line of the grid, its documents, the typed confirmation of a publication."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.db.models import Q

from campaigns.methods import fields
from core.fields import DecimalFormField, TextFormField
from core.forms import PortalForm
from scoring.models import EvidenceDocument, Line


class LineForm(PortalForm):
    """One line of the grid in the column that its user may edit; all names carry the line's prefix."""

    version = forms.IntegerField(required=False)

    def __init__(self, data: Mapping[str, Any] | None, line: Line, column: str) -> None:
        super().__init__(data, prefix=prefix(line))
        self.line, self.column = line, column
        self.fields["score"] = _number("Điểm")
        if column in ("self", "office"):
            for one in fields(line.criterion.method, line.criterion.params):
                self.fields[one.name] = _choice(one.label, one.choices) if one.choices else _number(one.label)
        if column in ("self", "explanation"):
            self.fields["reason"] = TextFormField(label="Giải trình", required=False, max_length=2000)
        else:
            self.fields["reason"] = TextFormField(label="Lý do sửa", required=False, max_length=2000)

    @property
    def inputs(self) -> dict[str, str]:
        """What the method asks for, as text."""
        names = [one.name for one in fields(self.line.criterion.method, self.line.criterion.params)]
        given = {name: self.cleaned_data.get(name) for name in names}
        return {name: str(value) for name, value in given.items() if value not in (None, "")}

    @property
    def sentences(self) -> list[str]:
        """The errors in words, for the line's status cell."""
        return [
            f"{self.fields[name].label}: {error}" if name in self.fields else str(error)
            for name, errors in self.errors.items()
            for error in errors
        ]


class EvidenceLinkForm(PortalForm):
    """Which document proves the line, and on which page."""

    document = forms.ModelChoiceField(
        label="Tài liệu", queryset=EvidenceDocument.objects.none(), empty_label="Chọn một tài liệu đã tải lên"
    )
    page = TextFormField(label="Trang, mục", required=False, max_length=60)
    layout = (Field("document"), Field("page"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="kho_%s", **kwargs)
        mine = Q(unit_id__in=user.acting.units) | Q(uploaded_by=user)
        own = EvidenceDocument.objects.visible_to(user).filter(mine)
        self.fields["document"].queryset = own.order_by("-uploaded_at")  # type: ignore[attr-defined]


class ExclusionForm(PortalForm):
    """Why a criterion does not apply to a unit, or applies after all."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = TextFormField(label="Lý do", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    layout = ("version", Field("reason"))


class PublicationForm(PortalForm):
    """The typed confirmation; sheets that are not appraised are accepted as "not scored" all together, by name."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1_000_000)
    without_unready = forms.BooleanField(required=False)
    comment = TextFormField(
        label="Ghi chú khi công bố", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    confirmation = TextFormField(label="Gõ CÔNG BỐ để xác nhận", max_length=20, strip=True)

    def __init__(self, *args: Any, unready: Collection[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = ",".join(str(pk) for pk in unready)
        self.fields["seen"].initial = self.listed
        self.fields["confirmation"].widget.attrs["autocomplete"] = "off"
        if unready:
            count = len(unready)
            self.fields["without_unready"].label = f"Công bố {count} phiếu chưa thẩm định là “Chưa chấm”"
        else:
            del self.fields["without_unready"]
        self.helper.layout = None

    @property
    def seen_sheets(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["seen"].split(",") if pk.isascii() and pk.isdigit()]

    def about_present_list(self) -> None:
        """After a refusal the page shows the present list: agreeing to it is a new decision."""
        typed = dict(self.data.items())
        if typed.get("seen") != self.listed:
            typed["seen"] = self.listed
            typed.pop("without_unready", None)
        self.data = typed


class RepublicationForm(PublicationForm):
    """The same for a round that is published anew: the reason is for everybody to read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].label, self.fields["comment"].required = "Lý do công bố lại", True


class WithdrawalForm(PortalForm):
    """Why published results are taken up again."""

    reason = TextFormField(
        label="Lý do mở lại",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lý do được gửi tới mọi người liên quan và lưu trong lịch sử công bố.",
    )
    layout = (Field("reason"),)


def prefix(line: Line) -> str:
    return f"l{line.pk}"


def flags_from(data: Mapping[str, Any], lines: list[Line]) -> dict[int, str]:
    """The reasons typed beside the lines that have to be corrected."""
    return {line.pk: data.get(f"{prefix(line)}-flag", "")[:1000] for line in lines}


def _number(label: str) -> DecimalFormField:
    return DecimalFormField(
        label=label,
        required=False,
        max_digits=16,
        decimal_places=4,
        min_value=-(Decimal(10) ** 11),
        max_value=Decimal(10) ** 11,
    )


def _choice(label: str, choices: tuple[tuple[str, str], ...]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *choices])
