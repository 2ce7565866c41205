"""On the way of a review: stopped and gone on with, figures of the province that change, dossiers sent back."""

from typing import Any

import pytest

from awards import actions
from awards.actions import council
from awards.actions.province import set_figure
from awards.models import Nomination, Review, Setting
from awards.queries.council import problems_before_invitation
from awards.queries.differences import differences
from awards.queries.reviews import nominated_in, rulebook_of
from awards.workflow import REVIEW
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.council.builders import opened, planned, review_at_council
from tests.awards.open_periods import of, publish, season
from tests.awards.seasons import open_review

pytestmark = pytest.mark.django_db


# --- stopped, and gone on with ----------------------------------------------------------------------------
def test_a_stopped_year_is_gone_on_with(office: User) -> None:
    review = open_review(office)
    actions.move_review(review, "stop_review", by=office, comment="Chờ sắp xếp bộ máy")
    assert review.state == Review.State.STOPPED
    assert review.is_over
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.ask_for_judging(review, by=office)

    actions.move_review(review, "resume_review", by=office, comment="Đã có hướng dẫn mới")
    assert review.state == Review.State.OPEN
    assert [one.verb for one in history_of(review)[:2]] == ["resume_review", "stop_review"]


def test_a_stopped_year_may_begin_again_in_another_review(office: User) -> None:
    stopped = open_review(office)
    actions.move_review(stopped, "stop_review", by=office, comment="Mở nhầm")
    again = open_review(office)
    assert again.state == Review.State.OPEN
    with pytest.raises(Refused, match="thay cho đợt này"):
        actions.move_review(stopped, "resume_review", by=office, comment="Nhầm")
    with pytest.raises(Refused, match="Đã có đợt bình xét"):
        open_review(office)


def test_what_the_council_has_concluded_is_not_gone_on_with(
    cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review, office = review_at_council(cast, units), cast["office"]
    actions.move_review(review, "stop_review", by=office, comment="Dừng")
    review.nominations.update(outcome=Nomination.Outcome.FAILED)
    with pytest.raises(Refused, match="Hội đồng đã kết luận 4 hồ sơ"):
        actions.move_review(review, "resume_review", by=office, comment="Tiếp tục")


# --- the province changes a figure --------------------------------------------------------------------------
def threshold(by: User, value: str, code: str = "vote-agency-percent") -> None:
    setting = Setting.objects.get(code=code)
    facts: dict[str, Any] = {
        "value": value,
        "valid_from": None,
        "basis": "Quy chế 2024",
        "is_confirmed": True,
    }
    set_figure(setting, by=by, **facts)


def test_a_threshold_that_the_province_sets_later_is_told_and_taken_over(
    cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review, office = review_at_council(cast, units), cast["office"]
    assert differences(review) == []
    threshold(office, "75")

    told = differences(review)
    assert [one.award for one in told][-1] == "Quy định của tỉnh"
    assert any("75%" in line for line in told[-1].new)
    assert any("Phiếu của Hội đồng: Trên 75%" in line for line in told[0].new)
    assert rulebook_of(review).thresholds["advanced_laborer"].percent == 50

    actions.take_over_rules(review, by=office, reason="Quy chế của Sở")
    assert rulebook_of(review).thresholds["advanced_laborer"].percent == 75
    assert differences(review) == []
    with pytest.raises(AlreadyDone):
        actions.take_over_rules(review, by=office, reason="Lần nữa")


def test_a_session_without_a_threshold_says_what_really_helps(
    cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """The review was pinned without it. The way back to the units is closed once something is concluded; the pinned
    rules can be replaced while the review stays at the council."""
    review, office = review_at_council(cast, units), cast["office"]
    review.figures = [
        {**one, "value": None} if one["code"] == "vote-agency-percent" else one for one in review.figures
    ]
    review.save()
    session = planned(review, cast)
    told = [one for one in problems_before_invitation(session) if "tỷ lệ phiếu" in one]
    assert told
    assert all("bấm “Áp dụng quy định mới”" in one for one in told)
    assert not any("bước đơn vị đề nghị" in one for one in told)
    with pytest.raises(Refused, match="chưa có tỷ lệ phiếu"):
        council.invite(session, by=office)
    actions.take_over_rules(review, by=office, reason="Bổ sung tỷ lệ phiếu")
    session.review.refresh_from_db()
    assert not list(problems_before_invitation(session))
    council.invite(session, by=office)
    assert {one.percent for one in session.items.all()} >= {50}


def test_no_rule_changes_while_the_council_sits_or_after_it(
    cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review, office = review_at_council(cast, units), cast["office"]
    opened(review, cast)
    threshold(office, "75")
    with pytest.raises(Refused, match="Hội đồng đang họp"):
        actions.take_over_rules(review, by=office, reason="Quy chế")
    Review.objects.filter(pk=review.pk).update(state=Review.State.DECIDING)
    review.refresh_from_db()
    with pytest.raises(Refused, match="giữ quy định đã ghim"):
        actions.take_over_rules(review, by=office, reason="Quy chế")


# --- dossiers on the way --------------------------------------------------------------------------------------
def test_a_dossier_that_was_sent_back_does_not_fall_out_of_the_list(
    cast: dict[str, User], units: dict[str, Unit]
) -> None:
    office = cast["office"]
    review = publish(season(office, cast, units), office)
    one = of(review, cast["clerk"])
    Nomination.objects.filter(pk=one.pk).update(verdict=Nomination.Verdict.PENDING)

    with pytest.raises(Refused) as refusal:
        actions.move_review(review, "call_council", by=office)
    assert any(
        "Nguyễn Văn An" in reason and "quay lại thẩm định" in reason for reason in refusal.value.reasons
    )
    actions.move_review(review, "withdraw_notice", by=office, comment="Thẩm định lại")
    with pytest.raises(Refused, match="Nguyễn Văn An"):
        actions.move_review(review, "publish_notice", by=office)


def test_whom_the_council_has_voted_down_bears_no_collective(
    cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review = review_at_council(cast, units)
    clerk = ("person", cast["clerk"].person.pk)  # type: ignore[attr-defined]
    assert set(nominated_in(review)[clerk]) == {"advanced_laborer", "grassroots_emulation_fighter"}
    review.nominations.filter(award__code="grassroots_emulation_fighter").update(outcome="failed")
    review.nominations.filter(award__code="advanced_laborer").update(outcome="passed")
    assert set(nominated_in(review)[clerk]) == {"advanced_laborer"}


# --- separation of duties, and what is written down ---------------------------------------------------------------
def test_who_heads_a_unit_signs_for_no_point_of_it(
    cast: dict[str, User], units: dict[str, Unit], second_office: User
) -> None:
    """The head of Văn phòng Sở has the Office's role too."""
    review = open_review(cast["office"])
    with pytest.raises(Refused, match="Người đứng đầu không xác nhận cho đơn vị mình"):
        actions.affirm(review, units["vp"], "solidarity", holds=True, by=second_office)
    assert actions.affirm(review, units["cchc"], "solidarity", holds=True, by=second_office).holds


def test_asking_for_a_judging_is_written_down_once(office: User) -> None:
    review = open_review(office)
    actions.ask_for_judging(review, by=office)
    with pytest.raises(AlreadyDone):
        actions.ask_for_judging(review, by=office)
    assert [one.label for one in history_of(review)].count("Tính khả năng xét") == 1


def test_every_state_of_a_review_has_its_name_and_its_ways() -> None:
    assert set(REVIEW.states) == set(Review.State)
    assert REVIEW.moves["resume_review"].source == (Review.State.STOPPED,)
