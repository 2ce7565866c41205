"""A campaign year: its calendar, classes, criteria and the state of its registrations."""

from typing import Any

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import campaigns as acts
from campaigns.forms import BandFormSet, DeadlinesForm, band_rows
from campaigns.models import CampaignYear, CriteriaSet, Recipient
from campaigns.queries import (
    calendar_of,
    next_round_of,
    registration_counts,
    registration_counts_by_unit,
    registration_of,
    scored_in,
    year_readiness,
)
from campaigns.views.access import at_version, known_verb, office_only, year_or_404
from campaigns.workflow import CAMPAIGN_YEAR, CRITERIA_SET, MANAGE, REGISTRATION
from core import clock
from core.journal import history_of
from core.views import advance, number_in
from core.workflow import Refused, Stale
from organization.models import Unit
from organization.queries import colleagues_without_account

ACTIONS = {"open": acts.open_year, "close": acts.close_year, "reopen": acts.reopen_year}


@require_safe
def year_detail(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    may_manage = rules.has_perm(MANAGE, request.user, year.campaign)
    sets = CriteriaSet.objects.visible_to(request.user).filter(campaign_year=year)
    missing = (
        [point for point in year_readiness(year) if not point.ok and point.is_required] if may_manage else []
    )
    scored = scored_in(year)
    context = {
        "year": year,
        "calendar": calendar_of(year, clock.today()),
        "bands": [
            (label, year.bands.filter(recipient=value))
            for value, label in Recipient.choices
            if value in scored.recipients
        ],
        "sets": sets.order_by("-version_number"),
        "has_draft": any(one.state == CriteriaSet.State.DRAFT for one in sets),
        "missing": missing if year.state == CampaignYear.State.PLANNED else [],
        "may_manage": may_manage,
        "may_change": may_manage and year.state != CampaignYear.State.CLOSED,
        "entries": history_of(year)[:30] if may_manage else [],
        "workflow": CAMPAIGN_YEAR,
        "set_workflow": CRITERIA_SET,
        "registration_workflow": REGISTRATION,
        "moves_at": reverse("campaigns:year_detail", args=[pk]) + "viec/",
        "participants": year.participants.select_related("unit") if year.campaign.is_index else [],
        "extensions": year.extensions.select_related("unit"),
        "scored": scored,
        "next_round": next_round_of(year) if may_manage else "",
        "may_extend": may_manage and year.state == CampaignYear.State.OPEN,
        **({} if year.campaign.is_index else _registrations(request, year)),
    }
    return render(request, "campaigns/year_detail.html", context)


def _registrations(request: HttpRequest, year: CampaignYear) -> dict[str, Any]:
    """All units for those who read everything, the own unit for its head, and one's own registration."""
    acting = request.user.acting  # type: ignore[union-attr]
    own = registration_of(year, person_id=acting.person_id, unit_id=None) if acting.person_id else None
    found: dict[str, Any] = {"own": own, "has_person": acting.person_id is not None}
    unit = Unit.objects.scored().filter(pk=acting.unit_id).first()
    if unit:
        found["unit"], found["of_unit"] = unit, registration_of(year, person_id=None, unit_id=unit.pk)
        found["colleagues"] = [
            (one.full_name, reverse("campaigns:registration_edit", args=[year.pk, f"nguoi-{one.pk}"]))
            for one in colleagues_without_account(unit)
        ]
    if acting.reads_everything:
        found |= {"counts": registration_counts(year), "by_unit": registration_counts_by_unit(year)}
    elif unit and acting.heads(unit.pk):
        found["counts"] = registration_counts(year, unit)
    return found


@require_POST
def year_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    year = year_or_404(request, pk)
    known_verb(CAMPAIGN_YEAR, verb)
    back = reverse("campaigns:year_detail", args=[pk])
    return advance(request, year, verb, workflow=CAMPAIGN_YEAR, actions=ACTIONS, back=back)


@office_only
def deadlines_change(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    form = DeadlinesForm(request.POST or None, campaign_year=year)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            acts.set_deadlines(
                year,
                by=request.user,
                deadlines=form.deadlines(),
                notes=form.notes(),
                quarters=form.quarters(),
                version=version,
            )
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                at_version(form, year.version)
        else:
            messages.success(request, f"Đã lưu lịch năm {year.year}.")
            return redirect("campaigns:year_detail", pk)
    context = {"form": form, "year": year}
    return render(request, "campaigns/deadlines_form.html", context, status=422 if form.errors else 200)


@office_only
def bands_change(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    sheets = [
        (
            recipient,
            BandFormSet(request.POST or None, prefix=recipient.value, initial=band_rows(year, recipient)),
        )
        for recipient in Recipient
    ]
    reasons: list[str] = []
    version = number_in(request.POST.get("version", "")) or 0 if request.method == "POST" else year.version
    if request.method == "POST" and all(sheet.is_valid() for _, sheet in sheets):
        try:
            bands = {one.value: sheet.bands() for one, sheet in sheets}
            conditions = {one.value: sheet.conditions() for one, sheet in sheets}
            acts.set_bands(year, by=request.user, bands=bands, conditions=conditions, version=version)
        except Refused as refusal:
            reasons = refusal.reasons
            version = year.version if isinstance(refusal, Stale) else version
        else:
            messages.success(request, f"Đã lưu mức xếp loại năm {year.year}.")
            return redirect("campaigns:year_detail", pk)
    failed = request.method == "POST"
    context = {"sheets": sheets, "year": year, "version": version, "reasons": reasons, "failed": failed}
    return render(request, "campaigns/bands_form.html", context, status=422 if failed else 200)
