"""Pages about people: who works where, and the path of one person."""

from datetime import timedelta
from typing import Any

import rules
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import clock
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.vietnamese import format_date
from organization import actions
from organization.forms import LeaveForm, PersonFactsForm, PersonForm, TransferForm
from organization.models import Person, Posting, Unit, UnitKind
from organization.queries import open_unit_choices, running_roles
from organization.views.pages import form_page, permitted

MANAGE = "organization.manage_people"
# Looked up, not asked of each row: Django's display walks the choices anew for every row of a long Excel file.
EMPLOYMENT = dict(Person.Employment.choices)


def address(person: Person) -> str:
    return reverse("organization:person_detail", args=[person.pk])


PEOPLE = Listing(
    title="Danh sách nhân sự",
    columns=[
        Column("Mã", lambda row: row.person.code, order=("person__code",), width=12, hide_on_phone=True),
        Column(
            "Họ và tên",
            lambda row: row.person.full_name,
            order=("person__sort_key",),
            link=lambda row: f"/to-chuc/nhan-su/{row.person_id}/",
            width=28,
        ),
        Column(
            "Chức vụ",
            lambda row: row.post.name,
            order=("post__order", "post_id", "person__sort_key"),
            width=24,
        ),
        Column(
            "Đơn vị",
            lambda row: row.unit.short_name,
            order=("unit__order", "unit_id", "post__order", "person__sort_key"),
        ),
        Column(
            "Loại lao động",
            lambda row: EMPLOYMENT[row.person.employment],
            order=("person__employment", "person__sort_key"),
        ),
        Column("Lãnh đạo/trực tiếp", lambda row: "Lãnh đạo" if row.post.is_leader else "Trực tiếp", width=18),
    ],
    order=("unit__order", "unit_id", "post__order", "person__sort_key"),
    reads=(
        "person__code",
        "person__family_name",
        "person__given_name",
        "person__employment",
        "post__name",
        "post__is_leader",
        "unit__short_name",
    ),
    search=("person__search_key",),
    search_hint="Tìm theo tên, mã, thư điện tử",
    filters=[
        Filter("don-vi", "Đơn vị", open_unit_choices, lambda rows, value: rows.filter(unit_id=value)),
        Filter(
            "loai",
            "Loại lao động",
            lambda: Person.Employment.choices,
            lambda rows, value: rows.filter(person__employment=value),
        ),
        Filter(
            "nhom",
            "Nhóm",
            lambda: [("lanh-dao", "Lãnh đạo"), ("truc-tiep", "Trực tiếp")],
            lambda rows, value: rows.filter(post__is_leader=value == "lanh-dao"),
        ),
    ],
    empty="Chưa có ai trong danh sách.",
)


def person_list(request: HttpRequest) -> HttpResponse:
    rows = Posting.objects.current()
    context = {"may_manage": rules.has_perm(MANAGE, request.user)}
    return list_response(request, PEOPLE, rows, "organization/person_list.html", context)


def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    me: Any = request.user
    person = get_object_or_404(Person.objects.visible_to(me).select_related("user"), pk=pk)
    postings = list(person.postings.select_related("unit", "post").order_by("-started_on"))
    may_manage = rules.has_perm(MANAGE, me)
    may_read = may_manage or me.acting.reads_everything or person.user_id == me.pk
    held = person.appointments.select_related("unit", "delegated_by").order_by("-started_on")
    current = next((one for one in postings if one.ended_on is None), None)
    leads = me.acting.heads_the_agency or (current and current.unit_id in me.acting.units_below)
    context = {
        "person": person,
        "current": current,
        "reads_facts": leads or me.acting.reads_everything or person.user_id == me.pk,
        "facts": _facts(person, private=may_read),
        "postings": postings,
        "appointments": held,
        "today": clock.today(),
        "history": history_of(person)[:30] if may_read else None,
        "may_manage": may_manage,
        "may_appoint": rules.has_perm("organization.appoint", me) and person.user_id != me.pk,
        "may_manage_accounts": rules.has_perm("organization.manage_accounts", me),
    }
    return render(request, "organization/person_detail.html", context)


