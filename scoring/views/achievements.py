"""Pages on which achievements are found, written, checked and read."""

import secrets
from dataclasses import replace
from typing import Any

import rules
from django.contrib import messages
from django.db.models import BooleanField, Case, Count, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from campaigns.models import CampaignYear, CriteriaSet, Criterion, Stage
from campaigns.queries import begun_movement_year_choices, last_day_for
from core import clock
from core.listing import Column, Filter, Listing, list_response, to
from core.views import perform
from core.workflow import Refused, Stale
from organization.models import Unit
from organization.queries import unit_choices
from scoring.actions import achievements as actions
from scoring.actions import evidence as evidence_actions
from scoring.forms.achievements import Editor, StartForm
from scoring.models import Achievement, CoAuthor
from scoring.queries.achievements import colleagues_of, own_share, problems_of, proofs_of
from scoring.queries.duplicates import near_duplicates
from scoring.views.decisions import detail_page, found
from scoring.workflow.achievements import ACHIEVEMENT

State = Achievement.State
PAGES_KEPT = 20


def _state(name: str, label: str) -> Filter:
    choices = [(code, words) for code, (words, _) in ACHIEVEMENT.states.items()]
    return Filter(name, label, lambda: choices, lambda rows, value: rows.filter(state=value))


def _criteria(year: str) -> list[tuple[str, str]]:
    if year not in dict(begun_movement_year_choices()):
        return []
    leaves = Criterion.objects.filter(is_leaf=True, criteria_set__state=CriteriaSet.State.IN_USE)
    rows = leaves.filter(criteria_set__campaign_year=int(year)).order_by("position")
    return [(str(pk), f"{code}. {name}") for pk, code, name in rows.values_list("pk", "code", "name")]


def _whose(row: Achievement) -> str:
    return row.person.full_name if row.person else f"Tập thể {row.unit.short_name}"


def _criterion(row: Achievement) -> str:
    return row.criterion.code if row.criterion else ""


LISTING = Listing(
    title="Thành tích",
    columns=[
        Column(
            "Thành tích", str, order=("title_key",), width=50,
            link=to("scoring:achievement_detail"),
        ),
        Column("Của ai", _whose, order=("person__sort_key", "unit__order"), width=26),
        Column("Đơn vị", lambda row: row.unit.short_name, order=("unit__order",), width=18, hide_on_phone=True),
        Column("Tiêu chí", _criterion, order=("criterion__position",), width=10),
        Column("Ngày", lambda row: row.happened_on, order=("happened_on",), width=12),
        Column("Số lượng", lambda row: row.quantity, order=("quantity",), width=10, hide_on_phone=True),
        Column(
            "Trạng thái", lambda row: ACHIEVEMENT.states[row.state][0], order=("state",), width=16,
            badge=lambda row: ACHIEVEMENT.states[row.state][1],
        ),
    ],
    order=("-happened_on",),
    reads=(
        "title", "happened_on", "quantity", "state", "unit__short_name", "criterion__code",
        "person__family_name", "person__given_name",
    ),
    search=("search_key",),
    search_hint="Tìm tên, người, đơn vị (không cần dấu)",
    filters=[
        Filter("nam", "Năm", begun_movement_year_choices, lambda rows, value: rows.filter(campaign_year=value)),
        Filter(
            "tieu-chi", "Tiêu chí", _criteria, lambda rows, value: rows.filter(criterion=value), within="nam"
        ),
        _state("trang-thai", "Trạng thái"),
        Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value)),
    ],
    empty="Chưa có thành tích nào ở đây.",
)  # fmt: skip
TO_DO = When(state__in=[State.DRAFT, State.RETURNED], then=False)
MINE = replace(
    LISTING,
    order=("is_handed_in", "-happened_on"),
    adds={"is_handed_in": Case(TO_DO, default=True, output_field=BooleanField())},
)
WAITING = replace(
    LISTING,
    order=("submitted_at",),
    title="Thành tích chờ xác nhận",
    columns=[*LISTING.columns[:-1], Column("Tài liệu", lambda row: row.documents, width=10)],
    adds={"documents": Count("evidence_links")},
    reads=(*LISTING.reads, "version"),  # a tick carries the version that was shown
    filters=[one for one in LISTING.filters if one.name != "trang-thai"],
    empty="Không có thành tích nào chờ bạn xác nhận.",
    selectable=True,
)
NEWEST_FIRST = "Ngày hoàn thành mới nhất đứng đầu."
ORDERS = {  # what each list is ordered by, as its page says it
    "cua-toi": "Bản nháp và bản bị trả lại đứng đầu, rồi đến ngày hoàn thành mới nhất.",
    "cho-toi": "Bản nộp trước đứng trước.",
}
VIEWS = {"": "Tất cả", "cua-toi": "Của tôi", "cua-don-vi": "Của đơn vị", "cho-toi": "Chờ tôi xác nhận"}


