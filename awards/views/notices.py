"""The open period: the published list, comments on it, and the Office's answers."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import notices as actions
from awards.forms.notices import AnswerForm, CommentForm
from awards.models import Comment, Nomination, OpenPeriod, Review
from awards.queries import notices as queries
from awards.queries.holds import hold_sentence
from awards.queries.lists import paper_head
from awards.views.access import only_with, told, version_of
from awards.workflow import COMMENT, REVIEW
from core import clock
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.views import advance, number_in
from core.workdays import before_in_words
from core.workflow import AlreadyDone, Refused

MOVES = {"take_back": actions.take_back, "reopen_answer": actions.reopen_answer}
HISTORY = 20


# --- the list -------------------------------------------------------------------------------------------
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody of the Sở reads who is proposed; what was said of it, and the answers."""
    review = _review(request, pk)
    period = queries.last_period(review)
    if period is None:
        raise Http404
    public = queries.is_published(review)
    user: Any = request.user
    comments = queries.comments_of(review, user)
    context = {
        "review": review,
        "workflow": REVIEW,
        "period": period,
        "groups": _groups(request, review) if public else [],
        "public": public,
        "closed": queries.comments_closed(review),
        "comments_at": rules.has_perm("awards.comment", request.user),
        "own": _told(comments.filter(author=user), user),
        "published": _told(comments.exclude(author=user).filter(is_published=True), user),
        "reads_all": user.acting.reads_everything,
        "waiting": queries.unanswered_comments(review).count(),
        "paper": paper_head(),
        "comment_workflow": COMMENT,
        **time_left(period),
    }
    return render(request, "awards/notices/notice.html", context)


def time_left(period: OpenPeriod) -> dict[str, Any]:
    """From when until when, in words, and how much is left."""
    last = queries.last_day(period)
    return {
        "last_day": last,
        "until": before_in_words(last, queries.MIDNIGHT) if last else "",
        "left": queries.left_in_words(last, clock.today()),
    }


def notice_card(review: Review) -> dict[str, Any]:
    """For the page of the review: its open period, where it has one."""
    period = queries.last_period(review)
    if period is None:
        return {"open_period": None}
    counted = period.counted_to is not None and queries.last_day(period) == period.counted_to
    opened = timezone.localdate(period.opened_at)
    unsure = counted and queries.unconfirmed(opened, "open-period-days")
    return {"open_period": {"period": period, "unconfirmed": unsure, **time_left(period)}}


def _groups(request: HttpRequest, review: Review) -> list[dict[str, Any]]:
    return [
        {
            "award": award,
            "lines": [
                {"one": one, "held": hold_sentence(one.hold, request.user) if one.hold else ""}
                for one in lines
            ],
        }
        for award, lines in queries.listed(review)
    ]


def _told(comments: Any, user: Any) -> list[dict[str, Any]]:
    return [{"one": one, "who": queries.name_shown(one, user)} for one in comments]


# --- comments -------------------------------------------------------------------------------------------
def _of_state(rows: Any, value: str) -> Any:
    return rows.filter(state=value)