def _facts(person: Person, *, private: bool) -> list[tuple[str, str]]:
    """Birthday and days of service are for the person, the Office and the technician."""
    facts = [
        ("Mã cán bộ", person.code),
        ("Thư điện tử", person.email),
        ("Loại lao động", person.get_employment_display()),
    ]
    if private:
        facts += [
            ("Giới tính", person.get_gender_display()),
            ("Ngày sinh", format_date(person.born_on)),
            ("Ngày vào cơ quan", format_date(person.joined_on)),
        ]
    if person.left_on:
        facts.append(("Thôi việc từ", format_date(person.left_on)))
    return facts


@permitted(MANAGE)
def person_create(request: HttpRequest) -> HttpResponse:
    return form_page(
        request,
        PersonForm(request.POST or None, initial={"unit": request.GET.get("don-vi")}),
        lambda form: actions.add_person(**form.facts, by=request.user),
        done="Đã thêm người vào danh sách.",
        to=address,
        page={
            "title": "Thêm người",
            "submit": "Thêm người",
            "back": reverse("organization:person_list"),
            "back_label": "Nhân sự",
        },
    )


@permitted(MANAGE)
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=pk)
    return form_page(
        request,
        PersonFactsForm(request.POST or None, instance=person),
        lambda form: actions.change_person(
            person, version=form.cleaned_data["version"], **form.facts, by=request.user
        ),
        done="Đã lưu.",
        to=address(person),
        page=_page(person, "Sửa thông tin", "Lưu", "Đổi đơn vị, chức vụ thì dùng “Điều động”."),
        document=person,
    )


@permitted(MANAGE)
def person_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.filter(left_on__isnull=True), pk=pk)
    current = person.postings.filter(ended_on__isnull=True).select_related("unit__kind").first()
    initial = {"unit": current.unit_id, "post": current.post_id, "on": clock.today()} if current else {}
    return form_page(
        request,
        TransferForm(request.POST or None, initial=initial),
        lambda form: actions.transfer(person, **form.cleaned_data, by=request.user),
        done=_transferred,
        to=address(person),
        page=_page(
            person,
            "Điều động, bổ nhiệm",
            "Điều động",
            f"Vị trí hiện nay kết thúc vào hôm trước. {_ending_roles(person, current)}",
        ),
    )


def _ending_roles(person: Person, current: Posting | None) -> str:
    """What a transfer to another unit would take away; said before it is decided."""
    elsewhere = Unit(kind=UnitKind())
    held = running_roles([person]).get(person.pk, [])
    names = [str(one) for one in held if current and one.ends_with_posting(current.unit, elsewhere)]
    if not names:
        return "Không có vai trò nào kết thúc theo."
    return f"Chuyển sang đơn vị khác thì kết thúc theo các vai trò: {', '.join(names)}."


def _transferred(posting: Posting) -> str:
    eve = posting.started_on - timedelta(days=1)
    ended = posting.person.appointments.filter(ended_on=eve).select_related("unit")
    names = ", ".join(str(one) for one in ended)
    also = f" Đã kết thúc theo: {names}." if names else ""
    return f"Đã điều động. Hồ sơ các năm trước giữ đơn vị cũ.{also}"


@permitted(MANAGE)
def person_return(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.filter(left_on__isnull=False), pk=pk)
    return form_page(
        request,
        TransferForm(request.POST or None, initial={"on": clock.today()}),
        lambda form: actions.rejoin(person, **form.cleaned_data, by=request.user),
        done="Đã ghi người này trở lại công tác. Tài khoản do quản trị kỹ thuật mở lại.",
        to=address(person),
        page=_page(person, "Trở lại công tác", "Trở lại công tác"),
    )


@permitted(MANAGE)
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.filter(left_on__isnull=True), pk=pk)
    page = _page(
        person,
        "Thôi việc",
        "Ghi thôi việc",
        "Vị trí và mọi vai trò kết thúc vào hôm trước, tài khoản bị vô hiệu hóa ngay. Hồ sơ cũ giữ nguyên.",
    )
    return form_page(
        request,
        LeaveForm(request.POST or None, initial={"on": clock.today()}),
        lambda form: actions.leave(person, **form.cleaned_data, by=request.user),
        done="Đã ghi thôi việc.",
        to=address(person),
        page={**page, "style": "danger"},
    )


def _page(person: Person, title: str, submit: str, lead: str = "") -> dict[str, Any]:
    return {
        "title": f"{title}: {person.full_name}",
        "submit": submit,
        "lead": lead,
        "back": address(person),
        "back_label": person.full_name,
    }
