"""People, their postings and their roles."""

from typing import Any

from django import forms

from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, PortalModelForm
from organization import roles
from organization.forms.common import CHOOSE, BasisForm, choice, pair
from organization.models import Person, Post, Unit


class PersonFactsForm(PortalModelForm):
    """The facts of a person; the name is typed in one piece, as people write it."""

    full_name = TextFormField(label="Họ và tên", max_length=140)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Person
        fields = ["gender", "born_on", "email", "employment", "joined_on"]

    layout: tuple[Any, ...] = (
        pair("full_name", "gender"),
        pair("born_on", "email"),
        pair("employment", "joined_on"),
        "version",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("gender", Person.Gender.choices), ("employment", Person.Employment.choices)):
            self.fields[name].choices = [("", CHOOSE), *choices]  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial.update(full_name=self.instance.full_name, version=self.instance.version)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _post_clean(self) -> None:
        """The act compares with the stored row, so the form leaves the instance alone."""


class PostingFields(PortalForm):
    unit = choice("Đơn vị", queryset=Unit.objects.none())
    post = choice("Chức vụ", queryset=Post.objects.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open()  # type: ignore[attr-defined]


class PersonForm(PersonFactsForm, PostingFields):
    """A new person with the first posting."""

    field_order = [
        "code",
        "full_name",
        "gender",
        "born_on",
        "employment",
        "joined_on",
        "email",
        "unit",
        "post",
    ]

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._/-]*$",
        label="Mã cán bộ",
        max_length=20,
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch."},
    )
    started_on = DateFormField(
        label="Giữ vị trí này từ ngày", required=False, help_text="Để trống: từ ngày vào cơ quan."
    )
    basis = TextFormField(label="Căn cứ", max_length=200, required=False)
    layout = (
        pair("code", "full_name"),
        pair("gender", "born_on"),
        pair("employment", "joined_on"),
        "email",
        pair("unit", "post"),
        pair("started_on", "basis"),
    )


class TransferForm(PostingFields, BasisForm):
    layout = (pair("unit", "post"), pair("on", "basis"))


class LeaveForm(PortalForm):
    on = DateFormField(label="Thôi việc từ ngày")
    comment = TextFormField(label="Căn cứ, lý do", max_length=200)
    layout = (pair("on", "comment"),)


class AppointmentForm(PortalForm):
    role = forms.ChoiceField(label="Vai trò", choices=roles.CHOICES, widget=forms.RadioSelect)
    unit = choice(
        "Đơn vị",
        queryset=Unit.objects.none(),
        required=False,
        help_text="Chỉ chọn với Thủ trưởng đơn vị và Cấp phó.",
    )
    started_on = DateFormField(label="Từ ngày")
    ended_on = DateFormField(
        label="Đến hết ngày", required=False, help_text="Để trống: đến khi có quyết định khác."
    )
    basis = TextFormField(label="Căn cứ", max_length=200)
    layout = ("role", "unit", pair("started_on", "ended_on"), "basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open()  # type: ignore[attr-defined]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.code, f"{role.name}: {role.description}") for role in roles.ROLES.values()
        ]


class EndForm(PortalForm):
    on = DateFormField(label="Ngày cuối cùng giữ vai trò")
    comment = TextFormField(label="Lý do", max_length=200)
    layout = (pair("on", "comment"),)


class DelegationForm(PortalForm):
    unit = choice("Đơn vị", queryset=Unit.objects.none())
    to = choice("Người được ủy quyền", forms.ModelChoiceField, queryset=Person.objects.none())
    started_on = DateFormField(label="Từ ngày")
    ended_on = DateFormField(label="Đến hết ngày")
    basis = TextFormField(label="Căn cứ", max_length=200, help_text="Số, ngày của giấy ủy quyền.")
    layout = (pair("unit", "to"), pair("started_on", "ended_on"), "basis")

    def __init__(self, units: Any, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset, self.fields["to"].queryset = units, people  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = _with_account  # type: ignore[attr-defined]


def _with_account(person: Person) -> str:
    """Who cannot sign in cannot decide for anybody either: told before he is chosen."""
    return person.full_name if person.user_id else f"{person.full_name} (chưa có tài khoản)"
