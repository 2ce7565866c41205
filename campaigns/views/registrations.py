"""Registrations: the list, who has not sent, the form with autosave, the dossier, decisions one by one or many."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import registrations as acts
from campaigns.forms import ItemFormSet, RegistrationForm, item_rows
from campaigns.models import CampaignYear, Recipient, Registration, Stage
from campaigns.queries import (
    deadline_of,
    last_day_for,
    last_return,
    missing_people,
    movement_year_choices,
    registration_counts,
    registration_of,
    years_open_to,
)
from campaigns.views.access import at_version, known_verb, year_or_404
from campaigns.workflow import REGISTRATION
from core import clock
from core.fields import LONGEST_NUMBER
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.views import advance, number_in, shown_versions
from core.workflow import Refused, Stale
from organization.models import Unit
from organization.queries import colleagues_without_account, unit_choices

ACTIONS: dict[str, Callable[..., Any]] = {
    "submit": acts.submit,
    "approve": acts.approve,
    "send_back": acts.send_back,
    "reopen": acts.reopen,
}
WHOSE = {"toi": False, "don-vi": True}
BULK_LIMIT = 100
YEARS_COUNTED = 3


REGISTRATIONS = Listing(
    title="Đăng ký thi đua",
    columns=[
        Column(
            "Người, tập thể đăng ký",
            str,
            link=to("campaigns:registration_detail"),
            order=("person__sort_key", "unit__order"),
            width=36,
        ),
        Column(
            "Đối tượng", lambda one: "Cá nhân" if one.person_id else "Tập thể", width=12, hide_on_phone=True
        ),
        Column("Đơn vị", lambda one: one.unit_name, order=("unit__order",), width=32),
        Column("Năm", lambda one: str(one.campaign_year.year), order=("campaign_year__year",), width=8),
        Column(
            "Trạng thái",
            lambda one: REGISTRATION.states[one.state][0],
            order=("state",),
            badge=lambda one: REGISTRATION.states[one.state][1],
            width=14,
        ),
    ],
    order=("unit__order", "unit_id", "-campaign_year__year", "person__sort_key"),
    reads=("person__family_name", "person__given_name", "unit_name", "campaign_year__year", "state"),
    search=("search_key",),
    search_hint="Tìm theo tên người, đơn vị",
    filters=[
        Filter(
            "nam",
            "Phong trào, năm",
            movement_year_choices,
            lambda rows, value: rows.filter(campaign_year=value),
        ),
        Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value)),
        Filter(
            "trang-thai",
            "Trạng thái",
            lambda: Registration.State.choices,
            lambda rows, value: rows.filter(state=value),
        ),
        Filter(
            "doi-tuong",
            "Đối tượng",
            lambda: Recipient.choices,
            lambda rows, value: rows.filter(person__isnull=value == Recipient.COLLECTIVE),
        ),
    ],
    empty="Chưa có đăng ký nào. Đăng ký của bạn được lập ở trang của năm đang mở.",
)
MISSING = Listing(
    title="Chưa gửi đăng ký",
    columns=[
        Column(
            "Họ và tên",
            lambda one: one.person.full_name,
            order=("person__sort_key",),
            link=lambda one: reverse("organization:person_detail", args=[one.person_id]),
            width=32,
        ),
        Column("Chức vụ", lambda one: one.post.name, order=("post__order",), width=24),
        Column("Đơn vị", lambda one: one.unit.name, order=("unit__order",), width=36),
        Column("Tình trạng", lambda one: "Đang viết dở" if one.has_draft else "Chưa viết", width=16),
        Column("Tài khoản", lambda one: "" if one.person.user_id else "Chưa có, đơn vị viết hộ", width=24),
    ],
    order=("unit__order", "post__order", "person__sort_key"),
    reads=("person__family_name", "person__given_name", "person__user", "post__name", "unit__name"),
    search=("person__search_key",),
    filters=[Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value))],
    empty="Mọi người đều đã gửi đăng ký.",
)


@require_safe
def registration_list(request: HttpRequest) -> HttpResponse:
    rows = Registration.objects.visible_to(request.user)
    open_years = list(
        years_open_to(request.user).only("year", "period").prefetch_related(None).select_related(None)
    )
    waiting = Registration.objects.waiting_for(request.user).filter(campaign_year__in=open_years)
    context = {"open_years": open_years, "waiting": waiting.count()}
    return list_response(request, REGISTRATIONS, rows, "campaigns/registration_list.html", context)


@require_safe
def registration_figures(request: HttpRequest) -> HttpResponse:
    """How many stand in which state in the open years; the list fetches it as a panel when it is asked for."""
    if not request.user.acting.reads_everything:  # type: ignore[union-attr]
        raise Http404
    counts = [(year, registration_counts(year)) for year in years_open_to(request.user)[:YEARS_COUNTED]]
    panel, page = "campaigns/_counts.html", "campaigns/registration_figures.html"
    return render(request, panel if request.headers.get("HX-Request") else page, {"counts": counts})


@require_safe
def registration_missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has not sent: all for those who read everything, the own branches for heads."""
    year = year_or_404(request, pk)
    acting = request.user.acting  # type: ignore[union-attr]
    if not (acting.reads_everything or acting.headed_paths):
        raise Http404
    paths = None if acting.reads_everything else acting.headed_paths
    return list_response(
        request,
        MISSING,
        missing_people(year, paths),
        "campaigns/registration_missing.html",
        {
            "year": year,
            "due_on": deadline_of(year, Stage.REGISTRATION),
            "may_remind": year.is_running and rules.has_perm("organization.keep_reminders", request.user),
        },
    )


