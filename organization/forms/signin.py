"""Signing in and passwords. The same answer for a name that exists and one that does not."""

from typing import Any

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core import clock
from core.fields import TextFormField
from core.forms import PortalForm, helper
from core.vietnamese import normalize
from organization.queries import FIRST_PASSWORD_LIFE

WRONG_NAME_OR_PASSWORD = "Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa, chữ thường."  # noqa: S105
IN_WORDS = {
    "password_too_common": "Mật khẩu này quá phổ biến, dễ bị đoán.",
    "password_too_similar": "Mật khẩu quá giống tên đăng nhập hoặc thư điện tử của bạn.",
    "password_entirely_numeric": "Mật khẩu không được chỉ gồm chữ số.",
}


def choosing_well() -> str:
    return (
        f"Ít nhất {settings.PASSWORD_MIN_LENGTH} ký tự, kể cả dấu cách. Dễ nhất là một câu bốn, năm từ của riêng bạn, "
        "viết có dấu hay không dấu đều được. Không dùng tên của bạn, tên cơ quan hay mật khẩu phổ biến."
    )


def _secret(field: forms.Field, autocomplete: str) -> None:
    field.widget.attrs["autocomplete"] = autocomplete


def _with_eye(name: str) -> FieldWithButtons:
    """The field with a button that shows what was typed; portal.js listens to it."""
    return FieldWithButtons(
        name,
        StrictButton(
            "Hiện", type="button", css_class="btn", data_toggle_password=f"id_{name}", aria_pressed="false"
        ),
    )


class SignInForm(auth_forms.AuthenticationForm):
    """The same answer for a name that exists and one that does not."""

    error_messages = {"invalid_login": WRONG_NAME_OR_PASSWORD, "inactive": WRONG_NAME_OR_PASSWORD}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(("username", _with_eye("password")))
        name, password = self.fields["username"], self.fields["password"]
        name.label, password.label = "Tên đăng nhập", "Mật khẩu"
        name.error_messages["required"] = "Hãy nhập tên đăng nhập."
        password.error_messages["required"] = "Hãy nhập mật khẩu."
        name.widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        _secret(password, "current-password")

    def clean_username(self) -> str:
        return normalize(self.cleaned_data["username"]).lower()

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if settings.PRODUCTION and user.is_demo:
            raise ValidationError("Tài khoản dùng thử không đăng nhập được vào cổng thật.")
        given = user.password_changed_at
        if user.must_change_password and given and clock.now() - given > FIRST_PASSWORD_LIFE:
            raise ValidationError(
                f"Mật khẩu tạm đã quá {FIRST_PASSWORD_LIFE.days} ngày. Hãy đề nghị quản trị kỹ thuật cấp lại."
            )


class SetPasswordForm(auth_forms.SetPasswordForm):
    """A new password, typed twice."""

    error_messages = {"password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper((_with_eye("new_password1"), "new_password2"))
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "Mật khẩu mới", "Nhập lại mật khẩu mới"
        first.help_text, second.help_text = choosing_well(), ""
        for field in (first, second):
            field.error_messages["required"] = "Hãy nhập mật khẩu mới."
            _secret(field, "new-password")

    def validate_password_for_user(self, user: Any, *_: Any, **__: Any) -> None:
        """The validators' sentences, said in Vietnamese at the field where the password was chosen."""
        password = self.cleaned_data.get("new_password2")
        if not password:
            return
        try:
            validate_password(password, user)
        except ValidationError as error:
            self.add_error(
                "new_password1", [IN_WORDS.get(one.code or "", one.messages[0]) for one in error.error_list]
            )


class ChangePasswordForm(SetPasswordForm, auth_forms.PasswordChangeForm):
    """The holder proves the old password before choosing another one."""

    error_messages = {
        **SetPasswordForm.error_messages,
        "password_incorrect": "Mật khẩu hiện tại không đúng.",
    }
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(("old_password", _with_eye("new_password1"), "new_password2"))
        old = self.fields["old_password"]
        old.label = "Mật khẩu hiện tại"
        old.error_messages["required"] = "Hãy nhập mật khẩu hiện tại."
        _secret(old, "current-password")

    def clean_new_password1(self) -> str:
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("Mật khẩu mới phải khác mật khẩu hiện tại.")
        return password


class ResetRequestForm(PortalForm):
    email = TextFormField(
        label="Thư điện tử đã đăng ký với cơ quan",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Hãy nhập địa chỉ thư điện tử."},
    )


class AccountForm(PortalForm):
    username = TextFormField(
        label="Tên đăng nhập",
        max_length=30,
        help_text="3 đến 30 chữ thường không dấu, chữ số, dấu chấm, gạch nối; ví dụ nguyen.an.",
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
