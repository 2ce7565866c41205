"""Ranking and publication: provisional for those who prepare it, published for everybody."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import rules
from django.contrib import messages
from django.db.models import (
    Case,
    FloatField,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.models import CampaignYear, Recipient
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.workflow import AlreadyDone, Refused
from organization import roles
from organization.queries import open_unit_choices
from scoring.actions import publication as actions
from scoring.forms.sheets import PublicationForm, WithdrawalForm
from scoring.models import Publication, Result, Scorecard
from scoring.queries.ranking import (
    Standing,
    names_of,
    provisional_ranking,
    publication_in_force,
    publications_of_two_years,
    ready_state,
    reopened_sheets,
    results_of,
    results_visible_to,
    sheets_of,
)

Getter = Callable[[Any], Any]
UNSCORED_SHOWN = 60
UNREADY_SHOWN = 500  # by name; an office with more of them does not read them one by one


@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """One year and one kind of recipient; tabs lead to the others."""
    years = list(
        CampaignYear.objects.visible_to(request.user).select_related("campaign").exclude(state="planned")
    )
    campaign_year = _chosen_year(years, request.GET.get("nam", ""))
    recipient = request.GET.get("doi-tuong", "")
    recipient = recipient if recipient in Recipient.values else Recipient.COLLECTIVE
    context: dict[str, Any] = {
        "years": years,
        "campaign_year": campaign_year,
        "recipient": recipient,
        "recipients": Recipient.choices,
    }
    if campaign_year is None:
        return render(request, "scoring/ranking/ranking.html", context)
    publication, before = publications_of_two_years(campaign_year, recipient)
    context["publication"] = publication
    context["may_publish"] = rules.has_perm("scoring.publish_results", request.user, campaign_year)
    if publication:
        context["reopened"] = context["may_publish"] and reopened_sheets(publication).exists()
        rows: QuerySet = results_of(publication)
        listing = _listing(
            _published, _result_link(request.user), campaign_year, recipient, "scorecard__", ("rank",)
        )
        scored = Scorecard.State.PUBLISHED
    elif rules.has_perm("scoring.see_provisional_ranking", request.user):
        context["is_provisional"] = True
        places = provisional_ranking(campaign_year, recipient)
        rows = _provisional_rows(campaign_year, recipient)
        listing = _listing(_provisional(places), _sheet_link, campaign_year, recipient, "", ("-ratio",))
        scored = Scorecard.State.APPRAISED
    else:
        return render(request, "scoring/ranking/ranking.html", context)
    others = [state for state in Scorecard.State if state != scored]
    unscored = sheets_of(campaign_year, recipient).filter(state__in=others)
    context["unscored"] = shown = list(names_of(unscored)[:UNSCORED_SHOWN])
    more = unscored.count() - UNSCORED_SHOWN if len(shown) == UNSCORED_SHOWN else 0
    context |= {"unscored_more": more, "unscored_count": len(shown) + more}
    return list_response(
        request,
        listing,
        _with_last_year(rows, before, "scorecard_id" if publication else "pk"),
        "scoring/ranking/ranking.html",
        context,
    )


def _chosen_year(years: list[CampaignYear], wanted: str) -> CampaignYear | None:
    """The year asked for; otherwise the newest."""
    return next((year for year in years if str(year.pk) == wanted), years[0] if years else None)


def _provisional_rows(campaign_year: CampaignYear, recipient: str) -> QuerySet[Scorecard]:
    """Appraised sheets in the order of their index; of those whose maximum is 0 nothing can be said, they come last.

    SQLite keeps whole points as integers, and 85 / 100 would be 0: hence the casts.
    """
    ratio = Case(
        When(
            applicable_max__gt=0,
            then=Cast("result_total", FloatField()) / Cast("applicable_max", FloatField()),
        ),
        default=Value(0.0),
        output_field=FloatField(),
    )
    rows = sheets_of(campaign_year, recipient).filter(
        state__in=[Scorecard.State.APPRAISED, Scorecard.State.CONCLUDED], result_total__isnull=False
    )
    return rows.annotate(ratio=ratio).select_related("person", "unit")


def _with_last_year(rows: QuerySet, before: Publication | None, sheet: str) -> QuerySet:
    """Add ``last_rank``: the rank of the same unit or person in the publication before this one.

    Whose it is stands in the inner question alone, so that counting the rows joins nothing.
    """
    if before is None:
        return rows.annotate(last_rank=Value(None, output_field=IntegerField()))
    who = "unit" if before.recipient == Recipient.COLLECTIVE else "person"
    same = {f"scorecard__{who}__scorecards": OuterRef(sheet)}
    ranks = Result.objects.filter(publication=before, **same).order_by().values("rank")
    return rows.annotate(last_rank=Subquery(ranks[:1]))


def _published(name: str) -> Getter:
    return lambda result: getattr(result, name)


def _provisional(places: dict[int, Standing]) -> Callable[[str], Getter]:
    return lambda name: lambda sheet: getattr(places[sheet.pk], name) if sheet.pk in places else None


_sheet_link = to("scoring:scorecard_detail")
_result_address = to("scoring:result_detail")


def _result_link(user: Any) -> Callable[[Result], str]:
    """The lines behind a result are linked for those who may read them."""
    acting = user.acting
    reads = acting.reads_everything or acting.roles & {roles.APPRAISER, roles.COUNCIL}

    def link(result: Result) -> str:
        sheet = result.scorecard
        own = sheet.person_id == acting.person_id if sheet.person_id else sheet.unit_id in acting.units
        heads = any(sheet.unit.path.startswith(path) for path in acting.headed_paths)
        return _result_address(result) if reads or own or heads else ""

    return link


def _listing(
    get: Callable[[str], Getter],
    link: Any,
    campaign_year: CampaignYear,
    recipient: str,
    path: str,
    order: tuple[str, ...],
) -> Listing:
    def sheet(row: Any) -> Scorecard:
        return row.scorecard if path else row

    def tied(row: Any) -> str:
        return "Đồng hạng" if get("is_tied")(row) else ""

    collective = recipient == Recipient.COLLECTIVE
    name = Column(
        "Đơn vị" if collective else "Cá nhân",
        lambda row: str(sheet(row)),
        link=link,
        width=36,
        order=(f"{path}unit__order",) if collective else (f"{path}sort_key",),
    )
    home = Column(
        "Đơn vị công tác",
        lambda row: sheet(row).unit_name,
        order=(f"{path}unit__order",),
        width=34,
        hide_on_phone=True,
    )
    by_score = ("score",) if path else ("result_total",)
    by_index = ("index",) if path else ("ratio",)
    columns = [
        Column("Hạng", get("rank"), order=order, width=8),
        Column("Ghi chú", tied, badge=lambda row: "yellow", width=12),
        name,
        *([] if collective else [home]),
        Column("Điểm", get("score"), order=by_score, places=2, width=10),
        Column("Tối đa", get("applicable_max"), width=10, hide_on_phone=True),
        Column("Chỉ số", get("index"), order=by_index, places=2, width=10),
        Column("Xếp loại", get("band"), badge=get("band_colour"), width=16),
        Column("Hạng năm trước", lambda row: row.last_rank, width=12, hide_on_phone=True),
    ]
    title = f"Xếp hạng {Recipient(recipient).label.lower()} năm {campaign_year.year}"
    filters = (
        []
        if collective
        else [
            Filter(
                "don-vi",
                "Đơn vị",
                open_unit_choices,
                lambda rows, value: rows.filter(**{f"{path}unit": value}),
            )
        ]
    )
    return Listing(
        title=title,
        columns=columns,
        order=(*order, f"{path}unit__order", f"{path}post_order", f"{path}sort_key"),
        search=(f"{path}search_key",),
        filters=filters,
        search_hint="Tìm trong bảng xếp hạng",
        empty="Chưa có phiếu nào thẩm định xong.",
    )


@require_GET
def result_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One result with the lines it was computed from, as they were on the day of publication."""
    result = get_object_or_404(results_visible_to(request.user), pk=pk)
    context = {"result": result, "publication": result.publication, "lines": _frozen_lines(result)}
    return render(request, "scoring/ranking/result_detail.html", context)


