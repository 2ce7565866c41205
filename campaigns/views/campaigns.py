"""Campaigns: the list, the campaign in its sections, drafting, launching, papers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import rules
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import campaigns as acts
from campaigns.calculations import time_in_words
from campaigns.forms import CampaignForm, PaperForm, YearForm
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Paper, Period
from campaigns.queries import next_deadline, readiness, registration_counts
from campaigns.views.access import about, at_version, campaign_or_404, known_verb, office_only
from campaigns.workflow import CAMPAIGN, CAMPAIGN_YEAR, CRITERIA_SET, MANAGE
from core import clock
from core.attachments import download
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.models import Entry
from core.views import advance, perform
from core.workflow import Refused, Stale

CODE = Column("Mã", lambda one: one.code, order=("code",), width=20)
CAMPAIGNS = Listing(
    title="Phong trào thi đua",
    columns=[
        Column(
            "Phong trào",
            lambda one: one.name,
            link=lambda one: reverse("campaigns:campaign_detail", args=[one.pk]),
            width=60,
        ),
        Column("Hình thức", lambda one: one.get_kind_display(), width=20, hide_on_phone=True),
        Column("Bắt đầu", lambda one: one.starts_on, order=("starts_on",), width=14),
        Column("Kết thúc", lambda one: one.ends_on, order=("ends_on",), width=14),
        Column(
            "Trạng thái",
            lambda one: one.get_state_display(),
            badge=lambda one: CAMPAIGN.states[one.state][1],
            width=16,
        ),
    ],
    order=("-starts_on",),
    filters=[
        Filter(
            "trang-thai",
            "Trạng thái",
            lambda: Campaign.State.choices,
            lambda rows, value: rows.filter(state=value),
        ),
    ],
    empty="Chưa có phong trào nào được phát động.",
)
INDEXES = replace(
    CAMPAIGNS,
    title="Bộ chỉ số",
    columns=[replace(CAMPAIGNS.columns[0], label="Bộ chỉ số"), CODE, *CAMPAIGNS.columns[2:]],
    empty="Chưa có bộ chỉ số nào được ban hành.",
)
ACTIONS = {"launch": acts.launch, "conclude": acts.conclude, "reopen": acts.reopen}
TOLD_TO_ALL = {*CAMPAIGN.moves, *CAMPAIGN_YEAR.moves, "add_paper", "add_year", "set_deadlines", "set_bands"}
SECTIONS = [
    ("", "Thông tin"),
    ("van-ban", "Văn bản"),
    ("lich", "Lịch từng năm"),
    ("tieu-chi", "Bộ tiêu chí"),
    ("dang-ky", "Đăng ký"),
    ("nhat-ky", "Diễn biến"),
]
# What people look for at an index are its rounds; its texts come last.
INDEX_SECTIONS = [
    ("lich", "Các đợt"),
    ("tieu-chi", "Tiêu chí"),
    ("van-ban", "Văn bản"),
    ("thong-tin", "Thông tin"),
    ("nhat-ky", "Diễn biến"),
]


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    context = {"may_create": rules.has_perm(MANAGE, request.user)}
    rows = Campaign.objects.visible_to(request.user).exclude(kind=Campaign.Kind.INDEX)
    return list_response(request, CAMPAIGNS, rows, "campaigns/campaign_list.html", context)


@require_safe
def index_list(request: HttpRequest) -> HttpResponse:
    context = {"may_create": rules.has_perm(MANAGE, request.user)}
    rows = Campaign.objects.visible_to(request.user).filter(kind=Campaign.Kind.INDEX)
    return list_response(request, INDEXES, rows, "campaigns/index_list.html", context)


@require_safe
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, pk, "plan")
    section = request.GET.get("muc", "lich" if campaign.is_index else "")
    gather = GATHER.get(section)
    if gather is None:
        raise Http404
    context = {
        "campaign": campaign,
        "sections": INDEX_SECTIONS if campaign.is_index else SECTIONS,
        "section": section,
        "may_manage": rules.has_perm(MANAGE, request.user, campaign),
        "workflow": CAMPAIGN,
        "moves_at": reverse("campaigns:campaign_detail", args=[pk]) + "viec/",
    }
    return render(request, "campaigns/campaign_detail.html", {**context, **gather(request, campaign)})


def _facts(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    names = ("objective", "scope", "subject", "content", "measures", "commendation")
    texts = [(campaign._meta.get_field(name).verbose_name, getattr(campaign, name)) for name in names]  # type: ignore[union-attr]
    if campaign.is_index:
        texts = [(label, text) for label, text in texts if text]
    return {"texts": texts, "basis": campaign.legal_basis.order_by("signed_on", "number")}


def _papers(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    return {"papers": campaign.papers.select_related("file")}


def _years(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    today = clock.today()
    years = (
        campaign.years.select_related("campaign").prefetch_related("deadlines").order_by("-year", "period")
    )
    rows = [{"year": one, "next": next_deadline(one, today)} for one in years]
    return {"years": rows, "year_workflow": CAMPAIGN_YEAR, "year_form": YearForm()}


def _criteria(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    sets = CriteriaSet.objects.visible_to(request.user).filter(campaign_year__campaign=campaign)
    return {"sets": sets.select_related("campaign_year"), "set_workflow": CRITERIA_SET}


def _registrations(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    if not request.user.acting.reads_everything:  # type: ignore[union-attr]
        return {"years": campaign.years.order_by("-year"), "counts": []}
    return {"counts": [(year, registration_counts(year)) for year in campaign.years.order_by("-year")]}


def _history(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The lines of the campaign and of its years, newest first; what the Office prepares is for its readers."""
    years = Entry.objects.filter(
        target_type=CampaignYear._meta.label_lower,
        target_id__in=list(campaign.years.values_list("pk", flat=True)),
    )
    entries = history_of(campaign) | years
    if not request.user.acting.reads_everything:  # type: ignore[union-attr]
        entries = entries.filter(verb__in=TOLD_TO_ALL)
    return {"entries": entries[:200]}


