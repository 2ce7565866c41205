"""Decisions of a review: their list, a draft, one decision with its acts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import decisions as actions
from awards.forms.decisions import CancelForm, CorrectForm, DraftForm, LetterForm, MeritsForm, SignedForm
from awards.models import Award, Decision, DecisionEntry, Discipline, Nomination, Recovery, Review
from awards.queries import decisions as queries
from awards.queries.deciding import late_disciplines
from awards.queries.giving import complaints_on, judged, obstacles
from awards.queries.recoveries import totals
from awards.queries.sending import sending_of
from awards.queries.shaken import shaken_collectives
from awards.views.access import only_with, told, version_of
from awards.views.decision_lines import OPEN, explained, repeated
from awards.workflow import DECISION
from core.forms import PortalForm
from core.journal import history_of
from core.vietnamese import format_date
from core.views import advance, number_in, perform
from core.workflow import AlreadyDone, Refused

DRAFT = "awards/decisions/draft.html"
ABOVE = (Decision.State.SENT, Decision.State.QUERIED)
# Lines of the journal that tell who is or was held, and why somebody was doubted.
WITHIN = ("explain", "put_aside", "enter_aside", "tell_apart")
MOVES = {"query": actions.query, "refuse": actions.refuse, "withdraw_file": actions.withdraw_file}
# An act that needs more than a comment has a page of its own: the form, its title, the act.
Forms = dict[str, tuple[type[PortalForm], str, Callable[..., Any]]]
FORMS: Forms = {
    "send_up": (LetterForm, "Ghi đã trình cấp trên", actions.send_up),
    "issue": (SignedForm, "Ghi quyết định đã ký", actions.issue),
    "cancel": (CancelForm, "Hủy quyết định", actions.cancel),
}


@require_GET
def decision_list(request: HttpRequest, review_pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_pk)
    rows = Decision.objects.visible_to(request.user).filter(review=review).prefetch_related("entries")
    prepares = rules.has_perm("awards.prepare_decision", request.user)
    decides = prepares and review.may_be_decided and not review.is_over
    reads = request.user.acting.reads_everything or request.user.acting.heads_the_agency  # type: ignore[union-attr]
    context = {
        "review": review,
        "decisions": rows,
        "workflow": DECISION,
        "left": queries.left_by_level(review) if prepares and review.may_be_decided else [],
        "decides": decides,
        "waiting": queries.in_waiting(review) if decides else [],
        "dropped": queries.dropped(review) if reads else [],
    }
    return render(request, "awards/decisions/list.html", context)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_decision")
def decision_draft(request: HttpRequest, review_pk: int, level: str) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_pk)
    if level not in Award.Level.values:
        raise Http404
    choices = queries.listable(review, level)
    ticked = _ticked(request, choices)
    if ticked is None:  # what was decided before is not ticked
        ticked = list(queries.waiting(review, level).values_list("pk", flat=True))
    initial = {**queries.proposed_head(review, level), "nominations": ticked}
    form = DraftForm(_sent(request), initial=initial, nominations=choices)
    return _write(
        request,
        form,
        lambda typed: actions.draft(review, level, typed["nominations"], typed, by=request.user),
        title=f"Lập {'quyết định' if level == Award.Level.AGENCY else 'hồ sơ trình cấp trên'}",
        back=reverse("awards:decision_list", args=[review.pk]),
        back_label="Quyết định khen thưởng",
        template=DRAFT,
        by_award=queries.by_award(choices),
        late=_late(request, review, choices),
    )


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_decision")
def decision_change(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _found(request, pk)
    choices = queries.listable(decision.review, decision.level, decision)
    initial = {name: getattr(decision, name) for name in (*actions.HEAD, "version")}
    ticked = _ticked(request, choices)
    if ticked is None:
        ticked = list(decision.entries.filter(refusal="").values_list("nomination_id", flat=True))
    initial["nominations"] = ticked
    form = DraftForm(_sent(request), initial=initial, nominations=choices, may_be_empty=True)

    def act(typed: dict[str, Any]) -> Decision:
        actions.change(decision, typed["nominations"], typed, by=request.user, version=typed["version"])
        return decision

    page = {"title": "Sửa quyết định", "back": _address(decision), "back_label": str(decision)}
    more: dict[str, Any] = {"template": DRAFT, "by_award": queries.by_award(choices)}
    more["late"] = _late(request, decision.review, choices)
    return _write(request, form, act, row=decision, **page, **more)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_decision")
def decision_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed paper was noted with a wrong number, day or signer."""
    decision = _found(request, pk)
    if request.method == "GET" and decision.state != Decision.State.ISSUED:
        return redirect("awards:decision_detail", pk)
    known = {name: getattr(decision, name, None) for name in CorrectForm.base_fields}
    form = CorrectForm(_sent(request), initial=known)

    def act(typed: dict[str, Any]) -> Decision:
        version, reason = typed.pop("version"), typed.pop("reason")
        actions.correct(decision, typed, reason=reason, by=request.user, version=version)
        return decision

    page = {
        "title": "Sửa số, ngày, người ký",
        "lead": "Chỉ khi ghi sai so với bản đã ký: Sổ khen thưởng và danh sách tiền thưởng đổi theo.",
        "back": _address(decision),
        "back_label": str(decision),
    }
    return _write(request, form, act, row=decision, **page)


