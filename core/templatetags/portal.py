"""The few tags of the portal's templates."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import clock
from core.agenda import closing_in_words
from core.drawing import draw_field
from core.journal import Run, runs
from core.vietnamese import format_date, format_decimal, format_moment, format_points

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, css: str = "icon") -> SafeString:
    """An icon of the sprite, silent for screen readers: the words beside it speak."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/tabler-icons/sprite.svg"),
        name,
    )


@register.filter
def number(value: Decimal | int | None, places: str | int = "") -> str:
    """1234.5 → 1.234,5; ``places`` fixes the decimals."""
    return format_decimal(value, int(places) if places != "" else None)


@register.filter
def points(value: Decimal | int | None) -> str:
    """Points rounded as people read them; the exact number, where it differs, is in the title."""
    shown, exact = format_points(value), format_decimal(value)
    return shown if shown == exact else format_html('<span title="Chính xác: {}">{}</span>', exact, shown)


@register.filter
def day(value: Any) -> str:
    return format_date(value)


@register.filter
def moment(value: Any) -> str:
    return format_moment(value)


@register.filter
def closing(value: date) -> str:
    """A deadline with its hour, as letters say it; and whether it is over."""
    over = " (đã quá hạn)" if value < clock.today() else ""
    return f"{closing_in_words(value)}{over}"


@register.filter
def within(words: str) -> str:
    """The label of a button as a part of a sentence: its first letter small."""
    return words[:1].lower() + words[1:]


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if mapping else None


@register.filter
def folded(entries: Any) -> list[Run]:
    """The runs of a timeline."""
    return runs(entries)


@register.simple_tag
def moves(workflow: Any, document: Any, user: Any) -> list[Any]:
    """The buttons that this user sees on this document."""
    return workflow.available(document, user)


@register.simple_tag
def state_badge(workflow: Any, document: Any) -> SafeString:
    """The document's state in words and in its colour."""
    label, colour = workflow.states[document.state]
    return format_html('<span class="badge bg-{}-lt">{}</span>', colour, label)


@register.simple_tag(name="draw_field")
def draw_field_tag(field: Any, wrapper: str = "") -> SafeString:
    return draw_field(field, wrapper or "")
