"""Pages about units: the list, one unit through time, and the acts that change the structure."""

from typing import Any

import rules
from django.db.models import DateField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import clock
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.prepared import Prepared, Slot
from core.vietnamese import format_date
from organization import actions, roles
from organization.forms import (
    BasisForm,
    UnitCorrectForm,
    UnitForm,
    UnitMergeForm,
    UnitNameForm,
    UnitPlaceForm,
    UnitSplitForm,
)
from organization.models import Appointment, Posting, Succession, Unit, UnitKind, UnitName
from organization.views.pages import form_page, permitted

MANAGE = "organization.manage_units"
SHOWN = 15  # people on the page of a unit; the others are a press away


def address(unit: Unit) -> str:
    return reverse("organization:unit_detail", args=[unit.pk])


def _kinds() -> list[tuple[str, str]]:
    return list(UnitKind.objects.values_list("code", "name"))


def _by_state(rows: Any, value: str) -> Any:
    return rows.filter(closed_on__isnull=value == "hoat-dong")


UNITS = Listing(
    title="Đơn vị",
    columns=[
        Column("Mã", lambda unit: unit.code, order=("code",), width=12, hide_on_phone=True),
        Column("Tên đơn vị", lambda unit: unit.name, link=to("organization:unit_detail"), width=44),
        Column("Tên ngắn", lambda unit: unit.short_name, width=22, hide_on_phone=True),
        Column("Loại", lambda unit: unit.kind.name, order=("kind__order", "order"), width=22),
        Column("Thuộc", lambda unit: unit.parent.short_name if unit.parent else "", width=22),
        Column(
            "Ngày thành lập", lambda unit: unit.opened_on, order=("opened_on",), width=16, hide_on_phone=True
        ),
        Column(
            "Tình trạng",
            lambda unit: f"Kết thúc {format_date(unit.closed_on)}" if unit.closed_on else "Đang hoạt động",
            badge=lambda unit: "secondary" if unit.closed_on else "green",
            width=22,
        ),
    ],
    order=("closed_on", "order"),
    reads=("code", "name", "short_name", "kind__name", "parent__short_name", "opened_on", "closed_on"),
    search=("search_key",),
    search_hint="Tìm theo tên hoặc mã",
    filters=[
        Filter("loai", "Loại", _kinds, lambda rows, value: rows.filter(kind__code=value)),
        Filter(
            "tinh-trang",
            "Tình trạng",
            lambda: [("hoat-dong", "Đang hoạt động"), ("ket-thuc", "Đã kết thúc")],
            _by_state,
        ),
    ],
    empty="Chưa có đơn vị nào.",
)


def unit_list(request: HttpRequest) -> HttpResponse:
    rows = Unit.objects.visible_to(request.user)
    context = {"may_manage": rules.has_perm(MANAGE, request.user)}
    return list_response(request, UNITS, rows, "organization/unit_list.html", context)


def _people_of() -> QuerySet[Posting]:
    people = Posting.objects.current().filter(unit=Slot("unit")).select_related("person", "post")
    return people.order_by("post__order", "person__sort_key")[: SHOWN + 1]


def _held_in() -> QuerySet[Appointment]:
    held = Appointment.objects.on(Slot("day", DateField())).filter(unit=Slot("unit"))
    return held.select_related("person", "delegated_by")


PEOPLE_OF, HELD_IN = Prepared(_people_of), Prepared(_held_in)
NAMES_OF = Prepared(lambda: UnitName.objects.filter(unit=Slot("unit")).order_by("-started_on"))
CAME_FROM = Prepared(lambda: Succession.objects.filter(successor=Slot("unit")).select_related("predecessor"))
BECAME = Prepared(lambda: Succession.objects.filter(predecessor=Slot("unit")).select_related("successor"))
CHILDREN_OF = Prepared(
    lambda: (
        Unit.objects.open_on(Slot("day", DateField())).filter(parent=Slot("unit")).values_list("pk", "name")
    )
)


def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("kind", "parent"), pk=pk)
    people = PEOPLE_OF.rows(unit=pk)
    held = HELD_IN.rows(unit=pk, day=clock.today())
    heads = sorted(
        (one for one in held if one.role == roles.HEAD), key=lambda one: one.delegated_by_id is not None
    )
    context = {
        "unit": unit,
        "facts": [
            ("Mã đơn vị", unit.code),
            ("Tên ngắn", unit.short_name),
            ("Loại", unit.kind.name),
            ("Thuộc", unit.parent.name if unit.parent else ""),
            ("Ngày thành lập", format_date(unit.opened_on)),
            ("Kết thúc hoạt động", format_date(unit.closed_on)),
            ("Thi đua với tư cách tập thể", "Có" if unit.is_collective else "Không"),
        ],
        "heads": heads,
        "deputies": [one for one in held if one.role == roles.DEPUTY],
        "people": people[:SHOWN],
        "strength": len(people)
        if len(people) <= SHOWN
        else Posting.objects.current().filter(unit=unit).count(),
        "everybody": f"{reverse('organization:person_list')}?don-vi={unit.pk}",
        "names": NAMES_OF.rows(unit=pk),
        "came_from": CAME_FROM.rows(unit=pk),
        "became": BECAME.rows(unit=pk),
        "children": CHILDREN_OF.ask(unit=pk, day=clock.today()),
        "history": history_of(unit)[:30],
        "may_manage": unit.closed_on is None and rules.has_perm(MANAGE, request.user),
        "may_correct": rules.has_perm(MANAGE, request.user),
        "may_delegate": bool(heads) and rules.has_perm("organization.delegate", request.user, unit),
    }
    return render(request, "organization/unit_detail.html", context)


