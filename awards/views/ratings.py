"""The annual ratings: how far they are and the ceilings, a unit's people, what published scores offer."""

from collections.abc import Callable
from functools import partial
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import ratings as actions
from awards.forms.ratings import UnitRatingsForm
from awards.models import AnnualRating
from awards.queries import ratings as queries
from awards.queries.people_facts import tabs_of
from awards.views.access import only_with
from core import clock
from core.views import number_in, perform
from core.workflow import Refused, Stale
from organization.models import Unit

READS = "awards.view_ratings"
KEEPS = "awards.keep_ratings"
YEARS_SHOWN = 6
YEARS = range(2000, 2101)


@require_GET
@only_with(READS)
def rating_board(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    context = {
        "board": queries.board_of(year),
        "year": year,
        "years": range(clock.today().year, clock.today().year - YEARS_SHOWN, -1),
        "grades": AnnualRating.Grade.choices,
        "keeps": rules.has_perm(KEEPS, request.user),
        "tabs": tabs_of(request.user),
        "offered": queries.results_to_take(year).exists(),
    }
    return render(request, "awards/ratings/board.html", context)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def rating_unit(request: HttpRequest, year: int, unit_pk: int) -> HttpResponse:
    _known(year)
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    form = UnitRatingsForm(
        request.POST or None,
        people=queries.people_of_unit(unit.pk, year),
        closed=(request.user.acting.person_id or 0,),  # type: ignore[union-attr]
    )
    context = {
        "title": f"{unit.name}: xếp loại năm {year}",
        "subject": "Họ và tên",
        "what": "người",
        "closed_hint": "Không tự xếp loại cho mình; nhờ người khác của Văn phòng Sở.",
    }
    return _rating_form(request, form, year, partial(actions.rate_unit, unit, year), context)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def rating_collectives(request: HttpRequest, year: int) -> HttpResponse:
    """The classes of the collectives themselves, which their titles ask for."""
    _known(year)
    units = queries.collectives_of_year(year)
    acting = request.user.acting  # type: ignore[union-attr]
    form = UnitRatingsForm(
        request.POST or None,
        people=units,
        closed={one.person.pk for one in units if acting.heads(one.person.pk)},
    )
    context = {
        "title": f"Xếp loại tập thể năm {year}",
        "subject": "Tập thể",
        "what": "tập thể",
        "closed_hint": "Không tự xếp loại đơn vị mình đứng đầu; nhờ người khác của Văn phòng Sở.",
    }
    return _rating_form(request, form, year, partial(actions.rate_collectives, year), context)


def _rating_form(
    request: HttpRequest, form: UnitRatingsForm, year: int, rate: Callable[..., int], context: dict[str, Any]
) -> HttpResponse:
    back = f"{reverse('awards:rating_board')}?nam={year}"
    status = 200
    if form.is_valid():
        try:
            basis = form.cleaned_data["basis"]
            changed = rate(form.wanted, by=request.user, basis=basis, seen=form.seen)
            done = f"Đã ghi xếp loại của {changed} {context['what']}." if changed else "Không có gì thay đổi."
            messages.success(request, done)
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, Stale) else 422
    elif form.errors:
        status = 422
    page = {"form": form, "year": year, "back": back, **context}
    return render(request, "awards/ratings/unit.html", page, status=status)


@require_http_methods(["GET", "POST"])
@only_with(KEEPS)
def rating_offers(request: HttpRequest, year: int) -> HttpResponse:
    """What published scores say, shown before it is written."""
    _known(year)
    if request.method == "POST":
        done = "Đã lấy xếp loại từ kết quả chấm điểm."
        seen = request.POST.get("seen", "")
        perform(request, lambda: actions.take_over_scores(year, by=request.user, seen=seen), done=done)
        return redirect(f"{reverse('awards:rating_board')}?nam={year}")
    found: list[Any] = queries.offers(year, request.user)
    context = {
        "offers": found,
        "year": year,
        "new": sum(one.is_new for one in found),
        "seen": queries.seen_of(found),
        "back": f"{reverse('awards:rating_board')}?nam={year}",
    }
    return render(request, "awards/ratings/offers.html", context)


def _year(request: HttpRequest) -> int:
    asked = number_in(request.GET.get("nam", ""))
    return asked if asked is not None and asked in YEARS else clock.today().year


def _known(year: int) -> None:
    if year not in YEARS:
        raise Http404
