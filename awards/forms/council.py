"""What is typed about a session of the council: its day, roster, attendance, agenda, votes and counts."""

from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from awards.calculations.votes import Count
from awards.models import Award, CouncilMember, VoteRound
from core.fields import DateFormField, RowsFormField, TextFormField
from core.forms import PortalForm, helper, plain
from organization.forms.common import pair
from scoring.forms.achievements import PersonFormField

AREA = forms.Textarea(attrs={"rows": 4})
MOST = 999


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


class SessionForm(PortalForm):
    version = version_field()
    held_on = DateFormField(label="Ngày họp")
    starts_at = forms.TimeField(
        label="Giờ bắt đầu",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Hãy ghi giờ như 08:00."},
    )
    place = TextFormField(label="Địa điểm", max_length=200)
    agenda_note = TextFormField(
        label="Nội dung gửi kèm giấy mời",
        widget=AREA,
        required=False,
        max_length=3_000,
        help_text="Không bắt buộc. Ví dụ: tài liệu cần đọc trước, thành phần mời dự.",
    )
    layout = ("version", pair("held_on", "starts_at"), "place", "agenda_note")


class RosterForm(PortalForm):
    """A seat and the counting duty for every member."""

    version = version_field()

    def __init__(self, *args: Any, members: list[CouncilMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        parts: list[Any] = ["version"]
        for one in members:
            self.fields[f"seat_{one.pk}"] = forms.ChoiceField(
                label="Cương vị", choices=CouncilMember.Seat.choices, initial=one.seat
            )
            self.fields[f"teller_{one.pk}"] = forms.BooleanField(
                label="Ban kiểm phiếu", required=False, initial=one.is_teller
            )
            parts.append(
                Fieldset(
                    plain(one.name_then),
                    Row(Column(f"seat_{one.pk}"), Column(f"teller_{one.pk}", css_class="align-self-end")),
                )
            )
        self.helper = helper(tuple(parts))

    @property
    def seats(self) -> dict[int, tuple[str, bool]]:
        data = self.cleaned_data
        return {one.pk: (data[f"seat_{one.pk}"], data[f"teller_{one.pk}"]) for one in self.members}


class AttendanceForm(PortalForm):
    version = version_field()
    rest_present = forms.BooleanField(label="Mọi người chưa điểm danh đều có mặt", required=False)

    def __init__(self, *args: Any, members: list[CouncilMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        parts: list[Any] = ["version", "rest_present"]
        for one in members:
            self.fields[f"mark_{one.pk}"] = forms.ChoiceField(
                label="Điểm danh",
                choices=CouncilMember.Attendance.choices,
                required=False,
                initial=one.attendance,
            )
            self.fields[f"why_{one.pk}"] = TextFormField(
                label="Lý do vắng", required=False, max_length=200, initial=one.absence_reason
            )
            label = f"{one.name_then} – {one.get_seat_display()}"
            parts.append(Fieldset(plain(label), Row(Column(f"mark_{one.pk}"), Column(f"why_{one.pk}"))))
        self.helper = helper(tuple(parts))

    @property
    def marks(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        rest = CouncilMember.Attendance.PRESENT if data["rest_present"] else ""
        return {one.pk: (data[f"mark_{one.pk}"] or rest, data[f"why_{one.pk}"] or "") for one in self.members}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for one in self.members:
            absent = found.get(f"mark_{one.pk}") == CouncilMember.Attendance.ABSENT
            if absent and not found.get(f"why_{one.pk}"):
                self.add_error(f"why_{one.pk}", "Hãy ghi lý do vắng.")
        return found


class HandoverForm(PortalForm):
    """To whom the chair or the record goes; ``giver`` is who had it when the page was read."""

    version = version_field()
    giver = forms.IntegerField(widget=forms.HiddenInput, required=False)
    taker = forms.TypedChoiceField(label="Người nhận", coerce=int)
    reason = TextFormField(
        label="Lý do", max_length=300, help_text="Ghi vào biên bản. Ví dụ: đi họp đột xuất theo giấy mời."
    )
    layout = ("version", "giver", "taker", "reason")

    def __init__(self, *args: Any, members: list[CouncilMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(one.pk, f"{one.name_then} – {one.get_seat_display()}") for one in members]
        self.fields["taker"].choices = free  # type: ignore[attr-defined]


class AgendaForm(PortalForm):
    version = version_field()
    nominations = RowsFormField(
        label="Hồ sơ được xét", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    again_because = TextFormField(
        label="Lý do xét lại",
        required=False,
        max_length=500,
        help_text="Chỉ cần ghi khi đưa lại hồ sơ mà Hội đồng đã kết luận.",
    )
    layout = ("version", "nominations", "again_because")

    def __init__(self, *args: Any, nominations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nominations"].queryset = nominations  # type: ignore[attr-defined]


class CourseForm(PortalForm):
    version = version_field()
    course = TextFormField(
        label="Diễn biến, ý kiến thảo luận",
        widget=forms.Textarea(attrs={"rows": 14}),
        required=False,
        max_length=20_000,
    )
    reason = TextFormField(
        label="Lý do sửa sau khi kết thúc phiên họp",
        max_length=500,
        help_text="Nội dung trước khi sửa được giữ trong nhật ký của phiên họp.",
    )
    layout = ("version", "course", "reason")

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["reason"]
            self.helper = helper(("version", "course"))


class VoteForm(PortalForm):
    """On what, and how, the council votes now: whole awards at once, or item by item."""

    DEFER = "defer"
    awards = forms.MultipleChoiceField(
        label="Mọi hồ sơ chưa bỏ phiếu của", required=False, widget=forms.CheckboxSelectMultiple
    )
    items = RowsFormField(
        label="Từng hồ sơ", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    way = forms.ChoiceField(
        label="Cách bỏ phiếu",
        choices=[*VoteRound.Way.choices, (DEFER, "Không bỏ phiếu, để lại")],
        widget=forms.RadioSelect,
    )
    reason = TextFormField(
        label="Lý do bỏ phiếu lại, lý do để lại",
        required=False,
        max_length=300,
        help_text="Chỉ cần ghi khi để lại, hoặc khi hồ sơ đã bỏ phiếu trong phiên này.",
    )
    layout = ("way", "awards", "items", "reason")

    def __init__(self, *args: Any, items: Any, awards: list[tuple[Award, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = items  # type: ignore[attr-defined]
        choices = [(str(one.pk), f"{one} ({count} hồ sơ)") for one, count in awards]
        self.fields["awards"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not found.get("awards") and not found.get("items"):
            self.add_error("items", "Hãy chọn ít nhất một danh hiệu, hình thức hoặc một hồ sơ.")
        return found


# --- counting -----------------------------------------------------------------------------------------------
IN_THE_ROOM = (
    ("issued", "Phát ra"),
    ("collected", "Thu về"),
    ("in_favour", "Đồng ý"),
    ("against", "Không đồng ý"),
    ("abstained", "Không có ý kiến"),
    ("invalid", "Không hợp lệ"),
)
OF_HANDS = IN_THE_ROOM[2:5]
IN_WRITING = (
    ("written_in_favour", "Văn bản: đồng ý"),
    ("written_against", "Văn bản: không đồng ý"),
    ("written_invalid", "Văn bản: không hợp lệ"),
)


class CountForm(PortalForm):
    """The numbers of every vote that is being taken. A row left empty is counted later."""

    def __init__(
        self,
        *args: Any,
        rounds: list[VoteRound],
        has_written: bool,
        with_reason: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = rounds
        parts: list[Any] = []
        if not with_reason and any(one.way == VoteRound.Way.HANDS for one in rounds):
            self.fields["rest_in_favour"] = forms.BooleanField(
                label="Lượt giơ tay để trống: mọi thành viên được biểu quyết đều đồng ý", required=False
            )
            parts.append("rest_in_favour")
        for one in rounds:
            columns = self._add(one, has_written)
            parts.append(Fieldset(plain(str(one.item)), f"version_{one.pk}", Row(*columns)))
        if with_reason:
            self.fields["reason"] = TextFormField(label="Lý do sửa", max_length=300)
            parts.append("reason")
        self.helper = helper(tuple(parts))

    def _add(self, one: VoteRound, has_written: bool) -> list[Column]:
        names = list(OF_HANDS if one.way == VoteRound.Way.HANDS else IN_THE_ROOM)
        names += IN_WRITING if has_written else ()
        self.fields[f"version_{one.pk}"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=one.version
        )
        columns = []
        for name, label in names:
            field = f"{name}_{one.pk}"
            known = getattr(one, name) if one.state == VoteRound.State.COUNTED else None
            known = one.may_vote if known is None and name == "issued" else known
            self.fields[field] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST, required=False, initial=known
            )
            columns.append(Column(field, css_class="col-6 col-md-2"))
        if one.chair:
            self.fields[f"chair_{one.pk}"] = forms.ChoiceField(
                label=f"Nếu số phiếu ngang nhau: người chủ trì ({one.chair})",
                choices=[("", "Không cần ghi"), *VoteRound.Side.choices],
                required=False,
                initial=one.chair_side,
            )
            columns.append(Column(f"chair_{one.pk}", css_class="col-12 col-md-6"))
        return columns

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for one in self.rounds:
            if not self._is_filled(one):
                if found.get("rest_in_favour") and one.way == VoteRound.Way.HANDS and one.leavers:
                    names = ", ".join(str(member) for member in one.leavers)
                    self.add_error(f"in_favour_{one.pk}", f"Đã rời khi đang lấy phiếu: {names}; hãy ghi số.")
                continue
            wanted = ["in_favour", "against"]
            wanted += ["issued", "collected"] if one.way == VoteRound.Way.PAPERS else []
            for name in wanted:
                if found.get(f"{name}_{one.pk}") is None and f"{name}_{one.pk}" not in self.errors:
                    self.add_error(f"{name}_{one.pk}", "Hãy ghi số, kể cả khi là 0.")
        if not self.errors and not self.counts:
            self.add_error(None, "Chưa ghi số nào.")
        return found

    def _is_filled(self, one: VoteRound) -> bool:
        """How many were issued is filled in beforehand and says nothing yet."""
        typed = (*IN_THE_ROOM[1:], *IN_WRITING)
        return any(self.data.get(f"{name}_{one.pk}", "") for name, _ in typed)

    @property
    def counts(self) -> dict[int, Count]:
        found = {one.pk: self._count(one) for one in self.rounds if self._is_filled(one)}
        if self.cleaned_data.get("rest_in_favour"):
            shown = self.versions  # what was begun after the page was read is nobody's unanimous vote
            for one in self.rounds:
                if one.way == VoteRound.Way.HANDS and one.pk in shown and one.pk not in found:
                    there = one.may_vote
                    found[one.pk] = Count(issued=there, collected=there, in_favour=there, against=0)
        return found

    def _count(self, one: VoteRound) -> Count:
        given = {
            name: self.cleaned_data.get(f"{name}_{one.pk}") or 0 for name, _ in (*IN_THE_ROOM, *IN_WRITING)
        }
        if one.way == VoteRound.Way.HANDS:  # everybody who raised a hand, or said that he would not
            given["collected"] = given["issued"] = given["in_favour"] + given["against"] + given["abstained"]
        return Count(**given)

    @property
    def chair_sides(self) -> dict[int, str]:
        return {one.pk: self.cleaned_data.get(f"chair_{one.pk}") or "" for one in self.rounds}

    @property
    def versions(self) -> dict[int, int]:
        found = {one.pk: self.cleaned_data.get(f"version_{one.pk}") for one in self.rounds}
        return {pk: version for pk, version in found.items() if version is not None}


# --- the secret ballot --------------------------------------------------------------------------------------
class KinForm(PortalForm):
    relative = PersonFormField(label="Mã cán bộ hoặc họ và tên người thân", max_length=200)
    relation = TextFormField(label="Quan hệ", max_length=100, help_text="Ví dụ: vợ, em ruột, con.")
    layout = (pair("relative", "relation"),)
