"""The boxes of forms as HTML, built here because a template per box, attribute and option is what makes forms slow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.forms import FileInput
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape as escape

Widget = dict[str, Any]
FOLDER = "django/forms/widgets"


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escape(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    text = escape(widget["value"] or "")
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _file(widget: Widget) -> str:
    """A button, and beside it the box itself: browsers show the chosen file there, portal.js in our own words."""
    name = escape(widget["lost"])
    said = f"Hãy chọn lại tệp “{name}”" if name else "Chưa chọn tệp, hoặc kéo tệp vào đây"
    return (
        f'<div class="file-box" data-file-box><label class="btn" for="{escape(widget["attrs"].get("id", ""))}">'
        f'Chọn tệp</label>{_input(widget)}<span class="file-name" data-file-name>{said}</span></div>'
    )


def _select(widget: Widget) -> str:
    parts = []
    for group, options, _ in widget["optgroups"]:
        drawn = "".join(
            f'<option value="{escape(one["value"])}"{_attributes(one)}>{escape(one["label"])}</option>'
            for one in options
        )
        parts.append(f'<optgroup label="{escape(group)}">{drawn}</optgroup>' if group else drawn)
    return f'<select name="{escape(widget["name"])}"{_attributes(widget)}>{"".join(parts)}</select>'


class Select(forms.Select):
    """For long choices: Django makes a dictionary of each option, which costs more than the rest of a form."""

    template_name = "long-select"  # drawn below

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = forms.Widget.get_context(self, name, value, attrs)
        context["widget"]["options"] = _options(self.choices, set(self.format_value(value)))
        return context


def _options(choices: Any, chosen: set[str]) -> str:
    """A label that is a list is a group of options."""
    return "".join(
        f'<optgroup label="{escape(value)}">{_options(label, chosen)}</optgroup>'
        if isinstance(label, list | tuple)
        else f'<option value="{escape(value)}"{" selected" if str(value) in chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )


def _long_select(widget: Widget) -> str:
    return f'<select name="{escape(widget["name"])}"{_attributes(widget)}>{widget["options"]}</select>'


class FileBox(FileInput):
    """A file to choose, said in Vietnamese; the browser's own box speaks the browser's language."""

    template_name = "file-box"  # drawn below, never read from a file

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """``lost``: the file that came with a form that is shown again; browsers make people choose it once more."""
        context = super().get_context(name, value, attrs)
        context["widget"]["lost"] = Path(getattr(value, "name", "") or "").name
        return context


DRAWN: dict[str, Callable[[Widget], str]] = {
    f"{FOLDER}/select.html": _select,
    Select.template_name: _long_select,
    f"{FOLDER}/textarea.html": _textarea,
    FileBox.template_name: _file,
    **{
        f"{FOLDER}/{kind}.html": _input
        for kind in ("text", "input", "number", "email", "url", "password", "hidden", "date", "checkbox")
    },
}


class PortalRenderer(DjangoTemplates):
    """Django's own renderer, with the common boxes drawn without templates; the HTML is the same."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
