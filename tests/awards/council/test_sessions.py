"""A session from its plan to its end."""

from datetime import date

import pytest

from awards.actions import council, voting
from awards.calculations.votes import Count
from awards.models import CouncilSession, Hold, Kinship, Nomination, Recusal, Review
from awards.queries.council import lines_of, roster_of
from awards.workflow import REVIEW, SESSION
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Appointment, Unit, User
from tests.awards.council.builders import DAY, SEATS, item_of, members, nominate, planned, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER

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


# --- conflicts of interest --------------------------------------------------------------------------------
def test_conflicts_are_found_when_it_opens(
    review: Review, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """The head of the clerk's division is on the council, and a member has declared her brother."""
    Appointment.objects.create(person=cast["head"].person, role="council", started_on=date(2020, 1, 1))  # type: ignore[attr-defined]
    voting.declare_kin(cast["clerk"].person, "em trai", by=user_of(cast, "council_member"))  # type: ignore[attr-defined]
    session = planned(review, cast)
    office = cast["office"]
    council.invite(session, by=office)
    council.mark_attendance(
        session, dict.fromkeys(session.members.values_list("pk", flat=True), ("present", "")), by=office
    )
    council.open_session(session, by=office)
    found = {
        (one.member.name_then, one.item.nomination.award.code, str(one.item.nomination.subject), one.kind)
        for one in Recusal.objects.select_related("member", "item__nomination__award")
    }
    assert found == {
        ("Lê Minh Châu", LABORER, "Lê Minh Châu", "self"),
        ("Lê Minh Châu", COLLECTIVE, "Phòng Cải cách hành chính", "unit"),
        ("Vũ Thị Mai", LABORER, "Nguyễn Văn An", "kin"),
        ("Vũ Thị Mai", FIGHTER, "Nguyễn Văn An", "kin"),
    }
    item = item_of(session, FIGHTER)
    voting.open_votes(session, [item], "papers", by=office)
    one = item.rounds.get()
    with pytest.raises(Refused, match=r"phát ra \(6\) nhiều hơn số thành viên được bỏ phiếu \(5\)"):
        voting.count_rounds(session, {one.pk: Count(6, 6, 6, 0)}, by=user_of(cast, "appraiser"), versions={})
    voting.count_rounds(session, {one.pk: Count(5, 5, 5, 0)}, by=user_of(cast, "appraiser"), versions={})
    one.refresh_from_db()
    assert (one.base, one.carried) == (6, True)  # all members count, hers is no vote in favour: 83.3 % > 50 %


def test_the_province_may_leave_the_recused_out_of_the_denominator(
    review: Review, cast: dict[str, User]
) -> None:
    known = {"valid_from": None, "is_confirmed": True, "is_of_office": True}
    review.figures = [
        *review.figures,
        {**known, "code": "vote-recused", "value": "left_out"},
        {**known, "code": "conflict-own-unit", "value": True},
    ]
    review.save()
    Appointment.objects.create(person=cast["deputy"].person, role="council", started_on=date(2020, 1, 1))  # type: ignore[attr-defined]
    session = planned(review, cast)
    council.invite(session, by=cast["office"])
    council.mark_attendance(
        session,
        dict.fromkeys(session.members.values_list("pk", flat=True), ("present", "")),
        by=cast["office"],
    )
    council.open_session(session, by=cast["office"])
    deputy = {
        one.item.nomination.award.code for one in Recusal.objects.filter(member__name_then="Phạm Quốc Duy")
    }
    assert deputy == {LABORER, FIGHTER, COLLECTIVE}
    line = next(
        one for one in lines_of(session, roster_of(session)) if one.item.nomination.award.code == FIGHTER
    )
    assert (line.electorate.members, line.base) == (6, 5)


def test_kin_stay_between_the_member_and_the_office(cast: dict[str, User], review: Review) -> None:
    mai = user_of(cast, "council_member")
    made = voting.declare_kin(cast["clerk"].person, "em trai", by=mai)  # type: ignore[attr-defined]
    assert Kinship.objects.visible_to(mai).get() == made
    assert Kinship.objects.visible_to(cast["office"]).get() == made
    assert not Kinship.objects.visible_to(user_of(cast, "appraiser")).exists()
    assert not Kinship.objects.visible_to(cast["clerk"]).exists()
    with pytest.raises(AlreadyDone):
        voting.declare_kin(cast["clerk"].person, "em trai", by=mai)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="Chỉ thành viên"):
        voting.declare_kin(cast["head"].person, "chị", by=cast["clerk"])  # type: ignore[attr-defined]
    voting.withdraw_kin(made, by=mai)
    with pytest.raises(AlreadyDone):
        voting.withdraw_kin(made, by=mai)


