"""Adjusting a list by hand: every change with its reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from awards import actions, queries
from awards.eligibility import results
from awards.forms import AddEntryForm, ChangeAwardForm, EntryForm, NoteForm, ReasonForm
from awards.models import AwardEntry
from awards.views.access import find_entry, find_list, only_with
from core.fields import LONGEST_NUMBER
from core.workflow import Refused
from scoring.models import Result

FOUND = 20


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def entry_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Find somebody with a published result, then say which award and why."""
    award_list = find_list(request, pk)
    words = request.GET.get("q", "").strip()
    chosen = request.GET.get("phieu", "")
    context: dict[str, Any] = {"award_list": award_list, "words": words}
    if chosen.isdecimal():
        if len(chosen) > LONGEST_NUMBER:
            raise Http404
        result = get_object_or_404(queries.missing(award_list), scorecard_id=int(chosen))
        return _add(request, result, context)
    context["found"] = [
        (result, results.assess(queries.row_of(result), queries.pinned_conditions(award_list)))
        for result in queries.candidates(award_list, words)[:FOUND]
    ]
    return render(request, "awards/entry_add.html", context)


def _add(request: HttpRequest, result: Result, context: dict[str, Any]) -> HttpResponse:
    award_list, scorecard = context["award_list"], result.scorecard
    awards = queries.choosable_awards(award_list.campaign_year.campaign).filter(recipient=scorecard.recipient)
    form = AddEntryForm(request.POST or None, awards=awards)

    def add() -> None:
        actions.add_entry(award_list, scorecard, by=request.user, **form.cleaned_data)

    if form.is_valid() and _done(request, form, add, f"Đã bổ sung {scorecard}."):
        return redirect("awards:award_list_detail", award_list.pk)
    conditions = queries.pinned_conditions(award_list)
    context |= {
        "result": result,
        "form": form,
        "findings": results.assess(queries.row_of(result), conditions),
    }
    return render(request, "awards/entry_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_list")
def entry_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one row: why it is here, another award, the note, taking it off, putting it back."""
    entry = find_entry(request, pk)
    if request.method == "GET":
        return _entry_page(request, entry)
    form = ChangeAwardForm(request.POST, awards=_awards_for(entry))
    return _carry_out(
        request, entry, "change", form, actions.change_award, f"Đã đổi hình thức của {entry.scorecard}."
    )


@require_POST
@only_with("awards.prepare_list")
def entry_note(request: HttpRequest, pk: int) -> HttpResponse:
    entry = find_entry(request, pk)
    return _carry_out(request, entry, "note", NoteForm(request.POST), actions.set_note, "Đã lưu ghi chú.")


@require_POST
@only_with("awards.prepare_list")
def entry_remove(request: HttpRequest, pk: int) -> HttpResponse:
    entry = find_entry(request, pk)
    done = f"Đã đưa {entry.scorecard} ra khỏi danh sách."
    return _carry_out(request, entry, "move", ReasonForm(request.POST), actions.remove_entry, done)


@require_POST
@only_with("awards.prepare_list")
def entry_restore(request: HttpRequest, pk: int) -> HttpResponse:
    entry = find_entry(request, pk)
    done = f"Đã đưa {entry.scorecard} trở lại danh sách."
    return _carry_out(request, entry, "move", ReasonForm(request.POST), actions.restore_entry, done)


def _carry_out(
    request: HttpRequest, entry: AwardEntry, part: str, form: EntryForm, action: Callable[..., Any], done: str
) -> HttpResponse:
    """Do it and go back to the list; otherwise the page again with what was typed."""
    if form.is_valid() and _done(
        request, form, lambda: action(entry, by=request.user, **form.cleaned_data), done
    ):
        return redirect("awards:award_list_detail", entry.award_list_id)
    entry.refresh_from_db()
    return _entry_page(request, entry, **{part: form})


def _done(request: HttpRequest, form: Any, act: Callable[[], Any], done: str) -> bool:
    try:
        act()
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, done)
    return True


def _entry_page(request: HttpRequest, entry: AwardEntry, **typed: EntryForm) -> HttpResponse:
    first = {"version": entry.version, "note": entry.note, "award": entry.award_id}
    forms = {
        "change": ChangeAwardForm(initial=first, awards=_awards_for(entry)),
        "note": NoteForm(initial=first),
        "move": ReasonForm(initial=first),
        **typed,
    }
    for name, form in forms.items():
        form.auto_id = f"{name}-%s"
    conditions = queries.pinned_conditions(entry.award_list)
    findings = []
    if entry.score is not None and entry.rank is not None:
        row = results.Row(entry.scorecard.recipient, entry.score, entry.band, entry.rank)
        findings = results.assess(row, conditions)
    removed = entry.source == AwardEntry.Source.REMOVED
    move = "awards:entry_restore" if removed else "awards:entry_remove"
    context = {
        "entry": entry,
        "row": queries.printed(entry),
        "removed": removed,
        "findings": findings,
        "forms": forms,
        "move": reverse(move, args=[entry.pk]),
    }
    return render(request, "awards/entry_change.html", context, status=422 if typed else 200)


def _awards_for(entry: AwardEntry) -> Any:
    campaign = entry.award_list.campaign_year.campaign
    return queries.choosable_awards(campaign).filter(recipient=entry.scorecard.recipient)
