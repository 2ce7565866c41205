"""Votes by hand and on paper: counted, put right, annulled, taken again."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.actions import council, voting
from awards.calculations.votes import Count
from awards.models import AgendaItem, CouncilSession, Review, VoteRound
from awards.queries.council import roster_of
from awards.queries.room import lines_of
from awards.workflow import ROUND
from core.journal import history_of
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import User
from tests.awards.council.builders import item_of, members, opened, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER, LABORER


def begun(
    session: CouncilSession, item: AgendaItem, way: str, cast: dict[str, User], **more: Any
) -> VoteRound:
    voting.open_votes(session, [item], way, by=cast["office"], **more)
    return item.rounds.get(state="open")


def test_a_show_of_hands_is_recorded_by_the_secretary(session: CouncilSession, cast: dict[str, User]) -> None:
    item = item_of(session, LABORER, cast["clerk"].person)  # type: ignore[attr-defined]
    one = begun(session, item, "hands", cast)
    three = Count(issued=5, collected=5, in_favour=3, against=1, abstained=1)
    with pytest.raises(Refused, match="không có quyền"):
        voting.count_rounds(session, {one.pk: three}, by=user_of(cast, "appraiser"), versions={})
    voting.count_rounds(session, {one.pk: three}, by=cast["office"], versions={one.pk: 1})
    one.refresh_from_db()
    assert (one.state, one.base, one.carried, str(one.share)) == ("counted", 5, True, "60.00")
    with pytest.raises(AlreadyDone):
        voting.count_rounds(session, {one.pk: three}, by=cast["office"], versions={})
    with pytest.raises(Stale):
        voting.recount(one, three, by=cast["office"], comment="x", version=1)


def test_paper_ballots_are_counted_by_the_tellers(review: Review, cast: dict[str, User]) -> None:
    """Four there, one has answered in writing: four of five say yes, which is not the nine in ten it would need."""
    session = opened(review, cast, council_member=("written", ""))
    item = item_of(session, FIGHTER)
    AgendaItem.objects.filter(pk=item.pk).update(percent="90", is_more_than=False)
    one = begun(session, item, "papers", cast)
    for wrong, sentence in (
        (Count(5, 4, 4, 0), "phát ra"),
        (Count(4, 4, 3, 0), "cộng lại là 3"),
        (Count(4, 4, 4, 0, written_in_favour=2), "bằng văn bản"),
    ):
        with pytest.raises(Refused, match=sentence):
            voting.count_rounds(session, {one.pk: wrong}, by=user_of(cast, "appraiser"), versions={})
    with pytest.raises(Refused, match="không có quyền"):
        voting.count_rounds(session, {one.pk: Count(4, 4, 4, 0)}, by=cast["office"], versions={})
    counted = Count(4, 4, 3, 0, 0, 1, written_in_favour=1)
    voting.count_rounds(session, {one.pk: counted}, by=user_of(cast, "appraiser"), versions={})
    one.refresh_from_db()
    assert (one.base, one.carried, str(one.share)) == (5, False, "80.00")

    right = Count(4, 4, 4, 0, written_in_favour=1)
    voting.recount(
        one, right, by=user_of(cast, "stranger_head"), comment="Đọc nhầm một phiếu", version=one.version
    )
    one.refresh_from_db()
    assert (one.carried, str(one.share)) == (True, "100.00")
    line = history_of(one).first()
    assert line is not None
    assert line.data["before"]["in_favour"] == 3


def test_either_all_numbers_are_written_or_none(session: CouncilSession, cast: dict[str, User]) -> None:
    items = list(session.items.filter(nomination__award__code=LABORER))
    voting.open_votes(session, items, "hands", by=cast["office"])
    first, second = (item.rounds.get() for item in items)
    counts = {first.pk: Count(5, 5, 5, 0), second.pk: Count(6, 6, 6, 0)}
    with pytest.raises(Refused, match="nhiều hơn"):
        voting.count_rounds(session, counts, by=cast["office"], versions={})
    assert set(VoteRound.objects.values_list("state", "in_favour")) == {("open", 0)}


def test_what_the_rules_want_secret_takes_no_show_of_hands(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    item = item_of(session, FIGHTER)
    AgendaItem.objects.filter(pk=item.pk).update(is_secret=True)
    with pytest.raises(Refused, match="phải bỏ phiếu kín"):
        begun(session, item, "hands", cast)
    assert begun(session, item, "papers", cast)


def test_a_second_round_needs_its_reason_and_keeps_the_first(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    item = item_of(session, LABORER, cast["clerk"].person)  # type: ignore[attr-defined]
    first = begun(session, item, "hands", cast)
    with pytest.raises(Refused, match="đang lấy phiếu"):
        begun(session, item, "hands", cast)
    voting.count_rounds(session, {first.pk: Count(5, 5, 2, 3)}, by=cast["office"], versions={})
    with pytest.raises(Refused, match="lý do bỏ phiếu lại"):
        begun(session, item, "hands", cast)
    second = begun(session, item, "papers", cast, reason="Có thông tin mới")
    voting.count_rounds(session, {second.pk: Count(5, 5, 4, 1)}, by=user_of(cast, "appraiser"), versions={})
    line = next(one for one in lines_of(session, roster_of(session)) if one.item.pk == item.pk)
    assert [(one.number, one.carried) for one in line.rounds] == [(1, False), (2, True)]
    assert line.conclusion == "passed"
    voting.annul(second, by=cast["office"], comment="Phát thừa phiếu")
    line = next(one for one in lines_of(session, roster_of(session)) if one.item.pk == item.pk)
    assert line.conclusion == "failed"  # the first counts again
    with pytest.raises(AlreadyDone):
        voting.annul(second, by=cast["office"], comment="Phát thừa phiếu")


ALLOWED = {"hands": {"office"}, "papers": {"appraiser", "stranger_head"}}


@pytest.mark.parametrize("way", ["hands", "papers"])
@pytest.mark.parametrize("state", list(ROUND.states))
def test_no_count_out_of_order_or_by_the_wrong_role(
    way: str, state: str, session: CouncilSession, cast: dict[str, User]
) -> None:
    one = begun(session, item_of(session, LABORER, cast["clerk"].person), way, cast)  # type: ignore[attr-defined]
    VoteRound.objects.filter(pk=one.pk).update(state=state, base=5, carried=True)
    for part in cast:
        one.refresh_from_db()
        mine = {move.verb for move in ROUND.available(one, user_of(cast, part))}
        wanted = set()
        if part in ALLOWED[way]:
            wanted |= {"open": {"count"}, "counted": {"recount"}}.get(state, set())
        if part == "office" and state != "annulled":
            wanted |= {"annul"}
        assert mine == wanted, part
        if not mine:
            who = user_of(cast, part)
            with pytest.raises(Refused):
                voting.count_rounds(session, {one.pk: Count(5, 5, 5, 0)}, by=who, versions={})
            with pytest.raises(Refused):
                voting.annul(one, by=who, comment="x")
    one.refresh_from_db()
    assert (one.state, one.in_favour) == (state, 0)


# --- people come and go -----------------------------------------------------------------------------------
def leave(session: CouncilSession, cast: dict[str, User], *parts: str) -> None:
    sitting = members(session, cast)
    marks = {sitting[part].pk: ("absent", "Về trước") for part in parts}
    council.mark_attendance(session, marks, by=cast["office"])


def test_a_correction_knows_who_was_there_when_it_was_voted(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    item = item_of(session, LABORER, cast["clerk"].person)  # type: ignore[attr-defined]
    one = begun(session, item, "papers", cast)
    voting.count_rounds(session, {one.pk: Count(5, 5, 2, 3)}, by=user_of(cast, "appraiser"), versions={})
    leave(session, cast, "director")
    one.refresh_from_db()
    voting.recount(one, Count(5, 5, 3, 2), by=user_of(cast, "appraiser"), comment="Đọc nhầm")
    one.refresh_from_db()
    assert (one.may_vote, one.base, one.carried) == (5, 5, True)
    assert one.remark == "Đã sửa (trước đó đồng ý 2, không đồng ý 3): Đọc nhầm"
    with pytest.raises(Refused, match="đã lấy phiếu"):
        voting.step_aside(item, members(session, cast)["council_member"], by=cast["office"], reason="Bạn học")


def test_below_quorum_nothing_more_is_voted_on(session: CouncilSession, cast: dict[str, User]) -> None:
    leave(session, cast, "director")
    begun(session, item_of(session, COLLECTIVE), "hands", cast)
    VoteRound.objects.all().delete()
    leave(session, cast, "appraiser")
    with pytest.raises(Refused, match="có mặt 3/5, cần ít nhất 4"):
        begun(session, item_of(session, COLLECTIVE), "hands", cast)


def test_paper_ballots_need_somebody_who_counts_them(session: CouncilSession, cast: dict[str, User]) -> None:
    session.members.update(is_teller=False)
    with pytest.raises(Refused, match="không có thành viên Ban kiểm phiếu nào có mặt"):
        begun(session, item_of(session, FIGHTER), "papers", cast)


def test_a_teller_who_has_left_counts_nothing(session: CouncilSession, cast: dict[str, User]) -> None:
    leave(session, cast, "appraiser")
    one = begun(session, item_of(session, FIGHTER), "papers", cast)
    with pytest.raises(Refused, match="không có quyền"):
        voting.count_rounds(session, {one.pk: Count(4, 4, 4, 0)}, by=user_of(cast, "appraiser"), versions={})


def test_what_was_counted_and_annulled_is_voted_on_again_only_with_a_reason(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    item = item_of(session, FIGHTER)
    one = begun(session, item, "papers", cast)
    voting.count_rounds(session, {one.pk: Count(5, 5, 1, 4)}, by=user_of(cast, "appraiser"), versions={})
    voting.annul(one, by=cast["office"], comment="Không hài lòng")
    with pytest.raises(Refused, match="lý do bỏ phiếu lại"):
        begun(session, item, "papers", cast)
    assert "Không hài lòng" in VoteRound.objects.get().remark
    assert history_of(session)[0].comment == "Không hài lòng"


def test_what_the_meeting_did_not_come_to_is_put_off_at_once(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    with pytest.raises(Refused, match="ghi lý do"):
        voting.defer_all(session, session.items.all(), by=cast["office"], reason=" ")
    voting.defer_all(session, session.items.all(), by=cast["office"], reason="Hết giờ")
    assert set(session.items.values_list("deferral", flat=True)) == {"Hết giờ"}


def test_a_long_agenda_is_opened_and_ended_with_as_many_questions_as_a_short_one(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    """Each vote has its own journal line and lock as it is counted; all around it is asked once."""
    people = list(session.items.filter(nomination__unit=None))

    def asked(items: list[AgendaItem]) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as opening:
            voting.open_votes(session, items, "hands", by=cast["office"], reason="Bỏ phiếu lại")
        rounds = VoteRound.objects.filter(state="open")
        counts = {vote.pk: Count(issued=5, collected=5, in_favour=5, against=0) for vote in rounds}
        assert all(vote.present.count() == 5 for vote in rounds)
        counted = voting.count_rounds(session, counts, by=cast["office"], versions={})
        with CaptureQueriesContext(connection) as ending:
            voting.end_count(session, counted, by=cast["office"])
        return len(opening), len(ending)

    asked(people)
    assert asked(people[:1]) == asked(people)
    assert [one.rounds.count() for one in people] == [3, 2, 2]
