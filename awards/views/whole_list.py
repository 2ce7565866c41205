"""The list of everybody who is proposed in a review, with the live meter."""

from collections.abc import Collection
from typing import Any

import rules
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from awards.actions import verifying
from awards.eligibility.facts import OCCASIONS
from awards.forms.nominations import ReasonForm
from awards.models import Nomination, Proposal, Review
from awards.queries.deciding import late_disciplines
from awards.queries.holds import all_held
from awards.queries.meter import meter_of_review
from awards.queries.nominations import proposing_units
from awards.views.access import only_with, version_of
from awards.views.dossiers import COLOURS
from awards.workflow import PROPOSAL
from core import clock
from core.listing import Column, Filter, Listing, list_response
from core.views import perform
from organization.queries import unit_choices

State, Verdict = Proposal.State, Nomination.Verdict


@require_GET
@only_with("awards.view_whole_list")
def whole_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What the units have handed in; filters and Excel come with the list."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    rows = (
        Nomination.objects.visible_to(request.user)
        .filter(review=review)
        .standing()
        .select_related("award", "person", "unit", "proposal__unit", "dropping")
    )
    late = late_disciplines(review, review.nominations.unsigned(), request.user)
    context = {
        "review": review,
        "late": [line for lines in late.values() for line in lines],
        "meter": meter_of_review(review),
        "explains": review.state == Review.State.OPEN
        and rules.has_perm("awards.prepare_review", request.user),
        "reason_form": ReasonForm(initial={"reason": review.list_reason, "version": review.version}),
    }
    return list_response(request, _listing(review, late), rows, "awards/nominations/whole_list.html", context)


def _listing(review: Review, late: Collection[int]) -> Listing:
    people, units = all_held(clock.today())

    def held(one: Nomination) -> bool:
        return one.person_id in people if one.person_id else one.unit_id in units

    after_year = Column(
        "Kỷ luật sau năm xét",
        lambda one: "Cân nhắc" if one.person_id in late else "",
        badge=lambda one: "orange",
        width=16,
    )
    awards = [(str(one.pk), one.name) for one in review.awards.order_by("-order")]
    return Listing(
        title=f"Danh sách tổng hợp – {review.title}",
        columns=[
            Column(
                "Người, tập thể",
                lambda one: str(one.subject),
                link=lambda one: reverse("awards:dossier", args=[one.pk]),
                width=32,
            ),
            Column(
                "Đơn vị đề nghị",
                lambda one: one.proposal.unit.short_name,
                order=("proposal__unit__order",),
                width=22,
            ),
            Column("Danh hiệu, hình thức", lambda one: one.award.name, order=("award__order",), width=30),
            Column(
                "Tạm dừng", lambda one: "Tạm dừng xét" if held(one) else "", badge=lambda one: "red", width=16
            ),
            *([after_year] if late else []),
            Column("Phiếu đồng ý", lambda one: one.votes_for, width=12, hide_on_phone=True),
            Column("Phiếu không đồng ý", lambda one: one.votes_against, width=12, hide_on_phone=True),
            Column(
                "Loại khen", lambda one: OCCASIONS[one.occasion or review.occasion].capitalize(), width=14
            ),
            Column("Vì sao khen loại đó", lambda one: one.occasion_basis, width=50, hide_on_phone=True),
            Column("Tóm tắt thành tích", lambda one: one.merit, width=60, hide_on_phone=True),
            Column(
                "Thẩm định",
                lambda one: one.get_verdict_display(),
                order=("verdict",),
                badge=lambda one: COLOURS[one.verdict],
                width=20,
            ),
            Column("Hội đồng, kết quả", _result, width=40, hide_on_phone=True),
            Column("Ý kiến thẩm định", lambda one: one.verdict_reason, width=40, hide_on_phone=True),
        ],
        order=("-award__order", "proposal__unit__order", "pk"),
        search=("person__search_key", "unit__search_key"),
        filters=[
            Filter(
                "danh-hieu",
                "Danh hiệu, hình thức",
                lambda: awards,
                lambda rows, value: rows.filter(award=value),
            ),
            Filter(
                "tham-dinh",
                "Thẩm định",
                lambda: Verdict.choices,
                lambda rows, value: rows.filter(verdict=value),
            ),
            Filter("don-vi", "Đơn vị", unit_choices, lambda rows, value: rows.filter(proposal__unit=value)),
            Filter(
                "loai",
                "Loại khen",
                lambda: [(code, name.capitalize()) for code, name in OCCASIONS.items()],
                lambda rows, value: rows.filter(occasion=value),
            ),
        ],
        empty="Chưa có đơn vị nào trình hồ sơ.",
    )


def _result(one: Any) -> str:
    """What the council concluded, and where nobody rewards it after all, why."""
    if hasattr(one, "dropping"):
        return f"Không khen thưởng: {one.dropping.reason}"
    return one.get_outcome_display() if one.outcome else ""


@require_POST
@only_with("awards.prepare_review")
def whole_list_reason(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    perform(
        request,
        lambda: verifying.explain_list(
            review, request.POST.get("reason", ""), by=request.user, version=version_of(request)
        ),
        done="Đã ghi giải trình của danh sách.",
    )
    return redirect("awards:whole_list", pk)


def units_of_review(request: HttpRequest, review: Review) -> list[dict[str, Any]]:
    """On the page of the review: units with the state of their proposal, those that this reader may see or begin."""
    if review.state == Review.State.PLANNED:
        return []
    seen = {one.unit_id: one for one in review.proposals.visible_to(request.user)}
    is_open = review.state == Review.State.OPEN
    rows = []
    for unit in proposing_units(review):
        proposal = seen.get(unit.pk)
        begins = is_open and proposal is None and rules.has_perm("awards.begin_proposal", request.user, unit)
        if proposal or begins or rules.has_perm("awards.view_whole_list", request.user):
            words = PROPOSAL.states[proposal.state] if proposal else ("Chưa trình", "secondary")
            rows.append({"unit": unit, "proposal": proposal, "begins": begins, "state": words})
    return rows


def answers_of(request: HttpRequest, units: list[dict[str, Any]]) -> str:
    """How many units have answered, for those who see all of them."""
    if not units or not rules.has_perm("awards.view_whole_list", request.user):
        return ""
    known = [one for row in units if (one := row["proposal"])]
    answered = [one for one in known if one.state != State.DRAFT and not one.is_asked_again]
    nobody = sum(one.state == State.NOBODY for one in answered)
    return (
        f"{len(units)} đơn vị: {len(answered) - nobody} đã trình danh sách, {nobody} không đề nghị khen thưởng,"
        f" {len(units) - len(answered)} chưa trả lời."
    )
