"""A form's fields as HTML, built here because a template per field, row and column is what makes forms slow.

The HTML is what crispy's Bootstrap 5 templates would give (tests/core/test_drawing.py holds both side by side).
"""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Column, Div, Layout, Row
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

CLASSES = {Div: "{}", Row: "row {}", Column: "col-md {}"}


def draw_field(field: BoundField, wrapper: str = "") -> SafeString:
    """Label, box, errors and help of one field."""
    if field.is_hidden:
        return mark_safe(str(field))  # noqa: S308 - Django's own HTML
    check = isinstance(field.field.widget, CheckboxInput)
    inside = _check(field) if check else _fieldset(field) if field.use_fieldset else _box(field)
    kind = "form-check" if check else "mb-3"
    html = f'<div id="div_{field.auto_id}" class="{f"{kind} {wrapper}".strip()}">{inside}</div>'
    return mark_safe(f'<div class="mb-3">{html}</div>' if check else html)  # noqa: S308 - escaped piece by piece


class DrawnLayout(Layout):
    """A crispy layout: fields, rows and columns are drawn here, anything rarer by crispy itself."""

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return mark_safe(_parts(self.fields, form, context))  # noqa: S308 - escaped piece by piece


def _parts(parts: Iterable[Any], form: Any, context: Any) -> str:
    drawn: list[str] = []
    for part in parts:
        if isinstance(part, str):
            form.rendered_fields.add(part)
            drawn.append(draw_field(form[part]))
        elif type(part) in CLASSES:
            drawn.append(_division(part, _parts(part.fields, form, context)))
        else:
            drawn.append(part.render(form, context))
    return "".join(drawn)


def _division(part: Any, inside: str) -> str:
    own = part.css_class or ""
    css = own if type(part) is Column and "col" in own else CLASSES[type(part)].format(own)
    name = f' id="{part.css_id}"' if part.css_id else ""
    kind = f' class="{css.strip()}"' if css.strip() else ""
    return f"<div{name}{kind}{part.flat_attrs}>{inside}</div>"


def _check(field: BoundField) -> str:
    return f"{_widget(field, 'form-check-input')}{_label(field, 'form-check-label')}{_errors(field)}{_help(field)}"


def _box(field: BoundField) -> str:
    kind = "form-select" if isinstance(field.field.widget, Select) else "form-control"
    label = _label(field, "form-label") if field.label else ""
    return f"{label}{_widget(field, kind)}{_errors(field)}{_help(field)}"


def _fieldset(field: BoundField) -> str:
    described = f' aria-describedby="{escape(field.aria_describedby)}"' if field.aria_describedby else ""
    legend = ""
    if field.label:
        required = " requiredField" if field.field.required else ""
        legend = f'<legend class="form-label{required} fs-6">{_named(field)}</legend>'
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        context = {"field": field, "form_show_errors": True}
        inside: str = render_to_string("bootstrap5/layout/radio_checkbox_select.html", context)
    else:
        inside = f"{_widget(field, 'form-control')}{_errors(field)}{_help(field)}"
    return f"<fieldset{described}>{legend}{inside}</fieldset>"


def _named(field: BoundField) -> str:
    mark = '<span class="asteriskField">*</span>' if field.field.required else ""
    return f"{escape(field.label)}{mark}"


def _label(field: BoundField, css: str) -> str:
    required = " requiredField" if field.field.required else ""
    return f'<label for="{field.id_for_label}" class="{css}{required}">{_named(field)}</label>'


def _widget(field: BoundField, css: str) -> str:
    widget: Any = field.field.widget
    for one in getattr(widget, "widgets", [widget]):
        wanted = [type(one).__name__.lower(), css, *(["is-invalid"] if field.errors else [])]
        present = one.attrs.get("class", "").split()
        one.attrs["class"] = " ".join([*present, *(name for name in wanted if name not in present)])
    return str(field)


def _errors(field: BoundField) -> str:
    errors: Any = field.errors
    if not errors:
        return ""
    said = "".join(
        f'<span id="error_{number}_{field.auto_id}"><strong>{escape(str(error))}</strong></span>'
        for number, error in enumerate(errors, 1)
    )
    return f'<div id="{errors.field_id}_error" class="invalid-feedback">{said}</div>'


def _help(field: BoundField) -> str:
    if not field.help_text:
        return ""
    name = f'id="{field.auto_id}_helptext" ' if field.auto_id else ""
    return f'<div {name}class="form-text">{field.help_text}</div>'  # may hold markup, as in Django
