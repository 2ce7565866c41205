"""Criteria sets: the table, the draft and its criteria, versions and what they change."""

from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import criteria as acts
from campaigns.forms import (
    CopyForm,
    CorrectForm,
    CriteriaSetForm,
    CriterionForm,
    FeedingForm,
    FrameRowForm,
    GroupForm,
)
from campaigns.forms.trials import trial_of
from campaigns.models import CriteriaSet, Criterion, Recipient
from campaigns.queries import (
    differences,
    locked_facts,
    previous_version,
    problems_in_set,
    sum_warnings,
    totals,
    tree,
)
from campaigns.queries.frames import newer_frame
from campaigns.views.access import about, at_version, known_verb, office_only, year_or_404
from campaigns.views.feeding import feeding_of
from campaigns.workflow import CRITERIA_SET, MANAGE
from core.journal import history_of
from core.views import advance, back_to, perform
from core.workflow import Refused, Stale

ACTIONS = {"put_in_use": acts.put_in_use}


def _set(request: HttpRequest, pk: int) -> CriteriaSet:
    sets = CriteriaSet.objects.visible_to(request.user).select_related(
        "campaign_year__campaign", "copied_from", "frame__campaign_year"
    )
    criteria_set = get_object_or_404(sets, pk=pk)
    about(request, criteria_set.campaign_year.campaign)
    return criteria_set


def _criterion(request: HttpRequest, pk: int) -> Criterion:
    sets = CriteriaSet.objects.visible_to(request.user)
    found = Criterion.objects.filter(criteria_set__in=sets)
    found = found.select_related("criteria_set__campaign_year__campaign", "parent")
    criterion = get_object_or_404(found, pk=pk)
    about(request, criterion.criteria_set.campaign_year.campaign)
    return criterion


def _page(criteria_set: CriteriaSet) -> str:
    return reverse("campaigns:criteria_set_detail", args=[criteria_set.pk])


