"""Reviews: the list, one review with what it needs and who qualifies, a person's or a unit's findings."""

from functools import partial
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from awards import actions
from awards.eligibility.provisions import PAPERS
from awards.forms.reviews import STEPS, AffirmForm, ReviewForm, RulesForm
from awards.models import Award, Prospect, Review, rule_source
from awards.queries import reviews as queries
from awards.queries.council import ready_again
from awards.queries.differences import differences, rules_stand
from awards.queries.holds import all_held, sentence_of
from awards.queries.later_law import later_law
from awards.queries.people_facts import reads_facts_of
from awards.tasks import judge_review
from awards.views.access import only_with, version_of
from awards.views.notices import notice_card
from awards.views.whole_list import answers_of, units_of_review
from awards.workflow import REVIEW
from core import clock
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.views import advance, perform
from core.workflow import Refused
from organization import roles
from organization.models import Person, Unit
from organization.queries import unit_choices

MOVES = {verb: partial(actions.move_review, verb=verb) for verb in REVIEW.moves} | {
    "open_review": actions.open_review,
    "take_back": actions.take_back,
}
COLOURS = {Prospect.State.MET: "green", Prospect.State.OPEN: "yellow", Prospect.State.UNMET: "secondary"}
HISTORY = 20
DECIDED = (Review.State.DECIDING, Review.State.CLOSED)
REVIEWS = Listing(
    title="Bình xét khen thưởng",
    columns=[
        Column(
            "Đợt bình xét", str, link=lambda one: reverse("awards:review_detail", args=[one.pk]), width=44
        ),
        Column("Năm", lambda one: str(one.year), order=("year",), width=8),
        Column("Loại", lambda one: one.get_kind_display(), width=26, hide_on_phone=True),
        Column("Ngày lấy quy định", lambda one: one.reference_date, order=("reference_date",), width=18),
        Column(
            "Trạng thái",
            lambda one: REVIEW.states[one.state][0],
            order=("state",),
            badge=lambda one: REVIEW.states[one.state][1],
            width=16,
        ),
    ],
    order=("-year", "-created_at"),
    empty="Chưa có đợt bình xét nào được mở.",
)


@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    context = {
        "prepares": rules.has_perm("awards.prepare_review", request.user),
        "rates": rules.has_perm("awards.view_ratings", request.user),
    }
    rows = Review.objects.visible_to(request.user)
    return list_response(request, REVIEWS, rows, "awards/reviews/review_list.html", context)


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_review")
def review_create(request: HttpRequest) -> HttpResponse:
    year = clock.today().year
    start = {
        "kind": Review.Kind.ANNUAL,
        "year": year,
        "phase": Review.Phase.YEAR,
        "title": f"Bình xét thi đua, khen thưởng năm {year}",
        "reference_date": clock.today().replace(month=12, day=31),
        "awards": Award.objects.filter(kind=Award.Kind.TITLE).exclude(level=Award.Level.STATE),
    }
    form = ReviewForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            made = actions.plan_review(
                form.cleaned_data,
                awards=form.cleaned_data["awards"],
                deadlines=form.deadlines,
                by=request.user,
            )
            messages.success(request, "Đã lập đợt bình xét. Xem các điều kiện còn thiếu trước khi mở.")
            return redirect("awards:review_detail", made.pk)
        except Refused as refusal:
            form.refuse(refusal)
    return _form_page(request, form, "Lập đợt bình xét", reverse("awards:review_list"), "Bình xét")


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_review")
def review_change(request: HttpRequest, pk: int) -> HttpResponse:
    review = _find(request, pk)
    start = {name: getattr(review, name) for name in ReviewForm.base_fields if name != "awards"}
    known = dict(review.deadlines.values_list("step", "due_on"))
    start |= {name: known.get(step.value) for name, step in STEPS.items()}
    form = ReviewForm(request.POST or None, initial={**start, "awards": review.awards.all()}, review=review)
    back = reverse("awards:review_detail", args=[pk])
    if form.is_valid():
        try:
            actions.change_review(
                review,
                form.cleaned_data,
                awards=form.cleaned_data["awards"],
                deadlines=form.deadlines,
                by=request.user,
                version=version_of(request),
            )
            messages.success(request, "Đã lưu đợt bình xét.")
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
    return _form_page(request, form, "Sửa đợt bình xét", back, review.title)


def _form_page(request: HttpRequest, form: Any, title: str, back: str, label: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "back_label": label, "submit": "Lưu"}
    return render(request, "awards/form.html", context, status=422 if form.errors else 200)


