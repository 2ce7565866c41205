"""Who may not vote on what, and who cannot be voted on: conflicts of interest, kin, holds."""

from datetime import date
from typing import Any

import pytest

from awards.actions import council, voting
from awards.calculations.votes import Count
from awards.models import CouncilSession, Hold, Kinship, Nomination, Recusal, Review
from awards.queries.council import roster_of
from awards.queries.room import lines_of
from core.workflow import AlreadyDone, Refused
from organization.models import Appointment, Unit, User
from tests.awards.council.builders import item_of, members, nominate, planned, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER


def says(review: Review, code: str, value: Any) -> None:
    """What the province has on its page as the review is opened."""
    known = {"valid_from": None, "is_confirmed": True, "is_of_office": True}
    review.figures = [*review.figures, {**known, "code": code, "value": value}]
    review.save()


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
        ("Lê Minh Châu", LABORER, "Nguyễn Văn An", "colleague"),
        ("Lê Minh Châu", FIGHTER, "Nguyễn Văn An", "colleague"),
        ("Vũ Thị Mai", LABORER, "Nguyễn Văn An", "kin"),
        ("Vũ Thị Mai", FIGHTER, "Nguyễn Văn An", "kin"),
    }
    item = item_of(session, FIGHTER)
    voting.open_votes(session, [item], "papers", by=office)
    one = item.rounds.get()
    with pytest.raises(Refused, match=r"phát ra \(5\) nhiều hơn số thành viên được bỏ phiếu \(4\)"):
        voting.count_rounds(session, {one.pk: Count(5, 5, 5, 0)}, by=user_of(cast, "appraiser"), versions={})
    voting.count_rounds(session, {one.pk: Count(4, 4, 4, 0)}, by=user_of(cast, "appraiser"), versions={})
    one.refresh_from_db()
    assert (one.base, one.carried) == (
        6,
        True,
    )  # all members count, theirs are no votes in favour: 66.7 % > 50 %


def test_the_province_may_leave_the_recused_out_of_the_denominator(
    review: Review, cast: dict[str, User]
) -> None:
    says(review, "vote-recused", "left_out")
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


def test_the_province_may_let_colleagues_vote(review: Review, cast: dict[str, User]) -> None:
    Appointment.objects.create(person=cast["deputy"].person, role="council", started_on=date(2020, 1, 1))  # type: ignore[attr-defined]
    session = planned(review, cast)
    assert {kind for _, _, kind in found_in(session)} == {"unit", "colleague"}
    says(review, "conflict-own-unit", False)
    session.review.refresh_from_db()
    assert {kind for _, _, kind in found_in(session)} == {"unit"}


