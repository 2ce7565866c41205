"""The manners of every form: crispy helper, Vietnamese errors, nothing typed is lost."""

from collections.abc import Callable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.html import escape

from core.attachments import ALLOWED, ALLOWED_SENTENCE, check_upload
from core.drawing import DrawnLayout
from core.widgets import FileBox
from core.workflow import Refused


class PortalForm(forms.Form):
    """A form whose buttons belong to the page."""

    layout: tuple[Any, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(self.layout)

    def refuse(self, refusal: Refused) -> None:
        """Show an act's refusal above the form; what was typed stays in it."""
        for reason in refusal.reasons:
            self.add_error(None, reason)


class PortalModelForm(forms.ModelForm):
    """A form over one row's facts; the act that saves it is in ``actions``."""

    layout: tuple[Any, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(self.layout)

    def refuse(self, refusal: Refused) -> None:
        for reason in refusal.reasons:
            self.add_error(None, reason)


class UploadField(forms.FileField):
    """A file to upload. What is welcome is said before it is chosen; ``check`` judges what came."""

    def __init__(
        self,
        *,
        kinds: Sequence[str] = ALLOWED,
        words: str = ALLOWED_SENTENCE,
        largest: int | None = None,
        check: Callable[[Any], Any] = check_upload,
        **kwargs: Any,
    ) -> None:
        size = (largest or settings.UPLOAD_MAX_BYTES) // (1024 * 1024)
        optional = "" if kwargs.get("required", True) else "Không bắt buộc. "
        kwargs.setdefault("help_text", f"{optional}Nhận {words}; tối đa {size} MB.")
        kwargs.setdefault("widget", FileBox(attrs={"accept": ",".join(f".{kind}" for kind in kinds)}))
        super().__init__(allow_empty_file=True, **kwargs)
        self.check = check
        self.error_messages["required"] = "Hãy chọn tệp."

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The widget names the file that was sent; Django would forget it."""
        return data

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            self.check(upload)
        return upload


def helper(layout: tuple[Any, ...]) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if layout:
        made.layout = DrawnLayout(*layout)
    return made


def plain(text: str) -> str:
    """A text of the database for a crispy legend or ``HTML``: crispy reads those as templates, so braces go too."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")
