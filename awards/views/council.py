"""Sessions of the council: their list, the room, and what is prepared, marked and written there."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import council as actions
from awards.actions import handovers
from awards.forms.council import (
    AgendaForm,
    AttendanceForm,
    CourseForm,
    HandoverForm,
    RosterForm,
    SessionForm,
)
from awards.models import CouncilMember, CouncilSession, Review
from awards.queries import council as queries
from awards.queries import room
from awards.rules import holder_of, presider_of, seat_of
from awards.views.access import only_with, told, version_of
from awards.workflow import BOX, ROUND, SESSION
from core.forms import PortalForm
from core.journal import history_of
from core.vietnamese import format_date
from core.views import advance, perform
from core.workflow import Refused

MOVES: dict[str, Callable[..., Any]] = {
    "invite": actions.invite,
    "open_session": actions.open_session,
    "close_session": actions.close_session,
    "cancel_session": actions.cancel_session,
}
Step, Duty = CouncilSession.State, CouncilMember.Duty
HISTORY = 40


@require_GET
def council_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions of a review."""
    review = _review(request, pk)
    rows = CouncilSession.objects.visible_to(request.user).filter(review=review)
    context = {
        "review": review,
        "sessions": rows.annotate(items_count=Count("items", distinct=True)),
        "workflow": SESSION,
        "plans": _plans(request, review),
        "left": queries.unconcluded(review).count()
        if rules.has_perm("awards.plan_council", request.user)
        else 0,
        "declares": request.user.acting.is_("council"),  # type: ignore[union-attr]
    }
    return render(request, "awards/council/list.html", context)


