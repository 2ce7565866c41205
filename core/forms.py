"""The manners of every form: crispy helper, Vietnamese errors, nothing typed is lost."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.html import escape

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


def helper(layout: tuple[Any, ...]) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if layout:
        made.layout = Layout(*layout)
    return made


def plain(text: str) -> str:
    """A text of the database for a crispy legend or ``HTML``: crispy reads those as templates, so braces go too."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")