GATHER: dict[str, Callable[[HttpRequest, Campaign], dict[str, Any]]] = {
    "": _facts,
    "thong-tin": _facts,
    "van-ban": _papers,
    "lich": _years,
    "tieu-chi": _criteria,
    "dang-ky": _registrations,
    "nhat-ky": _history,
}


@office_only
def campaign_create(request: HttpRequest) -> HttpResponse:
    wanted = Campaign(kind=Campaign.Kind.INDEX) if request.GET.get("kind") == Campaign.Kind.INDEX else None
    if wanted:
        about(request, wanted)
    form = CampaignForm(request.POST or None, instance=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = acts.create(by=request.user, **form.facts())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            words = "bộ chỉ số" if campaign.is_index else "phong trào"
            messages.success(request, f"Đã lập {words}. Hãy xem danh sách cần chuẩn bị trước khi phát động.")
            return redirect("campaigns:campaign_readiness", campaign.pk)
    context = {"form": form, "is_index": wanted is not None}
    return render(request, "campaigns/campaign_form.html", context, status=422 if form.errors else 200)


@office_only
def campaign_change(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, pk)
    form = CampaignForm(request.POST or None, instance=Campaign.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            acts.change(campaign, by=request.user, version=form.cleaned_data["version"] or 0, **form.facts())
        except Stale as refusal:
            form.refuse(refusal)
            at_version(form, campaign.version)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã lưu thông tin.")
            return redirect("campaigns:campaign_detail", pk)
    context = {"form": form, "campaign": campaign, "is_index": campaign.is_index}
    return render(request, "campaigns/campaign_form.html", context, status=422 if form.errors else 200)


@office_only
@require_safe
def campaign_readiness(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing before the launch; the button stands below the list."""
    campaign = campaign_or_404(request, pk)
    points = readiness(campaign)
    context = {
        "campaign": campaign,
        "points": points,
        "is_ready": all(point.ok for point in points if point.is_required),
        "workflow": CAMPAIGN,
        "moves_at": reverse("campaigns:campaign_detail", args=[pk]) + "viec/",
    }
    return render(request, "campaigns/campaign_readiness.html", context)


@require_POST
def campaign_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    campaign = campaign_or_404(request, pk)
    known_verb(CAMPAIGN, verb)
    back = reverse("campaigns:campaign_detail", args=[pk])
    return advance(request, campaign, verb, workflow=CAMPAIGN, actions=ACTIONS, back=back)


@office_only
def paper_create(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    back = reverse("campaigns:campaign_detail", args=[pk]) + "?muc=van-ban"
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_paper(campaign, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã thêm văn bản.")
            return redirect(back)
    context = {"form": form, "campaign": campaign, "back": back}
    return render(request, "campaigns/paper_form.html", context, status=422 if form.errors else 200)


@require_safe
def paper_download(request: HttpRequest, pk: int) -> FileResponse:
    seen = Campaign.objects.visible_to(request.user)
    paper = get_object_or_404(
        Paper.objects.filter(campaign__in=seen).select_related("file"), pk=pk, file__isnull=False
    )
    return download(paper.file)  # type: ignore[arg-type]


@office_only
@require_POST
def year_create(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, pk)
    form = YearForm(request.POST)
    if form.is_valid():
        year, period = form.cleaned_data["year"], form.cleaned_data["period"] or Period.YEAR
        perform(
            request,
            lambda: acts.add_year(campaign, by=request.user, year=year, period=period),
            done=f"Đã thêm {time_in_words(year, period)}.",
        )
    else:
        messages.error(request, "Nhập năm từ 2000 đến 2100.")
    return redirect(reverse("campaigns:campaign_detail", args=[pk]) + "?muc=lich")
