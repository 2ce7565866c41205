"""The page "Thư đã gửi": every letter of the portal, whom it went to and whether it arrived."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.listing import Column, Filter, Listing, list_response, to
from core.models import Letter

COLOURS = {"waiting": "yellow", "sending": "yellow", "sent": "green", "failed": "red"}

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
            lambda letter: letter.get_state_display(),
            badge=lambda letter: COLOURS[letter.state],
            width=14,
        ),
    ],
    order=("-created_at",),
    reads=("subject", "recipient_name", "created_at", "sent_at", "state"),
    search=("search_key",),
    search_hint="Tìm theo tiêu đề hoặc người nhận",
    filters=[
        Filter(
            "tinh-trang",
            "Tình trạng",
            lambda: Letter.State.choices,
            lambda rows, value: rows.filter(state=value),
        ),
    ],
    empty="Chưa có thư nào.",
)


def letter_list(request: HttpRequest) -> HttpResponse:
    return list_response(
        request, LETTERS, Letter.objects.visible_to(request.user), "letters/letter_list.html"
    )


def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    return render(request, "letters/letter_detail.html", {"letter": letter})
