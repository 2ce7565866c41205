"""The award register: the list, one honour with its ledger, histories, and what the Office writes in it."""

from typing import Any

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import register as actions
from awards.eligibility import facts
from awards.exports import extract_file
from awards.forms.register import CancelHonourForm, EnterHonourForm, HonourForm, KeepHonourForm
from awards.models import Honour, Recovery
from awards.queries import register as queries
from awards.queries.shaken import shaken_collectives
from awards.views.access import only_with
from awards.workflow import RECOVERY
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.vietnamese import format_date
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Person, Unit
from organization.queries import unit_choices

KEEPS = "awards.keep_register"
BUTTONS = {"keeps": KEEPS, "pays": "awards.view_bonus"}
IN_FORCE, CANCELLED, SHAKEN = "hieu-luc", "da-huy", "can-xem-lai"


def _by_recipient(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(person__isnull=value == "tap-the")


def _by_state(rows: QuerySet, value: str) -> QuerySet:
    if value == SHAKEN:
        return queries.resting_on_cancelled(rows)
    return rows.filter(cancelled_on__isnull=value == IN_FORCE)


LISTING = Listing(
    title="Sổ khen thưởng",
    columns=[
        Column("Năm", lambda row: str(row.year), order=("year",), width=8),
        Column(
            "Người, tập thể được khen", lambda row: row.name_then, order=("sort_key",), width=32,
            link=to("awards:honour_detail"),
        ),
        Column("Danh hiệu, hình thức", lambda row: row.award.name, order=("award__order",), width=40),
        Column("Đơn vị khi đó", lambda row: row.unit_then, width=28, hide_on_phone=True),
        Column("Loại", lambda row: facts.OCCASIONS[row.occasion].capitalize(), width=14, hide_on_phone=True),
        Column("Số quyết định", lambda row: row.decision_number, order=("decision_number",), width=18),
        Column("Ngày", lambda row: row.decided_on, order=("decided_on",), width=12),
        Column("Cơ quan quyết định", lambda row: row.decided_by, width=30, hide_on_phone=True),
        Column(
            "Tình trạng", lambda row: "Đã hủy" if row.cancelled_on else "Có hiệu lực", width=14,
            badge=lambda row: "red" if row.cancelled_on else "green",
        ),
    ],
    order=("-decided_on",),
    reads=(
        "year", "name_then", "award__name", "unit_then", "occasion", "decision_number", "decided_on",
        "decided_by", "cancelled_on",
    ),
    search=("search_key",),
    search_hint="Tìm tên, mã, danh hiệu, số quyết định",
    filters=[
        Filter(
            "danh-hieu", "Danh hiệu, hình thức", queries.award_choices,
            lambda rows, value: rows.filter(award=value),
        ),
        Filter("nam", "Năm", queries.year_choices, lambda rows, value: rows.filter(year=value)),
        Filter(
            "doi-tuong", "Đối tượng",
            lambda: [("ca-nhan", "Cá nhân"), ("tap-the", "Tập thể")], _by_recipient,
        ),
        Filter("don-vi", "Đơn vị", unit_choices, queries.of_unit),
        Filter(
            "loai", "Loại khen thưởng",
            lambda: [(code, name.capitalize()) for code, name in facts.OCCASIONS.items()],
            lambda rows, value: rows.filter(occasion=value),
        ),
        Filter(
            "tinh-trang", "Tình trạng",
            lambda: [(IN_FORCE, "Có hiệu lực"), (CANCELLED, "Đã hủy"), (SHAKEN, "Cần xem lại")],
            _by_state,
        ),
    ],
    empty="Sổ chưa có khen thưởng nào. Văn phòng Sở ghi từng dòng hoặc nhập từ Excel.",
)  # fmt: skip


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    rows = Honour.objects.visible_to(request.user)
    context = {name: rules.has_perm(permission, request.user) for name, permission in BUTTONS.items()}
    return list_response(request, LISTING, rows, "awards/register.html", context)


@require_GET
def honour_detail(request: HttpRequest, pk: int) -> HttpResponse:
    honour = _found(request, pk)
    keeps = rules.has_perm(KEEPS, request.user) and honour.person_id != request.user.acting.person_id  # type: ignore[union-attr]
    reads = request.user.acting.reads_everything  # type: ignore[union-attr]
    bases = queries.rested_on(honour)
    context = {
        "honour": honour,
        "facts": _facts(honour),
        "bases": bases,
        "doubts": queries.doubts_about(honour, bases) if reads else [],
        "uses": queries.spent_on([honour]),
        "changes": keeps and honour.cancelled_on is None,
        "history": history_of(honour)[:30] if reads else None,
        "recoveries": Recovery.objects.visible_to(request.user).filter(honour=honour).order_by("-kind"),
        "recovery_workflow": RECOVERY,
    }
    return render(request, "awards/honour_detail.html", context)


@require_GET
def honour_extract(request: HttpRequest, pk: int) -> HttpResponse:
    """What was cancelled is certified no more."""
    honour = _found(request, pk)
    if honour.cancelled_on:
        raise Http404
    return extract_file(honour)


def _facts(honour: Honour) -> list[tuple[str, Any]]:
    then = (
        [("Chức vụ khi đó", honour.post_then), ("Đơn vị khi đó", honour.unit_then)]
        if honour.person_id
        else []
    )
    movement = [("Phong trào", str(honour.campaign_year))] if honour.campaign_year else []
    level = honour.award.get_level_display()
    return [
        ("Danh hiệu, hình thức", f"{honour.award} ({level[:1].lower()}{level[1:]})"),
        ("Tên khi được khen", honour.name_then),
        *then,
        ("Năm thành tích", str(honour.year)),
        ("Loại khen thưởng", facts.OCCASIONS[honour.occasion].capitalize()),
        *([("Vì sao là loại này", honour.occasion_basis)] if honour.occasion_basis else []),
        *movement,
        ("Quyết định", f"Số {honour.decision_number} ngày {format_date(honour.decided_on)}"),
        ("Cơ quan, người quyết định", honour.decided_by),
        ("Thành tích", honour.merit),
        ("Nguồn", honour.get_source_display()),
    ]


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def honour_enter(request: HttpRequest) -> HttpResponse:
    form = EnterHonourForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            honour = actions.enter(**form.facts, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã ghi vào Sổ khen thưởng.")
            return redirect("awards:honour_detail", honour.pk)
    page = {
        "title": "Ghi vào Sổ khen thưởng",
        "lead": "Ghi khen thưởng đã có quyết định từ trước. Nhiều dòng thì nhập từ Excel nhanh hơn.",
        "submit": "Ghi vào Sổ",
        "back": reverse("awards:register"),
        "back_label": "Sổ khen thưởng",
    }
    return _form(request, form, page)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def honour_change(request: HttpRequest, pk: int) -> HttpResponse:
    honour = _found(request, pk)
    form = HonourForm(request.POST or None, honour=honour)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(honour, form.facts, by=request.user, version=form.cleaned_data["version"])
        except Refused as refusal:
            _told(form, refusal, honour)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("awards:honour_detail", pk)
    return _form(request, form, _page(honour, "Sửa khen thưởng", "Lưu"))


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def honour_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """What rests on the honour is shown before it is cancelled, and again afterwards."""
    honour = _found(request, pk)
    form = CancelHonourForm(request.POST or None, initial={"version": honour.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            shaken = actions.cancel(honour, **data, by=request.user)
        except Refused as refusal:
            _told(form, refusal, honour)
        else:
            messages.success(request, "Đã ghi hủy khen thưởng.")
            for one in shaken:
                messages.warning(request, f"Cần xem lại, vì dựa trên khen thưởng vừa hủy: {one}.")
            return redirect("awards:honour_detail", pk)
    page = _page(honour, "Hủy khen thưởng", "Ghi hủy")
    shaken = [one for one, _ in shaken_collectives([honour])]
    return _form(
        request, form, {**page, "style": "danger", "uses": queries.spent_on([honour]), "shaken": shaken}
    )


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def honour_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked at after something that it stood on fell, and kept."""
    honour = _found(request, pk)
    form = KeepHonourForm(request.POST or None, initial={"version": honour.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep(honour, **form.cleaned_data, by=request.user)
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
            return redirect("awards:honour_detail", pk)
        except Refused as refusal:
            _told(form, refusal, honour)
        else:
            messages.success(request, "Đã ghi: giữ khen thưởng này.")
            return redirect("awards:honour_detail", pk)
    return _form(request, form, _page(honour, "Giữ khen thưởng sau khi xem lại", "Ghi giữ"))


# --- histories: panels of pages below, and pages of their own -------------------------------------------
@require_GET
def honours_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    context = {
        "subject": person.full_name,
        "back": reverse("organization:person_detail", args=[pk]),
        "history": queries.history_of_person(person),
        "is_person": True,
    }
    return _history(request, context)


@require_GET
def honours_of_unit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    context = {
        "subject": unit.name,
        "back": reverse("organization:unit_detail", args=[pk]),
        "history": queries.history_of_unit(unit),
        "more": f"{reverse('awards:register')}?don-vi={pk}",
    }
    return _history(request, context)


def _history(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A panel for htmx; without scripts the same on a page of its own."""
    wanted = "awards/_honours.html" if request.headers.get("HX-Request") else "awards/honours_of.html"
    return render(request, wanted, context)


# --- what they share ------------------------------------------------------------------------------------
def _found(request: HttpRequest, pk: int) -> Honour:
    rows = Honour.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("award", "person", "unit", "campaign_year__campaign"), pk=pk)


def _page(honour: Honour, title: str, submit: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {honour.name_then}",
        "lead": f"{honour.award}, năm {honour.year}, quyết định {honour.decision_number}.",
        "submit": submit,
        "back": reverse("awards:honour_detail", args=[honour.pk]),
        "back_label": honour.name_then,
    }


def _told(form: Any, refusal: Refused, honour: Honour) -> None:
    form.refuse(refusal)
    if isinstance(refusal, Stale):
        form.data = form.data.copy()
        form.data["version"] = honour.version


def _form(request: HttpRequest, form: Any, page: dict[str, Any]) -> HttpResponse:
    return render(request, "awards/form.html", {**page, "form": form}, status=422 if form.errors else 200)
