"""Ranking and publication: provisional for those who prepare it, published for everybody."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import rules
from django.db.models import (
    Case,
    Exists,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.methods import BONUS_BLOCK
from campaigns.models import CampaignYear, CriteriaSet, Criterion, Recipient
from campaigns.queries import scored_in
from core.listing import Column, Filter, Listing, list_response, to
from organization import roles
from organization.models import AskedBy
from organization.queries import unit_choices
from scoring.models import PastResult, Publication, Result, Scorecard
from scoring.queries.ceilings import board_of_places, board_of_publication
from scoring.queries.ranking import (
    Standing,
    bands_of,
    names_of,
    provisional_ranking,
    publications_of_two_years,
    reopened_sheets,
    sheets_of,
)

Getter = Callable[[Any], Any]
TEMPLATE = "scoring/ranking/ranking.html"
UNSCORED_SHOWN = 60
OF_SHEET = ("unit_name", "unit__path", "person__family_name", "person__given_name")
OF_RESULT = ("score", "applicable_max", "index", "band", "band_colour", "rank", "is_tied")


@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """One round and one kind of recipient; tabs lead to the others."""
    years = _rounds(request)
    campaign_year = _chosen_year(years, request.GET.get("nam", ""))
    known = scored_in(campaign_year).recipients if campaign_year else tuple(Recipient.values)
    recipient = request.GET.get("doi-tuong", "")
    recipient = recipient if recipient in known else known[0]
    context: dict[str, Any] = {
        "campaign_year": campaign_year,
        "recipient": recipient,
        "recipients": [(value, label) for value, label in Recipient.choices if value in known],
        "campaigns": _newest_of_each(years),
        "years": [one for one in years if campaign_year and one.campaign_id == campaign_year.campaign_id],
    }
    if campaign_year is None:
        return render(request, TEMPLATE, context)
    publication, before = publications_of_two_years(campaign_year, recipient)
    context["publication"] = publication
    context["may_publish"] = rules.has_perm("scoring.publish_results", request.user, campaign_year)
    bands = bands_of(campaign_year, recipient)
    if publication:
        context["board"] = board_of_publication(publication, bands)
        context["reopened"] = context["may_publish"] and reopened_sheets(publication).exists()
        rows: QuerySet = publication.results.all()
        listing = _listing(_published, _result_link(request.user), campaign_year, recipient, "scorecard__")
        scored = Scorecard.State.PUBLISHED
    elif recipient == Recipient.COLLECTIVE and campaign_year.past_results.exists():
        context["is_past"] = True
        return list_response(
            request, past_listing(campaign_year), campaign_year.past_results.all(), TEMPLATE, context
        )
    elif rules.has_perm("scoring.see_provisional_ranking", request.user):
        context["is_provisional"] = True
        places = provisional_ranking(campaign_year, recipient)
        named = {pk: place.band for pk, place in places.items()}
        context["board"] = board_of_places(campaign_year, recipient, bands, named)
        rows = _provisional_rows(campaign_year, recipient)
        listing = _listing(_provisional(places), _sheet_link, campaign_year, recipient, "")
        scored = Scorecard.State.APPRAISED
    else:
        return render(request, TEMPLATE, context)
    others = [state for state in Scorecard.State if state not in (scored, *_judged(campaign_year, scored))]
    unscored = sheets_of(campaign_year, recipient).filter(state__in=others)
    if publication:  # what is opened again keeps its published result
        unscored = unscored.exclude(Exists(publication.results.filter(scorecard=OuterRef("pk"))))
    context["unscored"] = shown = list(names_of(unscored)[:UNSCORED_SHOWN])
    more = unscored.count() - UNSCORED_SHOWN if len(shown) == UNSCORED_SHOWN else 0
    context |= {"unscored_more": more, "unscored_count": len(shown) + more}
    return list_response(
        request,
        listing,
        _with_last_year(rows, before, "scorecard_id" if publication else "pk"),
        TEMPLATE,
        context,
    )


def _rounds(request: HttpRequest) -> list[CampaignYear]:
    """Everything that has begun, the movement's years first, and planned rounds of which a past table is known."""
    return sorted(BEGUN.rows(request.user), key=lambda one: one.campaign.is_index)


def _begun(user: Any) -> QuerySet[CampaignYear]:
    known = Exists(PastResult.objects.filter(campaign_year=OuterRef("pk")))
    rounds = CampaignYear.objects.visible_to(user).select_related("campaign")
    return rounds.filter(~Q(state=CampaignYear.State.PLANNED) | known)


BEGUN = AskedBy(_begun)


