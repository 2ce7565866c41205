"""Fields drawn in Python are the fields that crispy's own templates would give."""

from collections.abc import Iterator
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row
from crispy_forms.templatetags.crispy_forms_tags import whole_uni_form_template
from crispy_forms.utils import default_field_template, render_crispy_form
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.test.utils import override_settings

from core.fields import DateFormField, DecimalFormField, TextFormField
from core.forms import PortalForm, plain
from core.widgets import Select

KINDS = [("a", "Loại <A>"), ("b", "Loại B")]
LAYOUT = (
    "hidden",
    Row(Column("name", css_class="col-md-6"), Column("day", css_id="ngay"), data_x="1"),
    Div("points", css_class="khung"),
    Div("text"),
    Row("kind", "long", css_class="g-2"),
    "agreed",
    "one_of",
    "some_of",
    "locked",
    "secret",
)


class WideForm(PortalForm):
    """Every kind of box that the portal's forms have."""

    layout = LAYOUT

    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    name = TextFormField(label="Họ & tên", help_text="Ghi <em>đủ</em>.", max_length=9)
    day = DateFormField(label="Ngày", required=False)
    points = DecimalFormField(label="Điểm", help_text="Ví dụ 8,5")
    text = TextFormField(label="", widget=forms.Textarea(attrs={"rows": 3, "class": "rộng"}))
    kind = forms.ChoiceField(label="Loại", choices=KINDS)
    long = forms.ChoiceField(
        label="Loại khác", choices=[("", "– Chọn –"), ("Nhóm <1>", KINDS)], widget=Select, required=False
    )
    agreed = forms.BooleanField(label="Đồng ý", help_text="Phải đánh dấu.")
    one_of = forms.ChoiceField(label="Một trong", choices=KINDS, widget=forms.RadioSelect, help_text="Một.")
    some_of = forms.MultipleChoiceField(
        label="Một số", choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    locked = TextFormField(label="Đã khóa", disabled=True, required=False, initial="x<y")
    secret = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput)


class CrispyForm(WideForm):
    """The same form as crispy and Django draw it."""

    default_renderer = DjangoTemplates

    long = forms.ChoiceField(
        label="Loại khác", choices=[("", "– Chọn –"), ("Nhóm <1>", KINDS)], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(*LAYOUT)


@pytest.fixture
def crispys_own_templates() -> Iterator[None]:
    bare = {**settings.TEMPLATES[0], "DIRS": []}
    caches = (default_field_template, whole_uni_form_template)
    with override_settings(TEMPLATES=[bare]):
        for one in caches:
            one.cache_clear()
        yield
    for one in caches:
        one.cache_clear()


TYPED = {
    "empty": None,
    "wrong": {"name": "quá dài, không nhận", "day": "32/13/2025", "points": "nhiều", "kind": "c"},
    "right": {
        "name": "<b>An</b>",
        "day": "02/09/2025",
        "points": "8,5",
        "text": 'Dòng "một"\nDòng hai',
        "kind": "b",
        "long": "b",
        "agreed": "on",
        "one_of": "a",
        "some_of": ["a", "b"],
        "secret": "x",
    },
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.usefixtures("crispys_own_templates")
def test_the_html_is_crispys(typed: Any) -> None:
    ours, theirs = (render_crispy_form(kind(typed)) for kind in (WideForm, CrispyForm))
    assert str(parse_html(ours)) == str(parse_html(theirs))
    assert parse_html(ours) == parse_html(theirs)


def test_what_is_typed_never_becomes_markup() -> None:
    html = render_crispy_form(WideForm({"name": "<script>", "text": "</textarea><script>", "kind": "b"}))
    assert "<script>" not in html
    assert plain("{{ x }}<") not in html