def test_a_member_asks_to_keep_out_and_comes_back(session: CouncilSession, cast: dict[str, User]) -> None:
    item, sitting = item_of(session, FIGHTER), members(session, cast)
    mai = user_of(cast, "council_member")
    with pytest.raises(Refused, match="Chỉ chính thành viên"):
        voting.step_aside(item, sitting["director"], by=mai, reason="Bạn học")
    voting.step_aside(item, sitting["council_member"], by=mai, reason="Bạn học")
    with pytest.raises(AlreadyDone):
        voting.step_aside(item, sitting["council_member"], by=mai, reason="Bạn học")
    own = Recusal.objects.get()
    voting.step_back(own, by=mai)
    assert not Recusal.objects.exists()
    with pytest.raises(AlreadyDone):
        voting.step_back(own, by=mai)


# --- holds ------------------------------------------------------------------------------------------------
def test_who_is_held_is_not_voted_on_but_put_off(
    session: CouncilSession, cast: dict[str, User], review: Review
) -> None:
    office, clerk = cast["office"], cast["clerk"].person  # type: ignore[attr-defined]
    Hold.objects.create(
        person=clerk, reason="inspection", paper="12/TTr", started_on=date(2025, 1, 5), placed_by=office
    )
    item = item_of(session, FIGHTER)
    with pytest.raises(Refused, match="tạm dừng xét khen thưởng"):
        voting.open_votes(session, [item], "papers", by=office)
    voting.defer(item, by=office, reason="Chờ kết luận thanh tra")
    with pytest.raises(AlreadyDone):
        voting.defer(item, by=office, reason="Chờ kết luận thanh tra")
    voting.take_up(item, by=office)
    voting.defer(item, by=office, reason="Chờ kết luận thanh tra")
    for other in session.items.exclude(pk=item.pk):
        voting.defer(other, by=office, reason="Hết giờ")
    council.close_session(session, by=office)
    assert set(review.nominations.values_list("outcome", flat=True)) == {Nomination.Outcome.DEFERRED}


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


def test_kin_declared_by_either_of_two_and_a_part_of_ones_own_unit(
    review: Review, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """An is on the council too and has declared nothing; Mai has. The unit's title is its parts' members' own."""
    Appointment.objects.create(person=cast["clerk"].person, role="council", started_on=date(2020, 1, 1))  # type: ignore[attr-defined]
    nominate(review, review.proposals.get(), LABORER, person=cast["council_member"].person)  # type: ignore[attr-defined]
    voting.declare_kin(cast["clerk"].person, "em trai", by=user_of(cast, "council_member"))  # type: ignore[attr-defined]
    part = Unit.objects.create(
        code="to1", name="Tổ Một cửa", short_name="Tổ Một cửa", kind=units["cchc"].kind, parent=units["cchc"],
        opened_on=date(2020, 1, 1), path=f"{units['cchc'].path}to1/",
    )  # fmt: skip
    cast["stranger_head"].person.postings.update(unit=part)  # type: ignore[attr-defined]
    session = planned(review, cast)
    everybody = session.members.values_list("pk", flat=True)
    council.invite(session, by=cast["office"])
    council.mark_attendance(session, dict.fromkeys(everybody, ("present", "")), by=cast["office"])
    council.open_session(session, by=cast["office"])
    found = {
        (one.member.name_then, str(one.item.nomination.subject), one.kind)
        for one in Recusal.objects.select_related("member", "item__nomination__unit")
    }
    assert ("Nguyễn Văn An", "Vũ Thị Mai", "kin") in found
    assert ("Hồ Thị Yến", "Phòng Cải cách hành chính", "unit") in found
    assert not [
        one for one in found if one[0] == "Hoàng Đức Long"
    ]  # who heads the whole Sở is no party to its units


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
