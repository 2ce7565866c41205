"""A walk over the pages of a review, as ``test_every_page`` walks the rest: a list that is public, a council in the
middle of its votes, decisions signed and cancelled."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from awards.actions import ballots, decisions, voting
from awards.models import Comment, Complaint, Hold, OpenPeriod, Proposal, Recovery
from awards.queries.decisions import proposed_head, waiting
from emulation_portal.reminding import reference
from organization.models import Unit, User
from tests.awards.council.builders import codes_of, item_of, opened, review_at_council, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER, carried_review
from tests.journeys.conftest import Enter
from tests.journeys.test_every_page import arguments, look
from tests.journeys.visits import Visit

pytestmark = pytest.mark.browser
Cast = dict[str, User]
# (route, what it is about, query), by who walks
COUNCIL: dict[str, list[tuple[str, str, str]]] = {
    "office": [
        ("home", "", ""),
        ("awards:review_detail", "review", ""),
        ("awards:notice", "review", ""),
        ("awards:comment_list", "review", ""),
        ("awards:comment_detail", "comment", ""),
        ("awards:complaint_list", "review", ""),
        ("awards:complaint_detail", "complaint", ""),
        ("awards:complaint_forward", "complaint", ""),
        ("review_notice_list", "review", ""),
        ("review_notice_paper", "review", ""),
        ("review_remind", "review council", ""),
        ("awards:council_list", "review", ""),
        ("awards:council_session", "session", ""),
        ("awards:council_roster", "session", ""),
        ("awards:council_attendance", "session", ""),
        ("awards:council_course", "session", ""),
        ("awards:council_hand_over", "session records", ""),
        ("awards:council_vote", "session", ""),
        ("awards:council_count", "session", ""),
        ("awards:council_minutes", "session", ""),
        ("awards:ballot_box", "box", ""),
        ("awards:ballot_box", "counted", ""),
        ("awards:proposal_detail", "proposal", ""),
        ("awards:dossier", "dossier", ""),
        ("awards:whole_list", "review", ""),
        ("awards:hold_list", "", ""),
        ("awards:hold_detail", "hold", ""),
    ],
    "council_member": [
        ("home", "", ""),
        ("awards:council_session", "session", ""),
        ("awards:ballot_box", "box", ""),
        ("awards:kin_list", "", ""),
    ],
    "appraiser": [("awards:box_count", "box", ""), ("awards:council_count", "session", "")],
    "clerk": [
        ("awards:notice", "review", ""),
        ("awards:comment_add", "review", ""),
        ("awards:dossier", "dossier", ""),
    ],
}
DECIDED: dict[str, list[tuple[str, str, str]]] = {
    "office": [
        ("home", "", ""),
        ("awards:decision_list", "review", ""),
        ("awards:decision_draft", "review so", ""),
        ("awards:decision_detail", "draft", ""),
        ("awards:decision_act", "draft issue", ""),
        ("awards:decision_change", "draft", ""),
        ("awards:decision_merits", "draft", ""),
        ("awards:nomination_drop", "nomination", ""),
        ("awards:decision_detail", "cancelled", ""),
        ("awards:recovery_list", "", ""),
        ("awards:recovery_detail", "recovery", ""),
        ("awards:bonus_list", "", ""),
        ("awards:register", "", ""),
        ("awards:rating_board", "", ""),
        ("awards:initiative_list", "", ""),
        ("awards:findings", "review nguoi person", ""),
    ],
    "clerk": [("awards:honours_of_person", "person", ""), ("awards:findings", "review nguoi person", "")],
}


@pytest.fixture
def council(cast: Cast, units: dict[str, Unit]) -> dict[str, Any]:
    """One vote by hand and one on paper wait for their numbers, one box is open, one is counted."""
    reference.load(settings.BASE_DIR / "reference" / "reminders.yaml")
    office, review = cast["office"], review_at_council(cast, units)
    session = opened(review, cast)
    laborers = list(session.items.filter(nomination__award__code=LABORER))
    voting.open_votes(session, laborers[:1], "hands", by=office)
    voting.open_votes(session, laborers[1:], "papers", by=office)
    boxes = []
    for code in (COLLECTIVE, FIGHTER):
        box = voting.open_votes(session, [item_of(session, code)], "electronic", by=office)
        assert box is not None
        codes = codes_of(box, cast, "appraiser", "stranger_head")
        ballots.open_box(box, by=office)
        boxes.append(box)
        if code == COLLECTIVE:
            one = box.rounds.get()
            for part, vote in (("director", "for"), ("council_member", "against"), ("office", "for")):
                ballots.cast(box, {one.pk: vote}, by=user_of(cast, part))
            ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    clerk = review.nominations.get(award__code=FIGHTER)
    period = OpenPeriod.objects.create(review=review, number=1, opened_by=office)
    comment = Comment.objects.create(
        period=period, nomination=clerk, author=cast["colleague"], text="Đồng ý."
    )
    complaint = Complaint.objects.create(
        review=review, kind="complaint", nomination=clerk, author=cast["colleague"], author_name="Bình",
        text="Số liệu chưa đúng.", received_on=date(2025, 1, 15), entered_by=cast["colleague"],
    )  # fmt: skip
    hold = Hold.objects.create(
        unit=units["tccb"], reason="inspection", paper="12/TTr", started_on=date(2025, 1, 5), placed_by=office
    )
    return {
        "review": review.pk,
        "session": session.pk,
        "counted": boxes[0].pk,
        "box": boxes[1].pk,
        "comment": comment.pk,
        "complaint": complaint.pk,
        "hold": hold.pk,
        "proposal": Proposal.objects.get().pk,
        "dossier": clerk.pk,
    }


@pytest.fixture
def decided(cast: Cast, units: dict[str, Unit]) -> dict[str, Any]:
    """A decision that was signed and cancelled, and a draft made anew."""
    office, review = cast["office"], carried_review(cast["office"], cast["clerk"], units["cchc"])
    head = proposed_head(review, "so")
    first = decisions.draft(review, "so", waiting(review).filter(award__code=LABORER), head, by=office)
    decisions.issue(first, {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}, by=office)
    decisions.cancel(first, on=date(2025, 3, 1), number="60/QĐ-SNV", by=office, comment="Sai đối tượng")
    draft = decisions.draft(review, "so", waiting(review), head, by=office)
    return {
        "review": review.pk,
        "draft": draft.pk,
        "cancelled": first.pk,
        "nomination": review.nominations.order_by("pk")[0].pk,
        "recovery": Recovery.objects.order_by("pk")[0].pk,
        "person": cast["clerk"].person.pk,  # type: ignore[attr-defined]
    }


SIZES = pytest.mark.parametrize("size", [Visit.DESKTOP, Visit.PHONE], ids=["desktop", "phone"])


@SIZES
def test_the_pages_of_the_council(size: tuple[int, int], enter: Enter, council: dict[str, Any]) -> None:
    assert walk(enter, size, COUNCIL, council) == ""


@SIZES
def test_the_pages_of_decisions(size: tuple[int, int], enter: Enter, decided: dict[str, Any]) -> None:
    assert walk(enter, size, DECIDED, decided) == ""


def walk(
    enter: Enter, size: tuple[int, int], pages: dict[str, list[tuple[str, str, str]]], places: dict[str, Any]
) -> str:
    faults: list[str] = []
    for name, wanted in pages.items():
        visit = enter(name, size=size)
        for route, about, query in wanted:
            visit.open(route, *arguments(about, places), query=query)
            faults += look(visit)
    return "\n".join(faults)