@require_http_methods(["GET", "POST"])
@only_with("awards.plan_council")
def council_plan(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    known = review.sessions.order_by("-number").first()
    due = review.deadlines.filter(step="council").first()
    start = {
        "held_on": due.due_on if due else None,
        "starts_at": "08:00",
        "place": known.place if known else "",
    }
    form = SessionForm(_sent(request), initial=start)
    if form.is_valid():
        try:
            made = actions.plan_session(review, form.cleaned_data, by=request.user)
            messages.success(
                request, "Đã lập phiên họp. Phân công và xem lại nội dung trước khi gửi giấy mời."
            )
            return redirect("awards:council_session", made.pk)
        except Refused as refusal:
            form.refuse(refusal)
    back = reverse("awards:council_list", args=[pk])
    return _page(request, form, "Lập phiên họp Hội đồng", back, "Hội đồng", lead=review.title)


@require_GET
def council_session(request: HttpRequest, pk: int) -> HttpResponse:
    """The room: who sits in it, what is on the agenda, how far it is."""
    session = find_session(request, pk)
    members = queries.roster_of(session)
    keeps = rules.has_perm("awards.run_council", request.user, session)
    waiting = queries.open_rounds(session)
    me, lines = seat_of(request.user, session), room.lines_of(session, members)
    prepares = keeps and session.state in actions.BEFORE
    out = room.kept_out(lines, members)
    if session.state in actions.BEFORE and not keeps:
        room.hide_expected(lines, me)
    mine = [one for one in out if me and one.member.pk == me.pk]
    context = {
        "session": session,
        "review": session.review,
        "workflow": SESSION,
        "rounds": ROUND,
        "boxes": session.boxes.all(),
        "box_workflow": BOX,
        "members": members,
        "me": me,
        "groups": room.by_award(lines),
        "mine": mine,
        "kept_from": {item.pk for one in mine for item, _ in one.items},
        "out": out if prepares else [],
        "warned": sum(bool(one.warnings) for one in lines) if prepares else 0,
        "needed": queries.needed(session, members),
        "quorum": queries.quorum_of(session),
        "present": [one.attendance for one in members].count("present"),
        "keeps": keeps,
        "prepares": prepares,
        "marks": keeps and session.state in (Step.INVITED, Step.OPEN),
        "runs": keeps and session.state == Step.OPEN,
        "writes": keeps
        and session.state in (Step.OPEN, Step.CLOSED)
        and session.review.state == Review.State.COUNCIL
        and session.created_at >= (session.review.supplement_since or session.created_at),
        "handovers": queries.handovers_of(session),
        "hands": _hands(request, session),
        "presider": presider_of(members) if session.state == Step.OPEN else None,
        "secretary": holder_of(members, Duty.RECORDS) if session.state == Step.OPEN else None,
        "counts": [one for one in waiting if rules.has_perm("awards.count_votes", request.user, one)],
        "problems": _problems(session) if keeps else [],
        "facts": _facts(session),
        "history": history_of(session)[:HISTORY],
    }
    return render(request, "awards/council/session.html", context)


@require_POST
def council_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    session = find_session(request, pk)
    if verb not in MOVES:
        raise Http404
    back = reverse("awards:council_session", args=[pk])
    return advance(
        request, session, verb, workflow=SESSION, actions=MOVES, back=back, version=version_of(request)
    )


# --- what is prepared and marked ------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def council_change(request: HttpRequest, pk: int) -> HttpResponse:
    session = kept_session(request, pk)
    start = {name: getattr(session, name) for name in (*actions.HEAD, "version")}
    form = SessionForm(_sent(request), initial=start)

    def act(by: Any) -> None:
        actions.change_session(session, form.cleaned_data, by=by, version=form.cleaned_data["version"])

    return write(request, session, form, act, "Sửa phiên họp")


@require_http_methods(["GET", "POST"])
def council_roster(request: HttpRequest, pk: int) -> HttpResponse:
    session = kept_session(request, pk)
    members = queries.roster_of(session)
    form = RosterForm(_sent(request), initial={"version": session.version}, members=members)

    def act(by: Any) -> None:
        actions.set_roster(session, form.seats, by=by, version=form.cleaned_data["version"])

    lead = "Người trong danh sách là thành viên Hội đồng vào ngày họp (trang “Vai trò”)."
    return write(request, session, form, act, "Phân công trong Hội đồng", lead=lead)


@require_POST
def council_renew(request: HttpRequest, pk: int) -> HttpResponse:
    session = kept_session(request, pk)
    perform(
        request,
        lambda: actions.renew_roster(session, by=request.user),
        done="Danh sách đã theo thành viên Hội đồng của ngày họp.",
    )
    return redirect("awards:council_session", pk)


@require_http_methods(["GET", "POST"])
def council_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    session = kept_session(request, pk)
    start = {
        "version": session.version,
        "nominations": list(session.items.values_list("nomination_id", flat=True)),
    }
    form = AgendaForm(_sent(request), initial=start, nominations=queries.choosable(session))

    def act(by: Any) -> None:
        data = form.cleaned_data
        actions.set_agenda(
            session, data["nominations"], by=by, again_because=data["again_because"], version=data["version"]
        )

    return write(request, session, form, act, "Nội dung phiên họp")


@require_http_methods(["GET", "POST"])
def council_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    session = kept_session(request, pk)
    members = queries.roster_of(session)
    form = AttendanceForm(_sent(request), initial={"version": session.version}, members=members)

    def act(by: Any) -> None:
        actions.mark_attendance(session, form.marks, by=by, version=form.cleaned_data["version"])

    lead = f"Cần có mặt ít nhất {queries.needed(session, members)}/{len(members)} thành viên."
    if session.state == Step.OPEN:
        lead += (
            " Ai đến hoặc rời phiên họp, hãy ghi ngay, kể cả khi đang lấy phiếu: cổng ghi giờ vào biên bản."
        )
    return write(request, session, form, act, "Điểm danh", lead=lead)


@require_http_methods(["GET", "POST"])
def council_course(request: HttpRequest, pk: int) -> HttpResponse:
    session = kept_session(request, pk)
    form = CourseForm(
        _sent(request),
        initial={"version": session.version, "course": session.course},
        is_closed=session.state == Step.CLOSED,
    )

    def act(by: Any) -> None:
        data = form.cleaned_data
        reason = data.get("reason") or ""
        actions.write_course(session, data["course"] or "", by=by, reason=reason, version=data["version"])

    return write(request, session, form, act, "Diễn biến phiên họp")


@require_http_methods(["GET", "POST"])
def council_hand_over(request: HttpRequest, pk: int, duty: str) -> HttpResponse:
    """Whoever loses the race for it is told by the act, although the page is no longer his."""
    session = find_session(request, pk)
    members = queries.roster_of(session)
    held = holder_of(members, duty) if duty in Duty.values else None
    if held is None or (
        request.method == "GET"
        and not rules.has_perm(handovers.PERMISSIONS[Duty(duty)], request.user, session)
    ):
        raise Http404
    form = HandoverForm(
        _sent(request),
        initial={"version": session.version, "giver": held.pk},
        members=handovers.takers(members, held),
    )
    by_pk = {one.pk: one for one in members}

    def act(by: Any) -> None:
        data = form.cleaned_data
        giver, taker = by_pk.get(data["giver"]), by_pk.get(data["taker"])
        handovers.hand_over(
            session, duty, taker, giver=giver, by=by, reason=data["reason"], version=data["version"]
        )

    lead = (
        f"Người đang giữ: {held.name_then}. Người nhận phải có mặt và không ở Ban kiểm phiếu. Nếu người giao rời phiên"
        " họp, sau khi bàn giao hãy ghi vắng ở “Điểm danh”."
    )
    title = f"Bàn giao {handovers.NAMES[Duty(duty)]}"
    return write(request, session, form, act, title, lead=lead, submit="Bàn giao", done="Đã bàn giao.")


# --- what they share --------------------------------------------------------------------------------------
def find_session(request: HttpRequest, pk: int) -> CouncilSession:
    rows = CouncilSession.objects.visible_to(request.user).select_related("review")
    return get_object_or_404(rows.prefetch_related("members"), pk=pk)


def kept_session(request: HttpRequest, pk: int) -> CouncilSession:
    """For those who keep its record; the page does not exist for others."""
    session = find_session(request, pk)
    if not rules.has_perm("awards.run_council", request.user, session):
        raise Http404
    return session


def write(
    request: HttpRequest,
    session: CouncilSession,
    form: PortalForm,
    act: Callable[[Any], Any],
    title: str,
    *,
    lead: str = "",
    submit: str = "Lưu",
    done: str = "Đã lưu.",
) -> HttpResponse:
    """A page with one form about a session."""
    if request.method == "POST" and form.is_valid():
        try:
            act(request.user)
            messages.success(request, done)
            return redirect("awards:council_session", session.pk)
        except Refused as refusal:
            told(form, refusal, session)
    back = reverse("awards:council_session", args=[session.pk])
    return _page(request, form, title, back, str(session), lead=lead, submit=submit)


def _page(
    request: HttpRequest,
    form: PortalForm,
    title: str,
    back: str,
    label: str,
    *,
    lead: str = "",
    submit: str = "Lưu",
) -> HttpResponse:
    page = {"form": form, "title": title, "back": back, "back_label": label, "lead": lead, "submit": submit}
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _review(request: HttpRequest, pk: int) -> Review:
    """Whoever reads a session of it, and those who prepare it."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    user: Any = request.user
    if user.acting.reads_everything or user.acting.heads_the_agency or user.acting.is_("council"):
        return review
    if not CouncilSession.objects.visible_to(user).filter(review=review).exists():
        raise Http404
    return review


def _plans(request: HttpRequest, review: Review) -> bool:
    return review.state == Review.State.COUNCIL and rules.has_perm("awards.plan_council", request.user)


def _hands(request: HttpRequest, session: CouncilSession) -> list[tuple[str, str]]:
    """What of chair and record this reader may hand over now."""
    if session.state != Step.OPEN:
        return []
    return [
        (duty.value, handovers.NAMES[duty])
        for duty in Duty
        if rules.has_perm(handovers.PERMISSIONS[duty], request.user, session)
    ]


def _problems(session: CouncilSession) -> list[str]:
    """What the next stage still lacks, told before the button is pressed."""
    match session.state:
        case Step.PLANNED:
            return list(queries.problems_before_invitation(session))
        case Step.INVITED:
            return list(queries.problems_before_opening(session))
        case Step.OPEN:
            return list(queries.problems_before_closing(session))
    return []


def _facts(session: CouncilSession) -> list[tuple[str, Any]]:
    return [
        ("Thời gian", f"{session.starts_at:%H:%M} ngày {format_date(session.held_on)}"),
        ("Địa điểm", session.place),
        ("Nội dung gửi kèm giấy mời", session.agenda_note),
        ("Diễn biến", session.course),
    ]