@require_GET
def decision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _found(request, pk)
    entries = queries.entries_of(decision)
    open_to_change = decision.state in OPEN
    waits = open_to_change or decision.state == Decision.State.SENT
    given = judged(decision, request.user) if waits else []
    reads = request.user.acting.reads_everything or request.user.acting.heads_the_agency  # type: ignore[union-attr]
    lines = history_of(decision) if reads else history_of(decision).exclude(verb__in=WITHIN)
    answers = rules.has_perm("awards.send_up", request.user)
    prepares = rules.has_perm("awards.prepare_decision", request.user)
    proposed = Nomination.objects.filter(entries__decision=decision, entries__honour=None)
    context = {
        "decision": decision,
        "entries": entries,
        "late": _late(request, decision.review, proposed) if waits else [],
        "held": queries.held_of(one.nomination for one in entries) if waits else {},
        "complaints": complaints_on((one.nomination for one in entries), request.user) if waits else {},
        "enters": decision.state == Decision.State.ISSUED
        and rules.has_perm("awards.issue_decision", request.user, decision),
        "drops": prepares and decision.review.may_be_decided,
        "obstacles": list(obstacles(decision, given)) if open_to_change else [],
        "kinds": {one.entry.pk: one.given_for for one in given},
        "explains": explained(decision, entries) if prepares else set(),
        "repeats": repeated(decision, entries) if prepares else {},
        "reads_reasons": reads,
        "facts": [*_facts(decision), *(("Trình lên cấp trên", way) for way in sending_of(decision, entries))],
        "workflow": DECISION,
        "pages": set(FORMS),
        "prepares": prepares,
        "changes": prepares and open_to_change,
        "corrects": prepares and decision.state == Decision.State.ISSUED,
        "removes": prepares and decision.state == Decision.State.DRAFT,
        "answers": answers and decision.state in ABOVE,
        "takes_back": answers and decision.state in (*OPEN, *ABOVE),
        "history": list(lines[:20]),
        **_after_cancelling(request, decision, entries),
    }
    return render(request, "awards/decisions/detail.html", context)