@require_safe
def criteria_set_detail(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = _set(request, pk)
    may_manage = rules.has_perm(MANAGE, request.user, criteria_set.campaign_year.campaign)
    is_draft = criteria_set.state == CriteriaSet.State.DRAFT
    rows = tree(criteria_set)
    earlier = previous_version(criteria_set)
    criteria = [row["criterion"] for row in rows]
    sum_of, of_frame = totals(criteria), sum(one.is_of_frame for one in criteria)
    context = {
        "set": criteria_set,
        "year": criteria_set.campaign_year,
        "rows": rows,
        "totals": [(label, sum_of[value]) for value, label in Recipient.choices if sum_of[value]],
        "warnings": sum_warnings(criteria_set),
        "problems": problems_in_set(criteria_set) if is_draft and may_manage else [],
        "earlier": earlier,
        "differences": differences(earlier, criteria_set) if earlier else [],
        "of_frame": of_frame,
        "own_rows": len(rows) - of_frame,
        "newer_frame": newer_frame(criteria_set) if may_manage else None,
        "may_edit": may_manage and is_draft,
        "may_correct": may_manage and criteria_set.state == CriteriaSet.State.IN_USE,
        "may_manage": may_manage,
        "may_feed": may_manage and not is_draft and "cap-so-lieu" in request.GET,
        "entries": history_of(criteria_set)[:50] if may_manage else [],
        "workflow": CRITERIA_SET,
        "moves_at": _page(criteria_set) + "viec/",
    }
    return render(request, "campaigns/criteria_set_detail.html", context)


@require_POST
def criteria_set_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    criteria_set = _set(request, pk)
    known_verb(CRITERIA_SET, verb)
    return advance(
        request, criteria_set, verb, workflow=CRITERIA_SET, actions=ACTIONS, back=_page(criteria_set)
    )


@office_only
def criteria_set_create(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    form = CriteriaSetForm(request.POST or None, initial={"title": f"Bộ tiêu chí thi đua năm {year.year}"})
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.create_set(year, by=request.user, **form.facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã lập bản nháp. Hãy thêm nhóm nội dung rồi thêm tiêu chí.")
            return redirect(_page(made))
    return _form_page(request, form, f"Bộ tiêu chí mới năm {year.year}", "Lập bản nháp", year=year)


@office_only
def criteria_set_copy(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    form = CopyForm(request.POST or None, campaign_year=year)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.copy_set(
                form.cleaned_data["source"],
                by=request.user,
                campaign_year=year,
                title=form.cleaned_data["title"],
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã sao chép thành bản nháp.")
            return redirect(_page(made))
    return _form_page(request, form, f"Sao chép bộ tiêu chí cho năm {year.year}", "Sao chép", year=year)


@office_only
def criteria_set_correct(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = _set(request, pk)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.correct(criteria_set, by=request.user, change_note=form.cleaned_data["change_note"])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã lập bản nháp phiên bản {made.version_number}.")
            return redirect(_page(made))
    return _form_page(request, form, "Lập phiên bản sửa đổi", "Lập bản nháp", criteria_set=criteria_set)


@office_only
def criteria_set_change(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = _set(request, pk)
    form = CriteriaSetForm(request.POST or None, instance=CriteriaSet.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            acts.change_set(criteria_set, by=request.user, version=version, **form.facts)
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                at_version(form, criteria_set.version)
        else:
            messages.success(request, "Đã lưu bộ tiêu chí.")
            return redirect(_page(criteria_set))
    return _form_page(request, form, "Sửa tên, tổng điểm và ghi chú", "Lưu", criteria_set=criteria_set)


@office_only
@require_POST
def criteria_set_remove(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = _set(request, pk)
    year_page = reverse("campaigns:year_detail", args=[criteria_set.campaign_year_id])
    done = perform(request, lambda: acts.remove_set(criteria_set, by=request.user), done="Đã bỏ bản nháp.")
    return redirect(year_page if done else _page(criteria_set))


@office_only
def criterion_create(request: HttpRequest, pk: int) -> HttpResponse:
    """``?nhom=1`` makes a group; ``?thuoc=<pk>`` names the group above; ``?cach=<id>`` chooses the method."""
    criteria_set = _set(request, pk)
    is_leaf = "nhom" not in request.GET
    parent = _parent(criteria_set, request.GET.get("thuoc", ""))
    form = _criterion_form(request, Criterion(criteria_set=criteria_set), is_leaf)
    if request.method == "POST" and not _only_shows(request) and form.is_valid():
        try:
            acts.add_criterion(criteria_set, by=request.user, parent=parent, is_leaf=is_leaf, **form.facts())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã thêm tiêu chí." if is_leaf else "Đã thêm nhóm nội dung.")
            return redirect(_page(criteria_set))
    title = "Thêm tiêu chí" if is_leaf else "Thêm nhóm nội dung"
    return _form_page(request, form, title, "Thêm", criteria_set=criteria_set, parent=parent)


@office_only
def criterion_change(request: HttpRequest, pk: int) -> HttpResponse:
    criterion = _criterion(request, pk)
    form = _criterion_form(request, Criterion.objects.get(pk=pk), criterion.is_leaf)
    if request.method == "POST" and not _only_shows(request) and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            acts.change_criterion(criterion, by=request.user, version=version, **form.facts())
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                at_version(form, criterion.version)
        else:
            messages.success(request, "Đã lưu tiêu chí.")
            return redirect(_page(criterion.criteria_set))
    told = {"locked": locked_facts(criterion)} if criterion.is_of_frame else {}
    owner = criterion.criteria_set
    return _form_page(request, form, f"Sửa {criterion.code}", "Lưu", criteria_set=owner, **told)


@office_only
@require_POST
def criterion_move(request: HttpRequest, pk: int) -> HttpResponse:
    criterion = _criterion(request, pk)
    up = request.POST.get("huong") == "len"
    perform(
        request,
        lambda: acts.move_criterion(criterion, by=request.user, up=up),
        done=f"Đã chuyển {criterion.code}.",
    )
    return back_to(request, _page(criterion.criteria_set))


@office_only
def criterion_remove(request: HttpRequest, pk: int) -> HttpResponse:
    criterion = _criterion(request, pk)
    criteria_set, name = criterion.criteria_set, str(criterion)
    if request.method != "POST":
        below = "" if criterion.is_leaf else " và mọi tiêu chí trong nhóm"
        context = {
            "criterion": criterion,
            "back": _page(criteria_set),
            "text": f"Bỏ “{name}”{below} khỏi bản nháp.",
        }
        return render(request, "campaigns/criterion_remove.html", context)
    perform(request, lambda: acts.remove_criterion(criterion, by=request.user), done=f"Đã bỏ “{name}”.")
    return back_to(request, _page(criteria_set))


def _parent(criteria_set: CriteriaSet, asked: str) -> Criterion | None:
    if not asked:
        return None
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(Criterion, criteria_set=criteria_set, pk=asked, is_leaf=False)


def _only_shows(request: HttpRequest) -> bool:
    """Some buttons bring the form back with other fields, examples or rows to choose from, nothing judged."""
    return bool({"show", "try", "find"} & request.POST.keys())


def _criterion_form(request: HttpRequest, instance: Criterion, is_leaf: bool) -> Any:
    kind: Any = FrameRowForm if instance.is_of_frame else CriterionForm if is_leaf else GroupForm
    has_method = kind is CriterionForm
    if request.method == "POST" and _only_shows(request):
        chosen = {"method": request.POST.get("method", "")} if has_method else {}
        return kind(instance=instance, initial=request.POST.dict(), **chosen)
    chosen = {"method": request.GET.get("cach", "")} if has_method else {}
    form = kind(request.POST or None, instance=instance, **chosen)
    if form.is_bound:
        form.offer_rows()
    return form


def _trial(request: HttpRequest, form: Any) -> dict[str, Any]:
    """What the panel of examples shows for what is typed, or for what is stored."""
    bound = type(form)(request.POST, instance=Criterion()) if request.method == "POST" else form
    query = "" if isinstance(form, CriterionForm) else "?nhom=1"
    return {
        "trial": trial_of(bound, request.POST.dict()),
        "try_at": reverse("campaigns:criterion_try") + query,
    }


@office_only
@require_POST
def criterion_try(request: HttpRequest) -> HttpResponse:
    """The panel alone, while somebody types; nothing is written."""
    form = (GroupForm if "nhom" in request.GET else CriterionForm)(request.POST, instance=Criterion())
    return render(request, "campaigns/_trial.html", _trial(request, form))


def _form_page(request: HttpRequest, form: Any, title: str, submit: str, **context: Any) -> HttpResponse:
    owner = context.get("criteria_set")
    back = _page(owner) if owner else reverse("campaigns:year_detail", args=[context["year"].pk])
    context |= {"form": form, "title": title, "submit": submit, "back": back}
    if isinstance(form, CriterionForm | GroupForm):
        context |= _trial(request, form)
    if isinstance(form, FeedingForm):
        context |= feeding_of(request, form.instance)
    return render(request, "campaigns/criteria_form.html", context, status=422 if form.errors else 200)