def _frozen_lines(result: Result) -> list[dict[str, Any]]:
    numbers = ("max", "self", "approved", "appraised")
    return [
        {**line, **{name: Decimal(line[name]) if line[name] is not None else None for name in numbers}}
        for line in result.frozen.get("lines", [])
    ]


# --- publication -------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int, recipient: str) -> HttpResponse:
    """What would be published, what is in the way, and the typed confirmation."""
    campaign_year = _year_to_publish(request, pk, recipient)
    unready = names_of(sheets_of(campaign_year, recipient).exclude(state=ready_state(campaign_year)))
    listed = list(unready.values_list("pk", flat=True))
    form = PublicationForm(request.POST or None, unready=listed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish(
                campaign_year,
                recipient,
                by=request.user,
                not_scored=form.seen_sheets if form.cleaned_data.get("without_unready") else [],
                seen=form.seen_sheets,
                confirmation=form.cleaned_data["confirmation"],
                comment=form.cleaned_data["comment"],
            )
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã công bố kết quả và gửi thư cho những người liên quan.")
        if not form.errors:
            return redirect(_ranking_of(campaign_year, recipient))
    if form.errors:
        form.about_present_list()
    places = provisional_ranking(campaign_year, recipient)
    context = {
        "campaign_year": campaign_year,
        "recipient": Recipient(recipient),
        "form": form,
        "unready": unready.filter(pk__in=listed[:UNREADY_SHOWN]),
        "unready_count": len(listed),
        "unready_more": max(0, len(listed) - UNREADY_SHOWN),
        "ready": len(places),
        "tied": sum(place.is_tied for place in places.values()),
        "in_force": publication_in_force(campaign_year, recipient),
        "back": _ranking_of(campaign_year, recipient),
    }
    return render(request, "scoring/ranking/publish.html", context, status=422 if form.errors else 200)


def _year_to_publish(request: HttpRequest, pk: int, recipient: str) -> CampaignYear:
    campaign_year = get_object_or_404(
        CampaignYear.objects.visible_to(request.user).select_related("campaign"), pk=pk
    )
    if recipient not in Recipient.values or not rules.has_perm(
        "scoring.publish_results", request.user, campaign_year
    ):
        raise Http404
    return campaign_year


@require_GET
def publication_list(request: HttpRequest) -> HttpResponse:
    """Every publication there ever was, the withdrawn ones with their reason."""
    user: Any = request.user
    if not user.acting.person_id:
        raise Http404
    rows = Publication.objects.select_related(
        "campaign_year__campaign", "published_by__person", "withdrawn_by__person"
    ).order_by("-published_at")[:200]
    return render(
        request,
        "scoring/ranking/publication_list.html",
        {
            "publications": rows,
            "may_publish": rules.has_perm("scoring.publish_results", request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def publication_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Mở lại: with a reason that everybody concerned will read."""
    publication = get_object_or_404(Publication.objects.select_related("campaign_year__campaign"), pk=pk)
    if not rules.has_perm("scoring.publish_results", request.user, publication.campaign_year):
        raise Http404
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_publication(publication, by=request.user, reason=form.cleaned_data["reason"])
        except AlreadyDone as refusal:
            messages.info(request, refusal.reasons[0])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã mở lại kết quả; các phiếu trở về trạng thái “Đã thẩm định”.")
        if not form.errors:
            return redirect("scoring:publication_list")
    context = {
        "publication": publication,
        "form": form,
        "entries": history_of(publication),
        "back": reverse("scoring:publication_list"),
    }
    return render(
        request, "scoring/ranking/publication_withdraw.html", context, status=422 if form.errors else 200
    )


def _ranking_of(campaign_year: CampaignYear, recipient: str) -> str:
    return f"{reverse('scoring:ranking')}?nam={campaign_year.pk}&doi-tuong={recipient}"
