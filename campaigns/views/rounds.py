"""A round of an index: the units it scores, its strictness, extensions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions import following
from campaigns.actions import rounds as acts
from campaigns.forms.rounds import ExtensionForm, RoundForm
from campaigns.models import CampaignYear
from campaigns.views.access import at_version, office_only, year_or_404
from core.views import number_in, perform
from core.workflow import Refused, Stale
from organization.models import Unit

LONGEST_NOTE = 200


@office_only
def participants_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Every open unit with two boxes: scored, ranked. What was typed stays when it could not be saved."""
    year = year_or_404(request, pk)
    version, reasons = year.version, []
    if request.method == "POST":
        version = number_in(request.POST.get("version", "")) or 0
        try:
            acts.set_participants(year, by=request.user, units=_chosen(request), version=version)
        except Refused as refusal:
            reasons = refusal.reasons
            version = year.version if isinstance(refusal, Stale) else version
        else:
            messages.success(request, "Đã lưu danh sách đơn vị được đánh giá.")
            return redirect("campaigns:year_detail", pk)
    context = {"year": year, "rows": _rows(request, year), "version": version, "reasons": reasons}
    return render(request, "campaigns/participants_form.html", context, status=422 if reasons else 200)


def _chosen(request: HttpRequest) -> dict[int, tuple[bool, str]]:
    posted = request.POST
    taken = [pk for text in posted.getlist("don-vi") if (pk := number_in(text)) is not None]
    ranked = set(posted.getlist("xep-hang"))
    return {pk: (str(pk) in ranked, posted.get(f"ghi-chu-{pk}", "")[:LONGEST_NOTE]) for pk in taken}


def _rows(request: HttpRequest, year: CampaignYear) -> list[tuple[Unit, bool, bool, str]]:
    if request.method == "POST":
        known = _chosen(request)
    else:
        known = {one.unit_id: (one.is_ranked, one.note) for one in year.participants.all()}
    return [
        (unit, unit.pk in known, *known.get(unit.pk, (True, "")))
        for unit in Unit.objects.open().select_related("kind").order_by("path", "order")
    ]


@office_only
def round_change(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    form = RoundForm(request.POST or None, instance=year)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        options = {name: data[name] for name in RoundForm.Meta.fields}
        fresh = year_or_404(request, pk)  # the form has already put what was typed on its own copy
        try:
            acts.set_options(fresh, by=request.user, version=data["version"] or 0, **options)
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                at_version(form, fresh.version)
        else:
            messages.success(request, "Đã lưu cách tổ chức đợt đánh giá.")
            return redirect("campaigns:year_detail", pk)
    context = {"form": form, "year": year, "title": "Cách tổ chức đợt đánh giá", "submit": "Lưu"}
    return render(request, "campaigns/round_form.html", context, status=422 if form.errors else 200)


@require_POST
@office_only
def round_next(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: the round that follows, ready to be looked through and opened."""
    year = year_or_404(request, pk)
    try:
        made = following.plan_next(year, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return redirect("campaigns:year_detail", pk)
    messages.success(
        request,
        f"Đã lập đợt {made.when} theo {year.when}: lịch dời sang kỳ mới; đơn vị, mức xếp loại, cách tổ chức và bộ tiêu "
        "chí giữ nguyên. Hãy xem lại rồi mở đợt; chưa mở thì bỏ được.",
    )
    return redirect("campaigns:year_detail", made.pk)


@require_POST
@office_only
def round_remove(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    campaign_pk, done = year.campaign_id, f"Đã bỏ đợt {year.when}."
    if perform(request, lambda: following.remove_round(year, by=request.user), done=done):
        return redirect(f"{reverse('campaigns:campaign_detail', args=[campaign_pk])}?muc=lich")
    return redirect("campaigns:year_detail", pk)


@office_only
def extension_create(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    form = ExtensionForm(request.POST or None, campaign_year=year)
    if request.method == "POST" and form.is_valid():
        try:
            acts.extend(year, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã gia hạn và gửi thư cho đơn vị.")
            return redirect("campaigns:year_detail", pk)
    context = {"form": form, "year": year, "title": "Gia hạn cho một đơn vị", "submit": "Gia hạn"}
    return render(request, "campaigns/round_form.html", context, status=422 if form.errors else 200)


@require_POST
@office_only
def extension_end(request: HttpRequest, pk: int, extension_pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    extension = get_object_or_404(year.extensions.select_related("unit", "campaign_year"), pk=extension_pk)
    perform(request, lambda: acts.end_extension(extension, by=request.user), done="Đã bỏ gia hạn.")
    return redirect("campaigns:year_detail", pk)
