"""A unit's proposal: begun, its minutes and votes, its candidates chosen, signed, returned, verified."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import proposals as actions
from awards.actions import verifying
from awards.forms.nominations import MinutesForm, VotesForm
from awards.models import Proposal, Review
from awards.queries import nominations as queries
from awards.queries.decisions import held_of
from awards.queries.holds import held_people, held_units, hold_sentence
from awards.queries.meter import meter_of_unit
from awards.views.access import version_of
from awards.workflow import PROPOSAL
from core import clock
from core.attachments import download
from core.journal import history_of
from core.vietnamese import format_date
from core.views import advance, number_in, perform
from core.workflow import Refused, Stale
from organization.models import Person, Unit

State = Proposal.State
HISTORY = 50
MOVES: dict[str, Callable[..., Any]] = {
    "submit": actions.submit,
    "propose_nobody": actions.propose_nobody,
    "close_unsent": actions.close_unsent,
    "take_back": actions.take_back_proposal,
    "return_proposal": verifying.return_proposal,
    "verify": verifying.verify,
    "reopen_verification": verifying.reopen_verification,
}


@require_POST
def proposal_begin(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    if not rules.has_perm("awards.begin_proposal", request.user, unit):
        raise Http404
    perform(
        request,
        lambda: actions.begin_proposal(review, unit, by=request.user),
        done="Đã lập tờ trình. Ghi biên bản họp và chọn người, tập thể đề nghị.",
    )
    made = review.proposals.filter(unit=unit).first()
    return redirect("awards:proposal_detail", made.pk) if made else redirect("awards:review_detail", pk)


@require_GET
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _found(request, pk)
    rows = list(
        proposal.nominations.select_related("award", "person", "unit").order_by("-award__order", "pk")
    )
    for one in rows:
        if not queries.reads_findings(request.user, one):
            one.verdict_reason = ""
    edits = _edits(request, proposal)
    context = {
        "proposal": proposal,
        "review": proposal.review,
        "workflow": PROPOSAL,
        "edits": edits,
        "chooses": edits and (proposal.state == State.DRAFT or proposal.is_asked_again),
        "facts": _facts(proposal),
        "rows": rows,
        "states": _states(request, proposal, rows),
        "held": {pk: hold_sentence(one, request.user) for pk, one in held_of(rows).items()},
        "signs_own": rules.has_perm("awards.sign_proposal", request.user, proposal)
        and any(one.person_id and one.person_id == _person(request) for one in rows),
        "problems": _problems(proposal) if edits else [],
        "doubts": list(queries.doubts_of(proposal)),
        "waiting": _waiting(request, proposal, rows),
        "meter": meter_of_unit(proposal),
        "due": queries.deadline_of(proposal.review),
        "history": history_of(proposal)[:HISTORY],
    }
    return render(request, "awards/nominations/proposal_detail.html", context)


def _states(request: HttpRequest, proposal: Proposal, rows: list[Any]) -> dict[int, str]:
    """What the rules say of each: as kept when it was handed in, before that as last judged."""
    found = queries.prospects_of(proposal.review, proposal.unit, request.user) if rows else {}
    states = {}
    for one in rows:
        key = ("person", one.person_id) if one.person_id else ("unit", one.unit_id)
        prospect = found.get(key, {}).get(one.award_id)
        states[one.pk] = one.findings_state or (prospect.state if prospect else "")
    return states


def _problems(proposal: Proposal) -> list[str]:
    return [*queries.deadline_passed(proposal), *queries.problems_of(proposal)]


def _facts(proposal: Proposal) -> list[tuple[str, Any]]:
    letter = proposal.letter_number and f"{proposal.letter_number} ngày {format_date(proposal.letter_date)}"
    return [
        ("Tờ trình", letter),
        ("Họp bình xét", proposal.met_on and f"{format_date(proposal.met_on)}, {proposal.place}"),
        ("Chủ trì", proposal.chair),
        ("Thư ký", proposal.secretary),
        (
            "Có mặt",
            proposal.present and f"{proposal.present}/{proposal.members or '?'} người",
        ),
        ("Vắng mặt", proposal.absent),
        ("Diễn biến, thảo luận", proposal.course),
        ("Giải trình vượt chỉ tiêu, cơ cấu", proposal.reason),
    ]


@require_POST
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The Office accepts at once whatever meets the rules and waits for its judgement."""
    proposal = _found(request, pk)
    perform(
        request,
        lambda: verifying.accept_rest(
            proposal, by=request.user, reason=request.POST.get("reason", ""), version=version_of(request)
        ),
        done="Đã kết luận đủ điều kiện các hồ sơ đạt. Hồ sơ còn lại thẩm định từng hồ sơ.",
    )
    return redirect("awards:proposal_detail", pk)


def _waiting(request: HttpRequest, proposal: Proposal, rows: list[Any]) -> int:
    """How many dossiers this reader of the Office has still to judge."""
    if proposal.state != State.SUBMITTED or proposal.review.state != Review.State.OPEN:
        return 0
    if not rules.has_perm("awards.verify_proposal", request.user, proposal):
        return 0
    own = _person(request)
    return sum(one.verdict == "pending" and not one.withdrawn_at and one.person_id != own for one in rows)


@require_POST
def proposal_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in MOVES:
        raise Http404
    proposal, back = _found(request, pk), reverse("awards:proposal_detail", args=[pk])
    return advance(
        request, proposal, verb, workflow=PROPOSAL, actions=MOVES, back=back, version=version_of(request)
    )


