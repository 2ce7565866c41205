"""Facts of people by hand: discipline, absence, the former unit's comment; one page for each kind and one a person."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import facts as actions
from awards.forms.facts import AbsenceForm, DisciplineForm, FactForm, UnitCommentForm, WithdrawForm
from awards.queries.people_facts import all_facts_of, tabs_of
from awards.views.access import only_with, told
from core.journal import history_of
from core.listing import Column, Listing, list_response
from core.workflow import Refused
from organization.models import Person

KEEPS = "awards.keep_facts"
HISTORY = 30
PERSON = Column(
    "Họ và tên", lambda one: one.person.full_name, order=("person__sort_key",), width=28,
    link=lambda one: reverse("awards:facts_of_person", args=[one.person_id]),
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of facts: its form and the columns of its list."""

    slug: str
    title: str
    lead: str
    form: type[FactForm]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    joins: tuple[str, ...] = ("person",)

    @property
    def model(self) -> Any:
        return self.form.model

    @cached_property
    def listing(self) -> Listing:
        change = Column(
            "Chi tiết", lambda one: "Xem", width=10,
            link=lambda one: reverse("awards:fact_detail", args=[self.slug, one.pk]),
        )  # fmt: skip
        return Listing(
            title=self.title,
            columns=[PERSON, *self.columns, change],
            order=self.order,
            search=("person__search_key",),
            search_hint="Tìm họ tên, mã cán bộ",
            empty="Chưa ghi dòng nào mà bạn được xem.",
        )


KINDS = {
    one.slug: one
    for one in (
        Kind(
            "ky-luat", "Kỷ luật",
            "Hình thức, số quyết định và thời hạn kỷ luật, để đối chiếu khi xét thi đua, khen thưởng.", DisciplineForm,
            (
                Column("Hình thức", lambda one: one.get_form_display().capitalize(), order=("form",), width=18),
                Column("Số quyết định", lambda one: one.number, width=20),
                Column("Ngày quyết định", lambda one: one.decided_on, order=("decided_on",), width=14),
                Column("Hết thời hạn", lambda one: one.ended_on or "Còn hiệu lực", order=("ended_on",), width=14),
            ),
            ("-decided_on",),
        ),
        Kind(
            "nghi", "Thời gian nghỉ, đào tạo",
            "Thời gian nghỉ, đi đào tạo trong năm và kết quả học tập, để đối chiếu khi xét thi đua, khen thưởng.",
            AbsenceForm,
            (
                Column("Năm", lambda one: str(one.year), order=("year",), width=8),
                Column("Loại", lambda one: one.get_kind_display().capitalize(), order=("kind",), width=28),
                Column("Ngày làm việc", lambda one: one.working_days, order=("working_days",), width=14),
                Column("Tháng đào tạo", lambda one: one.months or "", width=14, hide_on_phone=True),
                Column("Kết quả", lambda one: one.result.capitalize(), width=14, hide_on_phone=True),
            ),
            ("-year",),
        ),
        Kind(
            "nhan-xet", "Nhận xét của đơn vị cũ",
            "Ý kiến của đơn vị cũ về người chuyển công tác trong năm, để đơn vị mới xét.",
            UnitCommentForm,
            (
                Column("Năm", lambda one: str(one.year), order=("year",), width=8),
                Column("Đơn vị cũ", lambda one: one.unit.short_name, order=("unit__order",), width=26),
                Column("Văn bản", lambda one: one.paper, width=30),
                Column("Ngày", lambda one: one.given_on, order=("given_on",), width=12),
            ),
            ("-year",),
            ("person", "unit"),
        ),
    )
}  # fmt: skip


@require_GET
def fact_list(request: HttpRequest, kind: str) -> HttpResponse:
    one = _kind(kind)
    rows = one.model.objects.visible_to(request.user).select_related(*one.joins)
    context = {
        "kind": one,
        "keeps": rules.has_perm(KEEPS, request.user),
        "tabs": tabs_of(request.user),
        "here": one.slug,
    }
    return list_response(request, one.listing, rows, "awards/facts/fact_list.html", context)


@require_GET
def fact_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    one = _kind(kind)
    row = _found(request, one, pk)

    facts = [(column.label, column.text(row)) for column in one.columns]
    facts += [("Nội dung", row.content)] if kind == "nhan-xet" else [("Ghi chú", row.note)]
    own = row.person_id == request.user.acting.person_id  # type: ignore[union-attr]
    context = {
        "kind": one,
        "row": row,
        "facts": facts,
        "changes": rules.has_perm(KEEPS, request.user) and not own,
        "history": history_of(row)[:HISTORY],
    }
    return render(request, "awards/facts/fact_detail.html", context)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def fact_enter(request: HttpRequest, kind: str) -> HttpResponse:
    one = _kind(kind)
    form = one.form(request.POST or None, initial={"person": request.GET.get("nguoi", "")[:200]})
    if request.method == "POST" and form.is_valid():
        values = form.facts
        try:
            row = actions.enter_fact(one.model, values.pop("person"), values, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã ghi. Khả năng xét sẽ được tính lại.")
            return redirect("awards:fact_detail", kind, row.pk)
    page = {
        "title": f"Ghi {one.title.lower()}",
        "submit": "Ghi",
        "back": reverse("awards:fact_list", args=[kind]),
        "back_label": one.title,
    }
    return _form(request, form, page)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def fact_change(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    one = _kind(kind)
    row = _found(request, one, pk)
    form = one.form(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_fact(row, form.facts, by=request.user, version=form.cleaned_data["version"])
        except Refused as refusal:
            told(form, refusal, row)
        else:
            messages.success(request, "Đã lưu. Khả năng xét sẽ được tính lại.")
            return redirect("awards:fact_detail", kind, pk)
    return _form(request, form, _page(one, row, f"Sửa {one.title.lower()}", "Lưu"))


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def fact_withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    one = _kind(kind)
    row = _found(request, one, pk)
    person_id = row.person_id
    form = WithdrawForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_fact(row, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            told(form, refusal, row)
        else:
            messages.success(request, "Đã rút lại. Khả năng xét sẽ được tính lại.")
            return redirect("awards:facts_of_person", person_id)
    page = _page(one, row, f"Rút lại {one.title.lower()}", "Rút lại")
    return _form(request, form, {**page, "style": "danger", "lead": str(row)})


@require_GET
def facts_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is kept of one person, and what was withdrawn: for himself, his heads, the Office, inspectors."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    found = all_facts_of(person, request.user)
    if found is None:
        raise Http404
    keeps = rules.has_perm(KEEPS, request.user) and person.pk != request.user.acting.person_id  # type: ignore[union-attr]
    parts = [
        {
            "kind": one,
            "rows": [(row, [(col.label, col.text(row)) for col in one.columns]) for row in found[one.model]],
        }
        for one in KINDS.values()
    ]
    context = {"person": person, "parts": parts, "found": found, "keeps": keeps}
    return render(request, "awards/facts/of_person.html", context)


# --- what they share ------------------------------------------------------------------------------------
def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _found(request: HttpRequest, kind: Kind, pk: int) -> Any:
    rows = kind.model.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related(*kind.joins), pk=pk)


def _page(kind: Kind, row: Any, title: str, submit: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {row.person}",
        "submit": submit,
        "back": reverse("awards:fact_detail", args=[kind.slug, row.pk]),
        "back_label": str(row.person),
    }


def _form(request: HttpRequest, form: Any, page: dict[str, Any]) -> HttpResponse:
    return render(request, "awards/form.html", {**page, "form": form}, status=422 if form.errors else 200)
