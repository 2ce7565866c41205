""" "Ai đã được nhắc": who was told of what in a round or a review, whether it arrived, and when he opened it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rules
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from awards.models import Review
from campaigns.models import CampaignYear, Stage
from campaigns.queries import missing_people, year_visible_to
from core import clock
from core.listing import Column, Filter, Listing, list_response
from core.models import Letter, Notice, ReminderPlan
from core.vietnamese import format_moment
from core.views import number_in
from core.workflow import Refused
from emulation_portal.reminding.acts import letters_about
from emulation_portal.reminding.gathering import STAGES_OF_REVIEW, STAGES_OF_ROUND
from emulation_portal.reminding.opening import opened
from emulation_portal.reminding.planning import Digest
from emulation_portal.reminding.plans import KEEP
from emulation_portal.reminding.pressing import Owing, Whole, named, owing_in, remind, stages_of, text_for
from emulation_portal.views.letters import ACTS, COLOURS, DELIVERY, delivery_in_words

PRINTED = 5_000  # rows of one printed list; more are taken as Excel
OPENED = [("roi", "Đã mở"), ("chua", "Chưa mở")]
KINDS = {"plan": "azure", "copy": "orange", "pressed": "blue"}


@dataclass(frozen=True)
class Place:
    """What the pages are about, and where they stand."""

    whole: Whole
    title: str
    prefix: str  # of the names of its addresses
    page: str

    @property
    def list_at(self) -> str:
        return reverse(f"{self.prefix}notice_list", args=[self.whole.pk])

    @property
    def paper_at(self) -> str:
        return reverse(f"{self.prefix}notice_paper", args=[self.whole.pk])

    @property
    def letters_at(self) -> str:
        return reverse(f"{self.prefix}notice_letters", args=[self.whole.pk])

    def press_at(self, stage: str) -> str:
        return reverse(f"{self.prefix or 'year_'}remind", args=[self.whole.pk, stage])

    @property
    def notices(self) -> QuerySet[Notice]:
        return Notice.objects.filter(**named(self.whole))


def _stages(whole: frozenset[str]) -> list[tuple[str, str]]:
    return list(ReminderPlan.objects.filter(stage__in=whole).values_list("stage", "name"))


def _opened(notice: Any) -> str:
    """When the recipient came to the page by the link of the letter; by which other way he may have come, nobody
    knows. A copy has no link, and no letter of before had one that says so."""
    if notice.opened_at:
        return f"Đã mở lúc {format_moment(notice.opened_at)}"
    return "Chưa mở" if notice.href else "Thư không có đường dẫn"


def _delivery(notice: Any) -> str:
    return delivery_in_words(notice.letter)


def _by_opening(rows: QuerySet, value: str) -> QuerySet:
    return rows.exclude(href="").filter(opened_at__isnull=value != "roi")


def _letter_at(notice: Any) -> str:
    return reverse("letter_detail", args=[notice.letter_id])


def _listing(stages: frozenset[str]) -> Listing:
    return Listing(
        title="Ai đã được nhắc",
        columns=[
            Column("Người nhận", lambda one: one.letter.recipient_name, link=_letter_at, width=28),
            Column("Việc được nhắc", lambda one: one.what, width=44),
            Column("Thời hạn", lambda one: one.due, order=("due",), width=14, hide_on_phone=True),
            Column("Nhắc lúc", lambda one: one.at, order=("at",), width=18),
            Column("Thư", _delivery, badge=lambda one: COLOURS[one.letter.state], width=44),
            Column("Mở từ thư", _opened, order=("opened_at",), width=28),
            Column(
                "Nhắc theo",
                lambda one: Notice.Kind(one.kind).label,
                badge=lambda one: KINDS[one.kind],
                width=18,
                hide_on_phone=True,
            ),
            Column("Vì sao chưa tới", lambda one: one.letter.last_error, width=40, hide_on_phone=True),
        ],
        order=("-at",),
        reads=(
            "what",
            "due",
            "at",
            "kind",
            "letter__recipient_name",
            "href",
            "opened_at",
            *(f"letter__{name}" for name in DELIVERY),
        ),
        search=("letter__search_key",),
        search_hint="Tìm theo tên người nhận",
        filters=[
            Filter(
                "cong-doan",
                "Công đoạn",
                lambda: _stages(stages),
                lambda rows, value: rows.filter(stage=value),
            ),
            Filter(
                "thu",
                "Tình trạng thư",
                lambda: Letter.State.choices,
                lambda rows, value: rows.filter(letter__state=value),
            ),
            Filter("mo", "Mở từ thư", lambda: OPENED, _by_opening),
            Filter(
                "vi-sao", "Vì sao", lambda: Notice.Kind.choices, lambda rows, value: rows.filter(kind=value)
            ),
        ],
        empty="Chưa ai được nhắc việc của đợt này.",
    )


NOTICES = {CampaignYear: _listing(STAGES_OF_ROUND), Review: _listing(STAGES_OF_REVIEW)}


def _of_round(request: HttpRequest, pk: int) -> Place:
    """For those who read everything; for everybody else the page is not there."""
    year = year_visible_to(request.user, pk)
    if year is None or not request.user.acting.reads_everything:  # type: ignore[union-attr]
        raise Http404
    return Place(
        year, f"{year.campaign.name}, {year.when}", "", reverse("campaigns:year_detail", args=[year.pk])
    )


def _of_review(request: HttpRequest, pk: int) -> Place:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    if not request.user.acting.reads_everything:  # type: ignore[union-attr]
        raise Http404
    return Place(review, review.title, "review_", reverse("awards:review_detail", args=[review.pk]))


# --- who was told ---------------------------------------------------------------------------------------
@require_safe
def notice_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, _of_round(request, pk))


@require_safe
def review_notice_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, _of_review(request, pk))


def _list(request: HttpRequest, place: Place) -> HttpResponse:
    context: dict[str, Any] = {"place": place, "may_remind": rules.has_perm(KEEP, request.user)}
    if "xuat" not in request.GET and not request.headers.get("HX-Request"):
        gathered, found = owing_in(place.whole)
        context["units"] = gathered.roster.names
        told: dict[str, set[int]] = {}
        for stage, user in place.notices.order_by().values_list("stage", "user").distinct():
            told.setdefault(stage, set()).add(user)
        context["stages"] = [_row(place, one, told.get(one.plan.stage, set())) for one in found]
    listing = NOTICES[type(place.whole)]
    return list_response(request, listing, place.notices, "reminders/notice_list.html", context)


def _row(place: Place, owing: Owing, told: set[int]) -> tuple[Owing, list[tuple[Digest, bool]], int, str]:
    """Everybody who still owes it, whether he was ever told, how many were, and where they are reminded."""
    people = [(one, one.user.pk in told) for one in owing.everybody]
    return owing, people, sum(was_told for _, was_told in people), place.press_at(owing.plan.stage)


@require_safe
def notice_letters(request: HttpRequest, pk: int) -> HttpResponse:
    return _letters(request, _of_round(request, pk))


@require_safe
def review_notice_letters(request: HttpRequest, pk: int) -> HttpResponse:
    return _letters(request, _of_review(request, pk))


def _letters(request: HttpRequest, place: Place) -> HttpResponse:
    """What was written because somebody did something: launched it, gave more time, returned or decided."""
    letters = letters_about(place.whole).visible_to(request.user)  # type: ignore[attr-defined]
    return list_response(request, ACTS, letters, "reminders/letter_list.html", {"place": place})


@require_safe
def notice_paper(request: HttpRequest, pk: int) -> HttpResponse:
    return _paper(request, _of_round(request, pk))


@require_safe
def review_notice_paper(request: HttpRequest, pk: int) -> HttpResponse:
    return _paper(request, _of_review(request, pk))


def _paper(request: HttpRequest, place: Place) -> HttpResponse:
    """The list as a paper: what was sent to whom, when it was delivered or came back, when it was opened."""
    listing = NOTICES[type(place.whole)]
    rows = listing.narrow(place.notices, request.GET.dict()).select_related("letter")
    stage = dict(_stages(stages_of(place.whole))).get(request.GET.get("cong-doan", ""), "")
    shown = list(rows.order_by("at", "pk")[:PRINTED])
    context = {
        "place": place,
        "stage": stage,
        "rows": [(one, _delivery(one), _opened(one)) for one in shown],
        "is_cut": len(shown) == PRINTED,
        "now": clock.now(),
    }
    return render(request, "reminders/notice_paper.html", context)


@require_safe
def notice_open(request: HttpRequest, code: UUID) -> HttpResponse:
    """The link in a letter. Anybody who has signed in is led on, and meets there what he may see; only of the recipient
    is it noted that he came."""
    notice = get_object_or_404(Notice, code=code)
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if request.method == "GET" and not ahead:  # a browser that loads ahead has shown nothing to anybody
        opened(notice, by=request.user)
    return redirect(notice.href)


# --- the press ------------------------------------------------------------------------------------------
def year_remind(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    return _remind(request, _of_round(request, pk), stage)


def review_remind(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    return _remind(request, _of_review(request, pk), stage)


def _remind(request: HttpRequest, place: Place, stage: str) -> HttpResponse:
    """Those who would be written to now, and the letter; the press sends to exactly these."""
    whole = place.whole
    if not rules.has_perm(KEEP, request.user) or stage not in stages_of(whole):
        raise Http404
    if request.method == "POST":
        return _press(request, place, stage)
    gathered, found = owing_in(whole)
    owing = next((one for one in found if one.plan.stage == stage), None)
    plan = owing.plan if owing else ReminderPlan.objects.filter(stage=stage).first()
    if plan is None:
        raise Http404
    first = owing.to_tell[0] if owing and owing.to_tell else None
    context = {
        "place": place,
        "plan": plan,
        "owing": owing,
        "units": gathered.roster.names,
        "seen": ",".join(str(one.user.pk) for one in owing.to_tell) if owing else "",
        "first": first,
        "text": text_for(first, whole, request.user) if first else "",
        "limit": settings.REMINDERS_PER_DAY,
        "unreachable": _without_account(whole) if stage == Stage.REGISTRATION else [],
    }
    return render(request, "reminders/remind.html", context)


def _without_account(year: Any) -> list[str]:
    """Whom no letter reaches: colleagues write for them."""
    rows = missing_people(year).filter(person__user__isnull=True).order_by("unit__order", "person__sort_key")
    return [f"{one.person.full_name} ({one.unit.short_name})" for one in rows]


def _press(request: HttpRequest, place: Place, stage: str) -> HttpResponse:
    numbers = [number_in(part) for part in request.POST.get("nguoi", "").split(",")]
    seen = {number for number in numbers if number is not None}
    try:
        count = remind(place.whole, stage, seen=seen, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, f"Đã gửi thư nhắc {count} người.")
    return redirect(place.list_at)