def _newest_of_each(years: list[CampaignYear]) -> list[CampaignYear]:
    """One round of every campaign, the newest, in the order given."""
    newest: dict[int, CampaignYear] = {}
    for one in years:
        newest.setdefault(one.campaign_id, one)
    return list(newest.values())


def _judged(campaign_year: CampaignYear, scored: str) -> list[str]:
    """Of the provisional table also what the council has concluded."""
    return [Scorecard.State.CONCLUDED] if scored == Scorecard.State.APPRAISED else []


def _chosen_year(years: list[CampaignYear], wanted: str) -> CampaignYear | None:
    """The round asked for; otherwise the newest of the movement."""
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
    return rows.annotate(ratio=ratio)


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
) -> Listing:
    order: tuple[str, ...] = ("rank",) if path else ("-ratio",)
    if campaign_year.campaign.is_index:  # units that are scored and not ranked stand at the end
        order = (f"-{path}is_ranked", *order)

    def sheet(row: Any) -> Scorecard:
        return row.scorecard if path else row

    def tied(row: Any) -> str:
        if get("rank")(row) is None:
            return "Không xếp hạng"
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
        Column("Ghi chú", tied, badge=lambda row: "yellow" if get("is_tied")(row) else "secondary", width=12),
        name,
        *([] if collective else [home]),
        Column("Điểm", get("score"), order=by_score, places=2, width=10),
        Column("Tối đa", get("applicable_max"), width=10, hide_on_phone=True),
        Column("Chỉ số", get("index"), order=by_index, places=2, width=10),
        Column("Xếp loại", get("band"), badge=get("band_colour"), width=16),
        *_component_columns(campaign_year, sheet, path),
        Column("Hạng năm trước", lambda row: row.last_rank, width=12, hide_on_phone=True),
    ]
    shown = [*OF_RESULT, *(f"{path}{one}" for one in OF_SHEET)] if path else list(OF_SHEET)
    if campaign_year.campaign.is_index:
        shown.append("components")
    title = f"Xếp hạng {Recipient(recipient).label.lower()} {campaign_year.when}"
    filters = (
        []
        if collective
        else [
            Filter(
                "don-vi",
                "Đơn vị",
                unit_choices,
                lambda rows, value: rows.filter(**{f"{path}unit": value}),
            )
        ]
    )
    return Listing(
        title=title,
        columns=columns,
        order=(*order, f"{path}unit__order", f"{path}post_order", f"{path}sort_key"),
        reads=tuple(shown),
        search=(f"{path}search_key",),
        filters=filters,
        search_hint="Tìm trong bảng xếp hạng",
        empty="Chưa có phiếu nào thẩm định xong.",
    )


def _component_columns(
    campaign_year: CampaignYear, sheet: Callable[[Any], Scorecard], path: str
) -> list[Column]:
    """The component index of every top row of an index: its score in percent of its applicable maximum."""
    if not campaign_year.campaign.is_index:
        return []

    def share(key: str) -> Getter:
        def of(row: Any) -> Decimal | None:
            score, most = (row if path else sheet(row)).components.get(key, (None, "0"))
            return Decimal(score) / Decimal(most) * 100 if score is not None and Decimal(most) > 0 else None

        return of

    tops = Criterion.objects.filter(
        criteria_set__campaign_year=campaign_year, criteria_set__state=CriteriaSet.State.IN_USE, level=1
    ).exclude(method=BONUS_BLOCK)
    return [
        Column(f"CSTP {one.code}", share(str(one.pk)), places=2, width=10, hide_on_phone=True)
        for one in tops.order_by("position")
    ]


def past_listing(campaign_year: CampaignYear) -> Listing:
    """A table that was published before the portal, computed again, with what differs."""
    return Listing(
        title=f"Xếp hạng {campaign_year.when} (kết quả đã công bố, nạp từ tệp)",
        columns=[
            Column("Hạng", lambda row: row.rank, order=("rank",), width=8),
            Column("Đơn vị", lambda row: row.unit_name, width=44),
            Column("Điểm", lambda row: row.score, order=("score",), width=10),
            Column("Tối đa", lambda row: row.applicable_max, width=10, hide_on_phone=True),
            Column("Chỉ số", lambda row: row.index, order=("index",), width=10),
            Column("Xếp loại", lambda row: row.band, width=16),
            Column("Hạng công bố", lambda row: row.published_rank, width=12, hide_on_phone=True),
            Column("Khác với bản công bố", lambda row: " ".join(row.differences), width=60),
        ],
        order=("position",),
        search=(),
        empty="Chưa có kết quả nào.",
    )
