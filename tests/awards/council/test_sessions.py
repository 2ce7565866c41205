"""A session from its plan to its end."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import council, voting
from awards.calculations.votes import Count
from awards.models import CouncilSession, Hold, Review
from awards.queries.council import roster_of
from awards.workflow import REVIEW, SESSION
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Appointment, User
from tests.awards.council.builders import DAY, SEATS, item_of, members, nominate, planned, user_of
from tests.awards.seasons import FIGHTER, LABORER

YES = Count(issued=5, collected=5, in_favour=5, against=0)


def carry_everything(session: CouncilSession, cast: dict[str, User]) -> None:
    office = cast["office"]
    for item in session.items.exclude(nomination__award__code=FIGHTER):
        voting.open_votes(session, [item], "hands", by=office)
        one = item.rounds.get()
        voting.count_rounds(session, {one.pk: YES}, by=office, versions={})
    fighter = item_of(session, FIGHTER)
    voting.open_votes(session, [fighter], "papers", by=office)
    teller = user_of(cast, "appraiser")
    voting.count_rounds(session, {fighter.rounds.get().pk: YES}, by=teller, versions={})


def test_a_session_begins_with_the_members_of_its_day_and_everything_that_waits(
    review: Review, cast: dict[str, User]
) -> None:
    late = Appointment.objects.get(person=cast["appraiser"].person, role="council")  # type: ignore[attr-defined]
    late.started_on = date(2025, 2, 1)
    late.save()
    session = council.plan_session(review, DAY, by=cast["office"])
    assert session.number == 1
    assert session.items.count() == 4
    assert {one.name_then for one in roster_of(session)} == {
        "Hoàng Đức Long", "Vũ Thị Mai", "Đỗ Thị Hà", "Hồ Thị Yến",
    }  # fmt: skip

    council.change_session(session, {**DAY, "held_on": date(2025, 2, 3)}, by=cast["office"])
    assert "Phan Thị Thu" in {one.name_then for one in roster_of(session)}


def test_seats_are_proposed_from_the_last_session(review: Review, cast: dict[str, User]) -> None:
    council.cancel_session(planned(review, cast), by=cast["office"], comment="Trùng lịch")
    first = planned(review, cast)
    council.cancel_session(first, by=cast["office"], comment="Trùng lịch")
    assert not [
        one for one in roster_of(council.plan_session(review, DAY, by=cast["office"])) if one.is_teller
    ]

    third = review.sessions.get(number=3)
    council.set_roster(third, {members(third, cast)["appraiser"].pk: ("standing", True)}, by=cast["office"])
    again = council.plan_session(review, DAY, by=cast["office"])
    seat = members(again, cast)["appraiser"]
    assert (seat.seat, seat.is_teller) == ("standing", True)
    assert not again.items.exists()  # they are on the third session's agenda


def test_members_are_invited_and_told_what_changes(review: Review, cast: dict[str, User]) -> None:
    session = planned(review, cast)
    assert not CouncilSession.objects.visible_to(user_of(cast, "appraiser")).exists()
    council.invite(session, by=cast["office"])
    invited = Letter.objects.filter(kind="awards/council_invitation")
    assert {one.recipient.username for one in invited} == set(SEATS)
    body = invited[0].body
    assert "08:00" in body
    assert "20/01/2025" in body
    assert "Nguyễn Văn An" not in body
    assert CouncilSession.objects.visible_to(user_of(cast, "appraiser")).get() == session
    with pytest.raises(AlreadyDone):
        council.invite(session, by=cast["office"])

    council.change_session(session, {**DAY, "place": "Hội trường"}, by=cast["office"])
    assert Letter.objects.filter(kind="awards/council_changed").count() == 5
    thu = Appointment.objects.get(person=cast["appraiser"].person, role="council")  # type: ignore[attr-defined]
    thu.ended_on = date(2025, 1, 31)
    thu.save()
    council.change_session(session, {**DAY, "held_on": date(2025, 2, 3)}, by=cast["office"])
    gone = Letter.objects.get(kind="awards/council_uninvited")
    assert (gone.recipient.username, "không còn trong danh sách" in gone.body) == ("appraiser", True)  # type: ignore[union-attr]
    thu.ended_on = None
    thu.save()
    council.renew_roster(session, by=cast["office"])
    again = Letter.objects.filter(kind="awards/council_invitation", recipient=cast["appraiser"])
    assert again.count() == 2
    council.cancel_session(session, by=cast["office"], comment="Hoãn")
    assert Letter.objects.filter(kind="awards/council_cancelled").count() == 5


def test_without_quorum_or_chair_it_does_not_open(review: Review, cast: dict[str, User]) -> None:
    session = planned(review, cast)
    office = cast["office"]
    council.invite(session, by=office)
    with pytest.raises(Refused, match="Chưa điểm danh"):
        council.open_session(session, by=office)
    sitting = members(session, cast)

    def come(*absent: str) -> None:
        marks = {
            one.pk: ("absent", "Công tác") if part in absent else ("present", "")
            for part, one in sitting.items()
        }
        council.mark_attendance(session, marks, by=office)

    come("appraiser", "stranger_head")
    with pytest.raises(Refused, match="có mặt 3/5, cần ít nhất 4"):
        council.open_session(session, by=office)
    come("director")
    council.open_session(session, by=office)  # the vice-chair presides
    assert session.quorum == "2/3"
    with pytest.raises(Refused, match="lý do vắng"):
        council.mark_attendance(session, {sitting["director"].pk: ("absent", "")}, by=office)


def test_closing_writes_every_outcome_and_freezes(
    session: CouncilSession, review: Review, cast: dict[str, User]
) -> None:
    office = cast["office"]
    with pytest.raises(Refused, match="chưa bỏ phiếu"):
        council.close_session(session, by=office)
    carry_everything(session, cast)
    assert set(council.close_session(session, by=office).values()) == {"passed"}
    assert set(review.nominations.values_list("outcome", flat=True)) == {"passed"}
    assert not list(REVIEW.moves["conclude_council"].guard(review))  # type: ignore[misc]
    one = session.items.first().rounds.get()  # type: ignore[union-attr]
    for act in (
        lambda: voting.recount(one, YES, by=office, comment="x"),
        lambda: voting.open_votes(session, session.items.all(), "hands", by=office, reason="x"),
        lambda: council.mark_attendance(session, {}, by=office),
        lambda: council.set_roster(session, {}, by=office),
    ):
        with pytest.raises(Refused):
            act()


def test_after_the_end_what_was_said_changes_only_with_a_reason_and_the_old_text_stays(
    session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    office = cast["office"]
    page = reverse("awards:council_course", args=[session.pk])
    assert "reason" not in client_of(office).get(page).context["form"].fields
    council.write_course(session, "Ba ý kiến tán thành.", by=office)
    carry_everything(session, cast)
    council.close_session(session, by=office)
    with pytest.raises(Refused, match="lý do sửa diễn biến"):
        council.write_course(session, "Không ai phản đối.", by=office, reason=" ")
    session.refresh_from_db()
    assert session.course == "Ba ý kiến tán thành."
    sent = {"course": "Không ai phản đối.", "version": session.version}
    assert client_of(office).post(page, sent).status_code == 422
    sent["reason"] = "Ghi nhầm số ý kiến"
    assert client_of(office).post(page, sent).status_code == 302
    line = history_of(session)[0]
    assert line.comment.startswith("Ghi nhầm số ý kiến")
    assert "Trước khi sửa: Ba ý kiến tán thành." in line.comment
    assert line.data["before"] == "Ba ý kiến tán thành."


def test_the_review_waits_for_its_session(session: CouncilSession, review: Review) -> None:
    for verb in ("conclude_council", "return_to_notice", "stop_review"):
        told = list(REVIEW.moves[verb].guard(review))  # type: ignore[misc]
        assert any("Phiên họp Hội đồng thứ 1 chưa kết thúc" in one for one in told), verb


def test_a_killed_closing_leaves_it_wholly_open(
    session: CouncilSession, review: Review, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_everything(session, cast)
    calls = []

    def dies_at_the_third(*args: object, **kwargs: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(council, "record", dies_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            council.close_session(session, by=cast["office"])
    session.refresh_from_db()
    assert session.state == "open"
    assert set(review.nominations.values_list("outcome", flat=True)) == {""}
    council.close_session(session, by=cast["office"])
    assert set(review.nominations.values_list("outcome", flat=True)) == {"passed"}


def test_what_is_concluded_comes_on_again_only_with_a_reason(
    session: CouncilSession, review: Review, cast: dict[str, User]
) -> None:
    office = cast["office"]
    carry_everything(session, cast)
    council.close_session(session, by=office)
    second = council.plan_session(review, DAY, by=office)
    assert second.items.count() == 0
    clerk = review.nominations.get(award__code=FIGHTER)
    with pytest.raises(Refused, match="ghi lý do"):
        council.set_agenda(second, [clerk], by=office)
    council.set_agenda(second, [clerk], by=office, again_because="Có tình tiết mới")
    council.invite(second, by=office)
    council.mark_attendance(
        second, dict.fromkeys(second.members.values_list("pk", flat=True), ("present", "")), by=office
    )
    council.open_session(second, by=office)
    item = item_of(second, FIGHTER)
    voting.open_votes(second, [item], "papers", by=office)
    no = Count(issued=5, collected=5, in_favour=1, against=4)
    voting.count_rounds(second, {item.rounds.get().pk: no}, by=user_of(cast, "appraiser"), versions={})
    council.close_session(second, by=office)
    clerk.refresh_from_db()
    assert clerk.outcome == "failed"
    assert item_of(session, FIGHTER).conclusion == "passed"  # the first record stays


def test_a_hold_after_the_vote_is_named_before_the_session_ends(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    carry_everything(session, cast)
    Hold.objects.create(
        person=cast["clerk"].person,  # type: ignore[attr-defined]
        reason="inspection",
        paper="12/TTr",
        started_on=date(2025, 1, 5),
        placed_by=cast["office"],
    )
    with pytest.raises(Refused, match="đang tạm dừng xét khen thưởng; hãy để lại"):
        council.close_session(session, by=cast["office"])


def test_a_second_session_waits_for_the_first(
    session: CouncilSession, review: Review, cast: dict[str, User]
) -> None:
    office = cast["office"]
    proposal = review.proposals.get()
    more = nominate(review, proposal, LABORER, person=cast["deputy"].person)  # type: ignore[attr-defined]
    second = council.plan_session(review, DAY, by=office)
    assert [one.nomination for one in second.items.all()] == [more]
    council.invite(second, by=office)
    everybody = second.members.values_list("pk", flat=True)
    council.mark_attendance(second, dict.fromkeys(everybody, ("present", "")), by=office)
    with pytest.raises(Refused, match="Phiên họp Hội đồng thứ 1 đang họp"):
        council.open_session(second, by=office)


# --- two people -------------------------------------------------------------------------------------------
def test_a_page_that_is_older_than_the_roster_is_told(review: Review, cast: dict[str, User]) -> None:
    session = planned(review, cast)
    with pytest.raises(Stale):
        council.set_roster(session, {}, by=cast["office"], version=1)


def test_a_candidate_counts_for_others_but_not_for_himself(review: Review, cast: dict[str, User]) -> None:
    """Where nearly everybody is proposed for something, a council without candidates would have no tellers."""
    Appointment.objects.create(person=cast["head"].person, role="council", started_on=date(2020, 1, 1))  # type: ignore[attr-defined]
    session = planned(review, cast)
    head = session.members.get(person=cast["head"].person)  # type: ignore[attr-defined]
    council.set_roster(session, {head.pk: ("member", True)}, by=cast["office"])
    council.invite(session, by=cast["office"])
    everybody = session.members.values_list("pk", flat=True)
    council.mark_attendance(session, dict.fromkeys(everybody, ("present", "")), by=cast["office"])
    council.open_session(session, by=cast["office"])
    own = item_of(session, LABORER, cast["head"].person)  # type: ignore[attr-defined]
    other = item_of(session, FIGHTER)
    voting.open_votes(session, [own, other], "papers", by=cast["office"])
    five = Count(issued=5, collected=5, in_favour=5, against=0)
    with pytest.raises(Refused, match="không có quyền"):
        voting.count_rounds(session, {own.rounds.get().pk: five}, by=user_of(cast, "head"), versions={})
    voting.count_rounds(session, {other.rounds.get().pk: five}, by=user_of(cast, "head"), versions={})
    voting.count_rounds(session, {own.rounds.get().pk: five}, by=user_of(cast, "appraiser"), versions={})


# --- who may what -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "part", ["clerk", "head", "director", "council_member", "inspector", "technician", "appraiser"]
)
def test_only_the_office_and_the_secretary_run_a_session(
    part: str, review: Review, cast: dict[str, User]
) -> None:
    who = user_of(cast, part)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        council.plan_session(review, DAY, by=who)
    session = planned(review, cast)
    for state in SESSION.states:
        CouncilSession.objects.filter(pk=session.pk).update(state=state)
        session.refresh_from_db()
        assert not SESSION.available(session, who), state
        for verb in SESSION.moves:
            with pytest.raises(Refused):
                getattr(council, verb)(session, by=who, comment="x")
    assert CouncilSession.objects.get().state == state


@pytest.mark.parametrize("state", list(SESSION.states))
def test_no_move_of_a_session_out_of_order(state: str, review: Review, cast: dict[str, User]) -> None:
    session = planned(review, cast)
    CouncilSession.objects.filter(pk=session.pk).update(state=state)
    for verb, move in SESSION.moves.items():
        if state not in move.source:
            with pytest.raises(Refused):
                getattr(council, verb)(session, by=cast["office"], comment="x")
    session.refresh_from_db()
    assert session.state == state


def test_another_secretary_keeps_the_record(review: Review, cast: dict[str, User]) -> None:
    session = planned(review, cast)
    sitting = members(session, cast)
    seats = {sitting["appraiser"].pk: ("secretary", False), sitting["office"].pk: ("member", True)}
    council.set_roster(session, seats, by=cast["office"])
    thu = user_of(cast, "appraiser")
    council.invite(session, by=thu)
    assert session.state == "invited"