@require_http_methods(["GET", "POST"])
def proposal_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _editable(request, pk)
    people = queries.people_of(proposal.review, proposal.unit)
    start = {name: getattr(proposal, name) for name in (*actions.MEETING, "version")}
    form = MinutesForm(
        request.POST or None, request.FILES or None, initial=start, people=people, review=proposal.review
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in actions.MEETING}

        def act() -> None:
            actions.write_minutes(
                proposal,
                values,
                by=request.user,
                version=form.cleaned_data["version"],
                upload=form.cleaned_data["minutes"],
            )

        if _saved(request, form, act, proposal):
            return redirect("awards:proposal_detail", pk)
    return _form(request, proposal, form, "Biên bản họp, tờ trình")


@require_http_methods(["GET", "POST"])
def proposal_votes(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _editable(request, pk)
    rows = list(proposal.nominations.standing().select_related("award", "person", "unit"))
    form = VotesForm(
        request.POST or None, initial={"version": proposal.version}, proposal=proposal, rows=rows
    )
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            actions.record_votes(proposal, form.votes, by=request.user, version=form.cleaned_data["version"])

        if _saved(request, form, act, proposal):
            return redirect("awards:proposal_detail", pk)
    return _form(request, proposal, form, "Phiếu bình xét của đơn vị")


@require_http_methods(["GET", "POST"])
def proposal_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's people and the unit itself, with what each qualifies for."""
    proposal = _editable(request, pk)
    if request.method == "POST":
        _propose(request, proposal)
        return redirect("awards:proposal_choose", pk)
    review = proposal.review
    prospects = queries.prospects_of(review, proposal.unit, request.user)
    on_list = {
        (("person", one.person_id) if one.person_id else ("unit", one.unit_id), one.award_id)
        for one in proposal.nominations.standing()
    }
    awards = list(review.awards.order_by("-order"))
    units, people = queries.collectives_of(review, proposal.unit), queries.people_of(review, proposal.unit)
    groups = [
        _group("unit", "collective", list(units), awards, prospects, on_list),
        _group("person", "individual", list(people), awards, prospects, on_list),
    ]
    _mark_held(request, groups)
    context = {"proposal": proposal, "review": review, "groups": groups}
    return render(request, "awards/nominations/proposal_choose.html", context)


def _mark_held(request: HttpRequest, groups: list[list[dict[str, Any]]]) -> None:
    """Whoever is stopped may be proposed, for the stop may end in time; the unit is to know of it now."""
    today = clock.today()
    for rows, held_among in zip(groups, (held_units, held_people), strict=True):
        held = held_among([row["subject"].pk for row in rows], today)
        for row in rows:
            hold = held.get(row["subject"].pk)
            row["held"] = hold_sentence(hold, request.user) if hold else ""


def _group(
    kind: str, recipient: str, subjects: list[Any], awards: list[Any], prospects: Any, on_list: set[Any]
) -> list[dict[str, Any]]:
    mine = [one for one in awards if one.recipient == recipient]
    return [
        {
            "subject": subject,
            "kind": kind,
            "lines": [
                {
                    "award": award,
                    "prospect": prospects.get((kind, subject.pk), {}).get(award.pk),
                    "on_list": ((kind, subject.pk), award.pk) in on_list,
                }
                for award in mine
            ],
        }
        for subject in subjects
    ]


def _propose(request: HttpRequest, proposal: Proposal) -> None:
    kind, number = request.POST.get("kind", ""), number_in(request.POST.get("subject", "")) or 0
    award = proposal.review.awards.filter(pk=number_in(request.POST.get("award", "")) or 0).first()
    subject: Person | Unit | None = None
    if kind == "person":
        subject = queries.people_of(proposal.review, proposal.unit).filter(pk=number).first()
    elif kind == "unit":
        subject = queries.collectives_of(proposal.review, proposal.unit).filter(pk=number).first()
    if award is None or subject is None:
        messages.error(request, "Hãy chọn một người hoặc tập thể của đơn vị và một danh hiệu của đợt.")
        return
    chosen = subject
    perform(
        request,
        lambda: actions.propose(proposal, award, chosen, by=request.user),
        done=f"Đã đưa vào danh sách: {chosen} – {award}.",
    )


@require_GET
def proposal_minutes_file(request: HttpRequest, pk: int) -> Any:
    proposal = _found(request, pk)
    if proposal.minutes is None:
        raise Http404
    return download(proposal.minutes)


# --- what they share --------------------------------------------------------------------------------------
def _saved(request: HttpRequest, form: Any, act: Callable[[], None], proposal: Proposal) -> bool:
    try:
        act()
    except Refused as refusal:
        form.refuse(refusal)
        if isinstance(refusal, Stale):
            form.data = form.data.copy()
            form.data["version"] = proposal.version
        return False
    messages.success(request, "Đã lưu.")
    return True


def _form(request: HttpRequest, proposal: Proposal, form: Any, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": f"{proposal.unit.name}. {proposal.review.title}.",
        "submit": "Lưu",
        "back": reverse("awards:proposal_detail", args=[proposal.pk]),
        "back_label": "Tờ trình",
    }
    return render(request, "awards/form.html", context, status=422 if form.errors else 200)


def _person(request: HttpRequest) -> int | None:
    user: Any = request.user
    return user.acting.person_id


def _edits(request: HttpRequest, proposal: Proposal) -> bool:
    return (
        proposal.state in (State.DRAFT, State.RETURNED)
        and proposal.review.state == Review.State.OPEN
        and rules.has_perm("awards.prepare_proposal", request.user, proposal)
    )


def _editable(request: HttpRequest, pk: int) -> Proposal:
    proposal = _found(request, pk)
    if not rules.has_perm("awards.prepare_proposal", request.user, proposal):
        raise Http404
    return proposal


def _found(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).select_related(
        "review", "unit", "chair", "secretary", "minutes", "prepared_by__person", "submitted_by__person"
    )
    return get_object_or_404(rows, pk=pk)
