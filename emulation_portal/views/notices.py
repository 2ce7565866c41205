""" "Ai đã được nhắc": who was told of what in a round, whether the letter arrived, and what was seen of him since."""

from typing import Any

import rules
from django.conf import settings
from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.models import CampaignYear, Stage
from campaigns.queries import missing_people, year_visible_to
from core import clock
from core.listing import Column, Filter, Listing, list_response
from core.models import Entry, Letter, Notice, ReminderPlan
from core.vietnamese import format_moment
from core.views import number_in
from core.workflow import Refused
from emulation_portal.reminding.gathering import STAGES_OF_ROUND
from emulation_portal.reminding.plans import KEEP
from emulation_portal.reminding.pressing import Owing, owing_in, remind, text_for
from emulation_portal.views.letters import COLOURS

PRINTED = 5_000  # rows of one printed list; more are taken as Excel
KINDS = {"plan": "azure", "copy": "orange", "pressed": "blue"}


def _stages() -> list[tuple[str, str]]:
    return list(ReminderPlan.objects.filter(stage__in=STAGES_OF_ROUND).values_list("stage", "name"))


def _since(notice: Any) -> str:
    """What is known of the reader since: his work is in the journal, his sign-in at his account. Reading a letter, or
    looking at pages without signing in anew, leaves no trace."""
    if notice.worked_at:
        return f"Đã làm việc trên hồ sơ lúc {format_moment(notice.worked_at)}"
    login = notice.user.last_login
    return (
        f"Đã đăng nhập lúc {format_moment(login)}" if login and login >= notice.at else "Chưa thấy đăng nhập"
    )


def _delivery(notice: Any) -> str:
    letter = notice.letter
    sent = f" lúc {format_moment(letter.sent_at)}" if letter.sent_at else ""
    return f"{Letter.State(letter.state).label}{sent}"


def worked_at() -> Subquery:
    """The first line that the person wrote in the journal of a dossier after the notice."""
    lines = Entry.objects.filter(actor=OuterRef("user"), at__gte=OuterRef("at"))
    return Subquery(lines.exclude(target_type="organization.user").order_by("at").values("at")[:1])


def _letter_at(notice: Any) -> str:
    return reverse("letter_detail", args=[notice.letter_id])


NOTICES = Listing(
    title="Ai đã được nhắc",
    columns=[
        Column("Người nhận", lambda one: one.letter.recipient_name, link=_letter_at, width=28),
        Column("Việc được nhắc", lambda one: one.what, width=44),
        Column("Thời hạn", lambda one: one.due, order=("due",), width=14, hide_on_phone=True),
        Column("Nhắc lúc", lambda one: one.at, order=("at",), width=18),
        Column(
            "Vì sao",
            lambda one: Notice.Kind(one.kind).label,
            badge=lambda one: KINDS[one.kind],
            width=18,
            hide_on_phone=True,
        ),
        Column("Thư", _delivery, badge=lambda one: COLOURS[one.letter.state], width=26),
        Column("Từ khi nhắc", _since, width=34),
    ],
    order=("-at",),
    reads=(
        "what",
        "due",
        "at",
        "kind",
        "letter__recipient_name",
        "letter__state",
        "letter__sent_at",
        "user__last_login",
    ),
    adds={"worked_at": worked_at()},
    search=("letter__search_key",),
    search_hint="Tìm theo tên người nhận",
    filters=[
        Filter("cong-doan", "Công đoạn", _stages, lambda rows, value: rows.filter(stage=value)),
        Filter(
            "thu",
            "Tình trạng thư",
            lambda: Letter.State.choices,
            lambda rows, value: rows.filter(letter__state=value),
        ),
        Filter("vi-sao", "Vì sao", lambda: Notice.Kind.choices, lambda rows, value: rows.filter(kind=value)),
    ],
    empty="Chưa ai được nhắc việc của đợt này.",
)


def _year(request: HttpRequest, pk: int) -> CampaignYear:
    """For those who read everything; for everybody else the page is not there."""
    year = year_visible_to(request.user, pk)
    if year is None or not request.user.acting.reads_everything:  # type: ignore[union-attr]
        raise Http404
    return year


def _rows(year: CampaignYear) -> QuerySet[Notice]:
    return Notice.objects.filter(round_id=year.pk)


@require_safe
def notice_list(request: HttpRequest, pk: int) -> HttpResponse:
    year = _year(request, pk)
    context: dict[str, Any] = {"year": year, "may_remind": rules.has_perm(KEEP, request.user)}
    if "xuat" not in request.GET and not request.headers.get("HX-Request"):
        _, found = owing_in(year)
        told: dict[str, set[int]] = {}
        for stage, user in _rows(year).order_by().values_list("stage", "user").distinct():
            told.setdefault(stage, set()).add(user)
        context["stages"] = [(one, _told(one, told.get(one.plan.stage, set()))) for one in found]
    return list_response(request, NOTICES, _rows(year), "reminders/notice_list.html", context)


def _told(owing: Owing, told: set[int]) -> int:
    return sum(one.user.pk in told for one in owing.everybody)


@require_safe
def notice_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a paper: what was sent to whom and when it was delivered."""
    year = _year(request, pk)
    rows = (
        NOTICES.narrow(_rows(year), request.GET.dict()).select_related("letter", "user").order_by("at", "pk")
    )
    stage = dict(_stages()).get(request.GET.get("cong-doan", ""), "")
    shown = list(rows[:PRINTED])
    context = {
        "year": year,
        "stage": stage,
        "rows": [(one, _delivery(one)) for one in shown],
        "is_cut": len(shown) == PRINTED,
        "now": clock.now(),
    }
    return render(request, "reminders/notice_paper.html", context)


def year_remind(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """Those who would be written to now, and the letter; the press sends to exactly these."""
    year = _year(request, pk)
    if not rules.has_perm(KEEP, request.user) or stage not in STAGES_OF_ROUND:
        raise Http404
    if request.method == "POST":
        return _press(request, year, stage)
    gathered, found = owing_in(year)
    owing = next((one for one in found if one.plan.stage == stage), None)
    plan = owing.plan if owing else ReminderPlan.objects.filter(stage=stage).first()
    if plan is None:
        raise Http404
    first = owing.to_tell[0] if owing and owing.to_tell else None
    context = {
        "year": year,
        "plan": plan,
        "owing": owing,
        "units": gathered.roster.names,
        "seen": ",".join(str(one.user.pk) for one in owing.to_tell) if owing else "",
        "first": first,
        "text": text_for(first, year, request.user) if first else "",
        "limit": settings.REMINDERS_PER_DAY,
        "unreachable": _without_account(year) if stage == Stage.REGISTRATION else [],
    }
    return render(request, "reminders/year_remind.html", context)


def _without_account(year: CampaignYear) -> list[str]:
    """Whom no letter reaches: colleagues write for them."""
    rows = missing_people(year).filter(person__user__isnull=True).order_by("unit__order", "person__sort_key")
    return [f"{one.person.full_name} ({one.unit.short_name})" for one in rows]


def _press(request: HttpRequest, year: CampaignYear, stage: str) -> HttpResponse:
    numbers = [number_in(part) for part in request.POST.get("nguoi", "").split(",")]
    seen = {number for number in numbers if number is not None}
    try:
        count = remind(year, stage, seen=seen, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, f"Đã gửi thư nhắc {count} người.")
    return redirect("notice_list", year.pk)