def achievement_list(request: HttpRequest, view: str = "") -> HttpResponse:
    if view not in VIEWS:
        raise Http404
    waiting = view == "cho-toi"
    rows = _narrowed(Achievement.objects.visible_to(request.user), view, request.user)
    kind = MINE if view == "cua-toi" else LISTING
    listing = WAITING if waiting else replace(kind, title=f"Thành tích – {VIEWS[view].lower()}")
    tabs = [
        {"label": label, "here": code == view,
         "href": reverse("scoring:achievement_list_of", args=[code]) if code else reverse("scoring:achievement_list")}
        for code, label in VIEWS.items()
        if code != "cho-toi" or request.user.acting.headed or waiting  # type: ignore[union-attr]
    ]  # fmt: skip
    return list_response(
        request, listing, rows, "scoring/achievements/list.html",
        {"tabs": tabs, "waiting": waiting, "ordered": ORDERS.get(view, NEWEST_FIRST)},
    )  # fmt: skip


def _narrowed(rows: QuerySet[Achievement], view: str, user: Any) -> QuerySet[Achievement]:
    acting = user.acting
    if view == "cua-toi":
        shared = CoAuthor.objects.filter(person=acting.person_id).values("achievement")
        return rows.filter(Q(person=acting.person_id) | Q(prepared_by=user) | Q(pk__in=shared))
    if view == "cua-don-vi":
        return rows.filter(unit__in=acting.units)
    if view == "cho-toi":
        waiting = rows.filter(state=State.SUBMITTED, approving_unit__in=acting.headed)
        return waiting.exclude(person=acting.person_id).exclude(prepared_by=user)
    return rows


