"""Who is in the room, from when to when: what the journal, every vote and the minutes keep of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import ballots, council, voting
from awards.calculations.votes import Count
from awards.models import AgendaItem, CouncilSession, Envelope, Presence, VoteRound
from awards.queries.council import may_vote_in, not_yet_voted
from core.journal import history_of
from core.workflow import Refused
from organization.models import User
from tests.awards.council.builders import SEATS, codes_of, item_of, members, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER

FIVE, HOME = Count(5, 5, 5, 0), ("absent", "Về trước")


def mark(session: CouncilSession, cast: dict[str, User], mark: tuple[str, str], *parts: str) -> None:
    sitting = members(session, cast)
    council.mark_attendance(session, {sitting[part].pk: mark for part in parts}, by=cast["office"])


def begun(session: CouncilSession, item: AgendaItem, way: str, cast: dict[str, User]) -> VoteRound:
    voting.open_votes(session, [item], way, by=cast["office"])
    return item.rounds.get()


def minutes_of(session: CouncilSession, client: Client) -> str:
    text = client.get(reverse("awards:council_minutes", args=[session.pk])).content.decode()
    return " ".join(text.split())


def test_two_leave_after_the_vote_and_the_minutes_say_so(
    session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    """Five of five are in favour, then two go and the rest is put off."""
    one = begun(session, item_of(session, FIGHTER), "papers", cast)
    voting.count_rounds(session, {one.pk: FIVE}, by=user_of(cast, "appraiser"), versions={})
    mark(session, cast, HOME, "director", "stranger_head")
    left = session.items.exclude(rounds__isnull=False)
    voting.defer_all(session, left, by=cast["office"], reason="Không đủ người")
    council.close_session(session, by=cast["office"])
    assert one.present.count() == 5
    text = minutes_of(session, client_of(cast["office"]))
    assert "có mặt khi khai mạc 5; cần có mặt ít nhất 4" in text
    assert "Phiếu giấy. Có mặt 5/5. Phát ra 5" in text
    assert text.count("Có mặt; rời phiên họp lúc") == 2
    assert text.count("(Về trước)") == 2
    assert "Vắng mặt" not in text
    assert text.count("<td>Có mặt</td>") == 3


def test_the_journal_names_who_came_and_who_left(session: CouncilSession, cast: dict[str, User]) -> None:
    first = history_of(session).filter(verb="mark_attendance").last()
    assert first is not None
    assert first.comment.startswith("Có mặt: ")
    assert "Hồ Thị Yến" in first.comment
    mark(session, cast, HOME, "stranger_head")
    assert history_of(session)[0].comment == "Rời phiên họp: Hồ Thị Yến (Về trước)"
    mark(session, cast, ("present", ""), "stranger_head")
    assert history_of(session)[0].comment == "Đến: Hồ Thị Yến"
    came, back = Presence.objects.filter(member=members(session, cast)["stranger_head"])
    assert (came.reason, back.left_at) == ("Về trước", None)
    assert came.left_at
    assert came.came_at <= came.left_at <= back.came_at


def test_a_slip_before_the_opening_is_nobodys_leaving(
    session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    CouncilSession.objects.filter(pk=session.pk).update(state="invited", opened_at=None)
    session.refresh_from_db()
    mark(session, cast, ("absent", "Ốm"), "stranger_head")
    council.open_session(session, by=cast["office"])
    assert Presence.objects.count() == 4
    one = begun(session, item_of(session, FIGHTER), "hands", cast)
    mark(session, cast, ("present", ""), "stranger_head")  # comes late, and has no hand in this vote
    assert one.present.count() == 4
    text = minutes_of(session, client_of(cast["office"]))
    assert "có mặt khi khai mạc 4, dự họp cả phiên hoặc một phần 5; cần có mặt ít nhất 4" in text
    assert "<td>Có mặt, đến lúc" in text
    assert "Có mặt 4/5 (vắng: Hồ Thị Yến)" in text


def test_whoever_leaves_while_votes_are_taken_is_marked_and_the_quorum_asked_as_they_are_counted(
    session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    item, teller = item_of(session, FIGHTER), user_of(cast, "appraiser")
    one = begun(session, item, "papers", cast)
    mark(session, cast, HOME, "director", "stranger_head")
    with pytest.raises(Refused, match=r"có mặt 3/5, cần ít nhất 4.*chờ thành viên trở lại"):
        voting.count_rounds(session, {one.pk: FIVE}, by=teller, versions={})
    one.refresh_from_db()
    assert one.state == "open"
    mark(session, cast, ("present", ""), "stranger_head")
    voting.count_rounds(session, {one.pk: FIVE}, by=teller, versions={})
    one.refresh_from_db()
    assert (one.state, one.may_vote, one.base) == ("counted", 5, 5)
    mark(session, cast, HOME, "stranger_head")
    voting.recount(one, Count(5, 5, 4, 1), by=teller, comment="Đọc nhầm")  # a correction is no new vote
    text = minutes_of(session, client_of(cast["office"]))
    assert "Có mặt 5/5, rời khi đang lấy phiếu: " in text


def test_all_in_favour_does_not_speak_for_who_has_left(
    session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    one = begun(session, item_of(session, FIGHTER), "hands", cast)
    VoteRound.objects.update(chair=None)
    mark(session, cast, HOME, "stranger_head")
    office = client_of(cast["office"])
    page = reverse("awards:council_count", args=[session.pk])
    sent = {"rest_in_favour": "on", f"version_{one.pk}": "1"}
    answer = office.post(page, sent)
    assert answer.status_code == 422
    assert "Đã rời khi đang lấy phiếu: Hồ Thị Yến; hãy ghi số." in answer.content.decode()
    mark(session, cast, ("present", ""), "stranger_head")
    assert office.post(page, sent).status_code == 302


def test_a_sealed_vote_of_who_left_afterwards_is_counted_and_who_came_later_has_none(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    mark(session, cast, HOME, "council_member")
    box = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert box is not None
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    one, sitting = box.rounds.get(), members(session, cast)
    for part in ("director", "office", "appraiser"):
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, part))
    mark(session, cast, HOME, "director")
    mark(session, cast, ("present", ""), "council_member")
    late = members(session, cast)["council_member"]
    assert not may_vote_in(late).exists()
    with pytest.raises(Refused, match="đến sau khi bắt đầu bỏ phiếu"):
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, "council_member"))
    with pytest.raises(Refused, match="vắng mặt"):
        ballots.cast(box, {one.pk: "against"}, by=user_of(cast, "director"))
    assert not_yet_voted(box) == [sitting["stranger_head"]]
    assert Envelope.objects.filter(member=sitting["director"]).exists()
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    one.refresh_from_db()
    assert (one.issued, one.collected, one.in_favour) == (4, 3, 3)


def test_a_box_is_not_counted_below_the_quorum(session: CouncilSession, cast: dict[str, User]) -> None:
    box = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert box is not None
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    for part in SEATS:
        ballots.cast(box, {box.rounds.get().pk: "for"}, by=user_of(cast, part))
    mark(session, cast, HOME, "director", "council_member")
    with pytest.raises(Refused, match="có mặt 3/5"):
        ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    assert Envelope.objects.count() == 5  # still sealed
    mark(session, cast, ("present", ""), "director")
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    assert box.state == "counted"


def test_every_board_of_tellers_stands_in_the_minutes(
    session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    sitting = members(session, cast)
    one = begun(session, item_of(session, COLLECTIVE), "papers", cast)
    voting.count_rounds(session, {one.pk: FIVE}, by=user_of(cast, "appraiser"), versions={})
    seats = {sitting["council_member"].pk: ("vice", True), sitting["stranger_head"].pk: ("member", False)}
    council.set_roster(session, seats, by=cast["office"])
    council.set_roster(session, {}, by=cast["office"])  # the same again is no other board
    assert session.boards.count() == 2
    page = client_of(cast["office"]).get(reverse("awards:council_minutes", args=[session.pk]))
    assert len(page.context["boards"]) == 2
    assert {str(one) for one in page.context["tellers"]} == {"Phan Thị Thu", "Hồ Thị Yến", "Vũ Thị Mai"}
    text = page.content.decode()
    assert text.count("Ban kiểm phiếu từ ") == 2
