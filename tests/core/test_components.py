"""The shared pieces of pages: drawn from the table of moves, silent when there is nothing, escaped always."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import rules
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.forms import PortalForm
from core.workflow import Move, Workflow

HARM = '"><script>x</script>'


@dataclass
class Paper:
    """A document without a table."""

    state: str = "open"
    version: int = 3


PROCEDURE = Workflow(
    states={"open": ("Đang mở", "yellow"), "shut": ("Đã đóng", "green")},
    rows=(
        Move("shut", "Đóng", ("open",), "shut", "tests.may", style="primary", explanation=HARM),
        Move("return", "Trả", ("open",), "open", "tests.may", comment_required=True, comment_label="Lý do"),
        Move("burn", "Đốt", ("open",), "shut", "tests.may", confirmation="Chắc chưa?"),
        Move("reopen", "Mở lại", ("shut",), "open", "tests.may"),
        Move("secret", "Việc kín", ("open",), "shut", "tests.never"),
    ),
)


@pytest.fixture(autouse=True)
def permissions() -> Any:
    rules.add_perm("tests.may", rules.always_true)
    rules.add_perm("tests.never", rules.always_false)
    yield
    rules.remove_perm("tests.may")
    rules.remove_perm("tests.never")


def bar(document: Paper, **more: Any) -> str:
    request = RequestFactory().get("/")
    context = {"workflow": PROCEDURE, "document": document, "user": None, "base": "/ho-so/7/", **more}
    return render_to_string("components/move_bar.html", context, request=request)


def test_the_bar_shows_what_this_user_may_do_now() -> None:
    html = bar(Paper())
    assert [f'action="/ho-so/7/{verb}/"' in html for verb in ("shut", "return", "burn")] == [True] * 3
    assert "Mở lại" not in html
    assert "Việc kín" not in html
    assert html.count("csrfmiddlewaretoken") == 3
    assert html.count('method="post"') == 3


def test_a_reason_and_a_confirmation_are_asked_for_before_the_press() -> None:
    html = bar(Paper())
    assert 'for="comment-return">Lý do' in html
    assert 'name="comment" rows="3" required' in html
    assert "Chắc chưa?" in html


def test_the_bar_sends_the_version_that_was_read() -> None:
    assert bar(Paper(version=3)).count('name="version" value="3"') == 3


def test_the_bar_is_silent_when_nothing_can_be_done() -> None:
    html = bar(Paper(state="gone"))
    assert "<form" not in html
    assert "move-bar" not in html


def test_the_bar_escapes_its_words_and_where_it_returns() -> None:
    assert "<script" not in bar(Paper(), back=HARM)


def test_facts_show_a_dash_for_what_is_missing() -> None:
    html = render_to_string(
        "components/facts.html", {"facts": [("A", ""), ("B", None), ("C", HARM), ("D", "a\nb")]}
    )
    assert html.count("<dd>–</dd>") == 2
    assert "<script" not in html
    assert "a<br>b" in html


def test_zero_is_a_fact() -> None:
    html = render_to_string("components/facts.html", {"facts": [("Điểm", "0"), ("Số", 0)]})
    assert html.count("<dd>0</dd>") == 2


def test_empty_says_what_to_do() -> None:
    html = render_to_string("components/empty.html", {"text": "Chưa có.", "href": "/moi/", "action": "Thêm"})
    assert 'href="/moi/">Thêm</a>' in html
    assert "<a" not in render_to_string("components/empty.html", {"text": HARM})
    assert "<script" not in render_to_string("components/empty.html", {"text": HARM})


class Names(PortalForm):
    layout = ("name",)
    name = forms.CharField(label="Tên", max_length=5)


def test_a_form_names_its_errors_links_them_and_keeps_what_was_typed() -> None:
    html = render_to_string(
        "components/form.html",
        {"form": Names({"name": HARM}), "submit": "Lưu"},
        request=RequestFactory().get("/"),
    )
    assert 'href="#id_name">Tên</a>' in html
    assert 'role="alert"' in html
    assert "csrfmiddlewaretoken" in html
    assert "<script" not in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("label", "heading"),
    [("Công bố kết quả", "Chưa công bố kết quả được."), ("Lưu", "Chưa lưu được."), (None, "Chưa lưu được.")],
)
def test_a_refusal_is_headed_by_the_act_that_was_refused(label: str | None, heading: str) -> None:
    html = render_to_string("components/form.html", {"form": Names({"first": ""}), "submit": label})
    assert heading in html


def test_a_form_without_errors_has_no_summary() -> None:
    html = render_to_string(
        "components/form.html", {"form": Names(), "submit": "Lưu"}, request=RequestFactory().get("/")
    )
    assert "error-summary" not in html


def test_a_confirmation_is_a_form_with_its_token() -> None:
    html = render_to_string(
        "components/confirm.html",
        {"action": "/x/", "text": HARM, "submit": "Xóa", "back": "/", "reason": "Lý do"},
        request=RequestFactory().get("/"),
    )
    assert "csrfmiddlewaretoken" in html
    assert "<script" not in html
    assert "required" in html


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ value|number }}", "1.234,5"),
        ("{{ value|number:2 }}", "1.234,50"),
        ("{{ nothing|number }}", ""),
        ("{{ day|day }}", "02/09/2026"),
        ("{{ nothing|day }}", ""),
        ("{{ value|points }}", "1.234,5"),
        ("{{ third|points }}", '<span title="Chính xác: 2,345">2,35</span>'),
        ("{{ nothing|points }}", ""),
        ("{{ third|number:2 }}", "2,35"),
        ("{{ 'Công bố kết quả'|within }}", "công bố kết quả"),
        ("{{ moment|moment }}", "00:30 01/01/2026"),
        ("{{ table|lookup:'a' }}", "1"),
        ("{% state_badge workflow paper %}", '<span class="badge bg-yellow-lt">Đang mở</span>'),
        ("{{ year }} {{ id }}", "2026 12345"),
    ],
)
def test_tags_and_filters_speak_vietnamese(source: str, shown: str) -> None:
    context = {
        "value": Decimal("1234.50"),
        "nothing": None,
        "third": Decimal("2.3450"),
        "day": date(2026, 9, 2),
        "moment": datetime(2025, 12, 31, 17, 30, tzinfo=UTC),
        "table": {"a": 1},
        "workflow": PROCEDURE,
        "paper": Paper(),
        "year": 2026,
        "id": 12345,
    }
    assert Template(source).render(Context(context)) == shown


def test_icons_are_silent_for_screen_readers_and_cannot_be_broken_out_of() -> None:
    html = Template("{% icon name %}").render(Context({"name": HARM}))
    assert 'aria-hidden="true"' in html
    assert "<script" not in html
