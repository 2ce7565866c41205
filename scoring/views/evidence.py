"""Pages of the evidence store, and the documents of one achievement."""

import rules
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.attachments import download
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response, to
from core.vietnamese import fold
from core.views import perform
from core.workflow import Refused
from organization.queries import unit_choices
from scoring.actions import evidence as actions
from scoring.forms.achievements import AchievementEvidenceForm, EvidenceForm, LinkForm
from scoring.models import Achievement, EvidenceDocument
from scoring.queries.achievements import open_points
from scoring.queries.evidence import USES, uses_of
from scoring.views.decisions import found

OFFERED = 10


def _by_sharing(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(is_shared=value == "chung")


def _by_use(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(uses=0) if value == "chua" else rows.exclude(uses=0)


LISTING = Listing(
    title="Tài liệu kiểm chứng",
    columns=[
        Column("Số, ký hiệu", lambda row: row.number, order=("number",), width=18),
        Column(
            "Tên, trích yếu", lambda row: row.title, order=("title",), width=50,
            link=to("scoring:evidence_detail"),
        ),
        Column("Ngày ban hành", lambda row: row.issued_on, order=("issued_on",), width=14),
        Column("Nơi ban hành", lambda row: row.issuer, width=24, hide_on_phone=True),
        Column("Đơn vị", lambda row: row.unit.short_name, order=("unit__order",), width=18, hide_on_phone=True),
        Column(
            "Ai dùng được", lambda row: "Dùng chung trong đơn vị" if row.is_shared else "Riêng", width=22,
            badge=lambda row: "teal" if row.is_shared else "secondary", hide_on_phone=True,
        ),
        Column("Đang dùng", lambda row: row.uses, order=("uses",), width=12),
        Column("Tải lên lúc", lambda row: row.uploaded_at, order=("uploaded_at",), width=18, hide_on_phone=True),
    ],
    order=("-uploaded_at",),
    reads=("number", "title", "issued_on", "issuer", "unit__short_name", "is_shared", "uploaded_at"),
    adds={"uses": USES},
    search=("search_key",),
    search_hint="Tìm số, tên, nơi ban hành (không cần dấu)",
    filters=[
        Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value)),
        Filter("chung", "Ai dùng được", lambda: [("chung", "Dùng chung"), ("rieng", "Riêng")], _by_sharing),
        Filter("dung", "Sử dụng", lambda: [("dang", "Đang dùng"), ("chua", "Chưa dùng")], _by_use),
    ],
    empty="Kho chưa có tài liệu nào bạn được xem.",
)  # fmt: skip


def evidence_list(request: HttpRequest) -> HttpResponse:
    rows = EvidenceDocument.objects.visible_to(request.user)
    context = {"may_upload": rules.has_perm("scoring.upload_evidence", request.user)}
    return list_response(request, LISTING, rows, "scoring/evidence/list.html", context)


def evidence_upload(request: HttpRequest) -> HttpResponse:
    if not rules.has_perm("scoring.upload_evidence", request.user):
        raise Http404
    form = EvidenceForm(request.POST or None, request.FILES or None)
    same = None
    if request.method == "POST" and form.is_valid():
        try:
            document = actions.upload_document(form.cleaned_data["file"], by=request.user, **form.facts)
        except Refused as refusal:
            same = getattr(refusal, "document", None)
            form.refuse(refusal)
        else:
            messages.success(request, "Đã đưa tài liệu vào kho.")
            return redirect("scoring:evidence_detail", document.pk)
    return render(
        request,
        "scoring/evidence/upload.html",
        {"form": form, "same": same},
        status=422 if form.errors else 200,
    )


def evidence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    document = _document(request, pk)
    uses = uses_of(document, request.user)
    context = {
        "document": document,
        "uses": uses,
        "may_share": rules.has_perm("scoring.share_evidence", request.user, document),
        "may_remove": not uses.total and rules.has_perm("scoring.delete_evidence", request.user, document),
        "entries": history_of(document)[:50],
    }
    return render(request, "scoring/evidence/detail.html", context)