@require_GET
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    review = _find(request, pk)
    prepares = rules.has_perm("awards.prepare_review", request.user)
    deadlines, book = list(review.deadlines.all()), queries.rulebook_of(review)
    units, source = units_of_review(request, review), rule_source() if prepares else None
    context = {
        "review": review,
        "workflow": REVIEW,
        "prepares": prepares,
        "points": queries.readiness(review) if prepares and review.state == Review.State.PLANNED else [],
        "deadlines": deadlines,
        "today": clock.today(),
        "left_out": [one.short_name for one in review.left_out.all()],
        "papers": [PAPERS[code] for code in review.papers if code in PAPERS],
        "changes_scope": prepares and review.state in (Review.State.PLANNED, Review.State.OPEN),
        "book": book,
        "differences": differences(review, book, source) if source else [],
        "later_law": later_law(review, book, source) if source else None,
        "rules_stand": rules_stand(review) if prepares else "",
        "rules_form": RulesForm(initial={"version": review.version}),
        "units": units,
        "answers": answers_of(request, units),
        "council_at": _council_at(request, review),
        "put_off": ready_again(review) if prepares and review.state in DECIDED else [],
        "lists_all": rules.has_perm("awards.view_whole_list", request.user),
        "history": history_of(review)[:HISTORY],
        **notice_card(review),
        **_judging(request, review),
    }
    return render(request, "awards/reviews/review_detail.html", context)


def _council_at(request: HttpRequest, review: Review) -> str:
    """Where the council's sessions stand, once there can be any, for those who read them."""
    early = (Review.State.PLANNED, Review.State.OPEN, Review.State.NOTICE)
    if not _sees_all(request.user) or review.state in early:
        return ""
    return reverse("awards:council_list", args=[review.pk])


@require_GET
def review_judging(request: HttpRequest, pk: int) -> HttpResponse:
    """How far judging has come; the page asks again while it runs."""
    review = _find(request, pk)
    return render(request, "awards/reviews/_judging.html", {"review": review, **_judging(request, review)})


def _judging(request: HttpRequest, review: Review) -> dict[str, Any]:
    return {
        "sees_all": _sees_all(request.user),
        "may_judge": rules.has_perm("awards.prepare_review", request.user) and not review.is_over,
        "counts": queries.counts_of(review) if review.judged_at else [],
        "outdated": bool(review.judged_at) and not review.judging_since and queries.is_outdated(review),
        "percent": review.judged * 100 // review.to_judge if review.to_judge else 0,
    }


@require_POST
@only_with("awards.prepare_review")
def review_judge(request: HttpRequest, pk: int) -> HttpResponse:
    review = _find(request, pk)
    begun = perform(
        request,
        lambda: actions.ask_for_judging(review, by=request.user),
        done="Đang tính khả năng xét cho mọi người, mọi đơn vị.",
    )
    if begun:
        try:
            judge_review.delay(review.pk)
        except (OperationalError, OSError):
            messages.info(request, "Hàng đợi tạm ngừng; việc tính sẽ tự bắt đầu trong vài phút.")
    return redirect("awards:review_detail", pk)


@require_POST
@only_with("awards.prepare_review")
def review_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in MOVES:
        raise Http404
    review, back = _find(request, pk), reverse("awards:review_detail", args=[pk])
    return advance(
        request, review, verb, workflow=REVIEW, actions=MOVES, back=back, version=version_of(request)
    )


@require_POST
@only_with("awards.prepare_review")
def review_rules(request: HttpRequest, pk: int) -> HttpResponse:
    review = _find(request, pk)
    perform(
        request,
        lambda: actions.take_over_rules(
            review, by=request.user, reason=request.POST.get("reason", ""), version=version_of(request)
        ),
        done="Đã áp dụng quy định mới. Hãy tính lại khả năng xét.",
    )
    return redirect("awards:review_detail", pk)


# --- who stands where ---------------------------------------------------------------------------------
@require_GET
def prospect_list(request: HttpRequest, pk: int) -> HttpResponse:
    review = _find(request, pk)
    rows = (
        Prospect.objects.visible_to(request.user)
        .filter(review=review)
        .select_related("award", "person", "unit")
    )
    return list_response(
        request, _prospects(review), rows, "awards/reviews/prospect_list.html", {"review": review}
    )


