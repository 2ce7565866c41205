"""The secret electronic ballot: one page for the member who votes, the teller and the secretary alike."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from awards.actions import ballots as actions
from awards.actions import tellers
from awards.forms.ballots import BallotForm, CountBoxForm, TellerForm
from awards.models import Ballot, BallotBox, CouncilMember, Envelope, VoteRound
from awards.queries import council as queries
from awards.queries.ballots import are_true, shown_prints
from awards.rules import seat_of
from awards.views.access import told, version_of
from awards.workflow import BOX
from core.views import advance
from core.workflow import AlreadyDone, Refused

MOVES: dict[str, Callable[..., Any]] = {"open_box": actions.open_box, "annul_box": actions.annul_box}
State = BallotBox.State


@require_http_methods(["GET", "POST"])
def ballot_box(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done with the box now; a vote that is sent is answered with its receipts, once."""
    box = _box(request, pk)
    me = seat_of(request.user, box.session)
    rounds = _mine(box, me)
    form = BallotForm(request.POST if request.method == "POST" else None, rounds=rounds)
    receipts: list[tuple[VoteRound, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.cast(box, form.choices, by=request.user)
            receipts = [(one, given[one.pk]) for one in rounds]
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, box, me, form, rounds, receipts=receipts)


@require_POST
def ballot_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The code stands on the answer to this press, and nowhere after."""
    box = _box(request, pk)
    me = seat_of(request.user, box.session)
    try:
        code = actions.take_key(box, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return redirect("awards:ballot_box", pk)
    return _page(request, box, me, BallotForm(rounds=[]), [], code=code)


@require_POST
def box_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    box = _box(request, pk)
    if verb not in MOVES:
        raise Http404
    back = reverse("awards:ballot_box", args=[pk])
    return advance(request, box, verb, workflow=BOX, actions=MOVES, back=back, version=version_of(request))


@require_http_methods(["GET", "POST"])
def box_count(request: HttpRequest, pk: int) -> HttpResponse:
    box = _box(request, pk)
    if box.state != State.OPEN or not rules.has_perm("awards.count_box", request.user, box):
        if request.method == "POST":
            messages.info(request, f"Hòm phiếu: {BOX.states[box.state][0].lower()}.")
            return redirect("awards:ballot_box", pk)
        raise Http404
    written = any(one.attendance == CouncilMember.Attendance.WRITTEN for one in box.session.members.all())
    data = request.POST if request.method == "POST" else None
    form = CountBoxForm(
        data,
        initial={"version": box.version},
        rounds=queries.rounds_of(box),
        has_written=written,
        missing=queries.not_yet_voted(box),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.count_box(
                box,
                [given["secret_first"], given["secret_second"]],
                form.written,
                by=request.user,
                version=given["version"],
            )
            messages.success(request, "Đã kiểm phiếu.")
            return redirect("awards:ballot_box", pk)
        except Refused as refusal:
            told(form, refusal, box)
    page = {
        "form": form,
        "title": "Kiểm phiếu kín",
        "lead": "Hai thành viên Ban kiểm phiếu cùng gõ mã của mình. Sau khi kiểm, không ai bỏ phiếu được nữa.",
        "submit": "Kiểm phiếu",
        "back": reverse("awards:ballot_box", args=[pk]),
        "back_label": str(box),
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def box_teller(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair names who counts instead of a teller who leaves; what it costs is said before."""
    box = _box(request, pk)
    back = reverse("awards:ballot_box", args=[pk])
    if not rules.has_perm("awards.replace_teller", request.user, box):
        raise Http404
    if request.method == "GET" and box.state not in BOX.moves["replace_teller"].source:
        messages.info(request, f"Hòm phiếu: {BOX.states[box.state][0].lower()}.")
        return redirect(back)
    members = queries.roster_of(box.session)
    form = TellerForm(
        request.POST if request.method == "POST" else None,
        initial={"version": box.version},
        leavers=tellers.tellers(members),
        takers=tellers.takers(members),
    )
    if request.method == "POST" and form.is_valid():
        given, by_pk = form.cleaned_data, {one.pk: one for one in members}
        leaver, taker = by_pk.get(given["leaver"]), by_pk.get(given["taker"])
        try:
            tellers.replace_teller(
                box, leaver, taker, by=request.user, reason=given["reason"], version=given["version"]
            )
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect(back)
        except Refused as refusal:
            told(form, refusal, box)
        else:
            messages.success(request, "Đã thay; người mới nhận mã rồi mở lại hòm phiếu.")
            return redirect(back)
    page = {
        "form": form,
        "title": "Thay thành viên Ban kiểm phiếu",
        "lead": "Phiếu đã bỏ vào hòm chỉ mở được bằng mã của người cũ, nên bị bỏ đi, không mở; khi người thay đã nhận"
        " mã, hòm phiếu mở lại, mọi người bỏ phiếu lại. Còn hai người giữ mã thì vẫn kiểm được, không cần thay.",
        "submit": "Thay",
        "style": "warning",
        "back": back,
        "back_label": str(box),
    }
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


# --- parts ------------------------------------------------------------------------------------------------
def _page(
    request: HttpRequest,
    box: BallotBox,
    me: CouncilMember | None,
    form: BallotForm,
    mine: list[VoteRound],
    **said: Any,
) -> HttpResponse:
    keeps = rules.has_perm("awards.run_box", request.user, box)
    rounds, keys = queries.rounds_of(box), list(box.keys.select_related("member"))
    context = {
        "box": box,
        "session": box.session,
        "workflow": BOX,
        "me": me,
        "form": form,
        "mine": mine,
        "rounds": rounds,
        "keys": shown_prints(box, keys, me),
        "keys_changed": box.state == State.OPEN and not are_true(box, keys),
        "takes_key": bool(me and me.is_teller) and box.state == State.PREPARED,
        "has_key": me is not None and any(one.member_id == me.pk for one in keys),
        "move_pages": {
            "count_box": reverse("awards:box_count", args=[box.pk]),
            "replace_teller": reverse("awards:box_teller", args=[box.pk]),
        },
        "missing": queries.not_yet_voted(box) if box.state == State.OPEN and (keeps or me) else [],
        "has_voted": bool(mine) and Envelope.objects.filter(round__box=box, member=me).exists(),
        "ballots": _ballots(box) if box.state == State.COUNTED and (keeps or me) else {},
        "digest_holds": box.state == State.COUNTED and actions.still_holds(box),
        **said,
    }
    return render(request, "awards/council/box.html", context, status=422 if form.errors else 200)


def _mine(box: BallotBox, me: CouncilMember | None) -> list[VoteRound]:
    """On what this member votes now."""
    if me is None or box.state != State.OPEN:
        return []
    mine = set(queries.may_vote_in(me).filter(box=box).values_list("pk", flat=True))
    return [one for one in queries.rounds_of(box) if one.pk in mine]


def _ballots(box: BallotBox) -> dict[int, list[Ballot]]:
    """By round, in the order of their random receipts."""
    found: dict[int, list[Ballot]] = {}
    for one in Ballot.objects.filter(round__box=box):
        found.setdefault(one.round_id, []).append(one)
    return found


def _box(request: HttpRequest, pk: int) -> BallotBox:
    rows = BallotBox.objects.visible_to(request.user).select_related("session__review")
    return get_object_or_404(rows.prefetch_related("session__members"), pk=pk)
