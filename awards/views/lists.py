"""The award lists: overview, one list with who meets what, its moves and its files."""

from typing import Any

import rules
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from awards import actions, calculations, queries
from awards.documents import award_list_word
from awards.eligibility import results
from awards.exports import award_list_sheet
from awards.models import AwardEntry, AwardList
from awards.queries.holds import held_on
from awards.views.access import find_list, only_with, version_of
from awards.workflow import AWARD_LIST
from campaigns.models import CampaignYear, Recipient
from core import clock
from core.documents import WORD
from core.journal import history_of
from core.listing import Column, Listing, list_response
from core.models import Entry
from core.sheets import XLSX, file_name, file_response
from core.views import advance, perform

ROWS_PER_PAGE = 25
MISSING_PER_PAGE = 10
HISTORY = 30

LISTING = Listing(
    title="Danh sách khen thưởng",
    columns=[
        Column(
            "Phong trào",
            lambda row: row.campaign_year.campaign.short_name,
            order=("campaign_year__campaign__short_name",),
            link=lambda row: reverse("awards:award_list_detail", args=[row.pk]),
            width=40,
        ),
        Column("Năm", lambda row: str(row.campaign_year.year), order=("campaign_year__year",), width=8),
        Column(
            "Trạng thái",
            lambda row: AWARD_LIST.states[row.state][0],
            order=("state",),
            badge=lambda row: AWARD_LIST.states[row.state][1],
            width=14,
        ),
        Column("Tập thể", lambda row: row.collectives, order=("collectives",), width=10),
        Column("Cá nhân", lambda row: row.individuals, order=("individuals",), width=10),
        Column("Điều chỉnh", lambda row: row.by_hand, order=("by_hand",), width=12, hide_on_phone=True),
        Column("Tính lúc", lambda row: row.computed_at, order=("computed_at",), width=18, hide_on_phone=True),
    ],
    order=("-campaign_year__year",),
    empty="Chưa có danh sách nào bạn được xem. Danh sách hiện ở đây sau khi Văn phòng Sở chốt.",
)


@only_with("awards.view_lists")
def award_list_list(request: HttpRequest) -> HttpResponse:
    listed = ~Q(entries__source=AwardEntry.Source.REMOVED) & Q(entries__isnull=False)
    rows = (
        AwardList.objects.visible_to(request.user)
        .select_related("campaign_year__campaign")
        .annotate(
            collectives=Count("entries", filter=listed & Q(entries__scorecard__person__isnull=True)),
            individuals=Count("entries", filter=listed & Q(entries__scorecard__person__isnull=False)),
            by_hand=Count(
                "entries", filter=~Q(entries__source=AwardEntry.Source.COMPUTED) & Q(entries__isnull=False)
            ),
        )
    )
    prepares = rules.has_perm("awards.prepare_list", request.user)
    context = {
        "prepares": prepares,
        "waiting": queries.years_without_list() if prepares else [],
        "reopened": _reopened(request.user),
    }
    return list_response(request, LISTING, rows, "awards/award_list_list.html", context)


def _reopened(user: Any) -> list[tuple[AwardList, Entry]]:
    """Why a list that the council and the Director had read is open again; the list itself is not theirs until then."""
    lists = {
        one.pk: one for one in AwardList.objects.hidden_from(user).select_related("campaign_year__campaign")
    }
    told = Entry.objects.filter(target_type="awards.awardlist", target_id__in=lists, verb="reopen")
    last = {one.target_id: one for one in told.order_by("at", "pk")} if lists else {}
    return [(lists[pk], entry) for pk, entry in last.items()]


@require_POST
@only_with("awards.prepare_list")
def award_list_compute(request: HttpRequest, year_pk: int) -> HttpResponse:
    years = CampaignYear.objects.visible_to(request.user).select_related("campaign")
    campaign_year = get_object_or_404(years, pk=year_pk)
    perform(
        request,
        lambda: actions.compute(campaign_year, by=request.user),
        done="Đã tính danh sách theo kết quả và điều kiện hiện nay.",
    )
    award_list = AwardList.objects.filter(campaign_year=campaign_year).first()
    return (
        redirect("awards:award_list_detail", award_list.pk)
        if award_list
        else redirect("awards:award_list_list")
    )


