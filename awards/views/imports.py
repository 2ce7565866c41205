"""A sheet on its way in, whatever it holds: uploaded and read, shown row by row, written when confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from awards.actions import history as actions
from awards.forms.register import HistoryFileForm
from awards.models import HistoryImport
from core.attachments import store
from core.views import perform
from core.workflow import Refused

PER_PAGE = 100
RECENT = 25


@dataclass(frozen=True)
class Importing:
    """One kind of sheet: its pages, what may become of its rows, and how it is planned again from the store."""

    kind: str
    list_template: str
    preview_template: str
    outcomes: tuple[tuple[str, str, str], ...]
    plan_again: Callable[..., Any]
    done: str
    year: int | None = None

    def imports(self) -> QuerySet[HistoryImport]:
        rows = HistoryImport.objects.filter(kind=self.kind, year=self.year)
        return rows.select_related("file", "uploaded_by__person")

    def counted(self, counts: dict[str, int]) -> list[dict[str, object]]:
        return [
            {"code": code, "label": label, "colour": colour, "count": counts.get(code, 0)}
            for code, label, colour in self.outcomes
        ]


def uploads(
    request: HttpRequest,
    sheet: Importing,
    plan: Callable[..., Any],
    preview: Callable[[HistoryImport], str],
    **context: Any,
) -> HttpResponse:
    """The sheet is read before it is kept: a workbook that cannot be used leaves no trace."""
    form = HistoryFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload, by = form.cleaned_data["file"], request.user
        try:
            made = plan(upload.file, own=by.acting.person_id)  # type: ignore[union-attr]
            with transaction.atomic():
                kept = store(upload, by=by)
                one = actions.receive(kept, by=by, counts=made.counts, kind=sheet.kind, year=sheet.year)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("file", reason)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(preview(one))
    page = {"form": form, "imports": sheet.imports()[:RECENT], **context}
    return render(request, sheet.list_template, page, status=422 if form.errors else 200)


def previewed(request: HttpRequest, sheet: Importing, one: HistoryImport, **context: Any) -> HttpResponse:
    page: dict[str, Any] = {"one": one, **context}
    if one.applied_at:
        return render(request, sheet.preview_template, {**page, "outcomes": sheet.counted(one.summary)})
    try:
        plan = sheet.plan_again(one, own=request.user.acting.person_id)  # type: ignore[union-attr]
    except (Refused, FileNotFoundError) as error:
        reasons = getattr(error, "reasons", ["Tệp không còn trên máy chủ. Hãy tải lên lại."])
        return render(request, sheet.preview_template, {**page, "reasons": reasons}, status=422)
    first = next((code for code, _, _ in sheet.outcomes if plan.counts[code]), "created")
    chosen = request.GET.get("ket-qua", first)
    rows = [row for row in plan.rows if row.outcome == chosen]
    is_history = one.kind == HistoryImport.Kind.HONOURS
    page |= {
        "plan": plan,
        "beside": actions.beside(plan.rows) if is_history else {},
        "chosen": chosen,
        "outcomes": sheet.counted(plan.counts),
        "to_write": sum(plan.counts.get(outcome, 0) for outcome in actions.WRITTEN),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("trang")),
    }
    return render(request, sheet.preview_template, page)


def confirmed(request: HttpRequest, sheet: Importing, one: HistoryImport) -> bool:
    return perform(
        request,
        lambda: actions.apply(
            one,
            plan=lambda: sheet.plan_again(one, own=request.user.acting.person_id),  # type: ignore[union-attr]
            shown=request.POST.get("digest", ""),
            reason=request.POST.get("reason", ""),
            without_refused=request.POST.get("without_refused") == "1",
            by=request.user,
        ),
        done=sheet.done,
    )
