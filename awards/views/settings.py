"""Data behind the lists that the Office keeps: the conditions of a year, the head of its papers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from awards import actions, queries
from awards.forms import ConditionsForm, PaperHeadForm
from awards.models import AwardList
from awards.views.access import only_with, version_of
from campaigns.models import CampaignYear
from core.journal import history_of
from core.workflow import Refused


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def conditions(request: HttpRequest, year_pk: int) -> HttpResponse:
    years = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(years, pk=year_pk)
    form = ConditionsForm(
        request.POST or None,
        campaign_year=campaign_year,
        awards=queries.choosable_awards(campaign_year.campaign),
        present=queries.conditions_by_award(campaign_year),
        token=queries.conditions_token(campaign_year),
    )
    if form.is_valid():
        try:
            changed = actions.set_conditions(
                campaign_year, form.wanted, by=request.user, token=form.cleaned_data["token"]
            )
            messages.success(request, "Đã lưu điều kiện." if changed else "Không có gì thay đổi.")
            return redirect("awards:conditions", campaign_year.pk)
        except Refused as refusal:
            form.refuse(refusal)
    award_list = AwardList.objects.filter(campaign_year=campaign_year).first()
    lines = history_of(campaign_year).filter(verb="set_conditions")[:20]
    context = {"campaign_year": campaign_year, "form": form, "award_list": award_list, "history": lines}
    return render(request, "awards/conditions.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def paper_head(request: HttpRequest) -> HttpResponse:
    head = queries.paper_head()
    form = PaperHeadForm(request.POST or None, instance=head, initial={"version": head.version})
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in PaperHeadForm.Meta.fields}
        try:
            actions.set_paper_head(values, by=request.user, version=version_of(request))
            messages.success(request, "Đã lưu thể thức văn bản.")
            return redirect("awards:paper_head")
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "history": history_of(head)[:20]}
    return render(request, "awards/paper_head.html", context, status=422 if form.errors else 200)
