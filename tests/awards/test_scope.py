"""Who takes part in a review and which papers it wants: the Office says so until the units have answered."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import dossiers, proposals, verifying
from awards.actions.scope import set_scope
from awards.models import Proposal, Review
from awards.queries.agenda import tasks_of
from awards.queries.nominations import proposing_units
from awards.queries.reports import sections_of
from core import clock
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import LABORER, begin, open_review, propose, qualify

Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(office: User) -> Review:
    return open_review(office)


def scope_page(review: Review) -> str:
    return reverse("awards:review_scope", args=[review.pk])


def test_a_unit_that_is_left_out_proposes_nobody_and_is_reminded_of_nothing(
    review: Review, units: dict[str, Unit], cast: dict[str, User], client_of: Browser
) -> None:
    unit, head = units["cchc"], cast["head"]
    assert any("Họp bình xét" in task.title for task in tasks_of(head))
    answer = client_of(cast["office"]).post(
        scope_page(review), {"version": review.version, "left_out": [unit.pk]}, follow=True
    )
    assert f"Tất cả, trừ {unit.short_name}" in answer.content.decode()
    assert unit not in proposing_units(review)
    assert not any("Họp bình xét" in task.title for task in tasks_of(head))
    with pytest.raises(Refused, match="không lập tờ trình riêng"):
        proposals.begin_proposal(review, unit, by=cast["clerk"])
    assert f"Đơn vị không tham gia: {unit.short_name}" in history_of(review)[0].comment

    review.refresh_from_db()
    set_scope(review, left_out=[], papers=[], by=cast["office"])  # and back
    assert unit in proposing_units(review)
    assert any("Họp bình xét" in task.title for task in tasks_of(head))


def test_whoever_has_begun_stays_in(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> None:
    proposals.begin_proposal(review, units["cchc"], by=cast["clerk"])
    with pytest.raises(Refused, match="Đã có tờ trình"):
        set_scope(review, left_out=[units["cchc"]], papers=[], by=cast["office"])
    assert not review.left_out.exists()


def test_a_paper_that_the_review_wants_has_to_be_there(
    review: Review, units: dict[str, Unit], cast: dict[str, User], client_of: Browser
) -> None:
    set_scope(review, left_out=[], papers=["report"], by=cast["office"])
    qualify(review, cast["clerk"], cast["office"])
    proposal = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]
    one = propose(proposal, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    blank = dict.fromkeys(one.report, "")  # it was prefilled
    dossiers.write_report(one, blank, one.merit, by=cast["clerk"])
    page = client_of(cast["clerk"]).get(reverse("awards:dossier", args=[one.pk])).content.decode()
    assert "Báo cáo thành tích" in page
    with pytest.raises(Refused, match="còn thiếu báo cáo thành tích"):
        proposals.submit(proposal, by=cast["head"])
    section = sections_of(one)[0].code
    dossiers.write_report(one, {section: "Đã giảm thời gian giải quyết hồ sơ."}, one.merit, by=cast["clerk"])
    proposals.submit(proposal, by=cast["head"])
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.SUBMITTED


def test_of_a_returned_proposal_a_new_paper_is_asked_of_the_flagged_dossier_alone(
    review: Review, units: dict[str, Unit], cast: dict[str, User]
) -> None:
    office, clerk = cast["office"], cast["clerk"]
    proposal = begin(review, units["cchc"], by=clerk, chair=cast["head"].person)  # type: ignore[attr-defined]
    for part in ("clerk", "colleague"):
        qualify(review, cast[part], office)
        propose(proposal, LABORER, cast[part].person, by=clerk)  # type: ignore[attr-defined]
    proposals.submit(proposal, by=cast["head"])
    flagged, accepted = proposal.nominations.order_by("pk")
    flag = verifying.flag_point(flagged, "report", "Nêu số liệu", by=office)
    verifying.judge_dossier(accepted, "accepted", by=office)
    verifying.return_proposal(proposal, by=office, comment="Bổ sung")
    set_scope(review, left_out=[], papers=["report"], by=office)
    for one in (flagged, accepted):
        one.refresh_from_db()
        one.report = {}
        one.save(update_fields=["report"])
    dossiers.answer(flag, "Đã bổ sung", by=clerk)
    with pytest.raises(Refused) as refused:
        proposals.submit(proposal, by=cast["head"])
    assert refused.value.reasons == [f"{flagged}: còn thiếu báo cáo thành tích."]
    dossiers.write_report(flagged, {sections_of(flagged)[0].code: "Số liệu."}, flagged.merit, by=clerk)
    proposals.submit(proposal, by=cast["head"])
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.SUBMITTED


def test_who_sets_it_and_until_when(review: Review, cast: dict[str, User], client_of: Browser) -> None:
    for part in ("clerk", "head", "director", "inspector"):
        assert client_of(cast[part]).get(scope_page(review)).status_code == 404
        with pytest.raises(Refused):
            set_scope(review, left_out=[], papers=["report"], by=cast[part])
    version = review.version
    set_scope(review, left_out=[], papers=["report"], by=cast["office"], version=version)
    set_scope(review, left_out=[], papers=["report"], by=cast["office"])  # the same again
    assert history_of(review).filter(verb="set_scope").count() == 1
    with pytest.raises(Stale):
        set_scope(review, left_out=[], papers=[], by=cast["office"], version=version)
    Review.objects.filter(pk=review.pk).update(state=Review.State.NOTICE)
    review.refresh_from_db()
    with pytest.raises(Refused, match="đề nghị xong"):
        set_scope(review, left_out=[], papers=[], by=cast["office"])
    assert client_of(cast["office"]).get(scope_page(review)).status_code == 404
