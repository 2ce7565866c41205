"""The page "Thư đã gửi": every letter of the portal, whom it went to and whether it arrived."""

from typing import Any

import rules
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.bounces import note_bounce
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.models import Letter
from core.outbox import resend, resend_held_up
from core.vietnamese import format_moment
from core.views import perform

COLOURS = {
    "waiting": "yellow",
    "sending": "yellow",
    "sent": "green",
    "failed": "red",
    "bounced": "red",
    "expired": "orange",
}
DELIVERY = ("state", "sent_at", "bounced_at", "last_error", "may_be_double", "attempts")  # what is told of it
DOUBLE, HELD_UP = "co-the-trung", "bi-cham"


def _by_state(rows: QuerySet, value: str) -> QuerySet:
    if value == DOUBLE:
        return rows.filter(may_be_double=True)
    if value == HELD_UP:
        return rows.filter(state=Letter.State.WAITING, attempts__gt=0)
    return rows.filter(state=value)


def _state(letter: Any) -> str:
    words = str(Letter.State(letter.state).label)
    if letter.state == Letter.State.WAITING and letter.attempts:
        words = f"{words} lại"
    if not letter.may_be_double:
        return words
    return f"{words}, có thể đã tới" if letter.state == Letter.State.EXPIRED else f"{words}, có thể trùng"


def delivery_in_words(letter: Any) -> str:
    """Whether it arrived, as far as the mail servers said: when it was taken, when it came back."""
    words = _state(letter)
    if letter.sent_at:
        words = (
            f"{words} lúc {format_moment(letter.sent_at)}"
            if letter.state == "sent"
            else (f"Đã gửi lúc {format_moment(letter.sent_at)}; {words.lower()}")
        )
    if letter.state == Letter.State.BOUNCED and letter.bounced_at:
        words = f"{words}, báo lúc {format_moment(letter.bounced_at)}"
    return words


BY_STATE = Filter(
    "tinh-trang",
    "Tình trạng",
    lambda: [*Letter.State.choices, (HELD_UP, "Chờ gửi lại"), (DOUBLE, "Có thể trùng")],
    _by_state,
)
LETTERS = Listing(
    title="Thư đã gửi",
    columns=[
        Column(
            "Tiêu đề",
            lambda letter: letter.subject,
            link=to("letter_detail"),
            width=60,
        ),
        Column("Người nhận", lambda letter: letter.recipient_name, width=28),
        Column("Viết lúc", lambda letter: letter.created_at, order=("created_at",), width=18),
        Column("Gửi lúc", lambda letter: letter.sent_at, order=("sent_at",), width=18, hide_on_phone=True),
        Column(
            "Tình trạng",
            _state,
            badge=lambda letter: COLOURS[letter.state],
            width=26,
        ),
        Column("Số lần gửi", lambda letter: letter.attempts, width=12, hide_on_phone=True),
    ],
    order=("-created_at",),
    reads=("subject", "recipient_name", "created_at", "sent_at", "state", "attempts", "may_be_double"),
    search=("search_key",),
    search_hint="Tìm theo tiêu đề hoặc người nhận",
    filters=[BY_STATE],
    empty="Chưa có thư nào.",
)


ACTS = Listing(
    title="Thư theo việc",
    columns=[
        Column("Người nhận", lambda letter: letter.recipient_name, width=28),
        Column("Thư", lambda letter: letter.subject, link=to("letter_detail"), width=60),
        Column("Viết lúc", lambda letter: letter.created_at, order=("created_at",), width=18),
        Column("Tình trạng", delivery_in_words, badge=lambda letter: COLOURS[letter.state], width=50),
        Column("Vì sao chưa tới", lambda letter: letter.last_error, width=50, hide_on_phone=True),
    ],
    order=("-created_at",),
    reads=("recipient_name", "subject", "created_at", *DELIVERY),
    search=("search_key",),
    search_hint="Tìm theo tiêu đề hoặc người nhận",
    filters=[BY_STATE],
    empty="Chưa có thư nào về việc của đợt này.",
)


def letter_list(request: HttpRequest) -> HttpResponse:
    letters = Letter.objects.visible_to(request.user)
    may_resend = rules.has_perm("letters.resend", request.user)
    held_up = Letter.objects.held_up().count() if may_resend else 0
    return list_response(request, LETTERS, letters, "letters/letter_list.html", {"held_up": held_up})


@require_POST
def letter_resend_all(request: HttpRequest) -> HttpResponse:
    if not rules.has_perm("letters.resend", request.user):
        raise Http404
    perform(
        request,
        lambda: resend_held_up(by=request.user),
        done="Mọi thư chưa đi được đã vào hàng đợi để gửi lại.",
    )
    return redirect("letter_list")


def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user).select_related("recipient"), pk=pk)
    may_resend = letter.is_held_up and rules.has_perm("letters.resend", request.user, letter)
    may_note = letter.state == Letter.State.SENT and rules.has_perm("letters.resend", request.user, letter)
    today = letter.address_now
    return render(
        request,
        "letters/letter_detail.html",
        {
            "letter": letter,
            "state": _state(letter),
            "colour": COLOURS[letter.state],
            "may_resend": may_resend,
            "may_note": may_note,
            "address_today": today,
            "must_check": letter.state == Letter.State.BOUNCED and today == letter.address,
            "history": history_of(letter)[:30],
        },
    )


@require_POST
def letter_resend(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    checked = request.POST.get("address_checked") == "1"
    perform(
        request,
        lambda: resend(letter, by=request.user, address_checked=checked),
        done="Thư đã được đưa vào hàng đợi để gửi lại.",
    )
    return redirect("letter_detail", pk)


@require_POST
def letter_bounce(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    perform(
        request,
        lambda: note_bounce(letter, by=request.user, reason=request.POST.get("reason", "")),
        done="Đã ghi thư không tới được. Sửa địa chỉ của người nhận rồi gửi lại.",
    )
    return redirect("letter_detail", pk)