def registration_edit(request: HttpRequest, pk: int, whose: str) -> HttpResponse:
    """One's own registration or that of the own unit, also before it is begun; autosave posts here, too."""
    year = year_or_404(request, pk)
    subject = _subject(request, whose)
    try:
        registration = _mine(request, year, subject)
    except Refused as refusal:
        messages.error(request, refusal.reasons[0])
        return redirect("campaigns:year_detail", pk)
    if request.method != "POST" and registration.pk and registration.state not in acts.EDITABLE:
        return redirect("campaigns:registration_detail", registration.pk)
    if request.method != "POST" and not year.is_running:
        messages.info(request, f"{year} không mở nên không đăng ký được.")
        return redirect("campaigns:year_detail", pk)
    form = RegistrationForm(request.POST or None, initial=_initial(registration))
    items = ItemFormSet(
        request.POST or None, prefix="items", initial=item_rows(registration), campaign_year=year
    )
    if request.method == "POST":
        return _save(request, year, whose, form, items)
    return _edit_page(request, year, whose, registration, form, items)


def _subject(request: HttpRequest, whose: str) -> dict[str, Any]:
    """Whose registration the address names: "toi", "don-vi", or "nguoi-7", a colleague without an account."""
    if whose in WHOSE:
        return {"for_unit": WHOSE[whose]}
    _, _, number = whose.partition("nguoi-")
    unit = Unit.objects.filter(pk=request.user.acting.unit_id).first()  # type: ignore[union-attr, misc]
    if not unit or not _is_number(number):
        raise Http404
    return {"person": get_object_or_404(colleagues_without_account(unit), pk=number)}


def _mine(request: HttpRequest, year: CampaignYear, subject: dict[str, Any]) -> Registration:
    """The row there is, or one that is not yet written."""
    made = acts.blank(year, by=request.user, **subject)
    return registration_of(year, person_id=made.person_id, unit_id=made.unit_id) or made


def _initial(registration: Registration) -> dict[str, Any]:
    return {"version": registration.version, "pledge": registration.pledge}


def _save(request: HttpRequest, year: CampaignYear, whose: str, form: Any, items: Any) -> HttpResponse:
    auto, stale = "X-Autosave" in request.headers, False
    subject = _subject(request, whose)
    registration = _mine(request, year, subject)
    valid = all([form.is_valid(), items.is_valid()])
    if valid:
        try:
            registration = acts.start(year, by=request.user, **subject)
            version = form.cleaned_data["version"] or 0
            acts.save(
                registration,
                by=request.user,
                pledge=form.cleaned_data["pledge"],
                items=items.items(),
                version=version,
            )
            if "send" in request.POST and not auto:
                acts.submit(registration, by=request.user)
        except Stale as refusal:
            if auto:
                return JsonResponse({"message": refusal.reasons[0]}, status=409)
            form.refuse(refusal)
            stale = True
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _saved(request, registration, whose, auto)
    if auto:
        return JsonResponse({"errors": _errors(form, items)}, status=422)
    registration = _mine(request, year, subject)
    if form.errors:
        at_version(form, registration.version)
    return _edit_page(request, year, whose, registration, form, items, status=422, stale=stale)


