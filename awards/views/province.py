"""The province's figures, and what every award asks for on a day, beside another day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import rules
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from awards import actions
from awards.eligibility.sources import RuleSource
from awards.eligibility.standards import Line, ceilings, compared, standard
from awards.forms import FigureForm, ReasonForm, StandardsForm
from awards.models import Award, Setting, SettingValue, rule_source
from awards.views.access import only_with
from core import clock
from core.journal import history_of
from core.vietnamese import format_date
from core.workflow import Refused


@dataclass(frozen=True)
class Shown:
    """A setting with the value in force, if any, and the ones that begin later."""

    setting: Setting
    value: SettingValue | None
    later: list[SettingValue]


@require_safe
@only_with("awards.view_lists")
def province(request: HttpRequest) -> HttpResponse:
    shown = [_shown(one) for one in Setting.objects.prefetch_related("values__setting")]
    unconfirmed = sum(not (one.value and one.value.is_confirmed) for one in shown)
    return render(request, "awards/province.html", {"shown": shown, "unconfirmed": unconfirmed})


@require_http_methods(["GET", "POST"])
@only_with("awards.view_lists")
def figure(request: HttpRequest, code: str) -> HttpResponse:
    setting = get_object_or_404(Setting, code=code)
    may_edit = rules.has_perm("awards.prepare_list", request.user)
    if request.method == "POST" and not may_edit:
        raise Http404
    newest = setting.values.order_by("-pk").first()
    present = _shown(setting).value
    initial = {
        "seen": newest.pk if newest else None,
        "value": FigureForm.typed(setting, present.value) if present else None,
        "valid_from": clock.today(),
    }
    form = FigureForm(request.POST or None, setting=setting, initial=initial)
    if form.is_valid():
        try:
            actions.set_figure(setting, by=request.user, **form.cleaned_data)
            messages.success(request, "Đã ghi giá trị mới.")
            return redirect("awards:figure", setting.code)
        except Refused as refusal:
            form.refuse(refusal)
    latest = F("valid_from").desc(nulls_last=True)
    values = setting.values.select_related("set_by__person", "setting").order_by(latest, "-pk")
    context = {
        "setting": setting,
        "present": present,
        "values": values,
        "form": form if may_edit else None,
        "history": history_of(setting)[:20],
    }
    return render(request, "awards/figure.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def figure_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    written = SettingValue.objects.filter(set_by__isnull=False).select_related("setting", "set_by__person")
    row = get_object_or_404(written, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_figure(row, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "Đã bỏ giá trị ghi nhầm.")
            return redirect("awards:figure", row.setting.code)
        except Refused as refusal:
            form.refuse(refusal)
    return render(
        request, "awards/figure_withdraw.html", {"row": row, "form": form}, status=422 if form.errors else 200
    )


@require_safe
@only_with("awards.view_lists")
def standards(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    form = StandardsForm(request.GET or None, initial={"ngay": today})
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    day, other = asked.get("ngay") or today, asked.get("so_voi")
    award = asked.get("danh_hieu") or Award.objects.order_by("order").first()
    source = rule_source()
    typed = {"ngay": form.data.get("ngay") or format_date(day), "so_voi": form.data.get("so_voi", "")}
    context = {
        "form": form,
        "typed": typed,
        "award": award,
        "day": day,
        "other": other,
        "lines": _lines(award, source, day, other) if award else [],
        "documents": _documents(source, day),
        "ceilings": ceilings(source.rulebook(day)),
        "border_days": [one for one in source.border_days() if one.year > BEFORE],
        "awards": Award.objects.all(),
    }
    return render(request, "awards/standards.html", context, status=422 if form.errors else 200)


BEFORE = 2020  # changes of the law before it are of no use to a reader of today


def _lines(award: Award, source: RuleSource, day: date, other: date | None) -> list[Line]:
    lines = standard(award.code, source.rulebook(day))
    return compared(standard(award.code, source.rulebook(other)), lines) if other else lines


def _documents(source: RuleSource, day: date) -> list[str]:
    rulebook = source.rulebook(day)
    return [rulebook.title(code) for code in rulebook.documents]


def _shown(setting: Setting) -> Shown:
    """From the rows at hand: those of the Office before those of the file, the latest that has begun."""
    today = clock.today()
    rows = sorted(
        setting.values.all(), key=lambda one: (one.set_by_id is not None, one.valid_from or date.min, one.pk)
    )
    begun = [one for one in rows if one.valid_from is None or one.valid_from <= today]
    value = begun[-1] if begun else None
    is_set = value is not None and value.set_by_id is not None
    later = [one for one in rows if one not in begun and (one.set_by_id is not None or not is_set)]
    return Shown(setting, value, later)
