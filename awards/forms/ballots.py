"""What is typed at a box of the secret ballot: a member's vote, the tellers' codes, and who counts instead of whom."""

from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from awards.forms.council import IN_WRITING, MOST, version_field
from awards.models import Ballot, CouncilMember, VoteRound
from core.fields import TextFormField
from core.forms import PortalForm, helper, plain


class BallotForm(PortalForm):
    """One choice for every item on which this member votes. No form whose fields are called secret is ever kept."""

    def __init__(self, *args: Any, rounds: list[VoteRound], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds, parts = rounds, []
        for one in rounds:
            self.fields[f"secret_{one.pk}"] = forms.ChoiceField(
                label=str(one.item),
                choices=Ballot.Choice.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Hãy chọn một ý kiến."},
            )
            parts.append(f"secret_{one.pk}")
        self.helper = helper(tuple(parts))

    @property
    def choices(self) -> dict[int, str]:
        return {one.pk: self.cleaned_data[f"secret_{one.pk}"] for one in self.rounds}


class CountBoxForm(PortalForm):
    """The codes of two tellers, and what absent members answered in writing."""

    version = version_field()
    secret_first = TextFormField(label="Mã của thành viên Ban kiểm phiếu thứ nhất", max_length=60)
    secret_second = TextFormField(label="Mã của thành viên Ban kiểm phiếu thứ hai", max_length=60)

    def __init__(
        self,
        *args: Any,
        rounds: list[VoteRound],
        has_written: bool,
        missing: list[CouncilMember],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = rounds if has_written else []
        parts: list[Any] = ["version", "secret_first", "secret_second"]
        if missing:
            names = ", ".join(one.name_then for one in missing)
            self.fields["despite_missing"] = forms.BooleanField(
                label=f"Còn {len(missing)} người chưa bỏ phiếu ({names}); vẫn kiểm",
                error_messages={
                    "required": "Còn người chưa bỏ phiếu: hãy chờ, hoặc đánh dấu vào đây để vẫn kiểm."
                },
            )
            parts.append("despite_missing")
        for name in ("secret_first", "secret_second"):
            self.fields[name].widget.attrs |= {
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
            }
        for one in self.rounds:
            columns = []
            for name, label in IN_WRITING:
                self.fields[f"{name}_{one.pk}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=MOST, required=False, initial=0
                )
                columns.append(Column(f"{name}_{one.pk}", css_class="col-md-4"))
            parts.append(Fieldset(plain(str(one.item)), Row(*columns)))
        self.helper = helper(tuple(parts))

    @property
    def written(self) -> dict[int, tuple[int, int, int]]:
        data = self.cleaned_data
        return {
            one.pk: tuple(data.get(f"{name}_{one.pk}") or 0 for name, _ in IN_WRITING)  # type: ignore[misc]
            for one in self.rounds
        }


class TellerForm(PortalForm):
    """Which teller leaves, and who counts instead."""

    version = version_field()
    leaver = forms.TypedChoiceField(label="Người rời Ban kiểm phiếu", coerce=int)
    taker = forms.TypedChoiceField(label="Người thay", coerce=int)
    reason = TextFormField(label="Lý do", max_length=300, help_text="Ghi vào biên bản.")
    layout = ("version", "leaver", "taker", "reason")

    def __init__(
        self, *args: Any, leavers: list[CouncilMember], takers: list[CouncilMember], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, members in (("leaver", leavers), ("taker", takers)):
            choices = [(one.pk, f"{one.name_then} – {one.get_seat_display()}") for one in members]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