def _saved(request: HttpRequest, registration: Registration, whose: str, auto: bool) -> HttpResponse:
    if auto:
        saved_at = timezone.localtime(clock.now()).strftime("%H:%M")
        return JsonResponse({"saved_at": saved_at, "version": registration.version})
    if registration.state in acts.EDITABLE:
        messages.success(request, "Đã lưu bản nháp. Đăng ký chỉ được xét sau khi bạn bấm “Gửi đăng ký”.")
        return redirect("campaigns:registration_edit", registration.campaign_year_id, whose)
    messages.success(request, "Đã gửi đăng ký. Người duyệt đã được báo bằng thư.")
    return redirect("campaigns:registration_detail", registration.pk)


def _errors(form: Any, items: Any) -> dict[str, list[str]]:
    found = {name: list(errors) for name, errors in form.errors.items()}
    for row in items.forms:
        found |= {row.add_prefix(name): list(errors) for name, errors in row.errors.items()}
    return found


def _edit_page(
    request: HttpRequest,
    year: CampaignYear,
    whose: str,
    registration: Registration,
    form: Any,
    items: Any,
    status: int = 200,
    stale: bool = False,
) -> HttpResponse:
    due = last_day_for(year, Stage.REGISTRATION, registration.unit_id)
    context = {
        "year": year,
        "registration": registration,
        "form": form,
        "items": items,
        "due_on": due,
        "is_late": due is not None and clock.today() > due,
        "returned": last_return(registration),
        "stored": registration if stale else None,
        "here": reverse("campaigns:registration_edit", args=[year.pk, whose]),
        "workflow": REGISTRATION,
        "pressed": "Gửi đăng ký" if "send" in request.POST else "Lưu",
    }
    return render(request, "campaigns/registration_form.html", context, status=status)


@require_safe
def registration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    registration = _registration(request, pk)
    may_prepare = rules.has_perm("campaigns.prepare_registration", request.user, registration)
    holder = registration.approving_unit.name if registration.approving_unit else "Văn phòng Sở"
    context = {
        "registration": registration,
        "year": registration.campaign_year,
        "items": registration.items.select_related("criterion"),
        "entries": history_of(registration),
        "holder": f"Thủ trưởng {holder}" if registration.approving_unit else holder,
        "is_waiting": registration.state == Registration.State.WAITING,
        "edit_at": reverse(
            "campaigns:registration_edit",
            args=[registration.campaign_year_id, _whose(registration, request.user)],
        )
        if may_prepare and registration.state in acts.EDITABLE
        else "",
        "workflow": REGISTRATION,
        "moves_at": reverse("campaigns:registration_detail", args=[pk]) + "viec/",
    }
    return render(request, "campaigns/registration_detail.html", context)


@require_POST
def registration_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    registration = _registration(request, pk)
    known_verb(REGISTRATION, verb)
    back = reverse("campaigns:registration_detail", args=[pk])
    version = request.POST.get("version", "")
    data = {"version": int(version)} if _is_number(version) and verb != "submit" else {}
    return advance(request, registration, verb, workflow=REGISTRATION, actions=ACTIONS, back=back, **data)


def registration_bulk(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this user, or what of it is of one year, to read and to approve with ticks."""
    rows = _waiting(request)
    year = number_in(request.GET.get("nam", ""))
    rows = rows.filter(campaign_year=year) if year else rows
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("chon") if _is_number(value)]
        done, refused = acts.approve_many(
            rows.filter(pk__in=chosen), by=request.user, versions=shown_versions(request)
        )
        if done:
            messages.success(request, f"Đã duyệt {len(done)} đăng ký.")
        for sentence in refused:
            messages.error(request, sentence)
        if not chosen:
            messages.info(request, "Chưa chọn đăng ký nào.")
        return redirect(request.get_full_path())
    context = {"rows": rows.prefetch_related("items__criterion")[:BULK_LIMIT], "total": rows.count()}
    return render(request, "campaigns/registration_bulk.html", context)


def _whose(registration: Registration, user: Any) -> str:
    """How the address of the form names whose registration it is."""
    if registration.person_id is None:
        return "don-vi"
    return "toi" if registration.person_id == user.acting.person_id else f"nguoi-{registration.person_id}"


def _is_number(text: str) -> bool:
    """A number that a version or a row of ours can have."""
    return text.isdecimal() and len(text) <= LONGEST_NUMBER


def _waiting(request: HttpRequest) -> QuerySet[Registration]:
    rows = Registration.objects.waiting_for(request.user).filter(
        campaign_year__in=CampaignYear.objects.open()
    )
    return rows.select_related("person", "campaign_year__campaign", "unit", "approving_unit").order_by(
        "-campaign_year__year", "unit__order", "person__sort_key", "pk"
    )


def _registration(request: HttpRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related(
            "person", "campaign_year__campaign", "unit", "approving_unit", "prepared_by__person"
        ),
        pk=pk,
    )