def achievement_create(request: HttpRequest) -> HttpResponse:
    if not rules.has_perm("scoring.report_achievement", request.user):
        raise Http404
    years = CampaignYear.objects.visible_to(request.user).open().of_movements().select_related("campaign")
    unit = Unit.objects.get(pk=request.user.acting.unit_id)  # type: ignore[union-attr, misc]
    form = StartForm(request.POST or None, years=years, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.start(
                form.cleaned_data["campaign_year"],
                by=request.user,
                collective=form.cleaned_data["whose"] == "unit",
                person=form.colleagues.get(form.cleaned_data["whose"]),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("scoring:achievement_edit", draft.pk)
    context = {"form": form, "has_years": years.exists()}
    return render(request, "scoring/achievements/create.html", context, status=422 if form.errors else 200)


def achievement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return detail_page(request, found(request, pk))


def achievement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    achievement = _written_by(request, pk)
    if request.method == "POST":
        return _keep(request, achievement)
    if achievement.state not in (State.DRAFT, State.RETURNED):
        return redirect("scoring:achievement_detail", pk)
    problems = problems_of(achievement) if "kiem-tra" in request.GET else []
    return _edit_page(request, achievement, Editor(achievement), problems=problems)


@require_POST
def achievement_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """What portal.js sends while somebody types. A field that cannot be read yet does not hinder the others."""
    achievement = _written_by(request, pk)
    editor = Editor(achievement, request.POST)
    try:
        _save(request, achievement, editor)
    except Stale as refusal:
        theirs = {label: stored for label, _, stored in editor.conflicts(Editor(achievement))}
        return JsonResponse({"message": refusal.reasons[0], "theirs": theirs}, status=409)
    except Refused as refusal:
        return JsonResponse({"message": " ".join(refusal.reasons), "theirs": {}}, status=409)
    if editor.errors:
        return JsonResponse({"errors": editor.errors, "version": achievement.version}, status=422)
    return JsonResponse(
        {"saved_at": f"{timezone.localtime(clock.now()):%H:%M}", "version": achievement.version}
    )


def achievement_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything once more before it is submitted: the facts, what is missing, what looks alike."""
    achievement = _written_by(request, pk)
    if achievement.state not in (State.DRAFT, State.RETURNED):
        return redirect("scoring:achievement_detail", pk)
    context = {
        "achievement": achievement,
        "workflow": ACHIEVEMENT,
        "problems": problems_of(achievement),
        "own_share": own_share(achievement),
        "duplicates": near_duplicates(achievement, request.user),
        "evidence": proofs_of(achievement),
    }
    return render(request, "scoring/achievements/check.html", context)


def _written_by(request: HttpRequest, pk: int) -> Achievement:
    achievement = found(request, pk)
    if not rules.has_perm("scoring.prepare_achievement", request.user, achievement):
        raise Http404
    return achievement


def _save(request: HttpRequest, achievement: Achievement, editor: Editor) -> None:
    actions.save(
        achievement,
        by=request.user,
        values=editor.values,
        co_authors=editor.shares,
        answers=editor.answers,
        version=_version(request, achievement),
    )
    kept = request.session.get("editing", {})
    mark = [request.POST.get("page", "")[:20], achievement.version]
    if kept.get(str(achievement.pk)) != mark:
        newest = list(kept.items())[-PAGES_KEPT:]
        request.session["editing"] = {**dict(newest), str(achievement.pk): mark}


def _version(request: HttpRequest, achievement: Achievement) -> int:
    """The version this page was filled from: also the one it made itself by a save whose answer it never read."""
    if request.session.get("editing", {}).get(str(achievement.pk)) == [
        request.POST.get("page"),
        achievement.version,
    ]:
        return achievement.version
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _keep(request: HttpRequest, achievement: Achievement) -> HttpResponse:
    editor = Editor(achievement, request.POST)
    try:
        _save(request, achievement, editor)
    except Stale as refusal:
        conflicts = editor.conflicts(Editor(found(request, achievement.pk)))
        return _edit_page(request, achievement, editor, status=409, refusal=refusal, conflicts=conflicts)
    except Refused as refusal:
        return _edit_page(request, achievement, editor, status=422, refusal=refusal)
    if editor.errors:
        return _edit_page(request, achievement, editor, status=422)
    return _onward(request, achievement)


def _onward(request: HttpRequest, achievement: Achievement) -> HttpResponse:
    """Where the pressed button leads after the draft is safe."""
    then, _, number = request.POST.get("then", "").partition("-")
    if then in ("evidence", "check"):
        return redirect(f"scoring:achievement_{then}", achievement.pk)
    if then == "remove" and number.isascii() and number.isdigit():
        link = get_object_or_404(
            achievement.evidence_links.select_related("document"), document=int(number[:18])
        )
        perform(
            request, lambda: evidence_actions.remove_evidence(achievement, link.document, by=request.user),
            done=f"Đã gỡ “{link.document}”; tài liệu vẫn còn trong kho.",
        )  # fmt: skip
    else:
        messages.success(request, "Đã lưu.")
    return redirect("scoring:achievement_edit", achievement.pk)


def _to_choose(names: list[str]) -> SafeString:
    """Built here, as lists build their cells: a unit may have two hundred people."""
    return format_html_join("", '<option value="{}"></option>', ((name,) for name in names))


def _edit_page(request: HttpRequest, achievement: Achievement, editor: Editor, **more: Any) -> HttpResponse:
    context = {
        "achievement": achievement,
        "workflow": ACHIEVEMENT,
        "editor": editor,
        "page": request.POST.get("page", "")[:20] or secrets.token_hex(8),
        "evidence": proofs_of(achievement),
        "may_change_evidence": "evidence" in editor.points,
        "colleagues": _to_choose(colleagues_of(achievement)) if editor.rows is not None else "",
        "due": last_day_for(achievement.campaign_year, Stage.ACHIEVEMENTS, achievement.unit_id),
        **more,
    }
    return render(request, "scoring/achievements/edit.html", context, status=more.get("status", 200))