@require_GET
def comment_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What this reader may read; for the Office the place from which it answers."""
    review = _review(request, pk)
    if not review.open_periods.exists():
        raise Http404
    rows = queries.comments_of(review, request.user)
    return list_response(
        request, _listing(request, review), rows, "awards/notices/comment_list.html", {"review": review}
    )


def _listing(request: HttpRequest, review: Review) -> Listing:
    user = request.user
    return Listing(
        title=f"Ý kiến góp ý – {review.title}",
        columns=[
            Column(
                "Góp ý về", lambda one: one.about[:1].upper() + one.about[1:], width=40,
                link=lambda one: reverse("awards:comment_detail", args=[one.pk]),
            ),
            Column("Nội dung", lambda one: one.text, width=60),
            Column("Người góp ý", lambda one: queries.name_shown(one, user), width=24),
            Column("Gửi lúc", lambda one: one.sent_at, order=("sent_at",), width=16),
            Column("Lần công khai", lambda one: one.period.number, order=("period__number",), width=10,
                   hide_on_phone=True),
            Column(
                "Trạng thái", lambda one: COMMENT.states[one.state][0], order=("state",), width=14,
                badge=lambda one: COMMENT.states[one.state][1],
            ),
            Column("Kết luận", lambda one: one.get_verdict_display() if one.verdict else "", width=16),
        ],
        order=("sent_at",),
        filters=[Filter("tinh-trang", "Trạng thái", lambda: Comment.State.choices, _of_state)],
        empty="Chưa có ý kiến góp ý nào mà bạn được đọc.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@only_with("awards.comment")
def comment_add(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    back = reverse("awards:notice", args=[pk])
    if not queries.is_published(review):
        raise Http404
    if request.method == "GET" and (closed := queries.comments_closed(review)):
        messages.info(request, closed)
        return redirect(back)
    lines = [
        (str(one.pk), f"{one.name} ({one.unit}): {one.award}")
        for _, group in queries.listed(review)
        for one in group
    ]
    form = CommentForm(
        request.POST or None, lines=lines, initial={"nomination": request.GET.get("ho-so", "")}
    )
    if request.method == "POST" and form.is_valid() and _sent(request, review, form):
        return redirect(back)
    page = {
        "title": "Góp ý về danh sách công khai",
        "lead": f"{review.title}. Văn phòng Sở trả lời từng ý kiến; bạn được báo bằng thư và rút được khi chưa có trả"
        " lời.",
        "submit": "Gửi góp ý",
        "back": back,
        "back_label": "Danh sách công khai",
        "form": form,
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


def _sent(request: HttpRequest, review: Review, form: CommentForm) -> bool:
    data = form.cleaned_data
    chosen = number_in(data["nomination"])
    nomination = Nomination.objects.filter(review=review, pk=chosen).first() if chosen else None
    try:
        actions.send_comment(
            review, data["text"], by=request.user, nomination=nomination, is_named=data["is_named"]
        )
    except AlreadyDone as refusal:
        messages.info(request, refusal.reasons[0])
    except Refused as refusal:
        form.refuse(refusal)
        return False
    else:
        messages.success(request, "Đã gửi góp ý. Bạn được báo bằng thư khi Văn phòng Sở trả lời.")
    return True


@require_GET
def comment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    said = _comment(request, pk)
    return _comment_page(request, said, AnswerForm(initial={"version": said.version}))


@require_POST
def comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    said = _comment(request, pk)
    if not rules.has_perm("awards.answer_comment", request.user, said):
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(said, **form.cleaned_data, by=request.user)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect("awards:comment_detail", pk)
        except Refused as refusal:
            said = _comment(request, pk)  # as the winner left it
            told(form, refusal, said)
        else:
            messages.success(request, "Đã trả lời; người góp ý được báo bằng thư.")
            return redirect("awards:comment_list", said.period.review_id)
    return _comment_page(request, said, form)


@require_POST
def comment_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    said = _comment(request, pk)
    if verb not in MOVES or not rules.has_perm(COMMENT.moves[verb].permission, request.user, said):
        raise Http404
    back = reverse("awards:comment_detail", args=[pk])
    return advance(
        request, said, verb, workflow=COMMENT, actions=MOVES, back=back, version=version_of(request)
    )


def _comment_page(request: HttpRequest, said: Comment, form: AnswerForm) -> HttpResponse:
    user: Any = request.user
    answers = said.state == Comment.State.SENT and rules.has_perm("awards.answer_comment", user, said)
    knows = said.author_id == user.pk or user.acting.reads_everything
    context = {
        "comment": said,
        "review": said.period.review,
        "workflow": COMMENT,
        "moves_here": [one for one in COMMENT.available(said, user) if one.verb in MOVES],
        "who": queries.name_shown(said, user),
        "answers": answers,
        "form": form,
        "history": history_of(said)[:HISTORY] if knows else None,
    }
    status = 422 if form.errors else 200
    return render(request, "awards/notices/comment_detail.html", context, status=status)


# --- parts ----------------------------------------------------------------------------------------------
def _review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=pk)


def _comment(request: HttpRequest, pk: int) -> Comment:
    rows = Comment.objects.visible_to(request.user).select_related(
        "period__review",
        "nomination__award",
        "nomination__person",
        "nomination__unit",
        "author__person",
        "answered_by__person",
    )
    return get_object_or_404(rows, pk=pk)