@require_GET
def award_list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    award_list = find_list(request, pk)
    prepares = rules.has_perm("awards.prepare_list", request.user)
    chosen = request.GET.get("doi-tuong", "")
    conditions = queries.pinned_conditions(award_list)
    whole, per_award = queries.totals(award_list)
    context: dict[str, Any] = {
        "award_list": award_list,
        "workflow": AWARD_LIST,
        "adjusts": prepares and award_list.state == AwardList.State.DRAFT,
        "prepares": prepares,
        "chosen": chosen,
        "outdated": queries.outdated(award_list),
        "unconfirmed": [row for row in award_list.basis.get("conditions", []) if not row["is_confirmed"]],
        "conditions": award_list.basis.get("conditions", []),
        "whole": whole,
        "per_award": per_award,
        "shares": queries.shares(award_list),
        "taken_off": queries.taken_off(award_list),
        "history": history_of(award_list)[:HISTORY],
        **_listed(award_list, chosen, request.GET.get("trang"), whole, conditions),
        **_missing(award_list, chosen, request.GET.get("trang-thieu"), conditions),
    }
    return render(request, "awards/award_list_detail.html", context)


def _listed(
    award_list: AwardList,
    chosen: str,
    page_number: str | None,
    whole: calculations.Count,
    conditions: list[results.Condition],
) -> dict[str, Any]:
    """One page of the printed rows, each with the entry behind it and why it is there."""
    bounds = {
        Recipient.COLLECTIVE.value: (0, whole.collectives),
        Recipient.INDIVIDUAL.value: (whole.collectives, whole.collectives + whole.individuals),
    }
    first, end = bounds.get(chosen, (0, whole.collectives + whole.individuals))
    page = Paginator(range(first, end), ROWS_PER_PAGE).get_page(page_number)
    start = first + (page.number - 1) * ROWS_PER_PAGE
    entries = list(queries.on_list(award_list)[start : min(start + ROWS_PER_PAGE, end)])
    rows = queries.rows_of(entries, start, whole.collectives)
    held = held_on(entries, clock.today())
    by_pk = {entry.pk: (entry, _why(entry, conditions), held.get(entry.pk)) for entry in entries}
    sections = [
        {"section": section, "rows": [(row, *by_pk[row.entry_id]) for row in section.rows]}
        for section in calculations.sections(rows)
    ]
    return {"page": page, "sections": sections}


def _why(entry: AwardEntry, conditions: list[results.Condition]) -> str:
    """Why the row is on the list: the parts of the condition that are met."""
    if entry.score is None or entry.rank is None or entry.source != AwardEntry.Source.COMPUTED:
        return ""
    row = results.Row(entry.scorecard.recipient, entry.score, entry.band, entry.rank)
    best = results.proposed(results.assess(row, conditions))
    return best.reason if best else ""


def _missing(
    award_list: AwardList, chosen: str, page_number: str | None, conditions: list[results.Condition]
) -> dict[str, Any]:
    """One page of those who meet no condition, nearest first, with what each of them misses."""
    rows = queries.missing(award_list)
    if chosen in Recipient.values:
        rows = rows.filter(publication__recipient=chosen)
    page = Paginator(rows, MISSING_PER_PAGE).get_page(page_number)
    return {
        "missing_page": page,
        "missing": [(row, results.assess(queries.row_of(row), conditions)) for row in page],
    }


@require_POST
def award_list_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    award_list = find_list(request, pk)
    if verb not in AWARD_LIST.moves:
        raise Http404
    back = reverse("awards:award_list_detail", args=[award_list.pk])
    verbs = {"settle": actions.settle, "reopen": actions.reopen}
    return advance(
        request, award_list, verb, workflow=AWARD_LIST, actions=verbs, back=back, version=version_of(request)
    )


@require_GET
def export_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "xlsx")


@require_GET
def export_docx(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "docx")


def _file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The list as a file; who took it out is journaled."""
    award_list = find_list(request, pk)
    content = award_list_sheet(award_list) if kind == "xlsx" else award_list_word(award_list)
    actions.note_export(award_list, kind, rows=queries.on_list(award_list).count(), by=request.user)
    name = file_name(f"Danh sách khen thưởng {award_list.campaign_year.year}", kind)
    return file_response(content, name, XLSX if kind == "xlsx" else WORD)