@require_POST
def decision_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    decision = _found(request, pk)
    if verb not in MOVES:
        raise Http404
    return advance(
        request, decision, verb, workflow=DECISION, actions=MOVES, back=_address(decision), version=version_of(request)
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def decision_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Send up, note the signed paper, cancel: what these ask is typed on a page."""
    decision = _found(request, pk)
    if verb not in FORMS or not rules.has_perm(DECISION.moves[verb].permission, request.user, decision):
        raise Http404
    if request.method == "GET" and decision.state not in DECISION.moves[verb].source:
        messages.info(request, f"Quyết định đang ở trạng thái “{DECISION.states[decision.state][0]}”.")
        return redirect("awards:decision_detail", pk)
    form_class, title, act = FORMS[verb]
    known = {name: getattr(decision, name, None) for name in form_class.base_fields if name != "number"}
    is_cancelling = verb == "cancel"
    form = form_class(_sent(request), initial={"version": decision.version} if is_cancelling else known)
    return _write(
        request,
        form,
        lambda typed: _do(decision, verb, act, typed, request.user),
        row=decision,
        **{
            "title": title,
            "back": _address(decision),
            "back_label": str(decision),
            **(_before_cancelling(decision) if is_cancelling else {}),
        },
    )


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_decision")
def decision_merits(request: HttpRequest, pk: int) -> HttpResponse:
    """What is printed of each on the list."""
    decision = _found(request, pk)
    if request.method == "GET" and decision.state not in OPEN:
        return redirect("awards:decision_detail", pk)
    entries = [one for one in queries.entries_of(decision) if not one.refusal]
    form = MeritsForm(_sent(request), entries=entries, initial={"version": decision.version})

    def act(typed: dict[str, Any]) -> Decision:
        actions.write_merits(decision, form.merits, by=request.user, version=typed["version"])
        return decision

    page = {
        "title": "Nội dung khen ghi trong quyết định",
        "back": _address(decision),
        "back_label": str(decision),
    }
    return _write(request, form, act, row=decision, **page)


@require_POST
def decision_remove(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _found(request, pk)
    if perform(request, lambda: actions.remove(decision, by=request.user), done="Đã xóa dự thảo."):
        return redirect("awards:decision_list", decision.review_id)
    return redirect("awards:decision_detail", pk)


# --- parts ----------------------------------------------------------------------------------------------
def _found(request: HttpRequest, pk: int) -> Decision:
    return get_object_or_404(Decision.objects.visible_to(request.user).select_related("review"), pk=pk)


def _address(decision: Decision) -> str:
    return reverse("awards:decision_detail", args=[decision.pk])


def _ticked(request: HttpRequest, choices: QuerySet) -> list[int] | None:
    """What a link above the list asks for: everybody, nobody, or one award; nothing where none was pressed."""
    wanted = request.GET.get("chon", "")
    if wanted == "khong":
        return []
    pks = {one.pk: one.award_id for one in choices}
    if wanted == "tat-ca":
        return list(pks)
    award = number_in(wanted)
    return [pk for pk, of in pks.items() if of == award] if award is not None else None


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _do(decision: Decision, verb: str, act: Callable[..., Any], typed: dict[str, Any], by: Any) -> Decision:
    version = typed.pop("version")
    if verb == "cancel":
        act(decision, by=by, version=version, **typed)
    else:
        act(decision, typed, by=by, version=version)
    return decision


def _write(
    request: HttpRequest,
    form: PortalForm,
    act: Callable[[dict[str, Any]], Decision],
    *,
    row: Decision | None = None,
    template: str = "awards/form.html",
    title: str,
    back: str,
    back_label: str,
    **more: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            decision = act(dict(form.cleaned_data))
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect(back)
        except Refused as refusal:
            told(form, refusal, row)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("awards:decision_detail", decision.pk)
    page = {"title": title, "submit": "Lưu", "back": back, "back_label": back_label, "form": form}
    page |= more
    return render(request, template, page, status=422 if form.errors else 200)


def _late(request: HttpRequest, review: Review, nominations: QuerySet[Nomination]) -> list[Discipline]:
    found = late_disciplines(review, nominations, request.user)
    return [one for lines in found.values() for one in lines]


def _before_cancelling(decision: Decision) -> dict[str, Any]:
    """What will be shaken, and that money and papers have to come back, is seen before anybody confirms."""
    own = [one.honour for one in queries.entries_of(decision) if one.honour and not one.honour.cancelled_on]
    return {
        "title": f"Hủy quyết định {decision.number}",
        "lead": f"{len(own)} khen thưởng theo quyết định này sẽ mất hiệu lực trong Sổ khen thưởng; tiền thưởng và"
        " hiện vật đã trao được đưa vào danh sách phải thu hồi.",
        "style": "danger",
        "submit": "Ghi hủy quyết định",
        "shaken": [*queries.resting_on(own), *(one for one, _ in shaken_collectives(own))],
    }


def _after_cancelling(
    request: HttpRequest, decision: Decision, entries: list[DecisionEntry]
) -> dict[str, Any]:
    if decision.state != Decision.State.CANCELLED:
        return {}
    rows = Recovery.objects.visible_to(request.user).filter(honour__entry__decision=decision)
    acting = request.user.acting  # type: ignore[union-attr]
    own = [one.honour for one in entries if one.honour]
    looks = acting.reads_everything or acting.heads_the_agency
    return {
        "shaken": [*queries.resting_on(own), *(one for one, _ in shaken_collectives(own))] if looks else [],
        "totals": totals(rows),
        "recovery_address": f"{reverse('awards:recovery_list')}?{urlencode({'q': decision.number})}",
    }


def _facts(decision: Decision) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        ("Đợt bình xét", decision.review.title),
        ("Cấp quyết định", decision.get_level_display()),
    ]
    if decision.letter_number:
        day = format_date(decision.letter_date) if decision.letter_date else ""
        found.append(("Tờ trình lên cấp trên", f"{decision.letter_number} ngày {day}"))
    if decision.number:
        day = format_date(decision.signed_on) if decision.signed_on else ""
        found.append(("Quyết định", f"{decision.number} ngày {day}"))
    found.append(("Cơ quan, người ban hành", decision.issuer or "–"))
    if decision.signer_name:
        found.append(("Người ký", f"{decision.signer_title} {decision.signer_name}".strip()))
    if decision.cancelled_on:
        found.append(
            ("Hủy theo", f"{decision.cancellation_number} ngày {format_date(decision.cancelled_on)}")
        )
    if decision.basis:
        found.append(("Căn cứ", decision.basis))
    return found
