"""Complaints about a review: the list, sending one, entering one from paper, one with its acts."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import complaints as actions
from awards.forms.notices import ComplaintForm, PaperComplaintForm
from awards.models import Complaint, Decision, Review
from awards.queries import notices as queries
from awards.queries.holds import sentence_of
from awards.rules import left_by_office, left_to_level_above
from awards.views.access import only_with, version_of
from awards.workflow import COMPLAINT
from core import clock
from core.attachments import download
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.vietnamese import format_date
from core.views import advance
from core.workflow import AlreadyDone, Refused

MOVES = {
    "accept": actions.accept,
    "decline": actions.decline,
    "withdraw_complaint": actions.withdraw,
}
HISTORY = 20


def is_overdue(one: Complaint) -> bool:
    return one.due is not None and one.due < clock.today()


def due_words(one: Complaint) -> str:
    if one.due is None:
        return ""
    return f"{format_date(one.due)}{' (quá hạn)' if is_overdue(one) else ''}"


def for_readers(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Of a denunciation the Office sees that it is there, until when and how far it is, and nothing else."""
    return lambda one: value(one) if one.is_read else ""


LISTING = Listing(
    title="Đơn khiếu nại, kiến nghị, tố cáo",
    columns=[
        Column(
            "Đơn", lambda one: str(one) if one.is_read else one.get_kind_display(), width=50,
            link=for_readers(to("awards:complaint_detail")),
        ),
        Column("Người gửi", for_readers(lambda one: one.author_name), width=28),
        Column("Ngày nhận", for_readers(lambda one: one.received_on), order=("received_on",), width=12),
        Column(
            "Hạn", due_words, badge=lambda one: "red" if is_overdue(one) else "secondary", width=20,
        ),
        Column(
            "Trạng thái", lambda one: COMPLAINT.states[one.state][0], order=("state",), width=16,
            badge=lambda one: COMPLAINT.states[one.state][1],
        ),
        Column(
            "Kết luận", for_readers(lambda one: one.get_outcome_display() if one.outcome else ""), width=26,
        ),
        Column(
            "Văn bản giải quyết", for_readers(lambda one: one.document_number), width=18, hide_on_phone=True,
        ),
    ],
    order=("-received_on",),
    filters=[
        Filter("loai", "Loại đơn", lambda: Complaint.Kind.choices, lambda rows, one: rows.filter(kind=one)),
        Filter(
            "trang-thai", "Trạng thái", lambda: Complaint.State.choices,
            lambda rows, one: rows.filter(state=one),
        ),
    ],
    empty="Không có đơn nào mà bạn được xem.",
)  # fmt: skip