def evidence_download(request: HttpRequest, pk: int) -> FileResponse:
    return download(_document(request, pk).file)


@require_POST
def evidence_share(request: HttpRequest, pk: int) -> HttpResponse:
    """The button says what it does, so that a second press does not undo the first."""
    document = _document(request, pk)
    act, done = (
        (actions.share, f"Đồng nghiệp ở {document.unit.short_name} nay thấy và dùng được tài liệu này.")
        if request.POST.get("shared") == "1"
        else (actions.keep_private, "Tài liệu không còn dùng chung; nơi nào đã dùng thì vẫn giữ.")
    )
    perform(request, lambda: act(document, by=request.user), done=done)
    return redirect("scoring:evidence_detail", pk)


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    document = _document(request, pk)
    gone = perform(
        request, lambda: actions.remove_document(document, by=request.user), done="Đã xóa tài liệu khỏi kho."
    )
    return redirect("scoring:evidence_list") if gone else redirect("scoring:evidence_detail", pk)


def achievement_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a document to an achievement: one of the store, or a new one."""
    achievement = _writable(request, pk)
    form = AchievementEvidenceForm(request.POST or None, request.FILES or None)
    same = None
    if request.method == "POST" and form.is_valid():
        upload, page = form.cleaned_data["file"], form.cleaned_data["page"]
        try:
            actions.add_new_evidence(achievement, upload, by=request.user, page=page, **form.facts)
        except Refused as refusal:
            same = getattr(refusal, "document", None)
            form.refuse(refusal)
        else:
            return _back(request, achievement, "Đã thêm tài liệu.")
    context = {"achievement": achievement, "form": form, "same": same, **_offered(request, achievement)}
    return render(request, "scoring/evidence/add.html", context, status=422 if form.errors else 200)


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    achievement = _writable(request, pk)
    form = LinkForm(request.POST, documents=EvidenceDocument.objects.visible_to(request.user))
    if not form.is_valid():
        raise Http404
    document, page = form.cleaned_data["document"], form.cleaned_data["page"]
    perform(
        request, lambda: actions.add_evidence(achievement, document, by=request.user, page=page),
        done=f"Đã thêm “{document}”.",
    )  # fmt: skip
    return redirect(reverse("scoring:achievement_edit", args=[pk]) + "#tai-lieu")


@require_POST
def unlink(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    achievement = _writable(request, pk)
    links = achievement.evidence_links.select_related("document")
    one = get_object_or_404(links, document__pk=document).document
    perform(
        request, lambda: actions.remove_evidence(achievement, one, by=request.user),
        done=f"Đã gỡ “{one}”; tài liệu vẫn còn trong kho.",
    )  # fmt: skip
    return redirect(reverse("scoring:achievement_edit", args=[pk]) + "#tai-lieu")


def _document(request: HttpRequest, pk: int) -> EvidenceDocument:
    rows = EvidenceDocument.objects.visible_to(request.user).select_related(
        "unit", "file", "uploaded_by__person"
    )
    return get_object_or_404(rows, pk=pk)


def _writable(request: HttpRequest, pk: int) -> Achievement:
    """The user's own achievement while its documents may change."""
    achievement = found(request, pk)
    if not rules.has_perm("scoring.prepare_achievement", request.user, achievement):
        raise Http404
    if "evidence" not in open_points(achievement):
        raise Http404
    return achievement


def _offered(request: HttpRequest, achievement: Achievement) -> dict[str, object]:
    """Documents of the store that could be linked: the newest, or those that match the search."""
    query = request.GET.get("q", "")[:200]
    linked = achievement.evidence_links.values("document")
    rows = EvidenceDocument.objects.visible_to(request.user).exclude(pk__in=linked).annotate(uses=USES)
    for word in fold(query).split():
        rows = rows.filter(search_key__contains=word)
    return {"query": query, "offered": rows.select_related("unit").order_by("-uploaded_at")[:OFFERED]}


def _back(request: HttpRequest, achievement: Achievement, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(reverse("scoring:achievement_edit", args=[achievement.pk]) + "#tai-lieu")