def _prospects(review: Review) -> Listing:
    people, units = all_held(clock.today())

    def held(one: Prospect) -> bool:
        return one.person_id in people if one.person_id else one.unit_id in units

    awards = [(str(one.pk), one.name) for one in review.awards.order_by("-order")]
    return Listing(
        title=f"Khả năng xét – {review.title}",
        columns=[
            Column("Người, tập thể", str, link=lambda one: _address(review, one), width=32),
            Column("Đơn vị", lambda one: one.unit.short_name, order=("unit__order",), width=22),
            Column("Danh hiệu, hình thức", lambda one: one.award.name, order=("award__order",), width=30),
            Column(
                "Kết luận",
                lambda one: one.get_state_display(),
                order=("state",),
                badge=lambda one: COLOURS[one.state],
                width=20,
            ),
            Column(
                "Tạm dừng", lambda one: "Tạm dừng xét" if held(one) else "", badge=lambda one: "red", width=16
            ),
            Column("Còn thiếu", lambda one: one.missing, width=60, hide_on_phone=True),
            Column("Sớm nhất", lambda one: str(one.earliest or ""), order=("earliest",), width=10),
        ],
        order=("state", "-award__order", "unit__order", "person__sort_key"),  # who qualifies comes first
        search=("person__search_key", "unit__search_key"),
        filters=[
            Filter(
                "danh-hieu",
                "Danh hiệu, hình thức",
                lambda: awards,
                lambda rows, value: rows.filter(award=value),
            ),
            Filter(
                "ket-luan",
                "Kết luận",
                lambda: Prospect.State.choices,
                lambda rows, value: rows.filter(state=value),
            ),
            Filter(
                "du-kien",
                "Theo dữ kiện",
                lambda: [("thieu", "Chưa đạt"), ("du", "Đã đạt, hoặc chỉ chờ người xác nhận")],
                lambda rows, value: (rows.exclude if value == "du" else rows.filter)(queries.MISSES_FACTS),
            ),
            Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(unit=value)),
        ],
        empty="Chưa có kết quả. Văn phòng Sở bấm “Tính khả năng xét” ở trang của đợt.",
    )


def _address(review: Review, one: Prospect) -> str:
    kind, pk = ("nguoi", one.person_id) if one.person_id else ("don-vi", one.unit_id)
    return reverse("awards:findings", args=[review.pk, kind, pk])


@require_http_methods(["GET", "POST"])
def findings(request: HttpRequest, pk: int, kind: str, subject_pk: int) -> HttpResponse:
    """Everything the rules say of one person or unit in this review, condition by condition."""
    review = _find(request, pk)
    subject = _subject(request, kind, subject_pk)
    affirms = rules.has_perm("awards.affirm", request.user) and not review.is_over
    if request.method == "POST":
        if not affirms:
            raise Http404
        form = AffirmForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            perform(
                request,
                lambda: actions.affirm(
                    review, subject, said["point"], holds=said["holds"], by=request.user, note=said["note"]
                ),
                done="Đã ghi xác nhận.",
            )
        else:
            messages.error(request, "Hãy chọn “Đạt” hoặc “Không đạt”.")
        return redirect("awards:findings", pk, kind, subject_pk)
    book = queries.rulebook_of(review)
    context = {
        "review": review,
        "subject": subject,
        "kind": kind,
        "affirms": affirms,
        "assessments": queries.assessments_of(review, subject, book),
        "book": book,
        "held": sentence_of(subject, request.user),
        "facts_at": _facts_at(request, subject),
        "history": subject.honours.in_force().select_related("award")[:HISTORY],
    }
    return render(request, "awards/reviews/findings.html", context)


def _facts_at(request: HttpRequest, subject: Person | Unit) -> str:
    """Where the facts kept by hand stand, for whom they concern."""
    if isinstance(subject, Unit) or not reads_facts_of(subject, request.user):
        return ""
    return reverse("awards:facts_of_person", args=[subject.pk])


def _subject(request: HttpRequest, kind: str, pk: int) -> Person | Unit:
    """Oneself, whom one heads, or anybody for those who prepare and decide; everybody else finds nothing."""
    user: Any = request.user
    subject: Person | Unit
    if kind == "nguoi":
        subject = get_object_or_404(Person, pk=pk)
        unit = subject.postings.current().values_list("unit_id", flat=True).first()
        own = subject.pk == user.acting.person_id
    else:
        subject = get_object_or_404(Unit, pk=pk)
        unit, own = subject.pk, subject.pk in user.acting.units
    if not (own or unit in user.acting.units_below or _sees_all(user)):
        raise Http404
    return subject


def _sees_all(user: Any) -> bool:
    acting = user.acting
    return acting.reads_everything or acting.is_(roles.COUNCIL) or acting.heads_the_agency


def _find(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