@require_GET
def complaint_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own; all for those who handle and supervise, but none about themselves, and of a denunciation for the
    Office only that it is there."""
    review = _review(request, pk)
    rows = Complaint.objects.known_to(request.user).filter(review=review).select_related(*RELATED)
    closed = queries.complaints_closed(review, clock.today())
    context = {
        "review": review,
        "closed": closed,
        "sends": not closed and rules.has_perm("awards.complain", request.user),
        "unconfirmed": queries.unconfirmed(clock.today(), *queries.DAYS),
        "enters": rules.has_perm("awards.enter_complaint", request.user),
    }
    return list_response(request, LISTING, rows, "awards/notices/complaint_list.html", context)


@require_http_methods(["GET", "POST"])
@only_with("awards.complain")
def complaint_add(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    page = {
        "title": "Gửi đơn khiếu nại, kiến nghị, tố cáo",
        "lead": f"{review.title}. Khiếu nại, kiến nghị do Văn phòng Sở, thanh tra và Giám đốc đọc. Tố cáo chỉ do Giám"
        " đốc, người được Giám đốc giao giải quyết và thanh tra đọc; Văn phòng Sở không biết ai tố cáo. Người bị nêu"
        " trong đơn không đọc được trên cổng.",
        "submit": "Gửi đơn",
    }
    return _filing(request, review, ComplaintForm, actions.complain, page, all_of_review=False)


@require_http_methods(["GET", "POST"])
@only_with("awards.enter_complaint")
def complaint_enter(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    page = {
        "title": "Nhập đơn giấy",
        "lead": f"{review.title}. Thời hạn tính từ ngày nhận đơn. Người gửi đơn giấy được trả lời bằng văn bản, ngoài"
        " cổng. Đơn tố cáo nhập xong chỉ Giám đốc, người được Giám đốc giao giải quyết và thanh tra đọc; hãy chuyển đơn"
        " giấy cho Giám đốc, không giữ bản sao.",
        "submit": "Nhập đơn",
    }
    return _filing(request, review, PaperComplaintForm, actions.enter, page, all_of_review=True)


def _filing(
    request: HttpRequest,
    review: Review,
    form_class: type[ComplaintForm],
    act: Callable[..., Complaint],
    page: dict[str, Any],
    *,
    all_of_review: bool,
) -> HttpResponse:
    back = reverse("awards:complaint_list", args=[review.pk])
    closed = queries.complaints_closed(review, clock.today())
    if closed and not all_of_review and request.method == "GET":
        messages.info(request, closed)
        return redirect(back)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = form_class(
        *sent,
        nominations=queries.complained_of(review, request.user, all_of_review=all_of_review),
        decisions=review.decisions.filter(state=Decision.State.ISSUED),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = act(review, form.facts, by=request.user, upload=form.cleaned_data["file"])
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã tiếp nhận đơn.")
            return redirect(_after(made, request.user))
    page |= {"back": back, "back_label": "Đơn khiếu nại, kiến nghị, tố cáo", "form": form}
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


def _after(made: Complaint, user: Any) -> str:
    """Who enters a paper about himself, or a denunciation for the Director, does not read it afterwards."""
    if Complaint.objects.visible_to(user).filter(pk=made.pk).exists():
        return reverse("awards:complaint_detail", args=[made.pk])
    return reverse("awards:complaint_list", args=[made.review_id])


@require_GET
def complaint_detail(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    available = COMPLAINT.available(one, request.user)
    subject = one.nomination.subject if one.nomination else None
    context = {
        "complaint": one,
        "review": one.review,
        "workflow": COMPLAINT,
        "moves_here": [move for move in available if move.verb in MOVES],
        "verbs": {move.verb for move in available},
        "extends": not queries.not_extended_because(one)
        and rules.has_perm("awards.handle_complaint", request.user, one),
        **_without_office(request, one),
        "overdue": is_overdue(one),
        "facts": _facts(one),
        "held": sentence_of(subject, request.user) if subject else "",
        "places": subject is not None
        and rules.has_perm("awards.place_hold", request.user)
        and rules.has_perm("awards.handle_complaint", request.user, one),
        "history": history_of(one)[:HISTORY],
    }
    return render(request, "awards/notices/complaint_detail.html", context)


@require_POST
def complaint_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    one = found(request, pk)
    if verb not in MOVES or not rules.has_perm(COMPLAINT.moves[verb].permission, request.user, one):
        raise Http404
    back = reverse("awards:complaint_detail", args=[pk])
    return advance(
        request, one, verb, workflow=COMPLAINT, actions=MOVES, back=back, version=version_of(request)
    )


@require_GET
def complaint_file(request: HttpRequest, pk: int) -> Any:
    one = found(request, pk)
    if one.file is None:
        raise Http404
    return download(one.file)


# --- parts ----------------------------------------------------------------------------------------------
RELATED = ("nomination__award", "nomination__person", "nomination__unit", "decision")


def _review(request: HttpRequest, pk: int) -> Review:
    """A review whose list was public, or may still be complained of."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    if review.state not in queries.PUBLIC and not review.open_periods.exists():
        raise Http404
    return review


def found(request: HttpRequest, pk: int) -> Complaint:
    rows = Complaint.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related(
            "review", "file", "hold", "author", "accused", "entered_by__person", "handler__person", *RELATED
        ),
        pk=pk,
    )


def _without_office(request: HttpRequest, one: Complaint) -> dict[str, bool]:
    """What the page says where nobody of the Office may handle an open complaint."""
    if one.state not in actions.OPEN:
        return {}
    return {
        "gives": rules.has_perm("awards.give_complaint", request.user, one),
        "past_office": left_by_office(one),
        "goes_above": left_to_level_above(one),
    }


def _facts(one: Complaint) -> list[tuple[str, Any]]:
    facts = [
        ("Loại đơn", one.get_kind_display()),
        ("Về", one.about[:1].upper() + one.about[1:]),
        ("Người gửi", f"{one.author_name}{f' – {one.address}' if one.address else ''}"),
        ("Ngày nhận", format_date(one.received_on)),
    ]
    if one.accused:
        facts.insert(2, ("Người bị khiếu nại, tố cáo", str(one.accused)))
    if one.handler:
        facts.append(("Giám đốc giao giải quyết", one.handler.display_name))
    if one.author_id is None:
        facts.append(("Đơn giấy, người nhập", one.entered_by.display_name))
    if one.accept_by:
        facts.append(("Hạn thụ lý hoặc trả lời không thụ lý", f"hết ngày {format_date(one.accept_by)}"))
    if one.accepted_on:
        facts.append(("Ngày thụ lý", format_date(one.accepted_on)))
    if one.resolve_by:
        facts.append(("Hạn giải quyết", f"hết ngày {format_date(one.resolve_by)}"))
    if one.extended_from:
        paper = f"theo văn bản {one.extension_number} ngày {format_date(one.extension_date)}"
        facts.append(
            ("Đã gia hạn", f"từ ngày {format_date(one.extended_from)}, {paper}: {one.extension_reason}")
        )
    if one.forwarded_on:
        paper = f"văn bản {one.forward_number} ngày {format_date(one.forwarded_on)}"
        facts.append(("Chuyển cấp trên", f"{one.forwarded_to}, {paper}"))
    if one.ended_on:
        facts.append(("Ngày kết thúc", format_date(one.ended_on)))
    return facts