@permitted(MANAGE)
def unit_create(request: HttpRequest) -> HttpResponse:
    initial = {"opened_on": clock.today(), "parent": Unit.objects.filter(parent__isnull=True).first()}
    return form_page(
        request,
        UnitForm(request.POST or None, initial=initial),
        lambda form: actions.open_unit(**form.cleaned_data, by=request.user),
        done="Đã thành lập đơn vị.",
        to=address,
        page={
            "title": "Thành lập đơn vị",
            "submit": "Thành lập đơn vị",
            "back": reverse("organization:unit_list"),
            "back_label": "Đơn vị",
        },
    )


@permitted(MANAGE)
def unit_rename(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _open_unit(pk)
    initial = {"name": unit.name, "short_name": unit.short_name, "on": clock.today()}
    return form_page(
        request,
        UnitNameForm(request.POST or None, initial=initial),
        lambda form: actions.rename_unit(unit, **form.cleaned_data, by=request.user),
        done="Đã đổi tên đơn vị. Hồ sơ các năm trước giữ tên cũ.",
        to=address(unit),
        page=_page(unit, "Đổi tên đơn vị", "Đổi tên", "Hồ sơ đã lập trước ngày đổi tên vẫn mang tên cũ."),
    )


@permitted(MANAGE)
def unit_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Also of a closed unit: what is wrong in an old record stays wrong in every list."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    initial = {name: getattr(unit, name) for name in ("code", "kind", "opened_on", "is_collective")}
    return form_page(
        request,
        UnitCorrectForm(request.POST or None, initial=initial),
        lambda form: actions.correct_unit(unit, **form.cleaned_data, by=request.user),
        done="Đã sửa thông tin đơn vị.",
        to=address(unit),
        page=_page(
            unit,
            "Sửa đơn vị",
            "Lưu",
            "Chỉ để sửa điều ghi nhầm. Đơn vị đổi tên thì dùng “Đổi tên”, đổi nơi trực thuộc thì dùng “Sắp xếp”.",
        ),
    )


@permitted(MANAGE)
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _open_unit(pk)
    return form_page(
        request,
        UnitPlaceForm(unit, request.POST or None, initial={"parent": unit.parent_id, "order": unit.order}),
        lambda form: actions.move_unit(unit, **form.cleaned_data, by=request.user),
        done="Đã sắp xếp đơn vị.",
        to=address(unit),
        page=_page(
            unit, "Sắp xếp đơn vị", "Lưu", "Thứ tự quyết định đơn vị đứng trước, sau trong mọi danh sách."
        ),
    )


@permitted(MANAGE)
def unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _open_unit(pk)
    page = _page(
        unit,
        "Kết thúc hoạt động",
        "Kết thúc hoạt động",
        "Đơn vị không còn người và không còn đơn vị trực thuộc mới kết thúc được. Hồ sơ cũ giữ nguyên.",
    )
    return form_page(
        request,
        BasisForm(request.POST or None, initial={"on": clock.today()}),
        lambda form: actions.close_unit(unit, **form.cleaned_data, by=request.user),
        done="Đơn vị đã kết thúc hoạt động.",
        to=address(unit),
        page={**page, "style": "danger"},
    )


@permitted(MANAGE)
def unit_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Other units are merged into this one; a new unit is opened first."""
    unit = _open_unit(pk)
    return form_page(
        request,
        UnitMergeForm(unit, request.POST or None, initial={"on": clock.today()}),
        lambda form: actions.merge_units(
            list(form.cleaned_data["units"]),
            into=unit,
            on=form.cleaned_data["on"],
            basis=form.cleaned_data["basis"],
            by=request.user,
        ),
        done="Đã sáp nhập. Toàn bộ người của đơn vị được nhập đã chuyển sang.",
        to=address(unit),
        page=_page(
            unit,
            f"Sáp nhập đơn vị khác vào {unit.short_name}",
            "Sáp nhập",
            "Người của các đơn vị được chọn chuyển sang đây, giữ nguyên chức vụ; vai trò ở đơn vị cũ kết thúc.",
        ),
    )


@permitted(MANAGE)
def unit_split(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _open_unit(pk)

    def act(form: UnitSplitForm) -> None:
        data = form.cleaned_data
        actions.split_unit(
            unit,
            into=list(data["into"]),
            placements=form.placements,
            on=data["on"],
            basis=data["basis"],
            closes=data["closes"],
            by=request.user,
        )

    return form_page(
        request,
        UnitSplitForm(unit, request.POST or None, initial={"on": clock.today()}),
        act,
        done="Đã chia, tách đơn vị.",
        to=address(unit),
        page=_page(
            unit,
            f"Chia, tách {unit.short_name}",
            "Chia, tách đơn vị",
            "Chọn đơn vị nhận, rồi chọn nơi đến cho từng người.",
        ),
    )


def _open_unit(pk: int) -> Unit:
    return get_object_or_404(Unit.objects.filter(closed_on__isnull=True), pk=pk)


def _page(unit: Unit, title: str, submit: str, lead: str = "") -> dict[str, Any]:
    return {"title": title, "submit": submit, "lead": lead, "back": address(unit), "back_label": unit.name}
