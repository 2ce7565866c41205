"""Pages about roles: appointing, ending, and the head's page "Ủy quyền"."""

from typing import Any

import rules
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import clock
from organization import actions, roles
from organization.forms import AppointmentForm, DelegationForm, EndForm
from organization.models import Appointment, Person, Posting, Unit
from organization.views.pages import form_page, permitted
from organization.views.people import address


@permitted("organization.appoint")
def appointment_create(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.filter(left_on__isnull=True), pk=pk)
    return form_page(
        request,
        AppointmentForm(request.POST or None, initial={"started_on": clock.today()}),
        lambda form: actions.appoint(person, **form.cleaned_data, by=request.user),
        done="Đã giao vai trò.",
        to=address(person),
        page={
            "title": f"Giao vai trò: {person.full_name}",
            "submit": "Giao vai trò",
            "back": address(person),
            "back_label": person.full_name,
        },
    )


def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """For the Office, and for the head who gave the delegation."""
    one = get_object_or_404(_running().select_related("person", "unit", "delegated_by"), pk=pk)
    is_giver = one.delegated_by_id is not None and one.delegated_by_id == _me(request)
    if not is_giver and not rules.has_perm("organization.appoint", request.user):
        raise Http404
    back = reverse("organization:delegation_create") if is_giver else address(one.person)
    return form_page(
        request,
        EndForm(request.POST or None, initial={"on": clock.today()}),
        lambda form: actions.end_appointment(one, **form.cleaned_data, by=request.user),
        done="Đã kết thúc vai trò.",
        to=back,
        page={
            "title": f"Kết thúc vai trò: {one.person.full_name}",
            "lead": f"{one}{' (ủy quyền)' if one.delegated_by_id else ''}",
            "submit": "Kết thúc vai trò",
            "style": "danger",
            "back": back,
            "back_label": "Ủy quyền" if is_giver else one.person.full_name,
        },
    )


def delegation_create(request: HttpRequest) -> HttpResponse:
    """A head's own page: who decides in his place, until when; the Office keeps it for every unit."""
    units = _delegable(request)
    if not units.exists():
        raise Http404
    form = DelegationForm(units, _candidates(units), request.POST or None, initial=_proposal(request, units))
    return form_page(
        request,
        form,
        lambda form: actions.delegate(**form.cleaned_data, by=request.user),
        done="Đã ghi ủy quyền.",
        to=reverse("organization:delegation_create"),
        page={"delegations": _given(units), "today": clock.today()},
        template="organization/delegation_create.html",
    )


def _delegable(request: HttpRequest) -> QuerySet[Unit]:
    """The units of which the user is the appointed head; for the Office every unit that has one."""
    own = Appointment.objects.today().filter(role=roles.HEAD, delegated_by__isnull=True, unit__isnull=False)
    if not rules.has_perm("organization.appoint", request.user):
        own = own.filter(person_id=_me(request))
    return Unit.objects.open().filter(pk__in=own.values("unit_id"))


def _candidates(units: QuerySet[Unit]) -> QuerySet[Person]:
    posted = Posting.objects.current().filter(unit__in=units).values("person_id")
    deputies = Appointment.objects.today().filter(unit__in=units, role=roles.DEPUTY).values("person_id")
    heads = Appointment.objects.today().filter(unit__in=units, role=roles.HEAD).values("person_id")
    return Person.objects.filter(Q(pk__in=posted) | Q(pk__in=deputies)).exclude(pk__in=heads)


def _proposal(request: HttpRequest, units: QuerySet[Unit]) -> dict[str, object]:
    asked = request.GET.get("don-vi", "")
    unit = units.filter(pk=asked).first() if asked.isdecimal() else None
    return {"unit": unit or units.first(), "started_on": clock.today()}


def _given(units: QuerySet[Unit]) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(unit__in=units, delegated_by__isnull=False)
    return rows.select_related("person", "unit", "delegated_by").order_by("-started_on")[:30]


def _me(request: HttpRequest) -> int | None:
    user: Any = request.user
    return user.acting.person_id


def _running() -> QuerySet[Appointment]:
    return Appointment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=clock.today()))
