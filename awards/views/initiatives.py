"""Pages about initiatives: found, written, handed in, decided on, and their papers."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import evaluating
from awards.actions import initiatives as actions
from awards.eligibility import facts
from awards.forms.initiatives import (
    Application,
    ApplicationForm,
    DecisionForm,
    EnterRecognisedForm,
    EvaluationForm,
    PaperForm,
    RecognitionForm,
)
from awards.models import Initiative, InitiativeFile
from awards.queries import evaluations
from awards.queries import initiatives as queries
from awards.views.access import only_with, version_of
from awards.views.access import told as tell
from awards.workflow import INITIATIVE
from core.attachments import download
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.vietnamese import format_date
from core.views import advance, perform
from core.workflow import Refused, Stale
from organization.models import Unit
from organization.queries import unit_choices

State = Initiative.State
LEVELS = [(code, name.capitalize()) for code, name in facts.LEVELS.items()]
MOVES: dict[str, Callable[..., Any]] = {
    "submit": actions.submit,
    "withdraw": actions.withdraw,
    "send_back": actions.send_back,
    "refuse": actions.refuse,
    "reopen": actions.reopen,
}
LISTING = Listing(
    title="Sáng kiến",
    columns=[
        Column("Tên", lambda row: row.name, order=("name",), width=60, link=to("awards:initiative_detail")),
        Column("Loại", lambda row: row.get_kind_display(), width=14, hide_on_phone=True),
        Column("Đơn vị", lambda row: row.unit.short_name, order=("unit__order",), width=18),
        Column("Cấp công nhận", lambda row: facts.LEVELS.get(row.level, ""), order=("level",), width=14),
        Column("Phạm vi ảnh hưởng", lambda row: facts.LEVELS.get(row.reach, ""), width=14, hide_on_phone=True),
        Column("Phiếu đồng ý", lambda row: queries.votes_of(row), width=14, hide_on_phone=True),
        Column("Số quyết định", lambda row: row.decision_number, width=18, hide_on_phone=True),
        Column("Ngày công nhận", lambda row: row.recognised_on, order=("recognised_on",), width=14),
        Column(
            "Trạng thái", lambda row: INITIATIVE.states[row.state][0], order=("state",), width=16,
            badge=lambda row: INITIATIVE.states[row.state][1],
        ),
    ],
    order=("-created_at",),
    search=("search_key",),
    search_hint="Tìm tên, số quyết định (không cần dấu)",
    filters=[
        Filter(
            "trang-thai", "Trạng thái",
            lambda: [(code, words) for code, (words, _) in INITIATIVE.states.items()],
            lambda rows, value: rows.filter(state=value),
        ),
        Filter("cap", "Cấp công nhận", lambda: LEVELS, lambda rows, value: rows.filter(level=value)),
        Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value)),
    ],
    empty="Chưa có sáng kiến nào bạn được xem.",
)  # fmt: skip


@require_GET
def initiative_list(request: HttpRequest) -> HttpResponse:
    rows = Initiative.objects.visible_to(request.user).select_related("unit")
    context = {
        "starts": rules.has_perm("awards.start_initiative", request.user),
        "enters": rules.has_perm("awards.enter_initiative", request.user),
    }
    return list_response(request, LISTING, rows, "awards/initiative_list.html", context)


@require_GET
def initiative_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _found(request, pk))


def _detail(request: HttpRequest, initiative: Initiative, **more: Any) -> HttpResponse:
    user: Any = request.user
    decides = rules.has_perm("awards.decide_initiative", user, initiative)
    prepares = rules.has_perm("awards.prepare_initiative", user, initiative)
    is_draft = initiative.state == State.DRAFT
    context = {
        "initiative": initiative,
        "workflow": INITIATIVE,
        "facts": _facts(initiative),
        "council": evaluations.told(initiative),
        "edits": is_draft and prepares,
        "corrects": initiative.state == State.RECOGNISED and decides,
        "corrects_evaluation": initiative.state == State.EVALUATED and decides,
        "keeps_papers": prepares if is_draft else decides,
        "problems": list(queries.problems_of(initiative)) if is_draft and prepares else [],
        "returned": queries.returned_because(initiative),
        "refused": queries.refused_because(initiative),
        "alike": queries.near_duplicates(initiative, user) if decides or prepares else queries.Alike(),
        "files": list(initiative.files.select_related("file")),
        "uses": queries.uses_of(initiative),
        "history": history_of(initiative)[:50]
        if decides or prepares or user.acting.reads_everything
        else None,
        "paper_form": PaperForm(),
        **more,
    }
    status = 422 if more else 200
    return render(request, "awards/initiative_detail.html", context, status=status)


def _facts(initiative: Initiative) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = [
        ("Loại", initiative.get_kind_display()),
        ("Đơn vị", initiative.unit.name),
        ("Áp dụng lần đầu", format_date(initiative.first_used_on)),
        ("Ngày nộp đơn", format_date(initiative.applied_on)),
        ("Nội dung, tính mới", initiative.summary),
        ("Hiệu quả áp dụng", initiative.effect),
    ]
    if initiative.state == State.RECOGNISED:
        told += [
            ("Cấp công nhận", facts.LEVELS[initiative.level].capitalize()),
            ("Phạm vi ảnh hưởng", facts.LEVELS[initiative.reach].capitalize()),
            ("Quyết định", f"Số {initiative.decision_number} ngày {format_date(initiative.recognised_on)}"),
            ("Cơ quan công nhận", initiative.recognised_by),
        ]
    return told


# --- the application --------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@only_with("awards.start_initiative")
def initiative_start(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    units = Unit.objects.filter(pk__in=user.acting.units).order_by("order")
    page = Application(
        ApplicationForm, _sent(request), units=units, author=user.person, unit=user.acting.unit_id
    )
    return _write(
        request, page,
        lambda: actions.start(page.form.cleaned_data, page.authors, by=user),
        title="Đơn yêu cầu công nhận sáng kiến", submit="Lưu bản nháp",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def initiative_edit(request: HttpRequest, pk: int) -> HttpResponse:
    initiative = _found(request, pk)
    user: Any = request.user
    if not rules.has_perm("awards.prepare_initiative", user, initiative):
        raise Http404
    if initiative.state != State.DRAFT and request.method == "GET":
        return redirect("awards:initiative_detail", pk)
    units = Unit.objects.filter(pk__in={initiative.unit_id, *user.acting.units}).order_by("order")
    page = Application(ApplicationForm, _sent(request), units=units, initiative=initiative)

    def act() -> Initiative:
        data = page.form.cleaned_data
        actions.save(initiative, data, page.authors, by=user, version=data["version"])
        return initiative

    return _write(request, page, act, title="Sửa đơn", submit="Lưu", initiative=initiative)


@require_http_methods(["GET", "POST"])
@only_with("awards.enter_initiative")
def initiative_enter(request: HttpRequest) -> HttpResponse:
    """What was recognised before the portal."""
    page = Application(EnterRecognisedForm, _sent(request), units=Unit.objects.order_by("order"))
    return _write(
        request, page,
        lambda: actions.enter_recognised(page.form.cleaned_data, page.authors, by=request.user),
        title="Nhập sáng kiến đã được công nhận", submit="Nhập sáng kiến",
    )  # fmt: skip


def _sent(request: HttpRequest) -> Any:
    """What was sent, be it empty: an empty form is told what it lacks."""
    return request.POST if request.method == "POST" else None


def _write(
    request: HttpRequest, page: Application, act: Callable[[], Initiative], *, title: str, submit: str,
    initiative: Initiative | None = None,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and page.is_valid():
        try:
            done = act()
        except Refused as refusal:
            page.form.refuse(refusal)
            if isinstance(refusal, Stale) and initiative:
                page.form.data = page.form.data.copy()  # type: ignore[attr-defined]
                page.form.data["version"] = initiative.version  # type: ignore[index]
        else:
            messages.success(request, "Đã lưu.")
            return redirect("awards:initiative_detail", done.pk)
    back = (
        reverse("awards:initiative_detail", args=[initiative.pk])
        if initiative
        else reverse("awards:initiative_list")
    )
    context = {
        "title": title, "submit": submit, "form": page.form, "rows": page.rows, "back": back,
        "back_label": initiative.name if initiative else "Sáng kiến",
    }  # fmt: skip
    status = 422 if page.form.errors else 200
    return render(request, "awards/initiative_form.html", context, status=status)


# --- moves ------------------------------------------------------------------------------------------------
@require_POST
def initiative_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    initiative = _found(request, pk)
    if verb not in MOVES:
        raise Http404
    back = reverse("awards:initiative_detail", args=[pk])
    return advance(
        request, initiative, verb, workflow=INITIATIVE, actions=MOVES, back=back, version=version_of(request)
    )


@require_http_methods(["GET", "POST"])
def initiative_evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of the initiative council on a waiting one; of an evaluated one what was entered wrongly."""
    initiative = _to_decide(request, pk)
    is_known = initiative.state == State.EVALUATED
    if initiative.state not in (State.SUBMITTED, State.EVALUATED) and request.method == "GET":
        return redirect("awards:initiative_detail", pk)
    present = {name: getattr(initiative, name) for name in EvaluationForm.base_fields}
    initial = present if is_known else {**present, **evaluations.last_session(initiative)}
    return _enter(
        request, initiative, EvaluationForm(request.POST or None, initial=initial, initiative=initiative),
        evaluating.correct_evaluation if is_known else evaluating.evaluate,
        title="Sửa kết quả đánh giá" if is_known else "Kết quả đánh giá của Hội đồng sáng kiến",
        submit="Lưu" if is_known else "Ghi kết quả", done="Đã lưu kết quả đánh giá.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def initiative_recognise(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision of an evaluated one; of a recognised one what was entered wrongly."""
    initiative = _to_decide(request, pk)
    is_known = initiative.state == State.RECOGNISED
    if initiative.state not in (State.EVALUATED, State.RECOGNISED) and request.method == "GET":
        return redirect("awards:initiative_detail", pk)
    kind = DecisionForm if initiative.council_met_on else RecognitionForm
    form = kind(request.POST or None, initial={name: getattr(initiative, name) for name in kind.base_fields})
    form.met_on = initiative.council_met_on
    return _enter(
        request, initiative, form, actions.correct_recognition if is_known else actions.recognise,
        title="Sửa quyết định công nhận" if is_known else "Công nhận sáng kiến",
        submit="Lưu" if is_known else "Công nhận", done="Đã lưu quyết định công nhận.",
    )  # fmt: skip


def _to_decide(request: HttpRequest, pk: int) -> Initiative:
    initiative = _found(request, pk)
    if not rules.has_perm("awards.decide_initiative", request.user, initiative):
        raise Http404
    return initiative


def _enter(
    request: HttpRequest,
    initiative: Initiative,
    form: Any,
    act: Callable[..., Any],
    *,
    done: str,
    **words: str,
) -> HttpResponse:
    """The page of one paper about the initiative; what rests on it and must be looked at is told afterwards."""
    if request.method == "POST" and form.is_valid():
        try:
            shaken = act(initiative, form.cleaned_data, by=request.user, version=form.cleaned_data["version"])
        except Refused as refusal:
            tell(form, refusal, initiative)
        else:
            messages.success(request, done)
            for one in shaken or ():
                messages.warning(request, f"Cần xem lại, vì dựa trên sáng kiến này: {one}.")
            return redirect("awards:initiative_detail", initiative.pk)
    page = {
        **words, "form": form, "lead": initiative.name, "back_label": initiative.name,
        "back": reverse("awards:initiative_detail", args=[initiative.pk]),
    }  # fmt: skip
    return render(request, "awards/form.html", page, status=422 if form.errors else 200)


@require_POST
def initiative_remove(request: HttpRequest, pk: int) -> HttpResponse:
    initiative = _found(request, pk)
    if perform(request, lambda: actions.remove(initiative, by=request.user), done="Đã xóa bản nháp."):
        return redirect("awards:initiative_list")
    return redirect("awards:initiative_detail", pk)


# --- papers -----------------------------------------------------------------------------------------------
@require_POST
def initiative_file_add(request: HttpRequest, pk: int) -> HttpResponse:
    initiative = _found(request, pk)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_file(
                initiative, form.cleaned_data["file"], title=form.cleaned_data["title"], by=request.user
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã thêm tài liệu.")
            return redirect("awards:initiative_detail", pk)
    return _detail(request, initiative, paper_form=form)


@require_POST
def initiative_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    one = _file(request, pk)
    perform(request, lambda: actions.remove_file(one, by=request.user), done="Đã gỡ tài liệu.")
    return redirect("awards:initiative_detail", one.initiative_id)


@require_GET
def initiative_file(request: HttpRequest, pk: int) -> Any:
    return download(_file(request, pk).file)


def _file(request: HttpRequest, pk: int) -> InitiativeFile:
    seen = Initiative.objects.visible_to(request.user)
    files = InitiativeFile.objects.filter(initiative__in=seen).select_related("file", "initiative")
    return get_object_or_404(files, pk=pk)


def _found(request: HttpRequest, pk: int) -> Initiative:
    rows = Initiative.objects.visible_to(request.user).select_related("unit", "prepared_by__person")
    return get_object_or_404(rows.prefetch_related("authors__person"), pk=pk)