def test_a_council_most_of_whose_members_are_barred_still_sits(
    review: Review, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """Three of five are of the candidate's unit. Counted, nothing carries, and the page says what would; left out, the
    two who are left decide. The quorum is of those who are there, whoever of them votes."""
    for part in ("office", "appraiser", "stranger_head"):
        cast[part].person.postings.update(unit=units["cchc"])  # type: ignore[attr-defined]
    Appointment.objects.filter(role="head", person=cast["stranger_head"].person).delete()  # type: ignore[attr-defined]
    session, office = planned(review, cast), cast["office"]
    assert "không thể đạt. Nếu quy chế của Hội đồng không tính" in warned(session, FIGHTER)
    says(review, "vote-recused", "left_out")
    session.review.refresh_from_db()
    council.invite(session, by=office)
    assert "không thể đạt" not in warned(session, FIGHTER)
    everybody = session.members.values_list("pk", flat=True)
    council.mark_attendance(session, dict.fromkeys(everybody, ("present", "")), by=office)
    council.open_session(session, by=office)
    item = item_of(session, FIGHTER)
    voting.open_votes(session, [item], "papers", by=office)
    one = item.rounds.get()
    voting.count_rounds(session, {one.pk: Count(2, 2, 2, 0)}, by=user_of(cast, "appraiser"), versions={})
    one.refresh_from_db()
    assert (one.present.count(), one.may_vote, one.base, one.carried) == (5, 2, 2, True)


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


# --- while the session is prepared ------------------------------------------------------------------------
def found_in(session: CouncilSession) -> set[tuple[str, str, str]]:
    return {
        (one.member.name_then, str(line.item), one.kind)
        for line in lines_of(session, roster_of(session))
        for one in line.recused
    }


def test_what_is_told_before_is_what_the_opening_writes_down(
    review: Review, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """Own dossier, own unit, kin and colleagues; nothing is written until it opens."""
    for part in ("head", "deputy"):
        Appointment.objects.create(person=cast[part].person, role="council", started_on=date(2020, 1, 1))  # type: ignore[attr-defined]
    voting.declare_kin(cast["clerk"].person, "em trai", by=user_of(cast, "council_member"))  # type: ignore[attr-defined]
    session, office = planned(review, cast), cast["office"]
    told = found_in(session)
    assert {kind for _, _, kind in told} == {"self", "unit", "kin", "colleague"}
    assert not Recusal.objects.exists()
    council.invite(session, by=office)
    everybody = session.members.values_list("pk", flat=True)
    council.mark_attendance(session, dict.fromkeys(everybody, ("present", "")), by=office)
    own = item_of(session, FIGHTER)
    voting.step_aside(
        own, members(session, cast)["appraiser"], by=user_of(cast, "appraiser"), reason="Bạn học"
    )
    told |= {("Phan Thị Thu", str(own), "declared")}
    assert found_in(session) == told
    council.open_session(session, by=office)
    assert found_in(session) == told
    assert Recusal.objects.count() == len(told)


def warned(session: CouncilSession, code: str) -> str:
    lines = lines_of(session, roster_of(session))
    return " ".join(
        sentence for one in lines if one.item.nomination.award.code == code for sentence in one.warnings
    )


def test_an_item_that_cannot_carry_is_named_before_it_opens(review: Review, cast: dict[str, User]) -> None:
    """Two of five declare the clerk kin: three are left, which is enough for more than half and not for nine in ten."""
    for part in ("council_member", "stranger_head"):
        voting.declare_kin(cast["clerk"].person, "bà con", by=user_of(cast, part))  # type: ignore[attr-defined]
    session = planned(review, cast)
    assert not warned(session, FIGHTER)
    session.items.filter(nomination__award__code=FIGHTER).update(percent="90", is_more_than=False)
    assert "Chỉ có 3 thành viên bỏ phiếu được (2 người có liên quan), cần ít nhất 5" in warned(
        session, FIGHTER
    )
    assert not warned(session, COLLECTIVE)
    absent = members(session, cast)["appraiser"]
    absent.attendance = "absent"
    absent.save()
    session.items.filter(nomination__award__code=FIGHTER).update(percent="50", is_more_than=True)
    assert "Chỉ có 2 thành viên bỏ phiếu được (2 người có liên quan), cần ít nhất 3" in warned(
        session, FIGHTER
    )
    session.items.update(counts_recused=False)
    assert "không thể đạt" not in warned(session, FIGHTER)  # two of three who count


def test_who_presides_writes_and_counts_is_named_where_all_are_concerned(
    review: Review, cast: dict[str, User]
) -> None:
    for part in ("director", "council_member", "office", "appraiser"):
        voting.declare_kin(cast["clerk"].person, "bà con", by=user_of(cast, part))  # type: ignore[attr-defined]
    session = planned(review, cast)
    told = warned(session, FIGHTER)
    assert "Mọi người chủ trì được phiên họp đều có liên quan" in told
    assert "Thư ký có liên quan" in told
    assert "Ban kiểm phiếu" not in told  # one of two is free
    voting.declare_kin(cast["clerk"].person, "bà con", by=user_of(cast, "stranger_head"))  # type: ignore[attr-defined]
    assert "Mọi thành viên Ban kiểm phiếu đều có liên quan" in warned(session, FIGHTER)
    assert "Ban kiểm phiếu" not in warned(session, COLLECTIVE)
