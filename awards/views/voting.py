"""Votes in a session: begun, counted, put right, annulled; items put off; who keeps out; kin declared."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from awards.actions import voting as actions
from awards.forms.council import CountForm, KinForm, VoteForm
from awards.models import AgendaItem, CouncilMember, CouncilSession, Kinship, Recusal, VoteRound
from awards.queries import council as queries
from awards.views.access import version_of
from awards.views.council import find_session, kept_session, write
from core.views import number_in, perform, shown_versions
from core.workflow import Refused


@require_http_methods(["GET", "POST"])
def council_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what is voted on now, and how."""
    session = kept_session(request, pk)
    data = request.POST if request.method == "POST" else None
    by_award = queries.votable_by_award(session)
    start = {"way": VoteRound.Way.PAPERS}
    form = VoteForm(data, initial=start, items=queries.votable(session), awards=by_award)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        whole = [award for award, _ in by_award if str(award.pk) in told["awards"]]
        chosen = list({one.pk: one for one in (*told["items"], *queries.unvoted_of(session, whole))}.values())
        try:
            if told["way"] == VoteForm.DEFER:
                actions.defer_all(session, chosen, by=request.user, reason=told["reason"] or "")
                messages.success(request, f"Đã để lại {len(chosen)} hồ sơ.")
                return redirect("awards:council_session", pk)
            box = actions.open_votes(
                session, chosen, told["way"], by=request.user, reason=told["reason"] or ""
            )
            messages.success(request, f"Đã bắt đầu lấy phiếu với {len(chosen)} hồ sơ.")
            return redirect("awards:ballot_box", box.pk) if box else redirect("awards:council_session", pk)
        except Refused as refusal:
            form.refuse(refusal)
    page = {
        "form": form,
        "title": "Bỏ phiếu",
        "submit": "Bắt đầu lấy phiếu",
        "back": reverse("awards:council_session", args=[pk]),
        "back_label": str(session),
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def council_count(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of all votes that this user counts."""
    session = find_session(request, pk)
    rounds = [
        one for one in queries.open_rounds(session) if rules.has_perm("awards.count_votes", request.user, one)
    ]
    if not rounds:
        if request.method == "POST":
            messages.info(request, "Không còn lượt bỏ phiếu nào chờ bạn ghi kết quả.")
            return redirect("awards:council_session", pk)
        raise Http404
    for name in _counted_meanwhile(request, session, rounds):
        messages.error(
            request, f"{name}: kết quả đã được người khác ghi; số bạn gõ cho hồ sơ này không được lưu."
        )
    data = request.POST if request.method == "POST" else None
    form = CountForm(data, rounds=rounds, has_written=_has_written(session))

    def act(by: Any) -> None:
        sides = form.chair_sides
        actions.count_rounds(session, form.counts, by=by, versions=form.versions, chair_sides=sides)

    lead = "Dòng để trống được ghi sau. Số phiếu phải khớp với số phát ra và thu về."
    return write(
        request, session, form, act, "Kết quả kiểm phiếu", lead=lead, done="Đã ghi kết quả kiểm phiếu."
    )


@require_http_methods(["GET", "POST"])
def round_recount(request: HttpRequest, pk: int) -> HttpResponse:
    one = _round(request, pk)
    correct = one.state == VoteRound.State.COUNTED and one.way != VoteRound.Way.ELECTRONIC
    if not correct or not rules.has_perm("awards.count_votes", request.user, one):
        raise Http404
    session = one.item.session
    data = request.POST if request.method == "POST" else None
    form = CountForm(
        data,
        rounds=[one],
        has_written=_has_written(session),
        with_reason=True,
    )

    def act(by: Any) -> None:
        counts, versions, sides = form.counts, form.versions, form.chair_sides
        actions.recount(
            one,
            counts[one.pk],
            by=by,
            comment=form.cleaned_data["reason"],
            version=versions.get(one.pk),
            chair_side=sides.get(one.pk, ""),
        )

    return write(request, session, form, act, "Sửa kết quả kiểm phiếu")


@require_POST
def round_annul(request: HttpRequest, pk: int) -> HttpResponse:
    one = _round(request, pk)
    perform(
        request,
        lambda: actions.annul(
            one, by=request.user, comment=request.POST.get("comment", ""), version=version_of(request)
        ),
        done="Đã hủy lượt bỏ phiếu; kết quả của nó không tính.",
    )
    return redirect("awards:council_session", one.item.session_id)


@require_POST
def item_defer(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    perform(
        request,
        lambda: actions.defer(item, by=request.user, reason=request.POST.get("reason", "")),
        done="Đã để lại hồ sơ này.",
    )
    return redirect("awards:council_session", item.session_id)


@require_POST
def item_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    perform(request, lambda: actions.take_up(item, by=request.user), done="Hồ sơ được xét tiếp.")
    return redirect("awards:council_session", item.session_id)


@require_POST
def item_step_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """For oneself, or by the record's keeper for the member that the form names."""
    item = _item(request, pk)
    user: Any = request.user
    number = number_in(request.POST.get("member", ""))
    who = {"pk": number} if number else {"person": user.acting.person_id or 0}
    member = CouncilMember.objects.filter(session=item.session_id, **who).first()
    if member is None:
        messages.error(request, "Hãy chọn thành viên trong danh sách Hội đồng.")
    else:
        chosen = member
        perform(
            request,
            lambda: actions.step_aside(item, chosen, by=user, reason=request.POST.get("reason", "")),
            done=f"Đã ghi: {chosen} không bỏ phiếu với hồ sơ này.",
        )
    return redirect("awards:council_session", item.session_id)


@require_POST
def recusal_remove(request: HttpRequest, pk: int) -> HttpResponse:
    seen = CouncilSession.objects.visible_to(request.user)
    rows = Recusal.objects.filter(item__session__in=seen).select_related("item__session", "member")
    one = get_object_or_404(rows, pk=pk)
    perform(
        request,
        lambda: actions.step_back(one, by=request.user),
        done=f"{one.member} bỏ phiếu trở lại.",
    )
    return redirect("awards:council_session", one.item.session_id)


# --- kin ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def kin_list(request: HttpRequest) -> HttpResponse:
    """A member's own declarations; those who prepare and supervise see all."""
    user: Any = request.user
    declares = user.acting.is_("council")
    if not declares and not user.acting.reads_everything:
        raise Http404
    form = KinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_kin(form.cleaned_data["relative"], form.cleaned_data["relation"], by=user)
            messages.success(request, "Đã khai. Bạn sẽ không bỏ phiếu với hồ sơ của người này.")
            return redirect("awards:kin_list")
        except Refused as refusal:
            form.refuse(refusal)
    rows = Kinship.objects.visible_to(user).select_related("member", "relative")
    context = {"form": form, "rows": rows, "declares": declares, "person": user.acting.person_id}
    return render(request, "awards/council/kin.html", context, status=422 if form.errors else 200)


@require_POST
def kin_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Kinship.objects.visible_to(request.user), pk=pk)
    perform(request, lambda: actions.withdraw_kin(one, by=request.user), done="Đã rút khai báo.")
    return redirect("awards:kin_list")


# --- what they share --------------------------------------------------------------------------------------
def _item(request: HttpRequest, pk: int) -> AgendaItem:
    seen = CouncilSession.objects.visible_to(request.user)
    return get_object_or_404(AgendaItem.objects.filter(session__in=seen).select_related("session"), pk=pk)


def _round(request: HttpRequest, pk: int) -> VoteRound:
    seen = CouncilSession.objects.visible_to(request.user)
    rows = VoteRound.objects.filter(item__session__in=seen)
    return get_object_or_404(rows.select_related("item__session", "item__nomination", "box", "chair"), pk=pk)


def _counted_meanwhile(request: HttpRequest, session: CouncilSession, rounds: list[VoteRound]) -> list[str]:
    """What stood on the page that was sent, and is counted now."""
    sent = shown_versions(request).keys() - {one.pk for one in rounds}
    rows = VoteRound.objects.filter(item__session=session, pk__in=sent)
    return [str(one.item) for one in rows.select_related("item__nomination")]


def _has_written(session: CouncilSession) -> bool:
    return any(one.attendance == CouncilMember.Attendance.WRITTEN for one in session.members.all())
