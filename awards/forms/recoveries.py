"""What is typed when bonus money was paid, and when money or a thing has come back."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from awards.models import Recovery
from core.fields import DateFormField, DecimalFormField, TextFormField
from core.forms import PortalForm, helper
from core.vietnamese import format_decimal


class MoneyFormField(DecimalFormField):
    """Whole đồng, typed as 2.340.000 or 2340000: a point parts thousands."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = "".join(str(value or "").replace(".", "").split())
        return super().to_python(text)

    def prepare_value(self, value: Any) -> Any:
        return format_decimal(value) if isinstance(value, Decimal) else value


class RecoverForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    recovered = MoneyFormField(
        label="Số tiền đã thu hồi (đồng)", max_digits=12, decimal_places=0, min_value=1
    )
    on = DateFormField(label="Ngày thu hồi")
    paper = TextFormField(
        label="Chứng từ, biên bản", max_length=200, help_text="Ví dụ: Phiếu thu số 12 ngày 05/03/2025."
    )
    note = TextFormField(
        label="Ghi chú",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Thu hồi khác số phải thu hồi thì ghi lý do.",
    )
    layout: tuple[Any, ...] = (
        "version",
        Row(
            Column("recovered", css_class="col-sm-4"),
            Column("on", css_class="col-sm-4"),
            Column("paper", css_class="col-sm-4"),
        ),
        "note",
    )

    def __init__(self, *args: Any, recovery: Recovery, **kwargs: Any) -> None:
        if not recovery.is_money:
            self.layout = (
                "version",
                Row(Column("on", css_class="col-sm-6"), Column("paper", css_class="col-sm-6")),
                "note",
            )
        super().__init__(*args, **kwargs)
        if not recovery.is_money:
            del self.fields["recovered"]
            self.fields["note"].help_text = ""
            self.fields["paper"].help_text = "Ví dụ: Biên bản thu hồi ngày 05/03/2025."


class PayForm(PortalForm):
    """One voucher for some lines of a decision's list; a line that is left empty was not paid by it."""

    on = DateFormField(label="Ngày chi")
    voucher = TextFormField(
        label="Chứng từ chi", max_length=200, help_text="Ví dụ: Phiếu chi số 12 ngày 05/03/2025."
    )
    note = TextFormField(
        label="Ghi chú",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Số tiền chi khác danh sách thì ghi lý do.",
    )

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = []
        for pk, label, due in lines:
            self.fields[f"amount_{pk}"] = MoneyFormField(
                label=label, required=False, max_digits=12, decimal_places=0, min_value=1, initial=due
            )
            names.append(f"amount_{pk}")
        head = Row(Column("on", css_class="col-sm-4"), Column("voucher", css_class="col-sm-8"))
        self.helper = helper((head, "note", *names))

    @property
    def amounts(self) -> dict[int, Decimal]:
        found = {
            int(name.removeprefix("amount_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("amount_")
        }
        return {pk: value for pk, value in found.items() if value is not None}
